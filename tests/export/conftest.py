"""An invented country of nine square units, one of them with an islet."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from regional_atlas.config.project import read_project
from regional_atlas.core.schema import (
    AtlasTables,
    BuildReport,
    IndicatorMeta,
    check_membership,
    check_rankings,
    check_units,
)
from regional_atlas.core.texts import Text, Unit

ATLAS = """
id = "nine-squares"
title = { zh = "九方地图集", en = "Atlas of nine squares" }
subtitle = { zh = "测试", en = "for tests" }

[map]
projection = "+proj=aea +lat_1=20 +lat_2=23 +lat_0=0 +lon_0=101 +datum=WGS84 +units=m"
projection_name = "Albers"
bounds = [100, 20, 103, 23]

[boundaries]
file = "units.csv"
key = "code"
name = "name"
source = "invented"
licence = "CC0-1.0"
vintage = "2022"
level = { id = "county", title = { zh = "县级单位", en = "county" } }
parents = [{ id = "province", title = { zh = "省级", en = "province" }, key = "p", name = "pn" }]

[regions]
kinds = [
  { id = "metro", title = { zh = "都市圈", en = "metropolitan area" }, citation = "plans" },
  { id = "basin", title = { zh = "流域", en = "basin" } },
]

[[rankings]]
id = "plain_counties"
title = { zh = "普通榜", en = "Plain ranking" }
file = "units.csv"
citation = "report"

[[rankings]]
id = "industrial_counties"
title = { zh = "工业榜", en = "Industrial ranking" }
file = "units.csv"
tiers = [1, 3]
citation = "report"

[[rankings]]
id = "vitality"
title = { zh = "活力", en = "Vitality" }
index = "vitality.toml"

[citations.report]
source = "The invented report, 2022"
url = "https://example.org/report"
[citations.plans]
source = "The invented plans"
"""
INDEX = """
id = "vitality"
title = "vitality"
[[nodes]]
code = "light_sum"
title = "Sum of lights"
"""
HOSTILE = '=HYPERLINK("http://x","<b>&")'
IDS = [f"01000{i}" for i in range(1, 10)]
NAMES = [
    "东莞市",
    HOSTILE,
    "重庆,\n区",
    "-1",
    "鼓楼区",
    "鼓楼区",
    'O\'Neill "x"',
    "@sum",
    "ä" * 200,
]


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "atlas.toml").write_text(ATLAS, encoding="utf-8")
    (folder / "vitality.toml").write_text(INDEX, encoding="utf-8")
    (folder / "units.csv").write_text("code\n")
    return read_project(folder)


@pytest.fixture
def tables():
    units = _units()
    regions = gpd.GeoDataFrame(
        {
            "name": ["西圈", "东圈", "河"],
            "name_en": ["West", None, "River"],
            "kind": ["metro", "metro", "basin"],
            "precedence": [2.0, 1.0, 3.0],
            "source": None,
        },
        index=pd.Index(["m1", "m2", "b1"], name="region_id"),
        geometry=[
            shapely.box(100, 20, 103, 21),
            shapely.box(102, 20, 103, 22),
            shapely.box(100, 20, 103, 23),
        ],
        crs="EPSG:4326",
    )
    return AtlasTables(
        units=units,
        parents={},
        regions=regions,
        membership=_membership(units.index),
        rankings=_rankings(units),
        scores={"vitality": _scores()},
        indicators=_indicators(),
        meta={item.code: item for item in _meta()},
        nightlights=pd.DataFrame(
            {"unit_id": IDS, "unit": NAMES, "year": 2021, "mean": [0.1, np.nan] + [1 / 3] * 7}
        ),
        clusters=pd.DataFrame(
            {
                "set": "national",
                "cluster_id": "c1",
                "cluster": "=集群",
                "cluster_en": None,
                "group": None,
                "size": [1.5, np.nan],
                "unit_id": IDS[:2],
                "unit": NAMES[:2],
            }
        ),
        lines=gpd.GeoSeries([shapely.LineString([(99, 19), (104, 19)])], crs="EPSG:4326"),
        comparison=None,
        blocks=[],
        report=BuildReport("0"),
    )


@pytest.fixture
def topology(tables, project):
    """A TopoJSON in the map's projection: every ring an arc of its own, and a line."""
    projected = tables.units.to_crs(project.config.map.projection).geometry
    arcs, geometries = [], []
    for unit, shape in projected.items():
        numbers = []
        for part in shapely.get_parts(shape):
            numbers.append([[len(arcs)]])
            arcs.append([list(point) for point in part.exterior.coords])
        geometries.append({"type": "MultiPolygon", "id": unit, "arcs": numbers})
    line = {"type": "LineString", "arcs": [len(arcs)]}
    arcs.append([[-200000.0, 2100000.0], [300000.0, 2100000.0]])
    objects = {
        "units": {"type": "GeometryCollection", "geometries": geometries},
        "lines": {"type": "GeometryCollection", "geometries": [line]},
    }
    return {"type": "Topology", "objects": objects, "arcs": arcs}


def _units():
    # Clockwise, so that a writer which must turn rings has something to turn.
    squares = [
        shapely.box(100 + i % 3, 20 + i // 3, 101 + i % 3, 21 + i // 3, ccw=False) for i in range(9)
    ]
    squares[4] = shapely.MultiPolygon([squares[4], shapely.box(104, 20, 104.5, 20.5)])
    units = gpd.GeoDataFrame(
        {
            "unit": NAMES,
            "unit_en": None,
            "level": "county",
            "unit_type": ["市"] * 4 + ["县"] * 5,
            "province": ["北省"] * 8 + [None],
            "province_id": ["010000"] * 8 + [None],
            "area_km2": [12345.678901234567] + [1 / 3] * 8,
        },
        index=pd.Index(IDS, name="unit_id"),
        geometry=squares,
        crs="EPSG:4326",
    )
    units.attrs = {"source": "invented"}
    return check_units(units)


def _membership(index):
    members = {"m1": IDS[:3], "m2": [IDS[2], IDS[5]], "b1": IDS[:4]}
    rows = []
    for region, units in members.items():
        for unit in units:
            exclusive = not (region == "m1" and unit == IDS[2])
            rows.append((unit, region, "basin" if region == "b1" else "metro", exclusive))
    rows += [(unit, None, "metro", False) for unit in IDS if unit not in [*IDS[:3], IDS[5]]]
    rows += [(unit, None, "basin", False) for unit in IDS[4:]]
    table = pd.DataFrame(rows, columns=["unit_id", "region_id", "kind", "exclusive"])
    inside = table["region_id"].notna()
    table["share_of_unit"] = pd.Series(1.0, table.index).where(inside)
    table["share_of_region"] = pd.Series(0.25, table.index).where(inside)
    table["rule"] = "members"
    return check_membership(table, index)


def _rankings(units):
    rows = [("plain_counties", i + 1, unit, None, None) for i, unit in enumerate(IDS[4:])]
    rows += [
        ("industrial_counties", 1, IDS[2], None, 1),
        ("industrial_counties", 2, IDS[0], None, 2),
        ("industrial_counties", 2, IDS[8], None, 2),
    ]
    rows += [("vitality", i + 1, unit, 100 - i / 7, 1 + i // 5) for i, unit in enumerate(IDS[:8])]
    table = pd.DataFrame(rows, columns=["ranking", "rank", "unit_id", "score", "tier"])
    table["unit"] = table["unit_id"].map(units["unit"])
    return check_rankings(table.astype({"score": "float64", "tier": "Int64"}), units.index)


def _scores():
    return pd.DataFrame(
        {"light_sum": [1.0] * 9, "index": [100 - i / 7 for i in range(8)] + [np.nan]}, index=IDS
    )


def _indicators():
    tables = [
        pd.DataFrame({"unit_id": IDS, "code": "light_sum", "year": 2020, "value": 7.0}),
        pd.DataFrame(
            {
                "unit_id": IDS[:8],
                "code": "light_sum",
                "year": 2021,
                "value": [np.nan, 1 / 3, 0.0, -2.5, 1e-9, 123456789.123, 2.0, 1e21],
            }
        ),
        pd.DataFrame({"unit_id": IDS[1:3], "code": "gdp", "year": 2019, "value": [10.5, 11.0]}),
    ]
    return pd.concat(tables, ignore_index=True).assign(flag=None)


def _meta():
    return [
        IndicatorMeta(
            "light_sum",
            Text(zh="灯光总量", en="Sum of lights"),
            Unit(zh="辐亮度", en="radiance"),
            Text(zh="求和", en="summed"),
            citation="nightlights",
            missing=Text(zh="未覆盖", en="outside"),
        ),
        # The title repeats on purpose: a GeoPackage wants unique ones.
        IndicatorMeta(
            "gdp",
            Text(zh="灯光总量", en="Sum of lights"),
            Unit(zh="亿元", en="bn yuan", scale={"en": 0.1}),
            Text(zh="年鉴", en="yearbook"),
            citation="report",
        ),
    ]
