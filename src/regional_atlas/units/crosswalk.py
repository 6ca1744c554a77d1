"""Joining tables of another vintage: changes of names, codes and boundaries, by their dates."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.schema import MatchReport, listed
from regional_atlas.units.matching import Found, Gazetteer, Place, a_line, set_out

__all__ = ["SEPARATOR", "Crosswalk", "match_areas"]

SEPARATOR = ";"
"""Between the unit ids of an area that was divided since."""


@dataclass(frozen=True)
class Crosswalk:
    """Changes of names, codes and boundaries that came after a table's names.

    Parameters
    ----------
    changes : DataFrame
        `date` (YYYY, YYYY-MM or YYYY-MM-DD; missing: always applies), `kind` (rename, recode,
        merge, split), `from_code`, `from_name`, `to_code`, `to_name` and any parent levels of the
        new unit; the index is the line. A split has one row for each part.
    names_of : date
        Changes up to this day are in the table already.
    """

    changes: pd.DataFrame
    names_of: date

    def problems(self, gazetteer: Gazetteer) -> list[str]:
        """List the changes that lead nowhere: to no unit, or to one of another name or parent."""
        units = gazetteer.units
        known = set(units.index) | set(self._later["from_code"].dropna())
        levels = [p.id for p in gazetteer.parents if p.id in self._later.columns]
        found = []
        for line, row in self._later.iterrows():
            code = row["to_code"]
            if code not in known:
                found.append(f"line {line}: to_code {code} is not a unit")
            elif code in units.index:
                said = {"unit": row["to_name"], **{level: row[level] for level in levels}}
                found += [
                    f"line {line}: {code} has {name} {units.at[code, name]!r}, not {value!r}"
                    for name, value in said.items()
                    if pd.notna(value) and units.at[code, name] != value
                ]
        return found

    def concerns(self, code: str | None, name: str | None) -> bool:
        """Say whether any change may be one of this code or name."""
        return code in self._lines["from_code"] or name in self._lines["from_name"]

    def follow(self, code: str | None, name: str | None, inside: set[str]) -> pd.DataFrame:
        """Find the changes of one row: those of its code, else those of its name.

        Parameters
        ----------
        code, name : str or None
            What the row says.
        inside : set of str
            Units that the row's parents allow; a change by name must lead to one of them.

        Returns
        -------
        DataFrame
            Rows of the changes, the last of each chain; a chain that begins with a merge is one.
            Empty where nothing changed.
        """
        found = self._by("from_code", code)
        if found.empty:
            found = self._by("from_name", name)
            found = found[found["to_code"].isin(inside | self._changed)]
            if code is not None:
                found = found[found["from_code"].isna()]
        chain = [self._next(row) for _, row in found.iterrows()]
        return pd.concat(chain) if chain else found

    def _next(self, row: pd.Series) -> pd.DataFrame:
        later = self._by("from_code", row["to_code"])
        later = later[later["date"].fillna("") > ("" if pd.isna(row["date"]) else row["date"])]
        if later.empty:
            return row.to_frame().T
        steps = pd.concat([self._next(step) for _, step in later.iterrows()])
        return steps.assign(kind=row["kind"]) if row["kind"] == "merge" else steps

    def _by(self, column: str, value: str | None) -> pd.DataFrame:
        lines = self._lines[column].get(value, []) if value is not None else []
        return self._later.loc[lines]

    @cached_property
    def _later(self) -> pd.DataFrame:
        days = self.changes["date"]
        return self.changes[days.isna() | (days > self.names_of.isoformat())]

    @cached_property
    def _lines(self) -> dict[str, dict[str, list[int]]]:
        return {
            column: {
                str(key): list(rows) for key, rows in self._later.groupby(column).groups.items()
            }
            for column in ("from_code", "from_name")
        }

    @cached_property
    def _changed(self) -> set[str]:
        return set(self._later["from_code"].dropna())


def match_areas(
    table: pd.DataFrame,
    gazetteer: Gazetteer,
    name: str,
    *,
    crosswalk: Crosswalk | None = None,
    several: Mapping[str, str] | None = None,
    ignore_case: bool = False,
    place: Place = a_line,
) -> tuple[pd.Series, MatchReport]:
    """Find the unit of each row of a table, through recorded changes where there are any.

    Parameters
    ----------
    table : DataFrame
        With `unit_id` and `unit`, or one of them, and any of the parent levels. A row without a
        code is found by its name. The report names rows by the index, the line of the file.
    gazetteer : Gazetteer
        The units' names.
    name : str
        What is joined, for the report.
    crosswalk : Crosswalk, optional
        Changes since the table's names; a recorded change comes before an equal name or code.
    several : mapping of str to str, optional
        Level to separator, where a cell may name several parents: the unit lies in any of them.
    ignore_case : bool
        Whether names are compared without regard to case.
    place : callable
        Says where a row is, for the report.

    Returns
    -------
    Series
        The area of each row, on the table's index: a unit's id; the ids of all parts, with
        `SEPARATOR` between, where the unit was divided since; missing where a row found none or
        several. Rows of one area belong together: they were merged.
    MatchReport
        Matched, renamed, merged, divided, ambiguous and unmatched rows; a divided row is matched.

    Raises
    ------
    DataError
        Units that several rows claim without any change that merges them.
    """
    report = MatchReport(name, rows=len(table), matched=0)
    levels = [parent.id for parent in gazetteer.parents if parent.id in table.columns]
    areas: list[str | None] = []
    own: list[tuple[str, str]] = []
    for line, row in zip(table.index, table.to_dict("records"), strict=True):
        code, unit = (row[key] if pd.notna(row.get(key)) else None for key in ("unit_id", "unit"))
        places = list(_places(row, levels, several or {}))
        said = " ".join(str(row[level]) for level in levels if pd.notna(row[level]))
        where = place(line, "unit" if code is None else "unit_id")
        shown = f"{where}: {' '.join(filter(None, [said, code, unit]))}"
        if "unit_id" in table.columns and code is None:
            report.without_code.append(shown)
        changed = pd.DataFrame()
        if crosswalk is not None and crosswalk.concerns(code, unit):
            inside = {
                found
                for within in places
                for found in gazetteer.inside(within, ignore_case=ignore_case)
            }
            changed = crosswalk.follow(code, unit, inside)
        if not changed.empty:
            areas.append(SEPARATOR.join(sorted(set(changed["to_code"]))))
            if not changed["kind"].isin(["merge", "split"]).any():
                own.append((str(areas[-1]), where))
            _record(report, shown, changed)
            continue
        match = _found(code, unit, places, gazetteer, ignore_case)
        candidates = match.units
        if len(candidates) > 1:
            report.ambiguous.append(f"{shown} ({', '.join(candidates)})")
        elif not candidates:
            report.unmatched.append(shown)
        elif match.differs:
            report.renamed.append(f"{shown} → {candidates[0]} ({match.differs})")
        areas.append(candidates[0] if len(candidates) == 1 else None)
        own += [(candidates[0], where)] if len(candidates) == 1 else []
    claims: dict[str, list[str]] = {}
    for unit_id, where in own:
        claims.setdefault(unit_id, []).append(where)
    raise_if(
        (
            f"unit {unit_id} is the answer to more than one row: {listed(rows)}"
            for unit_id, rows in sorted(claims.items())
            if len(rows) > 1
        ),
        DataError,
        name,
    )
    matched = pd.Series(areas, index=table.index, name="area", dtype="str")
    report.matched = int(matched.notna().sum())
    by_code = "unit_id" in table.columns
    codes = table["unit_id"][matched.isna()].dropna() if by_code else table.iloc[:0, 0]
    speaks = set(matched.dropna().str.split(SEPARATOR).explode())
    set_out(report, gazetteer, speaks, codes, place)
    report.units_without = report.without_count
    return matched, report


def _found(
    code: str | None,
    unit: str | None,
    places: list[dict[str, str]],
    gazetteer: Gazetteer,
    ignore_case: bool,
) -> Found:
    """Find the units of a row by its code, or by its name in any of the places it may lie in."""
    if code is not None:
        return Found([code] if code in gazetteer.units.index else [])
    matches = [gazetteer.find(unit or "", within, ignore_case=ignore_case) for within in places]
    exact = [match for match in matches if match.units and not match.differs] or matches
    units = sorted({unit_id for match in exact for unit_id in match.units})
    return Found(units, next((match.differs for match in exact if match.differs), ""))


def _places(
    row: Mapping[Hashable, Any], levels: list[str], several: Mapping[str, str]
) -> Iterator[dict[str, str]]:
    """Yield every combination of parents that a row's cells allow."""
    places: list[dict[str, str]] = [{}]
    for level in levels:
        if pd.notna(row[level]):
            cell = str(row[level])
            names = cell.split(several[level]) if level in several else [cell]
            places = [place | {level: name.strip()} for place in places for name in names]
    yield from places


def _record(report: MatchReport, shown: str, changed: pd.DataFrame) -> None:
    targets = ", ".join(
        f"{code} {name}" for code, name in zip(changed["to_code"], changed["to_name"], strict=True)
    )
    change = changed.iloc[0]
    when = f" {change['date']}" if pd.notna(change["date"]) else ""
    line = f"{shown} → {targets} ({change['kind']}{when})"
    {"merge": report.merged, "split": report.divided}.get(change["kind"], report.renamed).append(
        line
    )
