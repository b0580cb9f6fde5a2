"""The trusted queries of reconciliation, one `.rq` file each, read once."""

from functools import cache
from typing import Final

from hsgraph.namespaces import BASE, IDENTIFIED, NAMING, OTHER_NAMES
from hsgraph.resources import queries

_read: Final = queries(__name__)
_PATHS: Final = {"$naming": (*NAMING, *OTHER_NAMES), "$identified": IDENTIFIED}


@cache
def query(name: str) -> str:
    """The text of a query, with our base and the paths to names and identifiers put in."""
    text = _read(name).replace("$base", f'"{BASE}"')
    for mark, properties in _PATHS.items():
        text = text.replace(mark, "|".join(f"<{iri}>" for iri in properties))
    return text
