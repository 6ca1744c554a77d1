"""Making a project's night-light inputs from full-resolution rasters, once; a look at a raster."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from regional_atlas.cache import Cache
from regional_atlas.config.project import Project, read_project
from regional_atlas.core.errors import ConfigError, InputError, problems_of, raise_if, results_of
from regional_atlas.core.model import Given
from regional_atlas.export.cog import write_cog
from regional_atlas.export.png import write_png
from regional_atlas.export.tables import check_ending, write_parquet
from regional_atlas.nightlights import Grid, block_means
from regional_atlas.nightlights.preview import LEVELS, check_picture, log_levels, preview_levels
from regional_atlas.nightlights.recipe import rules_of
from regional_atlas.nightlights.zones import zone_coverage
from regional_atlas.sources.rasters import Raster, check_reading, is_missing, open_raster
from regional_atlas.tables.assemble import Progress, read_units
from regional_atlas.tables.lights import cleaning_of, open_rasters, yearly_statistics

__all__ = ["make_blocks", "make_preview", "make_table"]


def make_table(project: Path, files: str, out: Path, progress: Progress) -> pd.DataFrame:
    """Write the yearly zonal table of every unit and return it."""
    _, (read, rasters) = results_of(
        lambda: check_ending(out, ".parquet"), lambda: _read(project, files), kind=ConfigError
    )
    config = read.config.nightlights
    assert config is not None
    table = yearly_statistics(
        read_units(read, cache=Cache()),
        rasters,
        config.lit_threshold,
        cleaning_of(config),
        lambda *done: progress("night lights", *done),
    )
    write_parquet(table, out)
    return table


def make_blocks(project: Path, files: str, out: str, factor: int, progress: Progress) -> list[Path]:
    """Write block means of decoded radiance, one COG a year; return the files."""
    _, (read, rasters) = results_of(
        lambda: _check_pattern(out), lambda: _read(project, files), kind=ConfigError
    )
    config = read.config.nightlights
    assert config is not None
    written = []
    cleaning = cleaning_of(config)
    mask = cleaning.polygons()
    for done, raster in enumerate(rasters):
        progress("block means", done, len(rasters))
        cleaned = cleaning.applied(raster)
        rules, removed = rules_of(cleaned), None
        if mask is not None:
            removed = zone_coverage(mask.dissolve(), Grid.of(raster))
            rules = {"mask_polygons": {"polygons": len(mask), "becomes": "missing"}, **rules}
        values, transform = block_means(cleaned, factor, removed=removed)
        path = Path(out.replace("{year}", str(raster.year)))
        write_cog(
            path,
            values,
            transform,
            raster.crs,
            scale=0.01,
            tags={
                "year": str(raster.year),
                "unit": config.unit.in_("en"),
                "source": config.source.in_("en"),
                **({"cleaning": json.dumps(rules)} if rules else {}),
            },
        )
        written.append(path)
    progress("block means", len(rasters), len(rasters))
    return written


def make_preview(
    raster: Path, out: Path, width: int, top: float | None, progress: Progress, **reading: Any
) -> float:
    """Write a picture of a raster with a legend; return the value of its brightest level."""
    problems = problems_of(
        lambda: check_ending(out, ".png"),
        lambda: check_picture(width, top),
        lambda: check_reading(**reading),
    )
    problems += [f"file not found: {raster}"] if is_missing(str(raster)) else []
    raise_if(problems, InputError)
    levels, found = preview_levels(
        open_raster(raster, **reading),
        width,
        top=top,
        progress=lambda *done: progress("preview", *done),
    )
    values = [0.0, *(10.0**power for power in range(-1, 7) if 10.0**power < found), found]
    shown = [float(f"{value:.3g}") for value in values]
    named = log_levels(np.array(values), found).tolist()
    write_png(out, levels, LEVELS, list(zip(shown, named, strict=True)))
    return found


def _check_pattern(out: str) -> None:
    if "{year}" not in Path(out).name:
        raise ConfigError(f"--out {out!r}: expected {{year}} in the file name")


def _read(project: Path, files: str) -> tuple[Project, list[Raster]]:
    read = read_project(
        project,
        overrides=[f"nightlights.files={Given(files)}"],
        without=["nightlights.table", "nightlights.blocks"],
    )
    config = read.config.nightlights
    if config is None or config.files is None:
        raise ConfigError("the project has no [nightlights]", where=str(project))
    return read, open_rasters(config, config.files)
