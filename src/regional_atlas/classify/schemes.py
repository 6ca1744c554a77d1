"""The schemes of a map's classes: what files, help, docs and the page call them."""

from __future__ import annotations

from regional_atlas.core.registry import Method, Registry
from regional_atlas.core.texts import Text

__all__ = ["NOTES", "SCHEMES"]

SCHEMES = Registry(
    "scheme",
    [
        Method(
            "quantile", Text(en="quantiles", zh="分位数", fr="quantiles"),
            Text(
                en="break i lies at place 1 + i(n − 1)/k of the n sorted values, linear between "
                "neighbours",
                zh="n 个值升序排列，第 i 个断点位于第 1 + i(n − 1)/k 个值，其间线性内插",
            ),
            parameters=("k",),
        ),
        Method(
            "fisher_jenks",
            Text(
                en="natural breaks (Fisher–Jenks)", zh="自然间断点（Fisher–Jenks）",
                fr="seuils naturels (Fisher–Jenks)",
            ),
            Text(
                en="the k classes whose squared deviations from the class means add up to the "
                "least; of equal ones, that with the lowest highest break",
                zh="使各级内部离差平方和之和最小的 k 级；相等时取最高断点最低者",
            ),
            parameters=("k",),
        ),
        Method(
            "equal_interval",
            Text(en="equal intervals", zh="等间距", fr="intervalles égaux"),
            Text(
                en="break i is least + (most − least)·i/k",
                zh="断点 i 为 最小值 + (最大值 − 最小值)·i/k",
            ),
            parameters=("k",),
        ),
        Method(
            "log", Text(en="logarithmic", zh="对数", fr="logarithmique"),
            Text(
                en="the k − 1 steps below the largest value of 1–2–5, 1–3 or 1 times powers of 10: "
                "the densest whose lowest lies at or below the 40 % quantile; zero and below are "
                "in the lowest class",
                zh="最大值以下的 k − 1 个 1–2–5、1–3 或 1 × 10 的幂：取最低断点不高于 40% "
                "分位数的最密一组；零与负值归最低一级",
            ),
            parameters=("k",),
        ),
        Method(
            "head_tail", Text(en="head/tail breaks", zh="头尾分割", fr="seuils tête/queue"),
            Text(
                en="break at the mean, then at the mean of what lies above it, up to k classes",
                zh="在均值处分割，再在其上各值的均值处分割，至多 k 级",
            ),
            parameters=("k",),
        ),
        Method(
            "manual", Text(en="set by hand", zh="自定义", fr="à la main"),
            Text(
                en="upper bounds as given; one more class where values exceed the last",
                zh="各级上限由项目给出；有值超出时加一级",
            ),
            parameters=("breaks",),
        ),
    ],
)  # fmt: skip
"""Every scheme of a map's classes, in the order in which the page offers them."""

NOTES = {
    "repeated": Text(en="only {}: values repeat", zh="数值重复，仅 {} 级"),
    "narrow": Text(en="only {}: the values span few steps", zh="数值跨度小，仅 {} 级"),
    "merged": Text(en="neighbours of {} values taken together", zh="{} 个不同值，相邻者归并"),
    "middle": Text(en="around {}", zh="以 {} 为中点"),
}
"""What a legend adds to a title: fewer classes than asked, too many values, a middle."""
