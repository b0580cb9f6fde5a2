"""Well-known JSON-LD contexts put in the place of their addresses, since nothing is fetched.

`contexts.json` holds what is needed of each: where its terms are, those that lie elsewhere, and by
type those whose texts are IRIs or dates. That of the project is known too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from hsgraph.build.read.source_text import DEEPEST, too_deep
from hsgraph.errors import Place, SourceError
from hsgraph.namespaces import BASE
from hsgraph.resources import ontology_dir

_TEXT: Final = re.compile(r'"(?:[^"\\]|\\.)*+"')
_PIECE: Final = re.compile(rf"(?P<key>{_TEXT.pattern})\s*:|{_TEXT.pattern}|[\[\]{{}}]")
_SCHEME: Final = re.compile(r"https?://")
_BRACKET: Final = re.compile(r"[\[\]{}]")


def with_contexts(text: str, name: str) -> str:
    """A JSON-LD text with known contexts written out, and all else, lines too, as it stands.

    Raises SourceError if it nests too deep.
    """
    _refuse_deep(text, name)
    addresses, contexts = _known()
    plain = _without_escapes(text)
    if not any(f"://{address}" in plain for address in addresses):
        return text
    with suppress(ValueError):  # which the parser tells with its line
        _refuse_another_vocabulary(json.loads(text), name)
    pieces, end = [], 0
    for found in _contexts(text):
        known = addresses.get(_stem(_without_escapes(found[0]).strip('"')))
        if known:
            pieces += [text[end : found.start()], json.dumps(contexts[known], ensure_ascii=False)]
            end = found.end()
    return "".join([*pieces, text[end:]])


def unknown(text: str) -> tuple[str, int] | None:
    """The address of the first context of a JSON-LD text that is not known, with its line."""
    addresses, _ = _known()
    for found in _contexts(text):
        address = _without_escapes(found[0]).strip('"')
        if _stem(address) not in addresses:
            return address, text.count("\n", 0, found.start()) + 1
    return None


def _refuse_another_vocabulary(document: Any, name: str) -> None:
    """Raise SourceError where a `@vocab` follows a known context, whose terms are named by its own.

    The contexts themselves name each term, which a later `@vocab` would leave as it is.
    """
    addresses, known = _known()
    for contexts in _lists_of_contexts(document):
        vocabulary = None
        for each in contexts:
            if isinstance(each, str) and (found := addresses.get(_stem(each))):
                vocabulary = known[found].get("@vocab")
            elif each is None:
                vocabulary = None
            elif (
                vocabulary
                and isinstance(each, dict)
                and each.get("@vocab", vocabulary) != vocabulary
            ):
                raise SourceError(
                    f"Another @vocab after a known context, {each['@vocab']}, would name the terms "
                    "of that context too.",
                    place=Place(name),
                    remedy="Give each term of yours its IRI there instead.",
                )


def _lists_of_contexts(document: Any) -> Iterator[list[Any]]:
    waiting = [document]
    while waiting:
        each = waiting.pop()
        if isinstance(each, dict):
            if isinstance(contexts := each.get("@context"), list):
                yield contexts
            waiting += each.values()
        elif isinstance(each, list):
            waiting += each


def _contexts(text: str) -> Iterator[re.Match[str]]:
    """The texts that are the value of an `@context`, or one of its list."""
    awaited, lists = False, [False]
    for found in _PIECE.finditer(text):
        if found["key"]:
            awaited = found["key"] == '"@context"'
            continue
        if found[0] in "[{":
            lists.append(awaited and found[0] == "[")
        elif found[0] in "]}":
            if len(lists) > 1:
                lists.pop()
        elif awaited or lists[-1]:
            yield found
        awaited = False


def _without_escapes(text: str) -> str:
    """A text without the backslash that some programs write before each slash."""
    return text.replace("\\/", "/")


def _stem(address: str) -> str:
    """An address without what people leave out or write in two ways."""
    return _SCHEME.sub("", address).rstrip("/")


def _refuse_deep(text: str, name: str) -> None:
    plain = _TEXT.sub('""', text)
    depth = 0
    for found in _BRACKET.finditer(plain):
        depth += 1 if found[0] in "[{" else -1
        if depth > DEEPEST:
            line = plain.count("\n", 0, found.start()) + 1
            raise too_deep("JSON", name, line)


@lru_cache(maxsize=1)
def _known() -> tuple[dict[str, str], dict[str, Any]]:
    content = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
    addresses = {_stem(address): name for address, name in content["addresses"].items()}
    contexts = content["contexts"]
    for name, types in content["coercions"].items():
        for type_, terms in types.items():
            contexts[name] |= {term: {"@type": type_} for term in terms}
    ours = json.loads((ontology_dir() / "context.jsonld").read_text("utf-8"))["@context"]
    return addresses | {_stem(f"{BASE}context.jsonld"): "hsgraph"}, contexts | {"hsgraph": ours}
