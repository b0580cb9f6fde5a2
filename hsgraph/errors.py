"""The exceptions of hsgraph: each carries a message for the person who sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


class HsgraphError(Exception):
    """Base of all our errors.

    `status` is the HTTP status a front end answers with; `slug` names the kind of problem
    in problem documents (RFC 9457, `type`); `remedy` says what to do next, where we know.
    """

    status: ClassVar[int] = 500
    slug: ClassVar[str] = "error"
    title: ClassVar[str] = "Something went wrong"

    def __init_subclass__(
        cls, *, status: int | None = None, slug: str | None = None, title: str | None = None
    ) -> None:
        """What a kind of error does not say of itself is as for the kind above it."""
        cls.status, cls.slug, cls.title = status or cls.status, slug or cls.slug, title or cls.title

    def __init__(self, message: str, *, remedy: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


class SettingsError(HsgraphError, slug="bad-setting", title="A setting is wrong"):
    """A setting has a value it cannot have."""


@dataclass(frozen=True)
class Place:
    """A place in a file; lines and columns count from 1."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        parts = [self.file, self.line, self.column]
        return ":".join(str(part) for part in parts if part is not None)


class SourceError(HsgraphError, slug="bad-source", title="A source file cannot be read"):
    """A source file cannot be read: a syntax error, a blank node where none may be, not UTF-8."""

    def __init__(
        self, message: str, *, place: Place, text: str | None = None, remedy: str | None = None
    ) -> None:
        super().__init__(message, remedy=remedy)
        self.place = place
        self.text = text


class SourceErrors(SourceError, title="Source files cannot be read"):
    """Several source files cannot be read; `errors` holds one error for each, in file order."""

    def __init__(self, errors: tuple[SourceError, ...]) -> None:
        listed = "\n".join(f"{error.place}: {error.message}" for error in errors)
        super().__init__(f"{len(errors)} files cannot be read:\n{listed}", place=errors[0].place)
        self.errors = errors


def raise_any(errors: Sequence[SourceError]) -> None:
    """Raise the error where there is one, and all together where there are more."""
    if errors:
        raise errors[0] if len(errors) == 1 else SourceErrors(tuple(errors))


class ValidationFailed(HsgraphError, slug="invalid-data", title="The data does not validate"):
    """The data breaks its shapes; `report` is the `hsgraph.build.check.report.Report`."""

    def __init__(self, message: str, *, report: object) -> None:
        super().__init__(message, remedy="Mend the places named and build again.")
        self.report = report


class SnapshotError(HsgraphError, status=503, slug="no-snapshot", title="No data to serve"):
    """There is no snapshot, or it is damaged."""


class UnknownEntity(
    HsgraphError, status=404, slug="unknown-entity", title="Nothing here has this address"
):
    """Nothing in the graph has this IRI."""


class NotAcceptable(HsgraphError, status=406, slug="not-acceptable", title="Not in this format"):
    """None of the formats asked for can be given; `available` lists the media types there are."""

    def __init__(self, message: str, *, available: tuple[str, ...]) -> None:
        super().__init__(message, remedy="Ask for one of: " + ", ".join(available))
        self.available = available


class BadRequest(
    HsgraphError, status=400, slug="bad-request", title="The request cannot be understood"
):
    """A request cannot be understood; the message names the parameter or header."""


class QuerySyntaxError(
    HsgraphError, status=400, slug="query-syntax", title="The query is not valid SPARQL"
):
    """A query is not SPARQL 1.1; lines and columns count from 1."""

    def __init__(
        self,
        message: str,
        *,
        line: int | None = None,
        column: int | None = None,
        expected: tuple[str, ...] = (),
    ) -> None:
        super().__init__(message)
        self.line = line
        self.column = column
        self.expected = expected


class QueryRefused(
    HsgraphError,
    status=400,
    slug="query-refused",
    title="The query asks for what is not allowed here",
):
    """A query asks for what this server does not do (update, LOAD, SERVICE not allowed)."""


class UpdateRefused(QueryRefused, status=403, slug="read-only", title="This graph is read-only"):
    """A SPARQL update or a write by the Graph Store Protocol."""


class QueryTooLarge(
    HsgraphError, status=413, slug="query-too-large", title="The query is too long"
):
    """A query text is longer than the setting allows."""


class QueryTimeout(HsgraphError, status=503, slug="query-timeout", title="The query took too long"):
    """A query ran past its deadline and was stopped; `seconds` is the deadline."""

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"The query was stopped after {seconds:g} seconds.",
            remedy="Ask for less: add a LIMIT, name the class of each variable, "
            "or download the data and query it on your own machine.",
        )
        self.seconds = seconds


class QueryOutOfMemory(
    HsgraphError, status=503, slug="query-memory", title="The query needs too much memory"
):
    """A query needed more memory than a runner has."""


class ResultTooLarge(
    HsgraphError, status=413, slug="result-too-large", title="The result is too large"
):
    """A result has more rows or bytes than the setting allows; it is never cut silently."""


class EngineBusy(HsgraphError, status=503, slug="busy", title="Too many queries at the moment"):
    """Every runner is at work and the queue is full; `retry_after` is in seconds."""

    def __init__(self, message: str, *, retry_after: int = 1) -> None:
        super().__init__(message, remedy=f"Try again in {retry_after} s.")
        self.retry_after = retry_after


class EngineUnavailable(
    HsgraphError,
    status=502,
    slug="engine-unavailable",
    title="The database behind this site does not answer",
):
    """A remote engine does not answer, or answers what cannot be understood."""
