"""The trusted queries for activities, one `.rq` file each, read once."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def query(name: str) -> str:
    """The text of `{name}.rq`; its `$name` parameters are bound by the engine."""
    return (files(__name__) / f"{name}.rq").read_text(encoding="utf-8")
