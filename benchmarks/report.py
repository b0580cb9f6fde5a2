"""The table of a run: milliseconds, and how many times ours they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import geometric_mean
from typing import Any

from benchmarks.peers import OURS


def table(figures: Mapping[str, Any]) -> str:
    """Markdown tables of the figures."""
    servers = figures["servers"]
    return "\n\n".join(
        part
        for part in (_build(figures["build"]), _queries(servers), _totals(servers), _pages(servers))
        if part
    )


def _build(build: Mapping[str, Any]) -> str:
    rows = [
        (name, f"{step['seconds']:.1f} s", f"{step['peak_bytes'] / 1e9:.2f} GB")
        for name, step in build["steps"].items()
    ]
    head = f"{build['programmes']:,} programmes, {build['quads']:,} quads"
    return _rows((head, "time", "peak memory"), rows)


def _queries(servers: Mapping[str, Any]) -> str:
    others = [name for name in servers if name != OURS]
    rows = []
    for slug in next(iter(servers.values()))["queries"]:
        cells = [slug]
        mine = servers.get(OURS, {}).get("queries", {}).get(slug, {})
        for name in servers:
            cells.append(_latency(servers[name]["queries"][slug], mine, name == OURS))
        rows.append(cells)
    means = ["geometric mean of the ratios", "1"]
    for name in others:
        ratios = [
            servers[name]["queries"][slug]["p50"] / mine["p50"]
            for slug, mine in servers.get(OURS, {}).get("queries", {}).items()
            if "p50" in mine and "p50" in servers[name]["queries"][slug]
        ]
        means.append(f"{geometric_mean(ratios):.2f} ({len(ratios)} queries)" if ratios else "")
    heads = [f"{name}, p50 / p95 ms" for name in servers]
    return _rows(("one client, cold", *heads), [*rows, means] if OURS in servers else rows)


def _latency(figures: Mapping[str, Any], mine: Mapping[str, Any], own: bool) -> str:
    if "failed" in figures:
        return f"failed: {' '.join(figures['failed'].replace('|', ' ').split())[:60]}"
    text: str = f"{figures['p50'] * 1000:.2f} / {figures['p95'] * 1000:.2f}"
    if not own and "p50" in mine:
        text += f" (×{figures['p50'] / mine['p50']:.2f})"
        if figures["rows"] != mine["rows"]:
            text += " other rows"
    return text


def _totals(servers: Mapping[str, Any]) -> str:
    def of(kind: str, clients: str, name: str) -> str:
        found = servers[name][kind].get(clients)
        if not found:
            return "failed"
        rate = found.get("per second", found.get("per_second"))
        return f"{rate:,.0f}/s, {found['p50'] * 1000:.2f} / {found['p99'] * 1000:.2f} ms"

    rows = [
        (
            f"mix, {kind}, {clients} client{'s' * (clients != '1')}: p50 / p99",
            *(of(kind, clients, name) for name in servers),
        )
        for kind in ("cold", "hot")
        for clients in ("1", "8")
    ]
    rows.append(("load", *(f"{servers[name]['load seconds']:.1f} s" for name in servers)))
    for when in ("memory loaded", "memory at the end"):
        rows.append((when, *(f"{servers[name][when] / 1e6:,.0f} MB" for name in servers)))
    return _rows(("", *servers), rows)


def _pages(servers: Mapping[str, Any]) -> str:
    mine = servers.get(OURS, {})
    rows = [
        (
            f"{what[:-1]} of {kind}" if what != "formats" else f"document of project, {kind}",
            f"{found['p50'] * 1000:.2f} / {found['p95'] * 1000:.2f} / {found['p99'] * 1000:.2f} ms",
            f"{found['hot per second']:,.0f}/s ({found['by']})",
        )
        for what in ("pages", "documents", "formats")
        for kind, found in mine.get(what, {}).items()
    ]
    return _rows(("ours", "cold p50 / p95 / p99", "hot, 8 clients"), rows) if rows else ""


def _rows(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(head), *(list(row) for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
