"""Roll-ups of a build: ranked units and indicators by parent, region or unit type."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import pandas as pd

from regional_atlas.config.project import Project
from regional_atlas.core.errors import InputError, raise_if
from regional_atlas.core.schema import AtlasTables
from regional_atlas.membership.rollup import count_ranked
from regional_atlas.query.areas import area_values, grouping
from regional_atlas.query.basis import apart, chosen_ranking
from regional_atlas.query.fields import Fields, region_fields
from regional_atlas.query.question import Question, sorted_by
from regional_atlas.query.years import with_years, year_problems, years_known

__all__ = ["ordered", "partial_cells", "rolled_up", "summarise", "with_fields"]

_INTERVAL = ("count_low", "count_high", "count_expected")
_MADE = {"id", "name", "partial", "data_members", *_INTERVAL, "geometry"}
"""Columns that a roll-up gets beside its counts."""


def summarise(
    project: Project,
    tables: AtlasTables,
    *,
    by: str,
    ranking: str | None = None,
    sort: str | Sequence[str] | None = None,
    top: int | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """Roll ranked units and indicators up to parents, regions or unit types.

    Parameters
    ----------
    project : Project
    tables : AtlasTables
    by : str
        A parent level, a region kind, or `unit_type`.
    ranking : str, optional
        The project's first by default; without one the counts are 0.
    sort : str or sequence of str, optional
        Fields, also `CODE@YEAR`: regions in the order of the first, `-field` downwards. What is
        partial there has no place in that order and is left out, as is what is missing;
        `attrs["left_out"]` counts both.
    top : int, optional
        The first so many, after sorting.
    year : int, optional
        Of the indicators; the latest of each by default.

    Returns
    -------
    DataFrame
        `id`, `name`, `units`, `count` (each unit in one region of the kind, by precedence),
        `count_all` (every membership), `of` (units that the ranking could hold), `coverage`
        (their share that is ranked), `best` rank; for a computed ranking with draws, and for a kind
        with probabilities of membership, `count_top<N>`, `count_low`, `count_high`,
        `count_expected`: how many are among its first N, the interval and the mean; then the area
        and every indicator by the rule of its kind, latest year, as in `region_values`: what adds
        up first. `partial` names the fields that some members have no value of, or one for a part
        of their area only, joined by `;`, and
        `data_members` says, in the same order, how many of how many have one (`4/5`).
        Sorted by `count`, `count_all` and `units`, the most first, unless `sort` says otherwise.
        `attrs` say of which year each field is; see `query.years.with_years`.

    Raises
    ------
    InputError
        No such grouping, ranking, year or field.
    """
    asked = Question(sort=sort, top=top, year=year)
    raise_if(year_problems(tables, year), InputError)
    table = rolled_up(project, tables, by=by, ranking=ranking, year=year)
    fields = region_fields(tables, table, by)
    names = asked.sort_fields()
    raise_if([f"sort: {line}" for line in fields.problems(names)], InputError)
    table = with_fields(table, fields, names, area_values(tables, by))
    if names:
        table = ordered(table, asked.order_of())
    return (table if top is None else table.head(top)).reset_index()


def rolled_up(
    project: Project,
    tables: AtlasTables,
    *,
    by: str,
    ranking: str | None = None,
    year: int | None = None,
) -> pd.DataFrame:
    """Make the table of `summarise`, all of it, by `id`; nothing is chosen or sorted anew."""
    config = chosen_ranking(project, ranking)
    units = tables.unit_table
    found = grouping(tables, by)
    groups, names = found.groups, found.names["name"]
    of = config.id if config is not None else None
    ranked = tables.rankings[tables.rankings["ranking"] == of]
    could = units.index if config is not None else units.index[:0]
    if config is not None and config.among:
        could = units.index[units["unit_type"].isin(config.among)]
    table = count_ranked(
        groups, list(names.index), ranked=ranked.set_index("unit_id")["rank"], could=could
    )
    values = _values(tables, by, year, {*table.columns, *_MADE})
    table = table.join(values)
    table = _with_interval(table, tables.region_counts, of or "", by)
    table.insert(0, "name", names)
    table = table.rename_axis("id").reset_index()
    table = table.sort_values(
        ["count", "count_all", "units", "id"],
        ascending=[False, False, False, True],
        ignore_index=True,
    ).set_index("id")
    table.attrs = values.attrs
    return table


def ordered(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """Sort a summary by fields, without the regions whose value of the first is partial or missing.

    Parameters
    ----------
    table : DataFrame
    keys : sequence of str
        Columns; `-column` sorts downwards.

    Returns
    -------
    DataFrame
        `attrs["left_out"]` counts `partial` and `missing` ones, `attrs["partial"]` names the
        former in the same order.
    """
    field = keys[0].strip().removeprefix("-")
    kept = table[field].notna()
    marks = partial_cells(table)
    if field in marks:
        kept &= ~marks[field]
    found = sorted_by(table[kept], keys)
    found.attrs |= table.attrs
    partial = sorted_by(table[~kept & table[field].notna()], keys)
    found.attrs["left_out"] = {
        "partial": len(partial),
        "missing": int(table[field].isna().sum()),
    }
    found.attrs["partial"] = partial["name"].tolist()
    return found


def with_fields(
    table: pd.DataFrame, fields: Fields, names: Iterable[str], rows: pd.DataFrame
) -> pd.DataFrame:
    """Add fields in a year to a summary, with the marks of their partial values.

    Parameters
    ----------
    table : DataFrame
        Of `rolled_up`.
    fields : Fields
        Of its areas.
    names : iterable of str
        `CODE@YEAR`; columns that are there are passed over.
    rows : DataFrame
        Of `area_values`.
    """
    for name in names:
        if name not in table.columns:
            table = _with_year(table, name, fields[name], rows)
    return table


def _with_year(
    table: pd.DataFrame, name: str, values: pd.Series, rows: pd.DataFrame
) -> pd.DataFrame:
    code, _, year = name.rpartition("@")
    found = rows[(rows["code"] == code) & (rows["year"] == int(year)) & rows["partial"]]
    found = found.set_index("region_id")
    counts = found["members_with_data"].astype("str") + "/" + found["members"].astype("str")
    texts = {"partial": pd.Series(name, found.index, dtype="str"), "data_members": counts}
    table = table.assign(**{name: values})
    for column, text in texts.items():
        both = table[[column]].assign(more=text)
        joined = both.apply(lambda held: ";".join(held.dropna()), axis=1).astype("str")
        table[column] = joined.mask(joined == "")
    return table


def partial_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Tell by row and field which numbers of a summary are partial."""
    named = [held.split(";") for held in table["partial"].fillna("")]
    fields = [field for field in table.columns if any(field in held for held in named)]
    marks = [[field in held for field in fields] for held in named]
    return pd.DataFrame(marks, table.index, fields, dtype="bool") & table[fields].notna()


def _values(
    tables: AtlasTables, by: str, wanted: int | None, taken: Collection[str]
) -> pd.DataFrame:
    """Lay out the latest values of every field by group, and which of them are partial."""
    rows = area_values(tables, by)
    known = years_known(rows)
    year = rows["year"].fillna(0)
    latest = year.groupby(rows["code"]).transform("max")
    rows = rows[year == latest if wanted is None else year.isin((0, wanted))]
    named = apart(tables.meta, taken)
    rows = rows.assign(code=rows["code"].replace(named))
    meta = {named.get(code, code): each for code, each in tables.meta.items()}
    held = {*rows["code"]}
    codes = [code for code in meta if code in held]
    codes.sort(key=lambda code: not meta[code].extensive)
    fields = ["area_km2", *codes]
    wide = rows.pivot(index="region_id", columns="code", values="value").reindex(columns=fields)
    marked = rows[rows["partial"] & rows["code"].isin(fields)]
    order = marked["code"].map({code: at for at, code in enumerate(fields)})
    marked = marked.loc[order.sort_values(kind="stable").index]
    counts = marked["members_with_data"].astype("str") + "/" + marked["members"].astype("str")
    said = {"partial": marked["code"], "data_members": counts}
    for name, texts in said.items():
        wide[name] = texts.groupby(marked["region_id"]).agg(";".join).astype("str")
    return with_years(wide, known, wanted, named)


def _with_interval(
    table: pd.DataFrame, counts: pd.DataFrame, ranking: str, by: str
) -> pd.DataFrame:
    """Put the counts among the first ranks, with interval and mean, after the best rank."""
    rows = counts[(counts["ranking"] == ranking) & (counts["kind"] == by) & counts["exclusive"]]
    if rows.empty:
        return table
    rows = rows.set_index("region_id").reindex(table.index)
    named = [f"count_top{rows['top'].max():.0f}", *_INTERVAL]
    found = rows[["count", "low", "high", "expected"]].set_axis(named, axis="columns")
    found = found.astype(dict.fromkeys(named[:3], "Int64"))
    first = [*table.columns[: list(table.columns).index("best") + 1], *found.columns]
    table = table.join(found)
    return table[[*first, *table.columns.drop(first)]]
