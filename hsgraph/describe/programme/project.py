"""The page of a programme."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from hsgraph.describe.entity.entity import EntityView, common
from hsgraph.describe.entity.facts import Fact, Facts, Mark, Passage
from hsgraph.describe.programme.chain import Chain, chain, marks_of
from hsgraph.describe.programme.parts import (
    Application,
    Budget,
    Outcome,
    Party,
    Situation,
    Target,
    budgets,
    party,
)
from hsgraph.describe.programme.related import About, Point, SourceLine, mentioned
from hsgraph.describe.shared.aggregates import Shared
from hsgraph.describe.shared.programme_lists import Programme, lines
from hsgraph.describe.values import by_key
from hsgraph.describe.words.labels import Ref, kind_of
from hsgraph.engine.protocol import Engine
from hsgraph.namespaces import DCTERMS, HS, SKOS

_LEAD, _IMPLEMENTING, _FUNDER = "lead-agency", "implementing-agency", "funder"
_ROLE_ORDER: Final = (_LEAD, _IMPLEMENTING)


@dataclass(frozen=True)
class Similar:
    """Another programme and what the two share."""

    programme: Programme
    threats: tuple[Ref, ...]
    interventions: tuple[Ref, ...]


@dataclass(frozen=True)
class ProjectView(EntityView):
    """A programme in full."""

    title: tuple[Fact, ...]
    naming: tuple[Mark, ...]
    dimensions: tuple[Fact, ...]
    period: str
    period_marks: tuple[Mark, ...]
    period_others: tuple[Fact, ...]
    period_reason: str
    durations: tuple[Fact, ...]
    moments: tuple[tuple[str, Fact], ...]
    countries: tuple[Fact, ...]
    places: tuple[Fact, ...]
    wider: tuple[Fact, ...]
    scope: tuple[Fact, ...]
    budgets: tuple[Budget, ...]
    funders: tuple[Party, ...]
    agencies: tuple[Party, ...]
    partners: tuple[tuple[Ref | None, tuple[Party, ...]], ...]
    targets: tuple[Target, ...]
    keywords: tuple[Fact, ...]
    follows: tuple[Fact, ...]
    confidence: tuple[Fact, ...]
    chain: Chain
    situations: tuple[Situation, ...]
    applications: tuple[Application, ...]
    outcomes: tuple[Outcome, ...]
    lessons: tuple[Outcome, ...]
    disagreements: tuple[Fact, ...]
    source_lines: tuple[SourceLine, ...]
    main_source: SourceLine | None
    points: tuple[Point, ...]
    codes: tuple[str, ...]
    similar: tuple[Similar, ...]
    start_iso: str
    end_iso: str


def project(facts: Facts, all_of_it: Shared) -> ProjectView:
    """Read the page of a programme: its document, and what lies beyond it."""
    engine, iri = facts.document.engine, facts.document.iri
    about = About.fetch(engine, mentioned(facts, iri))
    (line,) = lines(engine, [iri])
    dates = (*facts.facts(iri, HS + "startDate"), *facts.facts(iri, HS + "endDate"))
    parties = [party(facts, p) for p in facts.parts("Participation")]
    by_name = sorted(parties, key=lambda p: p.organisation.order)
    where = facts.facts(iri, HS + "takesPlaceIn")
    countries = tuple(f for f in where if _is_country(facts, f))
    others = tuple(f for f in where if not _is_country(facts, f))
    outcomes = [Outcome.read(facts, o) for o in facts.parts("Outcome")]
    view = ProjectView(
        **vars(common(facts)),
        title=facts.facts(iri, DCTERMS + "title"),
        naming=marks_of(
            *(f for name in ("prefLabel", "altLabel") for f in facts.facts(iri, SKOS + name))
        ),
        dimensions=facts.facts(iri, HS + "dimension"),
        period=line.period,
        period_marks=marks_of(*dates),
        period_others=tuple(other for fact in dates for other in fact.others),
        period_reason=" ".join(dict.fromkeys(f.reason for f in dates if f.others and f.reason)),
        durations=facts.facts(iri, HS + "durationStated"),
        moments=tuple(
            (facts.labels.property(HS + name).label, fact)
            for name in ("approvedDate", "announcedDate")
            for fact in facts.facts(iri, HS + name)
        ),
        countries=countries,
        places=tuple(f for f in others if f.rule is None),
        wider=(*(f for f in others if f.rule is not None), *facts.facts(iri, HS + "worldRegion")),
        scope=(*facts.facts(iri, HS + "scope"), *facts.facts(iri, HS + "scopeNote")),
        budgets=budgets(facts),
        funders=tuple(p for p in parties if p.role and p.role.slug == _FUNDER),
        agencies=tuple(
            p for role in _ROLE_ORDER for p in by_name if p.role and p.role.slug == role
        ),
        partners=_partners(by_name, about),
        targets=tuple(Target.read(facts, t) for t in facts.parts("BeneficiaryTarget")),
        keywords=facts.facts(iri, HS + "keyword"),
        follows=facts.facts(iri, HS + "follows"),
        confidence=facts.facts(iri, HS + "confidence"),
        chain=chain(facts),
        situations=tuple(Situation.read(facts, s) for s in facts.parts("Situation")),
        applications=tuple(Application.read(facts, a) for a in facts.parts("PrincipleApplication")),
        outcomes=tuple(o for o in outcomes if not o.is_lesson),
        lessons=tuple(o for o in outcomes if o.is_lesson),
        disagreements=facts.facts(iri, HS + "disagreement"),
        points=about.points(f.value for f in others),
        codes=about.codes(f.value for f in countries),
        similar=_similar(engine, all_of_it.similar(iri), facts),
        start_iso=line.span[0],
        end_iso=line.span[1],
        source_lines=(),
        main_source=None,
    )
    said = _said(facts, iri)
    source_lines = tuple(
        about.source(number, facts.ref(source), said.get(source, ()))
        for number, source in enumerate(facts.times_cited, 1)
    )
    most = dict(facts.times_cited.most_common(1))
    return replace(
        view,
        sources=facts.sources,
        source_lines=source_lines,
        main_source=next((s for s in source_lines if s.ref.iri in most), None),
    )


def _said(facts: Facts, iri: str) -> dict[str, tuple[Passage, ...]]:
    """Number all sources; the words of each that are kept with the source itself."""
    found = {}
    for fact in facts.facts(iri, DCTERMS + "source"):
        if isinstance(fact.value, Ref):
            facts.number(fact.value.iri)
            words = (passage for mark in fact.marks for passage in mark.passages if passage.quote)
            found[fact.value.iri] = tuple(words)
    return found


def _is_country(facts: Facts, fact: Fact) -> bool:
    return isinstance(fact.value, Ref) and HS + "Country" in facts.labels.of(fact.value.iri).types


def _partners(
    parties: list[Party], about: About
) -> tuple[tuple[Ref | None, tuple[Party, ...]], ...]:
    """All others, by the type of organisation; those of unknown type last."""
    others = (p for p in parties if not p.role or p.role.slug not in (*_ROLE_ORDER, _FUNDER))
    groups = by_key((about.ref(p.organisation.iri, HS + "organisationType"), p) for p in others)
    ordered = sorted(groups.items(), key=lambda g: (g[0] is None, g[0].label if g[0] else ""))
    return tuple((kind, tuple(found)) for kind, found in ordered)


def _similar(
    engine: Engine, shared: Mapping[str, tuple[str, ...]], facts: Facts
) -> tuple[Similar, ...]:
    return tuple(
        Similar(
            line,
            tuple(facts.ref(s) for s in shared[line.ref.iri] if kind_of(s) == "threat-type"),
            tuple(facts.ref(s) for s in shared[line.ref.iri] if kind_of(s) != "threat-type"),
        )
        for line in lines(engine, list(shared))
    )
