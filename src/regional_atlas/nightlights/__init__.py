"""Night lights: exact zonal statistics of rasters, and what follows from them by year."""

from regional_atlas.nightlights.blocks import block_means
from regional_atlas.nightlights.cleaning import decoded
from regional_atlas.nightlights.coverage import Coverage, exact_coverage
from regional_atlas.nightlights.grids import ArrayRaster, Grid, RasterSource
from regional_atlas.nightlights.yearly import TableComparison, compare_tables, growth
from regional_atlas.nightlights.zonal import STATISTICS, coverage_statistics, zonal_statistics
from regional_atlas.nightlights.zones import densify

__all__ = [
    "STATISTICS",
    "ArrayRaster",
    "Coverage",
    "Grid",
    "RasterSource",
    "TableComparison",
    "block_means",
    "compare_tables",
    "coverage_statistics",
    "decoded",
    "densify",
    "exact_coverage",
    "growth",
    "zonal_statistics",
]
