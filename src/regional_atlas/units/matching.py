"""Joining tables to units by code, or by name and parents; nothing is guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from regional_atlas.config import ParentConfig
from regional_atlas.core.schema import MatchReport
from regional_atlas.units.table import short_name

__all__ = ["Gazetteer", "match_rows"]


@dataclass(frozen=True)
class Gazetteer:
    """Names of units and parents, looked up by any name they answer to.

    Parameters
    ----------
    units : DataFrame
        The units table.
    parents : sequence of ParentConfig
        The levels, with their short forms and aliases.
    """

    units: pd.DataFrame
    parents: Sequence[ParentConfig]

    def candidates(self, name: str, within: dict[str, str]) -> list[str]:
        """Return the ids of the units of that name inside the named parents.

        Parameters
        ----------
        name : str
            A unit's full name.
        within : dict
            Level id to a parent's full name, short name or alias. Empty names do not restrict.

        Returns
        -------
        list of str
            Sorted unit ids; empty when none answers.
        """
        named = self._named.get(name, frozenset())
        return sorted(named & self._inside(within)) if any(within.values()) else sorted(named)

    def inside(self, within: dict[str, str]) -> list[str]:
        """Return the ids of all units inside the named parents."""
        return sorted(self._inside(within))

    def short(self, level: str, name: str) -> str:
        """Return a parent's short name."""
        return short_name(name, next(p.strip for p in self.parents if p.id == level))

    def _inside(self, within: dict[str, str]) -> frozenset[str]:
        found = self._all
        for parent in self.parents:
            if name := within.get(parent.id):
                full = parent.aliases.get(name, name)
                found &= self._answering[parent.id].get(full, frozenset())
        return found

    @cached_property
    def _all(self) -> frozenset[str]:
        return frozenset(self.units.index)

    @cached_property
    def _named(self) -> dict[str, frozenset[str]]:
        return _ids_by(self.units["unit"])

    @cached_property
    def _answering(self) -> dict[str, dict[str, frozenset[str]]]:
        """By level, the units inside each parent, by every name it answers to; full names win."""
        answering = {}
        for parent in self.parents:
            names = self.units[parent.id]
            full = _ids_by(names)
            shorts = {name: short_name(name, parent.strip) for name in full}
            own = frozenset(self.units.index[names == self.units["unit"]])
            answering[parent.id] = (
                _ids_by(names.map(shorts)) | full | dict.fromkeys(parent.itself, own)
            )
        return answering


def _ids_by(names: pd.Series) -> dict[str, frozenset[str]]:
    return {str(name): frozenset(rows.index) for name, rows in names.dropna().groupby(names)}


def match_rows(
    table: pd.DataFrame, gazetteer: Gazetteer, name: str
) -> tuple[pd.Series, MatchReport]:
    """Find the unit of each row of a table.

    Parameters
    ----------
    table : DataFrame
        With a column `unit_id`, or with `unit` and any of the parent levels. The report names rows
        by the index, which is the line of the file.
    gazetteer : Gazetteer
        The units' names.
    name : str
        What is joined, for the report.

    Returns
    -------
    Series
        unit_id per row, on the table's index; missing where a row found none or several.
    MatchReport
        Matched, ambiguous and unmatched rows.

    Examples
    --------
    >>> from regional_atlas.config import ParentConfig
    >>> county = ParentConfig(id="state", title="state", key="state", strip=[" State"])
    >>> units = pd.DataFrame({"unit": ["Oak", "Oak"], "state": ["East State", "West State"]},
    ...                      index=["01", "02"])
    >>> table = pd.DataFrame({"unit": ["Oak", "Oak", "Elm"], "state": ["West", None, "East"]})
    >>> matched, report = match_rows(table, Gazetteer(units, [county]), "list")
    >>> matched.fillna("").tolist(), report.ambiguous, report.unmatched
    (['02', '', ''], ['line 1: Oak (01, 02)'], ['line 2: East Elm'])
    """
    report = MatchReport(name, rows=len(table), matched=0)
    levels = [parent.id for parent in gazetteer.parents if parent.id in table.columns]
    found: list[str | None] = []
    for number, row in table.iterrows():
        within = {level: str(row[level]) for level in levels if pd.notna(row[level])}
        if "unit_id" in table.columns:
            shown = str(row["unit_id"])
            candidates = [shown] if shown in gazetteer.units.index else []
        else:
            shown = " ".join([*within.values(), str(row["unit"])])
            candidates = gazetteer.candidates(str(row["unit"]), within)
        line = f"line {number}: {shown}"
        if len(candidates) > 1:
            report.ambiguous.append(f"{line} ({', '.join(candidates)})")
        elif not candidates:
            report.unmatched.append(line)
        found.append(candidates[0] if len(candidates) == 1 else None)
    matched = pd.Series(found, index=table.index, name="unit_id", dtype="str")
    report.matched = int(matched.notna().sum())
    return matched, report
