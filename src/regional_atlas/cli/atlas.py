"""Commands that make something: build, check, export, new, upgrade."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from regional_atlas.cli.base import (
    SPOKEN,
    AskedArgument,
    OutsideOption,
    OverwriteOption,
    ProjectArgument,
    RawOption,
    SetOption,
    app,
    opened,
    progress_bars,
    say,
    say_notes,
    say_omissions,
    say_tables,
)
from regional_atlas.cli.messages import put
from regional_atlas.core.errors import InputError, raise_if, results_of, together

if TYPE_CHECKING:
    from regional_atlas.atlas import Atlas
    from regional_atlas.config.project import Project

DEFAULT_PROJECT = Path("geo/china-2022")


@app.command(example="build geo/china-2022 --out maps/china-2022")
def build(
    project: ProjectArgument = DEFAULT_PROJECT,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder to write; maps/<id> by default.")
    ] = None,
    all_: Annotated[
        bool,
        typer.Option("--all", help="Build every project in PROJECT (geo), and a page of them."),
    ] = False,
    overwrite: OverwriteOption = False,
    raw: RawOption = False,
    set_: SetOption = [],  # noqa: B006
    allow_outside: OutsideOption = False,
) -> None:
    """Build everything: the page, the data files, the report. What `check` passes, it builds."""
    import regional_atlas as ra
    from regional_atlas.core.outputs import check_outputs
    from regional_atlas.publish.folder import build_output
    from regional_atlas.tables.store import Store

    store = Store()

    if not all_:
        read, wrong = _read(project, set_, allow_outside)
        target = out or Path("maps") / read.id
        try:
            check_outputs([build_output(target, store)], read.inputs(), overwrite=overwrite)
        except InputError as error:
            raise together([*wrong, error]) from None
        _build(read, target, overwrite, wrong, raw=raw)
        _show_page(read, target)
        return
    from regional_atlas.publish.gallery import (
        find_projects,
        gallery_entry,
        gallery_output,
        write_gallery,
    )

    folder = project.parent if project == DEFAULT_PROJECT else project
    projects = results_of(
        *(
            partial(ra.read_project, found, overrides=set_, allow_outside=allow_outside)
            for found in find_projects(folder)
        )
    )
    maps = out or Path("maps")
    check_outputs(
        [
            gallery_output(maps),
            *(build_output(maps / read.id, store, f"{read.root.name}: --out") for read in projects),
        ],
        [named for read in projects for named in read.inputs()],
        overwrite=overwrite,
    )
    entries = []
    for read in projects:
        entries.append(gallery_entry(_build(read, maps / read.id, overwrite, raw=raw)))
        _show_page(read, maps / read.id)
    put(write_gallery(entries, maps))


def _read(
    project: Path, overrides: list[str], allow_outside: bool
) -> tuple[Project, list[InputError]]:
    """Read a project as far as its file is right, and give what is wrong with the file."""
    from regional_atlas.config.project import read_what_holds

    read, wrong = read_what_holds(project, overrides=overrides, allow_outside=allow_outside)
    errors: list[InputError] = [wrong] if wrong else []
    if read is None:
        raise together(errors)
    return read, errors


_LARGE = 15 * 2**20
"""Bytes of a page that take seconds to open on a phone."""


def _show_page(project: Project, folder: Path) -> None:
    """Give the path of a page that was built, and say what makes a large one smaller."""
    page = folder / "index.html"
    size = page.stat().st_size
    if size > _LARGE and project.config.page.fields is None:
        say(
            f"the page has {size / 1e6:.0f} MB, which phones are slow to open: name the indicators "
            "that its cards and filters need by `fields` in [page]; it carries all of them"
        )
    put(page)


def _build(
    project: Project,
    target: Path,
    overwrite: bool,
    wrong: Sequence[InputError] = (),
    *,
    raw: bool,
) -> Atlas:
    import regional_atlas as ra
    from regional_atlas.publish.needs import free_memory, needs_of, said_needs

    if needs := said_needs(needs_of(project), free_memory()):
        say(needs)
    with progress_bars() as progress:
        atlas = ra.open_atlas(project, progress=progress)
        if wrong:
            atlas.check(*wrong)
        atlas.save(target, overwrite=overwrite, raw=raw, progress=progress)
    say_notes(project)
    say_tables(atlas.tables.report)
    for check in atlas.tables.report.checks:
        say(f"✓ {check.name.in_(SPOKEN)}: {check.detail.in_(SPOKEN)}")
    say_omissions(atlas.tables.report)
    return atlas


@app.command(example="check geo/china-2022")
def check(
    project: ProjectArgument,
    set_: SetOption = [],  # noqa: B006
    allow_outside: OutsideOption = False,
) -> None:
    """Read and validate everything, build nothing; list every problem at once."""
    import regional_atlas as ra

    read, wrong = _read(project, set_, allow_outside)
    with progress_bars() as progress:
        atlas = ra.open_atlas(read, progress=progress)
        atlas.check(*wrong)
    say_notes(read)
    say_tables(atlas.tables.report)
    say_omissions(atlas.tables.report)
    put(f"{read.id}: no problem found")


@app.command(example="scores geo/china-2022 --ranking vitality --out vitality.csv")
def scores(
    project: ProjectArgument,
    ranking: Annotated[str, typer.Option(metavar="ID", help="A computed ranking.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="CSV to write.")],
    counts: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="CSV for the counts of regions among the first ranks."),
    ] = None,
    overwrite: OverwriteOption = False,
    raw: RawOption = False,
    set_: SetOption = [],  # noqa: B006
    allow_outside: OutsideOption = False,
) -> None:
    """Write a computed ranking to keep: dimensions, index, rank, intervals, data share by unit."""
    import regional_atlas as ra
    from regional_atlas.publish.scores import make_scores

    problems = [
        f"--{name} {str(path)!r}: expected a name that ends in .csv"
        for name, path in (("out", out), ("counts", counts))
        if path is not None and path.suffix != ".csv"
    ]
    raise_if(problems, InputError)
    read = ra.read_project(project, overrides=set_, allow_outside=allow_outside)
    with progress_bars() as progress:
        written = make_scores(read, ranking, out, counts, progress, overwrite=overwrite, raw=raw)
    for path in written:
        put(path)


@app.command(example="indicators my-atlas --out indicators.parquet --regions regions.parquet")
def indicators(
    project: ProjectArgument,
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="Parquet for ratios, means and indices by unit.")
    ],
    regions: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Parquet for the values of regions, totals too."),
    ] = None,
    by: Annotated[
        str, typer.Option(metavar="A,B,…", help="Levels and kinds of region; all by default.")
    ] = "",
    least_members: Annotated[
        int,
        typer.Option(metavar="N", min=1, help="A total of fewer members with data is left out."),
    ] = 3,
    overwrite: OverwriteOption = False,
    set_: SetOption = [],  # noqa: B006
    allow_outside: OutsideOption = False,
) -> None:
    """Write what the tables of indicators give, to commit without them: [committed] reads it."""
    from regional_atlas.publish.indicators import make_indicators

    problems = [
        f"--{name} {str(path)!r}: expected a name that ends in .parquet"
        for name, path in (("out", out), ("regions", regions))
        if path is not None and path.suffix != ".parquet"
    ]
    raise_if(problems, InputError)
    with progress_bars() as progress:
        written = make_indicators(
            project,
            out,
            regions,
            progress,
            by=[kind for part in by.split(",") if (kind := part.strip())],
            least_members=least_members,
            overrides=set_,
            overwrite=overwrite,
            allow_outside=allow_outside,
        )
    for path in written:
        put(path)


@app.command(example="export geo/china-2022 --format gpkg,csv --out gis")
def export(
    project: AskedArgument,
    format_: Annotated[
        str, typer.Option("--format", metavar="A,B,…", help="Formats, separated by commas.")
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder; maps/<id>/export by default.")
    ] = None,
    overwrite: OverwriteOption = False,
    raw: RawOption = False,
    set_: SetOption = [],  # noqa: B006
    allow_outside: OutsideOption = False,
) -> None:
    """Write GIS files and tables of all units.

    Formats: csv, fgb, geojson, geoparquet, gpkg, kml, shp, topojson, xlsx, and those that another
    package adds.
    """
    from regional_atlas.core.outputs import check_outputs
    from regional_atlas.export import check_formats, export_output

    formats = check_formats(format_.split(","))
    with opened(project, set_, allow_outside) as atlas:
        target = out or Path("maps") / atlas.project.id / "export"
        inputs = atlas.project.inputs()
        check_outputs([export_output(formats, target)], inputs, overwrite=overwrite)
        atlas.graph.make_all()
        progress = atlas.graph.progress
        written = atlas.export(formats, target, overwrite=overwrite, raw=raw, progress=progress)
    for path in written:
        put(path)


@app.command(example="new my-atlas")
def new(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder that does not exist or is empty.")
    ],
) -> None:
    """Write a commented starter project of an invented country."""
    import shutil
    from importlib.resources import as_file, files

    from regional_atlas.core.atomic import atomic_path

    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise InputError(f"{folder} exists already; name a new folder")
    with as_file(files("regional_atlas") / "starter") as starter, atomic_path(folder) as temporary:
        shutil.copytree(starter, temporary, copy_function=shutil.copyfile)
    put(folder / "atlas.toml")


@app.command(example="upgrade my-atlas --dry-run")
def upgrade(
    project: ProjectArgument,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what would change, and write nothing.")
    ] = False,
    allow_outside: OutsideOption = False,
) -> None:
    """Rewrite an atlas.toml into the short form; comments and order stay, and what it means.

    Plates go into groups, what repeats gets a name, long lists of names go into CSV files.
    """
    from regional_atlas.jobs.upgrade import plan_upgrade

    plan = plan_upgrade(project, allow_outside=allow_outside)
    for change in plan.after.changes:
        say(f"– {change}")
    if not plan.after.changes:
        say(f"{plan.file}: nothing to change")
    if dry_run:
        put(plan.diff(), end="")
        return
    for path in plan.write():
        put(path)
