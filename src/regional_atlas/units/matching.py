"""Joining tables to units by code, or by name and parents; nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from regional_atlas.config import ParentConfig
from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.names import bare, folded, one_width
from regional_atlas.core.schema import MatchReport, listed
from regional_atlas.units.codes import likeness
from regional_atlas.units.table import short_name

__all__ = ["Found", "Gazetteer", "Place", "a_line", "contradictions", "match_rows", "set_out"]

Place = Callable[[int, str], str]
"""Says where a row is, by its number and the column that names its unit."""


def a_line(row: int, _: str) -> str:
    """Say where a row of a text file is."""
    return f"line {row}"


class Found(NamedTuple):
    """The units that a name may mean, and how it differs from theirs where it does."""

    units: list[str]
    differs: str = ""


@dataclass(frozen=True)
class Gazetteer:
    """Names of units and parents, looked up by any name they answer to.

    Parameters
    ----------
    units : DataFrame
        The units table.
    parents : sequence of ParentConfig
        The levels, with their short forms and aliases.
    aliases : mapping of str to str
        Other names of units, to their ids.
    """

    units: pd.DataFrame
    parents: Sequence[ParentConfig]
    aliases: Mapping[str, str] = field(default_factory=dict)

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

    def find(self, name: str, within: dict[str, str], *, ignore_case: bool = False) -> Found:
        """Find the units of a name inside the named parents; see `candidates`.

        A name that no unit has may be another name of one, or that of one unit without its accents,
        or in full-width signs: then it is that unit, and the answer says so.
        """
        found = self.candidates(name, within, ignore_case=ignore_case)
        if found:
            return Found(found)
        known = self._names(ignore_case).aliases.get(folded(name, ignore_case=ignore_case))
        if known is not None and known in self._inside(within, ignore_case):
            return Found([known], f"{self.units['unit'][known]} by another name")
        same = one_width(folded(name, ignore_case=ignore_case))
        near = self._names(ignore_case).bare.get(bare(same), frozenset())
        if any(within.values()):
            near &= self._inside(within, ignore_case)
        if len(near) != 1:
            return Found([])
        unit = next(iter(near))
        called = str(self.units["unit"][unit])
        wide = same == one_width(folded(called, ignore_case=ignore_case))
        how = "in signs of another width" if wide else "without its accents"
        return Found([unit], f"{called} {how}")

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
    bare: dict[str, frozenset[str]]
    aliases: dict[str, str]


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
        itself = frozenset(units.index[names == units["unit"]])
        found = by(names.map(shorts)) | full
        aliases = {
            folded(alias, ignore_case=ignore_case): found.get(
                folded(name, ignore_case=ignore_case), frozenset[str]()
            )
            for alias, name in parent.aliases.items()
        }
        words = dict.fromkeys(
            (folded(word, ignore_case=ignore_case) for word in parent.itself), itself
        )
        answering[parent.id] = found | words | aliases
    own = by(units["unit"])
    spelt: dict[str, frozenset[str]] = {}
    for name, rows in own.items():
        form = bare(one_width(name))
        spelt[form] = spelt.get(form, frozenset()) | rows
    others = gazetteer.aliases.items()
    return _Names(
        own,
        answering,
        spelt,
        {folded(name, ignore_case=ignore_case): code for name, code in others},
    )


def set_out(
    report: MatchReport,
    gazetteer: Gazetteer,
    speaks: Collection[str],
    codes: pd.Series,
    place: Place,
) -> None:
    """Complete a report with what both sides of a join lack, and why it may be so.

    Parameters
    ----------
    report : MatchReport
        With its rows, those that matched and those that did not.
    gazetteer : Gazetteer
        The units' names.
    speaks : collection of str
        The units that some row speaks of.
    codes : Series of str
        The codes that are no unit's, on the rows of the table; empty where rows name units.
    place : callable
        Says where a row is.

    Examples
    --------
    >>> units = pd.DataFrame({"unit": ["Ash", "Elm"]}, index=["00101", "00102"])
    >>> report = MatchReport("t", rows=1, matched=0, unmatched=["line 2: 101"])
    >>> set_out(report, Gazetteer(units, []), [], pd.Series({2: "101"}), a_line)
    >>> report.hint, report.without
    ('line 2: 101; did 00101 lose its zeros? declare key_width = 5', ['00101 Ash', '00102 Elm'])
    """
    units = gazetteer.units
    lacking = units.index.difference(pd.Index(list(speaks)))
    report.units, report.without_count = len(units), len(lacking)
    report.without = [f"{code} {units['unit'][code]!s}" for code in lacking[:_FIRST]]
    like = likeness(codes.unique(), units.index)
    rows = report.lost_rows()
    if like is not None:
        row = next(row for row, code in codes.items() if code == like.code)
        said = f"{place(int(str(row)), 'unit_id')}: {like.code}"
        others = [line for line in rows if not line.startswith(f"{said}")]
        report.hint = listed([f"{said}; {like.asked}", *others])
    elif report.rows and not report.matched:
        if codes.empty:
            named = sorted(map(str, units["unit"].dropna().unique()))[:_FIRST]
            report.hint = f"{listed(rows)}; the units are called such as {', '.join(named)}"
        else:
            ids = ", ".join(sorted(units.index)[:_FIRST])
            report.hint = f"{listed(rows)}; the units' ids are such as {ids}"


_FIRST = 5


def contradictions(table: pd.DataFrame, gazetteer: Gazetteer, place: Place = a_line) -> list[str]:
    """Name the rows whose code is one unit's and whose name is another's.

    A name that no unit has says nothing: it may be longer, or in another language.

    Parameters
    ----------
    table : DataFrame
        With `unit_id` and `unit`; with one of them alone nothing contradicts it.
    gazetteer : Gazetteer
        The units' names.
    place : callable
        Says where a row is.

    Examples
    --------
    >>> units = pd.DataFrame({"unit": ["Oak", "Elm"]}, index=["01", "02"])
    >>> table = pd.DataFrame({"unit_id": ["01", "02"], "unit": ["Elm", "Elm County"]})
    >>> contradictions(table, Gazetteer(units, []))[0].split(";")[0]
    'line 0: 01 is Oak, but Elm is 02'
    """
    if not {"unit_id", "unit"} <= {*table.columns}:
        return []
    rows = table[["unit_id", "unit"]].dropna()
    rows = rows[rows["unit_id"].isin(gazetteer.units.index)]
    found = []
    for row, code, name in rows.itertuples():
        named = gazetteer.candidates(str(name), {})
        if named and code not in named:
            called = gazetteer.units["unit"][code]
            found.append(f"{place(row, 'unit_id')}: {code} is {called}, but {name} is {named[0]}")
    if not found:
        return []
    more = [f"… and {len(found) - _SHOWN} more of this kind"] if len(found) > _SHOWN else []
    shown = [*found[:_SHOWN], *more]
    return [*shown[:-1], f"{shown[-1]}; {_ONE_OF_BOTH}"]


_SHOWN = 5
"""Rows of a kind that a message names."""
_ONE_OF_BOTH = "put the rows right, or leave the names out by rename = { unit = 'label' }"


def match_rows(
    table: pd.DataFrame,
    gazetteer: Gazetteer,
    name: str,
    *,
    ignore_case: bool = False,
    place: Place = a_line,
    column: str = "unit",
) -> tuple[pd.Series, MatchReport]:
    """Find the unit of each row of a table.

    Parameters
    ----------
    table : DataFrame
        With a column `unit_id`, or with `unit` and any of the parent levels. The report names rows
        by the index, which is the row of the file.
    gazetteer : Gazetteer
        The units' names.
    name : str
        What is joined, for the report.
    ignore_case : bool
        Whether names are compared without regard to case.
    place : callable
        Says where a row is, for the report.
    column : str
        The table's column of `unit`, for the report.

    Returns
    -------
    Series
        unit_id per row, on the table's index; missing where a row found none or several.
    MatchReport
        Matched, ambiguous and unmatched rows, and units without a row.

    Raises
    ------
    DataError
        Rows whose code is one unit's and whose name is another's.

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
    raise_if(contradictions(table, gazetteer, place), DataError, name)
    report = MatchReport(name, rows=len(table), matched=0)
    levels = [parent.id for parent in gazetteer.parents if parent.id in table.columns]
    by_code = "unit_id" in table.columns
    found: list[str | None] = []
    for number, row in zip(table.index, table.to_dict("records"), strict=True):
        within = {level: str(row[level]) for level in levels if pd.notna(row[level])}
        cell = row["unit_id" if by_code else "unit"]
        said = "" if pd.isna(cell) else str(cell)
        if by_code:
            match = Found([said] if said in gazetteer.units.index else [])
            shown = said or "(empty)"
        else:
            match = gazetteer.find(said, within, ignore_case=ignore_case)
            shown = " ".join([*within.values(), said or "(empty)"])
        line = f"{place(number, 'unit_id' if by_code else column)}: {shown}"
        if len(match.units) > 1:
            report.ambiguous.append(f"{line} ({', '.join(match.units)})")
        elif not match.units:
            report.unmatched.append(line)
        elif match.differs:
            report.renamed.append(f"{line} → {match.units[0]} ({match.differs})")
        found.append(match.units[0] if len(match.units) == 1 else None)
    matched = pd.Series(found, index=table.index, name="unit_id", dtype="str")
    report.matched = int(matched.notna().sum())
    codes = table["unit_id"][matched.isna()].dropna() if by_code else table.iloc[:0, 0]
    set_out(report, gazetteer, set(matched.dropna()), codes, place)
    return matched, report
