"""Commands that answer: query, summarise, compare, concentration, sql."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from regional_atlas.cli.base import (
    AskedArgument,
    Format,
    FormatOption,
    LayerOption,
    OutsideOption,
    RankingOption,
    RawOption,
    SetOption,
    ZonesCrsOption,
    app,
    opened,
    say,
    say_omissions,
    show,
    terminal_width,
)
from regional_atlas.cli.messages import put
from regional_atlas.core.errors import InputError, problems_of, raise_if
from regional_atlas.query.sql.run import TIMEOUT

if TYPE_CHECKING:
    import pandas as pd

    from regional_atlas.config.project import Project
    from regional_atlas.query.question import Question


_QUESTIONS = """Examples:

  regional-atlas query geo/china-2022 --metro 苏锡常 --top 10

  regional-atlas query geo/china-2022 --where "industrial > 60 and light_lit_share < 0.2"

  regional-atlas query geo/china-2022 --per province --top 3 --sort -light_mean@2022

  regional-atlas query geo/china-2022 --near 苏州 --radius 100 --not-in province=上海

  regional-atlas query geo/china-2022 --level metro --sort -light_growth
"""


@app.command(epilog=_QUESTIONS)
def query(
    project: AskedArgument,
    ranking: RankingOption = None,
    where: Annotated[
        str | None,
        typer.Option(
            metavar="CONDITION",
            help="Condition on fields: comparisons joined by and, or, not. "
            "A field's year: FIELD@2020; of another ranking: RANKING.rank.",
        ),
    ] = None,
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
        typer.Option(
            "--region",
            "--in",
            metavar="[KIND=]NAME",
            help="Any region or parent, by kind or by name alone. Repeatable.",
        ),
    ] = [],  # noqa: B006
    not_in: Annotated[
        list[str],
        typer.Option(metavar="[KIND=]NAME", help="No unit of this region or parent. Repeatable."),
    ] = [],  # noqa: B006
    tier: Annotated[int | None, typer.Option(metavar="N", help="Tier of the ranking.")] = None,
    within: Annotated[
        str | None,
        typer.Option(metavar="FILE", help="Units inside these polygons; also WKT or GeoJSON."),
    ] = None,
    layer: LayerOption = None,
    zones_crs: ZonesCrsOption = None,
    bbox: Annotated[
        str | None, typer.Option(metavar="W,S,E,N", help="Units inside this box, in degrees.")
    ] = None,
    near: Annotated[
        str | None,
        typer.Option(metavar="LON,LAT", help="Units near a point or a named place; see --radius."),
    ] = None,
    radius: Annotated[float | None, typer.Option(metavar="KM", help="For --near.")] = None,
    neighbours_of: Annotated[
        str | None, typer.Option(metavar="UNIT", help="Units that share a border with this one.")
    ] = None,
    order: Annotated[
        int, typer.Option(metavar="N", min=1, help="Of neighbours: 2 for theirs too.")
    ] = 1,
    level: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="List regions or parents of this kind, not units."),
    ] = None,
    top: Annotated[int | None, typer.Option(metavar="N", min=1, help="The first N.")] = None,
    per: Annotated[
        str | None, typer.Option(metavar="KIND", help="--top counts in each area of this kind.")
    ] = None,
    rank_within: Annotated[
        str | None, typer.Option(metavar="KIND", help="Rank anew in each area of this kind.")
    ] = None,
    sort: Annotated[
        str | None,
        typer.Option(metavar="FIELD,…", help="Fields, the first first; -FIELD sorts downwards."),
    ] = None,
    year: Annotated[
        int | None, typer.Option(metavar="YEAR", help="Of indicators; the latest by default.")
    ] = None,
    columns: Annotated[
        str | None, typer.Option(metavar="A,B,…", help="Fields to print, separated by commas.")
    ] = None,
    unranked: Annotated[
        bool, typer.Option("--unranked", help="Also units without a rank, last.")
    ] = False,
    format_: FormatOption = Format.TABLE,
    raw: RawOption = False,
    set_: SetOption = [],  # noqa: B006
    allow_outside: OutsideOption = False,
) -> None:
    """List ranked units by condition, region, tier or place, or the regions themselves."""
    from regional_atlas.query.question import Question

    named = {"metro": metro, "agglomeration": agglomeration, "province": province}
    kinds = {kind: [*names] for kind, names in named.items() if names}
    problems = problems_of(lambda: _point(near), lambda: _box(bbox))
    raise_if(problems, InputError)
    shown = [name.strip() for name in columns.split(",")] if columns else []
    with opened(project, set_, allow_outside) as atlas:
        table = atlas.query(
            level=level,
            ranking=ranking,
            where=where,
            region=region or None,
            not_in=not_in or None,
            tier=tier,
            within=within,
            layer=layer,
            zones_crs=zones_crs,
            bbox=_box(bbox),
            near=_point(near),
            radius=radius,
            neighbours_of=neighbours_of,
            order=order,
            per=per,
            rank_within=rank_within,
            top=top,
            sort=sort,
            year=year,
            columns=shown,
            unranked=unranked,
            geometry=format_ in (Format.GEOJSON, Format.PARQUET),
            **kinds,
        )
    if level is not None:
        table.insert(0, "id", table.index)
        show_summary(table, format_, Question(where=where, sort=sort), shown, raw=raw)
        return
    if "unit_id" not in table.columns:
        table.insert(1, "unit_id", table.index)
    if not shown and format_ in (Format.TABLE, Format.CSV, Format.MARKDOWN):
        shown = _unit_columns(table, atlas.project, Question(where=where, sort=sort))
    if "near" in table.attrs:
        place, lon, lat = table.attrs["near"]
        say(f"near {place}: longitude {lon:.5f}, latitude {lat:.5f}")
    if table.empty:
        say("no unit" if unranked else "no ranked unit; --unranked also lists those without a rank")
    show(table, format_, shown or None, raw=raw)
    say_years(table, shown if columns or atlas.project.config.rankings else [])


def _unit_columns(table: pd.DataFrame, project: Project, asked: Question) -> list[str]:
    """Choose the columns that a table on the terminal begins with."""
    from regional_atlas.query.basis import intervals

    if not project.config.rankings:
        empty = {"rank", "rank_within", "score", "tier"}
        empty |= {name for name in ("unit_type", "exclusive") if table[name].isna().all()}
        return ["unit_id", *(name for name in table.columns if name not in {"unit_id", *empty})]
    kinds = [*reversed(project.levels()), *project.kinds()]
    scored = ["score"] if table["score"].notna().any() else []
    place = [name for name in ("distance_km", "order") if name in table.columns]
    within = [name for name in ("rank_within",) if name in table.columns]
    shown = ["rank", *within, *intervals(table), "unit_id", "unit", *scored, "unit_type", *kinds]
    return [*dict.fromkeys([*shown, "tier", "exclusive", *place, *asked.named_fields()])]


@app.command(example="summarise geo/china-2022 --by metro --ranking industrial_counties")
def summarise(
    project: AskedArgument,
    by: Annotated[
        str, typer.Option(metavar="LEVEL", help="A parent level, a region kind or unit_type.")
    ],
    ranking: RankingOption = None,
    sort: Annotated[
        str | None,
        typer.Option(
            metavar="FIELD,…",
            help="Fields, the first first, -FIELD downwards, also FIELD@2020; "
            "partial values of the first are left out.",
        ),
    ] = None,
    top: Annotated[int | None, typer.Option(metavar="N", min=1, help="The first N.")] = None,
    year: Annotated[
        int | None, typer.Option(metavar="YEAR", help="Of indicators; the latest by default.")
    ] = None,
    format_: FormatOption = Format.TABLE,
    raw: RawOption = False,
    set_: SetOption = [],  # noqa: B006
    allow_outside: OutsideOption = False,
) -> None:
    """Roll a ranking and the indicators up by region."""
    from regional_atlas.query.question import Question

    with opened(project, set_, allow_outside) as atlas:
        table = atlas.summarise(by, ranking=ranking, sort=sort, top=top, year=year)
    show_summary(table, format_, Question(sort=sort), raw=raw)


def show_summary(
    table: pd.DataFrame,
    format_: Format,
    asked: Question,
    columns: Sequence[str] = (),
    *,
    raw: bool = False,
) -> None:
    """Write a roll-up to stdout, and to stderr what a reader must know of its values.

    For people, partial values carry a star, and the fields that decide the answer come first.
    """
    from regional_atlas.cli.show import as_markdown, as_text
    from regional_atlas.query.summary import partial_cells

    say_left_out(table, asked)
    starred = partial_cells(table)
    starred = starred[[name for name in starred.columns if not columns or name in columns]]
    count, people = int(starred.to_numpy().sum()), format_ in (Format.TABLE, Format.MARKDOWN)
    if people:
        first = ["id", "name", *asked.named_fields()]
        nothing_ranked = not table["of"].any()
        empty = _COUNTS if nothing_ranked else ()
        kept = (name for name in table.columns if name not in empty)
        shown = [*columns] or [*dict.fromkeys([*first, *kept])]
        width = terminal_width()
        as_table = partial(as_text, width=width) if format_ is Format.TABLE else as_markdown
        put(as_table(table, shown, starred), end="")
    else:
        # A file says which numbers are partial, whatever columns are asked for.
        marks = ("partial", "data_members") if count and columns else ()
        show(table, format_, [*dict.fromkeys([*columns, *marks])] or None, raw=raw)
    if count and people:
        say(
            "* some members have no value, or one for a part of their area only: see the columns "
            "partial and data_members"
        )
    say_years(table, columns)


_COUNTS = ("count", "count_all", "of", "coverage", "best")
"""Columns that say nothing where nothing is ranked."""
_NAMED = 5
"""Regions without a place in an order that a note names."""


def say_left_out(table: pd.DataFrame, asked: Question) -> None:
    """Say how many regions an order leaves out, and why."""
    out = table.attrs.get("left_out", {})
    if any(out.values()):
        names = table.attrs["partial"]
        more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
        named = f": {'; '.join(names[:_NAMED])}{more}" if names else ""
        say(
            f"left out: {out['partial']} with a partial value of {asked.sort_fields()[0]} "
            f"(some members have none, or one for a part of their area){named}, "
            f"{out['missing']} without any"
        )


def say_years(table: pd.DataFrame, columns: Sequence[str]) -> None:
    """Say of which year the values shown are, and which fields have none in the year asked for."""
    from regional_atlas.query.years import said_years

    for line in said_years(table, columns or None):
        say(line)


@app.command(example="compare geo/china-2022 --format csv")
def compare(
    project: AskedArgument,
    agreement: Annotated[
        bool, typer.Option("--agreement", help="Published orders beside computed ones instead.")
    ] = False,
    regions: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="Regions of a kind beside those of --with instead."),
    ] = None,
    with_: Annotated[
        str | None, typer.Option("--with", metavar="KIND", help="The other kind of regions.")
    ] = None,
    weight: Annotated[
        str | None, typer.Option(metavar="FIELD", help="Of units: `agreed` is a share of it.")
    ] = None,
    format_: FormatOption = Format.TABLE,
    raw: RawOption = False,
    set_: SetOption = [],  # noqa: B006
    allow_outside: OutsideOption = False,
) -> None:
    """Show published figures beside computed ones, or two kinds of regions side by side."""
    if (regions is None) != (with_ is None):
        raise InputError("--regions KIND and --with KIND go together")
    if agreement and regions is not None:
        raise InputError("--agreement is of rankings: not with --regions and --with")
    if weight is not None and regions is None:
        raise InputError("goes with --regions and --with", where="--weight")
    if regions is not None and with_ is not None:
        with opened(project, set_, allow_outside) as atlas:
            found = atlas.compare_regions(regions, with_, weight=weight)
        show(found, format_, raw=raw)
        return
    with opened(project, set_, allow_outside) as atlas:
        comparison, orders = atlas.comparison, atlas.tables.agreement
        report = atlas.graph.get("comparison_report")
    if comparison is None:
        raise InputError("the project names no published figures ([compare] file)")
    if agreement:
        show(orders, format_, raw=raw)
        say_omissions(report)
        return
    show(comparison, format_, raw=raw)
    say(f"{int(comparison['match'].sum())} of {len(comparison)} figures are equal")


@app.command(example="concentration geo/china-2022 --by metro --field light_sum --of area_km2")
def concentration(
    project: AskedArgument,
    by: Annotated[
        str, typer.Option(metavar="LEVEL", help="A parent level, a region kind or unit_type.")
    ],
    field: Annotated[
        str,
        typer.Option(
            metavar="FIELD", help="Of units, one that adds up: a total or area_km2; FIELD@2020."
        ),
    ],
    of: Annotated[
        str | None,
        typer.Option(
            metavar="FIELD", help="The whole that it is a part of, for location quotients."
        ),
    ] = None,
    year: Annotated[
        int | None, typer.Option(metavar="YEAR", help="Of the fields; the latest by default.")
    ] = None,
    format_: FormatOption = Format.TABLE,
    raw: RawOption = False,
    set_: SetOption = [],  # noqa: B006
    allow_outside: OutsideOption = False,
) -> None:
    """Measure how concentrated an amount is in each region: Herfindahl, primacy, rank and size."""
    with opened(project, set_, allow_outside) as atlas:
        table = atlas.concentration(by, field, of=of, year=year)
    show(table, format_, raw=raw)
    say(_said_whole(table.attrs["whole"], by))
    say_years(table, [name for name in (field, of) if name])


def _said_whole(whole: dict[str, Any], by: str) -> str:
    """Say of all units together what the table says of each region."""
    from regional_atlas.cli.show import cell

    said = {name: cell(value) for name, value in whole.items()}
    count = f"all units: {said['data_members']} of {said['members']} have a value"
    named = ["total", "herfindahl", "equivalent_number", "largest", "largest_share"]
    named += ["first_to_second", "rank_size_slope", "rank_size_error", "theil"]
    numbers = ", ".join(f"{name} {said[name]}" for name in named if said[name])
    split = f"({said['theil_between']} between {by}, {said['theil_within']} within; units in none "
    return f"{count}; {numbers} {split}are one group)" if said["theil"] else count


@app.command(
    example='sql geo/china-2022 "SELECT province, count(*) AS n FROM units GROUP BY province"'
)
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
    raw: RawOption = False,
    set_: SetOption = [],  # noqa: B006
    allow_outside: OutsideOption = False,
) -> None:
    """Answer one SELECT over the tables of a build, with spatial functions."""
    from regional_atlas.query.sql import check_sql, describe_views

    if tables == (statement is not None):
        raise InputError("sql: give either a STATEMENT or --tables")
    if statement is not None:
        check_sql(statement)
    with opened(project, set_, allow_outside) as atlas:
        answer = (
            describe_views(atlas.project, atlas.tables)
            if statement is None
            else atlas.sql(statement, timeout=timeout)
        )
    show(answer, format_, raw=raw)


def _point(text: str | None) -> tuple[float, float] | str | None:
    """Read LON,LAT; anything without figures and a comma is the name of a place."""
    if text is None or not re.fullmatch(r"[-+.,\d\seE]*,[-+.,\d\seE]*", text):
        return text
    return cast("tuple[float, float]", _numbers("--near", text, "LON,LAT", 2))


def _box(text: str | None) -> tuple[float, float, float, float] | None:
    if text is None:
        return None
    return cast("tuple[float, float, float, float]", _numbers("--bbox", text, "W,S,E,N", 4))


def _numbers(option: str, text: str, expected: str, count: int) -> tuple[float, ...]:
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) != count:
        raise InputError(f"{option} {text!r}: expected {expected} in degrees")
    return numbers
