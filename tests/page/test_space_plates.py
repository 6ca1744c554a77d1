"""Plates of hot spots: codes, classes, and what they say."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from regional_atlas.core.errors import ConfigError
from regional_atlas.page import build_spec, build_store, unit_shapes
from regional_atlas.page.format import plain

from .conftest import BOTH, UNITS, write_project

PLATES = """
[[plates]]
id = "hot"
kind = "hotspots"
space = "people"
[[plates]]
id = "lisa"
kind = "hotspots"
space = "people"
statistic = "moran"
"""
G_STAR = ["cold", "cold", "not significant", "isolate", "hot", "hot", "hot", "cold", "missing"]
MORAN = ["LL", "LL", "not significant", "isolate", "HH", "HH", "HL", "LH", "missing"]


def built(folder, tables, topology, plates=PLATES, p=0.0004):
    summary = {
        "id": "people", "field": "population", "year": pd.NA, "moran": 0.4321, "expected": -0.125,
        "p": p, "permutations": 9999, "fdr": 0.05,
    }  # fmt: skip
    tables = replace(
        tables,
        space=pd.DataFrame(
            {"id": "people", "unit_id": UNITS, "moran_class": MORAN, "g_star_class": G_STAR}
        ),
        space_summary=pd.DataFrame([summary]),
    )
    project = write_project(folder, plates)
    shapes = unit_shapes(topology, UNITS)
    store = build_store(project, tables, shapes)
    spec = plain(build_spec(project, tables, store, shapes), BOTH)
    return {plate["id"]: plate for plate in spec["plates"]}, plain(store, BOTH)


def test_codes_follow_the_units(tmp_path, tables, topology):
    plates, store = built(tmp_path, tables, topology)
    assert store["spots"]["people g_star"] == [-1, -1, 0, 9, 1, 1, 1, -1, None]
    assert store["spots"]["people moran"] == [3, 3, 0, 9, 1, 1, 4, 2, None]
    hot, lisa = plates["hot"], plates["lisa"]
    assert (hot["kind"], hot["codes"], hot["field"]) == (
        "hotspots",
        "people g_star",
        "population",
    )
    assert hot["classes"]["breaks"] == [-1, 0, 1, 9]
    assert hot["classes"]["counts"] == [3, 1, 3, 1]
    assert lisa["classes"]["counts"] == [1, 2, 1, 2, 1, 1]
    assert hot["classes"]["scheme_title"]["en"].endswith(
        "9,999 permutations, false-discovery rate 5%"
    )


def test_the_finding_has_moran_and_counts(tmp_path, tables, topology):
    plates, _ = built(tmp_path, tables, topology)
    # Units 11, 12 and 20: two in the south, one in the north.
    assert plates["hot"]["finding"]["en"].replace("\u00a0", " ") == (
        "Moran's I of population is 0.43 (p < 0.001): neighbours are alike; 3 squares are hot, "
        "3 cold; South has most hot ones (2)."
    )
    assert "2 squares are high-high, 2 low-low" in plates["lisa"]["finding"]["en"]


def test_what_is_no_clearer_than_chance_is_said_so(tmp_path, tables, topology):
    plates, _ = built(tmp_path, tables, topology, p=0.31)
    assert "(p\u00a0=\u00a00.310): no clearer than chance" in plates["hot"]["finding"]["en"]


@pytest.mark.parametrize(
    ("plate", "message"),
    [
        ('space = "nope"', "no measured field 'nope'; allowed: people"),
        ('space = "people"\nfield = "population"', "give one of them, found space and field"),
        ("", "give one of them, found none"),
    ],
)
def test_what_does_not_fit_is_said(tmp_path, tables, topology, plate, message):
    with pytest.raises(ConfigError, match=message):
        built(tmp_path, tables, topology, f'[[plates]]\nid = "x"\nkind = "hotspots"\n{plate}')
