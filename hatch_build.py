"""Build hook: puts the ontology, the data and the web files into the wheel, beside the code."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

SHIPPED = ("ontology", "data", "web")


class ShipResources(BuildHookInterface):  # type: ignore[type-arg]
    """An editable install finds these folders in the checkout, so only real wheels carry them."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        for name in SHIPPED:
            folder = Path(self.root) / name
            for file in sorted(folder.rglob("*")):
                relative = file.relative_to(self.root)
                if file.is_file() and "node_modules" not in relative.parts:
                    build_data["force_include"][str(file)] = f"hsgraph/_shipped/{relative}"
