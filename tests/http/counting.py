"""The application, counting how often it is asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask


class Counting:
    """The application, counting how often it is asked."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.asked = 0

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        return self.app.wsgi_app(environ, start_response)
