"""Cuts a question into its pieces: finds its language, puts slips right, joins what is left."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from hsgraph.ask.names.gazetteer import Gazetteer
from hsgraph.ask.names.name import Meaning, Name
from hsgraph.ask.names.words import ANY, LANGUAGES, Token, split, tokens
from hsgraph.ask.pieces.chunk import Chunk
from hsgraph.ask.pieces.chunker import PARTLY, Chunker, nearest

MOST_TOKENS: Final = 200
_SHORT: Final = 3
_SHORTEST: Final = 3
"""Letters of a word that may stand for the names it is in: "en" is in very many."""
_WHEN: Final = ("where", "when", "how", "why")
_LATE: Final = ("which", "who", *_WHEN)
_ASKING: Final = (*_LATE, "number", "how-much", "yes-no")
_AS_GIVEN: Final = 1.0
"""What a name is worth at least in the words that it is given in."""
_DEED: Final = Meaning("filler", "filler", "")
_TELLING: Final = {"sign": 3.0, "letter": 1.0}
"""What the signs and letters of a language tell of it."""


def language_of(gazetteer: Gazetteer, text: str, given: Sequence[Token]) -> str:
    """The language of a question, by the words that are no names; English when in doubt."""
    votes = dict.fromkeys(LANGUAGES, 0.0)
    for language in LANGUAGES:
        for token in given:
            names = gazetteer.phrases([token.folded], language)
            if names and not token.is_sign and not token.is_number:
                accented = token.folded != token.text.lower()
                worth = 1.5 if accented and language != "en" else 1.0
                votes[language] += worth if language in gazetteer.languages(token.folded) else 0.3
        for code, worth in _TELLING.items():
            marks = gazetteer.forms.get((code, language), ())
            votes[language] += worth * any(mark in text for mark in marks)
    for token in given:
        known = gazetteer.languages(token.folded) - {ANY}
        if len(known) == 1:
            votes[known.pop()] += 0.5
    votes["en"] += 0.1
    return max(votes, key=lambda language: votes[language])


def rest(gazetteer: Gazetteer, chunks: Sequence[Chunk], language: str) -> list[Chunk]:
    """The pieces again, those without a meaning taken for a part of some name where they can be."""
    out: list[Chunk] = []
    for chunk in chunks:
        if chunk.meanings or chunk.tokens[0].is_number or chunk.tokens[0].is_sign:
            out.append(chunk)
            continue
        before = out[-1] if out else None
        if before is not None and before.worth < 0 and before.end == chunk.start:
            words = [token.folded for token in (*before.tokens, *chunk.tokens)]
            names = gazetteer.partly(words, PARTLY, language)
            if names:
                tokens_ = (*before.tokens, *chunk.tokens)
                out[-1] = Chunk(tokens_, before.start, nearest(names, len(words)), -1.0)
                continue
        names = gazetteer.partly([chunk.tokens[0].folded], PARTLY, language)
        names = [n for n in names if _is_told(gazetteer, chunk.tokens[0].folded, n)]
        out.append(Chunk(chunk.tokens, chunk.start, nearest(names, 1), -1.0) if names else chunk)
    return _without_verbs(_absorbed(out), gazetteer.forms.get(("ending", language), ()))


def _is_told(gazetteer: Gazetteer, word: str, name: Name) -> bool:
    """Whether a word is in a name as it is, where it is too short to be known by its stem."""
    if len(word) < _SHORTEST:
        return False
    return len(word) > _SHORT or any(
        one == word or gazetteer.is_plural(word, one) for one in name.words
    )


def _without_verbs(chunks: Sequence[Chunk], endings: Sequence[str]) -> list[Chunk]:
    """The pieces; a part of a name, or a verb that looks like a name, beside one of its kind says
    no more than that something was done: "repaired roads", "boreholes drilled"."""
    return [
        replace(chunk, meanings=(_DEED,))
        if (chunk.worth < 0 or _is_verb(chunk, endings))
        and (_is_done_to(chunks, at) or _is_done_by(chunks, at) or _is_head(chunks, at))
        else chunk
        for at, chunk in enumerate(chunks)
    ]


def _is_verb(chunk: Chunk, endings: Sequence[str]) -> bool:
    """Whether a word ends as verbs do, and is like a name but not one."""
    folded = chunk.tokens[0].folded
    return len(chunk.tokens) == 1 and chunk.worth < _AS_GIVEN and folded.endswith(tuple(endings))


def _is_done_to(chunks: Sequence[Chunk], at: int) -> bool:
    meaning, after = chunks[at].meaning, [c for c in chunks[at + 1 : at + 3] if not _is_link(c)]
    if meaning is None or meaning.kind != "intervention-type" or not after:
        return False
    return after[0].worth > 0 and after[0].meaning is not None and (
        after[0].meaning.kind == meaning.kind
    )  # fmt: skip


def _is_done_by(chunks: Sequence[Chunk], at: int) -> bool:
    kind, before = "intervention-type", chunks[max(0, at - 1)]
    named = before.worth > 0 and before.meaning is not None and before.meaning.kind == kind
    return named and chunks[at].kind(kind) is not None


def _is_head(chunks: Sequence[Chunk], at: int) -> bool:
    """Whether a part of a name only says of what kind the threat before it is: "flood recovery"."""
    before, chunk = chunks[max(0, at - 1)], chunks[at]
    threat = before.worth > 0 and before.meaning and before.meaning.kind == "threat-type"
    small = len(chunk.tokens) == 1 and not chunk.tokens[0].text[0].isupper()
    return bool(threat and chunk.worth < 0 and small and before.end == chunk.start)


def _is_link(chunk: Chunk) -> bool:
    return bool(chunk.meanings) and all(m.value == "link" for m in chunk.meanings)


def _absorbed(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The pieces, a part of a name made one with the name beside it: "electricity supply"."""
    out: list[Chunk] = []
    for chunk in chunks:
        before = out[-1] if out else None
        if before is not None and before.end == chunk.start:
            for whole, part in ((before, chunk), (chunk, before)):
                if part.worth < 0 and _is_same(whole, part):
                    out[-1] = replace(
                        whole, tokens=before.tokens + chunk.tokens, start=before.start
                    )
                    break
            else:
                out.append(chunk)
        else:
            out.append(chunk)
    return out


def _is_same(whole: Chunk, part: Chunk) -> bool:
    """Whether a part of a name belongs to the name beside it, or both to one name."""
    if whole.meaning is None or whole.meaning.kind not in PARTLY:
        return False
    if whole.worth > 0:
        alike = part.meaning is not None and part.meaning.kind == whole.meaning.kind
        return alike or whole.meaning in part.meanings
    return part.meaning is not None and whole.meaning.value == part.meaning.value


def _respelled(gazetteer: Gazetteer, token: Token, language: str) -> Token:
    """A word with a slip in it put right; any other as it is."""
    known = gazetteer.languages(token.folded) & {language, ANY}
    if known or token.is_number or token.is_sign:
        return token
    better = gazetteer.respell(token.folded, language)
    if better is None or _is_refused(gazetteer, better, language):
        return token
    return Token(better, better, token.start, token.end, better.endswith(gazetteer.plurals))


def _is_refused(gazetteer: Gazetteer, word: str, language: str) -> bool:
    """Whether a word says what the graph does not hold: no slip is taken for it."""
    return any(n.meaning.kind == "not-held" for n in gazetteer.phrases([word], language))


def _verb_first(gazetteer: Gazetteer, given: Sequence[Token], language: str) -> list[Token]:
    """The words with a turned auxiliary before its noun, so that both are read as in other
    questions: "des écoles ont-elles été construites" begins with "ont-elles".

    It stays where a noun is asked for, "quels programmes ont-ils", and follows "où" and "quand".
    """
    words = [token.folded for token in given]
    forms = map(split, gazetteer.forms.get(("turned", language), ()))
    for turned in sorted(forms, key=len, reverse=True):
        for at in range(1, len(words) - len(turned) + 1):
            end = at + len(turned)
            if words[at:end] != turned:
                continue
            begin = 1 if _asks(gazetteer, given[:1], language, _WHEN) and at > 1 else 0
            before = _asks(gazetteer, given[begin:at], language, _ASKING)
            if before or _asks(gazetteer, given[end:], language, _LATE, as_written=True):
                return list(given)
            return [*given[:begin], *given[at:end], *given[begin:at], *given[end:]]
    return list(given)


def _verb_together(gazetteer: Gazetteer, given: Sequence[Token], language: str) -> list[Token]:
    """The words with the parts of a verb that a noun parts side by side before it, so that noun and
    deed stand together: "have schools been repaired"."""
    words = [token.folded for token in given]
    for begin, end in map(split, gazetteer.forms.get(("parted", language), ())):
        if words[:1] == [begin] and (at := words.index(end) if end in words else 0) > 1:
            return [given[0], given[at], *given[1:at], *given[at + 1 :]]
    return list(given)


def _asks(
    gazetteer: Gazetteer,
    given: Sequence[Token],
    language: str,
    codes: Collection[str],
    *,
    as_written: bool = False,
) -> bool:
    """Whether one of some words asks, by these codes; as written, "quién" does, "que" does not."""
    return any(
        name.meaning.value in codes and (not as_written or name.written == token.text.lower())
        for token in given
        for name in gazetteer.phrases([token.folded], language)
    )


def cut(gazetteer: Gazetteer, text: str) -> tuple[str, list[Chunk]]:
    """The language of a question, and its pieces, with slips put right."""
    given = [
        replace(token, several=token.folded.endswith(gazetteer.plurals))
        for token in tokens(text)[:MOST_TOKENS]
    ]
    language = language_of(gazetteer, text, given)
    given = _verb_together(gazetteer, _verb_first(gazetteer, given, language), language)
    chunker = Chunker(gazetteer, language)
    chunks = rest(gazetteer, chunker.cut(given), language)
    unknown = {t for chunk in chunks if not chunk.meanings for t in chunk.tokens}
    mended = [_respelled(gazetteer, t, language) if t in unknown else t for t in given]
    if mended != given:
        chunks = rest(gazetteer, chunker.cut(mended), language)
    return language, chunks
