"""Membership from lists: whole parents, single units, exclusions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import geopandas as gpd
import pandas as pd

from regional_atlas.core.errors import MatchError, raise_if
from regional_atlas.core.schema import MatchReport
from regional_atlas.membership.assemble import assemble_membership

__all__ = ["membership_from_members", "resolve_members"]

Candidates = Callable[[str, dict[str, str]], list[str]]
Inside = Callable[[dict[str, str]], list[str]]
Place = Callable[[int, str], str]


def _line(row: int, column: str) -> str:
    return f"line {row}, column {column!r}"


def resolve_members(
    members: pd.DataFrame,
    levels: list[str],
    candidates: Candidates,
    inside: Inside,
    *,
    ids: Collection[str] = (),
    where: str = "region members",
    least_match: float = 1.0,
    place: Place = _line,
    problems: Sequence[str] = (),
) -> tuple[pd.DataFrame, pd.DataFrame, MatchReport]:
    """Resolve member lines to units.

    Parameters
    ----------
    members : DataFrame
        `region_id`, any of the parent levels, `unit` (a name, an id, or `*` for the whole parent)
        or `unit_id`, `rule` (`include` or `exclude`). The index is the row of the file.
    levels : list of str
        Ids of the parent levels.
    candidates : callable
        `(name, within) -> unit ids`, as `Gazetteer.candidates`.
    inside : callable
        `(within) -> unit ids`, as `Gazetteer.inside`.
    ids : collection of str
        Every unit's id. A name that no unit has may be an id.
    where : str
        The table, for messages.
    least_match : float
        Share of the lines that must find their units.
    place : callable
        Says where a cell is, by its row and column.
    problems : sequence of str
        What else is wrong with the table, to be said with the join.

    Returns
    -------
    DataFrame
        `region_id`, `unit_id`, sorted, without repeats.
    DataFrame
        `region_id`, `rule`: the lines that did not find their units, where that is allowed.
    MatchReport
        Lines that found their units, and those that did not.

    Raises
    ------
    MatchError
        Naming every line that no unit, or more than one, answers to where fewer than `least_match`
        do or none does, every unknown rule, and every exclusion that takes out nothing.
    """
    report = MatchReport(where, rows=len(members), matched=0)
    problems = [*problems]
    included: dict[str, set[str]] = {}
    excluded: dict[str, set[str]] = {}
    lost: list[str] = []
    without: list[tuple[str, str]] = []
    uncertain: set[str] = set()
    known = frozenset(ids)
    for line, row in zip(members.index, members.to_dict("records"), strict=True):
        within = {level: row[level] for level in levels if level in row and pd.notna(row[level])}
        code = str(row["unit_id"]) if pd.notna(row.get("unit_id")) else None
        name = str(row["unit"]) if pd.notna(row.get("unit")) else ""
        said = [row["region_id"], *within.values(), name if code is None else code]
        column = "unit" if code is None else "unit_id"
        shown = f"{place(line, column)}: {' '.join(said)}"
        if row["rule"] not in {"include", "exclude"}:
            problems.append(f"{shown}: rule {row['rule']!r}; allowed: include, exclude")
            continue
        if code is not None:
            found = [code] if code in known else []
        elif name == "*":
            found = inside(within)
        else:
            found = candidates(name, within) or [name] * (name in known)
        missed = ""
        if not found:
            foreign = [level for level in within if not inside({level: within[level]})]
            if code is None and foreign:
                level = foreign[0]
                shown = f"{place(line, level)}: {' '.join(said)}"
                missed = f"{shown}: no unit lies in {level} {within[level]!r}"
            else:
                missed = f"{shown}: no such unit"
            report.unmatched.append(missed)
        elif name != "*" and len(found) > 1:
            missed = f"{shown}: {len(found)} units of that name ({', '.join(found)})"
            report.ambiguous.append(missed)
        if missed:
            lost.append(missed)
            without.append((row["region_id"], row["rule"]))
            uncertain.add(row["region_id"])
            continue
        report.matched += 1
        target = included if row["rule"] == "include" else excluded
        target.setdefault(row["region_id"], set()).update(found)
    for region, units in excluded.items():
        idle = sorted(units - included.get(region, set())) if region not in uncertain else []
        problems += [f"{region}: excludes {unit}, which no line includes" for unit in idle]
    if lost and report.matched < max(least_match * report.rows - 1e-9, 1):
        more = [f"… and {len(lost) - _MOST} more of this kind"] if len(lost) > _MOST else []
        problems = [*lost[:_MOST], *more, *problems]
    raise_if(problems, MatchError, where)
    pairs = [
        (region, unit)
        for region, units in included.items()
        for unit in units - excluded.get(region, set())
    ]
    resolved = pd.DataFrame(sorted(pairs), columns=["region_id", "unit_id"])
    return resolved, pd.DataFrame(without, columns=["region_id", "rule"]), report


_MOST = 20
"""Lines that an error names; further ones are counted."""


def membership_from_members(
    resolved: pd.DataFrame,
    regions: pd.DataFrame,
    units: gpd.GeoDataFrame,
    rule: str = "member",
) -> pd.DataFrame:
    """Make the membership table of units that belong to regions as a whole.

    Parameters
    ----------
    resolved : DataFrame
        `region_id`, `unit_id`.
    regions : DataFrame
        Index `region_id`, columns `kind`, `precedence`.
    units : GeoDataFrame
        With `area_km2`.
    rule : str
        How membership was decided.

    Returns
    -------
    DataFrame
        The membership contract; `share_of_unit` is 1, `share_of_region` by area.
    """
    area = units["area_km2"].reindex(resolved["unit_id"]).to_numpy()
    pairs = resolved.assign(area=area, share_of_unit=1.0, rule=rule)
    pairs["share_of_region"] = pairs["area"] / pairs.groupby("region_id")["area"].transform("sum")
    return assemble_membership(pairs, regions, units.index)
