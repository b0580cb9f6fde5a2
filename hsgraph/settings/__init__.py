"""Every setting of hsgraph in one table, read from a TOML file, the environment and arguments."""

from __future__ import annotations

import os
import sys
import tomllib
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from hsgraph import resources
from hsgraph.errors import SettingsError
from hsgraph.settings.addresses import PASSWORD_VARIABLE, USER_VARIABLE, check_addresses

ENVIRONMENT_PREFIX: Final = "HSGRAPH_"
LONGEST: Final = 86_400
"""Seconds of a day: clocks of the kernel take no number of any size."""
MANY: Final = 1000
"""More processes or threads than any machine would have use for."""
FILE_VARIABLE: Final = "HSGRAPH_SETTINGS"
"""The environment variable that names a TOML file of settings."""
_OTHER_VARIABLES: Final = (FILE_VARIABLE, USER_VARIABLE, PASSWORD_VARIABLE)
_OTHER_PROGRAMS: Final = ("HSGRAPH_TEST_", "HSGRAPH_BENCH_")
"""How variables begin that the tests and benchmarks read."""
_WEB: Final = ("http", "https")


def row(
    default: object,
    help: str,
    *,
    at_least: float | None = None,
    at_most: float | None = None,
    choices: tuple[str, ...] = (),
    schemes: tuple[str, ...] = (),
) -> Any:
    """One row of the table; with `schemes`, an address of one of them, or empty.

    Seconds are a day's at most, and whole numbers those that the system has room for.
    """
    most = LONGEST if isinstance(default, float) else sys.maxsize
    about = {
        "help": help,
        "at_least": at_least,
        "at_most": most if at_most is None else at_most,
        "choices": choices,
        "schemes": schemes,
    }
    return field(default=default, metadata=about)


@dataclass(frozen=True)
class Settings:
    """The settings of one process; see docs/settings.md."""

    host: str = row("127.0.0.1", "address to listen on; 0.0.0.0 for every network interface")
    port: int = row(5000, "port to listen on", at_least=0, at_most=65535)
    workers: int = row(2, "processes that answer requests", at_least=1, at_most=MANY)
    threads: int = row(4, "threads in each of these processes", at_least=1, at_most=MANY)
    connections: int = row(
        10_000, "open connections that each of these processes has at most", at_least=1
    )
    header_seconds: float = row(
        15.0, "longest wait for the headers of a request, and for the next request", at_least=1
    )
    stop_seconds: float = row(
        10.0, "time to finish requests in when the server is stopped", at_least=0
    )
    watch_seconds: float = row(
        0.5, "how often serve --watch looks for changed files, in seconds", at_least=0.05
    )
    base: str = row(
        "",
        "public address of this server, such as https://example.org/; empty: as requested",
        schemes=_WEB,
    )
    contribute_url: str = row(
        "",
        "where a new programme is proposed, with {title} and {body} in it, such as an address "
        "for new issues or a mailto: link; empty: no link",
        schemes=(*_WEB, "mailto"),
    )
    proxies: int = row(
        0, "reverse proxies in front whose X-Forwarded headers are believed", at_least=0
    )
    trusted_hosts: tuple[str, ...] = row(
        (), "host names that requests may be addressed to; any unless named"
    )
    url_length: int = row(
        32_000, "most bytes in the address of a request; more are answered 414", at_least=200
    )
    snapshots: Path = row(resources.snapshots_dir(), "folder for the snapshots of every project")
    endpoint: str = row(
        "",
        "SPARQL endpoint that is served instead of a snapshot, such as http://…/sparql",
        schemes=_WEB,
    )
    query_seconds: float = row(10.0, "deadline of a query from outside, in seconds", at_least=0.1)
    query_bytes: int = row(100_000_000, "most bytes a query from outside may return", at_least=1)
    query_memory: int = row(
        2_000_000_000, "most bytes of memory one query may take on top of the data", at_least=1
    )
    query_length: int = row(100_000, "most characters in the text of a query", at_least=1)
    export_rows: int = row(100_000, "most rows of a list that is exported", at_least=1)
    runners: int = row(
        2, "queries from outside that run at the same time", at_least=1, at_most=MANY
    )
    queue: int = row(16, "queries that may wait for a runner; more are answered 503", at_least=0)
    queue_seconds: float = row(5.0, "longest wait for a runner, in seconds", at_least=0)
    runner_seconds: float = row(
        60.0,
        "time from its first query after which a runner is replaced as soon as no query waits, "
        "which gives back the memory that it has copied",
        at_least=0.1,
    )
    memory_statements: int = row(
        2_000_000,
        "statements up to which queries from outside run over data in memory; more are read from "
        "disk, several times slower, in a fraction of the memory",
        at_least=0,
    )
    slow_seconds: float = row(
        1.0,
        "queries from outside that take longer are logged as slow, with how they begin",
        at_least=0,
    )
    unsent_bytes: int = row(
        300_000_000,
        "bytes of large answers that clients have not taken yet, for each process; more are "
        "answered 503",
        at_least=1,
    )
    cache_bytes: int = row(32_000_000, "memory for finished answers, for each process", at_least=0)
    page_size: int = row(50, "entries on one page of a list", at_least=1, at_most=1000)
    fragment_size: int = row(100, "triples on one page of a fragment", at_least=1, at_most=10_000)
    allow_service: tuple[str, ...] = row(
        (), "SPARQL endpoints that queries may call with SERVICE; none unless named", schemes=_WEB
    )
    feedback_url: str = row(
        "",
        "where “Wrong or missing?” leads, https://… or mailto:…, with {address} and {title} of the "
        "page; empty: to what /about says of contributions",
        schemes=(*_WEB, "mailto"),
    )
    log_level: str = row(
        "info", "least important message to log", choices=("debug", "info", "warning", "error")
    )
    log_format: str = row("text", "form of the log", choices=("text", "json"))


_TYPES: Final = typing.get_type_hints(Settings)
_READ: Final[dict[Any, tuple[str, Callable[[str], object]]]] = {
    str: ("text", str),
    int: ("whole number", lambda text: int(text.replace("_", ""))),
    float: ("number", float),
    Path: ("folder", Path),
    tuple[str, ...]: ("list", lambda text: text.replace(",", " ").split()),
}
"""What the type of a setting is called, and what reads it from text."""

SETTINGS: Final = {setting.name: setting for setting in fields(Settings)}
"""The rows of the table, with the metadata of `row`."""


def variable(name: str) -> str:
    """The environment variable of a setting."""
    return ENVIRONMENT_PREFIX + name.upper()


def kind(name: str) -> str:
    """What the type of a setting is called."""
    return _READ[_TYPES[name]][0]


def load(
    file: Path | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    **overrides: object,
) -> Settings:
    """Settings from a TOML file, then the environment, then arguments; the later ones win.

    Without `file`, the one that `HSGRAPH_SETTINGS` names is read, if any. Overrides that are
    `None` are left out, so that options of a command line can be passed as they are. Raises
    `SettingsError` on an unknown name, and on a value that a setting cannot have.
    """
    environ = os.environ if environ is None else environ
    if file is None and environ.get(FILE_VARIABLE):
        file = Path(environ[FILE_VARIABLE])
    values: dict[str, object] = {}
    if file is not None:
        for name, value in _read_file(file).items():
            values[name] = _checked(name, value, f"{file}: {name}")
    for name in _named_in(environ):
        values[name] = _parsed(name, environ[variable(name)])
    for name, value in overrides.items():
        if value is not None:
            values[name] = _checked(name, value, name)
    return Settings(**values)  # type: ignore[arg-type]


def _read_file(file: Path) -> dict[str, object]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{file}: not a TOML file: {error}") from error


def _named_in(environ: Mapping[str, str]) -> Iterable[str]:
    """The settings that the environment has; SettingsError for a variable of ours that is none."""
    known = {variable(name): name for name in SETTINGS}
    for given in environ:
        if given in known:
            yield known[given]
        elif (
            given.startswith(ENVIRONMENT_PREFIX)
            and given not in _OTHER_VARIABLES
            and not given.startswith(_OTHER_PROGRAMS)
        ):
            raise _unknown(given, given, (*known, *_OTHER_VARIABLES))


def _unknown(name: str, place: str, there_are: Iterable[str]) -> SettingsError:
    names = list(there_are)
    near = get_close_matches(name, names, 1)
    remedy = f"Did you mean {near[0]}? " if near else ""
    remedy += "The settings are: " + ", ".join(names)
    return SettingsError(f"{place}: there is no such setting", remedy=remedy)


def _parsed(name: str, text: str) -> object:
    """The value of an environment variable, which is text whatever the setting's type."""
    try:
        value = _READ[_TYPES[name]][1](text)
    except ValueError as error:
        raise SettingsError(f"{variable(name)}: {text!r} is not a {kind(name)}") from error
    return _checked(name, value, variable(name))


def _checked(name: str, value: object, place: str) -> object:
    """`value` in the setting's own type; `place` is how the message calls it."""
    if name not in SETTINGS:
        raise _unknown(name, place, SETTINGS)
    value = _converted(name, value, place)
    about = SETTINGS[name].metadata
    if about["choices"] and value not in about["choices"]:
        raise SettingsError(f"{place}: {value!r} is none of {', '.join(about['choices'])}")
    if isinstance(value, (int, float)):
        if about["at_least"] is not None and not value >= about["at_least"]:
            raise SettingsError(f"{place}: {value} is less than {about['at_least']:g}")
        if not value <= about["at_most"]:
            raise SettingsError(f"{place}: {value} is more than {about['at_most']:g}")
    if about["schemes"]:
        check_addresses(value, about["schemes"], place)
    return value


def _converted(name: str, value: object, place: str) -> object:
    wanted = _TYPES[name]
    if wanted is float and type(value) is int:
        return float(value)
    if wanted is Path and isinstance(value, (str, Path)):
        return Path(value)
    if wanted == tuple[str, ...]:
        if isinstance(value, (list, tuple)) and all(isinstance(entry, str) for entry in value):
            return tuple(value)
    elif type(value) is wanted:
        return value
    raise SettingsError(f"{place}: {value!r} is not a {kind(name)}")
