"""The lines of long lists and tables on pages, which would take templates most of their time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from hsgraph.describe.shared.aggregates import Met
from hsgraph.describe.shared.concept import Facet
from hsgraph.describe.shared.programme_lists import Programme, TimeBar
from hsgraph.describe.words.labels import Ref
from hsgraph.describe.words.wording import clip, filled
from hsgraph.languages import translated as _
from hsgraph.server.markup.markup import (
    REMEMBERED,
    Parts,
    escape,
    short_name,
    text_of,
)

_COUNTED: Final = 8
"""Things with numbers that are shown before the rest are folded."""
_PLACES: Final = 4
"""Settings and groups that a row of what was tried names."""


class Lines(Parts):
    def items(self, refs: Iterable[Ref]) -> str:
        """Things, each a line of a list."""
        return "".join([f"<li>{self.ref(ref)}</li>" for ref in refs])

    def programmes(self, lines: Iterable[Programme]) -> str:
        """A list of programmes: when, where, by whom; a role that all have is told once."""
        lines = list(lines)
        roles = {line.roles for line in lines}
        once = len(roles) == 1 and len(lines) > 1
        told = "".join([f"{self.tag(role)} " for role in roles.pop()]) if once else ""
        items = "\n".join([self._programme(line, not once) for line in lines])
        said = f'<p class="small quiet">{_("In each of them:")} {told}</p>\n' if told else ""
        return f'{said}<ul class="entries programmes">\n{items}\n</ul>'

    def bar(self, bar: TimeBar, axis: bool = True) -> str:
        """A period on a time line, with its years or on one that a list shares."""
        faint = ' fill-opacity="0.45"' if bar.open_start or bar.open_end else ""
        ticks = "".join([_tick(x, label) for x, label in bar.ticks]) + "\n" if axis else ""
        return (
            f'<svg class="bar-svg" width="100%" height="{34 if axis else 14}" role="img" '
            f'aria-label="{escape(clip(bar.words, 120))}">\n'
            '<rect class="track" x="0" y="3" width="100%" height="8" rx="2"/>\n'
            f'<rect class="span" x="{bar.x}%" y="3" width="{bar.width}%" height="8" rx="2"{faint}/>'
            f"\n{ticks}</svg>"
        )

    def counted(self, facet: Facet, name: str, alone: bool = False) -> str:
        """Things with the number of programmes that share each with the page's thing.

        Where it has one programme alone, there is nothing to count.
        """
        items, listed = [], self.about_list(name)
        for ref, count in facet.values:
            if alone:
                number = ""
            elif facet.listed:
                address = f"{listed}&amp;about={_quoted(ref.iri)}"
                programmes = _("programme") if count == 1 else _("programmes")
                told = f"{count} {programmes} {_('with')} {escape(clip(ref.label, 80))}"
                number = f'<a class="count" href="{address}" aria-label="{told}">{count}</a>'
            else:
                title = _("programmes in which a source says so")
                number = f'<span class="count" title="{title}">{count}</span>'
            items.append(f"<li>{self.ref(ref)} {number}</li>")
        rest = filled(_("and {1} more, none of them more often"), facet.more)
        more = f'<p class="small quiet">{rest}</p>' if facet.more else ""
        first, others = "".join(items[:_COUNTED]), items[_COUNTED:]
        if len(others) > 1:
            said = filled(_("and {1} more"), len(others))
            inner = f'<ul class="counted">{"".join(others)}</ul>{more}'
            more = f'<details class="small"><summary>{said}</summary>{inner}</details>'
        else:
            first += "".join(others)
        return f'<ul class="counted">{first}</ul>{more}'

    def tried(self, rows: Iterable[Met[Ref]], name: str) -> str:
        return "".join([self._tried(row, name) for row in rows])

    def _programme(self, line: Programme, tagged: bool) -> str:
        roles = "".join([f" {self.tag(role)}" for role in line.roles]) if tagged else ""
        where = [self.refs(line.countries)] if line.countries else []
        whom = [self.refs(line.agencies, True)] if line.agencies else []
        title = self.ref(line.ref, False, "title")
        said = text_of(line.period or line.moment or _("no date stated"), "", 120)
        drawn = self.bar(line.bar, False) if line.bar else ""
        return (
            f'<li>\n<div class="programme-title">{title}{roles}</div>\n'
            f'<div class="programme-time"><span class="nowrap">{said}</span>{drawn}</div>\n'
            f'<div class="programme-what small">{" · ".join(where + whom)}</div>\n</li>'
        )

    def _tried(self, row: Met[Ref], name: str) -> str:
        strategies = "".join([f" {self.tag(strategy)}" for strategy in row.strategies])
        return (
            f'<tr>\n<th scope="row">{self.ref(row.type)}{strategies}</th>\n'
            f'<td data-key="{_("Programmes")}"><ul class="plain">{self.items(row.programmes)}</ul>'
            f"{self._rest(row, name)}</td>\n"
            f'<td data-key="{_("Setting")}">{self._few(row.places)}</td>\n'
            f'<td data-key="{_("People")}">{self._few(row.groups)}</td>\n</tr>'
        )

    def _rest(self, row: Met[Ref], name: str) -> str:
        """The programmes that a row of what was tried does not name."""
        rest = row.count - len(row.programmes)
        if rest <= 0:
            return ""
        address = f"{self.about_list(name)}&amp;about={_quoted(row.type.iri)}"
        link = f'<a href="{address}">{_("programmes with both")}</a>'
        return f'<span class="quiet">{filled(_("and {1} more; see"), rest)}</span> {link}'

    def _few(self, refs: Sequence[Ref]) -> str:
        return self.refs(refs, most=_PLACES) if refs else ""


@lru_cache(maxsize=REMEMBERED)
def _quoted(iri: str) -> str:
    return quote(short_name(iri))


def _tick(x: float, label: str) -> str:
    end = ' text-anchor="end"' if x > 90 else ""
    return (
        f'<line class="tick" x1="{x}%" x2="{x}%" y1="14" y2="19"/>'
        f'<text x="{x}%" y="32"{end}>{escape(label)}</text>'
    )
