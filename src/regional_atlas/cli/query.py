"""Commands that answer: query, summarise, compare."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from regional_atlas.cli.base import (
    AskedArgument,
    Format,
    FormatOption,
    LayerOption,
    RankingOption,
    SetOption,
    ZonesCrsOption,
    app,
    opened,
    say,
    say_omissions,
    show,
)
from regional_atlas.core.errors import InputError, problems_of, raise_if
from regional_atlas.query.sql.run import TIMEOUT


@app.command()
def query(
    project: AskedArgument,
    ranking: RankingOption = None,
    metro: Annotated[
        list[str],
        typer.Option(metavar="NAME", help="Metropolitan area; of several, units in any."),
    ] = [],  # noqa: B006
    agglomeration: Annotated[
        list[str], typer.Option(metavar="NAME", help="Urban agglomeration. Repeatable.")
    ] = [],  # noqa: B006
    province: Annotated[list[str], typer.Option(metavar="NAME", help="Province. Repeatable.")] = [],  # noqa: B006
    region: Annotated[
        list[str],
        typer.Option(metavar="KIND=NAME", help="Any region kind or parent level. Repeatable."),
    ] = [],  # noqa: B006
    tier: Annotated[int | None, typer.Option(metavar="N", help="Tier of the ranking.")] = None,
    within: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Units inside these polygons.")
    ] = None,
    layer: LayerOption = None,
    zones_crs: ZonesCrsOption = None,
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
    regions = {kind: [*names] for kind, names in named.items() if names}
    pairs = [pair.partition("=") for pair in region]
    problems = [
        f"--region {kind!r}: expected KIND=NAME" for kind, separator, _ in pairs if not separator
    ]
    raise_if(problems + problems_of(lambda: _point(near)), InputError)
    for kind, _, name in pairs:
        regions.setdefault(kind, []).append(name)
    from regional_atlas.query.answers import intervals

    with opened(project, set_) as atlas:
        table = atlas.query(
            ranking=ranking,
            region=regions,
            tier=tier,
            within=within,
            layer=layer,
            zones_crs=zones_crs,
            near=_point(near),
            radius=radius,
            neighbours_of=neighbours_of,
            top=top,
            sort=sort,
            unranked=unranked,
            geometry=format_ is Format.GEOJSON,
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
        sure = intervals(table)
        shown = ["rank", *sure, "unit_id", "unit", "unit_type", *kinds]
        shown += ["tier", "exclusive", *near_by]
        if table["score"].notna().any():
            shown.insert(shown.index("unit") + 1, "score")
    show(table, format_, shown)


@app.command()
def summarise(
    project: AskedArgument,
    by: Annotated[
        str, typer.Option(metavar="LEVEL", help="A parent level, a region kind or unit_type.")
    ],
    ranking: RankingOption = None,
    sort: Annotated[
        str | None,
        typer.Option(
            metavar="FIELD",
            help="Rank regions by a column, -FIELD downwards; partial values are left out.",
        ),
    ] = None,
    top: Annotated[int | None, typer.Option(metavar="N", min=1, help="The first N.")] = None,
    format_: FormatOption = Format.TABLE,
    set_: SetOption = [],  # noqa: B006
) -> None:
    """Roll a ranking and the indicators up by region."""
    with opened(project, set_) as atlas:
        table = atlas.summarise(by, ranking=ranking, sort=sort, top=top)
    out = table.attrs.get("left_out", {})
    if any(out.values()):
        say(
            f"left out: {out['partial']} with a partial value of {(sort or '').removeprefix('-')} "
            f"(some members have none, or one for a part of their area), "
            f"{out['missing']} without any"
        )
    if format_ is not Format.TABLE:
        show(table, format_)
        return
    from regional_atlas.cli.show import as_text
    from regional_atlas.query.summary import partial_cells

    starred = partial_cells(table)
    sys.stdout.write(as_text(table, starred=starred))
    if starred.any(axis=None):
        say(
            "* some members have no value, or one for a part of their area only: see the columns "
            "partial and data_members"
        )


@app.command()
def compare(
    project: AskedArgument,
    agreement: Annotated[
        bool, typer.Option("--agreement", help="Published orders beside computed ones instead.")
    ] = False,
    format_: FormatOption = Format.TABLE,
    set_: SetOption = [],  # noqa: B006
) -> None:
    """Show published figures beside computed ones."""
    with opened(project, set_) as atlas:
        comparison, orders = atlas.comparison, atlas.tables.agreement
        report = atlas.graph.get("comparison_report")
    if comparison is None:
        raise InputError("the project names no published figures ([compare] file)")
    if agreement:
        show(orders, format_)
        say_omissions(report)
        return
    show(comparison, format_)
    say(f"{int(comparison['match'].sum())} of {len(comparison)} figures are equal")


@app.command()
def sql(
    project: AskedArgument,
    statement: Annotated[
        str | None, typer.Argument(metavar="[STATEMENT]", help="One SELECT, or WITH … SELECT.")
    ] = None,
    tables: Annotated[
        bool, typer.Option("--tables", help="List the tables and their columns instead.")
    ] = False,
    timeout: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="Give up after this time.")
    ] = TIMEOUT,
    format_: FormatOption = Format.TABLE,
    set_: SetOption = [],  # noqa: B006
) -> None:
    """Answer one SELECT over the tables of a build, with spatial functions."""
    from regional_atlas.query.sql import check_sql, describe_views

    if tables == (statement is not None):
        raise InputError("sql: give either a STATEMENT or --tables")
    if statement is not None:
        check_sql(statement)
    with opened(project, set_) as atlas:
        answer = (
            describe_views(atlas.project, atlas.tables)
            if statement is None
            else atlas.sql(statement, timeout=timeout)
        )
    show(answer, format_)


def _point(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        raise InputError(f"--near {text!r}: expected LON,LAT in degrees") from None
    return lon, lat
