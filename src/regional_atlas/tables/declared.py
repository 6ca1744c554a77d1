"""Which table of a project declares an indicator, and which other tables its values draw from."""

from __future__ import annotations

from typing import NamedTuple

from regional_atlas.config.indicators import DerivedIndicator, IndicatorColumn, IndicatorTable
from regional_atlas.config.project import Project

__all__ = ["Declared", "declared_items", "draws_on_absent", "of_year", "weighs_as_declared"]

Item = IndicatorColumn | DerivedIndicator


class Declared(NamedTuple):
    """An indicator as a project declares it: a column or a ratio of a table.

    Attributes
    ----------
    table : str
        Its name.
    year : int or None
        None where the headings of the table say the years.
    item : IndicatorColumn or DerivedIndicator
    """

    table: str
    year: int | None
    item: Item


def declared_items(project: Project) -> dict[str, list[Declared]]:
    """List what the tables of a project show, in its order, by code."""
    found: dict[str, list[Declared]] = {}
    for name, table in project.config.indicators.items():
        of_headings = any(column.yearly for column in table.columns)
        shown: list[Item] = [*(column for column in table.columns if column.shown), *table.derived]
        for item in shown:
            year = None if of_headings else table.year
            found.setdefault(item.code, []).append(Declared(name, year, item))
    return found


def of_year(declared: list[Declared], year: int) -> Declared | None:
    """Choose the table of a year, where several have the same code; None where none is of it."""
    dated = [each for each in declared if each.year == year]
    return next(iter([*dated, *(each for each in declared if each.year is None)]), None)


def draws_on_absent(project: Project, declared: Declared) -> bool:
    """Say whether a value is made with what a table has that is not given.

    Parts, weights and what shares totals out are drawn from other tables where the own one does not
    have them; and a table that changes bring up to date keeps no value of a unit that another such
    table knows as divided.
    """
    tables = project.config.indicators
    lacking = [table for table in tables.values() if table.file is None]
    absent = {column.code for table in lacking for column in table.columns}
    absent |= {ratio.code for table in lacking for ratio in table.derived}
    own = tables[declared.table]
    drawn = _drawn(declared.item, own, project.config.population)
    if own.changes is not None and any(table.changes is not None for table in lacking):
        return True
    return own.allocate in absent or not absent.isdisjoint(drawn)


def _drawn(item: Item, own: IndicatorTable, population: str | None) -> set[str]:
    """List the codes of other tables that an item of a table may be made with."""
    columns = {column.code for column in own.columns}
    ratios = {ratio.code: ratio for ratio in own.derived}
    found: set[str] = set()
    seen = {item.code}
    waiting: list[Item] = [item]
    while waiting:
        codes = _made_with(waiting.pop(), own, population) - columns - seen
        seen |= codes
        waiting += [ratios[code] for code in codes if code in ratios]
        found |= codes - {*ratios}
    return found


def _made_with(item: Item, own: IndicatorTable, population: str | None) -> set[str]:
    """List the parts of an item, and what weighs its mean."""
    if isinstance(item, IndicatorColumn):
        weight = item.weight or population
        return set() if item.adds_up or weight is None else {weight}
    parts = {*item.numerator, *item.denominator}
    # A ratio whose parts do not add up is a mean by the population.
    adding = {column.code for column in own.columns if column.adds_up}
    return parts if parts <= adding or population is None else parts | {population}


def weighs_as_declared(project: Project) -> bool:
    """Say whether members of regions weigh by the population that the project declares.

    They do not where the table of its last year is not given.
    """
    code = project.config.population
    holding = [
        table
        for table in project.config.indicators.values()
        if code in {column.code for column in table.columns}
    ]
    last = max(holding, key=lambda table: table.year or 9999, default=None)
    return last is None or last.file is not None
