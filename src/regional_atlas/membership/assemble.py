"""From pairs of unit and region to the membership contract: exclusivity and explicit absence."""

from __future__ import annotations

import pandas as pd

from regional_atlas.core.schema import MEMBERSHIP_COLUMNS, check_membership

__all__ = ["assemble_membership"]


def assemble_membership(
    pairs: pd.DataFrame, regions: pd.DataFrame, units: pd.Index
) -> pd.DataFrame:
    """Complete pairs of unit and region.

    Within a kind, a unit's exclusive region is the one of lowest precedence number. A unit in no
    region of a kind keeps a row there, with a missing region and not exclusive.

    Parameters
    ----------
    pairs : DataFrame
        `unit_id`, `region_id`, `share_of_unit`, `share_of_region`, `rule`.
    regions : DataFrame
        Index `region_id`, columns `kind`, `precedence`.
    units : Index
        Every unit id.

    Returns
    -------
    DataFrame
        Sorted by kind (in the order of `regions`), unit and precedence.
    """
    kinds = list(dict.fromkeys(regions["kind"]))
    known = pairs.join(regions[["kind", "precedence"]], on="region_id")
    known = known.sort_values(["unit_id", "precedence"], kind="stable")
    known["exclusive"] = ~known.duplicated(["kind", "unit_id"])
    absent = pd.DataFrame(
        [
            (unit, kind)
            for kind in kinds
            for unit in units.difference(known.loc[known["kind"] == kind, "unit_id"])
        ],
        columns=["unit_id", "kind"],
    ).assign(share_of_unit=0.0, exclusive=False)
    table = pd.concat([known, absent], ignore_index=True)
    table["kind"] = pd.Categorical(table["kind"], kinds, ordered=True)
    table = table.sort_values(["kind", "unit_id", "precedence"], kind="stable")
    table = table.astype({"kind": "str", "region_id": "str", "rule": "str", "exclusive": "bool"})
    return check_membership(table[MEMBERSHIP_COLUMNS].reset_index(drop=True), units)
