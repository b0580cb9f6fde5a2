"""Questions about causes and effects: links between threats."""

from __future__ import annotations

from dataclasses import replace

from hsgraph.ask.question import Question
from hsgraph.ask.reading import LINKED, NOTHING, PROJECT, Form, Reading


def links(q: Question, form: Form) -> Reading:
    """Causes or effects: links between threats name neither groups nor interventions."""
    if (linked := _both_ends(q)) is not None:
        return linked
    kept = [c for c in q.conditions() if c.part in ("place", "project", "threat-type", "addressed")]
    dropped = len(kept) < len(q.conditions())
    kept = [replace(c, part="threat-type") if c.part == "addressed" else c for c in kept]
    notes = ("note-group",) if dropped else ()
    return Reading(form, "Threat", conditions=tuple(kept) or NOTHING, notes=notes)


def _both_ends(q: Question) -> Reading | None:
    """Whether one threat leads to another, where both are named: "does drought cause hunger?".

    Where yes or no is asked, the verb may stand before or after both: "¿Provoca la sequía hambre?".
    """
    verb = q.at("causes", "driven")
    threats = [f for f in q.found if f.condition.part in ("threat-type", "addressed")]
    if not threats[1:] or verb < 0:
        return None
    asked = q.asks_whether and not (q.target.stated and not q.has("yes-no"))
    causing = q.chunks[verb].cue("causes")
    before = [f for f in threats if f.chunk < verb]
    if not threats[0].chunk < verb < threats[-1].chunk:
        if not (asked and causing):
            return None
        before = threats[:-1]
    parts = ("causing", "caused") if causing else ("caused", "causing")
    linked = [replace(f.condition, part=parts[f not in before]) for f in threats]
    kept = (*linked, *q.conditions("place", "project"))
    if not asked:
        return Reading("list", PROJECT, conditions=kept)
    return Reading("boolean", PROJECT, conditions=kept, rests_on=LINKED)
