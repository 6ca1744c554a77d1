"""Changes of boundaries: what becomes of values when units are renamed, merged, split or moved.

The table of changes has one row for each old unit and each unit that it becomes or gives to:

| column | means |
|---|---|
| `date` | YYYY, YYYY-MM or YYYY-MM-DD; missing: always applies |
| `kind` | `rename`, `recode`, `merge`, `split` (a row for each part), `transfer` (a part moves) |
| `from_code`, `from_name` | the unit before; one of them is enough, `transfer` needs the code |
| `to_code`, `to_name` | the unit after |
| `share` | of the old unit's totals that go there; optional for `split`, needed for `transfer` |

Shares of a split add up to 1. A unit that transfers parts keeps the rest; what it gives on a later
day is a share of that rest.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd

from regional_atlas.core.kinds import Extensive, Intensive, Kind, Maximum, Minimum, Ratio, combined

__all__ = [
    "ALLOCATED",
    "MERGED",
    "carried_flags",
    "carry",
    "change_problems",
    "complete",
    "earliest",
]

TOLERANCE = 1e-6
"""By how much stated shares may miss 1, being rounded; they are scaled to 1 then."""
ALLOCATED = "allocated"
"""Flag of a value that holds a share of another unit's: an estimate."""
MERGED = "merged"
"""Flag of a value put together from several whole units."""


def complete(changes: pd.DataFrame, weights: pd.Series | None = None) -> pd.DataFrame:
    """Give every change its share, and what a transfer leaves a row of its own.

    Parameters
    ----------
    changes : DataFrame
        See above; the index is the line.
    weights : Series, optional
        By unit id: parts of a split without a stated share get theirs by it; none where a weight is
        below 0.

    Returns
    -------
    DataFrame
        With `share`: 1 where a unit goes whole; missing where nothing says it. What a transfer
        leaves is a row from the unit to itself, whose index is minus the line of the transfer.

    Examples
    --------
    >>> changes = pd.DataFrame({"date": ["2020", "2021", "2021"],
    ...     "kind": ["transfer", "split", "split"], "from_code": ["a", "c", "c"],
    ...     "to_code": ["b", "d", "e"], "share": [0.25, None, None]})
    >>> found = complete(changes, pd.Series({"d": 30.0, "e": 10.0}))
    >>> found[["from_code", "to_code", "share"]].values.tolist()
    [['a', 'b', 0.25], ['a', 'a', 0.75], ['c', 'd', 0.75], ['c', 'e', 0.25]]
    """
    shares = changes["share"] if "share" in changes else pd.Series(np.nan, changes.index)
    found = changes.assign(share=shares.astype("float64"))
    whole = ~found["kind"].isin(["split", "transfer"])
    found["share"] = found["share"].mask(whole & found["share"].isna(), 1.0)
    split = found["kind"] == "split"
    keys = _keys(found)
    if weights is not None:
        unknown = split & found["share"].isna()
        heavy = pd.Series(
            [_weight(found, row, weights) for _, row in found[unknown].iterrows()],
            found.index[unknown],
            dtype="float64",
        )
        sums = heavy.groupby(keys[unknown]).transform(lambda part: part.sum(skipna=False))
        least = heavy.groupby(keys[unknown]).transform("min")
        found.loc[unknown, "share"] = heavy / sums.where((sums > 0) & (least >= 0))
    sums = found["share"].groupby(keys).transform(lambda part: part.sum(skipna=False))
    found["share"] = found["share"].mask(
        split & ((sums - 1).abs() <= TOLERANCE), found["share"] / sums
    )
    moved = found[found["kind"] == "transfer"]
    rest = moved.assign(share=1 - sums[moved.index])[~keys[moved.index].duplicated()]
    rest = rest.set_axis([-line for line in rest.index]).assign(
        to_code=rest["from_code"].to_numpy()
    )
    if "from_name" in rest:
        rest["to_name"] = rest["from_name"]
    parents = rest.columns.difference([*_COLUMNS, "share"])
    rest[parents] = None
    order = [line for at in found.index for line in (at, -at) if line in (at, *rest.index)]
    return pd.concat([found, rest]).loc[list(dict.fromkeys(order))] if len(rest) else found


_COLUMNS = ("date", "kind", "from_code", "from_name", "to_code", "to_name")


def earliest(changes: pd.DataFrame) -> pd.DataFrame:
    """Take the first changes of each old unit; those of later days are of what they leave of it.

    A change without a date comes before all others, and one without a code is kept.

    Examples
    --------
    >>> changes = pd.DataFrame({"date": ["2015", "2017"], "from_code": ["a", "a"],
    ...                         "to_code": ["a", "c"]})
    >>> earliest(changes)["to_code"].tolist()
    ['a']
    """
    days = changes["date"].fillna("")
    first = days.groupby(changes["from_code"]).transform("min")
    return changes[changes["from_code"].isna() | (days == first)]


def _keys(changes: pd.DataFrame) -> pd.Series:
    """Name the old unit and the day of each change: its rows belong together."""
    old = changes["from_code"]
    if "from_name" in changes:
        old = old.fillna(changes["from_name"])
    return changes["date"].fillna("") + "|" + old.fillna("")


def _weight(changes: pd.DataFrame, row: pd.Series, weights: pd.Series) -> float:
    """Weigh a part by the unit that it is now, or by the parts that it was divided into since."""
    day = "" if pd.isna(row["date"]) else row["date"]
    later = changes[(changes["from_code"] == row["to_code"]) & (changes["date"].fillna("") > day)]
    if later.empty:
        return float(weights.get(row["to_code"], np.nan))
    later = earliest(later)
    if (later["kind"] == "split").all() or later["kind"].isin(["rename", "recode"]).all():
        return sum(_weight(changes, step, weights) for _, step in later.iterrows())
    return np.nan


def change_problems(changes: pd.DataFrame, units: pd.Index) -> list[str]:
    """List everything that is wrong with a table of changes, by line.

    Parameters
    ----------
    changes : DataFrame
        See above; the index is the line. `date` and `kind` are well-formed.
    units : Index
        The ids of the units of today.

    Returns
    -------
    list of str
        Codes that lead to no unit; shares that are none, or do not add up; cycles; units that end
        twice, and changes that lead to a unit which ended before.

    Examples
    --------
    >>> changes = pd.DataFrame({"date": ["2020", "2020"], "kind": ["split", "split"],
    ...     "from_code": ["a", "a"], "to_code": ["b", "x"], "share": [0.5, 0.6]}, index=[2, 3])
    >>> for problem in change_problems(changes, pd.Index(["b"])):
    ...     print(problem)
    line 3: to_code x is not a unit
    lines 2, 3: the shares of a (2020) add up to 1.1, not 1
    """
    return [
        *_lost(changes, units),
        *_wrong_shares(changes),
        *_cycles(changes),
        *_ended_twice(changes),
    ]


def _lost(changes: pd.DataFrame, units: pd.Index) -> list[str]:
    days = changes["date"].fillna("")
    last = days.groupby(changes["from_code"]).max()
    kept = changes["from_code"] == changes["to_code"]
    problems = []
    astray = ~kept & ~changes["to_code"].isin(units)
    for line, code, day in zip(
        changes.index[astray], changes["to_code"][astray], days[astray], strict=True
    ):
        if code in last.index and last[code] > day:
            continue
        said = f"line {line}: to_code {code} is not a unit"
        if code in last.index:
            ended = changes.index[changes["from_code"] == code][0]
            said += f"; it changed before that (line {ended}): are the dates out of order?"
        problems.append(said)
    return problems


def _wrong_shares(changes: pd.DataFrame) -> list[str]:
    if "share" not in changes:
        moved = changes.index[changes["kind"] == "transfer"]
        return [f"line {line}: a transfer needs `share`, the share that moves" for line in moved]
    share, kind = changes["share"], changes["kind"]
    problems = [
        f"line {line}: a transfer needs `from_code` and `share`, the share that moves"
        for line in changes.index[
            (kind == "transfer") & (share.isna() | changes["from_code"].isna())
        ]
    ]
    problems += [
        f"line {line}: share {value:g} is not above 0 and up to 1"
        for line, value in share[share.notna() & ~((share > 0) & (share <= 1))].items()
    ]
    problems += [
        f"line {line}: a {kind[line]} takes the whole unit, found share {share[line]:g}"
        for line in changes.index[~kind.isin(["split", "transfer"]) & share.notna() & (share != 1)]
    ]
    for key, rows in changes.groupby(_keys(changes), sort=False):
        lines = f"line{'s' if len(rows) > 1 else ''} {', '.join(map(str, rows.index))}"
        day, _, old = str(key).partition("|")
        named = f"{old} ({day or 'always'})"
        kinds = sorted(rows["kind"].unique())
        if len(kinds) > 1 and {"split", "transfer"} & {*kinds}:
            problems.append(f"{lines}: {named} has changes of several kinds: {', '.join(kinds)}")
            continue
        given = rows["share"].dropna()
        if kinds == ["split"] and 0 < len(given) < len(rows):
            problems.append(f"{lines}: some parts of {named} have a share and some have none")
        elif kinds == ["split"] and len(given) and abs(given.sum() - 1) > TOLERANCE:
            problems.append(f"{lines}: the shares of {named} add up to {given.sum():g}, not 1")
        elif kinds == ["transfer"] and given.sum() > 1 + TOLERANCE:
            problems.append(f"{lines}: the shares of {named} add up to {given.sum():g}, above 1")
    return problems


def _cycles(changes: pd.DataFrame) -> list[str]:
    """Find units that become each other on one day."""
    problems = []
    moves = changes[changes["from_code"].notna() & (changes["from_code"] != changes["to_code"])]
    moves = moves[moves["kind"] != "transfer"]
    for _, rows in moves.groupby(moves["date"].fillna("")):
        leads: dict[str, list[tuple[str, int]]] = {}
        for line, old, new in zip(rows.index, rows["from_code"], rows["to_code"], strict=True):
            leads.setdefault(old, []).append((new, int(line)))
        done: set[str] = set()
        for start in leads:
            path, stack = [start], [iter(leads[start])]
            lines: list[int] = []
            while stack:
                step = next(stack[-1], None)
                if step is None:
                    stack.pop()
                    done.add(path.pop())
                    lines = lines[: max(0, len(path) - 1)]
                    continue
                code, line = step
                if code in path:
                    first = path.index(code)
                    on = ", ".join(map(str, [*lines[first:], line]))
                    turn = " → ".join([*path[first:], code])
                    problems.append(f"lines {on}: {turn} on one day is a cycle")
                elif code in leads and code not in done:
                    path.append(code)
                    lines.append(line)
                    stack.append(iter(leads[code]))
    return problems


def _ended_twice(changes: pd.DataFrame) -> list[str]:
    """Find units that change again after they ended, without having come back."""
    problems = []
    dated = changes[changes["date"].notna() & changes["from_code"].notna()]
    for code, rows in dated.groupby("from_code", sort=False):
        days = sorted(rows["date"].unique())
        for before, after in itertools.pairwise(days):
            first = rows[rows["date"] == before]
            goes_on = (first["kind"] == "transfer").any() or (first["to_code"] == code).any()
            back = changes[(changes["to_code"] == code) & (changes["date"] > before)]
            if not goes_on and not (back["date"] <= after).any():
                line = rows.index[rows["date"] == after][0]
                problems.append(
                    f"line {line}: {code} changes on {after}, but it ended on {before} (line "
                    f"{first.index[0]}); are the dates out of order?"
                )
    return problems


def carry(values: pd.DataFrame, links: pd.DataFrame, kinds: Mapping[str, Kind]) -> pd.DataFrame:
    """Carry values over to other units, each by the rule of its kind.

    Totals are shared out and added up; a mean is weighted by its code's weight, shared out the same
    way; a ratio is made anew from its parts, and so must have them among the columns. Extremes are
    those of all units that gave a part. What has no weight holds for every part of its unit, and is
    missing where several units make one.

    Parameters
    ----------
    values : DataFrame
        One row for each old unit, one column for each code and each weight.
    links : DataFrame
        `source` (index of `values`), `unit_id`, `share` of the source's totals that goes there. A
        missing share makes totals missing.
    kinds : mapping of str to Kind
        Of the codes to carry.

    Returns
    -------
    DataFrame
        Index `unit_id`. A total over a missing part is missing.

    Examples
    --------
    >>> from regional_atlas.core.kinds import Ratio
    >>> old = pd.DataFrame({"un": [10.0, 4.0], "lf": [100.0, 50.0]}, index=["a", "b"])
    >>> links = pd.DataFrame({"source": ["a", "a", "b"], "unit_id": ["x", "y", "y"],
    ...                       "share": [0.6, 0.4, 1.0]})
    >>> kinds = {"un": Extensive(), "lf": Extensive(), "rate": Ratio(("un",), ("lf",), 100)}
    >>> carry(old, links, kinds).round(3).to_dict("index")
    {'x': {'un': 6.0, 'lf': 60.0, 'rate': 10.0}, 'y': {'un': 8.0, 'lf': 90.0, 'rate': 8.889}}
    """
    links = links[links["share"] != 0].sort_values(["unit_id", "source"], ignore_index=True)
    units, share = links["unit_id"], links["share"]
    given = values.reindex(links["source"]).set_axis(links.index)
    single = units.groupby(units).size() == 1

    def total(column: pd.Series) -> pd.Series:
        return column.groupby(units).sum(skipna=False)

    def alone(column: pd.Series) -> pd.Series:
        return column.groupby(units).first().where(single)

    found = {}
    for code, kind in kinds.items():
        if isinstance(kind, Ratio):
            above, below = (
                total(given[[*parts]].sum(axis=1, skipna=False) * share)
                for parts in (kind.numerator, kind.denominator)
            )
            found[code] = combined(kind, above, below)
        elif isinstance(kind, Extensive):
            found[code] = total(given[code] * share)
        elif isinstance(kind, Maximum | Minimum):
            grouped = given[code].groupby(units)
            extreme = grouped.max() if isinstance(kind, Maximum) else grouped.min()
            found[code] = extreme.where(given[code].notna().groupby(units).all())
        elif isinstance(kind, Intensive) and kind.weight in given:
            weight = given[kind.weight] * share
            mean = combined(kind, total(given[code] * weight), total(weight))
            found[code] = alone(given[code]).fillna(mean)
        else:
            found[code] = alone(given[code])
    return pd.DataFrame(found, index=pd.Index(sorted(units.unique()), name="unit_id"))


def carried_flags(links: pd.DataFrame) -> pd.Series:
    """Flag the units whose values were carried over, by unit id.

    Returns
    -------
    Series of str
        `allocated` where a share of a unit went in, `merged` where several whole ones did; units
        whose values stayed whole have none.

    Examples
    --------
    >>> links = pd.DataFrame({"source": ["a", "a", "b", "c", "d"], "share": [0.5, 0.5, 1, 1, 1],
    ...                       "unit_id": ["x", "y", "z", "z", "w"]})
    >>> carried_flags(links).to_dict()
    {'x': 'allocated', 'y': 'allocated', 'z': 'merged'}
    """
    grouped = links.groupby("unit_id")
    parts = grouped["share"].agg(lambda share: bool((share.isna() | (share < 1)).any()))
    several = grouped.size() > 1
    flags = pd.Series(MERGED, parts.index, dtype="str").where(several)
    return flags.mask(parts, ALLOCATED).dropna()
