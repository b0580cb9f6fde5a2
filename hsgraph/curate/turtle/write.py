"""Writes a draft as a Turtle file in the layout of the data, with what was not understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from pyoxigraph import Literal

from hsgraph.curate.model import Concept, DateValue, Draft, Money, Part, Quote, Target, Text
from hsgraph.curate.turtle.layout import format_turtle
from hsgraph.curate.turtle.terms import (
    comment,
    day,
    listed,
    node,
    note,
    prefixes_of,
    remark,
    short,
    shortened,
    slug_of,
    text,
)
from hsgraph.curate.words import words
from hsgraph.namespaces import ID

_RULE: Final = 94


def turtle_of(draft: Draft, today: date) -> str:
    """The file of a draft."""
    return _Writer(draft, today).file()


class _Writer:
    def __init__(self, draft: Draft, today: date) -> None:
        self._draft, self._today = draft, today
        self._evidence: dict[str, str] = {}
        self._new: dict[str, str] = {}
        self._slug = draft.slug
        self._project = f"project:{draft.slug}"

    def file(self) -> str:
        """The whole text; the parts are made first, since they tell which evidence there is."""
        draft, suggested = self._draft, self._suggested
        sections = [
            ("file", [self._file()]),
            ("project", [self._programme()]),
            ("claims", list(self._claims())),
            ("participants", [self._participation(part) for part in draft.parts]),
            ("money", list(self._budgets())),
            ("threats", [suggested("threat", each) for each in draft.threats]),
            ("objectives", list(self._objectives())),
            ("interventions", [suggested("intervention", each) for each in draft.interventions]),
            ("for-whom", [self._target(each, str(n)) for n, each in enumerate(draft.targets, 1)]),
            ("where-written", list(self._places())),
            ("source", [self._source()]),
            ("organisations", list(self._organisations())),
            ("places", list(self._countries())),
        ]
        body = [self._head()]
        for code, statements in sections:
            if statements:
                body.append(f"# --- {note(code)} ".ljust(_RULE, "-"))
                body += statements
        text = "\n\n".join(body + self._missed()) + "\n"
        return format_turtle(prefixes_of(text) + "\n" + text, f"{self._slug}.ttl")

    def _head(self) -> str:
        name = comment(self._draft.file)
        lines = [note("made", name=name)]
        if self._draft.same_as:
            lines.append(note("known", slug=self._draft.same_as.removeprefix(ID)))
            lines.append(note("compare"))
        return "\n".join(f"# {line}" for line in lines)

    def _missed(self) -> list[str]:
        found = []
        for code, places in (("missed", self._draft.missed), ("left", self._draft.left)):
            lines = [f"# {note(code, name=comment(self._draft.file))}"]
            for each in places:
                said = note("line", line=each.line, words=comment(each.text), why=each.why)
                lines.append(f"#   {said}")
            found += ["\n".join(lines)] if places else []
        return found

    def _file(self) -> str:
        today = day(self._today)
        return node(
            f"<https://w3id.org/hsgraph/graph/data/projects/{self._slug}>",
            "hs:DataFile",
            f"skos:prefLabel {text(note('data-file', name=self._label()))}",
            "dcterms:creator organisation:hsgraph",
            f"dcterms:created {today}",
            f"dcterms:modified {today}",
            f"prov:wasDerivedFrom source:{self._slug}-1",
        )

    def _label(self) -> str:
        title = self._draft.title
        if title and self._language(title) == "en":
            return shortened(title.text)
        countries = [
            each.place.label for each in self._draft.places if each.place.kind == "country"
        ]
        code = "programme-in" if countries else "programme"
        length = f", {self._draft.start.day.year}" if self._draft.start else ""
        return note(code, countries=", ".join(countries)) + length

    def _language(self, said: Text) -> str:
        return said.language or self._draft.language or "en"

    def _words(self, said: Text) -> str:
        return text(said.text, self._language(said))

    def _programme(self) -> str:
        draft = self._draft
        lines = [f"skos:prefLabel {text(self._label())}"]
        lines += [f"skos:altLabel {self._words(t)}" for t in draft.other_titles]
        if draft.title:
            lines.append(f"dcterms:title {self._words(draft.title)}")
        lines += [f"dcterms:description {self._words(t)}" for t in draft.description]
        for name, value in self._dates():
            lines.append(f"hs:{name}Date {day(value.day)}")
            lines.append(f"hs:{name}Precision date-precision:{value.precision}")
        if draft.duration:
            lines.append(f"hs:durationStated {self._words(draft.duration)}")
        if draft.places:
            lines.append("hs:takesPlaceIn " + listed(short(each.place) for each in draft.places))
        if draft.keywords:
            lines.append("hs:keyword " + listed(short(each.concept) for each in draft.keywords))
        lines.append(f"dcterms:source source:{self._slug}-1")
        if not draft.title or self._label() != draft.title.text:
            lines.append(remark("working-title"))
        return node(self._project, "hs:Project", *lines)

    def _dates(self) -> Iterator[tuple[str, DateValue]]:
        for name in ("start", "end", "announced", "approved"):
            value: DateValue | None = getattr(self._draft, name)
            if value:
                yield name, value

    def _claims(self) -> Iterator[str]:
        draft = self._draft
        if draft.title:
            value = self._words(draft.title)
            yield self._claim("title", "dcterms:title", value, draft.title.quote)
        for number, title in enumerate(draft.other_titles, start=1):
            value = self._words(title)
            yield self._claim(f"other-title-{number}", "skos:altLabel", value, title.quote)
        for name, date_value in self._dates():
            value = day(date_value.day)
            yield self._claim(name, f"hs:{name}Date", value, date_value.quote)
        if draft.duration:
            value = self._words(draft.duration)
            yield self._claim("duration", "hs:durationStated", value, draft.duration.quote)
        for each in draft.places:
            name = "in-" + each.place.slug
            value = short(each.place)
            yield self._claim(name, "hs:takesPlaceIn", value, each.quote, each.stated)
        for keyword in draft.keywords:
            name = "keyword-" + keyword.concept.slug
            yield self._claim(name, "hs:keyword", short(keyword.concept), keyword.quote)

    def _claim(
        self, name: str, predicate: str, value: str, quote: Quote, stated: bool = True
    ) -> str:
        return node(
            f"claim:{self._slug}-{name}",
            "hs:Claim",
            f"rdf:predicate {predicate}",
            f"rdf:object {value}",
            *(self._basis(quote) if stated else self._reading(quote)),
        )

    def _basis(self, quote: Quote, stated: bool = True) -> tuple[str, str]:
        return f"hs:basis hs:{'Stated' if stated else 'Coded'}", f"hs:evidence {self._at(quote)}"

    def _reading(self, quote: Quote) -> tuple[str, ...]:
        """The basis of what is read into the words of a document, and not said in them."""
        return *self._basis(quote, False), "hs:confidence confidence:low", remark("suggested")

    def _part(self, kind: str, name: str, type_: str, label: str, *lines: str) -> str:
        own = (f"skos:prefLabel {text(label)}", f"hs:partOf {self._project}")
        return node(f"{kind}:{self._slug}-{name}", f"hs:{type_}", *own, *lines)

    def _participation(self, part: Part) -> str:
        agent = short(part.known) if part.known else self._organisation(part.new, part.acronym)
        name = slug_of(part.known.slug if part.known else part.new)
        same = [other for other in self._draft.parts if other.name == part.name]
        ending = "" if part is same[0] else f"-{part.role}"
        unsure = () if part.stated else (remark("bears-name"),)
        return self._part(
            "participation",
            name + ending,
            "Participation",
            f"{part.name}, {part.role.replace('-', ' ')}",
            f"prov:agent {agent}",
            f"prov:hadRole role:{part.role}",
            *self._basis(part.quote, part.stated),
            *unsure,
        )

    def _organisation(self, name: str, acronym: str) -> str:
        country = next((p.place for p in self._draft.places if p.place.kind == "country"), None)
        before = country.slug if country and not slug_of(name).startswith(country.slug) else ""
        slug = f"{before}-{slug_of(name)}".strip("-")
        within = [f"hs:within {short(country)}"] if country else []
        address = f"organisation:{slug}"
        label = f"skos:prefLabel {text(name)}"
        short_name = [f"hs:acronym {Literal(acronym)}"] if acronym else []
        self._new[address] = node(address, "hs:Partner", label, *short_name, *within)
        return address

    def _budgets(self) -> Iterator[str]:
        names: set[str] = set()
        for each in self._draft.money:
            name = each.kind
            while name in names:
                name += "-more"
            names.add(name)
            yield self._budget(each, name)

    def _budget(self, each: Money, name: str) -> str:
        code = each.currency.rpartition("/")[2]
        label = f"{each.kind.replace('-', ' ').capitalize()}, {code} {each.amount:,.0f}"
        rough = ["hs:approximate true"] if each.approximate else []
        given = "givenTo" if each.kind == "agency-share" else "givenBy"
        party = [f"hs:{given} {short(each.party)}"] if each.party else []
        lines = (f"hs:amount {each.amount:.2f}", f"hs:currency currency:{code}")
        kind = f"hs:budgetKind budget-kind:{each.kind}"
        basis = self._basis(each.quote)
        return self._part("budget", name, "Budget", label, *lines, kind, *party, *rough, *basis)

    def _suggested(self, kind: str, each: Concept) -> str:
        concept = each.concept
        type_ = f"hs:{kind}Type {short(concept)}"
        name, label = concept.slug, concept.label
        basis = self._reading(each.quote)
        return self._part(kind, name, kind.capitalize(), label, type_, *basis)

    def _objectives(self) -> Iterator[str]:
        for number, each in enumerate(self._draft.objectives, start=1):
            label = each.text if self._draft.own_words else note("objective", number=number)
            lines = (f"hs:order {number}", *self._basis(each.quote))
            yield self._part("objective", str(number), "Objective", label, *lines)

    def _target(self, each: Target, name: str) -> str:
        groups = ", ".join(group.label for group in each.groups)
        label = f"{groups}: {each.count:,}" if each.count else groups
        lines = ["hs:group " + listed(map(short, each.groups))]
        lines += [f"hs:count {each.count}"] if each.count else []
        lines += ["hs:approximate true"] if each.approximate else []
        lines += [f"hs:directness directness:{each.directness}"] if each.directness else []
        own = self._draft.own_words
        basis = self._basis(each.quote) if own else self._reading(each.quote)
        return self._part("target", name, "BeneficiaryTarget", label, *lines, *basis)

    def _at(self, quote: Quote) -> str:
        """The evidence for a quotation, made once for the same words."""
        if quote.words not in self._evidence:
            name = slug_of(quote.words) or "sign"
            taken = set(self._evidence.values())
            while f"{self._slug}-s1-{name}" in taken:
                name += "-b"
            self._evidence[quote.words] = f"{self._slug}-s1-{name}"
        return f"evidence:{self._evidence[quote.words]}"

    def _places(self) -> Iterator[str]:
        for quoted, name in self._evidence.items():
            yield node(
                f"evidence:{name}",
                "oa:SpecificResource",
                f"oa:exact {Literal(quoted)}",
                f"oa:hasSource source:{self._slug}-1",
            )

    def _source(self) -> str:
        draft = self._draft
        lines = [f"skos:prefLabel {text(note('document', name=draft.file))}"]
        lines.append(f"hs:fileName {Literal(draft.file)}")
        if draft.url:
            lines.append(f"schema:url <{draft.url}>")
        if language := words().languages.get(draft.language or ""):
            lines.append(f"dcterms:language language:{language.rpartition('/')[2]}")
        return node(f"source:{self._slug}-1", "hs:Source", *lines)

    def _countries(self) -> Iterator[str]:
        for each in self._draft.places:
            if each.place.codes:
                names = ("isoAlpha2", "isoAlpha3", "m49")
                codes = zip(names, each.place.codes, strict=True)
                label = f"skos:prefLabel {text(each.place.label)}"
                lines = (f"hs:{name} {Literal(code)}" for name, code in codes)
                yield node(short(each.place), "hs:Country", label, *lines)

    def _organisations(self) -> Iterable[str]:
        return self._new.values()
