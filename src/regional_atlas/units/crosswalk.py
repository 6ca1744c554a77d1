"""Joining tables of another vintage: changes of names, codes and boundaries, by their dates."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import pandas as pd

from regional_atlas.core.errors import DataError, raise_if
from regional_atlas.core.names import folded
from regional_atlas.core.schema import MatchReport, listed
from regional_atlas.units.changes import change_problems, complete, earliest
from regional_atlas.units.matching import Found, Gazetteer, Place, a_line, contradictions, set_out

__all__ = ["SEPARATOR", "Crosswalk", "area_links", "match_areas"]

SEPARATOR = ";"
"""Between the unit ids of an area that was divided since."""


@dataclass(frozen=True)
class Crosswalk:
    """Changes of names, codes and boundaries that came after a table's names.

    Parameters
    ----------
    changes : DataFrame
        See `units.changes`, with any parent levels of the new unit; the index is the line.
    names_of : date
        Changes up to this day are in the table already.
    weights : Series, optional
        By unit id: what shares the totals of a divided unit out where `changes` has no share.
    """

    changes: pd.DataFrame
    names_of: date
    weights: pd.Series | None = None

    @property
    def allocates(self) -> bool:
        """Whether totals of divided units are shared out."""
        stated = "share" in self.changes and self.changes["share"].notna().any()
        return self.weights is not None or bool(stated)

    def problems(self, gazetteer: Gazetteer) -> list[str]:
        """List all that is wrong: see `change_problems`; a unit of another name or parent."""
        units = gazetteer.units
        given = self.changes.loc[self._given]
        levels = [p.id for p in gazetteer.parents if p.id in given.columns]
        found = change_problems(given, units.index)
        for line, row in given.iterrows():
            code = row["to_code"]
            if code in units.index:
                said = {"unit": row["to_name"], **{level: row[level] for level in levels}}
                found += [
                    f"line {line}: {code} has {name} {units.at[code, name]!r}, not {value!r}"
                    for name, value in said.items()
                    if pd.notna(value) and folded(str(units.at[code, name])) != folded(value)
                ]
        return found

    def concerns(self, code: str | None, name: str | None) -> bool:
        """Say whether any change may be one of this code or name."""
        return any(
            value is not None and folded(value) in self._lines[column]
            for column, value in (("from_code", code), ("from_name", name))
        )

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
        found = earliest(self._by("from_code", code))
        if found.empty:
            found = self._by("from_name", name)
            found = earliest(found[found["to_code"].isin(inside | self._changed)])
            if code is not None:
                found = found[found["from_code"].isna()]
        chain = [self._next(row) for _, row in found.iterrows()]
        return pd.concat(chain) if chain else found

    def _next(self, row: pd.Series) -> pd.DataFrame:
        later = self._by("from_code", row["to_code"])
        later = later[later["date"].fillna("") > ("" if pd.isna(row["date"]) else row["date"])]
        if later.empty:
            return row.to_frame().T
        steps = pd.concat([self._next(step) for _, step in earliest(later).iterrows()])
        steps = steps.assign(share=steps["share"] * row["share"])
        return steps.assign(kind=row["kind"]) if row["kind"] == "merge" else steps

    def _by(self, column: str, value: str | None) -> pd.DataFrame:
        lines = self._lines[column].get(folded(value), []) if value is not None else []
        return self._later.loc[lines]

    @property
    def _given(self) -> pd.Series:
        """Which changes came after the names."""
        days = self.changes["date"]
        return days.isna() | (days > self.names_of.isoformat())

    @cached_property
    def _later(self) -> pd.DataFrame:
        return complete(self.changes[self._given], self.weights)

    @cached_property
    def _lines(self) -> dict[str, dict[str, list[int]]]:
        return {
            column: {
                str(key): list(rows)
                for key, rows in self._later.groupby(
                    self._later[column].map(folded, "ignore")
                ).groups.items()
            }
            for column in ("from_code", "from_name")
        }

    @cached_property
    def _changed(self) -> set[str]:
        return set(self._later["from_code"].dropna())


def area_links(table: pd.DataFrame, areas: pd.Series, crosswalk: Crosswalk | None) -> pd.DataFrame:
    """Say which share of each row's totals goes to which unit.

    Parameters
    ----------
    table : DataFrame
        As for `match_areas`.
    areas : Series
        What `match_areas` found for its rows.
    crosswalk : Crosswalk or None

    Returns
    -------
    DataFrame
        `source` (the line), `unit_id`, `share`: 1 where a row goes whole, missing where nothing
        says how an old unit was divided. Rows without a unit are left out.
    """
    found: list[tuple[object, str, float]] = []
    rows = table.to_dict("records")
    for line, row, area in zip(table.index, rows, areas, strict=True):
        if pd.isna(area):
            continue
        units = str(area).split(SEPARATOR)
        shares = dict.fromkeys(units, 1.0 if len(units) == 1 else float("nan"))
        if crosswalk is not None:
            code, name = (
                row[key] if pd.notna(row.get(key)) else None for key in ("unit_id", "unit")
            )
            if crosswalk.concerns(code, name):
                steps = crosswalk.follow(code, name, set(units))
                steps = steps[steps["to_code"].isin(units)]
                of_unit = steps["share"].astype("float64").groupby(steps["to_code"])
                known = of_unit.sum(min_count=1)
                shares |= {unit: float(known.get(unit, share)) for unit, share in shares.items()}
        found += [(line, unit, share) for unit, share in shares.items()]
    return pd.DataFrame(found, columns=["source", "unit_id", "share"])


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
        Units that several rows claim without any change that merges them; rows whose code is one
        unit's and whose name is another's.
    """
    report = MatchReport(name, rows=len(table), matched=0)
    levels = [parent.id for parent in gazetteer.parents if parent.id in table.columns]
    areas: list[str | None] = []
    own: list[tuple[str, str]] = []
    unchanged: list[int] = []
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
            if not changed["kind"].isin(["merge", "split", "transfer"]).any():
                own.append((str(areas[-1]), where))
            _record(report, shown, changed)
            continue
        unchanged.append(line)
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
    raise_if(contradictions(table.loc[unchanged], gazetteer, place), DataError, name)
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
    {"merge": report.merged, "split": report.divided, "transfer": report.divided}.get(
        change["kind"], report.renamed
    ).append(line)
