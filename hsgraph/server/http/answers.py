"""What a route answers, said beside it: types, redirects, parameters; for openapi.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from hsgraph.formats import HTML, Format

FORM: Final = "application/x-www-form-urlencoded"
PAGED: Final = {"page": "the number of the page, from 1"}
"""The parameter of what comes in pages."""
LANGUAGE: Final = {"lang": "the language: en, fr, es, ar, ru or zh"}
"""The parameter of what names things."""
View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Answers:
    """What a view answers.

    A `Format` is chosen by `Accept` and `?format=`, a media type in words by the view itself;
    without any the suffix of the address tells, else it is a page. `sends` are the statuses of
    its redirects, and with `only_sends` there is nothing else. `fails` are those of failures that
    are told in these types too. `body` are the types of what is posted.
    """

    types: tuple[Format | str, ...] = ()
    sends: tuple[int, ...] = ()
    only_sends: bool = False
    fails: tuple[int, ...] = ()
    parameters: Mapping[str, str] = field(default_factory=dict)
    body: tuple[str, ...] = ()

    @property
    def negotiated(self) -> bool:
        """Whether a client chooses among formats."""
        return sum(isinstance(each, Format) for each in self.types) > 1

    def media_types(self, rule: str) -> tuple[str, ...]:
        """The types of what a route with this rule answers with 200."""
        suffix = rule.rpartition("/")[2].rpartition(".")[2]
        if suffix == "gz" or (not self.types and suffix in _OF_SUFFIXES):
            return (_OF_SUFFIXES[suffix],)
        types = self.types or (HTML,)
        named = (each.media_type if isinstance(each, Format) else each for each in types)
        return tuple(name.partition(";")[0] for name in named)


_OF_SUFFIXES: Final = {
    "csv": "text/csv",
    "gz": "application/gzip",
    "json": "application/json",
    "jsonld": "application/ld+json",
    "ttl": "text/turtle",
    "txt": "text/plain",
    "xml": "application/xml",
}
_SAID: Final[dict[Callable[..., Any], Answers]] = {}


def answers(
    *types: Format | str,
    sends: tuple[int, ...] = (),
    only_sends: bool = False,
    fails: tuple[int, ...] = (),
    parameters: Mapping[str, str] | None = None,
    body: tuple[str, ...] = (),
) -> Callable[[View], View]:
    """Say what the view below answers; see `Answers`."""

    def say(view: View) -> View:
        _SAID[view] = Answers(types, sends, only_sends, fails, parameters or {}, body)
        return view

    return say


def answers_of(view: Callable[..., Any]) -> Answers:
    """What is said of a view; nothing is said of most pages, and of what its suffix tells."""
    return _SAID.get(view, Answers())
