"""Commands on rasters: zonal, nightlights, fetch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from regional_atlas.cli.base import (
    SPOKEN,
    LayerOption,
    OutsideOption,
    OverwriteOption,
    ProjectArgument,
    RawOption,
    ZonesCrsOption,
    app,
    fetch_app,
    nightlights_app,
    progress_bars,
    say,
)
from regional_atlas.cli.messages import put


def _list_statistics(stats: str) -> str:
    """Print every statistic where the list of them is `help`."""
    if stats != "help":
        return stats
    from regional_atlas.zonal import STATISTICS

    say("v: value of a cell; c: its coverage fraction, the share that the zone covers; w: weight")
    width = max(len(each.usage) for each in STATISTICS.values())
    for each in STATISTICS.values():
        needs = "; needs " + ", ".join(each.needs) if each.needs else ""
        unit = f" [{each.unit}]" if each.unit else ""
        title, formula = each.title.in_(SPOKEN), each.formula.in_(SPOKEN)
        put(f"{each.usage:{width}}  {title}{unit}: {formula}{needs}")
    raise typer.Exit


@app.command(
    example="zonal --zones counties.gpkg --raster lights_2020.tif --stats mean,sum --out lights.csv"
)
def zonal(
    zones: Annotated[Path, typer.Option(metavar="FILE", help="Polygons.")],
    raster: Annotated[
        list[str],
        typer.Option(
            metavar="FILE",
            help="Raster, or NETCDF:file:variable; {year} and {month} in its name. Repeatable.",
        ),
    ],
    out: Annotated[
        Path,
        typer.Option(metavar="FILE", help="A .csv file, with .csv.json beside it, or .parquet."),
    ],
    stats: Annotated[
        str,
        typer.Option(
            metavar="A,B,…",
            help="Statistics; `help` lists them.",
            callback=_list_statistics,
            is_eager=True,
        ),
    ] = "mean,sum,max",
    id_: Annotated[
        str | None,
        typer.Option(
            "--id", metavar="COLUMN", help="Column that names a zone; else all columns are kept."
        ),
    ] = None,
    variable: Annotated[
        str | None, typer.Option(metavar="NAME", help="Of files that hold several (NetCDF, HDF5).")
    ] = None,
    band: Annotated[
        str | None, typer.Option(metavar="N", help="Band to read, from 1, or all; else the first.")
    ] = None,
    layer: LayerOption = None,
    zones_crs: ZonesCrsOption = None,
    bands_from: Annotated[
        str | None,
        typer.Option(
            metavar="DATE", help="Bands are years or months from this one; time: as NetCDF says."
        ),
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
    weights: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Raster for weighted_… statistics.")
    ] = None,
    population: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Of the zones, for sum_per_head.")
    ] = None,
    extreme: Annotated[
        str, typer.Option(metavar="RULE", help="Infinite values, beyond ±1e30: refuse or missing.")
    ] = "refuse",
    quality: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Raster of flags, for --bad-….")
    ] = None,
    quality_variable: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Variable of flags, of --quality or the raster's file."),
    ] = None,
    bad_flags: Annotated[
        str, typer.Option(metavar="N,N,…", help="Cells with these flags become missing.")
    ] = "",
    bad_bits: Annotated[
        int, typer.Option(metavar="N", help="Cells with any of these bits become missing.")
    ] = 0,
    observations: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Raster of numbers of observations.")
    ] = None,
    observations_variable: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="The same for numbers of observations."),
    ] = None,
    least_observations: Annotated[
        int, typer.Option(metavar="N", help="Cells with fewer become missing.")
    ] = 0,
    mask: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Polygons to cut out, or nonzero cells."),
    ] = None,
    negative: Annotated[
        str, typer.Option(metavar="RULE", help="Values below 0: keep, zero or missing.")
    ] = "keep",
    background: Annotated[
        float | None, typer.Option(metavar="R", help="Values above 0 and below it become 0.")
    ] = None,
    upper: Annotated[
        float | None, typer.Option(metavar="R", help="Values above it become missing.")
    ] = None,
    saturation: Annotated[
        float | None, typer.Option(metavar="R", help="Count values of at least this; they stay.")
    ] = None,
    wide: Annotated[
        bool, typer.Option("--wide", help="One row per zone, a column per statistic and date.")
    ] = False,
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Measure on this Dask scheduler.")
    ] = None,
    overwrite: OverwriteOption = False,
    raw: RawOption = False,
) -> None:
    """Compute zonal statistics on their own, weighed by exact cell coverage."""
    from regional_atlas.jobs.zonal import zonal_file
    from regional_atlas.tables.stacks import CleaningFiles, findings
    from regional_atlas.zonal.registry import split_names

    cleaning = CleaningFiles(
        extreme=extreme,
        quality=quality,
        quality_variable=quality_variable,
        bad_flags=[_read(int, part) for part in bad_flags.split(",") if part.strip()],
        bad_bits=bad_bits,
        observations=observations,
        observations_variable=observations_variable,
        least_observations=least_observations,
        mask=mask,
        negative=negative,
        background=background,
        upper=upper,
        saturation=saturation,
    )
    with progress_bars() as progress:
        table = zonal_file(
            zones,
            raster,
            out,
            stats=split_names(stats),
            key=id_,
            band=_band(band),
            variable=variable,
            layer=layer,
            zones_crs=zones_crs,
            bands_from=bands_from,
            crs=crs,
            nodata=_read(float, nodata),
            scale=scale,
            offset=offset,
            lit_threshold=lit_threshold,
            weights=weights,
            population=population,
            cleaning=cleaning,
            one_row=wide,
            cluster=cluster,
            overwrite=overwrite,
            raw=raw,
            progress=lambda done, total: progress("zonal statistics", done, total),
        )
    for line in (f"{len(table):,} rows", *findings(table)):
        say(line)
    put(out)


@nightlights_app.command(
    "table", example="nightlights table my-atlas --files 'viirs_{year}.tif' --out lights.parquet"
)
def nightlights_table(
    project: ProjectArgument,
    files: Annotated[str, typer.Option(metavar="PATTERN", help="Rasters; {year} in the name.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="Parquet file to write.")],
    overwrite: OverwriteOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Compute the yearly table of every unit from full-resolution rasters, once."""
    from regional_atlas.jobs.make import make_table
    from regional_atlas.tables.stacks import findings

    with progress_bars() as progress:
        table = make_table(
            project, files, out, progress, overwrite=overwrite, allow_outside=allow_outside
        )
    for line in (f"{len(table):,} rows", *findings(table)):
        say(line)
    put(out)


@nightlights_app.command(
    "aggregate",
    example="nightlights aggregate my-atlas --files 'viirs_{year}.tif' --out 'lights_{year}.tif'",
)
def nightlights_aggregate(
    project: ProjectArgument,
    files: Annotated[str, typer.Option(metavar="PATTERN", help="Rasters; {year} in the name.")],
    out: Annotated[str, typer.Option(metavar="PATTERN", help="COGs to write; {year} in the name.")],
    factor: Annotated[
        int, typer.Option(metavar="N", min=2, help="Cells per side of a block.")
    ] = 11,
    overwrite: OverwriteOption = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Write block means of decoded radiance, one cloud-optimised GeoTIFF a year."""
    from regional_atlas.jobs.make import make_blocks

    with progress_bars() as progress:
        written = make_blocks(
            project, files, out, factor, progress, overwrite=overwrite, allow_outside=allow_outside
        )
    for path in written:
        put(path)


@nightlights_app.command(
    "preview", example="nightlights preview --raster viirs_2020.tif --out lights.png"
)
def nightlights_preview(
    raster: Annotated[Path, typer.Option(metavar="FILE", help="Any raster.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="A .png file.")],
    width: Annotated[int, typer.Option(metavar="N", min=1, help="Most columns.")] = 1200,
    top: Annotated[
        float | None, typer.Option(metavar="R", help="Brightest value; else the 99.9th percentile.")
    ] = None,
    crs: Annotated[str | None, typer.Option(metavar="CRS", help="Of a raster without one.")] = None,
    nodata: Annotated[
        str, typer.Option(metavar="RULE", help="stored, none, or a value.")
    ] = "stored",
    scale: Annotated[float | None, typer.Option(metavar="S", help="value = stored × S + O")] = None,
    offset: Annotated[float | None, typer.Option(metavar="O")] = None,
    overwrite: OverwriteOption = False,
) -> None:
    """Draw a raster on a logarithmic stretch, with a legend."""
    from regional_atlas.jobs.make import make_preview

    with progress_bars() as progress:
        found = make_preview(
            raster, out, width, top, progress, overwrite=overwrite,
            crs=crs, nodata=_read(float, nodata), scale=scale, offset=offset,
        )  # fmt: skip
    say(f"brightest level: {found:g} and above")
    put(out)


TableOption = Annotated[Path, typer.Option(metavar="FILE", help="What zonal wrote, not wide.")]
ColumnOption = Annotated[str, typer.Option(metavar="NAME", help="Column of the table.")]
OutOption = Annotated[Path, typer.Option(metavar="FILE", help="A .csv or .parquet file.")]


@nightlights_app.command(
    "trend", example="nightlights trend --table lights.parquet --out trend.csv"
)
def nightlights_trend(
    table: TableOption,
    out: OutOption,
    column: ColumnOption = "sum",
    first: Annotated[int | None, typer.Option(metavar="Y", help="First year to keep.")] = None,
    last: Annotated[int | None, typer.Option(metavar="Y", help="Last year to keep.")] = None,
    overwrite: OverwriteOption = False,
    raw: RawOption = False,
) -> None:
    """Growth, Theil-Sen trend and level shifts of every zone of a yearly table."""
    from regional_atlas.jobs.series import trend_file

    written = trend_file(
        table, out, column=column, first=first, last=last, overwrite=overwrite, raw=raw
    )
    say(f"{len(written):,} zones")
    put(out)


@nightlights_app.command(
    "season", example="nightlights season --table monthly.parquet --out season.csv"
)
def nightlights_season(
    table: TableOption,
    out: OutOption,
    column: ColumnOption = "sum",
    overwrite: OverwriteOption = False,
    raw: RawOption = False,
) -> None:
    """Season of every calendar month of a monthly table, and values without it."""
    from regional_atlas.jobs.series import season_file

    written = season_file(table, out, column=column, overwrite=overwrite, raw=raw)
    say(f"{len(written):,} rows")
    put(out)


@fetch_app.command(
    "nightlights", example="fetch nightlights --product viirs-annual --year 2020 --dry-run"
)
def fetch_nightlights(
    product: Annotated[str, typer.Option(metavar="ID", help="Product; see the how-to.")],
    year: Annotated[list[int], typer.Option(metavar="Y", help="Repeatable.")],
    month: Annotated[
        list[int] | None, typer.Option(metavar="M", help="Of monthly products. Repeatable.")
    ] = None,
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder to put files in.")] = Path(),
    url: Annotated[
        str | None, typer.Option(metavar="URL", help="Of the file, where none is registered.")
    ] = None,
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", help="A mirror of the archive.")
    ] = None,
    checksum: Annotated[
        str | None, typer.Option(metavar="SUM", help="sha256:… or md5:… of the file.")
    ] = None,
    token_env: Annotated[
        str | None, typer.Option(metavar="VAR", help="Environment variable with your token.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be fetched; no network.")
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a file whose checksum is wrong.")
    ] = False,
) -> None:
    """Download night-light rasters from their archive; go on where a transfer broke off."""
    from regional_atlas.jobs.fetch import fetch_files, planned_files

    archive, plan = planned_files(
        product, year, month or [], out, url=url, base_url=base_url, checksum=checksum
    )
    say(f"{archive.title} · {archive.publisher} · {archive.doi or archive.folder}")
    say(f"licence: {archive.licence or 'not known here'} · access: {archive.access}")
    if dry_run:
        for file, path in plan:
            note = " (is there already)" if path.exists() else ""
            put(f"{file.url} -> {path}{note}")
        return
    with progress_bars() as progress:
        fetched = fetch_files(
            archive, plan, token_env=token_env, overwrite=overwrite, progress=progress
        )
    for path in fetched:
        put(path)


def _band(text: str | None) -> Any:
    if text is None or text == "all":
        return text
    if not text.isdecimal() or int(text) < 1:
        raise typer.BadParameter(f"a number from 1, or all, found {text!r}", param_hint="--band")
    return int(text)


def _read(number: type[int | float], text: str) -> Any:
    """Read a number; text that is none stays, for the check that names everything at once."""
    try:
        return number(text)
    except ValueError:
        return text
