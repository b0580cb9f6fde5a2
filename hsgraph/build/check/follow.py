"""Leaves out what follows from another finding, so that each mistake is told once, where it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final

from pyoxigraph import NamedNode, Store

from hsgraph.build.check.nearest import MEANT
from hsgraph.build.check.report import BETWEEN_RESULTS, Finding
from hsgraph.namespaces import HS, RDF, SH, SHAPES, compact

_TYPE: Final = RDF + "type"
_NO_CLASS: Final = SHAPES + "Thing-type"
_NO_PROGRAMME: Final = SHAPES + "partOf"
_PART_OF: Final = HS + "partOf"


def mistakes(
    findings: Iterable[Finding], store: Store, compared: Mapping[str, str]
) -> list[Finding]:
    """The findings without those that others explain.

    A thing of no known class, or of no programme, explains that nothing of a class is there; the
    former, what is said of those that name it, and that others lack what it has. A value of another
    type explains what else is said of it and of how it compares; a property that is misspelt, that
    the one meant is missing. What a shape finds with the same words is told once, with all results.
    `compared` tells the property that a shape compares its path with.
    """
    listed = list(_told_once(findings))
    adrift = {each.focus for each in listed if each.shape in (_NO_CLASS, _NO_PROGRAMME)}
    unknown = {each.focus for each in listed if each.shape == _NO_CLASS}
    said = unknown | {value for each in unknown for value in _values(store, each)}
    unlike = {(each.focus, each.path): each.shape for each in listed if _by(each, "Datatype")}
    misspelt = {(each.focus, each.message.rpartition(MEANT)[2]) for each in listed}

    def explained(finding: Finding) -> bool:
        focus, path = finding.focus, finding.path
        if finding.shape in (_NO_CLASS, _NO_PROGRAMME):
            return False
        if adrift and path == _TYPE and finding.severity != "violation":
            return True
        if focus not in unknown and finding.value in said:
            return True
        if (focus, compared.get(finding.shape)) in unlike:
            return True
        if path and finding.value is None and (focus, f"{compact(path)}?") in misspelt:
            return True
        return path is not None and unlike.get((focus, path), finding.shape) != finding.shape

    return [finding for finding in listed if not explained(finding)]


def _told_once(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Of a shape's findings with the same words, the property that may not be there is told once.

    A finding that names no value is told by one that does.
    """
    alike: dict[tuple[str | None, ...], list[Finding]] = defaultdict(list)
    for each in sorted(findings, key=lambda finding: finding.sort_key):
        alike[each.shape, each.focus, each.path, each.message].append(each)
    for group in alike.values():
        closed = all(_by(each, "Closed") for each in group)
        named = group[:1] if closed else [each for each in group if each.value is not None]
        if len(named) in (0, len(group)):
            yield from group
        else:
            rest = [each.statements for each in group if each not in named]
            whole = BETWEEN_RESULTS.join([named[0].statements, *rest])
            yield from (replace(named[0], statements=whole), *named[1:])


def _by(finding: Finding, *components: str) -> bool:
    """Whether a result is by one of these kinds of constraint."""
    return any(f"<{SH}{name}ConstraintComponent>" in finding.statements for name in components)


def _values(store: Store, subject: str) -> Iterable[str]:
    """The things that one names, but for its programme and for what is not there."""
    if subject.startswith("_:"):
        return
    for quad in store.quads_for_pattern(NamedNode(subject), None, None, None):
        value = quad.object
        if quad.predicate.value == _PART_OF or not isinstance(value, NamedNode):
            continue
        if any(True for _ in store.quads_for_pattern(value, None, None, None)):
            yield value.value
