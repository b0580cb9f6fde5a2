"""The unit of systemd that the documentation shows, and what Containerfile promises."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy.front import shown

ROOT = Path(__file__).parents[2]
PROGRAM = "/opt/hsgraph/bin/hsgraph"


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """As it is documented, but for the place of the program."""
    if not shutil.which("systemd-analyze"):
        pytest.fail("The tests need systemd-analyze: sudo apt-get install systemd")
    unit = tmp_path / "hsgraph.service"
    unit.write_text(shown("ini").replace(PROGRAM, str(Path(sys.executable).resolve())))
    command = ["systemd-analyze", "verify", "--man=no", str(unit)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_the_image_runs_as_no_root_and_ends_when_told() -> None:
    text = (ROOT / "Containerfile").read_text("utf-8")
    last = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER hsgraph$", last, re.MULTILINE)
    assert "STOPSIGNAL SIGTERM" in last
    assert last.strip().splitlines()[-1].startswith("CMD [")
