"""Which unit belongs to which region: from member lists or from polygons."""

from regional_atlas.membership.members import membership_from_members, resolve_members
from regional_atlas.membership.polygons import assign_membership, dissolve_regions, overlay_shares
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
