"""Commands that find regions in data: delineate urban, delineate lights and others."""

from __future__ import annotations

import dataclasses
import json
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

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


@delineate_app.command(
    "urban",
    example="delineate urban units.gpkg --population POP.tif --land LAND.tif --out urban",
)
def urban(
    units: UnitsArgument,
    population: Annotated[Path, typer.Option(metavar="FILE", help="People per cell of 1 km².")],
    land: Annotated[Path, typer.Option(metavar="FILE", help="Share of each cell that is land.")],
    out: OutOption,
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
) -> None:
    """Find urban centres, and class units, by the Degree of Urbanisation."""
    from regional_atlas.jobs.delineate import urban_folder
    from regional_atlas.membership.delineation.urbanisation import EDITIONS

    rules = _rules(EDITIONS[edition.value], set_)
    read, target = _places(
        units,
        (id_, name, named_after, called, called_en, layer, zones_crs),
        out,
        overwrite,
        raw,
        prefix,
    )
    with progress_bars() as progress:
        found = urban_folder(
            read, population, land, built, target, rules,
            level=2 if level == 2 else 1, at_least=at_least, square_metres=square_metres,
            vary=vary, progress=lambda *done: progress("runs", *done),
        )  # fmt: skip
    _say(found, out)


@delineate_app.command(
    "lights",
    example="delineate lights geo/china-2022 --raster lights_2022.tif --set threshold=30 --out lit",
)
def lights(
    units: UnitsArgument,
    raster: Annotated[Path, typer.Option(metavar="FILE", help="Light of each cell.")],
    out: OutOption,
    scale: Annotated[
        float | None, typer.Option(metavar="S", help="Light per stored unit, for a bare file.")
    ] = None,
    curve: Annotated[
        str,
        typer.Option(metavar="T,T,…", help="Thresholds of a curve that shows where areas merge."),
    ] = "",
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
) -> None:
    """Find contiguous bright areas; by Otsu's threshold where none is set."""
    from regional_atlas.jobs.delineate import lights_folder
    from regional_atlas.membership.delineation.lights import LightRules

    rules = _light_rules(LightRules, set_, vary)
    read, target = _places(
        units,
        (id_, name, named_after, called, called_en, layer, zones_crs),
        out,
        overwrite,
        raw,
        prefix,
    )
    with progress_bars() as progress:
        found = lights_folder(
            read, raster, target, rules, scale=scale, thresholds=_numbers("--curve", curve),
            vary=vary, progress=lambda *done: progress("runs", *done),
        )  # fmt: skip
    _say(found, out)


@delineate_app.command(
    "circles",
    example="delineate circles units.gpkg --centres cities.csv --within 100 --out around",
)
def circles(
    units: UnitsArgument,
    centres: Annotated[
        Path, typer.Option(metavar="FILE", help="Table with region_id, name, lon and lat.")
    ],
    within: Annotated[
        float,
        typer.Option(metavar="KM", help="Kilometres; minutes with --times or --friction."),
    ],
    out: OutOption,
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
    set_: ParameterOption = [],  # noqa: B006
    vary: VaryOption = [],  # noqa: B006
    id_: IdOption = None,
    name: NameOption = None,
    named_after: PlaceOption = None,
    called: CalledOption = None,
    called_en: CalledEnOption = None,
    layer: LayerOption = None,
    zones_crs: ZonesCrsOption = None,
    overwrite: OverwriteOption = False,
    raw: RawOption = False,
) -> None:
    """Find what lies within a distance, or a time, of centres."""
    from regional_atlas.jobs.delineate import Reach, circles_folder

    rules = _rules(Reach(within), set_)
    said = (id_, name, named_after, called, called_en, layer, zones_crs)
    read, target = _places(units, said, out, overwrite, raw)
    with progress_bars() as progress:
        found = circles_folder(
            read, centres, target, rules, times=times, friction=friction, population=population,
            vary=vary, progress=lambda *done: progress("runs", *done),
        )  # fmt: skip
    _say(found, out)


@delineate_app.command(
    "functional-areas",
    example="delineate functional-areas units.gpkg --flows flows.csv --cores cores.csv --out areas",
)
def functional_areas(
    units: UnitsArgument,
    flows: FlowsOption,
    cores: CoresOption,
    out: OutOption,
    draws: DrawsOption = 0,
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
) -> None:
    """Find cities with their commuting zones (OECD and EU)."""
    places = _places(
        units,
        (id_, name, named_after, called, called_en, layer, zones_crs),
        out,
        overwrite,
        raw,
        prefix,
    )
    _of_flows("functional-areas", places, flows, cores, set_, vary, draws)


@delineate_app.command(
    "core-based",
    example="delineate core-based units.gpkg --flows flows.csv --cores cores.csv --out areas",
)
def core_based(
    units: UnitsArgument,
    flows: FlowsOption,
    cores: CoresOption,
    out: OutOption,
    draws: DrawsOption = 0,
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
) -> None:
    """Find core based areas, as the United States do."""
    places = _places(
        units,
        (id_, name, named_after, called, called_en, layer, zones_crs),
        out,
        overwrite,
        raw,
        prefix,
    )
    _of_flows("core-based", places, flows, cores, set_, vary, draws)


@delineate_app.command(
    "labour-markets", example="delineate labour-markets units.gpkg --flows flows.csv --out areas"
)
def labour_markets(
    units: UnitsArgument,
    flows: FlowsOption,
    out: OutOption,
    draws: DrawsOption = 0,
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
) -> None:
    """Find labour market areas by self-containment."""
    places = _places(
        units,
        (id_, name, named_after, called, called_en, layer, zones_crs),
        out,
        overwrite,
        raw,
        prefix,
    )
    _of_flows("labour-markets", places, flows, None, set_, vary, draws)


@delineate_app.command(
    "flow-clusters", example="delineate flow-clusters units.gpkg --flows flows.csv --out areas"
)
def flow_clusters(
    units: UnitsArgument,
    flows: FlowsOption,
    out: OutOption,
    draws: DrawsOption = 0,
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
) -> None:
    """Find commuting zones by hierarchical clustering."""
    places = _places(
        units,
        (id_, name, named_after, called, called_en, layer, zones_crs),
        out,
        overwrite,
        raw,
        prefix,
    )
    _of_flows("flow-clusters", places, flows, None, set_, vary, draws)


def _of_flows(
    method: str,
    places: Any,
    flows: Path,
    cores: Path | None,
    settings: list[str],
    vary: list[str],
    draws: int,
) -> None:
    from regional_atlas.jobs.delineate import FLOW_METHODS, flows_folder

    _, rules, _ = FLOW_METHODS[method]
    rules = _rules(rules, settings)
    read, target = places
    with progress_bars() as progress:
        found = flows_folder(
            method, read, flows, cores, target, rules, draws=draws,
            vary=vary, progress=lambda *done: progress("runs", *done),
        )  # fmt: skip
    _say(found, target.out)


def _places(
    units: Path,
    said: tuple[str | None, ...],
    out: Path,
    overwrite: bool,
    raw: bool,
    prefix: str | None = None,
) -> Any:
    from regional_atlas.jobs.delineation_folder import Target, UnitFile

    return UnitFile(units, *said), Target(out, overwrite, raw, prefix)


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
    set_, varied = (
        {each.partition("=")[0].strip().replace("-", "_") for each in given}
        for given in (settings, vary)
    )
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
