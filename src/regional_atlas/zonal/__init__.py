"""Zonal statistics: any raster inside any polygons, weighted by exact coverage fractions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regional_atlas.core.lazy import offered

if TYPE_CHECKING:
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

__getattr__ = offered(
    __name__,
    {
        "ArrayRaster": "grids",
        "CleanedRaster": "cleaning",
        "Cleaning": "cleaning",
        "Coverage": "coverage",
        "Grid": "grids",
        "RasterSource": "grids",
        "STATISTICS": "registry",
        "Statistic": "registry",
        "TableComparison": "series",
        "aggregate_levels": "levels",
        "block_means": "blocks",
        "build_buffers": "zone_builders",
        "build_grid": "zone_builders",
        "build_hexagons": "zone_builders",
        "compare_tables": "series",
        "complete_dates": "series",
        "coverage_statistics": "sums",
        "decoded": "cleaning",
        "densify": "zones",
        "exact_coverage": "coverage",
        "load_loops": "sums",
        "raster_records": "cleaning",
        "seasonal": "series",
        "split_by_mask": "zones",
        "wide": "series",
        "zonal_statistics": "statistics",
    },
)
