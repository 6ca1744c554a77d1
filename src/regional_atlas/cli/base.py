"""The program, its options that several commands take, and what they share."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import typer.main
from typer.core import TyperCommand, TyperGroup

from regional_atlas.cli.messages import MESSAGES, is_quiet, put, put_bytes
from regional_atlas.core import progress
from regional_atlas.core.errors import InputError

if TYPE_CHECKING:
    from regional_atlas.atlas import Atlas
    from regional_atlas.config.project import Project

SPOKEN = "en"
"""The language of messages on the terminal."""


def _heard(param: typer.CallbackParam, value: bool) -> None:
    if value:
        MESSAGES.set(str(param.name))


def _heeding(
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet", "-q", callback=_heard, is_eager=True, expose_value=False,
            help="No progress and no notes on stderr.",
        ),
    ] = False,
    verbose: Annotated[
        bool,
        typer.Option(
            "--verbose", "-v", callback=_heard, is_eager=True, expose_value=False,
            help="Report damaged and removed entries of the store on stderr.",
        ),
    ] = False,
    json: Annotated[
        bool,
        typer.Option(
            "--json", callback=_heard, is_eager=True, expose_value=False,
            help="Messages on stderr as JSON lines: level, message, where.",
        ),
    ] = False,
) -> None:  # fmt: skip
    """Stand for the options that may be before and after the name of every command."""


@cache
def global_options() -> list[Any]:
    """Give the options that every command takes."""
    command = typer.Typer(add_completion=False)
    command.command()(_heeding)
    return [param for param in typer.main.get_command(command).params if param.name != "help"]


def _with_global_options(params: list[Any]) -> list[Any]:
    return [*params, *global_options()]


UsageError: Any = typer.BadParameter.__mro__[2]
"""Of every error that says how a command is used; typer offers only its kinds."""


class Group(TyperGroup):
    """A group of commands that takes the global options."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.params = _with_global_options(self.params)

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        """Begin a run: what an earlier one of this process asked for does not count."""
        if parent is None:
            MESSAGES.reset()
        return super().make_context(info_name, args, parent, **extra)


class Command(TyperCommand):
    """A command that names every option it cannot read, and takes the global options."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.params = _with_global_options(self.params)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the arguments; usage errors are one message."""
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except typer.BadParameter:
            options, rest, _ = self.make_parser(ctx).parse_args(given)
            problems = []
            for param in self.get_params(ctx):
                try:
                    param.handle_parse_result(ctx, options, rest)
                except typer.BadParameter as error:
                    problems.append(error.format_message())
            return list(ctx.fail(str(InputError(*problems))))


class Program(typer.Typer):
    """Commands of the kind above."""

    def __init__(self, **options: Any) -> None:
        super().__init__(cls=Group, **options)

    def command(
        self, *args: Any, example: str | None = None, **options: Any
    ) -> Callable[[Any], Any]:
        """Register a command; `--help` ends with the example."""
        if example is not None:
            options["epilog"] = f"Example: regional-atlas {example}"
        return super().command(*args, cls=Command, **options)


app = Program(
    name="regional-atlas",
    help="Spatial rankings, metro-area membership, map atlases and GIS files.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
nightlights_app = Program(
    help="Make the night-light inputs of a project from full-resolution rasters.",
    no_args_is_help=True,
)
app.add_typer(nightlights_app, name="nightlights")
zones_app = Program(help="Build zones to measure lights in.", no_args_is_help=True)
app.add_typer(zones_app, name="zones")
delineate_app = Program(
    help="Find metropolitan areas in data: people, lights, commuting, distance.",
    no_args_is_help=True,
)
app.add_typer(delineate_app, name="delineate")
fetch_app = Program(help="Get rasters from their archives.", no_args_is_help=True)
app.add_typer(fetch_app, name="fetch")
store_app = Program(invoke_without_command=True)
app.add_typer(store_app, name="store")


def _show_version(wanted: bool) -> None:
    if wanted:
        from regional_atlas import __version__

        put(f"regional-atlas {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
) -> None:
    pass


class Format(StrEnum):
    """How a table is printed."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    GEOJSON = "geojson"
    PARQUET = "parquet"
    MARKDOWN = "markdown"


ProjectArgument = Annotated[
    Path, typer.Argument(metavar="PROJECT", help="Folder with an atlas.toml.")
]
AskedArgument = Annotated[
    Path,
    typer.Argument(metavar="PROJECT", help="Folder with an atlas.toml, or one that a build wrote."),
]
SetOption = Annotated[
    list[str],
    typer.Option("--set", metavar="KEY=VALUE", help="Replace a value of atlas.toml. Repeatable."),
]
OutsideOption = Annotated[
    bool,
    typer.Option(
        "--allow-outside", help="Read files outside the project folder that atlas.toml names."
    ),
]
RankingOption = Annotated[
    str | None, typer.Option(metavar="ID", help="Ranking; the project's first by default.")
]
OverwriteOption = Annotated[
    bool,
    typer.Option(
        "--overwrite", help="Replace files that this command did not write. Inputs never are."
    ),
]
RawOption = Annotated[
    bool,
    typer.Option(
        "--raw",
        help="In CSV, no apostrophe before a text that begins like a formula.",
    ),
]
LayerOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="Layer of a file of polygons with several.")
]
ZonesCrsOption = Annotated[
    str | None,
    typer.Option(
        "--zones-crs", metavar="CRS", help="Of polygons whose file has none, or a wrong one."
    ),
]
FormatOption = Annotated[Format, typer.Option("--format", help="How to print.")]


def progress_bars() -> AbstractContextManager[Callable[[str, int, int], None]]:
    """Show progress for people who wait: not with `--quiet` and `--json`."""
    return progress.progress_bars(quiet=is_quiet())


@contextmanager
def opened(project: Path, overrides: list[str], allow_outside: bool) -> Iterator[Atlas]:
    """Open an atlas of a project or a built folder, with a progress bar for what is made."""
    import regional_atlas as ra
    from regional_atlas.core.outputs import is_built

    if is_built(project) and overrides:
        raise InputError("--set changes a project; a built folder is as it was built")
    source: Project | Path = project
    if not is_built(project):
        source = ra.read_project(project, overrides=overrides, allow_outside=allow_outside)
    with progress_bars() as shown:
        yield ra.open_atlas(source, progress=shown)


def show(
    table: Any, format_: Format, columns: list[str] | None = None, *, raw: bool = False
) -> None:
    """Write a table to stdout."""
    from regional_atlas.cli.show import (
        as_csv,
        as_geojson,
        as_json,
        as_markdown,
        as_parquet,
        as_text,
    )

    if format_ is Format.TABLE:
        put(as_text(table, columns, width=terminal_width()), end="")
        return
    if format_ is Format.PARQUET:
        if sys.stdout.isatty():
            raise InputError("--format parquet: not for a terminal; write `> FILE` behind it")
        put_bytes(as_parquet(table, columns))
        return
    writers: dict[Format, Callable[..., str]] = {
        Format.CSV: partial(as_csv, raw=raw),
        Format.JSON: as_json,
        Format.GEOJSON: as_geojson,
        Format.MARKDOWN: as_markdown,
    }
    put(writers[format_](table, columns), end="")


def terminal_width() -> int | None:
    """Give the width of the terminal; None where stdout is a file or a pipe."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def say(message: str) -> None:
    """Write a note to stderr."""
    MESSAGES.say("note", message)


def say_notes(project: Any) -> None:
    """Write what may be a slip in `atlas.toml` to stderr."""
    for note in project.notes:
        say(f"? {project.root.name}/atlas.toml: {note}")


_SIGNS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}


def say_tables(report: Any) -> None:
    """Write how tables were read, and how their rows found units, to stderr."""
    for table in report.tables:
        sign = _SIGNS.get(table.delimiter, table.delimiter)
        said = [", ".join(filter(None, [table.format, table.sheet, table.encoding, sign]))]
        if table.header_row is not None:
            said.append(f"headings in row {table.header_row}")
        said.append(f"{table.rows} rows")
        if table.left_out:
            said.append(f"{table.left_out} left out")
        say(f"{table.file}: {'; '.join(said)}")
        for note in table.notes:
            say(f"  {note}")
    if report.repaired:
        for check in report.checks:
            if check.name.id == "check-topology":
                say(f"boundaries: {check.detail.in_(SPOKEN)}")
    for joined in report.joins:
        of = f" ({joined.file}, by {joined.by})" if joined.by else ""
        say(f"{joined.name}{of}: {joined.said()}")


def say_omissions(report: Any) -> None:
    """Write what a build left out, and why, to stderr."""
    for omission in report.omissions:
        say(f"– left out: {omission.what.in_(SPOKEN)}: {omission.why.in_(SPOKEN)}")
