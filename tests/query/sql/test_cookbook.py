"""The twenty-four statements of the book, against plain pandas; on other engines where they are."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely

from regional_atlas.query.sql.views import view_tables

pytest.importorskip("sqlglot")
pytest.importorskip("sedonadb")
pytestmark = pytest.mark.china

ROOT = Path(__file__).resolve().parent.parent.parent.parent
PAGE = ROOT / "docs/how-to/sql.md"
COUNTIES = "industrial_counties"

Views = dict[str, pd.DataFrame]


def statements() -> dict[int, str]:
    """The statements by number, as they stand in the book."""
    blocks = re.findall(r"```sql\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    parts = re.split(r"^-- (\d+) .*$", "\n".join(blocks), flags=re.MULTILINE)[1:]
    return {int(n): text.strip() for n, text in zip(parts[::2], parts[1::2], strict=True)}


@pytest.fixture(scope="module")
def views(china: Any) -> Views:
    return view_tables(china.tables)


def ranked(v: Views, ranking: str = COUNTIES) -> pd.DataFrame:
    rows = v["rankings"][v["rankings"]["ranking"] == ranking]
    return rows.merge(v["units"].drop(columns=["unit", "geometry"]), on="unit_id")


def metros(v: Views) -> pd.DataFrame:
    rows = v["membership"]
    return rows[(rows["kind"] == "metro") & rows["region_id"].notna()]


def light(v: Views, code: str = "light_mean", year: int = 2022) -> pd.Series:
    rows = v["indicators"]
    wanted = rows[(rows["code"] == code) & (rows["year"] == year)]
    return wanted.set_index("unit_id")["value"]


def in_order(values: pd.Series) -> list[tuple[Any, Any]]:
    """Pairs, the largest value first, equal ones by name."""
    return sorted(values.items(), key=lambda pair: (-pair[1], pair[0]))


def leading(v: Views) -> Any:
    inside = set(v["membership"].loc[v["membership"]["region"] == "苏锡常都市圈", "unit_id"])
    rows = ranked(v).sort_values("rank")
    return rows.loc[rows["unit_id"].isin(inside), ["rank", "unit"]].head(5)


def by_metro(v: Views) -> Any:
    own = metros(v)[metros(v)["exclusive"].astype(bool)]
    return in_order(own[own["unit_id"].isin(ranked(v)["unit_id"])].groupby("region").size())


def outside(v: Views) -> Any:
    rows = ranked(v).sort_values("rank")
    return rows.loc[~rows["unit_id"].isin(metros(v)["unit_id"]), ["rank", "unit"]]


def better(v: Views) -> Any:
    rows = ranked(v).merge(ranked(v, "innovation_counties"), on="unit_id")
    rows = rows[rows["rank_y"] < rows["rank_x"]].assign(gain=lambda t: t["rank_y"] - t["rank_x"])
    rows = rows.sort_values(["gain", "rank_x"])
    return rows[["unit_x", "rank_x", "rank_y"]]


def best(v: Views) -> Any:
    rows = ranked(v).sort_values("rank").drop_duplicates("province")
    return rows[["province", "unit", "rank"]]


def tiers(v: Views) -> Any:
    rows = ranked(v)
    table = pd.crosstab(rows["macro_region"], rows["tier"].clip(upper=3))
    return [(name, *counts) for name, *counts in table.itertuples()]


def types(v: Views) -> Any:
    has = v["units"]["unit_id"].isin(ranked(v)["unit_id"]).astype(float)
    return in_order(has.groupby(v["units"]["unit_type"]).mean())


def by_macro(v: Views) -> Any:
    sums = light(v, "light_sum").groupby(v["units"].set_index("unit_id")["macro_region"]).sum()
    return [(name, value, value / sums.sum()) for name, value in in_order(sums)]


def by_year(v: Views) -> Any:
    rows = v["indicators"]
    sums = rows[rows["code"] == "light_sum"].groupby("year")["value"].sum()
    return list(zip(sums.index, sums, sums.pct_change(), strict=True))


def herfindahl(v: Views) -> Any:
    sums = light(v, "light_sum").groupby(v["units"].set_index("unit_id")["province"]).sum()
    return [(((sums / sums.sum()) ** 2).sum(),)]


def half(v: Views) -> Any:
    values = np.sort(light(v, "light_sum").to_numpy())[::-1]
    return [(int(((values.cumsum() - values) < values.sum() / 2).sum()),)]


def brightest(v: Views) -> Any:
    rows = metros(v).assign(value=lambda t: t["unit_id"].map(light(v)))
    rows = rows.sort_values("value", ascending=False).drop_duplicates("region")
    return rows[["region", "unit", "value"]]


def doubled(v: Views) -> Any:
    now, then = light(v), light(v, year=2013)
    return in_order((now / then)[(then > 1) & (now > 2 * then)])


def together(v: Views) -> Any:
    scores = ranked(v, "industrial").set_index("unit_id")["score"]
    both = pd.concat([scores, light(v)], axis=1, join="inner").dropna()
    return [(both.corr().iloc[0, 1], len(both))]


def variation(v: Views) -> Any:
    values = metros(v)["unit_id"].map(light(v)).groupby(metros(v)["region"])
    return in_order(values.std(ddof=0) / values.mean())


def quarters(v: Views) -> Any:
    values = np.sort(light(v).reindex(ranked(v)["unit_id"]).to_numpy())
    parts = np.array_split(values, 4)
    return [(n, len(part), part[0], part[-1]) for n, part in enumerate(parts, 1)]


def growth(v: Views) -> Any:
    rows = v["region_values"]
    rows = rows[(rows["kind"] == "metro") & (rows["code"] == "light_growth")]
    return in_order(rows.set_index("region")["value"])


def partial(v: Views) -> Any:
    rows = v["region_values"]
    counts = rows[rows["partial"].astype(bool)].groupby(["kind", "code"]).size()
    return [(kind, code, n) for (kind, code), n in counts.items()]


def twice(v: Views) -> Any:
    rows = v["membership"]
    counts = rows[(rows["kind"] == "agglomeration") & rows["region_id"].notna()]
    sizes = counts.groupby("unit_id").size()
    return list(sizes[sizes > 1].items())


def areas(v: Views) -> Any:
    sizes = metros(v)["unit_id"].map(v["units"].set_index("unit_id")["area_km2"])
    return in_order(sizes.groupby(metros(v)["region"]).sum())


def clusters(v: Views) -> Any:
    rows = v["clusters"].merge(v["units"][["unit_id", "province"]], on="unit_id")
    return in_order(rows.groupby("province")["cluster_id"].nunique())


def neighbours(v: Views) -> Any:
    first = set(ranked(v).loc[ranked(v)["rank"] <= 20, "unit_id"])
    units = v["units"][v["units"]["unit_id"].isin(first)].sort_values("unit_id")
    held = list(units[["unit_id", "unit", "geometry"]].itertuples(index=False))
    return sorted(
        (one.unit, other.unit)
        for one in held
        for other in held
        if one.unit_id < other.unit_id and shapely.intersects(one.geometry, other.geometry)
    )


def in_box(v: Views) -> Any:
    points = shapely.point_on_surface(v["units"]["geometry"].to_numpy())
    inside = shapely.intersects(points, shapely.box(120, 31, 121, 32))
    return [(unit,) for unit in sorted(v["units"].loc[inside, "unit_id"])]


ANSWERS: dict[int, Callable[[Views], Any]] = {
    1: lambda v: in_order(ranked(v).groupby("province").size()),
    2: leading, 3: by_metro, 4: outside, 5: better, 6: best, 7: tiers, 8: types,
    9: by_macro, 10: by_year, 11: herfindahl, 12: half, 13: brightest, 14: doubled,
    15: together, 16: variation, 17: quarters, 18: growth, 19: partial, 20: twice,
    21: areas, 22: clusters, 23: neighbours, 24: in_box,
}  # fmt: skip


def rows(table: Any) -> list[list[Any]]:
    """Rows of a table or of tuples; floats to nine digits, missing as None."""
    listed = table.itertuples(index=False) if isinstance(table, pd.DataFrame) else table

    def plain(value: Any) -> Any:
        if not isinstance(value, str) and pd.isna(value):
            return None
        return float(f"{value:.9g}") if isinstance(value, float | np.floating) else value

    return [[plain(value) for value in row] for row in listed]


def test_there_are_twenty_four() -> None:
    assert list(statements()) == list(ANSWERS) == list(range(1, 25))


@pytest.mark.slow
@pytest.mark.parametrize("number", range(1, 25))
def test_the_answer_is_that_of_pandas(china: Any, views: Views, number: int) -> None:
    found = rows(china.sql(statements()[number]))
    if number != 19:  # no value of the default project is partial
        assert found
    assert found == rows(ANSWERS[number](views))


OF_TABLES = [number for number in ANSWERS if number not in (23, 24)]


@pytest.mark.slow
@pytest.mark.parametrize("number", OF_TABLES)
def test_duckdb_answers_alike(views: Views, number: int) -> None:
    """The statements without geometry, which need no extension of DuckDB's."""
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect()
    for name, table in views.items():
        connection.register(name, table.drop(columns="geometry", errors="ignore"))
    found = connection.execute(statements()[number]).df()
    assert rows(found) == rows(ANSWERS[number](views))
