"""Units and regions: membership, values of regions, tables of another vintage, autocorrelation."""

from __future__ import annotations

import os
import re
from collections.abc import Hashable, Mapping
from datetime import date
from typing import Any, Literal

import geopandas as gpd
import numpy as np
import pandas as pd

from regional_atlas.config.tables import TableSource
from regional_atlas.core import kinds
from regional_atlas.core.arguments import (
    a_number,
    a_path,
    a_text,
    a_whole_number,
    an_instance,
    one_of,
    shown,
    wrong,
)
from regional_atlas.core.errors import DataError, InputError, raise_if
from regional_atlas.core.model import Given
from regional_atlas.core.provenance import with_provenance
from regional_atlas.functions.polygons import crs_or_none, polygons_of
from regional_atlas.functions.series import groups_of, numbers_of
from regional_atlas.membership import polygons as shares
from regional_atlas.membership import rollup
from regional_atlas.sources.tables import CHANGE_COLUMNS, change_row_problems, read_changes
from regional_atlas.spatial import autocorrelation
from regional_atlas.spatial.contiguity import contiguity
from regional_atlas.units.changes import carried_flags, carry, change_problems
from regional_atlas.units.crosswalk import Crosswalk

__all__ = ["assign_membership", "crosswalk", "moran", "roll_up"]

RULES = ("area_share", "largest_share", "representative_point", "intersects")
AT_LEAST = 0.5
MOST_PERMUTATIONS = 999_999
_OLD_RULE = re.compile(r"area_share\s*>=\s*([0-9.]+)")


def assign_membership(
    units: Any,
    regions: Any,
    rule: str = "area_share",
    at_least: float | None = None,
    *,
    units_crs: Any = None,
    regions_crs: Any = None,
) -> pd.DataFrame:
    """Assign units to region polygons by a rule.

    Parameters
    ----------
    units, regions : GeoDataFrame, GeoSeries, path, shapely geometry or list of geometries
        Valid polygons in any CRS; areas are those of the equal-area grid EPSG:6933. `regions` may
        have the columns `kind` (one kind, `region`, without it) and `precedence` (the order of the
        rows without it).
    rule : str
        `area_share`: at least the share `at_least` of the unit lies in the region;
        `largest_share`: the region of its kind that holds most of the unit;
        `representative_point`: a point on the unit's surface lies in the region;
        `intersects`: the two overlap in more than a line.
    at_least : float, optional
        For `area_share`: above 0 and up to 1; one half by default.
    units_crs, regions_crs : optional
        CRS of polygons that have none.

    Returns
    -------
    DataFrame
        `unit_id` and `region_id` (the labels of the two), `kind`, `share_of_unit`,
        `share_of_region`, `rule`, `exclusive`. A unit may belong to several regions of a kind:
        `exclusive` marks the one of lowest precedence. A unit in none has a row without a region.

    Raises
    ------
    InputError
        Names the argument, what was given and what is allowed.
    DataError
        Polygons that are not valid, or repeated labels.

    Examples
    --------
    >>> import shapely
    >>> units = [shapely.box(0, 0, 2, 1), shapely.box(2, 0, 4, 1)]
    >>> found = assign_membership(units, shapely.box(0.5, 0, 3.2, 1), "area_share", at_least=0.7,
    ...                           units_crs="EPSG:6933", regions_crs="EPSG:6933")
    >>> found["share_of_unit"].tolist(), found["region_id"].notna().tolist()
    ([0.75, 0.0], [True, False])
    """
    name, least = _rule(rule, at_least)
    inside = polygons_of("units", units, units_crs)
    around = polygons_of("regions", regions, regions_crs)
    whole = least if least is None else f"area_share >= {least:g}"
    said = {"kind": "region", "precedence": range(1, len(around) + 1)}
    table = gpd.GeoDataFrame(
        {key: around[key] if key in around.columns else value for key, value in said.items()},
        geometry=around.geometry,
        index=around.index,
    )
    raise_if(_region_problems(table), DataError, "regions")
    # Positions stand for labels: those of any type sort and compare.
    places = [_places(each.index) for each in (inside, table)]
    left, right = (
        each.geometry.to_frame("geometry").set_axis(pd.Index(labels, name=key))
        for each, labels, key in zip((inside, table), places, ("unit_id", "region_id"), strict=True)
    )
    right = right.assign(kind=table["kind"].to_numpy(), precedence=table["precedence"].to_numpy())
    found = shares.assign_membership(left, right, rule=whole or name)
    for column, labels, each in zip(("unit_id", "region_id"), places, (inside, table), strict=True):
        found[column] = found[column].map(dict(zip(labels, each.index, strict=True)))
    return with_provenance(found, f"membership by {whole or name}")


def _rule(rule: Any, at_least: Any) -> tuple[str, float | None]:
    old = _OLD_RULE.fullmatch(rule.strip()) if isinstance(rule, str) else None
    if old is not None and at_least is None:
        rule, at_least = "area_share", float(old[1])
    elif isinstance(rule, str) and rule.startswith("area_share") and rule != "area_share":
        raise InputError(
            f"expected {', '.join(RULES)}, found {rule!r}; say rule='area_share' and the share "
            "by at_least, such as at_least=0.5",
            where="rule",
        )
    name = one_of("rule", rule, RULES)
    if name != "area_share":
        if at_least is not None:
            raise InputError(f"is for rule 'area_share', found rule {name!r}", where="at_least")
        return name, None
    share = AT_LEAST if at_least is None else at_least
    a_number("at_least", share, least=0, above=True)
    if share > 1:
        raise wrong("at_least", share, "a share above 0 and up to 1")
    return name, float(share)


def _places(index: pd.Index) -> list[str]:
    return [f"{place:09d}" for place in range(len(index))]


def _region_problems(table: pd.DataFrame) -> list[str]:
    if not len(table):
        return ["there are none"]
    problems = []
    if not table["kind"].map(lambda kind: isinstance(kind, str)).all():
        problems.append("column 'kind' must hold a text in every row")
    numeric = pd.to_numeric(table["precedence"], errors="coerce")
    if numeric.isna().any() or table["precedence"].dtype.kind not in "iuf":
        problems.append("column 'precedence' must hold a number in every row")
    return problems


Rule = str | tuple[Any, ...] | kinds.Kind
_RULES = (
    "'sum', 'mean', 'max', 'min', ('mean', WEIGHT) or ('ratio', NUMERATOR, DENOMINATOR[, SCALE]) "
    "with names of columns"
)


def roll_up(
    frame: pd.DataFrame,
    by: Any,
    values: Mapping[str, Rule],
    *,
    weight: str | None = None,
    at_least: float = 1.0,
) -> pd.DataFrame:
    """Put the values of units together to values of regions, each by the rule of its kind.

    Parameters
    ----------
    frame : DataFrame
        One row a unit, any index without repeats.
    by : str, Series or DataFrame
        A column of `frame`, the group of each unit, or a membership table as `assign_membership`
        gives it: a unit of several regions then counts in each.
    values : mapping of str to str or tuple
        By column: `'sum'` for counts and totals; `('mean', WEIGHT)`, weighted by a column, for
        rates; `('ratio', NUMERATOR, DENOMINATOR)`, with a factor as fourth if wanted, for what is
        made of two totals (the name may be new); `'mean'`, `'max'`, `'min'`.
    weight : str, optional
        Column that says what share of a region has data; every unit weighs alike without it.
    at_least : float
        A value is partial where units with data hold less than this share of the weight. With 1
        any unit without data makes it so.

    Returns
    -------
    DataFrame
        Index `group`, in the order in which groups first appear; the columns of `values`, `units`
        (how many there are), `partial` (names of the columns that some units have no value of,
        joined by `;`) and `data_members` (how many of how many have one, in the same order).

    Raises
    ------
    InputError
        Names the argument, what was given and what is allowed.

    Examples
    --------
    >>> frame = pd.DataFrame({"state": ["n", "n", "s"], "gdp": [10.0, 30.0, 5.0],
    ...                       "heads": [1.0, 3.0, None]})
    >>> roll_up(frame, "state", {"gdp": "sum", "per_head": ("ratio", "gdp", "heads")})
           gdp  per_head  units   partial data_members
    group
    n     40.0      10.0      2
    s      5.0       NaN      1  per_head          0/1
    """
    an_instance("frame", frame, pd.DataFrame, "a DataFrame, one row a unit")
    rules = _kinds("values", values, frame)
    least = a_number("at_least", at_least, least=0)
    if least > 1:
        raise wrong("at_least", at_least, "a share from 0 to 1")
    if frame.index.has_duplicates:
        raise DataError("a label stands more than once in the index", where="frame")
    groups = _groups(by, frame)
    order = list(dict.fromkeys(groups["group"]))
    even = pd.Series(1.0, frame.index)
    heavy = even if weight is None else _column("weight", frame, weight)
    # Positions stand for labels, of units and of groups: those of any type sort and compare.
    at = pd.Series(range(len(frame)), frame.index)
    names = {label: f"{place:09d}" for place, label in enumerate(order)}
    placed = pd.DataFrame(
        {"unit_id": groups["unit_id"].map(at), "group": groups["group"].map(names)}
    )
    parts = []
    for code, kind in rules.items():
        above, below = (each.set_axis(at.to_numpy()) for each in _parts(code, kind, frame))
        parts.append(kinds.Parts(code, None, kind, above, below))
    long = rollup.roll_up(
        placed,
        list(names.values()),
        parts,
        area=heavy.set_axis(at.to_numpy()),
        data_share_at_least=least,
    )
    wide = long.pivot(index="group", columns="code", values="value")
    found = wide.reindex(columns=list(rules)).rename_axis(columns=None)
    found["units"] = long.groupby("group")["members"].first()
    marked = long[long["partial"]]
    counts = marked["members_with_data"].astype("str") + "/" + marked["members"].astype("str")
    for name, texts in (("partial", marked["code"]), ("data_members", counts)):
        found[name] = texts.groupby(marked["group"]).agg(";".join).astype("str")
        found[name] = found[name].fillna("").astype("str")
    found.index = pd.Index([order[int(place)] for place in found.index], name="group")
    return with_provenance(found, "values of regions")


def _groups(by: Any, frame: pd.DataFrame) -> pd.DataFrame:
    """Give `unit_id` and `group` of every membership."""
    if isinstance(by, pd.DataFrame):
        lacking = [name for name in ("unit_id", "region_id") if name not in by.columns]
        if lacking:
            raise InputError(
                "a membership table has the columns unit_id and region_id; "
                f"{' and '.join(lacking)} not found",
                where="by",
            )
        rows = by.dropna(subset=["region_id"])
        unknown = [label for label in rows["unit_id"] if label not in frame.index]
        if unknown:
            raise InputError(
                f"{len(unknown)} units are not in the frame, among them {unknown[0]!r}", where="by"
            )
        return rows[["unit_id", "region_id"]].set_axis(["unit_id", "group"], axis=1)
    if isinstance(by, str):
        if by not in frame.columns:
            raise InputError(
                f"no column {by!r}; there are {', '.join(map(str, frame.columns))}", where="by"
            )
        by = frame[by]
        if isinstance(by, pd.DataFrame):
            raise InputError("the column stands more than once", where="by")
    elif not isinstance(by, pd.Series):
        raise wrong("by", by, "the name of a column, a Series of groups or a membership table")
    groups = groups_of("by", by, frame.index).dropna()
    return pd.DataFrame({"unit_id": groups.index, "group": groups.to_numpy()})


def _kinds(name: str, value: Any, frame: pd.DataFrame) -> dict[str, kinds.Kind]:
    if not isinstance(value, Mapping) or not value:
        raise wrong(name, value, f"a dict that gives each column one of {_RULES}")
    found: dict[str, kinds.Kind] = {}
    for code, rule in value.items():
        where = f"{name}[{code!r}]"
        a_text(name, code, "names of columns as keys")
        found[code] = _kind(where, rule)
        kind = found[code]
        needed = [code]
        if isinstance(kind, kinds.Ratio):
            needed = [*kind.numerator, *kind.denominator]
        elif isinstance(kind, kinds.Intensive) and kind.weight is not None:
            needed.append(kind.weight)
        for column in needed:
            _column(where, frame, column)
    return found


def _kind(where: str, rule: Any) -> kinds.Kind:
    plain: dict[Any, kinds.Kind] = {
        "sum": kinds.Extensive(),
        "mean": kinds.Intensive(),
        "max": kinds.Maximum(),
        "min": kinds.Minimum(),
    }
    known = kinds.Extensive | kinds.Ratio | kinds.Intensive | kinds.Maximum | kinds.Minimum
    if isinstance(rule, known):
        return rule
    if isinstance(rule, str) and rule in plain:
        return plain[rule]
    match rule:
        case ("mean", str(weight)):
            return kinds.Intensive(weight)
        case ("ratio", str(above), str(below)):
            return kinds.Ratio((above,), (below,))
        case ("ratio", str(above), str(below), int(scale) | float(scale)):
            return kinds.Ratio((above,), (below,), a_number(where, scale))
    raise wrong(where, rule, _RULES)


def _column(where: str, frame: pd.DataFrame, name: Any) -> pd.Series:
    if not isinstance(name, str) or name not in frame.columns:
        raise InputError(
            f"expected a column of the frame ({', '.join(map(str, frame.columns))}), found "
            f"{shown(name)}",
            where=where,
        )
    column = frame[name]
    if isinstance(column, pd.DataFrame):
        raise InputError(f"column {name!r} stands more than once", where=where)
    return numbers_of(f"column {name!r}", column).astype("float64")


def _parts(code: str, kind: kinds.Kind, frame: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    def total(names: tuple[str, ...]) -> pd.Series:
        columns = pd.concat([_column(code, frame, name) for name in names], axis=1)
        return columns.sum(axis=1, skipna=False)

    if isinstance(kind, kinds.Ratio):
        return total(kind.numerator), total(kind.denominator)
    own = _column(code, frame, code)
    if isinstance(kind, kinds.Intensive) and kind.weight is not None:
        weight = _column(code, frame, kind.weight)
        return own * weight, weight
    return own, pd.Series(1.0, frame.index)


def crosswalk(
    frame: pd.DataFrame,
    changes: Any,
    values: Mapping[str, Rule],
    *,
    names_of: date | str | int | None = None,
    weights: pd.Series | None = None,
) -> pd.DataFrame:
    """Bring a table of old units to the units of today: renamed, merged, split, moved.

    Parameters
    ----------
    frame : DataFrame
        Index: the codes of the old units.
    changes : DataFrame or path
        `from_code`, `to_code`, `kind` (`rename`, `recode`, `merge`, `split`, `transfer`), and where
        known `date` and `share` (docs/how-to/changes.md).
    values : mapping of str to str or tuple
        What each column is, as for `roll_up`: `'sum'` shares totals out and adds them up.
    names_of : date, year or text, optional
        Changes up to this day are in the codes already; without it none is.
    weights : Series, optional
        By code of today: what shares the totals of a split out where `changes` has no share.

    Returns
    -------
    DataFrame
        Index: the codes of today, named as the frame's index; the columns of `values`; `flag`:
        `allocated` where a share of an old unit went in, `merged` where several whole ones did.

    Raises
    ------
    InputError
        Names the argument, what was given and what is allowed.
    DataError
        All that is wrong with the changes.

    Examples
    --------
    >>> old = pd.DataFrame({"gdp": [10.0, 4.0, 1.0]}, index=["a", "b", "c"])
    >>> changes = pd.DataFrame({"kind": ["split", "split"], "from_code": ["a", "a"],
    ...                         "to_code": ["a1", "b"], "share": [0.6, 0.4]})
    >>> crosswalk(old, changes, {"gdp": "sum"})["gdp"].to_dict()
    {'a1': 6.0, 'b': 8.0, 'c': 1.0}
    """
    an_instance("frame", frame, pd.DataFrame, "a DataFrame, one row an old unit")
    rules = _kinds("values", values, frame)
    if frame.index.has_duplicates:
        raise DataError("a label stands more than once in the index", where="frame")
    heavy = None
    if weights is not None:
        an_instance("weights", weights, pd.Series, "a Series of numbers by code")
        heavy = numbers_of("weights", weights).astype("float64")
        heavy = heavy.set_axis([str(label) for label in heavy.index])
        if heavy.index.has_duplicates:
            raise InputError("a code stands more than once", where="weights")
    steps = Crosswalk(_changes(changes), _day(names_of), heavy)
    codes = {str(label): label for label in frame.index}
    targets = pd.Index({*codes, *steps.changes["to_code"]})
    raise_if(change_problems(steps.changes, targets), DataError, "changes")
    links: list[tuple[Hashable, str, float]] = []
    for code, label in codes.items():
        led = steps.follow(code, None, set())
        parts = led["share"].astype("float64").groupby(led["to_code"]).sum(min_count=1)
        links += [(label, str(unit), float(share)) for unit, share in parts.items()] or [
            (label, code, 1.0)
        ]
    table = pd.DataFrame(links, columns=["source", "unit_id", "share"])
    needed = {code: _column("values", frame, code) for code in _needed(rules)}
    # Positions stand for labels: those of any type sort and compare.
    at = {label: place for place, label in enumerate(frame.index)}
    given = pd.DataFrame(needed).set_axis(range(len(frame)))
    table["source"] = table["source"].map(at)
    found = carry(given, table, rules)
    found["flag"] = carried_flags(table).reindex(found.index).astype("str")
    whole = frame.index.dtype.kind in "iu" and all(code.isdecimal() for code in found.index)
    labels = [codes.get(code, int(code) if whole else code) for code in found.index]
    found.index = pd.Index(labels, name=frame.index.name or "unit_id")
    return with_provenance(found, "values by units of today")


def _needed(rules: Mapping[str, kinds.Kind]) -> list[str]:
    found: list[str] = []
    for code, kind in rules.items():
        if isinstance(kind, kinds.Ratio):
            found += [*kind.numerator, *kind.denominator]
        else:
            found += [code]
            found += [kind.weight] if isinstance(kind, kinds.Intensive) and kind.weight else []
    return list(dict.fromkeys(found))


def _changes(value: Any) -> pd.DataFrame:
    if isinstance(value, str | os.PathLike):
        path = a_path("changes", value)
        if not path.is_file():
            raise InputError(f"no such file: {str(path)!r}", where="changes")
        return read_changes(TableSource.model_validate({"file": Given(path)}))
    an_instance("changes", value, pd.DataFrame, "a DataFrame of changes, or the path of a table")
    lacking = [name for name in ("kind", "from_code", "to_code") if name not in value.columns]
    raise_if((f"column {name!r} is missing" for name in lacking), DataError, "changes")
    found: pd.DataFrame = value.reindex(
        columns=list(dict.fromkeys([*value.columns, *CHANGE_COLUMNS]))
    )
    for name in CHANGE_COLUMNS:
        found[name] = found[name].map(str, na_action="ignore").astype("str")
    found = found.set_axis(range(1, len(found) + 1))
    raise_if(change_row_problems(found, "row"), DataError, "changes")
    if "share" in found:
        found["share"] = numbers_of("changes, column 'share'", found["share"]).astype("float64")
    return found


def _day(value: Any) -> date:
    if value is None:
        return date.min
    allowed = "a date, a year or a text such as '2015-12-31'"
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 9999:
        return date(value, 12, 31)
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise wrong("names_of", value, allowed)


def moran(
    values: Any,
    units: Any,
    *,
    neighbours: Literal["rook", "queen"] = "rook",
    permutations: int = 999,
    seed: int = 0,
) -> autocorrelation.MoranResult:
    """Global Moran's I: how alike neighbours are.

    Parameters
    ----------
    values : Series of float, or str
        On the index of `units`, in any order, or a column of `units`. Units without a value are
        left out with their links.
    units : GeoDataFrame, GeoSeries, path, list of geometries or libpysal Graph
        A polygon coverage, whose shared borders make neighbours, or a graph of neighbours.
    neighbours : {'rook', 'queen'}
        Whether neighbours share a piece of border, or at least a point.
    permutations : int
        Random arrangements for the p-value; 0 gives none.
    seed : int
        Of the arrangements.

    Returns
    -------
    MoranResult
        `statistic` (I), `expected`, `z`, `p_value`, `units`, `isolates`, `permutations`.

    Raises
    ------
    InputError
        Names the argument, what was given and what is allowed; fewer than 3 values or equal ones.

    Examples
    --------
    >>> import shapely
    >>> row = gpd.GeoDataFrame({"gdp": [1.0, 3.0, 1.0, 3.0]},
    ...                        geometry=[shapely.box(i, 0, i + 1, 1) for i in range(4)])
    >>> round(moran("gdp", row).statistic, 3)
    -1.0
    """
    one_of("neighbours", neighbours, ("rook", "queen"))
    drawn = a_whole_number("permutations", permutations, most=MOST_PERMUTATIONS)
    start = a_whole_number("seed", seed)
    frame = None
    if type(units).__module__.startswith("libpysal.graph"):
        graph = units
    else:
        lacks = isinstance(units, gpd.GeoDataFrame | gpd.GeoSeries) and crs_or_none(units) is None
        # Neighbours need no place on the earth.
        frame = polygons_of("units", units, "EPSG:6933" if lacks or _is_list(units) else None)
        if (frame.geometry.isna() | frame.geometry.is_empty).any() or not len(frame):
            raise DataError("a unit has no polygon, or there is none", where="units")
        graph = contiguity(frame, rule=neighbours)
    if isinstance(values, str):
        if frame is None or values not in frame.columns:
            raise wrong("values", values, "a Series of numbers, or a column of `units`")
        values = frame[values]
    numbers = numbers_of("values", values)
    if np.isinf(numbers.to_numpy("float64", na_value=np.nan)).any():
        raise InputError("holds infinite values", where="values")
    rng = np.random.default_rng(start)
    try:
        return autocorrelation.moran(numbers, graph, permutations=drawn, rng=rng)
    except InputError as error:
        raise InputError(*error.problems, where="values") from None


def _is_list(units: Any) -> bool:
    return isinstance(units, list | tuple | np.ndarray)
