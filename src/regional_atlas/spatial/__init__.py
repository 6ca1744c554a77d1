"""Space: contiguity, autocorrelation, inequality, mobility of ranks, neighbours and peers."""

from regional_atlas.spatial.autocorrelation import (
    MoranResult,
    hot_spots,
    local_moran,
    moran,
    spatial_lag,
)
from regional_atlas.spatial.contiguity import contiguity
from regional_atlas.spatial.inequality import decompose, gini, theil_l, theil_t
from regional_atlas.spatial.mobility import (
    Transitions,
    class_transitions,
    rank_changes,
    rank_mobility,
)
from regional_atlas.spatial.neighbours import distances_km, neighbours_of
from regional_atlas.spatial.peers import peers_of
from regional_atlas.spatial.significance import false_discovery

__all__ = [
    "MoranResult",
    "Transitions",
    "class_transitions",
    "contiguity",
    "decompose",
    "distances_km",
    "false_discovery",
    "gini",
    "hot_spots",
    "local_moran",
    "moran",
    "neighbours_of",
    "peers_of",
    "rank_changes",
    "rank_mobility",
    "spatial_lag",
    "theil_l",
    "theil_t",
]
