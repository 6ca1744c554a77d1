"""Zonal statistics on their own: from files to a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from regional_atlas.core.atomic import atomic_path
from regional_atlas.core.errors import DataError, InputError, problems_of, raise_if, results_of
from regional_atlas.core.outputs import (
    OutputFile,
    check_outputs,
    dated_files,
    heading,
    json_keys,
)
from regional_atlas.export.tables import (
    check_ending,
    write_csv,
    write_json,
    write_parquet,
)
from regional_atlas.jobs.cluster import cluster_client, cluster_statistics
from regional_atlas.jobs.coverage import stored_coverage
from regional_atlas.jobs.polygons import read_polygons
from regional_atlas.nightlights import total_shifts
from regional_atlas.sources.dated import TIME, find_rasters, first_date
from regional_atlas.sources.rasters import check_reading, is_missing, open_raster, raster_files
from regional_atlas.sources.vectors import (
    Declared,
)
from regional_atlas.tables.stacks import CleaningFiles, open_stack
from regional_atlas.zonal import (
    complete_dates,
    load_loops,
    wide,
    zonal_statistics,
)
from regional_atlas.zonal.statistics import wanted_statistics
from regional_atlas.zonal.zones import zones_outside

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["write_with_record", "zonal_file"]


def zonal_file(
    zones: Path,
    rasters: Sequence[str],
    out: Path,
    *,
    stats: Sequence[str],
    key: str | None = None,
    band: int | Literal["all"] | None = None,
    layer: str | None = None,
    zones_crs: str | None = None,
    bands_from: str | None = None,
    lit_threshold: float | None = None,
    weights: Path | None = None,
    population: str | None = None,
    cleaning: CleaningFiles | None = None,
    one_row: bool = False,
    cluster: str | None = None,
    overwrite: bool = False,
    raw: bool = False,
    progress: Callable[[int, int], None] | None = None,
    **reading: Any,
) -> pd.DataFrame:
    """Measure rasters inside the polygons of a file and write the table.

    Parameters
    ----------
    zones : Path
        A file of polygons.
    rasters : sequence of str
        Files, each on its own grid, or patterns with `{year}` and `{month}` in the file name.
    out : Path
        `.csv` or `.parquet`. How the rasters were read and what cleaning took stands in
        `<out>.json` beside a CSV, and in the metadata of Parquet (`attrs` of the table that pandas
        reads).
    stats : sequence of str
        See `zonal_statistics`; `cell_count` and `valid_share` are always given.
    key : str, optional
        Column that names a zone. Without it every column of the zones is kept; a zone is named by
        its `unit_id`, else by the file's own id, else by the row number from 1 (`zone`).
    band : int or "all", optional
        Which band of each file is read, from 1; the first by default.
    layer, zones_crs : str, optional
        Of the zones: the layer of a file with several, and the CRS where the file has none or a
        wrong one.
    bands_from : str, optional
        Date of the first band of files whose bands are years or months; ``time`` where the time
        axis of NetCDF says it of every band.
    lit_threshold : float, optional
        For `lit_share` and `lit_area_km2`, in decoded units.
    weights : Path, optional
        Raster for the weighted statistics, read as it is stored.
    population : str, optional
        Column of the zones for `sum_per_head`.
    cleaning : CleaningFiles, optional
        Rules for every raster.
    one_row : bool
        One row per zone; see `wide`.
    cluster : str, optional
        Address of a Dask scheduler that measures instead of this process; see `cluster_statistics`.
    overwrite : bool
        Whether `out` may be a file that no earlier call wrote; an input it never is.
    raw : bool
        See `csv_text`.
    progress : callable, optional
        Called with rows of cells (on a cluster: tasks) done and in all.
    **reading
        How cells are read: `variable`, `crs`, `nodata`, `scale`, `offset` of `open_raster`.

    Returns
    -------
    DataFrame
        The table, as it was written.

    Raises
    ------
    InputError
        What is wrong with which file or argument. Arguments and missing files are all named at
        once, before anything is read.
    """
    rules = cleaning or CleaningFiles()
    patterns = [name for name in rasters if "{year}" in name and bands_from is None]
    problems = problems_of(lambda: check_ending(out, ".csv", ".parquet"))
    if bands_from is not None and any("{year}" in name for name in rasters):
        problems.append("--bands-from: dates come from bands or from {year} in a name, not both")
    if bands_from is not None and band is not None:
        problems.append("--band: --bands-from reads every band; give one of them")
    files = [str(zones), *(name for name in rasters if "{year}" not in name)]
    files += [] if weights is None else [str(weights)]
    problems += [f"file not found: {path}" for path in files if is_missing(path)]
    problems += problems_of(
        *(partial(find_rasters, pattern) for pattern in patterns),
        lambda: bands_from in (None, TIME) or first_date(str(bands_from)),
        lambda: check_reading(**{k: v for k, v in reading.items() if k != "variable"}),
        lambda: wanted_statistics(stats, lit_threshold, weights is not None, population),
        rules.check,
        lambda: check_outputs(
            _outputs(out), _inputs(zones, rasters, weights, rules), overwrite=overwrite
        ),
    )
    raise_if(problems, InputError)
    opened, dated = open_stack(rasters, band=band, bands_from=bands_from, **reading)
    sources = results_of(*(partial(rules.applied, raster) for raster in opened), kind=DataError)
    with ThreadPoolExecutor(1) as beside:
        if cluster is None:
            beside.submit(load_loops, sources[0].dtype)
        polygons = read_polygons(
            zones, Declared(layer, zones_crs), {"--id": key, "--population": population}
        )
    options: dict[str, Any] = {
        "stats": stats,
        "lit_threshold": lit_threshold,
        "weights": open_raster(weights) if weights else None,
        "population": population,
        "mask": rules.polygons(),
        "progress": progress,
    }
    if cluster is None:
        table = zonal_statistics(polygons, sources, prepare=stored_coverage, **options)
    else:
        with cluster_client(cluster) as client:
            table = cluster_statistics(client, polygons, sources, **options)
    outside = zones_outside(polygons, sources, table)
    if len([each for each in outside if each["problem"]]) == len(sources):
        raise DataError(*(f"{each['raster']}: {each['problem']}" for each in outside))
    if dated:
        table = complete_dates(table)
    table.attrs |= {"level_shifts": total_shifts(table)} if dated else {}
    if lit_threshold is not None:
        table.attrs["lit_threshold"] = lit_threshold
    table.attrs |= {"outside": outside} if outside else {}
    table.attrs |= {
        name: path.name for name, path in (("mask", rules.mask), ("weights", weights)) if path
    }
    table = wide(table) if one_row else table
    if key is None:
        table = _with_attributes(table, polygons)
    write_with_record(table, out, raw=raw)
    return table


def _inputs(
    zones: Path, rasters: Sequence[str], weights: Path | None, rules: CleaningFiles
) -> list[tuple[str, Path]]:
    named = [("--raster", name) for name in rasters]
    named += [(option, str(path)) for option, path in rules.options().items()]
    named += [] if weights is None else [("--weights", str(weights))]
    found = [
        (option, str(path))
        for option, name in named
        for path in (dated_files(Path(name)) if "{" in Path(name).name else [name])
    ]
    return [
        ("--zones", zones),
        *((option, file) for option, name in found for file in raster_files(name)),
    ]


def _outputs(out: Path) -> list[OutputFile]:
    def wrote_record(path: Path) -> bool:
        return "rasters" in json_keys(path)

    def wrote_table(path: Path) -> bool:
        names = heading(path)
        measured = all(
            any(name.startswith(start) for name in names) for start in ("cell_count", "valid_share")
        )
        return measured or wrote_record(_record_of(path))

    outputs = [OutputFile("--out", out, wrote_table)]
    if out.suffix == ".csv":
        outputs.append(OutputFile("--out", _record_of(out), wrote_record))
    return outputs


def _record_of(out: Path) -> Path:
    return out.with_name(f"{out.name}.json")


def write_with_record(table: pd.DataFrame, out: Path, *, raw: bool = False) -> None:
    """Write a zonal table and what it says about itself: beside a CSV, inside of Parquet."""
    if out.suffix == ".csv":
        with atomic_path(out) as temporary:
            write_csv(table, temporary, raw=raw)
            write_json(table.attrs, _record_of(temporary))
    else:
        write_parquet(table, out)


def _with_attributes(table: pd.DataFrame, zones: gpd.GeoDataFrame) -> pd.DataFrame:
    """Put the columns of the zones behind their name; one of a statistic gets an underscore."""
    name = str(zones.index.name)
    own = zones.drop(columns=[zones.geometry.name, name], errors="ignore")
    own = own.rename(columns={c: f"{c}_" for c in own.columns if c in table.columns})
    place = zones.index.get_indexer(table[name])
    columns = own.iloc[place].set_axis(table.index)
    found: pd.DataFrame = pd.concat([table[[name]], columns, table.drop(columns=name)], axis=1)
    found.attrs = table.attrs
    return found
