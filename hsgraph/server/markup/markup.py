"""The small parts of pages that stand hundreds of times on one: links, facts, evidence marks.

Written as functions, since a template's macro takes ten times as long: with macros a programme's
page took 15 ms to render. Every text from the data stands in a `bdi` and is escaped here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache
from html import escape as _escape
from typing import Final
from urllib.parse import quote

from markupsafe import Markup

from hsgraph.describe.entity.facts import Fact, Mark, Passage, Text
from hsgraph.describe.entity.nested import Node
from hsgraph.describe.words.labels import Ref
from hsgraph.describe.words.wording import SHORT, clip
from hsgraph.languages import interface, later, reader
from hsgraph.languages import translated as _
from hsgraph.namespaces import BASE, ID
from hsgraph.server.http.addresses import link

REMEMBERED: Final = 10_000
"""Links that are kept as they are written: most of a page stand on the one before it."""
_SPECIAL: Final = re.compile("[&<>\"']").search
_LONGEST_LINK: Final = 2000
_BEGINNING: Final = 700
_LONGEST_TEXT: Final = 20_000
_LEAD: Final = 1500
_MOST_FACTS: Final = 50
_REASON: Final = 600
_BRIEF: Final = 4
"""Letters of a name that may be narrower than a target must be."""
_CODED: Final = later("Said by the editors: their reading of a source, or known without one")


def short_name(iri: str) -> str:
    """A thing's IRI as pages' addresses write it: `project/…`, or the IRI itself."""
    return iri.removeprefix(ID) if iri.startswith(ID) else iri.removeprefix(BASE)


def without_indentation(html: str) -> str:
    """A sixth of a long page would be indentation; no text of these pages has spaces that count."""
    return "\n".join(filter(None, map(str.strip, html.split("\n"))))


class Parts:
    """Writes the parts for one request; `prefix` is the path that the site is mounted at.

    What the methods give is HTML, as plain text so that they can put it together quickly.
    """

    def __init__(self, prefix: str) -> None:
        self.words = text_of
        self._prefix = prefix
        self._main = 0
        self._known: dict[str, str] = {}

    def ref(self, ref: Ref, short: bool = False, css: str = "") -> str:
        """A thing by its label (or acronym), linked where there is something to link to."""
        text = ref.acronym if short and ref.acronym else ref.label
        label = "" if text == ref.label else clip(ref.label)
        address, cut = self._address(ref.iri), text[: SHORT + 1]
        return _link(address, cut, ref.language, label, css, interface())

    def refs(self, refs: Sequence[Ref], short: bool = False, most: int = 12) -> str:
        return _line([self.ref(ref, short) for ref in refs[:most]], len(refs) - most)

    def mainly(self, number: int) -> str:
        """From here on, marks of the source with this number are dots: only others stand out."""
        self._main = number
        return ""

    def marks(self, marks: Iterable[Mark]) -> str:
        """Evidence marks, which open to the source and the words cited."""
        return "".join(self._mark(mark) for mark in marks)

    def passages(self, passages: Iterable[Passage]) -> str:
        """The words or pages of a source that are cited."""
        written = []
        for passage in passages:
            said, address = _passage(passage), self._address(passage.evidence.iri)
            written.append(f'<a href="{address}">{said}</a>' if address else said)
        return "; ".join(written)

    def how(self, fact: Fact) -> str:
        if fact.rule:
            title = f"{_('Inferred by a rule:')} {escape(clip(fact.rule.label))}"
            address = self._address(fact.rule.iri)
            return f' <a class="how" href="{address}" title="{title}">{_("inferred")}</a>'
        if fact.coded:
            address = f"{escape(self._prefix)}/ontology#Coded"
            return f' <a class="how" href="{address}" title="{_(_CODED)}">{_("coded")}</a>'
        return ""

    def value(self, fact: Fact) -> str:
        return self._value(fact.value)

    def fact(self, fact: Fact, short: bool = False, quiet: bool = False) -> str:
        """A value with its evidence, how it is known (unless `quiet`) and what others say."""
        how = "" if quiet else self.how(fact)
        return self._value(fact.value, short) + how + self._evidence(fact)

    def facts(self, facts: Sequence[Fact], short: bool = False, quiet: bool = False) -> str:
        shown = [self.fact(fact, short, quiet) for fact in facts[:_MOST_FACTS]]
        return _line(shown, len(facts) - _MOST_FACTS)

    def disputed(self, others: Sequence[Fact], reason: str = "") -> str:
        """What other sources say, why it is set aside, and why the value shown is preferred."""
        said = "; ".join(
            self._value(other.value)
            + self.marks(other.marks)
            + (f" ({_('set aside:')} {text_of(other.reason, '', _REASON)})" if other.reason else "")
            for other in others
        )
        why = f". {_('Preferred:')} {text_of(reason, '', _REASON)}" if reason else ""
        values = "; ".join(text_of(other.label, "", 120) for other in others)
        return (
            f'<details class="disputed"><summary>{_("Sources disagree. Also said:")}'
            f" {values}</summary>"
            f"{said}{why}</details>"
        )

    def lead(self, fact: Fact) -> str:
        value = fact.value
        long = isinstance(value, Text) and len(value.text) > _LEAD
        said = self._value(value) if long else text_of(fact.label, value.language, _LEAD)
        return said + self._evidence(fact)

    def sign(self, ref: Ref, little: bool = False) -> str:
        slug = escape(clip(ref.slug, 40))
        size = " little" if little else ""
        return (
            f'<svg class="sign{size} d-{slug}" aria-hidden="true" focusable="false">'
            f'<use href="{escape(self._prefix)}/static/signs.svg#{slug}"/></svg>'
        )

    def chip(self, ref: Ref) -> str:
        return self._linked(ref, "chip", self.sign(ref) + text_of(ref.label, ref.language))

    def tag(self, ref: Ref) -> str:
        return self._linked(ref, "tag", text_of(ref.label, ref.language, 60))

    def about_list(self, name: str) -> str:
        """The address of the programmes that have to do with a thing, as an attribute has it."""
        return f"{escape(self._prefix)}/browse/project?about={quote(name)}"

    def _address(self, iri: str) -> str:
        """The escaped address to link to, or nothing."""
        known = self._known.get(iri)
        if known is None:
            found = link(iri, self._prefix) or ""
            known = escape(found) if len(found) < _LONGEST_LINK else ""
            self._known[iri] = known
        return known

    def _linked(self, ref: Ref, css: str, inner: str) -> str:
        address = self._address(ref.iri)
        if not address:
            return f'<span class="{css}">{inner}</span>'
        return f'<a class="{css}" href="{address}">{inner}</a>'

    def _mark(self, mark: Mark) -> str:
        passages = f": {self.passages(mark.passages)}" if mark.passages else ""
        sure = f". {_('Confidence:')} {self.ref(mark.confidence)}" if mark.confidence else ""
        main = mark.number == self._main and not mark.confidence
        css, sign = ("mark main", "•") if main else ("mark", str(mark.number))
        return (
            f'<details class="{css}"><summary aria-label="{_("Evidence")} {mark.number}">'
            f'{sign}</summary><span class="mark-body">{self.ref(mark.source)}{passages}{sure}'
            "</span></details>"
        )

    def _value(self, value: Ref | Text, short: bool = False) -> str:
        if isinstance(value, Ref):
            return self.ref(value, short)
        if isinstance(value, Node):
            return self._node(value)
        tag = ""
        if value.tag:
            tag = f' <span class="quiet small">{escape(clip(value.tag, 40))}</span>'
        if value.long:
            head = text_of(value.head, value.language, _BEGINNING)
            text = text_of(value.text, value.language, _LONGEST_TEXT)
            return (
                f'<details class="long"><summary data-more="{_("show all")}"'
                f' data-less="{_("show less")}">{head}</summary><div>{text}</div></details>{tag}'
            )
        said = text_of(value.text, value.language, _BEGINNING)
        if value.datatype.endswith("#anyURI") and (address := self._address(value.text)):
            return f'<a href="{address}">{said}</a>'
        if value.exact and value.exact != value.text:
            return f'<span title="{escape(clip(value.exact))}">{said}</span>'
        return f"<span>{said}</span>{tag}"

    def _node(self, node: Node) -> str:
        """A node without an IRI: its properties, or the items of a list, within the line."""
        if node.items:
            items = "".join(f"<li>{self._value(item.value)}</li>" for item in node.items)
            return f'<ol class="node">{items}</ol>'
        rows = "".join(
            f'<li><span class="key">{text_of(about.label, about.language)}</span> '
            f"{_line([self._value(fact.value) for fact in facts], 0)}</li>"
            for about, facts in node.rows
        )
        return f'<ul class="node">{rows}</ul>' if rows else f"<span>{escape(node.text)}</span>"

    def _evidence(self, fact: Fact) -> str:
        others = self.disputed(fact.others, fact.reason) if fact.others else ""
        return self.marks(fact.marks) + others


def for_reader(facts: Sequence[Fact]) -> Sequence[Fact]:
    """Of texts in several languages those in the reader's; all where there is none."""
    texts = [fact.value for fact in facts if isinstance(fact.value, Text) and fact.value.tag]
    if not any(text.tag == reader() for text in texts):
        return facts
    others = [text for text in texts if text.tag != reader()]
    return [
        replace(fact, value=replace(fact.value, tag="")) if fact.value in texts else fact
        for fact in facts
        if fact.value not in others
    ]


def names_for_reader(names: Sequence[str]) -> Sequence[str]:
    """Of names in several languages those in the reader's; all where there is none."""
    return [name for name in names if not getattr(name, "language", "")] or names


def escape(text: str) -> str:
    """Text as HTML; most has nothing to escape, which is found out five times as fast."""
    return _escape(text) if _SPECIAL(text) else text


@lru_cache(maxsize=REMEMBERED)
def _link(address: str, text: str, language: str, label: str, css: str, page: str) -> str:
    """A link by a name; `label` where it says more than the name; `page` is its language."""
    said = text_of(text, language)
    if not address:
        return said
    if len(text) <= _BRIEF:
        css = f"{css} brief".strip()
    css = f' class="{css}"' if css else ""
    title = f' title="{escape(label)}"' if label else ""
    return f'<a href="{address}"{css}{title}>{said}</a>'


class Marked:
    """Parts as templates have them: what a method gives is HTML and is not escaped again."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def __getattr__(self, name: str) -> Callable[..., Markup]:
        write: Callable[..., str] = getattr(self._parts, name)
        made = self.__dict__[name] = lambda *given, **named: markup(write(*given, **named))
        return made


def markup(html: str) -> Markup:
    """What the functions of this module have put together from escaped parts."""
    return Markup(html)  # noqa: S704


def text_of(text: str, language: str = "", length: int = SHORT) -> str:
    language = language or getattr(text, "language", "")
    lang = f' lang="{escape(language)}"' if language and language != interface() else ""
    return f"<bdi{lang}>{escape(text if len(text) <= length else clip(text, length))}</bdi>"


def _line(written: Iterable[str], left_out: int) -> str:
    items = "".join(f"<li>{each}</li>" for each in written)
    more = ""
    if left_out > 0:
        more = f' <span class="quiet">{_("and {1} more").replace("{1}", str(left_out))}</span>'
    return f'<ul class="inline-list">{items}</ul>{more}'


def _passage(passage: Passage) -> str:
    if not passage.quote:
        return text_of(passage.place or _("evidence"))
    place = f", {text_of(passage.place)}" if passage.place else ""
    return f"<q>{text_of(passage.quote, '', 400)}</q>{place}"
