"""Export formats and boundary providers: one module each, or an entry point of another package."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import regional_atlas as ra
from regional_atlas.core.errors import ConfigError, InputError
from regional_atlas.export import FORMATS, Format, check_formats
from regional_atlas.sources.provider import PROVIDERS, Provider

EXAMPLE = Path(__file__).parents[1] / "data/example_plugin"
PROJECT = """
id = "squares"
title = "Four squares"
subtitle = "An example"

[boundaries]
provider = "squares"
key = "code"
name = "name"
source = "an example"
"""


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example package, installed."""
    monkeypatch.syspath_prepend(str(EXAMPLE))


def test_every_module_is_a_plugin() -> None:
    assert set(FORMATS) >= {
        "csv", "fgb", "geojson", "geoparquet", "gpkg", "kml", "shp", "topojson", "xlsx",
    }  # fmt: skip
    assert all(isinstance(FORMATS[name], Format) for name in FORMATS)
    assert len({FORMATS[name].file for name in FORMATS}) == len(FORMATS)
    assert "cnmaps" in PROVIDERS
    assert isinstance(PROVIDERS["cnmaps"], Provider)


@pytest.mark.usefixtures("plugin")
def test_another_package_adds_a_format(example: Any, tmp_path: Path) -> None:
    assert check_formats(["wkt"]) == ["wkt"]
    written = example.export(["wkt"], tmp_path)
    lines = (tmp_path / "units.wkt").read_text().splitlines()
    assert written[0] == tmp_path / "units.wkt"
    assert [line.split("\t")[0] for line in lines] == list(example.units.index)


@pytest.mark.usefixtures("plugin")
def test_another_package_adds_a_provider(tmp_path: Path) -> None:
    (tmp_path / "atlas.toml").write_text(PROJECT)
    atlas = ra.build(ra.read_project(tmp_path))
    assert atlas.units["unit"].tolist() == ["One", "Two", "Three", "Four"]


@pytest.mark.usefixtures("plugin")
def test_a_name_of_this_package_cannot_be_taken() -> None:
    assert FORMATS["csv"].file == "units.csv"
    assert list(FORMATS).count("csv") == 1


@pytest.mark.usefixtures("plugin")
def test_what_is_no_plugin_is_named() -> None:
    with pytest.raises(ConfigError, match="broken: example_plugin:NOTHING cannot be loaded"):
        FORMATS["broken"]
    with pytest.raises(ConfigError, match="'wrong': expected a Format, found Provider"):
        FORMATS["wrong"]


def test_an_unknown_name_lists_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"unknown format 'wkt'; allowed: csv, fgb, geojson"):
        check_formats(["wkt"])
    (tmp_path / "atlas.toml").write_text(PROJECT)
    with pytest.raises(ConfigError, match="no provider is called 'squares'; allowed: cnmaps"):
        ra.build(ra.read_project(tmp_path))
