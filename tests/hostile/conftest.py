"""The starter project with names that nobody would give."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import regional_atlas as ra

STARTER = Path(ra.__file__).parent / "starter"


@pytest.fixture(scope="session")
def named_project(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a copy of the starter project, some of its units and a region named as given."""

    def make(*names: str, region: str | None = None) -> Path:
        folder = tmp_path_factory.mktemp("named") / "project"
        shutil.copytree(STARTER, folder)
        units = json.loads((folder / "units.geojson").read_text(encoding="utf-8"))
        tables = " ".join(path.read_text() for path in folder.glob("*.csv"))
        free = [f["properties"] for f in units["features"] if f["properties"]["name"] not in tables]
        for properties, name in zip(free, names, strict=False):
            properties["name"] = name
        (folder / "units.geojson").write_text(json.dumps(units), encoding="utf-8")
        if region is not None:
            regions = (folder / "regions.csv").read_text(encoding="utf-8")
            (folder / "regions.csv").write_text(
                regions.replace("North Corridor", region), encoding="utf-8"
            )
        return folder

    return make
