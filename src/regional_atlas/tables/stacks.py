"""Stacks of rasters from files: dates from names or bands, and the files of cleaning rules."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from regional_atlas.core.errors import InputError, RasterError, problems_of, raise_if, results_of
from regional_atlas.sources.dated import dated_by_time, find_rasters, open_all_bands, open_bands
from regional_atlas.sources.rasters import (
    Raster,
    band_count,
    is_missing,
    open_raster,
)
from regional_atlas.sources.vectors import (
    Declared,
    check_coordinates,
    check_polygons,
    is_vector,
    read_vector,
)
from regional_atlas.zonal import Cleaning, RasterSource

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd

__all__ = ["CleaningFiles", "findings", "open_stack"]

VARIABLES = ("quality", "observations")
"""Rules whose raster may be a variable of a file."""
SHOWN = 5
"""Zones that a message names."""


@dataclass(frozen=True)
class CleaningFiles:
    """Rules of `Cleaning` with the files that they need; `config.CleaningConfig` describes them.

    A file's name may hold ``{year}`` and ``{month}``: each raster then takes its own. A file of
    several bands goes with the raster band by band, one of a single band with all. A variable
    without a file is one of the raster's own file.
    """

    extreme: Any = "refuse"
    quality: Path | None = None
    quality_variable: str | None = None
    bad_flags: Sequence[int] = ()
    bad_bits: int = 0
    observations: Path | None = None
    observations_variable: str | None = None
    least_observations: int = 0
    mask: Path | None = None
    negative: Any = "keep"
    background: float | None = None
    upper: float | None = None
    saturation: float | None = None

    def options(self) -> dict[str, Path]:
        """Name the files that are given, as the command line calls them; patterns as they are."""
        found = {f"--{name}": getattr(self, name) for name in ("quality", "observations", "mask")}
        return {option: path for option, path in found.items() if path is not None}

    def check(self) -> None:
        """Refuse rules that lack something or say what is not allowed, before any file is read.

        Raises
        ------
        InputError
            Names everything that is wrong, files that are not there as well.
        """
        raise_if(problems_of(lambda: Cleaning(**self._rules()), self._check_files), InputError)

    def _rules(self) -> dict[str, Any]:
        """Give the rules as `Cleaning` takes them, a variable for a file that it stands for."""
        found = asdict(self)
        for name in VARIABLES:
            variable = found.pop(f"{name}_variable")
            found[name] = found[name] or variable
        return found

    def _check_files(self) -> None:
        paths = (self.quality, self.observations, self.mask)
        raise_if(
            (
                f"file not found: {path}"
                for path in paths
                if path is not None and "{" not in path.name and is_missing(str(path))
            ),
            InputError,
        )

    def applied(self, raster: Raster) -> RasterSource:
        """Give the raster as the rules leave it; itself where no rule is about cells."""
        found = self._rules()
        for name in ("quality", "observations", "mask"):
            path = self._file(name, raster)
            found[name] = None
            if path is not None:
                variable = getattr(self, f"{name}_variable", None)
                band = raster.band if band_count(path, variable) > 1 else 1
                found[name] = open_raster(path, variable=variable, band=band, crs=raster.crs)
        rules = Cleaning(**found)
        return rules.applied(raster) if rules.settings() else raster

    def files(self, rasters: Sequence[Raster]) -> list[Path]:
        """List every file that the rules read for these rasters."""
        names = ("quality", "observations", "mask")
        found = {self._file(name, raster) for raster in rasters for name in names}
        polygons = {self.mask} if self._cuts else set()
        return sorted(path for path in found | polygons if path is not None)

    def polygons(self) -> gpd.GeoDataFrame | None:
        """Read the mask where it consists of polygons."""
        if not self._cuts:
            return None
        assert self.mask is not None
        declared = Declared(layer_key="", crs_key="")
        found = read_vector(self.mask, declared)
        labels = [f"row {number}" for number in range(2, len(found) + 2)]
        check_polygons(found.geometry, labels, str(self.mask))
        check_coordinates(found.geometry, labels, str(self.mask), declared)
        return found[["geometry"]]

    @property
    def _cuts(self) -> bool:
        """Whether the mask consists of polygons."""
        return self.mask is not None and is_vector(self.mask)

    def _file(self, name: str, raster: Raster) -> Path | None:
        """Find the raster of a rule that goes with a raster."""
        path: Path | None = getattr(self, name)
        if path is None and getattr(self, f"{name}_variable", None) is not None:
            return raster.file
        if path is None or (name == "mask" and self._cuts):
            return None
        text = str(path)
        for part, number in (("{year}", raster.year), ("{month}", raster.month)):
            if part in text and number is None:
                raise InputError(f"{text!r} has {part}, but {raster.name} has no such date")
            text = text.replace(part, f"{number or 0:0{4 if part == '{year}' else 2}}")
        return Path(text)


def open_stack(
    sources: Sequence[str],
    *,
    band: int | Literal["all"] | None = None,
    bands_from: str | None = None,
    **reading: Any,
) -> tuple[list[Raster], bool]:
    """Open files and series of files.

    Parameters
    ----------
    sources : sequence of str
        Files, or patterns as of `find_rasters`.
    band : int or "all", optional
        Which band of each file is read; "all" makes every band a raster. The first by default.
    bands_from : str, optional
        Date of the first band, see `open_bands`; without it each file is one raster. Rasters
        without a date take that of the time axis of NetCDF where it tells them apart.
    **reading
        See `open_raster`.

    Returns
    -------
    rasters : list of Raster
    dated : bool
        Whether every raster has a date of its own.

    Raises
    ------
    RasterError
        Names every file that cannot be read.
    """
    rasters: list[Raster] = []
    if bands_from is not None:
        series = [partial(open_bands, source, bands_from, **reading) for source in sources]
        rasters = [*chain(*results_of(*series, kind=RasterError))]
    else:
        files = [
            file
            for source in sources
            for file in (find_rasters(source) if "{year}" in source else [(None, None, source)])
        ]
        of_file = [
            partial(open_all_bands, path, year=y, month=m, **reading)
            if band == "all"
            else partial(_one, path, band=band, year=y, month=m, **reading)
            for y, m, path in files
        ]
        rasters = [*chain(*results_of(*of_file, kind=RasterError))]
        if all(raster.year is None for raster in rasters):
            with suppress(RasterError):
                rasters = dated_by_time(rasters)
    dates = {(raster.year, raster.month) for raster in rasters if raster.year is not None}
    monthly = {raster.month is None for raster in rasters}
    return rasters, len(dates) == len(rasters) and len(monthly) == 1


def _one(path: Any, **reading: Any) -> list[Raster]:
    return [open_raster(path, **reading)]


def findings(table: pd.DataFrame) -> list[str]:
    """Say in a line each what cleaning took, what is missing and where a level shifts."""
    taken: dict[str, float] = {}
    for record in table.attrs["rasters"]:
        for rule in record["rules"]:
            taken[rule["rule"]] = taken.get(rule["rule"], 0.0) + rule["cells"]
    lines = [f"rule {rule}: {cells:,.10g} cells" for rule, cells in taken.items()]
    for each in table.attrs.get("outside", []):
        zones = each["zones"]
        named = ", ".join(map(str, zones[:SHOWN])) + (", …" if len(zones) > SHOWN else "")
        said = each["problem"] or f"{len(zones):,} zones lie beyond it: {named}"
        lines.append(f"{each['raster']}: {said}")
    weighted = [name for name in table.columns if name.startswith("weighted_")]
    if weighted and "valid_share" in table:
        rows = int((table[weighted[0]].isna() & (table["valid_share"] > 0)).sum())
        if rows:
            lines.append(f"{weighted[0]} is missing in {rows:,} rows: cells there have no weight")
    if table.attrs.get("missing"):
        lines.append(f"no raster for {', '.join(table.attrs['missing'])}")
    if table.attrs.get("level_shifts"):
        years = ", ".join(map(str, table.attrs["level_shifts"]))
        lines.append(f"level shift of the total in {years}: another sensor? (not smoothed)")
    return lines
