"""Commands that make something: build, check, export, new."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regional_atlas.cli.base import (
    SPOKEN,
    ProjectArgument,
    SetOption,
    app,
    built,
    say,
    say_omissions,
)
from regional_atlas.core.errors import InputError, raise_if
from regional_atlas.core.progress import progress_bars

if TYPE_CHECKING:
    from regional_atlas.atlas import Atlas
    from regional_atlas.config.project import Project

DEFAULT_PROJECT = Path("geo/china-2022")


@app.command()
def build(
    project: ProjectArgument = DEFAULT_PROJECT,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder to write; maps/<id> by default.")
    ] = None,
    all_: Annotated[
        bool,
        typer.Option("--all", help="Build every project in PROJECT (geo), and a page of them."),
    ] = False,
    set_: SetOption = [],  # noqa: B006
) -> None:
    """Build everything: the page, the data files, the report."""
    import regional_atlas as ra

    if not all_:
        read = ra.read_project(project, overrides=set_)
        target = out or Path("maps") / read.id
        _build(read, target)
        print(target / "index.html")  # noqa: T201
        return
    from regional_atlas.publish.gallery import find_projects, gallery_entry, write_gallery

    folder = project.parent if project == DEFAULT_PROJECT else project
    projects = [ra.read_project(found, overrides=set_) for found in find_projects(folder)]
    maps = out or Path("maps")
    entries = []
    for read in projects:
        entries.append(gallery_entry(_build(read, maps / read.id)))
        print(maps / read.id / "index.html")  # noqa: T201
    print(write_gallery(entries, maps))  # noqa: T201


def _build(project: Project, target: Path) -> Atlas:
    import regional_atlas as ra

    with progress_bars() as progress:
        atlas = ra.build(project, progress=progress)
        atlas.save(target, progress=progress)
    for check in atlas.tables.report.checks:
        say(f"{'✓' if check.ok else '✗'} {check.name.in_(SPOKEN)}: {check.detail.in_(SPOKEN)}")
    say_omissions(atlas.tables.report)
    return atlas


@app.command()
def check(project: ProjectArgument, set_: SetOption = []) -> None:  # noqa: B006
    """Read and validate everything, build nothing; list every problem at once."""
    import regional_atlas as ra

    read = ra.read_project(project, overrides=set_)
    with progress_bars() as progress:
        atlas = ra.build(read, progress=progress)
        atlas.map()
    report = atlas.tables.report
    for joined in report.joins:
        say(f"{joined.name}: {joined.matched} of {joined.rows} rows matched")
    failed = [
        f"{item.name.in_(SPOKEN)}: {item.detail.in_(SPOKEN)}"
        for item in report.checks
        if not item.ok
    ]
    if failed:
        raise InputError(*failed, where=str(project))
    print(f"{read.id}: no problem found")  # noqa: T201


@app.command()
def scores(
    project: ProjectArgument,
    ranking: Annotated[str, typer.Option(metavar="ID", help="A computed ranking.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="CSV to write.")],
    counts: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="CSV for the counts of regions among the first ranks."),
    ] = None,
    set_: SetOption = [],  # noqa: B006
) -> None:
    """Write a computed ranking to keep: dimensions, index, rank, intervals, coverage by unit."""
    from regional_atlas.export.tables import write_csv
    from regional_atlas.tables.kept import counts_table, scores_table

    problems = [
        f"--{name} {str(path)!r}: expected a name that ends in .csv"
        for name, path in (("out", out), ("counts", counts))
        if path is not None and path.suffix != ".csv"
    ]
    raise_if(problems, InputError)
    with progress_bars() as progress:
        atlas = built(project, set_, progress)
    files = {out: scores_table(atlas.project, atlas.tables, ranking)}
    if counts is not None:
        files[counts] = counts_table(atlas.project, atlas.tables, ranking)
    for path, table in files.items():
        write_csv(table, path)
        print(path)  # noqa: T201


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
        atlas = built(project, set_, progress)
        target = out or Path("maps") / atlas.project.id / "export"
        written = atlas.export(formats, target, progress=progress)
    for path in written:
        print(path)  # noqa: T201


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
