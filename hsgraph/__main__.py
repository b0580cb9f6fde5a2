"""Makes `python -m hsgraph` the same as the command `hsgraph`."""

from hsgraph.cli import main

main()
