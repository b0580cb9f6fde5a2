"""Templates in the reader's language: their sentences are looked up when a template is loaded.

So a page costs the same in each language.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from flask import Flask
from jinja2 import BaseLoader, Environment, FileSystemBytecodeCache

from hsgraph import resources
from hsgraph.languages import DEFAULT, catalogue, interface
from hsgraph.languages.sentences import rewritten

_COLON: Final = re.compile(r"(?<=[}]):(?= |</span>)")
_BEFORE_COLON: Final = {"fr": "\u00a0"}
"""What stands before a colon that follows a value."""
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
        said = _COLON.sub(_BEFORE_COLON.get(self._language, "") + ":", said)
        return said.replace(_THOUSANDS, "in_figures("), f"{file}.{self._language}", uptodate


def keep_compiled(folder: Path) -> None:
    """Keep what templates of all applications are compiled to in a folder that can be written to.

    What is found there is checked against the template's text.
    """
    with suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            Application.jinja_options = {"bytecode_cache": FileSystemBytecodeCache(str(folder))}


class Application(Flask):
    """Renders templates in the language of the reader."""

    def __init__(self, name: str) -> None:
        web = resources.web_dir()
        super().__init__(
            name,
            static_folder=web / "static",
            static_url_path="/static",
            template_folder=web / "templates",
        )

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """The function as it is: none of ours is asynchronous, which Flask would find out anew."""
        return func

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
