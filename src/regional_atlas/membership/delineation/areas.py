"""What a delineation gives: regions, their members with shares, and how they were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regional_atlas.core.arguments import is_number, wrong
from regional_atlas.membership.delineation.outlines import group_outlines, group_sizes
from regional_atlas.membership.delineation.runs import Numbers, Runs
from regional_atlas.membership.delineation.unit_amounts import UnitAmounts, sums_of_groups

__all__ = ["MEMBER_COLUMNS", "Delineation", "grid_delineation", "region_names", "with_names"]

MEMBER_COLUMNS = ["unit_id", "region_id", "share_of_unit", "share_of_region"]


@dataclass(frozen=True)
class Delineation:
    """Regions found in data.

    Attributes
    ----------
    regions : GeoDataFrame or DataFrame
        Index `region_id` (text), from the largest; `name`, what the method measures of each, and
        its polygon where there is one.
    members : DataFrame
        `unit_id`, `region_id`, `share_of_unit`, `share_of_region`, and what the method says of each
        pair; by unit, each unit at least once. A unit in no region has a row without one.
    parameters : mapping
        Every parameter of the method, defaults too.
    units : DataFrame, optional
        Index `unit_id`: what the method says of each unit, such as its class.
    notes : tuple of str
        What a reader must know of the result.
    """

    regions: pd.DataFrame
    members: pd.DataFrame
    parameters: Mapping[str, Any]
    units: pd.DataFrame | None = None
    notes: tuple[str, ...] = field(default=())


def grid_delineation(
    runs: Runs,
    groups: Numbers,
    held: UnitAmounts,
    *,
    size: str,
    at_least: float,
    parameters: Mapping[str, Any],
    prefix: str,
    sums: Mapping[str, NDArray[Any]] | None = None,
    polygons: bool = True,
) -> Delineation:
    """Turn groups of cells into regions with members.

    Parameters
    ----------
    runs : Runs
        The cells of groups.
    groups : ndarray of int32
        The number of each run's group, from 1.
    held : UnitAmounts
        The units, and the amounts that they are shared by. Regions are named after the unit that
        holds most of their amount; see `region_names`.
    size : str
        What amounts are called, such as `population`: a column of the regions, which are ordered by
        it.
    at_least : float
        A unit is a member where at least this share of its amount lies in the region.
    parameters : mapping
        Of the method; `at_least` is added.
    prefix : str
        Of the regions' ids, such as `lit`: `lit-1` is the largest.
    sums : mapping of str to ndarray, optional
        Further values of the cells whose sums the regions have, by column; NaN and what is below 0
        counts as nothing.
    polygons : bool
        Whether to draw the regions, which takes longer than all else.

    Returns
    -------
    Delineation
        Regions have `cells`, `area_km2`, the sums of values and `members`; those without a member
        too.

    Raises
    ------
    InputError
        `at_least` is no such share.

    Examples
    --------
    >>> import shapely
    >>> from affine import Affine
    >>> from regional_atlas.membership.delineation.runs import runs_of
    >>> from regional_atlas.membership.delineation.unit_amounts import unit_amounts
    >>> from regional_atlas.zonal.grids import Grid
    >>> from regional_atlas.zonal.zones import zone_coverage
    >>> grid = Grid(Affine(1000, 0, 0, 0, -1000, 0), (1, 3), "EPSG:6933")
    >>> units = gpd.GeoDataFrame({"name": ["A", "B"]}, crs="EPSG:6933",
    ...     index=pd.Index(["a", "b"], name="unit_id"),
    ...     geometry=[shapely.box(0, -1000, 2000, 0), shapely.box(2000, -1000, 3000, 0)])
    >>> held = unit_amounts(units, zone_coverage(units, grid), np.array([[2.0, 6.0, 1.0]]))
    >>> found = grid_delineation(*runs_of(np.array([[0, 1, 0]], np.int32)), held, size="light",
    ...     at_least=0.5, parameters={}, prefix="lit")
    >>> found.regions[["name", "light", "members"]].to_dict("index")
    {'lit-1': {'name': 'A', 'light': 6.0, 'members': 1}}
    >>> found.members["share_of_unit"].tolist(), found.members["region_id"].isna().tolist()
    ([0.75, 0.0], [False, True])
    """
    if not is_number(at_least) or not 0 < at_least <= 1:
        raise wrong("at_least", at_least, "a share above 0 and at most 1")
    table = group_sizes(runs, groups, held.grid)
    for column, values in (sums or {}).items():
        table[column] = sums_of_groups(runs, groups, values)[table.index - 1]
    table[size] = held.of_groups(runs, groups)[table.index - 1]
    order = table.sort_values([size, "cells"], ascending=False, kind="stable").index
    ids = pd.Series([f"{prefix}-{place}" for place in range(1, len(order) + 1)], order, dtype="str")
    shares = held.shares(runs, groups)
    shares["region_id"] = shares["group"].map(ids)
    shares = shares.rename(columns={"share_of_group": "share_of_region"})
    members = _members(shares, held.units.index, at_least)
    regions = table.loc[order].set_axis(pd.Index(ids, name="region_id"))
    largest = shares.sort_values("share_of_region", ascending=False, kind="stable")
    holders = largest.drop_duplicates("region_id").set_index("region_id")["unit_id"]
    regions = with_names(regions, held.units, holders.reindex(regions.index))
    counts = members["region_id"].value_counts()
    regions["members"] = counts.reindex(regions.index, fill_value=0).astype("int64")
    if polygons:
        drawn = group_outlines(runs, groups, held.grid).loc[order]
        regions = gpd.GeoDataFrame(regions, geometry=drawn.set_axis(regions.index))
    return Delineation(regions, members, {**parameters, "at_least": at_least})


def with_names(regions: pd.DataFrame, units: pd.DataFrame, holders: pd.Series) -> pd.DataFrame:
    """Put the names of regions first: `name`, and `name_en` where units have English names.

    Parameters
    ----------
    regions : DataFrame
        Index `region_id`.
    units, holders
        See `region_names`; English names stand in `name_en` and `place_en`.
    """
    named = regions.copy()
    named.insert(0, "name", region_names(units, holders))
    if "name_en" in units.columns:
        english = units[["name_en"]].rename(columns={"name_en": "name"})
        if "place_en" in units.columns:
            english["place"] = units["place_en"]
        named.insert(1, "name_en", region_names(english, holders))
    return named


def region_names(units: pd.DataFrame, holders: pd.Series) -> pd.Series:
    """Name regions after the unit that stands for each.

    Parameters
    ----------
    units : DataFrame
        Index `unit_id`; `place` (what regions there are called after, such as the city of a
        district) and `name`, where there are such columns.
    holders : Series
        Of each region, by id, its unit; missing where it has none.

    Returns
    -------
    Series
        By region: the place, else the name, else the id of its unit; its own id without a unit.
        Of regions of one place, all but the first have the unit's name behind it.

    Examples
    --------
    >>> units = pd.DataFrame({"name": ["East", "West", "Port"], "place": ["X", "X", "Y"]},
    ...                      index=["e", "w", "p"])
    >>> region_names(units, pd.Series({"r1": "w", "r2": "p", "r3": "e", "r4": None})).tolist()
    ['X', 'Y', 'X (East)', 'r4']
    """
    own = holders.map(units["name"]).fillna(holders) if "name" in units.columns else holders
    if "place" not in units.columns:
        return own.astype("str").fillna(pd.Series(holders.index, holders.index))
    called = holders.map(units["place"]).fillna(own)
    shared = called.notna() & called.duplicated() & called.ne(own)
    called = called.where(~shared, called.astype("str") + " (" + own.astype("str") + ")")
    return called.astype("str").fillna(pd.Series(holders.index, holders.index))


def _members(shares: pd.DataFrame, units: pd.Index, at_least: float) -> pd.DataFrame:
    """Keep the pairs of a large enough share, and a row for each unit that has none."""
    held = shares.loc[shares["share_of_unit"] >= at_least - 1e-9, MEMBER_COLUMNS]
    absent = pd.DataFrame({"unit_id": units[~units.isin(held["unit_id"])]})
    absent = absent.assign(region_id=None, share_of_unit=0.0, share_of_region=np.nan)
    table = pd.concat([held, absent], ignore_index=True).astype({"region_id": "str"})
    place = pd.Series(np.arange(len(units)), units)
    table["place"] = table["unit_id"].map(place)
    table = table.sort_values(
        ["place", "share_of_unit", "region_id"], ascending=[True, False, True], kind="stable"
    )
    return table[MEMBER_COLUMNS].reset_index(drop=True)
