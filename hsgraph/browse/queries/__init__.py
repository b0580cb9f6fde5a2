"""The trusted queries of lists, one `.rq` file each, read once."""

from typing import Final

from hsgraph.resources import queries

query: Final = queries(__name__)
