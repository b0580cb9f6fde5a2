"""Forms are read as the standard library reads them, and as bounded."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hsgraph.server.http.forms import TooManyFields, fields

FORMS = st.text(alphabet="abc=&%+_ 0123456789AFaf\r\n\t.", max_size=60).map(str.encode)


@given(FORMS)
def test_a_form_is_read_as_the_standard_library_does(form: bytes) -> None:
    try:
        expected = parse_qsl(form.decode(), keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        with pytest.raises(UnicodeDecodeError):
            fields(form, 1000)
    else:
        assert fields(form, 1000) == expected


@given(st.text(max_size=80))
def test_what_was_written_is_what_is_read(text: str) -> None:
    assert fields(f"query={quote_plus(text)}&x".encode(), 9) == [("query", text), ("x", "")]


def test_more_fields_than_there_may_be_are_refused() -> None:
    with pytest.raises(TooManyFields):
        fields(b"&".join([b"a=1"] * 11), 10)
    assert len(fields(b"&".join([b"a=1"] * 10), 10)) == 10
