"""Composite indices as plain functions on tables."""

from regional_atlas.scoring.aggregate import weighted_mean
from regional_atlas.scoring.index import IndexResult, score
from regional_atlas.scoring.normalise import min_max, normalise, percentile_rank, z_score
from regional_atlas.scoring.rank import classify_tiers, rank_scores, tiers_by_rank

__all__ = [
    "IndexResult",
    "classify_tiers",
    "min_max",
    "normalise",
    "percentile_rank",
    "rank_scores",
    "score",
    "tiers_by_rank",
    "weighted_mean",
    "z_score",
]
