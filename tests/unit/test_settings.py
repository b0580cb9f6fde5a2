"""Settings: where values come from, which wins, and what is said when one is wrong."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hsgraph
from hsgraph.errors import SettingsError
from hsgraph.settings import SETTINGS, Settings, load, variable

ROOT = Path(__file__).resolve().parents[2]


def test_defaults_are_used_without_file_and_environment() -> None:
    assert load(environ={}) == Settings()


def test_file_then_environment_then_arguments_win(tmp_path: Path) -> None:
    file = tmp_path / "hsgraph.toml"
    file.write_text('port = 1001\nworkers = 3\nhost = "0.0.0.0"\n')
    settings = load(file, environ={"HSGRAPH_PORT": "1002", "HSGRAPH_WORKERS": "4"}, workers=5)
    assert (settings.host, settings.port, settings.workers) == ("0.0.0.0", 1002, 5)


def test_environment_names_the_file(tmp_path: Path) -> None:
    file = tmp_path / "hsgraph.toml"
    file.write_text("port = 1001\n")
    assert load(environ={"HSGRAPH_SETTINGS": str(file)}).port == 1001


def test_arguments_left_out_do_not_win(tmp_path: Path) -> None:
    assert load(environ={"HSGRAPH_PORT": "1002"}, port=None).port == 1002


@pytest.mark.parametrize(
    ("text", "value"),
    [("", ()), ("https://a/", ("https://a/",)), ("https://a/, https://b/", ("https://a/", "https://b/"))],
)  # fmt: skip
def test_lists_are_written_with_commas_or_spaces(text: str, value: tuple[str, ...]) -> None:
    assert load(environ={"HSGRAPH_ALLOW_SERVICE": text}).allow_service == value


def test_whole_numbers_are_taken_for_numbers() -> None:
    seconds = load(environ={}, query_seconds=3).query_seconds
    assert seconds == 3.0
    assert type(seconds) is float


@pytest.mark.parametrize(
    ("variable", "text", "said"),
    [
        ("HSGRAPH_PORT", "http", "HSGRAPH_PORT: 'http' is not a whole number"),
        ("HSGRAPH_PORT", "65536", "HSGRAPH_PORT: 65536 is more than 65535"),
        ("HSGRAPH_WORKERS", "0", "HSGRAPH_WORKERS: 0 is less than 1"),
        ("HSGRAPH_QUERY_SECONDS", "nan", "HSGRAPH_QUERY_SECONDS: nan is less than 0.1"),
        ("HSGRAPH_RUNNER_SECONDS", "inf", "HSGRAPH_RUNNER_SECONDS: inf is more than 86400"),
        *(
            (f"HSGRAPH_{name}_SECONDS", "inf", f"HSGRAPH_{name}_SECONDS: inf is more than 86400")
            for name in ("HEADER", "STOP", "WATCH", "QUEUE", "SLOW")
        ),
        ("HSGRAPH_WORKERS", "1001", "HSGRAPH_WORKERS: 1001 is more than 1000"),
        ("HSGRAPH_QUERY_BYTES", "1" + 20 * "0", "HSGRAPH_QUERY_BYTES: 1" + 20 * "0" + " is more"),
        ("HSGRAPH_LOG_LEVEL", "loud", "HSGRAPH_LOG_LEVEL: 'loud' is none of debug, info"),
        ("HSGRAPH_BASE", "nonsense", "HSGRAPH_BASE: 'nonsense' is no address that begins with"),
        ("HSGRAPH_BASE", "ftp://x/", "HSGRAPH_BASE: 'ftp://x/' is no address that begins with"),
        ("HSGRAPH_BASE", "https:///x", "HSGRAPH_BASE: 'https:///x' is no address"),
        ("HSGRAPH_BASE", "https://[/", "HSGRAPH_BASE: 'https://[/' is no address"),
        ("HSGRAPH_BASE", "https://a b/", "HSGRAPH_BASE: 'https://a b/' is no address"),
        ("HSGRAPH_ENDPOINT", "localhost:1", "HSGRAPH_ENDPOINT: 'localhost:1' is no address"),
        ("HSGRAPH_ALLOW_SERVICE", "http://a/ b", "HSGRAPH_ALLOW_SERVICE: 'b' is no address"),
        ("HSGRAPH_CONTRIBUTE_URL", "javascript:x", "HSGRAPH_CONTRIBUTE_URL: 'javascript:x' is"),
        ("HSGRAPH_FEEDBACK_URL", "ftp://x", "HSGRAPH_FEEDBACK_URL: 'ftp://x' is no address"),
        ("HSGRAPH_FEEDBACK_URL", "https://x:99999/{title}", "HSGRAPH_FEEDBACK_URL: 'https://x:9"),
        *(
            (f"HSGRAPH_{name}", f"https://{wrong}", f"HSGRAPH_{name}: 'https://{wrong}' {said}")
            for name in ("BASE", "ENDPOINT")
            for wrong, said in (
                ("a.example/#part", "has a “?” or “#”"),
                ("a.example/?q=1", "has a “?” or “#”"),
                ("a.example/my data/", "is no address"),
                ("a.example:99999/", "is no address"),
                ("a.example:0/", "is no address"),
                ("a.example:port/", "is no address"),
                ("a.example/<x>", "is no address"),
                ("a.example/100%/", "is no address"),
                ("[zz]/", "is no address"),
            )
        ),
        ("HSGRAPH_ALLOW_SERVICE", "http://a:99999/", "HSGRAPH_ALLOW_SERVICE: 'http://a:99999/' is"),
        ("HSGRAPH_NOPE", "1", "HSGRAPH_NOPE: there is no such setting"),
    ],
)
def test_wrong_variables_are_refused_by_name(variable: str, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load(environ={variable: text})
    assert caught.value.message.startswith(said)


@pytest.mark.parametrize(
    "name", ["base", "endpoint", "allow_service", "contribute_url", "feedback_url"]
)
@pytest.mark.parametrize(
    "wrong", ["https://me:secret@x.example/", "HTTP://me:secret@[x/", "http:\\me:secret@x"]
)
def test_an_address_with_a_password_is_refused_and_not_told(name: str, wrong: str) -> None:
    with pytest.raises(SettingsError, match="user or password") as caught:
        load(environ={variable(name): wrong})
    assert "secret" not in f"{caught.value.message} {caught.value.remedy}"
    assert "HSGRAPH_ENDPOINT_PASSWORD" in str(caught.value.remedy)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("base", "https://exämple.org:8443/hs/~us@ers/"),
        ("base", "http://[::1]:5000"),
        ("endpoint", "http://localhost:8890/sparql"),
        ("allow_service", "https://a.example/sparql?default=x"),
        ("contribute_url", "https://a.example/issues/new?title={title}&body={body}#form"),
        ("contribute_url", "mailto:us@a.example?subject={title}&body=See https://me@b.example/"),
        ("feedback_url", "mailto:us@a.example?subject=Data: {title}"),
    ],
)
def test_addresses_that_work_are_taken(name: str, address: str) -> None:
    assert getattr(load(environ={variable(name): address}), name) in (address, (address,))


def test_an_unknown_variable_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(SettingsError) as caught:
        load(environ={"HSGRAPH_PROT": "5000"})
    assert str(caught.value.remedy).startswith("Did you mean HSGRAPH_PORT? ")


def test_variables_that_others_read_are_left_to_them() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("hsgraph", "tests", "benchmarks")
        for path in (ROOT / folder).rglob("*.py")
        if path != Path(__file__)
    )
    ours = {variable(name) for name in SETTINGS} | {"HSGRAPH_SETTINGS"}
    read = set(re.findall(r"HSGRAPH_[A-Z]\w*(?<!_)\b", code)) - ours
    assert "HSGRAPH_ENDPOINT_PASSWORD" in read
    assert load(environ=dict.fromkeys(read, "x")) == Settings()


def test_values_of_a_file_keep_their_type(tmp_path: Path) -> None:
    file = tmp_path / "hsgraph.toml"
    file.write_text('port = "5000"\n')
    with pytest.raises(SettingsError, match=r"hsgraph\.toml: port: '5000' is not a whole number"):
        load(file, environ={})


def test_unknown_settings_of_a_file_are_refused_with_what_there_is(tmp_path: Path) -> None:
    file = tmp_path / "hsgraph.toml"
    file.write_text("prot = 5000\n")
    with pytest.raises(SettingsError, match="prot: there is no such setting") as caught:
        load(file, environ={})
    assert caught.value.remedy is not None
    assert "port" in caught.value.remedy


@pytest.mark.parametrize("content", [b"port = ", b"\xff"])
def test_files_that_are_not_toml_are_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "hsgraph.toml"
    file.write_bytes(content)
    with pytest.raises(SettingsError, match="not a TOML file"):
        load(file, environ={})


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"none\.toml: cannot be read"):
        load(tmp_path / "none.toml", environ={})


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, row in SETTINGS.items() if len(row.metadata["help"]) < 10] == []


def test_every_setting_is_read_somewhere() -> None:
    package = Path(hsgraph.__file__).parent
    files = [path for path in package.rglob("*.py") if path.parent.name != "settings"]
    code = "\n".join(path.read_text(encoding="utf-8") for path in files)
    unread = [name for name in SETTINGS if not re.search(rf"settings\.{name}\b", code)]
    assert unread == []
