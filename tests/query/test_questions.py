"""The thirty questions of the book, asked on the command line, against plain pandas."""

from __future__ import annotations

import io
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyproj
import pytest
import shapely

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "docs/how-to/questions.md"


class Tables:
    """The tables of the default project, and what the answers below often need of them."""

    def __init__(self, atlas: Any) -> None:
        self.atlas = atlas
        self.units = pd.DataFrame(atlas.units.drop(columns="geometry"))
        self.points = atlas.units.geometry.representative_point()

    def ranked(self, ranking: str = "industrial_counties") -> pd.Series:
        rows = self.atlas.rankings
        return rows[rows["ranking"] == ranking].set_index("unit_id")["rank"].sort_values()

    def of(self, kind: str, *starts: str) -> set[str]:
        """Units of the regions of a kind whose names begin so."""
        rows = self.atlas.membership[self.atlas.membership["kind"] == kind]
        names = rows["region_id"].map(self.atlas.regions["name"])
        return set(rows.loc[names.str.startswith(starts, na=False), "unit_id"])

    def light(self, code: str, year: int = 2022) -> pd.Series:
        rows = self.atlas.indicators
        wanted = rows[(rows["code"] == code) & (rows["year"] == year)]
        return wanted.set_index("unit_id")["value"]

    def score(self, ranking: str) -> pd.Series:
        rows = self.atlas.rankings
        return rows[rows["ranking"] == ranking].set_index("unit_id")["score"]

    def by_rank(self, ids: Any, ranking: str = "industrial_counties") -> list[str]:
        """The ranked ones by rank, then the others by id."""
        ranks = self.ranked(ranking)
        return sorted(ids, key=lambda unit: (ranks.get(unit, 10**6), unit))

    def downwards(self, ids: Any, values: pd.Series) -> list[str]:
        return sorted(ids, key=lambda unit: (-values[unit], unit))

    def beside(self, unit: str) -> set[str]:
        shape = self.atlas.units.geometry
        near = shape[shape.intersects(shape[unit])].drop(unit)
        shared = near.boundary.intersection(shape[unit].boundary)
        return set(near.index[shared.length > 0])

    def values(self, kind: str, code: str, year: int | None) -> pd.Series:
        rows = self.atlas.region_values
        rows = rows[(rows["kind"] == kind) & (rows["code"] == code)]
        return rows[rows["year"] == (year or rows["year"].max())].set_index("region_id")["value"]


def first_of_each(t: Tables) -> list[str]:
    ranks = t.ranked()
    return sorted(ranks.groupby(t.units["province"]).idxmin(), key=ranks.__getitem__)


def two_brightest(t: Tables) -> list[str]:
    light, rows = t.light("light_mean"), t.atlas.membership
    rows = rows[(rows["kind"] == "metro") & rows["region_id"].notna()]
    best = [
        t.downwards(held["unit_id"], light)[:2] for _, held in rows.groupby("region_id", sort=False)
    ]
    return [unit for pair in sorted(best, key=lambda pair: -light[pair[0]]) for unit in pair]


def near(t: Tables, lon: float, lat: float, km: float) -> list[str]:
    geod = pyproj.Geod(ellps="WGS84")
    box = shapely.box(lon - 3, lat - 3, lon + 3, lat + 3)
    shapes = t.atlas.units.geometry[t.atlas.units.geometry.intersects(box)]
    shapes = shapes[shapes.index.isin(t.ranked().index)]
    found = []
    for unit, shape in shapes.items():
        if shape.contains(shapely.Point(lon, lat)):
            found.append(str(unit))
            continue
        lons, lats = shapely.get_coordinates(shape).T
        _, _, metres = geod.inv([lon] * len(lons), [lat] * len(lats), lons, lats)
        # Vertices of the full-detail borders lie some metres apart.
        if metres.min() <= km * 1000:
            found.append(str(unit))
    return t.by_rank(found)


def around_suzhou(t: Tables) -> list[str]:
    held = t.units["prefecture"] == "苏州市"
    weights, points = t.units.loc[held, "area_km2"], t.points[held]
    lon = (points.x * weights).sum() / weights.sum()
    lat = (points.y * weights).sum() / weights.sum()
    return [u for u in near(t, lon, lat, 100) if t.units.loc[u, "province"] != "上海市"]


def second_neighbours(t: Tables) -> list[str]:
    light, first = t.light("light_mean"), t.beside("320583")
    second = set().union(*map(t.beside, first)) - first - {"320583"}
    return t.downwards(first, light) + t.downwards(second, light)


def metros_by_count(t: Tables) -> list[str]:
    rows = t.atlas.membership
    rows = rows[(rows["kind"] == "metro") & rows["exclusive"].fillna(False).astype(bool)]
    counts = rows[rows["unit_id"].isin(t.ranked().index)].groupby("region_id").size()
    return sorted(counts.nlargest(5).tolist(), reverse=True)


def inside(t: Tables, area: shapely.Geometry) -> list[str]:
    return t.by_rank(t.points.index[t.points.within(area)])


def in_jiangsu(t: Tables) -> set[str]:
    rows = t.atlas.membership
    there = rows["unit_id"].map(t.units["province"]) == "江苏省"
    return set(rows.loc[(rows["kind"] == "metro") & there, "region_id"].dropna())


def dark_and_strong(t: Tables) -> list[str]:
    strong, lit = t.score("industrial"), t.light("light_lit_share").reindex(t.units.index)
    held = (strong.reindex(t.units.index) > 60) & (lit < 0.2) & (t.units["unit_type"] == "县级市")
    return t.by_rank(set(t.units.index[held]) & set(t.ranked().index))


def brighter(t: Tables) -> list[str]:
    ids = t.ranked().index[:50]
    return [u for u in ids if t.light("light_mean")[u] > t.light("light_mean", 2013)[u]]


def both(t: Tables, better: bool) -> list[str]:
    one, two = t.ranked(), t.ranked("innovation_counties")
    ids = one.index.intersection(two.index)
    return [u for u in t.by_rank(ids) if not better or two[u] < one[u]]


def provinces_lit(t: Tables) -> set[str]:
    shares = t.values("province", "light_lit_share", 2022)
    return set(shares.index[shares > 0.5])


def metros_sum(t: Tables) -> list[str]:
    rows = t.atlas.membership
    rows = rows[(rows["kind"] == "metro") & rows["region_id"].notna()]
    sums = rows["unit_id"].map(t.light("light_sum")).groupby(rows["region_id"]).sum()
    return sums[sums > 300_000].sort_values().index.tolist()


def prefectures(t: Tables) -> list[str]:
    sums = t.light("light_sum", 2013).groupby(t.units["prefecture_id"]).sum()
    return sums.nlargest(10).index.tolist()


def growth(t: Tables) -> list[str]:
    values = t.values("metro", "light_growth", None)
    return values.sort_values(ascending=False, kind="stable").index.tolist()


def ranked_in(t: Tables, ids: Any) -> list[str]:
    return t.by_rank(set(ids) & set(t.ranked().index))


def province(t: Tables, name: str) -> set[str]:
    return set(t.units.index[t.units["province"] == name])


ANSWERS: list[Callable[[Tables], Any]] = [
    lambda t: ranked_in(t, t.of("metro", "苏锡常"))[:10],
    lambda t: ranked_in(t, t.of("metro", "杭州", "宁波")),
    lambda t: ranked_in(t, t.of("metro", "苏锡常")),
    lambda t: ranked_in(t, set(t.units.index) - t.of("metro", "")),
    lambda t: ranked_in(t, province(t, "江苏省") - t.of("metro", "苏锡常")),
    lambda t: [
        row.unit_id
        for row in t.atlas.rankings.sort_values("rank").itertuples()
        if row.ranking == "industrial_counties" and row.tier == 1
    ],
    dark_and_strong,
    brighter,
    lambda t: both(t, better=False),
    lambda t: both(t, better=True),
    first_of_each,
    two_brightest,
    lambda t: ranked_in(t, t.of("metro", "苏锡常")),
    lambda t: sorted(
        t.ranked().index,
        key=lambda u: (t.units.loc[u, "province"], -t.light("light_mean")[u]),
    ),
    lambda t: t.light("light_sum", 2013).nlargest(5).index.tolist(),
    lambda t: [
        u
        for u in t.light("light_mean").sort_values(ascending=False).index
        if t.light("light_mean")[u] > 60 and u not in t.ranked().index
    ],
    lambda t: near(t, 120.6, 31.3, 50),
    around_suzhou,
    lambda t: t.by_rank(t.beside("320583")),
    second_neighbours,
    lambda t: inside(t, shapely.box(120, 31, 121, 32)),
    lambda t: inside(t, shapely.Polygon([(120, 31), (122, 31), (121, 33)])),
    lambda t: t.by_rank(t.units.index[t.units["unit"].str[0] == "长"]),
    lambda t: [u for u in t.ranked().index[:20] if t.units.loc[u, "unit_type"] in ("县级市", "县")],
    metros_by_count,
    growth,
    provinces_lit,
    in_jiangsu,
    prefectures,
    metros_sum,
]


def asked() -> list[list[str]]:
    block = PAGE.read_text(encoding="utf-8").split("## Thirty questions")[1].split("```")[1]
    lines = [line for line in block.splitlines() if line.startswith("regional-atlas ")]
    return [shlex.split(line)[1:] for line in lines]


@pytest.fixture(scope="module")
def tables(china: Any) -> Tables:
    return Tables(china)


def test_there_are_thirty() -> None:
    assert len(asked()) == len(ANSWERS) == 30


@pytest.mark.china
@pytest.mark.parametrize("number", range(30))
def test_the_answer_is_that_of_pandas(
    run: Any, tables: Tables, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.chdir(ROOT)
    words = [word for word in asked()[number] if not word.startswith("unit,rank")]
    words = [word for word in words if word not in ("--columns", "name,light_growth")]
    code, out, err = run(*words, "--format", "csv")
    assert code == 0, err
    table = pd.read_csv(io.StringIO(out), dtype={"unit_id": str, "id": str})
    found = table["id" if "--level" in words else "unit_id"].tolist()
    expected = ANSWERS[number](tables)
    if number == 24:  # areas with equal counts have no order of their own
        found = table["count"].tolist()
    if isinstance(expected, set):
        found = set(found)
    assert len(found)
    assert found == expected
