"""Has the data built in a process of its own, so that its memory is not the client's too."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from hsgraph.build.snapshot import CURRENT, Snapshot


def snapshot_with(programmes: int, folder: Path, seed: int) -> tuple[Snapshot, dict[str, Any]]:
    """The snapshot in the folder, built there when there is none, and what its building took."""
    if not (folder / CURRENT).exists():
        folder.mkdir(parents=True, exist_ok=True)
        print(f"Building {programmes:,} programmes ...", file=sys.stderr)
        command = [sys.executable, "-m", "benchmarks.prepare", str(programmes), str(folder)]
        subprocess.run([*command, str(seed)], check=True)
    steps: dict[str, Any] = json.loads((folder / "steps.json").read_text("utf-8"))
    return Snapshot.current(folder), steps
