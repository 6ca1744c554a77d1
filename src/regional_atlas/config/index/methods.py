"""The methods of an index's steps: what index files, docs, messages and the page call them.

To add one: an entry here, and its function in `scoring/steps/`, bound to the same name. A
normalisation or aggregation that readers may choose in the page has `in_page=True` and is written
in `page/web/src/scoring/` too, where the type check asks for it; its title is sent to the page.
"""

from __future__ import annotations

from dataclasses import replace

from regional_atlas.classes.schemes import SCHEMES
from regional_atlas.core.registry import Method, Registry
from regional_atlas.core.texts import Text

__all__ = [
    "AGGREGATIONS",
    "IMPUTATIONS",
    "METHODS",
    "NORMALISATIONS",
    "TIERINGS",
    "TREATMENTS",
    "WEIGHTINGS",
]

_SCALE = ("low", "high")

IMPUTATIONS = Registry(
    "imputation",
    [
        Method("none", Text(en="gaps stay", zh="不填补", fr="lacunes gardées"), "x"),
        Method(
            "mean", Text(en="mean", zh="均值", fr="moyenne"),
            "mean of the other units, of `group` where one is named", parameters=("group",),
        ),
        Method(
            "median", Text(en="median", zh="中位数", fr="médiane"),
            "median of the other units, of `group` where one is named", parameters=("group",),
        ),
        Method(
            "parent", Text(en="own standing", zh="同级均值", fr="position propre"),
            "min + (max − min) · mean of the unit's other indicators of the same parent on 0–1",
        ),
        Method(
            "knn", Text(en="nearest units", zh="最近邻", fr="plus proches unités"),
            "mean of the `neighbours` nearest units", parameters=("neighbours",),
        ),
        Method(
            "last", Text(en="last year", zh="上一年", fr="dernière année"),
            "the unit's last earlier year", takes="panels",
        ),
        Method(
            "linear", Text(en="between years", zh="年间插值", fr="entre les années"),
            "linear between the unit's years", takes="panels",
        ),
    ],
)  # fmt: skip

TREATMENTS = Registry(
    "treatment",
    [
        Method("none", Text(en="none", zh="不处理", fr="aucun"), "x"),
        Method(
            "winsorise", Text(en="winsorised", zh="缩尾", fr="winsorisé"),
            "one value at a time drawn in to the next, while |skew| ≥ `skew` and excess kurtosis ≥ "
            "`kurtosis`, at most `points`; where that is not enough, `then` of the original",
            parameters=("skew", "kurtosis", "points", "then", "shift"),
        ),
        Method("log", Text(en="logarithm", zh="对数", fr="logarithme"), "ln x", takes="above 0"),
        Method(
            "shifted_log", Text(en="shifted logarithm", zh="平移对数", fr="logarithme décalé"),
            "ln(x − min + `shift` · (max − min))", parameters=("shift",),
        ),
        Method(
            "box_cox", Text(en="Box–Cox", zh="Box–Cox 变换", fr="Box–Cox"),
            "(x^λ − 1)/λ, λ by maximum likelihood", takes="above 0",
        ),
    ],
)  # fmt: skip

NORMALISATIONS = Registry(
    "normalisation",
    [
        Method(
            "percentile_rank", Text(en="percentile ranks", zh="百分位",
            fr="rangs centiles", ar="الرتب المئوية"),
            "low + (high − low) · (r − 1)/(n − 1), ties share the mean of their ranks",
            parameters=_SCALE, in_page=True,
        ),
        Method(
            "min_max", Text(en="min–max", zh="极差", fr="min–max", ar="الأدنى–الأقصى"),
            "low + (high − low) · (x − min)/(max − min)", parameters=_SCALE, in_page=True,
        ),
        Method(
            "z_score", Text(en="z-scores", zh="Z 分数", fr="scores z", ar="الدرجات المعيارية"),
            "(x − mean)/s, s with n − 1", in_page=True,
        ),
        Method(
            "goalposts", Text(en="goalposts", zh="固定端点", fr="bornes fixes"),
            "low + (high − low) · (x − a)/(b − a), each indicator's own a and b",
            parameters=_SCALE,
        ),
        Method(
            "target", Text(en="way to a target", zh="距目标", fr="chemin vers une cible"),
            "low + (high − low) · (x − min)/(goal − min), at most high", parameters=_SCALE,
        ),
        Method("rank", Text(en="ranks", zh="名次", fr="rangs"), "r, from 1 for the lowest"),
        Method(
            "scaled", Text(en="common bounds", zh="共同端点", fr="bornes communes"),
            "low + (high − low) · (x − a)/(b − a), a and b in `bounds`",
            parameters=(*_SCALE, "bounds"),
        ),
        Method(
            "borda", Text(en="Borda counts", zh="波达计数", fr="comptes de Borda"),
            "units that this one is ahead of, a tie as half",
        ),
        Method(
            "distance_to_leader", Text(en="ratio to the leader", zh="与领先者之比",
            fr="rapport au premier"),
            "low + (high − low) · x/x₀ (x₀/x where less is better), x₀ the best",
            takes="0 and more", parameters=_SCALE,
        ),
        Method(
            "distance_to_reference", Text(en="ratio to a unit", zh="与参照单元之比",
            fr="rapport à une unité"),
            "low + (high − low) · x/x₀ (x₀/x where less is better), x₀ of `reference`",
            takes="0 and more", parameters=(*_SCALE, "reference"),
        ),
    ],
)  # fmt: skip

WEIGHTINGS = Registry(
    "weighting",
    [
        Method(
            "manual", Text(en="as stated", zh="给定权重", fr="poids donnés"),
            "each node's `weight`",
        ),
        Method("equal", Text(en="equal", zh="等权", fr="poids égaux"), "1/n"),
        Method(
            "ahp", Text(en="AHP", zh="层次分析法", fr="AHP"),
            "principal eigenvector (or geometric means) of the comparisons",
            parameters=("solver", "ratio_limit"),
        ),
        Method(
            "pca", Text(en="principal component", zh="主成分", fr="composante principale"),
            "squared loadings of the first principal component of the correlations",
        ),
        Method(
            "entropy", Text(en="entropy", zh="熵权", fr="entropie"),
            "1 + Σ p ln p / ln n, p = x / Σ x", takes="0 and more",
        ),
        Method(
            "critic", Text(en="CRITIC", zh="CRITIC 法", fr="CRITIC"),
            "σᵢ Σⱼ (1 − rᵢⱼ), σ after min–max",
        ),
        Method(
            "gini", Text(en="Gini", zh="基尼权", fr="Gini"),
            "Σ Σ |xᵢ − xⱼ| / (2 n² mean)", takes="0 and more",
        ),
        Method(
            "balanced", Text(en="equal importance", zh="等重要性", fr="importance égale"),
            "weights under which every sibling correlates equally with the node",
        ),
    ],
)  # fmt: skip

AGGREGATIONS = Registry(
    "aggregation",
    [
        Method(
            "arithmetic", Text(en="arithmetic mean", zh="算术平均",
            fr="moyenne arithmétique", ar="متوسط حسابي"),
            "Σ wᵢxᵢ", in_page=True,
        ),
        Method(
            "geometric", Text(en="geometric mean", zh="几何平均",
            fr="moyenne géométrique", ar="متوسط هندسي"),
            "exp(Σ wᵢ ln xᵢ), 0 where a value is 0", takes="0 and more", in_page=True,
        ),
        Method(
            "harmonic", Text(en="harmonic mean", zh="调和平均", fr="moyenne harmonique"),
            "1 / Σ (wᵢ/xᵢ), 0 where a value is 0", takes="0 and more",
        ),
        Method(
            "power", Text(en="power mean", zh="幂平均", fr="moyenne de puissance"),
            "(Σ wᵢ xᵢᵖ)^(1/p), p in `power`", takes="0 and more", parameters=("power",),
        ),
        Method(
            "median", Text(en="weighted median", zh="加权中位数", fr="médiane pondérée"),
            "least x that reaches half of the weight; the middle of two on a tie",
        ),
        Method("minimum", Text(en="minimum", zh="最小值", fr="minimum"), "min xᵢ"),
        Method(
            "copeland", Text(en="Copeland", zh="科普兰法", fr="Copeland"),
            "rivals beaten minus rivals lost to, in pairs, by weight",
        ),
        Method(
            "topsis", Text(en="TOPSIS", zh="TOPSIS", fr="TOPSIS"),
            "distance from the worst over the distances from the worst and the best",
        ),
        Method(
            "mazziotta_pareto", Text(en="Mazziotta–Pareto", zh="Mazziotta–Pareto",
            fr="Mazziotta–Pareto"),
            "m − s²/m, m the weighted mean and s² the variance", takes="means above 0",
        ),
        Method(
            "benefit_of_the_doubt", Text(en="benefit of the doubt", zh="疑点受益法",
            fr="bénéfice du doute"),
            "each unit with the weights that favour it most, within `least` and `most`",
            takes="0 and more", parameters=("least", "most"),
        ),
    ],
)  # fmt: skip

TIERINGS = Registry(
    "way to make tiers",
    [
        replace(
            SCHEMES["fisher_jenks"],
            formula="classes of the index with the least sum of squares; `k` of them, or as many "
            "as reach `goodness`", parameters=("k", "goodness"),
        ),
        Method(
            "by_rank", Text(en="by rank", zh="按名次", fr="par rang"),
            "`last_ranks`, the last rank of each tier", parameters=("last_ranks",),
        ),
    ],
)  # fmt: skip

METHODS = {
    "impute": IMPUTATIONS,
    "treat": TREATMENTS,
    "normalise": NORMALISATIONS,
    "weight": WEIGHTINGS,
    "aggregate": AGGREGATIONS,
    "tiers": TIERINGS,
}
"""By the step of an index file that names one."""
