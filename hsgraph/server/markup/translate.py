"""Templates in the reader's language: their sentences are looked up when a template is loaded.

So a page costs the same in each language.
"""

from __future__ import annotations

from typing import Any, Final

from flask import Flask
from jinja2 import BaseLoader, Environment

from hsgraph.languages import DEFAULT, catalogue, interface
from hsgraph.languages.sentences import rewritten

_THOUSANDS: Final = "'{:,}'.format("


class Translating(BaseLoader):
    """Loads what another loader does, in another language."""

    def __init__(self, inner: BaseLoader, language: str) -> None:
        self._inner = inner
        self._language = language

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Any]:
        source, file, uptodate = self._inner.get_source(environment, template)
        if not template.endswith(".html"):
            return source, file, uptodate
        words = catalogue(self._language)
        said = rewritten(source, lambda text: words.get(text, text))
        return said.replace(_THOUSANDS, "in_figures("), f"{file}.{self._language}", uptodate


class Application(Flask):
    """Renders templates in the language of the reader."""

    @property
    def jinja_env(self) -> Any:
        language = interface()
        made: dict[str, Environment] = self.extensions.setdefault("hsgraph-languages", {})
        if DEFAULT not in made:
            made[DEFAULT] = self.create_jinja_environment()
        if language not in made:
            english = made[DEFAULT]
            loader = Translating(english.loader, language)  # type: ignore[arg-type]
            made[language] = english.overlay(loader=loader)
        return made[language]
