"""Space: contiguity, autocorrelation, concentration, inequality, mobility, neighbours, peers."""

from regional_atlas.spatial.autocorrelation import (
    MoranResult,
    hot_spots,
    local_moran,
    moran,
    spatial_lag,
)
from regional_atlas.spatial.concentration import (
    Primacy,
    RankSize,
    amounts_by_unit,
    equivalent_number,
    herfindahl,
    location_quotient,
    primacy,
    rank_size_slope,
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
    "Primacy",
    "RankSize",
    "Transitions",
    "amounts_by_unit",
    "class_transitions",
    "contiguity",
    "decompose",
    "distances_km",
    "equivalent_number",
    "false_discovery",
    "gini",
    "herfindahl",
    "hot_spots",
    "local_moran",
    "location_quotient",
    "moran",
    "neighbours_of",
    "peers_of",
    "primacy",
    "rank_changes",
    "rank_mobility",
    "rank_size_slope",
    "spatial_lag",
    "theil_l",
    "theil_t",
]
