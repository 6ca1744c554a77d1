"""Every public function, given values of wrong kinds, answers with a public error or an answer."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

import regional_atlas as ra
from regional_atlas.tables.store import Store

BOX = shapely.box(0, 0, 1, 1)


def odd_values() -> dict[str, Any]:
    """Values that hardly any argument takes; each is made anew."""
    return {
        "none": None,
        "true": True,
        "minus one": -1,
        "zero": 0,
        "a half": 0.5,
        "not a number": math.nan,
        "infinite": math.inf,
        "huge": 10**30,
        "complex": 1j,
        "empty text": "",
        "text": "no such thing",
        "old rule": "area_share > 0.5",
        "digits": "1",
        "null in text": "a\0b",
        "long text": "x" * 5000,
        "bytes": b"bytes",
        "date": date(2020, 1, 1),
        "empty list": [],
        "list of numbers": [1, 2],
        "list of texts": ["a", "b"],
        "list of none": [None],
        "nested list": [[1], ["a"]],
        "set": {1},
        "dict": {"a": 1},
        "empty dict": {},
        "dict of dicts": {"nodes": {"a": {}}},
        "object": object(),
        "type": int,
        "function": len,
        "generator": (n for n in [1, "a"]),
        "path": Path("no") / "such.tif",
        "folder": Path(__file__).parent,
        "source file": Path(__file__),
        "array": np.zeros((2, 2)),
        "cube": np.zeros((2, 2, 2)),
        "empty array": np.zeros(0),
        "array of objects": np.array([object(), None]),
        "series of texts": pd.Series(["a", "b"]),
        "series of lists": pd.Series([[1], [2]]),
        "empty series": pd.Series(dtype="float64"),
        "series of repeats": pd.Series([1.0, 2.0], index=["a", "a"]),
        "series of times": pd.Series(pd.to_datetime(["2020-01-01"])),
        "series of categories": pd.Series(["a", "b"], dtype="category"),
        "frame": pd.DataFrame({"a": [1]}),
        "empty frame": pd.DataFrame(),
        "frame of repeats": pd.DataFrame([[1, 2]], columns=["a", "a"]),
        "frame without geometry": gpd.GeoDataFrame({"a": [1]}),
        "points": gpd.GeoDataFrame(geometry=[shapely.Point(0, 0)], crs=4326),
        "no crs": gpd.GeoDataFrame(geometry=[BOX]),
        "broken polygon": gpd.GeoSeries(
            [shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])], crs=4326
        ),
        "missing polygon": gpd.GeoSeries([None], crs=4326),
        "geometry": BOX,
    }


@dataclass
class Case:
    """A call that works, and what it is called with."""

    call: Callable[..., Any]
    right: dict[str, Any]


INDEX = {"id": "demo", "title": "Demo", "tiers": {"k": 2}, "nodes": [{"code": "a", "title": "A"}]}
CHANGES = pd.DataFrame({"kind": ["rename"], "from_code": ["x"], "to_code": ["z"]})


def grid() -> gpd.GeoDataFrame:
    boxes = [shapely.box(i, 0, i + 1, 1) for i in range(3)]
    return gpd.GeoDataFrame(
        {"a": [1.0, 2.0, 4.0], "heads": [5.0, 6.0, 7.0], "group": ["n", "n", "s"]},
        geometry=boxes, index=pd.Index(["x", "y", "w"], name="code"), crs=4326,
    )  # fmt: skip


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> ra.Atlas:
    store = Store(tmp_path_factory.mktemp("store"))
    return ra.open_atlas(Path(ra.__file__).parent / "starter", store=store)


def cases(atlas: ra.Atlas, folder: Path) -> dict[str, Case]:
    frame = grid()
    where = {"transform": (1, 0, 0, 0, -1, 1), "crs": 4326, "nodata": -1.0}
    measured = {
        "zones": frame, "raster": np.ones((1, 3)), "stats": ["mean"], "lit_threshold": 1.0,
        "weights": np.ones((1, 3)), "population": "heads", "mask": shapely.box(0, 0, 0.5, 1),
        "zones_crs": 4326, "progress": print, **where,
    }  # fmt: skip
    rolled = {"frame": frame, "by": "group", "values": {"a": "sum"}, "weight": "heads",
              "at_least": 1.0}  # fmt: skip
    crossed = {"frame": frame, "changes": CHANGES, "values": {"a": "sum"}, "names_of": None,
               "weights": pd.Series({"z": 1.0})}  # fmt: skip
    assigned = {"units": frame, "regions": BOX, "rule": "area_share", "at_least": 0.5,
                "units_crs": 4326, "regions_crs": 4326}  # fmt: skip
    tif = folder / "light.tif"
    opened = {"path": tif, "band": 1, "variable": None, "crs": None, "nodata": "stored",
              "scale": 1.0, "offset": 0.0, "year": 2020, "month": None}  # fmt: skip
    project = atlas.project
    written = {"out": folder / "out", "overwrite": False, "raw": False,
               "progress": lambda *_: None}  # fmt: skip
    return {
        "Atlas": Case(ra.Atlas, {"graph": atlas.graph}),
        "Atlas.export": Case(atlas.export, {"formats": ["csv"], **written}),
        "Atlas.map": Case(atlas.map, {}),
        "Atlas.save": Case(atlas.save, written),
        "Atlas.sql": Case(atlas.sql, {"statement": "SELECT 1 AS one", "timeout": 60.0}),
        "Atlas.compare_regions": Case(
            atlas.compare_regions, {"kind": "metro", "other": "province", "weight": None}
        ),
        "Atlas.concentration": Case(
            atlas.concentration,
            {"by": "metro", "field": "population", "of": None, "year": None},
        ),
        "Atlas.summarise": Case(
            atlas.summarise,
            {"by": "province", "ranking": None, "sort": None, "top": None, "year": None},
        ),
        "Atlas.uncertainty": Case(atlas.uncertainty, {"ranking": "none"}),
        "Atlas.check": Case(lambda known: atlas.check(known), {"known": None}),
        "assign_membership": Case(ra.assign_membership, assigned),
        "build": Case(ra.build, {"project": project, "store": atlas.store,
                                 "progress": lambda *_: None}),
        "classify": Case(ra.classify, {"values": frame["a"], "scheme": "quantile", "k": 2,
                                       "breaks": None, "middle": None}),
        "classify_tiers": Case(ra.classify_tiers, {"scores": frame["a"], "k": 2}),
        "crosswalk": Case(ra.crosswalk, crossed),
        "explore": Case(ra.explore, {"atlas": atlas, "plate": None}),
        "moran": Case(ra.moran, {"values": frame["a"], "units": frame, "neighbours": "rook",
                                 "permutations": 9, "seed": 1}),
        "open_atlas": Case(ra.open_atlas, {"project": project, "store": atlas.store,
                                           "progress": lambda *_: None}),
        "open_raster": Case(ra.open_raster, opened),
        "rank": Case(ra.rank, {"values": frame["a"], "ascending": False, "ties": "min",
                               "within": frame["group"]}),
        "read_project": Case(ra.read_project, {"path": project.root, "overrides": [],
                                               "without": [], "allow_outside": False}),
        "read_units": Case(ra.read_units, {"project": project, "store": atlas.store}),
        "roll_up": Case(ra.roll_up, rolled),
        "rank_sets": Case(ra.rank_sets, {"estimates": pd.Series([3.0, 2.0, 1.0]),
                                         "standard_errors": [1.0, 1.0, 1.0],
                                         "margins": None, "margin_level": 0.9,
                                         "covariance": None, "coverage": 0.9, "side": "both",
                                         "stepwise": True, "top": 2, "ascending": False,
                                         "draws": 1000, "seed": 0}),
        "count_rank_sets": Case(ra.count_rank_sets, {"counts": pd.Series([3, 2, 1]),
                                                     "coverage": 0.9, "side": "both", "top": 1,
                                                     "ascending": False}),
        "score": Case(ra.score, {"frame": frame.drop(columns="geometry"), "index": INDEX}),
        "zonal_statistics": Case(ra.zonal_statistics, measured),
        **delineations(frame),
    }  # fmt: skip


def delineations(frame: gpd.GeoDataFrame) -> dict[str, Case]:
    """Calls of `ra.delineate`, and its rules with their own values."""
    find = ra.delineate
    where = {"transform": (1000, 0, 0, 0, -1000, 1000), "crs": 6933}
    units = {"units": frame, "units_crs": None}
    flows = pd.DataFrame(
        {"origin": ["x", "y", "w"], "destination": ["x", "x", "w"], "number": [9.0, 4.0, 8.0]}
    )
    cores = pd.DataFrame({"unit_id": ["x"], "core_id": ["X"]})
    centres = pd.DataFrame({"region_id": ["c"], "name": ["C"], "lon": [0.5], "lat": [0.5]})
    times = pd.DataFrame({"origin": ["c"], "destination": ["x"], "minutes": [5.0]})
    cells = np.array([[90_000.0, 40.0, 2.0]])
    lit = find.lights(frame, cells, find.LightRules(30), **where)
    commuting = {"units": frame, "flows": flows, "rules": None}
    calls = {
        "urban": {**units, "population": cells, "land": np.ones((1, 3)), "built": None,
                  "rules": "2023", "level": 1, "at_least": 0.5, **where},
        "lights": {**units, "raster": cells, "rules": find.LightRules(30), **where},
        "threshold_curve": {"raster": cells, "thresholds": [1, 30], "rules": None, **where},
        "circles": {**units, "centres": centres, "radius_km": 50, "at_least": 0.5,
                    "rule": "representative_point"},
        "travel_times": {**units, "centres": centres, "times": times, "limit_minutes": 60},
        "isochrones": {**units, "centres": centres, "friction": cells, "limit_minutes": 60,
                       "population": None, "at_least": 0.5,
                       "transform": (1, 0, 0, 0, -1, 1), "crs": 4326},
        "functional_areas": {**commuting, "cores": cores},
        "core_based": {**commuting, "cores": cores},
        "labour_markets": commuting,
        "flow_clusters": commuting,
        "sureness": {"reference": lit, "runs": [lit]},
        "compare_regions": {"ours": lit.members, "theirs": lit.members, "weights": None},
    }  # fmt: skip
    for rules in ("CoreBasedRules", "FlowClusterRules", "FunctionalAreaRules",
                  "LabourMarketRules", "LightRules", "UrbanRules"):  # fmt: skip
        made = find.LightRules(30) if rules == "LightRules" else getattr(find, rules)()
        calls[rules] = asdict(made)

    def runs(units: Any, raster: Any, rules: Any, units_crs: Any, transform: Any, crs: Any) -> Any:
        return list(
            find.lights_runs(
                units, raster, rules, units_crs=units_crs, transform=transform, crs=crs
            )
        )

    several = {**calls["lights"], "rules": [find.LightRules(30)]}
    return {
        "delineate.lights_runs": Case(runs, several),
        **{f"delineate.{name}": Case(getattr(find, name), held) for name, held in calls.items()},
    }


def public_calls() -> Iterator[str]:
    """Name everything that the package and its atlas offer to be called."""
    for name in ra.__all__:
        held = getattr(ra, name)
        if callable(held) and not (isinstance(held, type) and issubclass(held, Exception)):
            yield name
    for name in ra.delineate.__all__:
        if name not in RESULTS:
            yield f"delineate.{name}"
    for name, _ in inspect.getmembers(ra.Atlas, inspect.isfunction):
        if not name.startswith("_"):
            yield f"Atlas.{name}"


RESULTS = {"Delineation", "Sureness", "ThresholdCurve"}
"""Of `ra.delineate`: what its functions give."""
ELSEWHERE = {"Atlas.query", "Project"}
"""`query` is tested with its language; a project is what `read_project` gives."""


def test_every_public_call_is_tried(atlas: ra.Atlas, tmp_path: Path) -> None:
    assert {*public_calls()} - ELSEWHERE <= {*cases(atlas, tmp_path)}


def test_every_argument_is_tried(atlas: ra.Atlas, tmp_path: Path) -> None:
    for name, case in cases(atlas, tmp_path).items():
        taken = inspect.signature(case.call).parameters
        assert {*taken} == {*case.right}, name


def test_there_are_twenty_wrong_kinds() -> None:
    assert len(odd_values()) >= 20


LONG = {
    "Atlas.export", "Atlas.save", "build", "explore", "delineate.circles", "delineate.core_based",
    "delineate.functional_areas", "delineate.isochrones", "delineate.labour_markets",
    "delineate.flow_clusters", "delineate.lights", "delineate.lights_runs",
    "delineate.threshold_curve", "delineate.travel_times", "delineate.urban",
    "delineate.UrbanRules", "delineate.LightRules", "delineate.LabourMarketRules",
    "delineate.FunctionalAreaRules", "zonal_statistics",
}  # fmt: skip
"""They write, draw a map or measure units for every value that they take."""


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.slow if name in LONG else ())
        for name in sorted({*public_calls()} - ELSEWHERE)
    ],
)
def test_only_public_errors_come_out(name: str, atlas: ra.Atlas, tmp_path: Path) -> None:
    """Each argument is given each odd value, the others being right."""
    import rasterio

    with rasterio.open(
        tmp_path / "light.tif", "w", driver="GTiff", height=1, width=3, count=1, dtype="uint8",
        crs="EPSG:4326", transform=rasterio.Affine(1, 0, 0, 0, -1, 1),
    ) as file:  # fmt: skip
        file.write(np.ones((1, 1, 3), "uint8"))
    wrong = []
    for argument in cases(atlas, tmp_path)[name].right:
        for kind, value in odd_values().items():
            case = cases(atlas, tmp_path)[name]
            if argument == "progress" and callable(value):
                continue  # what a caller's function raises is the caller's
            if argument == "out" and kind in ("folder", "digits", "text", "old rule", "path"):
                continue  # written to, where it can be
            try:
                case.call(**{**case.right, argument: value})
            except ra.InputError as error:
                said = str(error)
                if not said.strip():
                    wrong.append(f"{argument}={kind}: an empty message")
            except Exception as error:
                wrong.append(f"{argument}={kind}: {type(error).__name__}: {error}"[:300])
    assert wrong == []


def test_the_four_are_one_family() -> None:
    for kind in (ra.ConfigError, ra.DataError, ra.RasterError):
        assert issubclass(kind, ra.InputError)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: ra.classify([1, 2], k=0), "k: expected a whole number from 1, found 0"),
        (lambda: ra.rank("a"), "values: expected a Series of numbers, found 'a'"),
        (
            lambda: ra.assign_membership(grid(), BOX, rule="area_share > 0.5"),
            "rule: expected area_share, largest_share, representative_point, intersects, found "
            "'area_share > 0.5'; say rule='area_share' and the share by at_least, such as "
            "at_least=0.5",
        ),
        (
            lambda: ra.zonal_statistics(BOX, "no.tif"),
            "zones: found a Polygon without a coordinate reference system; give zones_crs, such "
            "as 'EPSG:4326'",
        ),
        (lambda: ra.score([1], INDEX), "frame: expected a DataFrame with a column for each "
                                       "indicator, found [1]"),
    ],
)  # fmt: skip
def test_messages_name_argument_value_and_what_is_allowed(
    call: Callable[[], Any], said: str
) -> None:
    with pytest.raises(ra.InputError) as found:
        call()
    assert str(found.value) == said
