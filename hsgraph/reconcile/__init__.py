"""Reconciliation: which thing of the graph a name in somebody's table means, and what it says."""
