"""From the IRI of a thing to the view that its page shows."""

from __future__ import annotations

from typing import Final

from hsgraph.describe.documents.document import document
from hsgraph.describe.entity.entity import EntityView, entity
from hsgraph.describe.entity.facts import Facts
from hsgraph.describe.programme.project import project
from hsgraph.describe.shared.aggregates import Shared
from hsgraph.describe.shared.concept import shared
from hsgraph.describe.shared.stated import stated
from hsgraph.engine.protocol import Engine
from hsgraph.namespaces import HS, OA, SKOS

_SHARED: Final = frozenset(
    {SKOS + "Concept"}
    | {HS + name for name in ("Organisation", "Agency", "Partner", "Fund")}
    | {HS + name for name in ("Place", "Country", "Region", "Municipality", "Source")}
)
_STATED: Final = frozenset({HS + "Claim", OA + "SpecificResource"})


def entity_view(engine: Engine, iri: str, *, all_of_it: Shared | None = None) -> EntityView:
    """What the page about `iri` shows. Raises UnknownEntity when the graph says nothing of it.

    `all_of_it` answers what is said over all programmes; without it queries do.
    """
    over_all = all_of_it or Shared(engine)
    facts = Facts(document(engine, iri, counted=over_all.links))
    types = set(facts.labels.of(iri).types)
    if HS + "Project" in types:
        return project(facts, over_all)
    if types & _SHARED:
        return shared(facts, over_all)
    if types & _STATED:
        return stated(facts)
    return entity(facts)
