"""How an amount is spread over the units of each region, and what regions specialise in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from regional_atlas.core.errors import InputError, problems_of, raise_if
from regional_atlas.query.areas import Grouping
from regional_atlas.query.basis import Basis
from regional_atlas.query.fields import additive_problems, unit_fields
from regional_atlas.query.years import year_problems
from regional_atlas.spatial.concentration import (
    amounts_by_unit,
    equivalent_number,
    herfindahl,
    location_quotient,
    primacy,
    rank_size_slope,
)
from regional_atlas.spatial.inequality import theil_t

__all__ = ["concentration"]


def concentration(
    basis: Basis, by: str, field: str, of: str | None = None, year: int | None = None
) -> pd.DataFrame:
    """Measure how an amount is spread over the units of each region of a kind.

    Formulas, units and sources are in docs/method/concentration.md.

    Parameters
    ----------
    basis : Basis
    by : str
        A kind of region, a parent level or `unit_type`. A unit of several regions counts in each.
    field : str
        Of units, one that adds up: a total or `area_km2`, also `CODE@YEAR`.
    of : str, optional
        Another field that adds up: the whole that `field` is a part of, for location quotients.
    year : int, optional
        Of the fields; the latest of each by default.

    Returns
    -------
    DataFrame
        A row for each region, the largest total first: `id`, `name`, `members`, `data_members`
        (those with a value; the others are left out), `total` (in the field's unit), `herfindahl`,
        `equivalent_number` (units), `largest` (name of the unit; of equal ones the first id),
        `largest_share` (0–1), `first_to_second`, `rank_size_slope`, `rank_size_error`,
        `rank_size_units` (units above 0), `theil` (T, against equal amounts); with `of`
        `location_quotient` and `of_members` (units that have both). What is not defined is missing.

        `attrs["whole"]` is a dict of the same of all units, each once, with `theil_between` and
        `theil_within` the regions: a unit of several is in the one that has precedence, those in
        none are one more group. `attrs["years"]` says of which year the fields are.

    Raises
    ------
    InputError
        No such kind, field or year, or a field that does not add up: all at once.
    DataError
        Negative amounts, with their units.
    """
    values = _amounts(basis, by, [field] if of is None else [field, of], year)
    grouping, called = basis.grouping(by), basis.tables.unit_table["unit"]
    amounts = values[field]
    rows = grouping.groups.drop_duplicates(["group", "unit_id"])
    place = pd.Series(amounts.index.get_indexer(pd.Index(rows["unit_id"])), rows.index)
    members = {group: np.sort(at) for group, at in place.groupby(rows["group"])}
    whole = _whole(amounts, grouping, called)
    regions = grouping.names.index.rename("id")
    found = [_measures(amounts.iloc[members.get(region, [])], called) for region in regions]
    columns = [name for name in whole if name not in ("theil_between", "theil_within")]
    table = pd.DataFrame(found, index=regions, columns=columns).astype({"largest": "str"})
    table.insert(0, "name", grouping.names["name"])
    if of is not None:
        quotient = location_quotient(amounts, values[of], rows.set_index("unit_id")["group"])
        quotient = quotient.reindex(table.index)
        table["location_quotient"] = quotient["location_quotient"]
        table["of_members"] = quotient["units"].fillna(0).astype("int64")
    table = table.reset_index().sort_values(
        ["total", "id"], ascending=[False, True], ignore_index=True
    )
    table.attrs = {"whole": whole, "years": values.attrs["years"]}
    return table


def _amounts(basis: Basis, by: str, names: list[str], year: int | None) -> pd.DataFrame:
    """Look the fields up, in the order of unit ids, after all that can be wrong with a question."""
    problems = [*problems_of(lambda: basis.grouping(by)), *year_problems(basis.tables, year)]
    units = basis.units(None, year if not problems else None)
    fields = unit_fields(basis, units)
    for where, name in zip(("field", "of"), names, strict=False):
        problems += [f"{where}: {line}" for line in additive_problems(basis, fields, name, year)]
    raise_if(problems, InputError)
    values = pd.DataFrame({name: fields.values(name) for name in names}).sort_index()
    called = basis.tables.unit_table["unit"].reindex(values.index) + " (" + values.index + ")"
    for name in names:
        amounts_by_unit(values[name].set_axis(called), name)
    years = units.attrs["years"]
    values.attrs["years"] = {name: years[name] for name in names if name in years}
    return values


def _measures(amounts: pd.Series, called: pd.Series) -> dict[str, Any]:
    """Measure the amounts of one region's units."""
    total = float(amounts.sum(min_count=1))
    first, line = primacy(amounts), rank_size_slope(amounts)
    return {
        "members": len(amounts),
        "data_members": int(amounts.notna().sum()),
        "total": total,
        "herfindahl": herfindahl(amounts),
        "equivalent_number": equivalent_number(amounts),
        "largest": None if first.largest is None else called[first.largest],
        "largest_share": first.share,
        "first_to_second": first.first_to_second,
        "rank_size_slope": line.slope,
        "rank_size_error": line.error,
        "rank_size_units": line.units,
        "theil": theil_t(amounts.reset_index(drop=True)) if total > 0 else np.nan,
    }


def _whole(amounts: pd.Series, grouping: Grouping, called: pd.Series) -> dict[str, Any]:
    """Measure all units together, and split their inequality by the regions they are in."""
    found = _measures(amounts, called)
    rows = grouping.groups[grouping.groups["exclusive"]].drop_duplicates("unit_id")
    group = rows.set_index("unit_id")["group"].reindex(amounts.index)
    # Inequality between groups is that of their means, each weighed by its units with a value.
    held = amounts.groupby(group, dropna=False).agg(["mean", "count"]).dropna()
    between = theil_t(held["mean"], held["count"]) if found["total"] > 0 else np.nan
    return found | {"theil_between": between, "theil_within": max(found["theil"] - between, 0.0)}
