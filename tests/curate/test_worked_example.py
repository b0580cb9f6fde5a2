"""The worked example of docs/curating.md does what it says, to the letter."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from hsgraph.cli import run

TEXT = (Path(__file__).parents[2] / "docs" / "curating.md").read_text("utf-8")


def test_the_commands_print_what_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    sheet = re.search(r"`(\S+)`:\n\n```text\n(.*?)```", TEXT, re.DOTALL)
    assert sheet
    Path(sheet[1]).write_text(sheet[2])
    consoles = re.findall(r"```console\n\$ hsgraph (.*?)\n(.*?)```", TEXT, re.DOTALL)
    assert len(consoles) == 4
    for command, expected in consoles:
        assert run(shlex.split(command)) == 0
        printed = capsys.readouterr()
        assert printed.err + printed.out == expected
