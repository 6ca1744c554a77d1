"""Published figures beside computed ones, published orders beside computed ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from regional_atlas.config import CompareConfig, MeasureConfig
from regional_atlas.config.rankings import AgreementConfig
from regional_atlas.core.schema import AtlasTables
from regional_atlas.membership.rollup import region_groups, unit_groups

__all__ = ["compare_figures", "rank_agreement"]

_NAMED = 5
"""How many units a row of the agreement names on either side."""


def rank_agreement(
    pairs: Sequence[AgreementConfig],
    tables: AtlasTables,
    published: Mapping[str, pd.Series],
) -> pd.DataFrame:
    """Lay computed orders beside published ones.

    Parameters
    ----------
    pairs : sequence of AgreementConfig
        What to compare with what. A pair whose indicator the build does not have is left out.
    tables : AtlasTables
        Of a build.
    published : mapping of str to Series
        By id: rank by `unit_id`.

    Returns
    -------
    DataFrame
        `computed`, `published`, its `length` n; `overlap`, how many of the n the first n of the
        computed order find; `rho_overlap` and `rho_listed`, Spearman's rank correlation over those
        and over all listed units that have a computed rank; `unranked`, listed units without one;
        `missed` and `added`, the first units by rank that only the published and only the computed
        list have.
    """
    rows = []
    for pair in pairs:
        order = _order(pair, tables)
        if pair.published not in published or order.empty:
            continue
        listed = published[pair.published]
        length = len(listed)
        first = order.nsmallest(length)
        both = listed.index.intersection(first.index)
        ranked = listed.index.intersection(order.index)
        rows.append(
            {
                "computed": pair.ranking or pair.indicator,
                "published": pair.published,
                "length": length,
                "overlap": len(both),
                "rho_overlap": _spearman(listed[both], order[both]),
                "rho_listed": _spearman(listed[ranked], order[ranked]),
                "unranked": length - len(ranked),
                "missed": _names(listed.drop(both), tables),
                "added": _names(first.drop(both), tables),
            }
        )
    columns = [
        "computed", "published", "length", "overlap", "rho_overlap", "rho_listed", "unranked",
        "missed", "added",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _order(pair: AgreementConfig, tables: AtlasTables) -> pd.Series:
    if pair.ranking is not None:
        rows = tables.rankings[tables.rankings["ranking"] == pair.ranking]
        return rows.set_index("unit_id")["rank"].astype("float64")
    rows = tables.indicators[tables.indicators["code"] == pair.indicator]
    values = rows[rows["year"] == rows["year"].max()].set_index("unit_id")["value"].dropna()
    if pair.among:
        values = values[tables.unit_table["unit_type"].reindex(values.index).isin(pair.among)]
    order: pd.Series = values.rank(ascending=False, method="min")
    return order


def _spearman(one: pd.Series, other: pd.Series) -> float:
    return float(one.astype("float64").rank().corr(other.astype("float64").rank()))


def _names(ranks: pd.Series, tables: AtlasTables) -> str:
    return "、".join(tables.unit_table["unit"].reindex(ranks.nsmallest(_NAMED).index))


def compare_figures(
    published: pd.DataFrame, tables: AtlasTables, config: CompareConfig
) -> pd.DataFrame:
    """Compute every published figure from the tables of a build.

    Counts are those of ranked units: by parent level (full or short name), by region kind (each
    unit once, by precedence), by tier, by unit type. Measures of the configuration are means over
    unit types.

    Parameters
    ----------
    published : DataFrame
        `scope` (a ranking, or a measure), `group`, `key`, `value`.
    tables : AtlasTables
        All but `comparison`.
    config : CompareConfig
        Notes on differences, measures.

    Returns
    -------
    DataFrame
        `scope`, `group`, `key`, `published`, `computed`, `match`, `note`; in the order of the
        published table. A figure that cannot be computed is missing and does not match. The note
        of a measure says the published and the computed ratio of its two main groups.
    """
    notes = {(note.scope, note.group, note.key): note.note for note in config.notes}
    measures = {measure.scope: measure for measure in config.measures}
    counts: dict[tuple[str, str], dict[str, float]] = {}
    rows = []
    for scope, group, key, value in published[["scope", "group", "key", "value"]].itertuples(
        index=False
    ):
        if scope in measures:
            measure = measures[scope]
            computed = _mean_sum(measure, tables, key)
            note = f"{measure.note}; {_ratio(measure, published, tables)}"
        else:
            if (scope, group) not in counts:
                counts[scope, group] = _counts(tables, scope, group)
            computed = counts[scope, group].get(key)
            note = notes.get((scope, group, key), "")
            if computed is None:
                note = note or f"nothing is called {key!r} among {group} of {scope}"
        rows.append((scope, group, key, value, computed, note))
    table = pd.DataFrame(rows, columns=["scope", "group", "key", "published", "computed", "note"])
    table["computed"] = table["computed"].astype("float64")
    table["match"] = (table["computed"] - table["published"]).abs() <= config.tolerance
    differs = ~table["match"] & (table["note"] == "")
    table.loc[differs, "note"] = "differs; no explanation is recorded"
    table.loc[table["match"], "note"] = ""
    return table[["scope", "group", "key", "published", "computed", "match", "note"]]


def _counts(tables: AtlasTables, scope: str, group: str) -> dict[str, float]:
    """Count the ranked units of one ranking by every name that a group's members answer to."""
    ranked = tables.rankings[tables.rankings["ranking"] == scope]
    if ranked.empty:
        return {}
    if group == "tier":
        sizes = ranked["tier"].dropna().value_counts()
        return {str(tier): float(size) for tier, size in sizes.items()}
    if group in set(tables.region_table["kind"]):
        groups = region_groups(tables.membership, group)
        groups = groups[groups["exclusive"]]
        names = {
            region: [name]
            for region, name in tables.region_table["name"].items()
            if tables.region_table.at[region, "kind"] == group
        }
    elif group in tables.parents:
        groups = unit_groups(tables.unit_table, f"{group}_id")
        parents = tables.parents[group]
        names = {
            code: [name, short]
            for code, name, short in zip(
                parents.index, parents["name"], parents["short"], strict=True
            )
        }
    elif group == "unit_type":
        groups = unit_groups(tables.unit_table, "unit_type")
        names = {kind: [kind] for kind in tables.unit_table["unit_type"].dropna().unique()}
    else:
        return {}
    sizes = groups[groups["unit_id"].isin(ranked["unit_id"])]["group"].value_counts()
    return {
        name: float(sizes.get(member, 0)) for member, answers in names.items() for name in answers
    }


def _mean_sum(measure: MeasureConfig, tables: AtlasTables, key: str) -> float | None:
    if tables.nightlights is None or key not in measure.groups:
        return None
    year = tables.nightlights[tables.nightlights["year"] == measure.year].set_index("unit_id")
    chosen = tables.unit_table.index[tables.unit_table["unit_type"].isin(measure.groups[key])]
    mean = year["sum"].reindex(chosen).mean()
    return None if pd.isna(mean) else float(mean)


def _ratio(measure: MeasureConfig, published: pd.DataFrame, tables: AtlasTables) -> str:
    top, bottom = measure.ratio
    values = published[published["scope"] == measure.scope].set_index("key")["value"]
    says = values.get(top, float("nan")) / values.get(bottom, float("nan"))
    above, below = _mean_sum(measure, tables, top), _mean_sum(measure, tables, bottom)
    finds = above / below if above is not None and below else float("nan")
    return f"ratio {top} / {bottom}: published {says:.2f}, computed {finds:.2f}"
