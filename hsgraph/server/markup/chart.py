"""A drawing of boxes and lines as SVG, with a link from each box to what the page says of it."""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from hsgraph.describe.words.wording import clip
from hsgraph.explore.charts.chart import Box, Chart, Line
from hsgraph.server.markup.markup import escape, markup


def drawn(chart: Chart | None) -> Markup:
    """The drawing; "" where there is none."""
    if chart is None:
        return Markup()
    name, size = chart.name, f'{chart.width:g} {chart.height:g}"'
    arrow = f' marker-end="url(#{name}-tip)"'
    flows = "".join(
        f'<path class="{flow.css}"{arrow if flow.arrow else ""} d="{flow.path}"/>'
        for flow in chart.flows
    )
    return markup(
        f'<svg class="{chart.css}" width="{chart.width:g}" height="{chart.height:g}" '
        f'viewBox="0 0 {size} font-size="{chart.letters:g}" role="group" '
        f'aria-labelledby="{name}-title" aria-describedby="{name}-desc">'
        f'<title id="{name}-title">{chart.title}</title><desc id="{name}-desc">{chart.told}</desc>'
        f'<defs><marker id="{name}-tip" viewBox="0 0 6 6" refX="5" refY="3" markerWidth="6" '
        'markerHeight="6" orient="auto"><path d="M0 0L6 3L0 6z"/></marker></defs>'
        f"{flows}{''.join(map(_box, chart.boxes))}{_lines(chart.heads)}</svg>"
    )


def _box(box: Box) -> str:
    css = f' class="{box.css}"' if box.css else ""
    title = f"<title>{escape(clip(box.label))}</title>" if box.label else ""
    return (
        f'<a href="#{escape(box.anchor)}"{css}>{title}<rect x="{box.x:g}" y="{box.y:g}" '
        f'width="{box.width:g}" height="{box.height:g}" rx="4"/>{_lines(box.lines, box)}</a>'
    )


def _lines(lines: Iterable[Line], box: Box | None = None) -> str:
    x, y = (box.x, box.y) if box else (0, 0)
    return "".join(
        f'<text class="{line.css}" x="{x + line.x:g}" y="{y + line.y:g}">{escape(line.text)}</text>'
        for line in lines
    ).replace(' class=""', "")
