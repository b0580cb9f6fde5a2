"""Questions about causes and effects: links between threats."""

from __future__ import annotations

from dataclasses import replace

from hsgraph.ask.question import Question
from hsgraph.ask.reading import NOTHING, PROJECT, Form, Reading


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
    """Whether one threat leads to another, where both are named: "does drought cause hunger?"."""
    verb = q.at("causes", "driven")
    threats = [f for f in q.found if f.condition.part in ("threat-type", "addressed")]
    if not threats[1:] or not threats[0].chunk < verb < threats[-1].chunk:
        return None
    parts = ("causing", "caused") if q.chunks[verb].cue("causes") else ("caused", "causing")
    linked = [replace(f.condition, part=parts[f.chunk > verb]) for f in threats]
    kept = (*linked, *q.conditions("place", "project"))
    asked = q.has("yes-no") and not q.has("which", "where", "number")
    return Reading("boolean" if asked else "list", PROJECT, conditions=kept)
