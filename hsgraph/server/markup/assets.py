"""The files that the bundle made for browsers, by the names that stay the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from flask import request

from hsgraph import resources

DIST = "static/dist"


def bundled(name: str) -> str | None:
    """The address of `query.js` and the like; None where the bundle has not been built."""
    file = _manifest(resources.web_dir() / DIST / "manifest.json").get(name)
    return f"{request.script_root}/{DIST}/{file}" if file else None


@lru_cache(maxsize=2)
def _manifest(path: Path) -> Mapping[str, str]:
    if not path.is_file():
        return {}
    names: Mapping[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return names
