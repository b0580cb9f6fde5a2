"""Turns the engine's complaint about a query into words: where, what is wrong, what was expected.

Common mistakes are recognised first; otherwise the grammar says which token is the first that has
no place, and what has one. The parser itself reports the furthest place that it reached.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from string import ascii_letters, digits
from typing import Final

from pyoxigraph import NamedNode

from hsgraph.engine.sparql.guard import Names
from hsgraph.engine.sparql.lexer import Token, offset_of, pieces, position, tokens
from hsgraph.engine.sparql.misplaced import NO_IRI, NOT_HERE, misplaced, shortened
from hsgraph.engine.sparql.mistakes import either, mistake, place_of
from hsgraph.errors import EngineUnavailable, HsgraphError, QuerySyntaxError
from hsgraph.namespaces import PREFIXES

_COMPLAINT: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_CLASS: Final = re.compile(r"\[(?:'.'|[^\]])*+\]", re.DOTALL)
_KEYWORD: Final = re.compile(r"[A-Z_]+")
_WORD: Final = re.compile(r"[\w.-]+")
_FUNCTION: Final = re.compile(r"function <([^>]*)> (is not supported|requires)")
MARGIN: Final = "\n" + " " * 20
"""What follows a query whose mistakes are to be told: the parser compares as many characters as a
keyword has, and where there are fewer it tells the end of the query instead of the place."""
_WHOLE_IRI: Final = re.compile(r"<[A-Za-z][\w+.-]*:[^\\]*>")
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_PLAIN: Final = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_{|}~\u00b7")
_USUAL: Final = _PLAIN | frozenset(" \t\r\n" + ascii_letters + digits)
_CONTROLS: Final = {
    "\x0b": "line tabulation",
    "\x0c": "form feed",
    "\x85": "next line",
}
_QUOTES: Final = {
    **dict.fromkeys("“”„‟＂〝〞", ("curly quotation mark", '"')),
    **dict.fromkeys("‘’‚‛＇", ("curly apostrophe", "'")),
}
_MEANT: Final = {
    **dict.fromkeys("‐‑‒–—―−", "-"),
    **dict.fromkeys("⟨〈〈‹", "<"),
    **dict.fromkeys("⟩〉〉›", ">"),
    **dict.fromkeys("`´′", "'"),
    **dict.fromkeys("«»″", '"'),
    "×": "*",
    "∧": "&&",
    "∨": "||",
    "¬": "!",
    "≠": "!=",
    "≤": "<=",
    "≥": ">=",
}


def syntax_error(query: str, complaint: str) -> QuerySyntaxError:
    """The error for a query the engine's parser refused with this complaint."""
    found, match = tokens(query), _COMPLAINT.match(complaint)
    wrong = misplaced(query, found) if match else None
    end = wrong[0] if wrong else len(query)
    odd = _odd_sign(query)
    if odd and _WORD.fullmatch(query, end, odd[1]):
        end = odd[1]
    known = (
        odd,
        _string(found),
        _iri(found),
        _prefix(query, found),
        None if _string(found) else _bracket(query, found) or (match and mistake(found)),
    )
    seen = next((each for each in known if each and each[1] <= end), None)
    if seen:
        return _error(seen[0], *position(query, seen[1]))
    if wrong:
        offset, said, expected = wrong
        return _error(said, *position(query, offset), expected)
    if match is None:
        return QuerySyntaxError(_sentence(complaint))
    return _at(query, found, int(match[1]), int(match[2]), match[3])


def unanswerable(query: str, complaint: str) -> HsgraphError:
    """The error for a query that parsed and could not be evaluated, from the engine's words."""
    match = _FUNCTION.search(complaint)
    if match is None:
        return EngineUnavailable(f"The query could not be evaluated: {_sentence(complaint)}")
    iri, found = match[1], tokens(query)
    names = Names.of(found)
    start = next((token.start for token in found if names.resolve(token) == iri), 0)
    wrong = "is not known here" if "not supported" in match[2] else "takes another number of values"
    return _error(f"The function <{iri}> {wrong}.", *position(query, start))


def _error(
    message: str, line: int, column: int, expected: tuple[str, ...] = ()
) -> QuerySyntaxError:
    tail = f" Expected {either(expected)}." if expected else ""
    return QuerySyntaxError(
        f"Line {line}, column {column}: {message}{tail}",
        line=line,
        column=column,
        expected=expected,
    )


def _at(query: str, found: Sequence[Token], line: int, column: int, said: str) -> QuerySyntaxError:
    """What the parser says of a query that is as the grammar has it, in its place."""
    choices = _CLASS.sub("", said).split(", ")
    sayings = [part for part in choices if re.search(r"[a-z]+ [a-z]", part)]
    offset = offset_of(query + MARGIN, line, column)
    if all(_KEYWORD.fullmatch(choice) for choice in choices):
        # Keywords are told where they would have ended.
        offset -= min(map(len, choices))
    if sayings and sayings[0].startswith("IRI "):
        start = query.rfind("<", 0, offset)
        return _error(NO_IRI.format(shortened(query[start:offset])), *position(query, start))
    if sayings:
        place = place_of(sayings[0], found)
        offset = min(offset, len(query)) if place is None else place
        return _error(_sentence(sayings[0]), *position(query, offset))
    after = next((t for t in found if t.start + len(t.text) > offset), None)
    if after is None:
        return _error("The query ends too early.", *position(query, len(query)))
    return _error(NOT_HERE.format(shortened(after.text)), *position(query, after.start))


def _odd_sign(query: str) -> tuple[str, int] | None:
    """The first character that SPARQL has no place for outside texts: what to say, and its offset.

    They come from word processors and web pages, and look like what was meant.
    """
    for piece in pieces(query):
        if piece.kind not in ("space", "mark", "number"):
            continue
        for offset, sign in enumerate(piece.text, start=piece.start):
            if sign not in _USUAL:
                return _sign_said(sign), offset
    return None


def _sign_said(sign: str) -> str:
    name, instead = _QUOTES.get(sign, ("", ""))
    name = name or _CONTROLS.get(sign) or unicodedata.name(sign, "").lower()
    instead = instead or _MEANT.get(sign) or _ascii(sign)
    code = f"U+{ord(sign):04X}" + (f" ({name})" if name else "")
    return f"{code} has no place here; " + (f"write {instead}" if instead else "leave it out") + "."


def _ascii(sign: str) -> str:
    if sign.isspace():
        return "a space"
    if sign.isdigit():
        return str(unicodedata.digit(sign))
    plain = unicodedata.normalize("NFKC", sign)
    return plain if len(plain) == 1 and plain in _PLAIN else ""


def _string(found: Sequence[Token]) -> tuple[str, int] | None:
    for token in found:
        if token.kind == "unclosed":
            return "A text begins here and is not closed on its line.", token.start
    return None


def _iri(found: Sequence[Token]) -> tuple[str, int] | None:
    for token in found:
        if token.kind == "iri" and _WHOLE_IRI.match(token.text):
            try:
                NamedNode(token.text[1:-1])
            except ValueError:
                return NO_IRI.format(shortened(token.text)), token.start
    return None


def _prefix(query: str, found: Sequence[Token]) -> tuple[str, int] | None:
    declared = PREFIXES.keys() | Names.of(found).prefixes
    for token in found:
        if token.kind == "language" and token.upper in ("@PREFIX", "@BASE"):
            word = token.upper[1:]
            return f"Write {word} without “@”, and without a full stop at its end.", token.start
        prefix = token.text.partition(":")[0]
        if token.kind == "prefixed" and prefix not in declared:
            if query.startswith("//", token.start + len(prefix) + 1):
                said = "An IRI stands between < and >, without spaces and such signs as | and {."
                return said, token.start - query.endswith("<", 0, token.start)
            return (
                f"The prefix “{prefix}:” is not declared. "
                f"Put PREFIX {prefix}: <…> at the top of the query.",
                token.start,
            )
    return None


def _bracket(query: str, found: Sequence[Token]) -> tuple[str, int] | None:
    opened: list[Token] = []
    for token in found:
        if token.kind == "mark" and token.text in _CLOSING:
            opened.append(token)
        elif token.kind == "mark" and token.text in _CLOSING.values():
            if not opened:
                return f"This “{token.text}” closes nothing.", token.start
            last = opened.pop()
            if _CLOSING[last.text] != token.text:
                line, column = position(query, last.start)
                return (
                    f"“{_CLOSING[last.text]}” was expected here, for the “{last.text}” "
                    f"opened at line {line}, column {column}.",
                    token.start,
                )
    if opened:
        return f"This “{opened[-1].text}” is never closed.", opened[-1].start
    return None


def _sentence(text: str) -> str:
    text = text.strip().rstrip(".")
    return text[:1].upper() + text[1:] + "."
