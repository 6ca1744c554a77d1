"""An invented country: nine square units, two provinces, one kind of region."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from affine import Affine

from regional_atlas.config.project import Project, read_project
from regional_atlas.core.kinds import Extensive, Intensive, Kind
from regional_atlas.core.schema import (
    AtlasTables,
    BlockMeans,
    BuildReport,
    Check,
    IndicatorMeta,
    MatchReport,
    Omission,
)
from regional_atlas.core.texts import Text, Unit
from regional_atlas.page import assets
from regional_atlas.page.classes import offered_classes
from regional_atlas.page.format import (
    Classes,
    Named,
    Projection,
    Report,
    Spec,
    Store,
)
from regional_atlas.page.indices import index_methods

PLAIN = Intensive()
BOTH = ["zh", "en"]
"""What the invented country offers."""

PROJECTION = "+proj=laea +lat_0=50 +lon_0=10 +datum=WGS84 +units=m +no_defs"
SIDE = 0.5
WEST, SOUTH = 9.25, 49.25
UNITS = [f"{row}{column}" for row in range(3) for column in range(3)]
HOSTILE = [
    "</script><script>alert(1)</script>",
    "${alert(1)}",
    "`a` \\",
    "\"quotes\" & 'more'",
    "🏭 emoji",
    "\u202eright to left\u202c",
    "<!-- comment",
    "line\u2028separator",
    "<img src=x onerror=alert(1)>",
]

TOML = """
id = "square-land"
lang = "en"
title = { zh = "方格国", en = "Squareland" }
subtitle = { zh = "九个方格", en = "Nine squares" }

[map]
projection = "%s"
projection_name = { zh = "等积", en = "Equal area" }
bounds = [9.0, 49.0, 11.0, 51.0]
context = false
[[map.insets]]
id = "corner"
title = { zh = "角", en = "Corner" }
bounds = [9.25, 49.25, 9.75, 49.75]

[boundaries]
file = "units.geojson"
key = "code"
name = "name"
source = "Drawn by hand"
licence = "CC0"
level = { id = "square", title = { zh = "方格", en = "square" } }
unit_type = { column = "type", types = [
  { id = "town", title = { zh = "镇", en = "town" } },
  { id = "field", title = { zh = "田", en = "field" } },
] }

[[boundaries.parents]]
id = "half"
title = { zh = "半国", en = "half" }
of = "province"
groups = { "all" = ["Northshire", "Southshire"] }
[[boundaries.parents]]
id = "province"
title = { zh = "省", en = "province" }
key = "province_code"
name = "province"

[regions]
kinds = [{ id = "metro", title = { zh = "都市圈", en = "metropolitan area" } }]

[indicators.census]
title = { zh = "普查", en = "Census" }
source = "Census of Squareland"
year = 2020
[[indicators.census.columns]]
column = "pop"
code = "population"
title = { zh = "人口", en = "Population" }
unit = { zh = "人", en = "people" }

[nightlights]
files = "lights_{year}.tif"
lit_threshold = 1.0
unit = "nW"
year = 2021
base_year = 2019
level_shifts = [2020]
source = "Invented satellite"
note = { zh = "传感器更换", en = "another sensor" }

[[rankings]]
id = "best"
title = { zh = "四强", en = "Best four" }
file = "best.csv"
among = ["town"]
tiers = [1, 4]
citation = "league"

[[rankings]]
id = "shine"
title = { zh = "光亮", en = "Shine" }
index = "shine.toml"

[[clusters]]
id = "works"
title = { zh = "集群", en = "Works" }
file = "works.csv"
size_unit = "m"

[citations.league]
title = { zh = "联赛", en = "League" }
source = "The league"
"""

PLATES = """
[[plates]]
id = "ranking"
kind = "ranking"
ranking = "best"
[[plates]]
id = "tiers"
kind = "tiers"
ranking = "best"
[[plates]]
id = "regions"
kind = "regions"
region_kind = "metro"
ranking = "best"
[[plates]]
id = "regions-alone"
kind = "regions"
region_kind = "metro"
[[plates]]
id = "coverage"
kind = "coverage"
ranking = "best"
level = "province"
scheme = "manual"
breaks = [0.25, 0.5]
[[plates]]
id = "population"
kind = "choropleth"
field = "population"
scheme = "equal_interval"
k = 3
[[plates]]
id = "shine"
kind = "choropleth"
field = "shine"
scheme = "fisher_jenks"
k = 2
[[plates]]
id = "light-2020"
kind = "choropleth"
field = "light_mean"
year = 2020
k = 2
[[plates]]
id = "lights"
kind = "years"
field = "light_mean"
scheme = "log"
k = 4
palette = "inferno"
[[plates]]
id = "lit"
kind = "years"
field = "light_lit_share"
year = 2020
scheme = "manual"
breaks = [0.5, 1.0]
note = "by hand"
[[plates]]
id = "clusters"
kind = "clusters"
set = "works"
"""

INDEX = """
id = "shine"
title = { zh = "光亮指数", en = "Shine index" }
[[nodes]]
code = "lights"
title = { zh = "灯光", en = "Lights" }
weight = 3
[[nodes]]
code = "light_mean"
title = { zh = "平均", en = "Mean" }
parent = "lights"
[[nodes]]
code = "light_lit_share"
title = { zh = "占比", en = "Share" }
parent = "lights"
[[nodes]]
code = "population"
title = { zh = "人口", en = "Population" }
direction = -1
"""


HEAD: dict[str, Any] = {
    "id": "p",
    "title": Text(zh="图", en="Plate"),
    "group": Text(zh="组", en="Group"),
    "finding": Text(zh="", en=""),
    "note": None,
    "citation": None,
    "chart": None,
}
"""What every plate of the page format has."""

NO_CLASSES = Classes(
    scheme="quantile",
    scheme_title=Text(zh="分位数", en="quantiles"),
    k=6,
    middle=None,
    breaks=[],
    minimum=None,
    labels=None,
    palette="YlGnBu",
    colors=[],
    colors_dark=[],
    counts=[],
)


def bare_spec(**parts: Any) -> Spec:
    """Make a specification that holds nothing but what is given."""
    name = Text(zh="图", en="Atlas")
    nothing: dict[str, Any] = {
        **{key: [] for key in ("insets", "levels", "unit_types", "kinds", "rankings", "fields")},
        **{
            key: []
            for key in (
                "places",
                "story",
                "area_fields",
                "indices",
                "clusters",
                "plates",
                "rasters",
                "citations",
            )
        },
        "id": "bare",
        "title": name,
        "subtitle": name,
        "languages": ["zh", "en"],
        "projection": Projection(proj4=PROJECTION, name=name, datum="WGS 84"),
        "tiles": None,
        "view": (0, 0, 1, 1),
        "review_number": None,
        "unit_level": Named(id="unit", title=Text(zh="单元", en="unit")),
        "index_methods": index_methods(),
        "classing": offered_classes([]),
        "report": Report(version="0", joins=[], checks=[], omissions=[]),
    }
    return Spec(**nothing | parts)


def bare_store(**parts: Any) -> Store:
    """Make a store that holds nothing but what is given."""
    nothing: dict[str, Any] = {
        **{key: [] for key in ("unit_id", "unit", "unit_en", "unit_type", "area_km2", "point")},
        **{key: {} for key in ("parents", "membership", "region_pinyin", "rankings", "indices")},
        **{key: {} for key in ("fields", "areas", "counts", "dimensions", "spots", "flags")},
        "unit_pinyin": None,
        "aliases": {},
        "frameworks": [],
    }
    return Store(**nothing | parts)


def write_project(folder: Path, plates: str = PLATES, lang: str = "en") -> Project:
    group = 'group = { zh = "组", en = "Group" }\ntitle = { zh = "图", en = "Plate" }\nid ='
    toml = TOML % PROJECTION + plates.replace("id =", group)
    (folder / "atlas.toml").write_text(
        toml.replace('lang = "en"', f'lang = "{lang}"'), encoding="utf-8"
    )
    (folder / "shine.toml").write_text(INDEX, encoding="utf-8")
    for name in ("units.geojson", "best.csv", "works.csv", "lights_2019.tif"):
        (folder / name).touch()
    return read_project(folder)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return write_project(tmp_path)


def corners() -> np.ndarray:
    """Projected corners of the squares, [row, column]."""
    to_metres = pyproj.Transformer.from_crs("EPSG:4326", PROJECTION, always_xy=True)
    lon, lat = np.meshgrid(WEST + SIDE * np.arange(4), SOUTH + SIDE * np.arange(4))
    return np.rint(np.dstack(to_metres.transform(lon, lat)))


@pytest.fixture
def topology() -> dict[str, Any]:
    """Every edge of the grid is one arc: first those that run east, then those that run north."""
    points = corners().tolist()
    east = [[points[row][col], points[row][col + 1]] for row in range(4) for col in range(3)]
    north = [[points[row][col], points[row + 1][col]] for row in range(3) for col in range(4)]

    def ring(row: int, col: int) -> list[int]:
        bottom, top = row * 3 + col, (row + 1) * 3 + col
        left, right = 12 + row * 4 + col, 12 + row * 4 + col + 1
        return [bottom, right, ~top, ~left]

    units = [{"type": "Polygon", "id": UNITS[i], "arcs": [ring(*divmod(i, 3))]} for i in range(9)]
    return {
        "type": "Topology",
        "objects": {
            "units": {"type": "GeometryCollection", "geometries": units},
            "lines": {"type": "GeometryCollection", "geometries": []},
        },
        "arcs": east + north,
    }


def units_table(names: list[str]) -> gpd.GeoDataFrame:
    south = [i < 6 for i in range(9)]
    geometry = [
        shapely.box(
            WEST + SIDE * c, SOUTH + SIDE * r, WEST + SIDE * (c + 1), SOUTH + SIDE * (r + 1)
        )
        for r in range(3)
        for c in range(3)
    ]
    return gpd.GeoDataFrame(
        {
            "unit": names,
            "unit_en": [None, "Beta", *[None] * 7],
            "level": "square",
            "unit_type": ["town"] * 6 + ["field"] * 2 + [None],
            "half": ["all"] * 8 + [None],
            "half_id": ["all"] * 8 + [None],
            "province": ["Southshire" if s else "Northshire" for s in south],
            "province_id": ["S" if s else "N" for s in south],
            "area_km2": np.linspace(1999.123456, 2001, 9),
        },
        index=pd.Index(UNITS, name="unit_id"),
        geometry=geometry,
        crs="EPSG:4326",
    )


def make_tables(names: list[str] | None = None) -> AtlasTables:
    units = units_table(names or list("ABCDEFGHI"))
    parents = {
        "half": pd.DataFrame(
            {"name": ["all"], "units": [8], "short": ["all"], "name_en": [None]},
            index=pd.Index(["all"], name="half_id"),
        ),
        "province": pd.DataFrame(
            {
                "name": ["Northshire", "Southshire"],
                "units": [3, 6],
                "short": ["北", "南"],
                "name_en": ["North", "South"],
            },
            index=pd.Index(["N", "S"], name="province_id"),
        ),
    }
    regions = gpd.GeoDataFrame(
        {
            "name": ["一圈", "二圈"],
            "name_en": ["Ring One", None],
            "kind": "metro",
            "precedence": [1, 2],
            "source": ["plan", None],
        },
        index=pd.Index(["r1", "r2"], name="region_id"),
        geometry=[units.geometry.iloc[0], units.geometry.iloc[1]],
        crs="EPSG:4326",
    )
    pairs = [("00", "r1", True), ("01", "r1", True), ("01", "r2", False), ("02", "r2", True)]
    member = pd.DataFrame(pairs, columns=["unit_id", "region_id", "exclusive"])
    absent = pd.DataFrame({"unit_id": UNITS[3:], "region_id": None, "exclusive": False})
    membership = pd.concat([member, absent], ignore_index=True).assign(
        kind="metro", share_of_unit=1.0, share_of_region=0.5, rule="list"
    )
    best = pd.DataFrame(
        {
            "ranking": "best",
            "rank": [1, 2, 3, 4],
            "unit_id": ["01", "00", "02", "10"],
            "unit": "",
            "score": np.nan,
            "tier": [1, 2, 2, 2],
        }
    )
    scores = pd.DataFrame(
        {"index": [*np.linspace(10.123456, 90, 8), np.nan]}, index=pd.Index(UNITS, name="unit_id")
    )
    shine = pd.DataFrame(
        {
            "ranking": "shine",
            "rank": range(1, 9),
            "unit_id": UNITS[7::-1],
            "unit": "",
            "score": scores["index"].to_numpy()[7::-1],
            "tier": [1] * 3 + [2] * 5,
        }
    )
    lights = [
        (unit, code, year, value, None)
        for year, growth in ((2019, 0.5), (2020, 1.0), (2021, 1.5))
        for i, unit in enumerate(UNITS)
        for code, value in (
            ("light_mean", growth * [0, 0.1, 0.2, 0.5, 1, 2, 5, 10, 40][i]),
            ("light_sum", growth * 100 * i),
            ("light_lit_share", min(1.0, growth * i / 10)),
        )
    ]
    people = [(unit, "population", 2020, 1000.0 * i, None) for i, unit in enumerate(UNITS)]
    people[8] = ("22", "population", 2020, np.nan, "uninhabited")
    lights[0] = ("00", "light_mean", 2019, np.nan, "cloud")
    return AtlasTables(
        units=units,
        parents=parents,
        regions=regions,
        membership=membership,
        rankings=pd.concat([best, shine], ignore_index=True),
        scores={"shine": scores},
        indicators=pd.DataFrame(
            lights + people, columns=["unit_id", "code", "year", "value", "flag"]
        ),
        meta={
            meta.code: meta
            for meta in (
                _meta("light_sum", "灯光总量", "Sum of lights", "nW", kind=Extensive()),
                _meta("light_mean", "平均辐亮度", "Mean radiance", "nW", digits=2),
                _meta("light_lit_share", "亮灯占比", "Lit share", "share", digits=3),
                _meta("population", "人口", "Population", "people", digits=0, kind=Extensive()),
                _meta("unused", "无", "Unused", "x"),
            )
        },
        nightlights=None,
        clusters=pd.DataFrame(
            [
                ("works", "w1", "磨坊", "Mill", "old", 5.0, "00"),
                ("works", "w1", "磨坊", "Mill", "old", 5.0, "01"),
                ("works", "w2", "Forge", None, None, np.nan, "01"),
            ],
            columns=["set", "cluster_id", "cluster", "cluster_en", "group", "size", "unit_id"],
        ),
        lines=gpd.GeoSeries([], crs="EPSG:4326"),
        comparison=None,
        blocks=_blocks(),
        report=BuildReport(
            "0.0",
            joins=[MatchReport("best", 4, 4)],
            checks=[Check(Text(zh="面积", en="Area"), bool(np.True_), Text(zh="对", en="right"))],
            omissions=[Omission(Text(zh="甲", en="a"), Text(zh="乙", en="b"))],
        ),
    )


def _meta(
    code: str, zh: str, en: str, unit: str, *, digits: int = 1, kind: Kind = PLAIN
) -> IndicatorMeta:
    return IndicatorMeta(
        code,
        Text(zh=zh, en=en),
        Unit(zh=unit, en=unit),
        Text(zh="法", en="method"),
        digits=digits,
        kind=kind,
        citation="nightlights" if code.startswith("light_") else None,
        missing=Text(zh="无数据", en="no data") if code == "light_mean" else None,
    )


def _blocks() -> list[BlockMeans]:
    transform = Affine(0.1, 0, 9.0, 0, -0.1, 51.0)
    values = np.linspace(0, 40, 400, dtype=np.float32).reshape(20, 20)
    later = values * 2
    later[0, 0] = np.nan
    return [
        BlockMeans(2021, later, transform, "EPSG:4326"),
        BlockMeans(2019, values, transform, "EPSG:4326"),
    ]


@pytest.fixture
def tables() -> AtlasTables:
    return make_tables()


@pytest.fixture
def hostile_tables() -> AtlasTables:
    return make_tables(HOSTILE)


NO_EARTH = {
    "transform": {"scale": [1, 1], "translate": [0, 0]},
    "objects": {name: {"geometries": []} for name in ("land", "lakes", "rivers")},
    "arcs": [],
}


@pytest.fixture
def plain_assets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Small stand-ins for what npm builds."""
    folder = tmp_path / "assets"
    folder.mkdir()
    for name, text in {
        "leaflet.js": "var L = {CRS: {}}; // </script>",
        "leaflet.css": ".leaflet-default-icon-path { background: url(data:image/png;base64,AA) }",
        "regional_atlas.js": "var RegionalAtlas = {};",
        "regional_atlas.css": ".ra { content: '</style>' }",
        "natural_earth_50m.json": json.dumps(NO_EARTH),
        "NOTICE": "Leaflet, BSD-2-Clause",
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    monkeypatch.setattr(assets, "FOLDER", folder)
    return folder
