"""The look at a request's head takes only what it is sure of, and never fails."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hsgraph.server.runtime.head import plain_query

PLAIN = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: e\r\n"
NAMES = st.from_regex(r"[A-Za-z][A-Za-z-]{0,20}", fullmatch=True)
VALUES = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)


def test_a_plain_query_is_taken_with_its_fields() -> None:
    head = plain_query(PLAIN + b"Accept: text/csv\r\nConnection: close\r\n\r\n", 100)
    assert head is not None
    assert head.query_string == b"query=ASK%7B%7D"
    assert head.fields == {"host": "e", "accept": "text/csv", "connection": "close"}
    assert head.last
    assert head.environ["HTTP_ACCEPT"] == "text/csv"


@pytest.mark.parametrize(
    "data",
    [
        PLAIN,
        PLAIN + b"\r\nGET / HTTP/1.1\r\n\r\n",
        PLAIN + b"Content-Length: 3\r\n\r\n",
        PLAIN + b"Transfer-Encoding: chunked\r\n\r\n",
        PLAIN + b"Host: f\r\n\r\n",
        PLAIN + b"Cookie: a=b\r\n\r\n",
        PLAIN + b"Accept: text/csv\r\nAccept: text/html\r\n\r\n",
        PLAIN + b" folded: x\r\n\r\n",
        PLAIN + b"Bad Name: x\r\n\r\n",
        PLAIN + b"A: \x00\r\n\r\n",
        PLAIN.replace(b"Host: e\r\n", b"") + b"\r\n",
        PLAIN.replace(b"1.1", b"1.0") + b"\r\n",
        PLAIN.replace(b"GET", b"HEAD") + b"\r\n",
        PLAIN.replace(b"/sparql?", b"/sparql/?") + b"\r\n",
        PLAIN.replace(b"query=", b"q=") + b"\r\n",
        PLAIN.replace(b"ASK", b"ASK" + b" " * 3) + b"\r\n",
        PLAIN.replace(b"ASK", b"ASK" + b"+" * 100) + b"\r\n",
    ],
)
def test_all_else_is_left_to_the_web_server(data: bytes) -> None:
    assert plain_query(data, 100) is None


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail(data: bytes) -> None:
    assert plain_query(data, 1000) is None
    plain_query(PLAIN + data + b"\r\n\r\n", 1000)


@given(st.dictionaries(NAMES, VALUES, max_size=8))
def test_fields_are_read_as_they_were_sent(fields: dict[str, str]) -> None:
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    head = plain_query(PLAIN + lines.encode() + b"\r\n", 1000)
    if head is not None:
        sent = {name.lower(): value for name, value in fields.items()}
        assert head.fields == {"host": "e", **sent}
        assert head.length == len(PLAIN) + len(lines) + 2
