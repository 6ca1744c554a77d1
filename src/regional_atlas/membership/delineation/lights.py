"""Night lights: contiguous bright areas, the units in them, and how they merge over thresholds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any, Literal, NamedTuple, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regional_atlas.core.arguments import is_among, is_number, shown, wrong
from regional_atlas.core.errors import DataError, InputError, raise_if
from regional_atlas.membership.delineation.areas import Delineation, grid_delineation
from regional_atlas.membership.delineation.checks import check_units, outside_notes, raster_cells
from regional_atlas.membership.delineation.grids import Touching
from regional_atlas.membership.delineation.runs import (
    Numbers,
    Runs,
    columns_within,
    fill_holes,
    group_runs,
    join_runs,
    runs_above,
)
from regional_atlas.membership.delineation.unit_amounts import UnitAmounts, unit_amounts
from regional_atlas.zonal.coverage import Coverage
from regional_atlas.zonal.grids import Grid, row_areas_km2
from regional_atlas.zonal.zones import zone_coverage

__all__ = [
    "LightRules",
    "LitUnits",
    "ThresholdCurve",
    "ThresholdKind",
    "bright_areas",
    "delineate_lights",
    "lit_regions",
    "lit_units",
    "threshold_curve",
    "threshold_of",
]

ThresholdKind = Literal["absolute", "relative", "percentile", "otsu"]
"""What the number of a threshold means; see `LightRules`."""

LEAST = math.ulp(0.0)
"""No light above 0 is less."""

ROUNDING = 1e-9
"""Share of an area by which its sum may fall short of the same area written as a number."""


@dataclass(frozen=True)
class LightRules:
    """How bright areas are found, and which units belong to them.

    Attributes
    ----------
    threshold : float, optional
        A cell of at least this light is bright. What it means is said by `threshold_kind`.
    threshold_kind : {'absolute', 'relative', 'percentile', 'otsu'}
        `absolute`: in the measurement unit of the lights, above 0. `relative`: a share of the
        largest value, above 0 and at most 1. `percentile`: of the cells with light above 0, from 0
        to 100, by linear interpolation. `otsu`: Otsu's cut of the logarithm of the cells with light
        above 0; takes no number.
    touching : {4, 8}
        Cells touch by their sides alone, or by their corners as well.
    smallest_km2 : float
        Areas smaller than this are dropped, holes filled before.
    gap_km2 : float
        Holes in an area smaller than this are filled; missing cells too. A hole does not reach the
        edge of the raster.
    join_km : float
        Areas nearer than this are one, in several parts: the distance is that of the cells' edges.
        Areas are joined after small ones are dropped, so that these are no bridges.
    share : {'light', 'area'}
        What of a unit is counted.
    at_least : float
        A unit is a member where at least this share of its light or area lies in the area; above 0
        and at most 1.

    Raises
    ------
    InputError
        Lists every field that is wrong.

    Examples
    --------
    >>> LightRules(30, touching=8).threshold_kind
    'absolute'
    >>> LightRules(threshold_kind="otsu", gap_km2=5).at_least
    0.5
    """

    threshold: float | None = None
    threshold_kind: ThresholdKind = "absolute"
    touching: Touching = 4
    smallest_km2: float = 0.0
    gap_km2: float = 0.0
    join_km: float = 0.0
    share: Literal["light", "area"] = "light"
    at_least: float = 0.5

    def __post_init__(self) -> None:
        raise_if(_rule_problems(self), InputError, "light rules")


@dataclass(frozen=True)
class LightField:
    """Lights of a grid, checked, and where any are.

    Attributes
    ----------
    cells : ndarray
        Light of each cell, of any real type.
    grid : Grid
    lit : Runs
        Cells with light above 0.
    """

    cells: NDArray[Any]
    grid: Grid
    lit: Runs

    def values(self) -> NDArray[Any]:
        """List the light of the lit cells, in reading order."""
        from regional_atlas.membership.delineation.runs_kernels import values_in_runs

        found: NDArray[Any] = values_in_runs(*self.lit.places, self.cells)
        return found


class ThresholdCurve(NamedTuple):
    """Bright areas over thresholds: where they shrink, and where they merge.

    Attributes
    ----------
    curve : DataFrame
        A row for each threshold, ascending: `threshold`; `areas` (their number); `largest_km2` and
        `largest_light_share` of the area with most light; `area_km2` and `light_share` of all;
        `merged`: how many hold several areas of the next higher threshold. Shares are of all light
        above 0 in the raster.
    areas : DataFrame
        A row for each area: `threshold`; `area`, numbered by light from 1; `cells`; `area_km2`;
        `light`; `light_share`; `x` and `y` of its brightest cell in the grid's CRS; `within`, the
        area of the next lower threshold that holds it (missing at the lowest): a tree.
    merges : DataFrame
        A row for each area that the next lower threshold merges with others: `threshold` and
        `area`, which holds `parts` of them; `part_threshold` and `part`; `part_km2` and
        `part_light`.
    """

    curve: pd.DataFrame
    areas: pd.DataFrame
    merges: pd.DataFrame


def threshold_of(lights: NDArray[Any], rules: LightRules) -> float:
    """Give the light from which a cell is bright.

    Otsu's cut (1979) divides the logarithms of the light into two classes so that the variance
    between them, n₁ n₂ (m₁ - m₂)², is largest, n and m being their counts and means. All distinct
    values are tried, without bins; of equal cuts the lowest is taken. It is the least value of the
    upper class.

    Parameters
    ----------
    lights : ndarray
        Real numbers. NaN and negative cells are not lit; each other cell counts once, whatever its
        area.
    rules : LightRules

    Returns
    -------
    float
        In the measurement unit of the lights.

    Raises
    ------
    DataError
        If a cell is infinite; if the kind is not `absolute` and no cell has light above 0, or for
        `otsu` all those have the same.

    References
    ----------
    Otsu, N. (1979). A threshold selection method from gray-level histograms. IEEE Transactions on
    Systems, Man, and Cybernetics 9(1), 62-66. doi:10.1109/TSMC.1979.4310076

    Examples
    --------
    >>> lights = np.array([[0.0, 1.0, 2.0, 3.0, 60.0, 80.0, np.nan, -1.0]])
    >>> threshold_of(lights, LightRules(0.5, "relative"))
    40.0
    >>> threshold_of(lights, LightRules(50, "percentile"))
    3.0
    >>> threshold_of(lights, LightRules(threshold_kind="otsu"))
    60.0
    """
    cells = raster_cells("lights", lights)
    if cells.dtype.kind == "f" and np.isinf(cells).any():
        raise _infinite(int(np.isinf(cells).sum()))
    return _threshold(lambda: cells[cells > 0], rules)


def bright_areas(lights: NDArray[Any], grid: Grid, rules: LightRules) -> Numbers:
    """Find contiguous bright areas.

    Bright cells (`threshold_of`) are grouped, holes are filled, small areas dropped, near ones
    joined, in this order. Areas do not go on from the last column of a grid of the whole globe to
    the first.

    Parameters
    ----------
    lights : ndarray
        Light of each cell. NaN and negative cells are not lit.
    grid : Grid
        Geographic or equal-area.
    rules : LightRules

    Returns
    -------
    ndarray of int32
        The number of each cell's area, 1, 2, … in reading order; 0 for none.

    Raises
    ------
    DataError
        If the lights are not real numbers of the grid's shape, or a cell is infinite; see also
        `threshold_of` and `row_areas_km2`.

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid(Affine(1000, 0, 0, 0, -1000, 0), (1, 5), "EPSG:6933")
    >>> lights = np.array([[30, 40, 2, 50, 0]])
    >>> bright_areas(lights, grid, LightRules(30)).tolist()
    [[1, 1, 0, 2, 0]]
    >>> bright_areas(lights, grid, LightRules(30, smallest_km2=2)).tolist()
    [[1, 1, 0, 0, 0]]
    >>> bright_areas(lights, grid, LightRules(30, join_km=1.1)).tolist()
    [[1, 1, 0, 1, 0]]
    """
    field, _ = _checked(lights, grid)
    runs, groups = _grouped(field, rules, _threshold(field.values, rules))
    return runs.painted(groups)


def delineate_lights(
    lights: NDArray[Any], grid: Grid, units: gpd.GeoDataFrame, rules: LightRules
) -> Delineation:
    """Delineate regions as contiguous bright areas, and assign units to them.

    Parameters
    ----------
    lights : ndarray
        Light of each cell, such as radiance or a digital number. NaN and negative cells are not
        lit and count as nothing; how many there are is noted.
    grid : Grid
        Geographic or equal-area.
    units : GeoDataFrame
        Polygons, index `unit_id`, any CRS; with `name`, regions take the name of the unit that
        holds most of them.
    rules : LightRules

    Returns
    -------
    Delineation
        Regions `lit-1`, `lit-2`, … by light (by area where units are shared by area) with `cells`,
        `area_km2`, `light` (the sum of their cells'), `members`. `parameters` has the threshold in
        the lights' measurement unit as `threshold_value`.

    Raises
    ------
    DataError
        As `bright_areas`; if units have no CRS, no polygon, no id or the same id twice.

    Examples
    --------
    >>> import shapely
    >>> from affine import Affine
    >>> grid = Grid(Affine(1000, 0, 0, 0, -1000, 0), (1, 4), "EPSG:6933")
    >>> units = gpd.GeoDataFrame({"name": ["A", "B"]}, crs="EPSG:6933",
    ...     index=pd.Index(["a", "b"], name="unit_id"),
    ...     geometry=[shapely.box(0, -1000, 2000, 0), shapely.box(2000, -1000, 4000, 0)])
    >>> found = delineate_lights(np.array([[30, 40, 60, 90]]), grid, units, LightRules(50))
    >>> found.regions[["name", "area_km2", "light", "members"]].to_dict("index")
    {'lit-1': {'name': 'B', 'area_km2': 2.0, 'light': 150.0, 'members': 1}}
    """
    return lit_regions(lit_units(lights, grid, units), rules)


@dataclass(frozen=True)
class LitUnits:
    """Lights and units, prepared once for any number of rules by `lit_units`.

    Attributes
    ----------
    field : LightField
    units : GeoDataFrame
    coverage : Coverage
        Of the grid's cells by the units.
    notes : tuple of str
        What a reader must know of the lights.
    """

    field: LightField
    units: gpd.GeoDataFrame
    coverage: Coverage
    notes: tuple[str, ...]

    @cached_property
    def by_light(self) -> UnitAmounts:
        """The light of units."""
        return unit_amounts(self.units, self.coverage, self.field.cells)

    @cached_property
    def by_area(self) -> UnitAmounts:
        """The area of units within the grid."""
        grid = self.field.grid
        areas = np.broadcast_to(row_areas_km2(grid)[:, None], grid.shape)
        return unit_amounts(self.units, self.coverage, areas)


def lit_units(lights: NDArray[Any], grid: Grid, units: gpd.GeoDataFrame) -> LitUnits:
    """Prepare lights and units for any number of rules.

    Which cells are lit, which share of each cell a unit covers and how much light a unit has does
    not depend on the rules.

    Parameters
    ----------
    lights, grid, units
        As for `delineate_lights`.

    Returns
    -------
    LitUnits

    Raises
    ------
    DataError
        As `delineate_lights`, but for thresholds.
    """
    check_units(units)
    field, notes = _checked(lights, grid)
    coverage = zone_coverage(units, grid)
    return LitUnits(field, units, coverage, (*notes, *outside_notes(coverage)))


def lit_regions(prepared: LitUnits, rules: LightRules, *, polygons: bool = True) -> Delineation:
    """Delineate regions by one set of rules; see `delineate_lights`.

    Parameters
    ----------
    prepared : LitUnits
    rules : LightRules
    polygons : bool
        Whether to draw the regions; all else is the same without. `sureness` needs none.

    Returns
    -------
    Delineation

    Examples
    --------
    >>> import shapely
    >>> from affine import Affine
    >>> grid = Grid(Affine(1000, 0, 0, 0, -1000, 0), (1, 3), "EPSG:6933")
    >>> units = gpd.GeoDataFrame({"name": ["A"]}, geometry=[shapely.box(0, -1000, 3000, 0)],
    ...                          index=pd.Index(["a"], name="unit_id"), crs="EPSG:6933")
    >>> prepared = lit_units(np.array([[30, 60, 90]]), grid, units)
    >>> for threshold in (20, 50, 80):
    ...     found = lit_regions(prepared, LightRules(threshold), polygons=False)
    ...     print(found.regions["light"].to_dict())
    {'lit-1': 180.0}
    {'lit-1': 150.0}
    {'lit-1': 90.0}
    """
    field = prepared.field
    threshold = _threshold(field.values, rules)
    runs, groups = _grouped(field, rules, threshold)
    by_light = rules.share == "light"
    rest = {name: value for name, value in asdict(rules).items() if name != "at_least"}
    found = grid_delineation(
        runs, groups, prepared.by_light if by_light else prepared.by_area,
        size="light" if by_light else "area_km2", sums={} if by_light else {"light": field.cells},
        at_least=rules.at_least, parameters={**rest, "threshold_value": threshold}, prefix="lit",
        polygons=polygons,
    )  # fmt: skip
    return replace(found, notes=prepared.notes)


def threshold_curve(
    lights: NDArray[Any],
    grid: Grid,
    thresholds: Sequence[float],
    *,
    touching: Touching = 4,
    smallest_km2: float = 0.0,
    gap_km2: float = 0.0,
    join_km: float = 0.0,
) -> ThresholdCurve:
    """Find the bright areas of several thresholds, and which of them the lower ones merge.

    Each area lies within one of each lower threshold, since fewer cells are bright at a higher
    one: areas form trees. Where two cities merge at a threshold, a lower one is too low to tell
    them apart (compare Dingel, Miscio and Davis 2021, who delineate China's cities at several
    brightnesses).

    Parameters
    ----------
    lights, grid
        As for `bright_areas`.
    thresholds : sequence of float
        In the measurement unit of the lights, above 0, in any order, none twice.
    touching, smallest_km2, gap_km2, join_km
        As in `LightRules`, at every threshold.

    Returns
    -------
    ThresholdCurve

    Raises
    ------
    InputError
        If a threshold or rule is not allowed.
    DataError
        As `bright_areas`, or if no cell has light above 0.

    References
    ----------
    Dingel, J. I., Miscio, A., Davis, D. R. (2021). Cities, lights, and skills in developing
    economies. Journal of Urban Economics 125, 103174. doi:10.1016/j.jue.2019.05.005

    Examples
    --------
    >>> from affine import Affine
    >>> grid = Grid(Affine(1000, 0, 0, 0, -1000, 0), (1, 5), "EPSG:6933")
    >>> found = threshold_curve(np.array([[50, 20, 40, 0, 30]]), grid, [10, 30])
    >>> found.curve[["threshold", "areas", "largest_km2", "merged"]].values.tolist()
    [[10.0, 2.0, 3.0, 1.0], [30.0, 3.0, 1.0, 0.0]]
    >>> found.merges[["threshold", "area", "part_threshold", "part"]].values.tolist()
    [[10.0, 1.0, 30.0, 1.0], [10.0, 1.0, 30.0, 2.0]]
    """
    levels = _levels(thresholds)
    rules = LightRules(levels[0], "absolute", touching, smallest_km2, gap_km2, join_km)
    field, _ = _checked(lights, grid)
    whole = float(_survey(field.cells)[0])
    if not whole > 0:
        raise _dark()
    tables: list[pd.DataFrame] = []
    below: tuple[Runs, Numbers] | None = None
    for level in levels:
        runs, groups = _grouped(field, rules, level)
        table, numbers = _measured(field, runs, groups)
        places = table.pop("row").to_numpy(), table.pop("col").to_numpy()
        within = pd.array([pd.NA] * len(table), "Int64")
        if below is not None:
            within = pd.array(below[1][below[0].at(*places)], "Int64")
        table.insert(0, "threshold", level)
        tables.append(table.assign(light_share=table["light"] / whole, within=within))
        below = runs, numbers
    areas = pd.concat(tables, ignore_index=True)
    columns = ["threshold", "area", "cells", "area_km2", "light", "light_share", "x", "y", "within"]
    merges = _merges(areas, levels)
    return ThresholdCurve(_curve(areas, merges, levels), areas[columns], merges)


def _rule_problems(rules: LightRules) -> Iterator[str]:
    kind, threshold = rules.threshold_kind, rules.threshold
    allowed: Mapping[str, tuple[Callable[[float], bool], str]] = {
        "absolute": (lambda x: x > 0, "a number above 0"),
        "relative": (lambda x: 0 < x <= 1, "a share above 0 and at most 1"),
        "percentile": (lambda x: 0 <= x <= 100, "a number from 0 to 100"),
    }
    if not is_among(kind, get_args(ThresholdKind)):
        kinds = ", ".join(get_args(ThresholdKind))
        yield f"threshold_kind: expected one of {kinds}, found {shown(kind)}"
    elif kind == "otsu":
        if threshold is not None:
            yield f"threshold: none with threshold_kind 'otsu', found {shown(threshold)}"
    elif not is_number(threshold) or not allowed[kind][0](threshold):
        yield f"threshold: expected {allowed[kind][1]} ({kind}), found {shown(threshold)}"
    if not is_among(rules.touching, get_args(Touching)):
        yield f"touching: expected 4 or 8, found {shown(rules.touching)}"
    for name in ("smallest_km2", "gap_km2", "join_km"):
        value = getattr(rules, name)
        if not is_number(value) or value < 0:
            yield f"{name}: expected a number from 0, found {shown(value)}"
    if not is_among(rules.share, ("light", "area")):
        yield f"share: expected light or area, found {shown(rules.share)}"
    if not is_number(rules.at_least) or not 0 < rules.at_least <= 1:
        yield f"at_least: expected a share above 0 and at most 1, found {shown(rules.at_least)}"


def _levels(thresholds: Sequence[float]) -> list[float]:
    """Thresholds in ascending order, checked."""
    if isinstance(thresholds, str) or not isinstance(thresholds, Iterable):
        raise wrong("thresholds", thresholds, "a list of numbers")
    given = list(thresholds)
    problems = [
        f"expected numbers above 0, found {shown(level)}"
        for level in given
        if not is_number(level) or not level > 0
    ]
    if not given:
        problems.append("there are none")
    if not problems and len(set(given)) < len(given):
        problems.append("one appears twice")
    raise_if(problems, InputError, "thresholds")
    return sorted(map(float, given))


def _survey(cells: NDArray[Any]) -> tuple[float, float, int, int, int]:
    from regional_atlas.membership.delineation.runs_kernels import survey_cells

    found: tuple[float, float, int, int, int] = survey_cells(cells)
    return found


def _dark() -> DataError:
    return DataError("no cell has light above 0", where="lights")


def _infinite(count: int) -> DataError:
    return DataError(
        f"{count} cells are infinite; set them to NaN where they have no value", where="lights"
    )


def _checked(lights: Any, grid: Grid) -> tuple[LightField, tuple[str, ...]]:
    """Take the cells of lights, and say which of them are not lit for want of a proper value."""
    cells = raster_cells("lights", lights, grid)
    _, _, missing, negative, infinite = _survey(cells)
    if infinite:
        raise _infinite(infinite)
    notes = []
    if missing:
        notes.append(f"{missing:,} of {cells.size:,} cells have no value and count as not lit")
    if negative:
        notes.append(f"{negative:,} of {cells.size:,} cells are negative and count as not lit")
    return LightField(cells, grid, runs_above(cells, LEAST)), tuple(notes)


def _threshold(values: Callable[[], NDArray[Any]], rules: LightRules) -> float:
    """See `threshold_of`; `values` gives those above 0."""
    given = float(rules.threshold or 0)
    if rules.threshold_kind == "absolute":
        return given
    lit = values()
    if not lit.size:
        raise _dark()
    if rules.threshold_kind == "relative":
        return given * float(lit.max())
    if rules.threshold_kind == "percentile":
        return float(np.percentile(lit.astype(np.float64), given))
    return _otsu(lit)


def _otsu(lit: NDArray[Any]) -> float:
    values, counts = np.unique(lit, return_counts=True)
    if len(values) < 2:
        raise DataError(
            f"every lit cell has the same light, {values[0]:g}: Otsu's cut needs two values",
            where="lights",
        )
    logs = np.log(values.astype(np.float64))
    logs -= np.average(logs, weights=counts)
    below = np.cumsum(counts)[:-1].astype(np.float64)
    # About the mean of all, both classes have the same sum but for its sign.
    apart = np.cumsum(counts * logs)[:-1] ** 2 * lit.size / (below * (lit.size - below))
    return float(values[1 + np.flatnonzero(apart >= apart.max() * (1 - 1e-12))[0]])


def _grouped(field: LightField, rules: LightRules, threshold: float) -> tuple[Runs, Numbers]:
    """Find the runs of the cells of bright areas, and the number of each run's area."""
    grid = field.grid
    runs, row_areas = runs_above(field.cells, threshold, field.lit), row_areas_km2(grid)
    if rules.gap_km2 > 0:
        runs = fill_holes(runs, row_areas, rules.gap_km2, rules.touching)
    groups = group_runs(runs, rules.touching)
    if rules.smallest_km2 > 0:
        km2 = np.bincount(groups, runs.lengths * row_areas[runs.rows], 1)
        runs = runs.kept((km2 >= rules.smallest_km2 * (1 - ROUNDING))[groups])
        groups = group_runs(runs, rules.touching)
    if rules.join_km > 0:
        groups = join_runs(runs, groups, columns_within(grid, rules.join_km))
    return runs, groups


def _measured(field: LightField, runs: Runs, groups: Numbers) -> tuple[pd.DataFrame, Numbers]:
    """Measure areas, numbered by light; give each run its area's number too."""
    from regional_atlas.membership.delineation.runs_kernels import brightest_runs, run_sums

    grid = field.grid
    light, peaks, columns = run_sums(*runs.places, field.cells)
    at = brightest_runs(groups, peaks, groups.max(initial=0))
    rows, cols = runs.rows[at], columns[at].astype(np.int64)
    km2 = runs.lengths * row_areas_km2(grid)[runs.rows]
    table = pd.DataFrame(
        {
            "cells": np.bincount(groups, runs.lengths, 1)[1:].astype(np.int64),
            "area_km2": np.bincount(groups, km2, 1)[1:],
            "light": np.bincount(groups, light, 1)[1:],
            "x": grid.transform.c + grid.transform.a * (cols + 0.5),
            "y": grid.transform.f + grid.transform.e * (rows + 0.5),
            "row": rows,
            "col": cols,
        }
    ).sort_values(["light", "cells"], ascending=False, kind="stable")
    numbers = np.zeros(len(table) + 1, np.int32)
    numbers[table.index + 1] = np.arange(1, len(table) + 1)
    table.insert(0, "area", np.arange(1, len(table) + 1))
    return table.reset_index(drop=True), numbers[groups]


def _merges(areas: pd.DataFrame, levels: list[float]) -> pd.DataFrame:
    """Pairs of an area and each of several ones of the next higher threshold that it holds."""
    held = areas.dropna(subset=["within"])
    lower = dict(zip(levels[1:], levels[:-1], strict=True))
    table = pd.DataFrame(
        {
            "threshold": held["threshold"].map(lower).astype("float64"),
            "area": held["within"].astype("int64"),
            "part_threshold": held["threshold"],
            "part": held["area"],
            "part_km2": held["area_km2"],
            "part_light": held["light"],
        }
    )
    parts = table.groupby(["threshold", "area"])["part"].transform("size").astype("int64")
    table.insert(2, "parts", parts)
    order = ["threshold", "area", "part"]
    return table[table["parts"] > 1].sort_values(order).reset_index(drop=True)


def _curve(areas: pd.DataFrame, merges: pd.DataFrame, levels: list[float]) -> pd.DataFrame:
    index = pd.Index(levels, name="threshold")
    by_level = areas.groupby("threshold")
    largest = areas[areas["area"] == 1].set_index("threshold").reindex(index)
    merged = merges.drop_duplicates(["threshold", "area"]).groupby("threshold").size()
    sums = by_level[["area_km2", "light_share"]].sum().reindex(index, fill_value=0.0)
    return pd.DataFrame(
        {
            "areas": by_level.size().reindex(index, fill_value=0),
            "largest_km2": largest["area_km2"],
            "largest_light_share": largest["light_share"],
            "area_km2": sums["area_km2"],
            "light_share": sums["light_share"],
            "merged": merged.reindex(index, fill_value=0),
        },
        index=index,
    ).reset_index()
