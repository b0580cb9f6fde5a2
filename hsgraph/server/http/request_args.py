"""What the addresses of pages ask for: the number of a page, the name of a thing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from flask import request
from werkzeug.exceptions import NotFound

from hsgraph.errors import BadRequest
from hsgraph.languages import later, told
from hsgraph.server.http.openapi import parameters_of_page
from hsgraph.server.site import current

_OF_OTHERS: Final = (
    *("utm_", "fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "twclid"),
    *("ttclid", "igshid", "mc_cid", "mc_eid", "_"),
)
"""Beginnings of what other sites and programs add to addresses, to tell visits apart."""


def number(name: str, default: int, least: int, most: int) -> int:
    """A number that the address gives, or a form; empty fields of forms give none.

    Raises BadRequest for what is none, or out of range.
    """
    given = request.values.get(name) or str(default)
    plain = given.isascii() and given.isdigit() and len(given) <= 9
    if not (plain and least <= int(given) <= most):
        sentence = later("“{1}” must be a number from {2} to {3}.")
        raise BadRequest(told(sentence, name, f"{least:,}", f"{most:,}"))
    return int(given)


def page_number() -> int:
    """`?page=`, from 1. Raises BadRequest."""
    return number("page", 1, 1, 100_000)


def check_page(page: int, pages: int) -> None:
    """Raise NotFound for a page that a list has not."""
    if page > pages:
        sentence = later("This list has {1} pages; there is no page {2}.")
        raise NotFound(told(sentence, pages, page))


def check_parameters() -> None:
    """Refuse what /openapi.json does not say of a page: it would be passed over, as a second value
    is of what is asked for once."""
    rule = request.url_rule
    if rule is None or not request.query_string:
        return
    if (known := parameters_of_page(rule.endpoint, rule.rule)) is None:
        return
    only_known_parameters(tuple(known))
    for name, repeated in known.items():
        if not repeated and len({*request.args.getlist(name)}) > 1:
            raise BadRequest(told(later("“{1}” can be given only once."), name))


def only_known_parameters(known: Sequence[str]) -> None:
    """Raise BadRequest for a parameter that would be passed over, and so give a wrong list."""
    for name in request.args:
        if name not in (*known, "lang") and not name.startswith(_OF_OTHERS):
            raise BadRequest(
                told(later("There is no parameter “{1}” here."), name[:60]),
                remedy=told(later("There is: {1}."), ", ".join(known)),
            )


def word(name: str, among: Collection[str], default: str = "") -> str:
    """One of a few words, or the default. Raises BadRequest for any other."""
    given = request.args.get(name) or default
    if given not in (default, *among):
        raise BadRequest(told(later("“{1}” must be one of: {2}."), name, ", ".join(among)))
    return given


def thing_of(parameter: str) -> str:
    """The IRI of what a parameter names: `project/…`, `vocab/…` or an IRI. Raises BadRequest."""
    if not (name := request.args.get(parameter, "")):
        raise BadRequest(told(later("The address says no “{1}”: add ?{1}=… to it."), parameter))
    return current().graph.resolve(name)
