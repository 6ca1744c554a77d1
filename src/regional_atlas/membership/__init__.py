"""Which unit belongs to which region: from member lists or from polygons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from regional_atlas.core.lazy import offered

if TYPE_CHECKING:
    from regional_atlas.membership.members import membership_from_members, resolve_members
    from regional_atlas.membership.polygons import (
        assign_membership,
        dissolve_regions,
        overlay_shares,
    )
    from regional_atlas.membership.rollup import count_ranked, region_groups, roll_up, unit_groups

__all__ = [
    "assign_membership",
    "count_ranked",
    "dissolve_regions",
    "membership_from_members",
    "overlay_shares",
    "region_groups",
    "resolve_members",
    "roll_up",
    "unit_groups",
]

__getattr__ = offered(
    __name__,
    {
        "assign_membership": "polygons",
        "count_ranked": "rollup",
        "dissolve_regions": "polygons",
        "membership_from_members": "members",
        "overlay_shares": "polygons",
        "region_groups": "rollup",
        "resolve_members": "members",
        "roll_up": "rollup",
        "unit_groups": "rollup",
    },
)
