"""Joins of tables to units: what matched is reported, and too little is refused."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from regional_atlas.config.tables import UnitTable
from regional_atlas.core.errors import MatchError, raise_if
from regional_atlas.core.schema import BuildReport, MatchReport
from regional_atlas.sources.reader.table import Table
from regional_atlas.sources.tables import UnitRows
from regional_atlas.units.matching import Gazetteer, match_rows

__all__ = ["join_units", "reported"]


def join_units(
    read: UnitRows,
    gazetteer: Gazetteer,
    name: str,
    config: UnitTable,
    report: BuildReport,
    column: str = "unit",
    problems: Sequence[str] = (),
) -> pd.Series:
    """Find the unit of each row of a table.

    Parameters
    ----------
    read : UnitRows
        With a column `unit_id`, or with `unit` and any of the parent levels.
    gazetteer : Gazetteer
        The units' names.
    name : str
        What is joined, for the report.
    config : UnitTable
        How names are compared, and how many must match.
    report : BuildReport
        Where the join is reported.
    column : str
        The table's column of the units' names, where it is not called `unit`.
    problems : sequence of str
        What else is wrong with the table, to be said with the join.

    Returns
    -------
    Series
        unit_id per row; missing where a row found none and the table allows that.

    Raises
    ------
    MatchError
        Fewer rows than `least_match`, or none, found a unit, or there are `problems`.
    """
    matched, joined = match_rows(
        read.rows,
        gazetteer,
        name,
        ignore_case=config.ignore_case,
        place=read.table.row,
        column=column,
    )
    by = "unit_id" if "unit_id" in read.rows.columns else column
    reported(joined, read.table, by, config, report, problems)
    return matched


def reported(
    joined: MatchReport,
    table: Table,
    by: str,
    config: UnitTable,
    report: BuildReport,
    problems: Sequence[str] = (),
) -> None:
    """Report a join by the column `by` of a table; MatchError where too few rows found a unit."""
    joined.file, joined.by = table.path.name, table.heading(by)
    report.joins.append(joined)
    few = joined.too_few(config.least_match, config.least_units)
    raise_if([*problems, *few], MatchError, table.where)
