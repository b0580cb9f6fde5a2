"""The log has one line an event, whatever a request puts into it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from hsgraph.server.ops.logs import LOGGER, configure

FACTS = {"path": "/a\n2026 error forged", "status": 404, "request": "x-1"}


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    logger = logging.getLogger(LOGGER)
    before = logger.handlers[:], logger.level, logger.propagate
    yield
    logger.handlers[:], logger.propagate = before[0], before[2]
    logger.setLevel(before[1])


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_event_is_one_line_with_its_facts(capsys: pytest.CaptureFixture[str], form: str) -> None:
    configure("info", form)
    logging.getLogger("hsgraph.server").info("request", extra={"facts": FACTS})
    (line,) = capsys.readouterr().err.splitlines()
    if form == "json":
        assert json.loads(line).items() >= FACTS.items()
    else:
        assert r"path=/a\n2026 error forged status=404 request=x-1" in line


def test_what_is_below_the_level_is_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    configure("warning", "text")
    logging.getLogger("hsgraph.server").info("request")
    logging.getLogger("hsgraph.server").warning("trouble")
    assert "trouble" in capsys.readouterr().err.splitlines()[0]
