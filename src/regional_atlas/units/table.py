"""The units table: names, types, parents, area; completeness asserted."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from regional_atlas.config import BoundariesConfig, Completeness, ParentConfig, UnitTypes
from regional_atlas.core import crs
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.schema import check_units

__all__ = ["build_units", "parents_table", "short_name"]


def build_units(raw: gpd.GeoDataFrame, config: BoundariesConfig) -> gpd.GeoDataFrame:
    """Make the units table from raw boundaries.

    Parameters
    ----------
    raw : GeoDataFrame
        As `read_boundaries` returns it: index `unit_id`, the source's columns, WGS 84.
    config : BoundariesConfig
        Which columns are the name and the parents, the rules for unit types, what must be there.

    Returns
    -------
    GeoDataFrame
        `unit`, `unit_en`, `level`, `unit_type`, for each parent level its name and `<level>_id`,
        `area_km2` (equal-area), geometry. A unit in no group of a level has a missing value there.
        `attrs` hold source, licence, vintage and datum.

    Raises
    ------
    DataError
        Everything that breaks the contract or the completeness rules.
    """
    columns = {
        "unit": raw[config.name].astype("str"),
        "unit_en": _text_or_none(raw, config.name_en),
        "level": config.level.id,
        "unit_type": _unit_types(raw[config.name], raw, config.unit_type),
    }
    for parent in config.parents_by_dependency():
        columns |= _parent_columns(raw, parent, columns)
    units = gpd.GeoDataFrame(columns, index=raw.index, geometry=raw.geometry, crs=raw.crs)
    units["area_km2"] = crs.area_km2(units.geometry)
    ordered = [name for parent in config.parents for name in (parent.id, f"{parent.id}_id")]
    units = units[["unit", "unit_en", "level", "unit_type", *ordered, "area_km2", "geometry"]]
    units.attrs = {
        "source": config.source.in_("en"),
        "licence": config.licence.in_("en") if config.licence else None,
        "vintage": config.vintage.in_("en") if config.vintage else None,
        "datum": config.datum,
    }
    raise_if(_incomplete(units, config.complete, config.unit_type), DataError, "boundaries")
    return check_units(units, "boundaries")


def parents_table(units: gpd.GeoDataFrame, parent: ParentConfig) -> pd.DataFrame:
    """List the parents of one level: id, name, short name, English name, number of units.

    Returns
    -------
    DataFrame
        Index `<level>_id`, sorted; columns `name`, `short`, `name_en`, `units`.

    Examples
    --------
    >>> state = ParentConfig(id="state", title="state", key="state", strip=[" State"])
    >>> units = pd.DataFrame({"state": ["East State"] * 2, "state_id": ["E"] * 2})
    >>> parents_table(units, state)[["short", "units"]].to_dict("list")
    {'short': ['East'], 'units': [2]}
    """
    named = units.dropna(subset=[parent.id])
    grouped = named.groupby(f"{parent.id}_id")
    table = pd.DataFrame({"name": grouped[parent.id].first(), "units": grouped.size()})
    table["short"] = [short_name(name, parent.strip) for name in table["name"]]
    table["name_en"] = [parent.name_en.get(name) for name in table["name"]]
    return table


def short_name(name: str, strip: list[str]) -> str:
    """Take the first matching ending off a name, never the whole name.

    Examples
    --------
    >>> short_name("内蒙古自治区", ["维吾尔自治区", "自治区", "省", "市"])
    '内蒙古'
    >>> short_name("苏州市", [])
    '苏州市'
    """
    for ending in strip:
        if name.endswith(ending) and len(name) > len(ending):
            return name.removesuffix(ending)
    return name


def _text_or_none(raw: gpd.GeoDataFrame, column: str | None) -> pd.Series:
    if column is None:
        return pd.Series(None, index=raw.index, dtype="str")
    return pd.Series(raw[column].astype("str"))


def _unit_types(names: pd.Series, raw: gpd.GeoDataFrame, types: UnitTypes | None) -> pd.Series:
    if types is None:
        return pd.Series(None, index=names.index, dtype="str")
    if types.column is not None:
        return pd.Series(raw[types.column].astype("str"))
    found = [_type_of(str(unit_id), name, types) for unit_id, name in names.items()]
    return pd.Series(found, index=names.index, dtype="str")


def _type_of(unit_id: str, name: str, types: UnitTypes) -> str | None:
    if unit_id in types.exceptions:
        return types.exceptions[unit_id]
    for rule in types.rules:
        if name.endswith(rule.ends) and unit_id.startswith(rule.id_starts):
            return rule.type
    return None


def _parent_columns(
    raw: gpd.GeoDataFrame, parent: ParentConfig, columns: dict[str, pd.Series]
) -> dict[str, pd.Series]:
    if parent.of is not None:
        group_of = {name: group for group, names in parent.groups.items() for name in names}
        names = columns[parent.of].map(group_of).astype("str")
        unknown = sorted(set(group_of) - set(columns[parent.of]))
        raise_if(
            (f"boundaries.parents {parent.id!r}: no {parent.of} {name!r}" for name in unknown),
            DataError,
        )
        return {parent.id: names, f"{parent.id}_id": names}
    names = raw[parent.name or parent.key].astype("str")
    return {parent.id: names, f"{parent.id}_id": raw[parent.key].astype("str")}


def _incomplete(
    units: gpd.GeoDataFrame, complete: Completeness, types: UnitTypes | None
) -> list[str]:
    problems = []
    if complete.units is not None and len(units) != complete.units:
        problems.append(f"{complete.units} units are expected, found {len(units)}")
    problems += [
        f"required unit {code} is missing" for code in complete.required if code not in units.index
    ]
    if complete.area_km2 is not None:
        total = float(units["area_km2"].sum())
        if abs(total / complete.area_km2 - 1) > complete.area_tolerance:
            problems.append(
                f"the units cover {total:,.0f} km², expected {complete.area_km2:,.0f} "
                f"within {complete.area_tolerance:.0%}"
            )
    if types is not None:
        untyped = units.index[units["unit_type"].isna()]
        problems += [f"unit {code} ({units.at[code, 'unit']}) has no unit type" for code in untyped]
        counts = units["unit_type"].value_counts()
        problems += [
            f"{kind.expected} units of type {kind.id!r} are expected, "
            f"found {counts.get(kind.id, 0)}"
            for kind in types.types
            if kind.expected is not None and counts.get(kind.id, 0) != kind.expected
        ]
    return problems
