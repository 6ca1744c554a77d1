"""Making what a project keeps, once: inputs from rasters, computed scores; a look at a raster."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from regional_atlas.config.project import Project, read_project
from regional_atlas.core.errors import ConfigError, InputError, problems_of, raise_if, results_of
from regional_atlas.core.model import Given
from regional_atlas.core.outputs import OutputFile, check_outputs, heading
from regional_atlas.core.schema import ZONAL_COLUMNS
from regional_atlas.export.cog import read_tags, write_cog
from regional_atlas.export.layers import FILES
from regional_atlas.export.png import is_own_png, write_png
from regional_atlas.export.tables import check_ending, write_parquet
from regional_atlas.sources.rasters import (
    check_reading,
    is_missing,
    open_raster,
    raster_files,
)
from regional_atlas.tables.assemble import read_units
from regional_atlas.tables.graph import Progress
from regional_atlas.tables.lights import light_recipe, with_findings
from regional_atlas.tables.rasters import Recipe
from regional_atlas.tables.store import Store
from regional_atlas.zonal import Grid, block_means
from regional_atlas.zonal.blocks import LEVELS, check_picture, log_levels, preview_levels
from regional_atlas.zonal.cleaning import rules_of
from regional_atlas.zonal.zones import zone_coverage

__all__ = ["make_blocks", "make_preview", "make_table"]


def make_table(
    project: Path,
    files: str,
    out: Path,
    progress: Progress,
    *,
    overwrite: bool = False,
    allow_outside: bool = False,
) -> pd.DataFrame:
    """Write the yearly zonal table of every unit and return it."""
    _, (read, recipe) = results_of(
        lambda: check_ending(out, ".parquet"),
        lambda: _read(project, files, allow_outside),
        kind=ConfigError,
    )
    config = read.config.nightlights
    assert config is not None
    target = OutputFile("--out", out, lambda path: heading(path) >= set(ZONAL_COLUMNS))
    check_outputs([target], _inputs(read, recipe, makes="nightlights.table"), overwrite=overwrite)
    units = read_units(read, store=Store())
    found = recipe.measure(units, lambda *done: progress(recipe.step, *done))
    table = with_findings(found, config)
    write_parquet(table, out)
    return table


def make_blocks(
    project: Path,
    files: str,
    out: str,
    factor: int,
    progress: Progress,
    *,
    overwrite: bool = False,
    allow_outside: bool = False,
) -> list[Path]:
    """Write block means of decoded radiance, one COG a year; return the files."""
    _, (read, recipe) = results_of(
        lambda: _check_pattern(out), lambda: _read(project, files, allow_outside), kind=ConfigError
    )
    config = read.config.nightlights
    assert config is not None
    written = [Path(out.replace("{year}", str(raster.year))) for raster in recipe.rasters]
    check_outputs(
        [OutputFile("--out", path, _wrote_blocks) for path in written],
        _inputs(read, recipe, makes="nightlights.blocks.files"),
        overwrite=overwrite,
    )
    mask = recipe.cleaning.polygons()
    for done, (raster, path) in enumerate(zip(recipe.rasters, written, strict=True)):
        progress("block means", done, len(written))
        cleaned = recipe.cleaning.applied(raster)
        rules, removed = rules_of(cleaned), None
        if mask is not None:
            removed = zone_coverage(mask.dissolve(), Grid.of(raster))
            rules = {"mask_polygons": {"polygons": len(mask), "becomes": "missing"}, **rules}
        values, transform = block_means(cleaned, factor, removed=removed)
        write_cog(
            path,
            values,
            transform,
            raster.crs,
            scale=0.01,
            tags={
                "year": str(raster.year),
                "unit": config.unit.in_(FILES),
                "source": config.source.in_(FILES),
                **({"cleaning": json.dumps(rules)} if rules else {}),
            },
        )
    progress("block means", len(written), len(written))
    return written


def make_preview(
    raster: Path,
    out: Path,
    width: int,
    top: float | None,
    progress: Progress,
    *,
    overwrite: bool = False,
    **reading: Any,
) -> float:
    """Write a picture of a raster with a legend; return the value of its brightest level."""
    problems = problems_of(
        lambda: check_ending(out, ".png"),
        lambda: check_picture(width, top),
        lambda: check_reading(**reading),
        lambda: check_outputs(
            [OutputFile("--out", out, is_own_png)],
            [("--raster", file) for file in raster_files(raster)],
            overwrite=overwrite,
        ),
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


def _inputs(project: Project, recipe: Recipe, makes: str) -> list[tuple[str, Path]]:
    given = [("--files", file) for raster in recipe.rasters for file in raster_files(raster.path)]
    return given + project.inputs(makes=[makes])


def _wrote_blocks(path: Path) -> bool:
    return {"year", "unit", "source"} <= read_tags(path).keys()


def _check_pattern(out: str) -> None:
    if "{year}" not in Path(out).name:
        raise ConfigError(f"--out {out!r}: expected {{year}} in the file name")


def _read(project: Path, files: str, allow_outside: bool) -> tuple[Project, Recipe]:
    read = read_project(
        project,
        overrides=[f"nightlights.files={Given(files)}"],
        without=["nightlights.table", "nightlights.blocks"],
        allow_outside=allow_outside,
    )
    config = read.config.nightlights
    if config is None or config.files is None:
        raise ConfigError("the project has no [nightlights]", where=str(project))
    return read, light_recipe(config, config.files)
