"""The typed shape of an index file: the tree of a composite index and the method of each step."""

from regional_atlas.config.index.comparisons import ComparisonConfig
from regional_atlas.config.index.draw import draw_tree, stated_weights
from regional_atlas.config.index.file import IndexConfig
from regional_atlas.config.index.nodes import DataConfig, GoalpostsConfig, NodeConfig
from regional_atlas.config.index.steps import (
    AggregateConfig,
    AggregateMethod,
    ImputeConfig,
    NormaliseConfig,
    RankConfig,
    ScreenConfig,
    TiersConfig,
    TreatConfig,
    WeightConfig,
    WeightMethod,
)
from regional_atlas.config.index.tree import (
    children,
    depths,
    inner_nodes,
    leaves,
    shares,
)
from regional_atlas.config.index.uncertainty import UncertaintyConfig, WeightDrawsConfig
from regional_atlas.config.index.weights import STATED, judged_weights, weight_method

__all__ = [
    "STATED",
    "AggregateConfig",
    "AggregateMethod",
    "ComparisonConfig",
    "DataConfig",
    "GoalpostsConfig",
    "ImputeConfig",
    "IndexConfig",
    "NodeConfig",
    "NormaliseConfig",
    "RankConfig",
    "ScreenConfig",
    "TiersConfig",
    "TreatConfig",
    "UncertaintyConfig",
    "WeightConfig",
    "WeightDrawsConfig",
    "WeightMethod",
    "children",
    "depths",
    "draw_tree",
    "inner_nodes",
    "judged_weights",
    "leaves",
    "shares",
    "stated_weights",
    "weight_method",
]
