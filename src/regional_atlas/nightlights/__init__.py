"""Night lights: exact zonal statistics of rasters, and what follows from them by year."""

from regional_atlas.nightlights.blocks import block_means
from regional_atlas.nightlights.cleaning import decoded
from regional_atlas.nightlights.coverage import Coverage, exact_coverage
from regional_atlas.nightlights.details import DETAILS
from regional_atlas.nightlights.grids import ArrayRaster, Grid, RasterSource
from regional_atlas.nightlights.levels import aggregate_levels
from regional_atlas.nightlights.recipe import CleanedRaster, Cleaning
from regional_atlas.nightlights.records import raster_records
from regional_atlas.nightlights.series import complete_dates, seasonal, wide
from regional_atlas.nightlights.shapes import build_buffers, build_grid, build_hexagons
from regional_atlas.nightlights.sums import STATISTICS, coverage_statistics, load_loops
from regional_atlas.nightlights.trend import level_shifts, total_shifts, trend
from regional_atlas.nightlights.yearly import TableComparison, compare_tables, growth
from regional_atlas.nightlights.zonal import zonal_statistics
from regional_atlas.nightlights.zones import densify, split_by_mask

__all__ = [
    "DETAILS",
    "STATISTICS",
    "ArrayRaster",
    "CleanedRaster",
    "Cleaning",
    "Coverage",
    "Grid",
    "RasterSource",
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
    "growth",
    "level_shifts",
    "load_loops",
    "raster_records",
    "seasonal",
    "split_by_mask",
    "total_shifts",
    "trend",
    "wide",
    "zonal_statistics",
]
