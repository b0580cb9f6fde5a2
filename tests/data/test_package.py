"""The package: wheel and sdist are complete, and the wheel works away from the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

EXPECTED = (
    "hsgraph/py.typed",
    "hsgraph/_shipped/ontology/hsgraph.ttl",
    "hsgraph/_shipped/ontology/shapes.ttl",
    "hsgraph/_shipped/ontology/vocab/dimension.ttl",
    "hsgraph/_shipped/data/organisations.ttl",
    "hsgraph/_shipped/data/projects/serbia-southwest-sandzak.ttl",
    "hsgraph/_shipped/web/templates/base.html",
    "hsgraph/_shipped/web/static/dist/manifest.json",
    "hsgraph/_shipped/web/static/dist/world.json",
    "hsgraph/_shipped/web/static/dist/LICENCES.txt",
)
FOLDERS = ("hsgraph", "ontology", "data", "web")
FILES = ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", "LICENSE-DATA")


@pytest.fixture(scope="module")
def distributions(root: Path, tenth: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the wheel and the sdist of some programmes, built without the network."""
    source = tmp_path_factory.mktemp("source")
    for folder in FOLDERS:
        ignored = shutil.ignore_patterns("__pycache__", "node_modules")
        origin = tenth if folder in ("ontology", "data") else root
        shutil.copytree(origin / folder, source / folder, ignore=ignored)
    for file in FILES:
        shutil.copy(root / file, source / file)
    target = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", str(target)],
        cwd=source,
        capture_output=True,
        check=True,
    )
    return target


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def test_wheel_carries_ontology_data_and_web_files(root: Path, distributions: Path) -> None:
    with zipfile.ZipFile(only(distributions, "*.whl")) as wheel:
        names = set(wheel.namelist())
    assert set(EXPECTED) <= names
    beside = [
        path for kind in ("rq", "json", "ebnf") for path in (root / "hsgraph").rglob(f"*.{kind}")
    ]
    assert beside
    assert {path.relative_to(root).as_posix() for path in beside} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert any(name.endswith("licenses/LICENSE-DATA") for name in names)


def test_wheel_carries_nothing_else(distributions: Path) -> None:
    with zipfile.ZipFile(only(distributions, "*.whl")) as wheel:
        names = wheel.namelist()
    assert len(names) == len(set(names))
    assert [name for name in names if "__pycache__" in name or "node_modules" in name] == []
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"hsgraph"}


def test_sdist_carries_what_a_wheel_is_built_from(distributions: Path) -> None:
    with tarfile.open(only(distributions, "*.tar.gz")) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {*FILES, "ontology/hsgraph.ttl", "web/templates/base.html"} <= names


@pytest.fixture(scope="module")
def installed(distributions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of the wheel in an environment without the checkout.

    Its libraries are those of this environment, so that nothing is fetched.
    """
    environment = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(environment)], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(environment)]
    wheel = str(only(distributions, "*.whl"))
    options = ["--quiet", "--no-deps", "--no-index", "--no-cache-dir"]
    subprocess.run([*pip, "install", *options, wheel], check=True, capture_output=True)
    packages = only(environment / "lib", "python*/site-packages")
    libraries = dict.fromkeys((sysconfig.get_path("purelib"), sysconfig.get_path("platlib")))
    (packages / "libraries.pth").write_text("\n".join(libraries) + "\n")
    return environment / "bin" / "hsgraph"


def run(command: Path, folder: Path, *arguments: str) -> str:
    ran = subprocess.run(
        [str(command), *arguments],
        cwd=folder,
        env={"HOME": str(folder), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_installed_wheel_answers_from_its_own_data(installed: Path, tmp_path: Path) -> None:
    stats = json.loads(run(installed, tmp_path, "stats", "--format", "json"))
    assert stats["things"]["https://w3id.org/hsgraph/ontology#Project"] >= 2
    query = "SELECT ?p { ?p a hs:Project ; skos:prefLabel ?label }"
    assert "serbia-southwest-sandzak" in run(installed, tmp_path, "query", query, "-f", "csv")
    assert (tmp_path / ".cache" / "hsgraph" / "current" / "manifest.json").is_file()
