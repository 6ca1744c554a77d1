"""Commands that find regions in data: delineate urban, delineate lights and others."""

from __future__ import annotations

import dataclasses
import inspect
import json
import re
from collections.abc import Callable, Collection
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import typer

from regional_atlas.cli.base import (
    LayerOption,
    OverwriteOption,
    RawOption,
    ZonesCrsOption,
    delineate_app,
    progress_bars,
    say,
)
from regional_atlas.cli.messages import put
from regional_atlas.core.errors import InputError

UnitsArgument = Annotated[
    Path,
    typer.Argument(metavar="UNITS", help="Folder with an atlas.toml, or a file of polygons."),
]
OutOption = Annotated[Path, typer.Option(metavar="FOLDER", help="Where members and regions go.")]
IdOption = Annotated[
    str | None,
    typer.Option("--id", metavar="COLUMN", help="Of a file: the units' ids; else unit_id."),
]
NameOption = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="Of a file: the units' names.")
]
PlaceOption = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN", help="Name regions after it: of a file; of a project, a parent level."
    ),
]
CalledOption = Annotated[
    str | None,
    typer.Option(metavar="TEXT", help="With --named-after: such as '{place} lit area'."),
]
CalledEnOption = Annotated[
    str | None, typer.Option(metavar="TEXT", help="The same for English names.")
]
PrefixOption = Annotated[
    str | None,
    typer.Option(
        metavar="TEXT", help="Of the regions' ids, where a project has several lists of a method."
    ),
]
ParameterOption = Annotated[
    list[str],
    typer.Option("--set", metavar="NAME=VALUE", help="Parameter of the method; `help` lists them."),
]
VaryOption = Annotated[
    list[str],
    typer.Option(
        metavar="NAME=V,V,…",
        help="Run with each value too, and say how sure each membership is. Repeatable.",
    ),
]
FlowsOption = Annotated[
    Path, typer.Option(metavar="FILE", help="Table with origin, destination and number.")
]
DrawsOption = Annotated[
    int,
    typer.Option(
        metavar="N", min=0, max=10_000,
        help="Runs with numbers drawn from their margins of error (moe), or Poisson without.",
    ),
]  # fmt: skip
CoresOption = Annotated[
    Path, typer.Option(metavar="FILE", help="Table with unit_id and core_id: the central units.")
]


class Edition(StrEnum):
    """An edition of the standard."""

    OF_2022 = "2022"
    OF_2023 = "2023"


class _Asked(NamedTuple):
    """What the options that every delineation has come to."""

    units: Any
    target: Any
    settings: list[str]
    vary: list[str]


def _asked(
    units: UnitsArgument,
    out: OutOption,
    set_: ParameterOption = [],  # noqa: B006
    vary: VaryOption = [],  # noqa: B006
    id_: IdOption = None,
    name: NameOption = None,
    named_after: PlaceOption = None,
    called: CalledOption = None,
    called_en: CalledEnOption = None,
    prefix: PrefixOption = None,
    layer: LayerOption = None,
    zones_crs: ZonesCrsOption = None,
    overwrite: OverwriteOption = False,
    raw: RawOption = False,
) -> _Asked:
    from regional_atlas.jobs.delineation_folder import Target, UnitFile

    read = UnitFile(units, id_, name, named_after, called, called_en, layer, zones_crs)
    return _Asked(read, Target(out, overwrite, raw, prefix), set_, vary)


def _command(
    name: str, example: str, without: Collection[str] = ()
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a delineation: its own options and those of `_asked`, which it gets as the first.

    What must be given comes first: UNITS, then the command's own, then the folder.
    """
    common = inspect.signature(_asked, eval_str=True).parameters
    units, out, *rest = (option for key, option in common.items() if key not in without)

    def registered(command: Callable[..., None]) -> Callable[..., None]:
        _, *own = inspect.signature(command, eval_str=True).parameters.values()
        needed = [option for option in own if option.default is option.empty]
        free = [option for option in own if option.default is not option.empty]

        def run(**given: Any) -> None:
            shared = {key: given.pop(key) for key in [*given] if key in common}
            command(_asked(**shared), **given)

        signature = inspect.Signature([units, *needed, out, *free, *rest])
        run.__signature__ = signature  # type: ignore[attr-defined]
        run.__doc__, run.__annotations__ = command.__doc__, {}
        delineate_app.command(name, example=f"delineate {name} {example}")(run)
        return command

    return registered


@_command("urban", "units.gpkg --population POP.tif --land LAND.tif --out urban")
def urban(
    asked: _Asked,
    population: Annotated[Path, typer.Option(metavar="FILE", help="People per cell of 1 km².")],
    land: Annotated[Path, typer.Option(metavar="FILE", help="Share of each cell that is land.")],
    built: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Share of each cell that is built up.")
    ] = None,
    square_metres: Annotated[
        bool, typer.Option("--square-metres", help="--land and --built hold m², as GHSL's do.")
    ] = False,
    edition: Annotated[
        Edition, typer.Option(help="Of the standard: its built-up share and smoothing.")
    ] = Edition.OF_2023,
    level: Annotated[int, typer.Option(min=1, max=2, help="Classes of the standard.")] = 1,
    at_least: Annotated[
        float,
        typer.Option(metavar="SHARE", help="Of a member's people that live in the centre."),
    ] = 0.5,
) -> None:
    """Find urban centres, and class units, by the Degree of Urbanisation."""
    from regional_atlas.jobs.delineate import urban_folder
    from regional_atlas.membership.delineation.urbanisation import EDITIONS

    rules = _rules(EDITIONS[edition.value], asked.settings)
    _make(
        urban_folder, asked, asked.units, population, land, built, asked.target, rules,
        level=2 if level == 2 else 1, at_least=at_least, square_metres=square_metres,
    )  # fmt: skip


@_command("lights", "geo/china-2022 --raster lights_2022.tif --set threshold=30 --out lit")
def lights(
    asked: _Asked,
    raster: Annotated[Path, typer.Option(metavar="FILE", help="Light of each cell.")],
    scale: Annotated[
        float | None, typer.Option(metavar="S", help="Light per stored unit, for a bare file.")
    ] = None,
    curve: Annotated[
        str,
        typer.Option(metavar="T,T,…", help="Thresholds of a curve that shows where areas merge."),
    ] = "",
) -> None:
    """Find contiguous bright areas; by Otsu's threshold where none is set."""
    from regional_atlas.jobs.delineate import lights_folder
    from regional_atlas.membership.delineation.lights import LightRules

    rules = _light_rules(LightRules, asked.settings, asked.vary)
    thresholds = _numbers("--curve", curve)
    _make(
        lights_folder, asked, asked.units, raster, asked.target, rules,
        scale=scale, thresholds=thresholds,
    )  # fmt: skip


# Ids of circles are the user's own.
@_command("circles", "units.gpkg --centres cities.csv --within 100 --out around", ["prefix"])
def circles(
    asked: _Asked,
    centres: Annotated[
        Path, typer.Option(metavar="FILE", help="Table with region_id, name, lon and lat.")
    ],
    within: Annotated[
        float,
        typer.Option(metavar="KM", help="Kilometres; minutes with --times or --friction."),
    ],
    times: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Table with origin (a region), destination, minutes."),
    ] = None,
    friction: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Raster of minutes per metre.")
    ] = None,
    population: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="With --friction: share units by people, not by area."),
    ] = None,
) -> None:
    """Find what lies within a distance, or a time, of centres."""
    from regional_atlas.jobs.delineate import Reach, circles_folder

    rules = _rules(Reach(within), asked.settings)
    _make(
        circles_folder, asked, asked.units, centres, asked.target, rules,
        times=times, friction=friction, population=population,
    )  # fmt: skip


@_command("functional-areas", "units.gpkg --flows flows.csv --cores cores.csv --out areas")
def functional_areas(
    asked: _Asked, flows: FlowsOption, cores: CoresOption, draws: DrawsOption = 0
) -> None:
    """Find cities with their commuting zones (OECD and EU)."""
    _of_flows("functional-areas", asked, flows, cores, draws)


@_command("core-based", "units.gpkg --flows flows.csv --cores cores.csv --out areas")
def core_based(
    asked: _Asked, flows: FlowsOption, cores: CoresOption, draws: DrawsOption = 0
) -> None:
    """Find core based areas, as the United States do."""
    _of_flows("core-based", asked, flows, cores, draws)


@_command("labour-markets", "units.gpkg --flows flows.csv --out areas")
def labour_markets(asked: _Asked, flows: FlowsOption, draws: DrawsOption = 0) -> None:
    """Find labour market areas by self-containment."""
    _of_flows("labour-markets", asked, flows, None, draws)


@_command("flow-clusters", "units.gpkg --flows flows.csv --out areas")
def flow_clusters(asked: _Asked, flows: FlowsOption, draws: DrawsOption = 0) -> None:
    """Find commuting zones by hierarchical clustering."""
    _of_flows("flow-clusters", asked, flows, None, draws)


def _of_flows(method: str, asked: _Asked, flows: Path, cores: Path | None, draws: int) -> None:
    from regional_atlas.jobs.delineate import FLOW_METHODS, flows_folder

    _, rules = FLOW_METHODS[method]
    rules = _rules(rules, asked.settings)
    _make(flows_folder, asked, method, asked.units, flows, cores, asked.target, rules, draws=draws)


def _make(folder: Callable[..., Any], asked: _Asked, *given: Any, **options: Any) -> None:
    """Make a delineation and its runs, with progress, and say what was found."""
    with progress_bars() as progress:
        found = folder(
            *given, vary=asked.vary, progress=lambda *done: progress("runs", *done), **options
        )
    _say(found, asked.target.out)


def _rules(rules: Any, settings: list[str]) -> Any:
    """Set parameters of a method; `--set help` lists them instead."""
    from regional_atlas.core.rules import rules_with

    if "help" in settings:
        for each in dataclasses.fields(rules):
            put(f"{each.name}={getattr(rules, each.name)}")
        raise typer.Exit
    return rules_with(rules, settings)


def _light_rules(kind: Any, settings: list[str], vary: list[str]) -> Any:
    """Begin with Otsu's threshold; a number that is set is a brightness unless it says more."""
    from regional_atlas.core.rules import named_in

    set_, varied = named_in(settings), named_in(vary)
    if "threshold" in varied and "threshold" not in set_:
        raise InputError(
            "threshold varies: say by --set which one the regions are of", where="--vary"
        )
    told = "threshold_kind" in set_ or "threshold" not in set_
    begun = kind(threshold_kind="otsu") if told else kind(1.0)
    return _rules(begun, settings)


def _numbers(option: str, text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",") if part.strip()]
    except ValueError:
        raise InputError(f"expected numbers with commas, found {text!r}", where=option) from None


def _say(found: Any, out: Path) -> None:
    """Say what was found, and the lines that make it a kind of region."""
    for note in found.notes:
        say(f"? {note}")
    alone = int(found.members["region_id"].isna().sum())
    units = found.members["unit_id"].nunique()
    say(f"{len(found.regions):,} regions; {units - alone:,} of {units:,} units are members")
    say("to use them in a project whose folder holds this one, add to [regions] in atlas.toml:")
    folder = out.resolve().name
    kind = re.sub(r"[^a-z0-9]+", "-", folder.lower()).strip("-")
    kind = kind if kind[:1].isalpha() else f"found-{kind}".strip("-")
    names = ', name_en = "name_en"' if "name_en" in found.regions.columns else ""
    say(f'  [[regions.kinds]]\n  id = "{kind}"\n  title = "{kind} area"')
    say(f"  table = {{ file = {json.dumps(folder + '/members.csv', ensure_ascii=False)}{names} }}")
    if (out / "probabilities.csv").is_file():
        say("or, for counts with the interval that unsure memberships give:")
        file = json.dumps(f"{folder}/probabilities.csv", ensure_ascii=False)
        say(f'  table = {{ file = {file}, probability = "probability"{names} }}')
    put(out)
