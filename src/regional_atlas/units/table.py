"""The units table: names, types, parents, area; completeness asserted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from regional_atlas.config import BoundariesConfig, Completeness, ParentConfig, UnitTypes
from regional_atlas.config.lists import said_at, several_named
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.names import folded, loosened
from regional_atlas.core.schema import check_units, listed
from regional_atlas.units.codes import lost_zeros

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = [
    "build_units",
    "grouped",
    "parents_table",
    "short_name",
    "unit_names",
]


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
    import geopandas as gpd

    from regional_atlas.core import crs

    names = unit_names(raw, config)
    columns: dict[str, Any] = {
        "unit": names,
        "unit_en": _english_names(raw, config),
        "level": config.level.id,
        "unit_type": _unit_types(names, raw, config.unit_type),
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
    problems = _incomplete(units, config.complete, config.unit_type)
    raise_if([*problems, *_name_problems(units, config)], DataError, "boundaries")
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
    english = {folded(name): said for name, said in parent.name_en.items()}
    table["name_en"] = [english.get(folded(name)) for name in table["name"]]
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


def unit_names(raw: gpd.GeoDataFrame, config: BoundariesConfig) -> pd.Series:
    """Name each unit by a column, or by the texts of several with blanks between them."""
    parts = [raw[name].astype("str") for name in config.name_columns()]
    if len(parts) == 1:
        return pd.Series(parts[0])
    rows = zip(*parts, strict=True)
    joined = [" ".join(str(part).strip() for part in row if pd.notna(part)) for row in rows]
    return pd.Series(joined, index=raw.index, dtype="str")


def _text_or_none(raw: gpd.GeoDataFrame, column: str | None) -> pd.Series:
    if column is None:
        return pd.Series(None, index=raw.index, dtype="str")
    return pd.Series(raw[column].astype("str"))


def _english_names(raw: gpd.GeoDataFrame, config: BoundariesConfig) -> pd.Series:
    """Take each unit's English name from the list of them, else from the source's column."""
    listed = pd.Series(config.names_en, dtype="str").reindex(raw.index)
    return listed.fillna(_text_or_none(raw, config.name_en)).astype("str")


def _name_problems(units: gpd.GeoDataFrame, config: BoundariesConfig) -> list[str]:
    """Say which names are of units that are not there, of several, or are other units' own."""
    named = [(several_named(config.aliases, ignore_case=True), "aliases")]
    for parent in config.parents:
        named += [
            (several_named(parent.name_en), f"{parent.id}: name_en"),
            (several_named(parent.aliases, ignore_case=True), f"{parent.id}: aliases"),
        ]
    named.append(([*_taken_aliases(units, config.aliases)], "aliases"))
    several = [f"{where}: {problem}" for found, where in named for problem in found]
    return [*_absent_units(units.index, config), *several]


def _absent_units(ids: pd.Index, config: BoundariesConfig) -> list[str]:
    """Say which lists by unit name units that are not there.

    Types by unit may also hold units of other years: of these, ids that lost their zeros.
    """
    names, aliases = config.names_en, config.aliases
    types = config.unit_type.exceptions if config.unit_type is not None else {}
    asked = _zeros_asked([*names, *aliases.values(), *types], ids)
    spoken = [
        *(("names_en", names, code, code) for code in names),
        *(("aliases", aliases, name, code) for name, code in aliases.items()),
        *(("unit_type.exceptions", types, code, code) for code in types if code in asked),
    ]
    return [
        f"{key}: {said_at(table, name)}no unit {code!r}{asked.get(code, '')}"
        for key, table, name, code in spoken
        if code not in ids
    ]


def _zeros_asked(codes: Iterable[str], ids: pd.Index) -> dict[str, str]:
    """Ask of the ids that no unit has, and that are a unit's with zeros in front, for these."""
    return {
        code: f"; did {whole} lose its zeros?" for code, whole in lost_zeros(codes, ids).items()
    }


def _taken_aliases(units: gpd.GeoDataFrame, aliases: Mapping[str, str]) -> Iterator[str]:
    """Say which aliases are other units' names in any form in which names are compared."""
    if not aliases:
        return
    held: dict[str, dict[str, str]] = {}
    for column in ("unit", "unit_en"):
        for code, name in units[column].dropna().items():
            held.setdefault(loosened(name), {}).setdefault(str(code), name)
    own = units["unit"]
    for alias, code in aliases.items():
        if code in units.index and folded(str(own[code])) == folded(alias):
            continue  # it adds nothing
        others = held.get(loosened(alias), {}).items()
        taken = next(((other, name) for other, name in others if other != code), None)
        if taken is not None:
            other, name = taken
            called = f", which is called {name!r}" if name != alias else ""
            yield f"{said_at(aliases, alias)}{alias!r} is the name of unit {other}{called}"


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
    where = f"boundaries.parents {parent.id!r}"
    if parent.of is not None:
        names = grouped(parent.groups, parent.of, columns[parent.of], where)
        return {parent.id: names, f"{parent.id}_id": names}
    if parent.units:
        names = _listed(parent, columns["unit"], where)
        return {parent.id: names, f"{parent.id}_id": names}
    assert parent.key is not None
    ids = raw[parent.key].astype("str")
    if not parent.names:
        return {parent.id: raw[parent.name or parent.key].astype("str"), f"{parent.id}_id": ids}
    lacking = sorted(set(ids.dropna()) - set(parent.names))
    lost = lost_zeros(parent.names, ids.dropna().unique())
    hint = next((f"; did {whole} lose its zeros as {code}?" for code, whole in lost.items()), "")
    said = f"{where}: names: no name for {listed(lacking)} of column {parent.key!r}{hint}"
    raise_if([said] if lacking else [], DataError)
    return {parent.id: ids.map(parent.names).astype("str"), f"{parent.id}_id": ids}


def grouped(groups: dict[str, list[str]], level: str, names: pd.Series, where: str) -> pd.Series:
    """Give each unit the group that its parent is in; missing where that is in none.

    Parameters
    ----------
    groups : dict of str to list of str
        Full names of the level's parents by group.
    level : str
        Its id, for messages.
    names : Series
        By unit, the full name of its parent.
    where : str
        What declares the groups, for messages.

    Raises
    ------
    DataError
        Names that no parent has, and parents in two groups.
    """
    group_of = _one_each(groups, where)
    forms = names.map(folded, na_action="ignore")
    unknown = sorted(set(group_of) - set(forms.dropna()))
    at = _lines_of(groups)
    raise_if((f"{where}: {at[name]}no {level} {name!r}" for name in unknown), DataError)
    return forms.map(group_of).astype("str")


def _one_each(groups: dict[str, list[str]], where: str) -> dict[str, str]:
    """Turn lists by group round; DataError where something is in two of them."""
    found: dict[str, str] = {}
    problems = []
    for group, members in groups.items():
        for given in members:
            member = folded(given)
            if found.setdefault(member, group) != group:
                problems.append(
                    f"{where}: {said_at(groups, group, given)}{member!r} is in "
                    f"{found[member]!r} and in {group!r}"
                )
    raise_if(problems, DataError)
    return found


def _lines_of(groups: dict[str, list[str]]) -> dict[str, str]:
    """Say of each member of lists by group in which line of a file it stands."""
    return {
        folded(member): said_at(groups, group, member)
        for group, members in groups.items()
        for member in members
    }


def _listed(parent: ParentConfig, units: pd.Series, where: str) -> pd.Series:
    """Give each unit the parent whose list names it, by its id or by a name that it alone has."""
    group_of = _one_each(parent.units, where)
    forms = units.map(folded)
    by_name = forms.groupby(forms).agg(lambda rows: list(rows.index)).to_dict()
    found: dict[str, str] = {}
    problems = []
    at = _lines_of(parent.units)
    asked = _zeros_asked(group_of, units.index)
    for member, group in group_of.items():
        place = f"{where}: {at[member]}"
        codes = [member] if member in units.index else by_name.get(member, [])
        if not codes:
            problems.append(f"{place}units of {group!r}: no unit {member!r}{asked.get(member, '')}")
        elif len(codes) > 1:
            problems.append(
                f"{place}units of {group!r}: {member!r} is the name of {len(codes)} units "
                f"({', '.join(codes)}); give the id"
            )
        elif found.setdefault(codes[0], group) != group:
            problems.append(f"{place}unit {codes[0]} is in {found[codes[0]]!r} and in {group!r}")
    raise_if(problems, DataError)
    return pd.Series(found, dtype="str").reindex(units.index)


def _incomplete(
    units: gpd.GeoDataFrame, complete: Completeness, types: UnitTypes | None
) -> list[str]:
    problems = []
    if complete.units is not None and len(units) != complete.units:
        problems.append(f"{complete.units} units are expected, found {len(units)}")
    asked = _zeros_asked(complete.required, units.index)
    problems += [
        f"required unit {code} is missing{asked.get(code, '')}"
        for code in complete.required
        if code not in units.index
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
