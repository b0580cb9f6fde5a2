"""Names of organisations in a list: which and belongs to a name, and which stands between two."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Final

from hsgraph.curate.known import Found
from hsgraph.curate.words import either, plain, words, words_of

_JOIN: Final = re.compile(rf"(\s*,\s*(?:(?:{either('and')})\s+)?|\s+(?:{either('and')})\s+)")
ARTICLE: Final = rf"(?:{either('article')})\b"
"""What stands before the name of an organisation in a sentence or list."""


def split_names(text: str) -> list[str]:
    """The names of a list; Ministry of Women, Children and Social Welfare is one."""
    first, *rest = _JOIN.split(text)
    names = [first]
    for join, piece in zip(rest[::2], rest[1::2], strict=True):
        if _is_body(names[-1]) and _is_portfolio(piece):
            names[-1] += join + piece
        else:
            names.append(piece)
    return names


def goes_on(text: str, start: int, end: int) -> bool:
    """Whether a name that was found is but the beginning of a longer one."""
    following = _JOIN.match(text, end)
    if following is None or not _is_body(text[start:end]):
        return False
    return _is_portfolio(_JOIN.split(text[following.end() :])[0])


def whole(text: str, hit: Found, *, agency: bool) -> Found:
    """A name found by its letters in brackets, with the words before them that they stand for.

    An agency has letters of one language and a name of another: all the words are its name.
    """
    before = text[: hit.start]
    letters = plain(text[hit.start : hit.end])
    if not before.endswith("(") or not letters.isalpha():
        return hit
    *_, stretch = re.split(r"[,;:()]", before[:-1])
    first = len(before) - 1 - len(stretch)
    for word in reversed(words_of(stretch)):
        letters = letters.removesuffix(word.plain[0])
        if not letters:
            return replace(hit, start=first + word.start)
    return replace(hit, start=first) if agency else hit


def bare(text: str) -> str:
    """A name of a list without the word that joins it to the others, and its article."""
    return re.sub(
        rf"^\s*(?:{either('and')}|{either('the')})\s+", "", text.strip(" ,.;"), flags=re.I
    ).strip(" ,.;")


def all_names(text: str, hits: list[Found]) -> bool:
    """Whether there is nothing but names, or nothing that is a name of its own."""
    return bool(hits) and not re.search(
        r"[A-Za-z]{4}",
        re.sub(
            rf"\(.*?\)|{either('lead')}|{either('agency')}", "", without(text, hits), flags=re.I
        ),
    )


def without(text: str, hits: list[Found]) -> str:
    """The text with the names found taken out, and abbreviations in brackets after them."""
    for hit in reversed(hits):
        text = text[: hit.start] + ", " + re.sub(r"^\s*\([\w\s-]{2,12}\)", "", text[hit.end :])
    return text


def looks_like_one(text: str, *, areas: bool = False) -> bool:
    """Whether words of a sentence are the name of an organisation, or of an area with `areas`."""
    name = re.sub(rf"^(?:{ARTICLE})\s*", "", text.strip(" ,.;:"), flags=re.I)
    listed = {word.plain for word in words_of(name)}
    told = _names() | (frozenset(map(plain, words().phrases["area"])) if areas else frozenset())
    return bool(name[:1].isupper() and len(listed) > 1 and listed & told)


def remark_after(text: str) -> str:
    """What is said of a name in a comma after it, where a comma or the end stands next."""
    remark = rf"\s*,\s*((?:(?:{either('the')})\s+)?(?:{either('lead')})(?:\s+\w+)?)\s*(?=[,;.]|$)"
    found = re.match(remark, re.sub(r"^\s*\([^)]*\)|^\)", "", text), re.I)
    return found[1] if found else ""


def end_of_names(text: str) -> str:
    """The part of a sentence in which organisations are listed: up to its next verb."""
    return re.split(rf",?\s(?:{either('names-end')})\s", text, maxsplit=1)[0]


def _is_body(name: str) -> bool:
    return (
        re.search(
            rf"\b(?:{either('body')})\b.*?\b(?:{either('of-body')})\b"
            rf"|\b(?:{either('of-body-elided')})",
            name,
            re.I,
        )
        is not None
    )


def _is_portfolio(piece: str) -> bool:
    """Whether a piece has nothing but what an authority sees to, and perhaps its country."""
    head = re.split(rf"\s+(?:{either('of-place')})\s+|\s*\(", piece.strip())[0]
    if re.match(rf"(?:{either('the')})\s", head, re.I):
        return False
    listed = [word.plain for word in words_of(head)]
    return bool(listed) and all(word in _portfolio() for word in listed)


@cache
def _portfolio() -> frozenset[str]:
    phrases = words().phrases
    return frozenset(plain(word) for word in (*phrases["portfolio"], *phrases["small"]))


@cache
def _names() -> frozenset[str]:
    phrases = words().phrases
    return frozenset(plain(word) for word in (*phrases["body"], *phrases["organisation"]))
