"""Builds the page's script and styles into a wheel that is made from a checkout without them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class AssetsHook(BuildHookInterface):
    """Run npm where the assets are missing; editable installs leave that to make."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build the assets before the wheel's files are collected."""
        room = Path(self.root) / "src/regional_atlas/page"
        if version == "editable" or (room / "assets/regional_atlas.js").is_file():
            return
        npm = shutil.which("npm")
        if npm is None:
            raise RuntimeError(
                "building regional-atlas needs Node ≥ 20 with npm for the page's script"
            )
        for command in (["ci", "--no-audit", "--no-fund"], ["run", "build"]):
            subprocess.run([npm, "--prefix", str(room / "web"), *command], check=True)
