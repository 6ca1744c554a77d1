"""Region definitions: a table of regions with member lines, or polygons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd

from regional_atlas.config import KindConfig, RegionsConfig
from regional_atlas.config.tables import TableSource, UnitSource
from regional_atlas.core import crs
from regional_atlas.core.errors import DataError, problems_of, raise_if
from regional_atlas.core.schema import PROBABILITY, TableReading
from regional_atlas.sources.boundaries import text_of
from regional_atlas.sources.reader import Table, read_table
from regional_atlas.sources.tables import UnitRows
from regional_atlas.sources.vectors import Declared, check_coordinates, check_polygons, read_vector
from regional_atlas.zonal.antimeridian import within_a_turn

__all__ = [
    "Delineation",
    "attributes_of",
    "read_delineation",
    "read_members",
    "read_region_polygons",
    "read_regions",
    "regions_of_units",
]


REGION_COLUMNS = ["name", "name_en", "kind", "precedence", "source"]


class Delineation(NamedTuple):
    """A table that delineates regions, as it is read.

    Attributes
    ----------
    regions : DataFrame
        As of `read_regions`.
    rows : UnitRows
        `region_id`, `unit_id` or `unit`, and the table's other columns; the index is the row.
    problems : list of str
        Regions without a name or of two names, rows that stand twice, probabilities that are none.
    probability : Series or None
        By row, how likely the membership is; None where the table does not say so.
    """

    regions: pd.DataFrame
    rows: UnitRows
    problems: list[str]
    probability: pd.Series | None = None


def read_regions(config: RegionsConfig, readings: list[TableReading] | None = None) -> pd.DataFrame:
    """Read the table of regions.

    Returns
    -------
    DataFrame
        Index `region_id`; `name`, `name_en`, `kind`, `precedence`, `source`. Empty where every
        kind comes as a table of its own or as polygons.

    Raises
    ------
    DataError
        Repeated or empty ids, empty names, kinds that are not declared, precedence that is not a
        number.
    """
    columns = ["region_id", *REGION_COLUMNS]
    if config.file is None:
        empty = pd.DataFrame(columns=columns).set_index("region_id")
        return empty.astype({"precedence": "float64"})
    source = config.file
    read = read_table(source.file, ["region_id", "name", "kind", "precedence"], source, readings)
    table, word = read.text, read.row_word
    precedence, problems = read.numbers("precedence")
    problems += [
        f"{word} {line}: {name} is empty"
        for name in ("region_id", "name")
        for line in table.index[table[name].isna()]
    ]
    kinds = {kind.id for kind in config.kinds}
    for row in table.itertuples():
        if row.kind not in kinds:
            problems.append(
                f"{word} {row.Index}: kind {row.kind!r} is not declared; "
                f"allowed: {', '.join(sorted(kinds))}"
            )
    repeated = table["region_id"][table["region_id"].duplicated()].dropna()
    problems += [f"region_id {name!r} stands more than once" for name in repeated.unique()]
    raise_if(problems, DataError, read.where)
    table = table.assign(precedence=precedence)
    return table.reindex(columns=columns).set_index("region_id")


def read_members(
    source: TableSource | UnitSource,
    regions: pd.DataFrame | None,
    readings: list[TableReading] | None = None,
) -> tuple[UnitRows, list[str]]:
    """Read member lines: `region_id`, parent levels, `unit` (`*` for all) or `unit_id`, `rule`.

    Parameters
    ----------
    source : TableSource
    regions : DataFrame or None
        The table of regions; None where it cannot be read.
    readings : list of TableReading, optional
        Where to say how it was read.

    Returns
    -------
    UnitRows
        The lines that name a unit.
    list of str
        Problems: lines without a unit or of regions that the table of regions does not have, and
        regions without a line.

    Raises
    ------
    DataError
        Columns that are missing.
    """
    read = read_table(source.file, ["region_id", "rule"], source, readings)
    table, word = read.text, read.row_word
    problems: list[str] = []
    if regions is not None:
        problems += [
            f"{word} {line}: region {name!r} is not in the table of regions"
            for line, name in table["region_id"].items()
            if name not in regions.index
        ]
        problems += [
            f"region {name!r} has no member line"
            for name in regions.index.difference(pd.Index(table["region_id"]))
        ]
    named = [name for name in ("unit_id", "unit") if name in table.columns]
    if not named:
        found = ", ".join(table.columns)
        problems.append(f"column 'unit' or 'unit_id' is missing; found: {found}")
        raise DataError(*problems, where=read.where)
    unusable = read.unusable(named)
    raise_if([*problems, *unusable] if unusable else [], DataError, read.where)
    blank = table[named].isna().all(axis=1)
    problems += [
        f"{word} {line}: {' and '.join(named)} {'is' if len(named) == 1 else 'are'} empty"
        for line in table.index[blank]
    ]
    return UnitRows(read, table[~blank]), problems


def read_delineation(
    kind: KindConfig, first_precedence: int, readings: list[TableReading] | None = None
) -> Delineation:
    """Read a table that delineates the regions of one kind: a row for each unit of a region.

    Parameters
    ----------
    kind : KindConfig
        With `table`.
    first_precedence : int
        Of the first region; the others follow in the order of the file.

    Returns
    -------
    Delineation

    Raises
    ------
    DataError
        Columns that are missing.
    """
    config = kind.table
    assert config is not None
    optional = (config.name_en, config.probability)
    named = [config.region_id, config.name, *(name for name in optional if name)]
    read = read_table(config.file, named, config, readings)
    if "unit_id" not in read.text.columns and "unit" not in read.text.columns:
        found = ", ".join(read.text.columns)
        raise DataError(
            "a delineation needs a column 'unit_id' or 'unit'; `key` or `rename` can give it one; "
            f"found: {found}",
            where=read.where,
        )
    read = read.keep(read.texts(config.region_id).notna())
    rows = read.text.assign(
        region_id=read.texts(config.region_id),
        name=read.texts(config.name),
        name_en=read.texts(config.name_en) if config.name_en else None,
    )
    word = read.row_word
    problems = [
        f"{word} {line}: {config.name} is empty" for line in rows.index[rows["name"].isna()]
    ]
    first: dict[str, str] = {}
    for line, region, name in rows[["region_id", "name"]].dropna().itertuples():
        if first.setdefault(region, name) != name:
            problems.append(
                f"{word} {line}: region {region} is called {name!r}, and {first[region]!r} before"
            )
    key = ["region_id", "unit_id" if "unit_id" in rows.columns else "unit"]
    if key[1] == "unit_id":
        twice = rows.index[rows.duplicated(key)]
        problems += [
            f"{word} {line}: {' '.join(rows.loc[line, key].fillna(''))!r} appears twice"
            for line in twice
        ]
    probability = None
    if config.probability is not None:
        probability, wrong = _probabilities(read, config.probability)
        problems += wrong
    regions = rows.drop_duplicates("region_id").set_index("region_id")[["name", "name_en"]]
    regions = regions.assign(
        kind=kind.id,
        precedence=[float(first_precedence + at) for at in range(len(regions))],
        source=config.file.name,
    )
    return Delineation(regions[REGION_COLUMNS], UnitRows(read, rows), problems, probability)


def _probabilities(read: Table, column: str) -> tuple[pd.Series, list[str]]:
    """Read a column of probabilities, and name every cell that is none."""
    found, problems = read.numbers(column)
    heading = str(read.name_of(column))
    empty = read.texts(column).isna()
    problems += [f"{read.place(row, heading)}: it is empty" for row in found.index[empty]]
    outside = ~empty & ~(found.gt(0) & found.le(1))
    return found, [
        *problems,
        *(
            f"{read.place(row, heading)}: found {found[row]:g}; a probability is above 0, up to 1"
            for row in found.index[outside]
        ),
    ]


def attributes_of(kind: KindConfig, read: UnitRows, levels: Sequence[str]) -> list[str]:
    """List the columns of a delineation that are attributes of the membership.

    Probabilities are not among them: `PROBABILITY` holds these, whatever their heading.

    Raises
    ------
    DataError
        Declared ones that are not there; another column of that name.
    """
    config, table = kind.table, read.table
    assert config is not None
    if config.attributes is not None:
        raise_if(table.missing(config.attributes), DataError, table.where)
        found = [str(table.name_of(name)) for name in config.attributes]
    else:
        named = [config.region_id, config.name, config.name_en, *config.key, "unit_id", "unit"]
        used = {table.name_of(name) for name in [*named, *levels] if name}
        found = [name for name in table.text.columns if name not in used]
    if config.probability is None:
        return found
    found = [name for name in found if name != table.name_of(config.probability)]
    problem = (
        f"column {PROBABILITY!r} would be an attribute beside the probabilities of column "
        f"{config.probability!r}; `rename` it, or leave it out of `attributes`"
    )
    raise_if([problem] if PROBABILITY in found else [], DataError, table.where)
    return found


def regions_of_units(
    kind: KindConfig, ids: pd.Series, names: pd.Series, first_precedence: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make the regions of one kind from what stands beside each unit.

    Parameters
    ----------
    kind : KindConfig
        With `column`, or `of` and perhaps `groups`.
    ids, names : Series
        By unit: its region's id and name; missing where it is in none.
    first_precedence : int
        Of the first region; the others follow in the order of their ids.

    Returns
    -------
    regions : DataFrame
        As of `read_regions`.
    pairs : DataFrame
        `region_id`, `unit_id`.

    Raises
    ------
    DataError
        No unit has a region, or a region has two names.
    """
    known = pd.DataFrame({"region_id": ids, "name": names}).rename_axis("unit_id").dropna()
    where = f"regions.kinds {kind.id!r}"
    raise_if([] if len(known) else ["no unit has a region"], DataError, where)
    called = known.drop_duplicates().groupby("region_id")["name"].agg(list)
    problems = [
        f"region {region} is called {said[0]!r} and {said[1]!r}"
        for region, said in called.items()
        if len(said) > 1
    ]
    raise_if(problems, DataError, where)
    regions = pd.DataFrame({"name": called.str[0]})
    regions["name_en"] = None
    regions = regions.assign(
        kind=kind.id,
        precedence=[float(first_precedence + at) for at in range(len(regions))],
        source="boundaries",
    )
    pairs = known.reset_index()[["region_id", "unit_id"]]
    return regions[REGION_COLUMNS], pairs.sort_values(["region_id", "unit_id"], ignore_index=True)


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
    here = f"of kind {kind.id!r} in [regions]"
    declared = Declared(kind.layer, kind.crs, f"layer {here}", f"crs = '{{}}' {here}")
    raw = read_vector(kind.polygons, declared)
    absent = [name for name in (kind.key, kind.name) if name not in raw.columns]
    where = str(kind.polygons)
    raise_if(
        (f"column {name!r} is missing; found: {', '.join(raw.columns)}" for name in absent),
        DataError,
        where,
    )
    ids, names = text_of(raw[kind.key]), text_of(raw[kind.name])
    # Rows are counted as in a spreadsheet of the attributes, whose first row holds the headings.
    rows = [f"row {number}" for number in range(2, len(raw) + 2)]
    problems = [
        f"{row}: {column!r} is empty"
        for column, texts in ((kind.key, ids), (kind.name, names))
        for row, empty in zip(rows, texts.isna(), strict=True)
        if empty
    ]
    problems += [
        f"column {kind.key!r}: {region!r} stands more than once"
        for region in ids[ids.duplicated()].dropna().unique()
    ]
    order = pd.Series(range(first_precedence, first_precedence + len(raw)), index=raw.index)
    if "precedence" in raw:
        order = pd.to_numeric(raw["precedence"], errors="coerce")
        problems += [
            f"{row}: precedence {value!r} is not a number"
            for row, value, number in zip(rows, raw["precedence"], order, strict=True)
            if pd.isna(number)
        ]
    labels = [f"{row} ({region})" for row, region in zip(rows, ids, strict=True)]
    problems += problems_of(lambda: check_polygons(raw.geometry, labels, ""))
    raise_if(problems, DataError, where)
    check_coordinates(raw.geometry, labels, where, declared)
    whole, broken = within_a_turn(np.asarray(raw.geometry.to_crs(crs.WGS84).values, dtype=object))
    raise_if((f"{labels[i]}: a ring goes round a pole" for i in broken), DataError, where)
    regions = gpd.GeoDataFrame(
        {
            "name": names,
            "name_en": text_of(raw["name_en"]) if "name_en" in raw else None,
            "kind": kind.id,
            "precedence": order.astype("float64"),
            "source": kind.polygons.name,
        },
        geometry=gpd.GeoSeries(whole, index=raw.index, crs=crs.WGS84),
    )
    regions.index = pd.Index(ids, name="region_id")
    return regions
