"""Files for browsers: those named by their content are kept for good, others for an hour."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from hsgraph import resources


def test_a_file_named_by_its_content_is_kept_for_good(http: FlaskClient) -> None:
    names = [file.name for file in (resources.web_dir() / "static" / "dist").iterdir()]
    named = [name for name in names if re.search(r"-\w{8}\.(js|css|svg)$", name)]
    assert len(named) >= 4
    for name in names:
        with http.get(f"/static/dist/{name}") as answer:
            kept = answer.headers["Cache-Control"]
        assert ("immutable" in kept) == (name in named), name


def test_a_file_that_is_not_there_is_not_kept(http: FlaskClient) -> None:
    answer = http.get("/static/dist/query-00000000.js")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers["Cache-Control"]
