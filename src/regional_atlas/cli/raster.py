"""Commands on rasters: zonal, nightlights."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from regional_atlas.cli.base import (
    ProjectArgument,
    app,
    nightlights_app,
    say,
)
from regional_atlas.errors import InputError
from regional_atlas.progress import progress_bars


@app.command()
def zonal(
    zones: Annotated[Path, typer.Option(metavar="FILE", help="Polygons.")],
    raster: Annotated[list[Path], typer.Option(metavar="FILE", help="Raster. Repeatable.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="A .csv or .parquet file.")],
    stats: Annotated[
        str, typer.Option(metavar="A,B,…", help="mean,sum,min,max,count,lit_share")
    ] = "mean,sum,max",
    id_: Annotated[
        str | None, typer.Option("--id", metavar="COLUMN", help="Column that names a zone.")
    ] = None,
    crs: Annotated[
        str | None, typer.Option(metavar="CRS", help="Of rasters that have none.")
    ] = None,
    nodata: Annotated[
        str, typer.Option(metavar="RULE", help="stored, none, or a value.")
    ] = "stored",
    scale: Annotated[float | None, typer.Option(metavar="S", help="value = stored × S + O")] = None,
    offset: Annotated[float | None, typer.Option(metavar="O")] = None,
    lit_threshold: Annotated[
        float | None, typer.Option(metavar="R", help="For lit_share, in decoded units.")
    ] = None,
) -> None:
    """Compute zonal statistics on their own, weighed by exact cell coverage."""
    from regional_atlas.pipeline.zonal import zonal_file

    with progress_bars() as progress:
        rows = zonal_file(
            zones,
            raster,
            out,
            stats=stats.split(","),
            key=id_,
            crs=crs,
            nodata=_nodata(nodata),
            scale=scale,
            offset=offset,
            lit_threshold=lit_threshold,
            progress=lambda done, total: progress("zonal statistics", done, total),
        )
    say(f"{rows:,} rows")
    print(out)  # noqa: T201


@nightlights_app.command("table")
def nightlights_table(
    project: ProjectArgument,
    files: Annotated[str, typer.Option(metavar="PATTERN", help="Rasters; {year} in the name.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Parquet file to write.")],
) -> None:
    """Compute the yearly table of every unit from full-resolution rasters, once."""
    from regional_atlas.pipeline.make import make_table

    with progress_bars() as progress:
        rows = make_table(project, files, out, progress)
    say(f"{rows:,} rows")
    print(out)  # noqa: T201


@nightlights_app.command("aggregate")
def nightlights_aggregate(
    project: ProjectArgument,
    files: Annotated[str, typer.Option(metavar="PATTERN", help="Rasters; {year} in the name.")],
    out: Annotated[str, typer.Option(metavar="PATTERN", help="COGs to write; {year} in the name.")],
    factor: Annotated[
        int, typer.Option(metavar="N", min=2, help="Cells per side of a block.")
    ] = 11,
) -> None:
    """Write block means of decoded radiance, one cloud-optimised GeoTIFF a year."""
    from regional_atlas.pipeline.make import make_blocks

    with progress_bars() as progress:
        written = make_blocks(project, files, out, factor, progress)
    for path in written:
        print(path)  # noqa: T201


def _nodata(text: str) -> Any:
    if text in ("stored", "none"):
        return text
    try:
        return float(text)
    except ValueError:
        raise InputError(f"--nodata {text!r}: expected stored, none or a number") from None
