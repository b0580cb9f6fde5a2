"""Makes synthetic programmes in our own model: seeded, streaming, as skewed as the real ones.

How many parts a programme has follows the averages of the real data; agencies, countries and
concepts are the real ones, taken with Zipf's law, so that a few are hubs of thousands.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode, Store

from hsgraph.namespaces import DCTERMS, GRAPH, HS, ID, OA, PROV, RDF, SKOS, VOCAB, XSD

_A = f"<{RDF}type>"
_WORDS = tuple(
    word
    for line in (
        "rural urban coastal mountain border displaced returning young women children farmers",
        "families water health school market training income safety justice shelter food land",
        "climate flood drought violence trafficking mines jobs skills dialogue peace services",
    )
    for word in line.split()
)


@dataclass(frozen=True)
class Known:
    """The things of the real graph that synthetic programmes refer to."""

    agencies: Sequence[str]
    partners: Sequence[str]
    countries: Sequence[str]
    sources: Sequence[str]
    concepts: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, store: Store) -> Known:
        """Read them from a store with the ontology, vocabularies, organisations and places."""
        schemes: dict[str, list[str]] = {}
        for concept in _instances(store, SKOS + "Concept"):
            schemes.setdefault(concept.removeprefix(VOCAB).partition("/")[0], []).append(concept)
        return cls(
            agencies=_instances(store, HS + "Agency"),
            partners=_instances(store, HS + "Partner"),
            countries=_instances(store, HS + "Country"),
            sources=_instances(store, HS + "Source"),
            concepts=schemes,
        )


def _instances(store: Store, iri: str) -> list[str]:
    found = store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(iri), None)
    return sorted({quad.subject.value for quad in found if isinstance(quad.subject, NamedNode)})


class _Choice:
    """Picks with Zipf's law: the first far more often than the last."""

    def __init__(self, chance: random.Random, things: Sequence[str], power: float = 1.0) -> None:
        self._chance = chance
        self._things = list(things)
        chance.shuffle(self._things)
        weights = (1 / (rank + 1) ** power for rank in range(len(self._things)))
        self._weights = list(itertools.accumulate(weights))

    def one(self) -> str:
        return self._chance.choices(self._things, cum_weights=self._weights)[0]

    def some(self, count: int) -> list[str]:
        return list(dict.fromkeys(self.one() for _ in range(count)))


def generate(known: Known, programmes: int, seed: int = 1994) -> Iterator[str]:
    """The N-Quads of synthetic programmes, one line at a time; the same seed, the same lines."""
    maker = _Maker(known, random.Random(seed))
    for number in range(programmes):
        yield from maker.programme(number)


class _Maker:
    def __init__(self, known: Known, chance: random.Random) -> None:
        self._chance = chance
        self._agency = _Choice(chance, known.agencies)
        self._partner = _Choice(chance, known.partners, 0.8)
        self._country = _Choice(chance, known.countries, 0.8)
        self._source = _Choice(chance, known.sources, 0.3)
        self._concept = {name: _Choice(chance, all) for name, all in sorted(known.concepts.items())}
        self._lines: list[str] = []
        self._graph = ""
        self._slug = ""

    def programme(self, number: int) -> list[str]:
        self._slug = f"synthetic-{number:06}"
        self._graph = f"<{GRAPH}data/projects/{self._slug}>"
        self._lines = []
        self._project()
        for evidence in range(6):
            self._evidence(evidence)
        self._parties()
        self._money()
        threats = [self._threat(index) for index in range(self._count(1, 6, 3.3))]
        goals = [self._objective(index) for index in range(self._count(0, 4, 1.5))]
        for index in range(self._count(1, 8, 3.7)):
            self._intervention(index, threats, goals)
        for index in range(min(len(threats) - 1, self._count(0, 3, 0.5))):
            self._link(index, threats[index], threats[index + 1])
        for index in range(self._count(0, 3, 1.0)):
            self._target(index)
        return self._lines

    def _count(self, least: int, most: int, mean: float) -> int:
        return min(most, max(least, round(self._chance.expovariate(1 / mean))))

    def _say(self, subject: str, predicate: str, *objects: str) -> None:
        for value in objects:
            self._lines.append(f"<{subject}> <{predicate}> {value} {self._graph} .\n")

    def _thing(self, kind: str, name: str, class_: str, label: str | None) -> str:
        iri = f"{ID}{kind}/{self._slug}{name}"
        self._lines.append(f"<{iri}> {_A} <{class_}> {self._graph} .\n")
        if label:
            self._say(iri, SKOS + "prefLabel", f'"{label}"@en')
        return iri

    def _part(self, kind: str, index: object, class_: str, label: str) -> str:
        iri = self._thing(kind, f"-{index}", HS + class_, label)
        self._say(iri, HS + "partOf", self._project_iri)
        self._say(iri, HS + "basis", f"<{HS}Stated>")
        some = {self._chance.randrange(6) for _ in range(self._count(1, 2, 1.2))}
        self._say(iri, HS + "evidence", *(f"<{self._evidence_iri(n)}>" for n in sorted(some)))
        return iri

    @property
    def _project_iri(self) -> str:
        return f"<{ID}project/{self._slug}>"

    def _evidence_iri(self, index: int) -> str:
        return f"{ID}evidence/{self._slug}-{index}"

    def _text(self, words: int) -> str:
        return " ".join(self._chance.choices(_WORDS, k=words)).capitalize()

    def _concepts(self, scheme: str, mean: float, most: int = 3) -> list[str]:
        found = self._concept[scheme].some(self._count(1, most, mean))
        return [f"<{iri}>" for iri in found]

    def _project(self) -> None:
        iri = self._thing("project", "", HS + "Project", f"{self._text(7)} {self._slug[-6:]}")
        self._say(iri, DCTERMS + "description", f'"{self._text(22)}."@en')
        start = self._chance.randrange(1999, 2024)
        self._dated(iri, "start", f"{start}-{self._chance.randrange(1, 13):02}-01")
        self._dated(iri, "end", f"{start + self._chance.randrange(1, 5)}-12-31")
        self._say(iri, HS + "takesPlaceIn", *(f"<{c}>" for c in self._country.some(2)))
        self._say(iri, HS + "keyword", *self._concepts("keyword", 1.5))
        self._say(iri, HS + "scope", *self._concepts("scope", 1, 1))
        self._say(iri, HS + "confidence", *self._concepts("confidence", 1, 1))
        sources = [f"<{source}>" for source in self._source.some(2)]
        self._say(iri, DCTERMS + "source", *sources)
        self._sources = sources
        for index, predicate in enumerate(("startDate", "endDate", "takesPlaceIn", "keyword")):
            self._claim(index, iri, HS + predicate)

    def _dated(self, iri: str, name: str, day: str) -> None:
        self._say(iri, f"{HS}{name}Date", f'"{day}"^^<{XSD}date>')
        self._say(iri, f"{HS}{name}Precision", f"<{VOCAB}date-precision/month>")

    def _claim(self, index: int, subject: str, predicate: str) -> None:
        start = f"<{subject}> <{predicate}> "
        line = next(line for line in self._lines if line.startswith(start))
        value = line[len(start) :].rsplit(" ", 2)[0]
        iri = self._thing("claim", f"-{index}", HS + "Claim", None)
        self._say(iri, RDF + "subject", f"<{subject}>")
        self._say(iri, RDF + "predicate", f"<{predicate}>")
        self._say(iri, RDF + "object", value)
        self._say(iri, HS + "basis", f"<{HS}Stated>")
        self._say(iri, HS + "evidence", f"<{self._evidence_iri(index)}>")

    def _evidence(self, index: int) -> None:
        iri = self._thing("evidence", f"-{index}", OA + "SpecificResource", None)
        self._say(iri, OA + "hasSource", self._chance.choice(self._sources))
        if index % 4:
            selector = self._thing("selector", f"-{index}", OA + "TextQuoteSelector", None)
            self._say(selector, OA + "exact", f'"{self._text(5).lower()}"')
            self._say(iri, OA + "hasSelector", f"<{selector}>")

    def _parties(self) -> None:
        lead, *others = self._agency.some(self._count(1, 6, 2.7) + 1)
        self._party(lead, "lead-agency")
        for agency in others:
            self._party(agency, "implementing-agency")
        for partner in self._partner.some(self._count(0, 5, 1.0)):
            self._party(partner, "partner")
        self._party(f"{ID}organisation/untfhs", "funder")

    def _party(self, agent: str, role: str) -> None:
        name = agent.rpartition("/")[2]
        iri = self._part("participation", f"{name}-{role}", "Participation", f"{name}, {role}")
        self._say(iri, PROV + "agent", f"<{agent}>")
        self._say(iri, PROV + "hadRole", f"<{VOCAB}role/{role}>")

    def _money(self) -> None:
        for kind in ("fund-contribution", "total")[: self._count(1, 2, 1.3)]:
            amount = round(self._chance.lognormvariate(14, 0.8))
            iri = self._part("budget", kind, "Budget", f"{kind}, US$ {amount:,}")
            self._say(iri, HS + "amount", f'"{amount}"^^<{XSD}decimal>')
            currency = "<http://publications.europa.eu/resource/authority/currency/USD>"
            self._say(iri, HS + "currency", currency)
            self._say(iri, HS + "budgetKind", f"<{VOCAB}budget-kind/{kind}>")
            self._say(iri, HS + "givenBy", f"<{ID}organisation/untfhs>")

    def _threat(self, index: int) -> str:
        iri = self._part("threat", index, "Threat", self._text(4))
        self._say(iri, HS + "threatType", *self._concepts("threat-type", 1.35))
        self._say(iri, HS + "dimension", *self._concepts("dimension", 1.5))
        self._say(iri, HS + "affects", *self._concepts("population-group", 1))
        return iri

    def _objective(self, index: int) -> str:
        iri = self._part("objective", index, "Objective", self._text(6))
        self._say(iri, HS + "order", f'"{index + 1}"^^<{XSD}integer>')
        return iri

    def _intervention(self, index: int, threats: list[str], goals: list[str]) -> None:
        iri = self._part("intervention", index, "Intervention", self._text(5))
        self._say(iri, HS + "interventionType", *self._concepts("intervention-type", 1.6))
        self._say(iri, HS + "strategy", *self._concepts("strategy", 1.2, 2))
        self._say(iri, HS + "benefits", *self._concepts("population-group", 1))
        chosen = {self._chance.choice(threats) for _ in range(self._count(1, 3, 1.3))}
        self._say(iri, HS + "mitigates", *(f"<{threat}>" for threat in sorted(chosen)))
        if goals and index == 0:
            self._say(iri, HS + "advances", f"<{goals[0]}>")

    def _link(self, index: int, one: str, other: str) -> None:
        iri = self._part("interlinkage", index, "Interlinkage", self._text(6))
        self._say(iri, HS + "from", f"<{one}>")
        self._say(iri, HS + "to", f"<{other}>")
        self._say(iri, DCTERMS + "description", f'"{self._text(12)}."@en')

    def _target(self, index: int) -> None:
        iri = self._part("target", index, "BeneficiaryTarget", self._text(4))
        self._say(iri, HS + "group", *self._concepts("population-group", 1))
        self._say(iri, HS + "count", f'"{self._chance.randrange(50, 90000)}"^^<{XSD}integer>')
        self._say(iri, HS + "targetKind", *self._concepts("target-kind", 1, 1))
