"""Regions of one kind beside those of another: how far two lists of regions agree."""

from __future__ import annotations

import pandas as pd

from regional_atlas.core.errors import InputError, raise_if
from regional_atlas.membership.likeness import compare_regions
from regional_atlas.query.basis import Basis
from regional_atlas.query.fields import additive_problems, unit_fields

__all__ = ["compare_kinds"]


def compare_kinds(basis: Basis, kind: str, other: str, weight: str | None = None) -> pd.DataFrame:
    """Set each region of a kind beside the one of another kind that is most like it.

    Parameters
    ----------
    basis : Basis
    kind, other : str
        A kind of region, a parent level or `unit_type`. Every membership counts, also of units in
        several regions.
    weight : str, optional
        A field of units that adds up, such as a population: `agreed` is a share of it. Units count
        one each without it; a unit whose value is missing counts as nothing.

    Returns
    -------
    DataFrame
        `id`, `name`, `other_id`, `other` (missing where no region shares a unit), `jaccard` (units
        in both over units in either), `agreed` (share of the region that lies in the other),
        `in_both`, `only_here`, `only_there`, and the units by name: `units_only_here`,
        `units_only_there`, joined by `;`.

    Raises
    ------
    InputError
        No such kind or field, or a weight that does not add up or is below 0.
    """
    here, there = basis.grouping(kind), basis.grouping(other)
    weights = None
    if weight is not None:
        fields = unit_fields(basis, basis.units(None, None))
        problems = additive_problems(basis, fields, weight, None)
        raise_if([f"weight: {line}" for line in problems], InputError)
        weights = fields.values(weight)
    ours, theirs = (
        each.groups.rename(columns={"group": "region_id"}).drop_duplicates(["unit_id", "region_id"])
        for each in (here, there)
    )
    found = compare_regions(ours, theirs, weights)
    called = basis.tables.unit_table["unit"]
    table = pd.DataFrame(
        {
            "name": here.names["name"].reindex(found.index),
            "other_id": found["other_id"],
            "other": found["other_id"].map(there.names["name"]).astype("str"),
            "jaccard": found["jaccard"],
            "agreed": found["agreed"],
            "in_both": found["in_both"],
            "only_here": found["only_ours"],
            "only_there": found["only_theirs"],
            **{
                f"units_only_{side}": [
                    ";".join(called.loc[units]) for units in found[f"units_only_{of}"]
                ]
                for side, of in (("here", "ours"), ("there", "theirs"))
            },
        }
    )
    return table.rename_axis("id").reset_index()
