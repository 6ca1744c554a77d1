"""Region definitions: a table of regions with member lines, or polygons."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from regional_atlas.config import KindConfig, RegionsConfig
from regional_atlas.core import crs
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.sources.boundaries import read_vector
from regional_atlas.sources.text_tables import numbers, read_text_table

__all__ = ["read_members", "read_region_polygons", "read_regions"]


def read_regions(config: RegionsConfig) -> pd.DataFrame:
    """Read the table of regions.

    Returns
    -------
    DataFrame
        Index `region_id`; `name`, `name_en`, `kind`, `precedence`, `source`. Empty where every
        kind comes as polygons.

    Raises
    ------
    DataError
        Repeated ids, kinds that are not declared, precedence that is not a number.
    """
    empty = pd.DataFrame(columns=["region_id", "name", "name_en", "kind", "precedence", "source"])
    if config.file is None:
        return empty.set_index("region_id").astype({"precedence": "float64"})
    table = read_text_table(config.file, ["region_id", "name", "kind", "precedence"])
    precedence, problems = numbers(table, "precedence")
    kinds = {kind.id for kind in config.kinds}
    for row in table.itertuples():
        if row.kind not in kinds:
            problems.append(
                f"line {row.Index}: kind {row.kind!r} is not declared; "
                f"allowed: {', '.join(sorted(kinds))}"
            )
    repeated = table["region_id"][table["region_id"].duplicated()]
    problems += [f"region_id {name!r} stands more than once" for name in repeated.unique()]
    raise_if(problems, DataError, str(config.file))
    table["precedence"] = precedence
    return table.reindex(columns=empty.columns).set_index("region_id")


def read_members(path: Path, regions: pd.DataFrame) -> pd.DataFrame:
    """Read member lines: `region_id`, parent levels, `unit` (`*` for all), `rule`.

    Raises
    ------
    DataError
        Lines of regions that the table of regions does not have, and regions without a line.
    """
    table = read_text_table(path, ["region_id", "unit", "rule"])
    problems = [
        f"line {line}: region {name!r} is not in the table of regions"
        for line, name in table["region_id"].items()
        if name not in regions.index
    ]
    problems += [
        f"region {name!r} has no member line"
        for name in regions.index.difference(pd.Index(table["region_id"]))
    ]
    raise_if(problems, DataError, str(path))
    return table


def read_region_polygons(kind: KindConfig, first_precedence: int) -> gpd.GeoDataFrame:
    """Read the polygons of one kind of region, in WGS 84.

    Parameters
    ----------
    kind : KindConfig
        File, layer and columns. A column `precedence` is used where there is one; otherwise the
        order of the file counts, from `first_precedence`.

    Returns
    -------
    GeoDataFrame
        Index `region_id`; `name`, `name_en`, `kind`, `precedence`, `source`, geometry.
    """
    assert kind.polygons is not None
    raw = read_vector(kind.polygons, kind.layer)
    absent = [name for name in (kind.key, kind.name) if name not in raw.columns]
    problems = [f"column {name!r} is missing; found: {', '.join(raw.columns)}" for name in absent]
    if raw.crs is None:
        problems.append("the polygons have no CRS")
    if not problems and raw[kind.key].duplicated().any():
        problems.append(f"column {kind.key!r} has repeated values")
    raise_if(problems, DataError, str(kind.polygons))
    order = range(first_precedence, first_precedence + len(raw))
    regions = gpd.GeoDataFrame(
        {
            "name": raw[kind.name].astype("str"),
            "name_en": raw["name_en"].astype("str") if "name_en" in raw else None,
            "kind": kind.id,
            "precedence": raw["precedence"].astype("float64") if "precedence" in raw else order,
            "source": kind.polygons.name,
        },
        geometry=raw.geometry,
        crs=raw.crs,
    ).to_crs(crs.WGS84)
    regions.index = pd.Index(raw[kind.key].astype("str"), name="region_id")
    return regions
