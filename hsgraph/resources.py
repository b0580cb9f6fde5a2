"""Where the files that belong to hsgraph are: in a checkout, or inside an installed package."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "_shipped"


def root() -> Path:
    """The folder with `ontology/`, `data/` and `web/`: the checkout, or the installed copy."""
    return _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent


def queries(package: str, suffix: str = "rq") -> Callable[[str], str]:
    """What gives the text of a package's `{name}.{suffix}` by name; each is read once.

    The `$name` parameters of a query are bound by the engine.
    """
    folder = files(package)

    @cache
    def query(name: str) -> str:
        return (folder / f"{name}.{suffix}").read_text(encoding="utf-8")

    return query


def ontology_dir() -> Path:
    return root() / "ontology"


def data_dir() -> Path:
    return root() / "data"


def web_dir() -> Path:
    return root() / "web"


def snapshots_dir() -> Path:
    """Where built snapshots go unless a setting says otherwise.

    `var/` in a checkout; for an installed package the user's cache folder (XDG Base Directory
    Specification), since the package's own folder may not be written to.
    """
    if root() != _SHIPPED:
        return root() / "var"
    cache = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(cache) if Path(cache).is_absolute() else Path.home() / ".cache") / "hsgraph"
