"""Composite indices as plain functions on tables."""

from regional_atlas.config.index.ahp import AhpResult, ahp_node, ahp_weights, combine_experts
from regional_atlas.scoring.audit import audit
from regional_atlas.scoring.growth import grow, node_data_share, weigh
from regional_atlas.scoring.index import IndexResult, rebuild, run_recipe, score
from regional_atlas.scoring.recipe import Recipe, Step, recipe_of
from regional_atlas.scoring.steps.aggregate import aggregate, weighted_mean
from regional_atlas.scoring.steps.denominate import denominate
from regional_atlas.scoring.steps.impute import impute
from regional_atlas.scoring.steps.normalise import min_max, normalise, percentile_rank, z_score
from regional_atlas.scoring.steps.rank import (
    classify_tiers,
    goodness_of_fit,
    rank_scores,
    tiers_by_fit,
    tiers_by_rank,
)
from regional_atlas.scoring.steps.screen import data_availability, screen
from regional_atlas.scoring.steps.treat import treat, winsorise
from regional_atlas.scoring.steps.weight import data_weights
from regional_atlas.scoring.versus import Comparison, compare

__all__ = [
    "AhpResult",
    "Comparison",
    "IndexResult",
    "Recipe",
    "Step",
    "aggregate",
    "ahp_node",
    "ahp_weights",
    "audit",
    "classify_tiers",
    "combine_experts",
    "compare",
    "data_availability",
    "data_weights",
    "denominate",
    "goodness_of_fit",
    "grow",
    "impute",
    "min_max",
    "node_data_share",
    "normalise",
    "percentile_rank",
    "rank_scores",
    "rebuild",
    "recipe_of",
    "run_recipe",
    "score",
    "screen",
    "tiers_by_fit",
    "tiers_by_rank",
    "treat",
    "weigh",
    "weighted_mean",
    "winsorise",
    "z_score",
]
