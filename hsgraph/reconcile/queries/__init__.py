"""The trusted queries of reconciliation, one `.rq` file each, read once."""

from functools import cache
from typing import Final

from hsgraph.namespaces import NAMING, OTHER_NAMES
from hsgraph.resources import queries

_read: Final = queries(__name__)
_NAMING: Final = "|".join(f"<{iri}>" for iri in (*NAMING, *OTHER_NAMES))


@cache
def query(name: str) -> str:
    """The text of a query; `$naming` in its file is the path from a thing to its names."""
    return _read(name).replace("$naming", _NAMING)
