"""What every delineation from files shares: its units, its runs, the folder that it writes."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regional_atlas.config.project import Project, read_project
from regional_atlas.core.arguments import one_of
from regional_atlas.core.atomic import atomic_path
from regional_atlas.core.digests import sha256_of
from regional_atlas.core.errors import DataError, InputError, problems_of, raise_if
from regional_atlas.core.folders import whole_folder
from regional_atlas.core.outputs import OutputFolder, check_outputs, written_by
from regional_atlas.core.pinyin import english_names, parent_names
from regional_atlas.core.rules import named_in, varied_rules
from regional_atlas.core.spreadsheets import csv_text
from regional_atlas.core.versions import versions
from regional_atlas.export._ogr import write_geopackage
from regional_atlas.export.tables import write_json, write_text
from regional_atlas.jobs.polygons import read_polygons
from regional_atlas.membership.delineation.areas import Delineation
from regional_atlas.membership.delineation.sureness import Sureness, sureness
from regional_atlas.sources.vectors import Declared
from regional_atlas.tables.assemble import read_units
from regional_atlas.units.table import parents_table
from regional_atlas.zonal.grids import Grid

__all__ = ["Result", "Target", "UnitFile", "delineated", "write_result"]

OTHERS = "the project's"
"""Instead of an option: files of a project that say nothing of its units."""
MEMBERS, REGIONS, CELLS, RECORD = "members.csv", "regions.gpkg", "cells.tif", "delineation.json"
TABLES = (
    "regions", "units", "curve", "areas", "merges", "probabilities", "stability",
)  # fmt: skip
FILES = [MEMBERS, REGIONS, CELLS, RECORD, *(f"{name}.csv" for name in TABLES)]
"""Every file that a delineation may write."""


@dataclass(frozen=True)
class UnitFile:
    """The units of a delineation: those of a project, or of a file of polygons.

    Attributes
    ----------
    path : Path
        A folder with an `atlas.toml`, or a vector file.
    key, name : str, optional
        Columns of the file with the units' ids and names.
    place : str, optional
        Column of the file, or parent level of the project, that regions are named after.
    called, called_en : str, optional
        How a region is called after its place, `{place}`, in the project's language and in
        English, such as `{place} lit area`: so that it has a name of its own.
    layer, crs : str, optional
        As `Declared` takes them.
    """

    path: Path
    key: str | None = None
    name: str | None = None
    place: str | None = None
    called: str | None = None
    called_en: str | None = None
    layer: str | None = None
    crs: str | None = None

    @property
    def options(self) -> dict[str, Any]:
        """How regions are named."""
        return {"named_after": self.place, "called": self.called, "called_en": self.called_en}

    @property
    def inputs(self) -> list[tuple[str, Path]]:
        """The files that are read, and the project's `OTHERS`, which are not replaced either."""
        if self._project is None:
            return [("UNITS", self.path)]
        found: dict[Path, str] = {}
        for key, paths in self._project.files.items():
            is_theirs = not key or key.startswith("boundaries")
            found |= dict.fromkeys(paths, "UNITS" if is_theirs else OTHERS)
        return [(option, path) for path, option in found.items()]

    @cached_property
    def _project(self) -> Project | None:
        is_one = (self.path / "atlas.toml").is_file()
        return read_project(self.path) if is_one else None

    def read(self) -> gpd.GeoDataFrame:
        """Read polygons with a `name`; index `unit_id`, text.

        Raises
        ------
        DataError
            As `read_polygons` and `read_units`; ids that stand twice.
        """
        if self._project is not None:
            return self._called(_units_of(self._project, self.place))
        columns = {"--id": self.key, "--name": self.name, "--named-after": self.place}
        read = read_polygons(self.path, Declared(self.layer, self.crs), columns)
        if self.key is None and read.index.name != "unit_id":
            found = ", ".join(map(str, read.columns.drop(read.geometry.name)))
            raise DataError(
                f"no column 'unit_id'; name the column of ids by --id; found: {found}",
                where=str(self.path),
            )
        ids = pd.Index(read.index.astype("str"), name="unit_id")
        raise_if(
            (f"{unit!r} stands more than once; name another column by --id"
             for unit in ids[ids.duplicated()].unique()),
            DataError,
            str(self.path),
        )  # fmt: skip
        names = ids.to_series() if self.name is None else read[self.name].astype("str")
        held = {"name": names.to_numpy()}
        if self.place is not None:
            held["place"] = read[self.place].astype("str").to_numpy()
        found = gpd.GeoDataFrame(held, geometry=read.geometry.array, crs=read.crs, index=ids)
        return self._called(found)

    def check(self) -> None:
        """Refuse a way of calling regions that names no place, or has none to name.

        Raises
        ------
        InputError
        """
        given = {"--called": self.called, "--called-en": self.called_en}
        ways = {option: way for option, way in given.items() if way is not None}
        problems = [
            f"{option}: expected {{place}} in it, found {way!r}"
            for option, way in ways.items()
            if "{place}" not in way
        ]
        if ways and self.place is None:
            problems.append(f"{' and '.join(ways)}: needs --named-after")
        raise_if(problems, InputError)

    def _called(self, units: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
        for column, way in (("place", self.called), ("place_en", self.called_en)):
            if way is not None and column in units.columns:
                held = units[column]
                called = [way.replace("{place}", str(place)) for place in held]
                units[column] = pd.Series(called, units.index, dtype="str").where(held.notna())
        return units


def _units_of(project: Project, place: str | None) -> gpd.GeoDataFrame:
    """Read a project's units with their names, in English too where the project has such."""
    config = project.config
    levels = {level.id: level for level in config.boundaries.parents}
    if place is not None:
        one_of("--named-after", place, list(levels))
    units = read_units(project)
    named = pd.DataFrame({"name": units["unit"]})
    spelt = english_names(units["unit"].tolist(), config.pinyin, config.endings_en)
    named["name_en"] = units["unit_en"].fillna(pd.Series(spelt, units.index, dtype="str"))
    if place is not None:
        parents = parents_table(units, levels[place])
        english = parent_names(parents["name"].tolist(), parents["name_en"].tolist(), config.pinyin)
        codes = units[f"{place}_id"]
        named["place"] = units[place]
        named["place_en"] = codes.map(pd.Series(english, parents.index, dtype="str"))
    known = named.loc[:, named.notna().any()]
    return gpd.GeoDataFrame(known, geometry=units.geometry)


@dataclass(frozen=True)
class Target:
    """Where a delineation goes.

    Attributes
    ----------
    out : Path
        The folder.
    overwrite : bool
        Whether it may hold files that no earlier call wrote; inputs it never may.
    raw : bool
        See `csv_text`.
    prefix : str, optional
        Of the regions' ids instead of the method's: a project knows a region by its id, of
        whatever kind it is.
    """

    out: Path
    overwrite: bool = False
    raw: bool = False
    prefix: str | None = None

    def check(self, inputs: Sequence[tuple[str, Path]], *others: Callable[[], object]) -> None:
        """Name everything that is wrong with the arguments, before anything is read.

        Raises
        ------
        InputError
        """
        problems = [f"file not found: {path}" for _, path in inputs if not path.exists()]
        if self.prefix is not None and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_.]*", self.prefix):
            allowed = "a letter, then letters, digits, _ and ."
            problems.append(f"--prefix: expected {allowed}, found {self.prefix!r}")
        folder = OutputFolder("--out", self.out, "delineate", FILES)
        # A project may use what an earlier run wrote there: this one writes it anew.
        own = {(self.out / name).resolve() for name in earlier_files(self.out)}
        kept = [
            (option, path)
            for option, path in inputs
            if option != OTHERS or path.resolve() not in own
        ]
        problems += problems_of(
            *others, lambda: check_outputs([folder], kept, overwrite=self.overwrite)
        )
        raise_if(problems, InputError)


@dataclass(frozen=True)
class Result:
    """What a delineation gives beside its regions and members.

    Attributes
    ----------
    found : Delineation
    tables : mapping of str to DataFrame
        Further tables by the name of their file.
    cells : (ndarray of uint8, Grid), optional
        Classes of cells.
    sure : Sureness, optional
    varied : mapping of str to list
        The values that were run through.
    options : mapping
        How the files were read.
    """

    found: Delineation
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    cells: tuple[NDArray[np.uint8], Grid] | None = None
    sure: Sureness | None = None
    varied: Mapping[str, list[Any]] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)


def earlier_files(folder: Path) -> list[str]:
    """List the files in a folder that an earlier delineation wrote, by its own record."""
    if "delineate" not in written_by(folder):
        return []
    try:
        listed = json.loads((folder / RECORD).read_text(encoding="utf-8")).get("files", [])
    except (OSError, ValueError):
        return []
    return [name for name in FILES if name in listed]


def delineated(
    delineate: Callable[[Any], Delineation],
    rules: Any,
    vary: Sequence[str],
    progress: Callable[[int, int], None] | None = None,
    *,
    again: Callable[[Any], Delineation] | None = None,
) -> Result:
    """Delineate by a set of parameters, and again by every combination of those that vary.

    Parameters
    ----------
    delineate : callable
        From rules to regions.
    rules : dataclass instance
    vary : sequence of str
        Lists of values, as `varied_rules` takes them.
    progress : callable, optional
        Called with runs done and in all.
    again : callable, optional
        From rules to the same regions without polygons, where that is faster: for the combinations.
    """
    runs = varied_rules(rules, vary) if vary else []
    found = delineate(rules)
    if not runs:
        return Result(found)
    varied = {name: [*dict.fromkeys(getattr(run, name) for run in runs)] for name in named_in(vary)}
    sure = sureness(found, _each(again or delineate, runs, progress))
    return Result(found, sure=sure, varied=varied)


def _each(
    delineate: Callable[[Any], Delineation],
    runs: Sequence[Any],
    progress: Callable[[int, int], None] | None,
) -> Iterator[Delineation]:
    for number, rules in enumerate(runs, 1):
        yield delineate(rules)
        if progress is not None:
            progress(number, len(runs))


def write_result(
    result: Result,
    target: Target,
    *,
    method: str,
    inputs: Sequence[tuple[str, Path]],
    names: pd.Series,
) -> None:
    """Write a delineation into a folder, whole or not at all.

    Parameters
    ----------
    result : Result
    target : Target
        Files: `members.csv` (a row for each unit and region, and for each unit in none),
        `regions.gpkg` (or `regions.csv` where regions have no polygons), `delineation.json` (the
        method, every parameter, each input with its SHA-256, the libraries' versions, counts and
        notes), where there are such `units.csv`, `cells.tif`, `probabilities.csv`,
        `stability.csv` and further tables. Tables of an earlier run go.
    method : str
        The command's name.
    inputs : sequence of (str, Path)
        What was read.
    names : Series
        Of units, by `unit_id`.
    """
    result = _prefixed(result, target.prefix)
    found = result.found
    tables = {"members": _named(found.members, found.regions, names), **result.tables}
    if found.units is not None:
        tables["units"] = _with_units(found.units.reset_index(), names)
    if result.sure is not None:
        tables["probabilities"] = _named(result.sure.members, found.regions, names)
        tables["stability"] = result.sure.regions.join(found.regions["name"]).reset_index()
    has_polygons = "geometry" in found.regions.columns
    if not has_polygons:
        tables["regions"] = found.regions.reset_index()
    with whole_folder(target.out, "delineate", earlier_files(target.out)) as new:
        for name, table in tables.items():
            write_text(csv_text(table, raw=target.raw), new / f"{name}.csv")
        if has_polygons:
            write_geopackage(found.regions, new / REGIONS, "regions", f"delineated by {method}")
        if result.cells is not None:
            _write_classes(*result.cells, new / CELLS)
        files = sorted([*(path.name for path in new.iterdir()), RECORD])
        write_json({**_record(result, method, inputs), "files": files}, new / RECORD)


def _prefixed(result: Result, prefix: str | None) -> Result:
    """Give the regions other ids: `prefix-1` for the first."""
    if prefix is None:
        return result
    found, sure = result.found, result.sure
    ids = {each: f"{prefix}-{each.rpartition('-')[2]}" for each in found.regions.index}

    def renamed(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(region_id=table["region_id"].map(ids).astype("str"))

    regions = found.regions.rename(index=ids)
    found = dataclasses.replace(found, regions=regions, members=renamed(found.members))
    if sure is not None:
        sure = dataclasses.replace(
            sure, members=renamed(sure.members), regions=sure.regions.rename(index=ids)
        )
    return dataclasses.replace(result, found=found, sure=sure)


def _named(members: pd.DataFrame, regions: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    table = _with_units(members, names)
    place = [*table.columns].index("region_id") + 1
    for name in ("name_en", "name"):
        if name in regions.columns:
            table.insert(place, name, table["region_id"].map(regions[name]).astype("str"))
    return table


def _with_units(table: pd.DataFrame, names: pd.Series) -> pd.DataFrame:
    table = table.copy()
    table.insert(1, "unit", table["unit_id"].map(names).astype("str"))
    return table


def _write_classes(classes: NDArray[np.uint8], grid: Grid, path: Path) -> None:
    import rasterio

    profile = {
        "driver": "GTiff", "dtype": "uint8", "count": 1, "compress": "deflate",
        "height": classes.shape[0], "width": classes.shape[1],
        "transform": grid.transform, "crs": grid.crs.to_wkt(),
    }  # fmt: skip
    with atomic_path(path) as temporary, rasterio.open(temporary, "w", **profile) as file:
        file.write(classes, 1)


def _record(result: Result, method: str, inputs: Sequence[tuple[str, Path]]) -> dict[str, Any]:
    found = result.found
    alone = found.members["region_id"].isna()
    record = {
        "method": method,
        "parameters": dict(found.parameters),
        "options": {key: value for key, value in result.options.items() if value is not None},
        "inputs": [
            {"option": option, "file": path.name, "sha256": sha256_of(path)}
            for option, path in inputs
            if option != OTHERS
        ],
        "versions": versions(),
        "regions": len(found.regions),
        "units": int(found.members["unit_id"].nunique()),
        "units_in_no_region": int(alone.sum()),
        "notes": [*found.notes],
    }
    if result.sure is not None:
        record |= {"runs": result.sure.runs, "varied": dict(result.varied)}
    return record
