"""What form a question has: a list, a number, money, a date, yes or no, and others."""

from __future__ import annotations

from typing import Final

from hsgraph.ask.conditions import CONCEPTS
from hsgraph.ask.excluded import FUND
from hsgraph.ask.names.name import ORGANISATIONS, PLACES
from hsgraph.ask.pieces.chunk import has
from hsgraph.ask.pieces.numbers import comparative, date_kinds
from hsgraph.ask.question import ASKED, RANKS, Question, counts, definite, reaches
from hsgraph.ask.reading import PROJECT, Form, Rank
from hsgraph.ask.shapes.deeds import tells_deed
from hsgraph.ask.shapes.sides import set_against
from hsgraph.ask.shapes.whole import asks_of_whole
from hsgraph.ask.target import LATER, class_of

_KIND: Final = "kind"
"""The code of words for a kind, of whatever is asked for: "partners by type"."""
_KINDS: Final = {
    "Threat": "threat-type",
    "Intervention": "intervention-type",
    "Partner": "organisation-type",
    "Organisation": "organisation-type",
    "Outcome": "outcome-kind",
}
_DEEDS: Final = ("funded", "implemented", "led", "received", "took-part", "affected")
"""Words for what somebody does: "qu'est-ce que le Fonds a financé" asks for no definition."""
_DEFINED: Final = ("dimension", "strategy", "principle")
"""What is defined where a kind alone is named; things of any other kind are listed."""
_BEGINNING: Final = ("worked", "took-part", "received", "implemented")
"""Verbs with which a question for yes or no may begin: "¿Trabajó la UNESCO en …?"."""


def form_of(q: Question) -> Form:
    """The form, by the words that ask; a list when nothing else is asked."""
    if q.has("average") and not (q.has("definition") and _asks_definition(q)):
        return "length" if q.has("how-long", "lasting") else "money"
    first = next((c for c in q.chunks if not c.is_filler or c.cue("yes-no")), None)
    if _asks_share(q):
        return "share"
    if q.target.kind == LATER:
        return "list"
    if not _asked(q) and asks_of_whole(q):
        return "boolean"
    if _asks_evidence(q):
        return "evidence"
    if q.has("when") and not q.has("number"):
        return "date"
    if q.has("how-long"):
        return "length"
    causal = _causal(q)
    if causal is not None:
        return causal
    if _asks_about(q):
        return "about"
    if _asks_definition(q) or _asks_difference(q):
        return "definition"
    if _counts_by_much(q):
        return "number"
    if _asks_money(q):
        one = q.conditions("project") or definite(q.chunks)
        return "amount" if one and not q.has("total") else "money"
    if rank_of(q) is not None and (q.has("or", "compare") or set_against(q)):
        return "list"
    if q.has("compare") and len(q.found) and not q.has("average"):
        return "list"
    if q.has("number") and not _ranks_by_number(q) and not tabulates(q):
        return "people" if _asks_people(q) else "number"
    if first is not None and first.cue("yes-no") and not _asked(q):
        return "boolean"
    if q.grammar.as_stated and not _asked(q) and not q.has("list") and _is_asked_late(q):
        return "boolean"
    if _asks_date(q):
        return "date"
    return "list"


def _asks_share(q: Question) -> bool:
    """Whether a part of money or things is asked for, not of a place or of one programme."""
    if not q.has("share") or definite(q.chunks):
        return False
    after = [c for c in q.chunks[q.at("share") + 1 :] if not c.is_filler]
    whose = after[:1] and after[0].kind(*ORGANISATIONS, *PLACES) and not class_of(after[0])
    return any(c.cue("money") or class_of(c) for c in (after[1:2] if whose else after[:1]))


def _is_asked_late(q: Question) -> bool:
    """Whether yes or no is asked after a name, "l'OMS a-t-elle …", not in a clause of a noun."""
    begun = next((c for c in q.chunks if c.meanings and not c.cue("denied")), q.chunks[0])
    if begun.cue(*_BEGINNING) or (q.chunks[0].cue("passive") and not q.target.stated):
        return True
    if tells_deed(q) or (q.is_turned and q.target.stated and q.target.kind == PROJECT):
        return True
    at = q.at("yes-no")
    turned = at >= 0 and len(q.chunks[at].tokens) > 1 and not q.chunks[at].cue("denied")
    return at >= 0 and (turned or not any(class_of(c) for c in q.chunks[:at]))


def _ranks_by_number(q: Question) -> bool:
    """Whether a number only orders: "top 5 agencies by number of programmes"."""
    at = q.at("number")
    return rank_of(q) is not None and at > 0 and has(q.chunks[at - 1 : at], "per")


def tabulates(q: Question) -> bool:
    """Whether things are to be told with a number: "agencies and how many programmes each has"."""
    at = q.at("number")
    return at > 0 and q.chunks[at - 1].cue("and") and q.target.stated and q.target.at < at


def _asks_date(q: Question) -> bool:
    """Whether a date of one programme is asked for: "end date of the Sandžak project"."""
    one = definite(q.chunks) or q.conditions("project")
    free = not q.numbers and rank_of(q) is None and not q.has("not", "running", "which", "who")
    return bool(one and free and q.target.kind == PROJECT and date_kinds(q.chunks))


def _asked(q: Question) -> bool:
    return q.has(*ASKED, "definition")


def _asks_evidence(q: Question) -> bool:
    if q.has("number") and q.target.kind == "Source":
        return False
    if q.has("evidence"):
        return not (q.target.kind not in ("Source", PROJECT) and q.target.stated and q.has("which"))
    return q.target.kind == "Source"


def _asks_money(q: Question) -> bool:
    if rank_of(q) is not None or per_kind(q) is not None:
        return False
    if q.has("compare") and set_against(q):
        return False
    if any(n.role == "money" for n in q.numbers) and not q.has("how-much", "total"):
        return False
    if any(n.role == "count" and n.how for n in q.numbers):
        return False
    if _lacks_money(q) or (q.has("spent-on") and q.target.kind == "Intervention"):
        return False
    of_people = counts(q.chunks, "population-group")
    if q.has("number") and q.has("received") and not q.target.stated and not of_people:
        return True
    if _asks_what_came(q):
        return True
    if q.has("how-much"):
        return (
            q.has("money", "received", "total") or not q.has("number") or q.target.kind == "Budget"
        )
    if q.has("yes-no") and not _asked(q) and not q.has("money", "total"):
        return False
    stated = q.target.stated and q.target.kind not in (PROJECT, "Budget")
    if q.has("which", "who", "where", "number") and stated:
        return False
    named = any(f.kind("budget-kind") for f in q.chunks) or (q.has("share") and definite(q.chunks))
    return named or q.has("money") or (q.has("total") and not q.has("number"))


def _counts_by_much(q: Question) -> bool:
    """Whether "how much" is said for how many: "how much countries in Asia"."""
    after = q.chunks[q.at("how-much") + 1 :][:1]
    kind = class_of(after[0]) if after and q.has("how-much") else None
    several = kind is not None and kind != "Budget" and after[0].tokens[-1].several
    return several and not q.has("money", "received", "total")


def _asks_what_came(q: Question) -> bool:
    """Whether "what" is money: "what did Kenya receive?", not what was given to somebody there."""
    to_places = bool(q.found) and len(q.conditions("place", "implemented")) == len(q.found)
    return q.has("which") and q.has("received") and not q.target.stated and to_places


def _lacks_money(q: Question) -> bool:
    """Whether programmes without money are asked for: "no budget"."""
    return any(
        chunk.cue("not") and any(after.cue("money") for after in q.chunks[at + 1 : at + 3])
        for at, chunk in enumerate(q.chunks)
    )


def _asks_people(q: Question) -> bool:
    """Whether the people whom programmes reached are to be counted."""
    if q.target.kind == "BeneficiaryTarget" or reaches(q.chunks):
        return True
    if definite(q.chunks) and counts(q.chunks, "population-group"):
        return True
    return not q.target.stated and (q.has("benefits") or counts(q.chunks, "population-group"))


def _asks_about(q: Question) -> bool:
    told = q.has("about")
    other = q.target.stated and q.target.kind != PROJECT
    one = q.conditions("project") or (q.found and definite(q.chunks))
    defined = q.has("definition") and not other and one
    if defined and not q.has("money", "started", "ended", "total"):
        return True
    nouns = [c for c in q.chunks[: q.at("about")] if class_of(c) == PROJECT]
    listed = bool(nouns) and not definite(q.chunks) and not q.conditions("project")
    return told and bool(q.found) and not listed and not q.has("number", "how-much")


def _asks_definition(q: Question) -> bool:
    names = [c for c in q.chunks if c.is_name]
    kinds = [c for c in q.chunks if class_of(c)]
    said = [c for c in q.chunks if c not in kinds]
    other = ("money", "total", "tried", "number", *RANKS, *_DEEDS)
    if not has(said, "definition") or has(said, *other):
        return False
    if any(c.cue("definition") and c.cue("who") for c in q.chunks):
        said = [c for c in q.chunks if not c.is_filler]
        return len(names) == len(said) - 1 == 1 and names[0].kind(*ORGANISATIONS) is not None
    if len(names) == 1 and not kinds:
        return True
    if len(kinds) == 1 and not names:
        return class_of(kinds[0]) in _DEFINED or not kinds[0].tokens[-1].several
    if not kinds and names and all(c.kind(*CONCEPTS) for c in names):
        first, last = q.chunks.index(names[0]), q.chunks.index(names[-1])
        return last - first == len(names) - 1
    return len(names) == 1 and all(class_of(c) in (*_DEFINED, "keyword") for c in kinds)


def _asks_difference(q: Question) -> bool:
    """Whether ideas are to be told apart: "the difference between protection and empowerment"."""
    ideas = q.conditions("strategy", "dimension", "principle", "threat-type", "intervention-type")
    return q.has("compare") and len(ideas) > 1 and len(ideas) == len(q.conditions())


def per_kind(q: Question) -> str | None:
    """By what a table is asked for: the kind after "per" or "by", but for "named by programmes" and
    "given by the Fund to the programme in …"."""
    for at, chunk in enumerate(q.chunks):
        if not chunk.cue("per"):
            continue
        for far, after in enumerate(q.chunks[at + 1 : at + 4]):
            if any(m.value == FUND for m in after.meanings):
                break
            if after.cue("year"):
                return "year"
            kind = class_of(after) or ("led" if after.cue("led") else None)
            if kind is None and any(m.value == _KIND for m in after.meanings):
                kind = "budget-kind" if q.has("money") else _KINDS.get(q.target.kind)
            if kind is not None and at < _last_per(q):
                break
            known = far > 0 or q.target.kind != PROJECT
            several = kind == PROJECT and known and after.tokens[0].several
            if kind is not None and not several:
                return kind
            if kind is not None or after.is_name:
                break
    return None


def _last_per(q: Question) -> int:
    return max(at for at, chunk in enumerate(q.chunks) if chunk.cue("per"))


def _causal(q: Question) -> Form | None:
    """Whether causes or effects of a threat are asked for; by its place beside the word for it."""
    threats = [f.chunk for f in q.found if f.condition.part in ("threat-type", "addressed")]
    verb = q.at("causes", "driven")
    if verb >= 0 and any(at > verb for at in threats) and _is_subject(q, verb):
        return "effects"
    if q.has("causes-of"):
        return "causes"
    if q.has("effects-of") and threats:
        return "effects"
    if q.has("why") and threats:
        return "causes"
    if verb < 0 or (not threats and q.target.kind != "Threat"):
        return None
    if q.chunks[verb].cue("evidence", "tried"):
        return None
    after = any(at > verb for at in threats)
    if q.chunks[verb].cue("driven"):
        return "effects" if after else "causes"
    return "causes" if after else "effects"


def _is_subject(q: Question, verb: int) -> bool:
    """Whether what follows a verb does it: "¿Qué amenazas causa la pobreza?"."""
    if not q.grammar.plurals or not 0 <= q.target.at < verb or q.target.kind != "Threat":
        return False
    noun = q.chunks[q.target.at].tokens[-1]
    return noun.several and not q.chunks[verb].tokens[-1].folded.endswith(q.grammar.plurals)


def rank_of(q: Question) -> Rank | None:
    """Which end of an order is asked for, if any."""
    for rank in RANKS:
        for at, chunk in enumerate(q.chunks):
            if chunk.cue("lasting") or any(n.how and n.start <= at <= n.end for n in q.numbers):
                continue
            if chunk.cue(rank) and chunk.meaning is not None and chunk.meaning.kind == "cue":
                if (
                    rank in ("most", "least")
                    and at > 0
                    and q.chunks[at - 1].cue("at-most", "at-least")
                ):
                    continue
                return rank
    return comparative(q.chunks) if set_against(q) else None
