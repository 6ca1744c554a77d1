"""Joining tables to units by code, or by name and parents; nothing is guessed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from regional_atlas.config import ParentConfig
from regional_atlas.core.names import folded
from regional_atlas.core.schema import MatchReport
from regional_atlas.units.table import short_name

__all__ = ["Gazetteer", "lost_zeros", "match_rows", "unmatched_hint"]


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

    def candidates(
        self, name: str, within: dict[str, str], *, ignore_case: bool = False
    ) -> list[str]:
        """Return the ids of the units of that name inside the named parents.

        Names are compared in one Unicode form and with their blanks folded; see `folded`.

        Parameters
        ----------
        name : str
            A unit's full name.
        within : dict
            Level id to a parent's full name, short name or alias. Empty names do not restrict.
        ignore_case : bool
            Whether upper and lower case are the same.

        Returns
        -------
        list of str
            Sorted unit ids; empty when none answers.
        """
        named = self._names(ignore_case).units.get(
            folded(name, ignore_case=ignore_case), frozenset()
        )
        if not any(within.values()):
            return sorted(named)
        return sorted(named & self._inside(within, ignore_case))

    def inside(self, within: dict[str, str], *, ignore_case: bool = False) -> list[str]:
        """Return the ids of all units inside the named parents."""
        return sorted(self._inside(within, ignore_case))

    def short(self, level: str, name: str) -> str:
        """Return a parent's short name."""
        return short_name(name, next(p.strip for p in self.parents if p.id == level))

    def _inside(self, within: dict[str, str], ignore_case: bool) -> frozenset[str]:
        found = frozenset(self.units.index)
        answering = self._names(ignore_case).parents
        for parent in self.parents:
            if name := within.get(parent.id):
                found &= answering[parent.id].get(
                    folded(name, ignore_case=ignore_case), frozenset()
                )
        return found

    def _names(self, ignore_case: bool) -> _Names:
        return self._without_case if ignore_case else self._with_case

    @cached_property
    def _with_case(self) -> _Names:
        return _names(self, ignore_case=False)

    @cached_property
    def _without_case(self) -> _Names:
        return _names(self, ignore_case=True)


@dataclass(frozen=True)
class _Names:
    """Units by every name that they and their parents answer to, in the form for comparison."""

    units: dict[str, frozenset[str]]
    parents: dict[str, dict[str, frozenset[str]]]


def _names(gazetteer: Gazetteer, *, ignore_case: bool) -> _Names:
    """Look names up; of a level's, full names win over short ones, aliases over both."""

    def by(names: pd.Series) -> dict[str, frozenset[str]]:
        forms = names.dropna().map(lambda name: folded(str(name), ignore_case=ignore_case))
        return {str(name): frozenset(rows) for name, rows in forms.groupby(forms).groups.items()}

    units = gazetteer.units
    answering = {}
    for parent in gazetteer.parents:
        names = units[parent.id]
        full = by(names)
        shorts = {name: short_name(name, parent.strip) for name in names.dropna().unique()}
        own = frozenset(units.index[names == units["unit"]])
        found = by(names.map(shorts)) | full
        aliases = {
            folded(alias, ignore_case=ignore_case): found.get(
                folded(name, ignore_case=ignore_case), frozenset[str]()
            )
            for alias, name in parent.aliases.items()
        }
        itself = dict.fromkeys(
            (folded(word, ignore_case=ignore_case) for word in parent.itself), own
        )
        answering[parent.id] = found | itself | aliases
    return _Names(by(units["unit"]), answering)


def lost_zeros(codes: Iterable[str], ids: Collection[str]) -> dict[str, str]:
    """Find the ids that codes would be with zeros in front, up to the lengths of the ids.

    Examples
    --------
    >>> lost_zeros(["101", "00102", "7x"], ["00101", "00102"])
    {'101': '00101'}
    """
    lengths = sorted({len(unit) for unit in ids})
    found = {}
    for code in codes:
        if code.isdecimal() and code not in ids:
            padded = (code.zfill(length) for length in lengths if length > len(code))
            match = next((longer for longer in padded if longer in ids), None)
            if match is not None:
                found[code] = match
    return found


def unmatched_hint(codes: pd.Series, ids: Collection[str], *, none: bool = True) -> str:
    """Say why codes may have found no unit, and, where none has, how the ids look.

    Parameters
    ----------
    codes : Series of str
        Of the rows that found none, in the order of the file.
    ids : collection of str
        The units' ids.
    none : bool
        Whether no row of the table found a unit.

    Returns
    -------
    str
        Empty where nothing can be said.

    Examples
    --------
    >>> unmatched_hint(pd.Series({2: "101", 3: "9"}), ["00101", "00102"])
    'line 2: 101; did 00101 lose its zeros? declare key_width = 5'
    >>> unmatched_hint(pd.Series({2: "'00101'"}), ["00101", "00102"])
    "line 2: '00101'; the units' ids are such as 00101, 00102"
    """
    given = codes.dropna()
    if given.empty:
        return ""
    lost = lost_zeros(given, ids)
    if lost:
        line, code = next((line, code) for line, code in given.items() if code in lost)
        whole = lost[code]
        return f"line {line}: {code}; did {whole} lose its zeros? declare key_width = {len(whole)}"
    if not none:
        return ""
    shown = "; ".join(f"line {line}: {code}" for line, code in given.head(5).items())
    return f"{shown}; the units' ids are such as {', '.join(sorted(ids)[:5])}"


def match_rows(
    table: pd.DataFrame, gazetteer: Gazetteer, name: str, *, ignore_case: bool = False
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
    ignore_case : bool
        Whether names are compared without regard to case.

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
            candidates = gazetteer.candidates(str(row["unit"]), within, ignore_case=ignore_case)
        line = f"line {number}: {shown}"
        if len(candidates) > 1:
            report.ambiguous.append(f"{line} ({', '.join(candidates)})")
        elif not candidates:
            report.unmatched.append(line)
        found.append(candidates[0] if len(candidates) == 1 else None)
    matched = pd.Series(found, index=table.index, name="unit_id", dtype="str")
    report.matched = int(matched.notna().sum())
    if "unit_id" in table.columns:
        codes = table["unit_id"][matched.isna()]
        report.hint = unmatched_hint(codes, gazetteer.units.index, none=not report.matched)
    return matched, report
