"""The command line. Results go to stdout, messages and progress to stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from regional_atlas.errors import InputError
from regional_atlas.progress import progress_bars

__all__ = ["app", "main"]

DEFAULT_PROJECT = Path("geo/china-2022")

app = typer.Typer(
    name="regional-atlas",
    help="Spatial rankings, metro-area membership, map atlases and GIS files.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
nightlights_app = typer.Typer(
    help="Make the night-light inputs of a project from full-resolution rasters.",
    no_args_is_help=True,
)
app.add_typer(nightlights_app, name="nightlights")


class Format(StrEnum):
    """How a table is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    GEOJSON = "geojson"


ProjectArgument = Annotated[
    Path, typer.Argument(metavar="PROJECT", help="Folder with an atlas.toml.")
]
SetOption = Annotated[
    list[str],
    typer.Option("--set", metavar="KEY=VALUE", help="Replace a value of atlas.toml. Repeatable."),
]
RankingOption = Annotated[
    str | None, typer.Option(metavar="ID", help="Ranking; the project's first by default.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print.")]


def main() -> None:
    """Run the command line; wrong input is one message on stderr and exit code 1."""
    try:
        app()
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        raise SystemExit(1) from None
    except BrokenPipeError:
        raise SystemExit(0) from None
    except OSError as error:
        print(f"error: {error.filename or ''}: {error.strerror or error}", file=sys.stderr)  # noqa: T201
        raise SystemExit(1) from None
    except Exception:
        import traceback

        traceback.print_exc()
        print("internal error: please report it with the lines above", file=sys.stderr)  # noqa: T201
        raise SystemExit(3) from None


@app.command()
def build(
    project: ProjectArgument = DEFAULT_PROJECT,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder to write; maps/<id> by default.")
    ] = None,
    set_: SetOption = [],  # noqa: B006
) -> None:
    """Build everything: the page, the data files, the report."""
    import regional_atlas as ra

    read = ra.read_project(project, overrides=set_)
    target = out or Path("maps") / read.id
    with progress_bars() as progress:
        atlas = ra.build(read, progress=progress)
        atlas.save(target, progress=progress)
    for check in atlas.tables.report.checks:
        _say(f"{'✓' if check.ok else '✗'} {check.name.en}: {check.detail.en}")
    for omission in atlas.tables.report.omissions:
        _say(f"– left out: {omission.what.en}: {omission.why.en}")
    print(target / "index.html")  # noqa: T201


@app.command()
def check(project: ProjectArgument, set_: SetOption = []) -> None:  # noqa: B006
    """Read and validate everything, build nothing; list every problem at once."""
    import regional_atlas as ra

    read = ra.read_project(project, overrides=set_)
    with progress_bars() as progress:
        report = ra.build(read, progress=progress).tables.report
    for joined in report.joins:
        _say(f"{joined.name}: {joined.matched} of {joined.rows} rows matched")
    failed = [f"{item.name.en}: {item.detail.en}" for item in report.checks if not item.ok]
    if failed:
        raise InputError(*failed, where=str(project))
    print(f"{read.id}: no problem found")  # noqa: T201


@app.command()
def query(
    project: ProjectArgument,
    ranking: RankingOption = None,
    metro: Annotated[str | None, typer.Option(metavar="NAME", help="Metropolitan area.")] = None,
    agglomeration: Annotated[
        str | None, typer.Option(metavar="NAME", help="Urban agglomeration.")
    ] = None,
    province: Annotated[str | None, typer.Option(metavar="NAME", help="Province.")] = None,
    region: Annotated[
        list[str],
        typer.Option(metavar="KIND=NAME", help="Any region kind or parent level. Repeatable."),
    ] = [],  # noqa: B006
    tier: Annotated[int | None, typer.Option(metavar="N", help="Tier of the ranking.")] = None,
    within: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Units inside these polygons.")
    ] = None,
    near: Annotated[
        str | None, typer.Option(metavar="LON,LAT", help="Units near a point; needs --radius.")
    ] = None,
    radius: Annotated[float | None, typer.Option(metavar="KM", help="For --near.")] = None,
    neighbours_of: Annotated[
        str | None, typer.Option(metavar="UNIT", help="Units that share a border with this one.")
    ] = None,
    top: Annotated[int | None, typer.Option(metavar="N", min=1, help="The first N.")] = None,
    sort: Annotated[
        str | None, typer.Option(metavar="FIELD", help="Column; -FIELD sorts downwards.")
    ] = None,
    columns: Annotated[
        str | None, typer.Option(metavar="A,B,…", help="Columns to print, separated by commas.")
    ] = None,
    unranked: Annotated[
        bool, typer.Option("--unranked", help="Also units without a rank, last.")
    ] = False,
    format_: FormatOption = Format.TABLE,
    set_: SetOption = [],  # noqa: B006
) -> None:
    """List ranked units by region, tier or place."""
    named = {"metro": metro, "agglomeration": agglomeration, "province": province}
    regions = {kind: name for kind, name in named.items() if name is not None}
    for pair in region:
        kind, separator, name = pair.partition("=")
        if not separator:
            raise InputError(f"--region {pair!r}: expected KIND=NAME")
        regions[kind] = name
    atlas = _built(project, set_)
    table = atlas.query(
        ranking=ranking,
        region=regions,
        tier=tier,
        within=within,
        near=_point(near),
        radius=radius,
        neighbours_of=neighbours_of,
        top=top,
        sort=sort,
        unranked=unranked,
    )
    table.insert(1, "unit_id", table.index)
    shown = [name.strip() for name in columns.split(",")] if columns else None
    if shown:
        absent = [name for name in shown if name not in table.columns]
        if absent:
            allowed = ", ".join(name for name in table.columns if name != "geometry")
            raise InputError(
                f"--columns: no column {', '.join(map(repr, absent))}; allowed: {allowed}"
            )
    elif format_ in (Format.TABLE, Format.CSV):
        kinds = [*reversed(atlas.project.levels()), *atlas.project.kinds()]
        near_by = ["distance_km"] if near else []
        shown = ["rank", "unit_id", "unit", "unit_type", *kinds, "tier", "exclusive", *near_by]
        if table["score"].notna().any():
            shown.insert(3, "score")
    _show(table, format_, shown)


@app.command()
def summarise(
    project: ProjectArgument,
    by: Annotated[
        str, typer.Option(metavar="LEVEL", help="A parent level, a region kind or unit_type.")
    ],
    ranking: RankingOption = None,
    format_: FormatOption = Format.TABLE,
    set_: SetOption = [],  # noqa: B006
) -> None:
    """Roll a ranking and the indicators up by region."""
    _show(_built(project, set_).summarise(by, ranking=ranking), format_)


@app.command()
def compare(
    project: ProjectArgument,
    format_: FormatOption = Format.TABLE,
    set_: SetOption = [],  # noqa: B006
) -> None:
    """Show published figures beside computed ones."""
    comparison = _built(project, set_).comparison
    if comparison is None:
        raise InputError("the project names no published figures ([compare] file)")
    _show(comparison, format_)
    _say(f"{int(comparison['match'].sum())} of {len(comparison)} figures are equal")


@app.command()
def export(
    project: ProjectArgument,
    format_: Annotated[
        str, typer.Option("--format", metavar="A,B,…", help="Formats, separated by commas.")
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder; maps/<id>/export by default.")
    ] = None,
    set_: SetOption = [],  # noqa: B006
) -> None:
    """Write GIS files: gpkg, geoparquet, fgb, geojson, shp, kml, topojson, xlsx, csv."""
    from regional_atlas.export import check_formats

    formats = check_formats(format_.split(","))
    with progress_bars() as progress:
        atlas = _built(project, set_, progress)
        target = out or Path("maps") / atlas.project.id / "export"
        written = atlas.export(formats, target, progress=progress)
    for path in written:
        print(path)  # noqa: T201


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
    _say(f"{rows:,} rows")
    print(out)  # noqa: T201


@app.command()
def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist.")],
) -> None:
    """Write a commented starter project of an invented country."""
    import shutil
    from importlib.resources import as_file, files

    if folder.exists():
        raise InputError(f"{folder} exists already; name a new folder")
    with as_file(files("regional_atlas") / "starter") as starter:
        shutil.copytree(starter, folder)
    print(folder / "atlas.toml")  # noqa: T201


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
    _say(f"{rows:,} rows")
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


def _built(project: Path, overrides: list[str], progress: Any = None) -> Any:
    import regional_atlas as ra

    read = ra.read_project(project, overrides=overrides)
    if progress is not None:
        return ra.build(read, progress=progress)
    with progress_bars() as shown:
        return ra.build(read, progress=shown)


def _point(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise InputError(f"--near {text!r}: expected LON,LAT in degrees") from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(f"--near {text!r}: longitude lies within ±180, latitude within ±90")
    return lon, lat


def _nodata(text: str) -> Any:
    if text in ("stored", "none"):
        return text
    try:
        return float(text)
    except ValueError:
        raise InputError(f"--nodata {text!r}: expected stored, none or a number") from None


def _show(table: Any, format_: Format, columns: list[str] | None = None) -> None:
    from regional_atlas.show import as_csv, as_geojson, as_json, as_text

    writers: dict[Format, Callable[..., str]] = {
        Format.TABLE: as_text,
        Format.CSV: as_csv,
        Format.JSON: as_json,
        Format.GEOJSON: as_geojson,
    }
    sys.stdout.write(writers[format_](table, columns))


def _say(message: str) -> None:
    print(message, file=sys.stderr)  # noqa: T201
