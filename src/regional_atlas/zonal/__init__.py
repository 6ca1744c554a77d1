"""Zonal statistics: any raster inside any polygons, weighted by exact coverage fractions."""

from regional_atlas.zonal.blocks import block_means
from regional_atlas.zonal.cleaning import CleanedRaster, Cleaning, decoded, raster_records
from regional_atlas.zonal.coverage import Coverage, exact_coverage
from regional_atlas.zonal.grids import ArrayRaster, Grid, RasterSource
from regional_atlas.zonal.levels import aggregate_levels
from regional_atlas.zonal.registry import STATISTICS, Statistic
from regional_atlas.zonal.series import (
    TableComparison,
    compare_tables,
    complete_dates,
    seasonal,
    wide,
)
from regional_atlas.zonal.statistics import zonal_statistics
from regional_atlas.zonal.sums import coverage_statistics, load_loops
from regional_atlas.zonal.zone_builders import build_buffers, build_grid, build_hexagons
from regional_atlas.zonal.zones import densify, split_by_mask

__all__ = [
    "STATISTICS",
    "ArrayRaster",
    "CleanedRaster",
    "Cleaning",
    "Coverage",
    "Grid",
    "RasterSource",
    "Statistic",
    "TableComparison",
    "aggregate_levels",
    "block_means",
    "build_buffers",
    "build_grid",
    "build_hexagons",
    "compare_tables",
    "complete_dates",
    "coverage_statistics",
    "decoded",
    "densify",
    "exact_coverage",
    "load_loops",
    "raster_records",
    "seasonal",
    "split_by_mask",
    "wide",
    "zonal_statistics",
]
