"""What units hold of the amounts of cells, prepared once and shared among any groups of cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regional_atlas.core.arrays import Floats
from regional_atlas.membership.delineation.runs import Numbers, Runs
from regional_atlas.zonal.coverage import Coverage
from regional_atlas.zonal.grids import Grid

__all__ = ["UnitAmounts", "unit_amounts"]


@dataclass(frozen=True)
class UnitAmounts:
    """Units on a grid, the amounts of its cells, and what each unit holds of them.

    Nothing here depends on how cells are grouped: `unit_amounts` prepares it once for any number
    of groupings.

    Attributes
    ----------
    units : GeoDataFrame
        Polygons, index `unit_id`.
    coverage : Coverage
        Of the grid's cells by the units.
    amounts : ndarray
        Of each cell, such as light or km²; NaN and what is below 0 counts as nothing.
    totals : ndarray of float64
        Of each unit, within the grid.
    """

    units: gpd.GeoDataFrame
    coverage: Coverage
    amounts: NDArray[Any]
    totals: Floats

    @property
    def grid(self) -> Grid:
        """Where the cells lie."""
        return self.coverage.grid

    def of_groups(self, runs: Runs, groups: Numbers) -> Floats:
        """Sum the amounts of the cells of each group: of group n at n - 1.

        Parameters
        ----------
        runs : Runs
            Cells of groups.
        groups : ndarray of int32
            The number of each run's group, from 1.
        """
        return sums_of_groups(runs, groups, self.amounts)

    def shares(self, runs: Runs, groups: Numbers) -> pd.DataFrame:
        """Measure how much of each unit lies in each group, and the reverse.

        Only the cells in groups are looked at.

        Parameters
        ----------
        runs, groups
            See `of_groups`.

        Returns
        -------
        DataFrame
            `unit_id`, `group`, `share_of_unit` (of what the unit has within the grid),
            `share_of_group`; a row for each pair that shares more than nothing, by unit and group.
        """
        from regional_atlas.membership.delineation.runs_kernels import share_among_groups

        held = np.zeros(int(groups.max(initial=0)) + 1)
        zones, numbers, sums = [], [], []
        for block in self.coverage.blocks:
            found = share_among_groups(block.geometry, runs.places, groups, self.amounts, held)
            zones.append(np.array(found[0], np.int64) + block.first_zone)
            numbers.append(np.array(found[1], np.int64))
            sums.append(np.array(found[2], np.float64))
        unit, group, amount = np.concatenate(zones), np.concatenate(numbers), np.concatenate(sums)
        order = np.lexsort((group, unit))
        unit, group, amount = unit[order], group[order], amount[order]
        return pd.DataFrame(
            {
                "unit_id": self.units.index.to_numpy()[unit],
                "group": group,
                "share_of_unit": amount / self.totals[unit],
                "share_of_group": amount / self.of_groups(runs, groups)[group - 1],
            }
        )


def unit_amounts(units: gpd.GeoDataFrame, coverage: Coverage, amounts: NDArray[Any]) -> UnitAmounts:
    """Sum what each unit holds of the amounts of cells, by exact coverage.

    Parameters
    ----------
    units : GeoDataFrame
        Polygons, index `unit_id`, any CRS.
    coverage : Coverage
        Of the cells by the units, as `zone_coverage` gives it.
    amounts : ndarray
        Of each cell; NaN and what is below 0 counts as nothing.

    Examples
    --------
    >>> import shapely
    >>> from affine import Affine
    >>> from regional_atlas.membership.delineation.runs import runs_of
    >>> from regional_atlas.zonal.zones import zone_coverage
    >>> grid = Grid(Affine(1000, 0, 0, 0, -1000, 0), (1, 2), "EPSG:6933")
    >>> unit = gpd.GeoDataFrame(geometry=[shapely.box(500, -1000, 2000, 0)], crs="EPSG:6933",
    ...                         index=pd.Index(["u"], name="unit_id"))
    >>> prepared = unit_amounts(unit, zone_coverage(unit, grid), np.array([[2.0, 4.0]]))
    >>> prepared.totals.tolist()
    [5.0]
    >>> prepared.shares(*runs_of(np.array([[0, 1]], np.int32))).values.tolist()
    [['u', 1, 0.8, 1.0]]
    """
    from regional_atlas.membership.delineation.runs_kernels import zone_sums

    sums = [zone_sums(block.geometry, amounts) for block in coverage.blocks]
    return UnitAmounts(units, coverage, amounts, np.concatenate([np.empty(0), *sums]))


def sums_of_groups(runs: Runs, groups: Numbers, values: NDArray[Any]) -> Floats:
    """Sum values of cells by group; see `UnitAmounts.of_groups`."""
    from regional_atlas.membership.delineation.runs_kernels import group_sums

    sums: Floats = group_sums(*runs.places, groups, values, int(groups.max(initial=0)))
    return sums
