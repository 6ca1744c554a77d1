"""An index on its own: from a table and an index file to every table of its computation."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pandas as pd

from regional_atlas.config.index import IndexConfig, leaves
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.folders import whole_folder
from regional_atlas.core.outputs import OutputFolder, check_outputs
from regional_atlas.core.spreadsheets import csv_text
from regional_atlas.export.tables import write_json, write_text
from regional_atlas.scoring import IndexResult, score
from regional_atlas.scoring.audit import audit
from regional_atlas.scoring.sensitivity import UncertaintyResult, sensitivity
from regional_atlas.sources.reader import read_table

__all__ = ["read_index_data", "score_file", "write_index_result"]


def read_index_data(path: Path, spec: IndexConfig) -> tuple[pd.DataFrame, pd.Series | None]:
    """Read what an index needs from a table of any format, by the file's column map.

    Parameters
    ----------
    path : Path
        One row for each unit, or unit and year.
    spec : IndexConfig
        `data` says the columns; a code without an entry there is a column of its own name.

    Returns
    -------
    data : DataFrame
        Index `unit_id`, or `unit_id` and `year`; indicators and denominators as numbers under
        their codes, groups as text.
    names : Series or None
        The units' names, where the index file names their column.

    Raises
    ------
    DataError
        Naming every missing column, cell that is not a number, missing key and repeated row.
    """
    codes = [node.code for node in leaves(spec.nodes) if node.absent is None]
    sizes = [node.denominator for node in leaves(spec.nodes) if node.denominator is not None]
    wanted = list(dict.fromkeys([*codes, *sizes]))
    columns = {code: spec.data.columns.get(code, code) for code in wanted}
    groups = list(dict.fromkeys([*spec.data.groups, *_groups(spec)]))
    config = spec.data
    if not config.key:
        config = config.model_copy(update={"key": [config.unit_id]})
    names = [spec.data.unit] if spec.data.unit is not None else []
    years = [spec.data.year] if spec.data.year is not None else []
    read = read_table(path, [*years, *names, *groups, *columns.values()], config)
    table, word = read.text, read.row_word
    keys = ["unit_id", *(str(read.name_of(name)) for name in years)]
    said = dict(zip(keys, [" ".join(config.key), *years], strict=True))
    problems = [
        f"{word} {line}: {said[key]!r} is empty"
        for key in keys
        for line in table.index[table[key].isna()]
    ]
    twice = table.duplicated(keys) & table[keys].notna().all(axis=1)
    problems += [
        f"{word} {line}: {' '.join(table.loc[line, keys])!r} appears twice"
        for line in table.index[twice]
    ]
    data = {}
    for code, column in columns.items():
        data[code], bad = read.numbers(column)
        problems += bad
    found = pd.DataFrame(data | {g: read.texts(g) for g in groups}, index=table.index)
    if spec.data.year is not None:
        dates, bad = read.numbers(spec.data.year)
        problems += bad
        odd = ~dates.between(1, 9999) | (dates % 1 != 0)
        problems += [
            f"{read.row(int(str(line)), spec.data.year)}: {table.at[line, keys[1]]!r} is not a year"
            for line in dates.index[odd & table[keys[1]].notna()]
            if not bad
        ]
        raise_if(problems, DataError, read.where)
        found.index = pd.MultiIndex.from_arrays(
            [table["unit_id"], dates.astype("int64")], names=["unit_id", "year"]
        )
    else:
        raise_if(problems, DataError, read.where)
        found.index = pd.Index(table["unit_id"], name="unit_id")
    return found, read.texts(names[0]).set_axis(found.index) if names else None


def _groups(spec: IndexConfig) -> list[str]:
    imputes = [spec.impute, *(node.impute for node in spec.nodes if node.impute is not None)]
    named = [config.group for config in imputes] + [spec.rank.group]
    return [name for name in named if name is not None]


def write_index_result(
    result: IndexResult,
    out: Path,
    names: pd.Series | None = None,
    uncertainty: UncertaintyResult | None = None,
    top: int = 100,
    *,
    raw: bool = False,
) -> dict[str, pd.DataFrame]:
    """Write every table of an index, its audit and its recipe into a folder.

    Numbers are written in full, so that what is read back is what was computed.

    Parameters
    ----------
    result : IndexResult
        Of `score`.
    out : Path
        Made where it is missing. Files: one CSV for each table, `audit.csv`, `correlations.csv`,
        `reliability.csv`, `recipe.json`. Tables of an earlier sensitivity go.
    names : Series, optional
        Of the units, for `scores.csv`.
    uncertainty : UncertaintyResult, optional
        Its tables are written as `sensitivity_<table>.csv`; `scores.csv` gets interval columns.
    top : int
        The first ranks that `p_top<N>` speaks of.
    raw : bool
        See `csv_text`.

    Returns
    -------
    dict of str to DataFrame
        By file name, in the order of the computation.
    """
    tables = {
        name: table for name, table in result.tables.items() if name not in ("nodes", "ranked")
    }
    tables["scores"] = result.scores.assign(coverage=result.availability)
    if uncertainty is not None:
        # Loads GeoPandas, which an index without draws does not wait for.
        from regional_atlas.tables.uncertainty import with_intervals

        tables["scores"] = with_intervals(tables["scores"], uncertainty, top)
    if names is not None:
        tables["scores"].insert(0, "unit", names)
    tables |= audit(result)
    if uncertainty is not None:
        tables |= {
            f"sensitivity_{field.name}": getattr(uncertainty, field.name)
            for field in fields(uncertainty)
        }
    files = {f"{name}.csv": table for name, table in tables.items()}
    owned = [f"sensitivity_{field.name}.csv" for field in fields(UncertaintyResult)]
    with whole_folder(out, "score", owned) as new:
        for name, table in files.items():
            write_text(csv_text(table, raw=raw), new / name)
        write_json(result.recipe.model_dump(mode="json"), new / "recipe.json")
    return files


def _members(groups: pd.Series) -> pd.DataFrame:
    rows = groups.dropna().rename("group").reset_index()
    return rows.assign(exclusive=True)


def score_file(
    data: Path,
    spec: IndexConfig,
    out: Path,
    *,
    draws: int | None = None,
    index: Path | None = None,
    overwrite: bool = False,
    raw: bool = False,
) -> IndexResult:
    """Compute an index from a file and write everything into a folder.

    With draws, the counts of `data.groups` among the first ranks get intervals.

    Parameters
    ----------
    data : Path
        A table of any format.
    spec : IndexConfig
        Of `read_index`.
    out : Path
        The folder.
    draws : int, optional
        Runs of the index file's [uncertainty]; none by default.
    index : Path, optional
        The file that `spec` was read from, so that nothing is written onto it.
    overwrite : bool
        Whether the folder may hold files that no earlier call wrote; inputs it never may.
    raw : bool
        See `csv_text`.

    Returns
    -------
    IndexResult

    Raises
    ------
    InputError
        When the file does not have what the index needs, a method does not take the values, draws
        are asked for and the index file says nothing of uncertainty, or the folder holds inputs or
        somebody else's files.
    """
    inputs = [("--data", data), *([] if index is None else [("--index", index)])]
    # Which tables there are is known only in the end: none that is there may be an input.
    tables = [path.name for path in out.glob("*.csv")] if out.is_dir() else []
    target = OutputFolder("--out", out, "score", [*tables, "recipe.json"])
    check_outputs([target], inputs, overwrite=overwrite)
    table, names = read_index_data(data, spec)
    result = score(table, spec)
    groups = {name: _members(table[name]) for name in spec.data.groups}
    found = None if draws is None else sensitivity(spec, table, n=draws, groups=groups)
    top = spec.uncertainty.top if spec.uncertainty else 100
    write_index_result(result, out, names, found, top, raw=raw)
    return result
