"""Classes of a plate: breaks, labels, colours and counts.

A value belongs to the first class whose break it does not exceed: breaks are upper bounds and
inclusive, as in mapclassify. Missing values belong to no class.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from regional_atlas.core.errors import ConfigError
from regional_atlas.page.format import Classes, Text, TierRanks
from regional_atlas.page.palettes import OKABE_ITO, palette
from regional_atlas.page.rounding import round_significant
from regional_atlas.page.text import pair

__all__ = [
    "category_classes",
    "class_of",
    "classify",
    "count_labels",
    "rank_classes",
    "tier_classes",
    "tier_name",
]

Floats = NDArray[np.float64]

_JENKS_SAMPLE = 3000
_RANK_BANDS = (0.1, 0.25, 0.5, 0.75, 1.0)
_LOG_SERIES = ((1.0, 2.0, 5.0), (1.0, 3.0), (1.0,))
_TITLES = {
    "quantile": pair("分位数", "quantiles"),
    "fisher_jenks": pair("自然间断（Fisher–Jenks）", "Fisher–Jenks"),
    "equal_interval": pair("等间距", "equal intervals"),
    "log": pair("对数", "logarithmic"),
    "head_tail": pair("头尾分割", "head/tail"),
    "manual": pair("自定义", "set by hand"),
}
_NUMERALS = "零一二三四五六七八九"


def class_of(values: Floats, breaks: Sequence[float]) -> NDArray[np.int64]:
    """Give the class of each value; -1 where it is missing.

    Examples
    --------
    >>> class_of(np.array([0.5, 1.0, 1.1, np.nan]), [1.0, 2.0]).tolist()
    [0, 0, 1, -1]
    """
    found = np.searchsorted(np.asarray(breaks, dtype=np.float64), values, side="left")
    return np.where(np.isnan(values), -1, found)


def classify(
    pooled: Floats,
    shown: Floats,
    *,
    scheme: str,
    k: int,
    palette_name: str,
    manual: Sequence[float] = (),
    clear: bool = False,
    middle: float | None = None,
) -> Classes:
    """Classify values.

    Parameters
    ----------
    pooled : array
        The values that breaks are computed from: one year, or all years together.
    shown : array
        The values that are counted: the year that the plate opens with.
    scheme : {'quantile', 'fisher_jenks', 'equal_interval', 'log', 'head_tail', 'manual'}
        `log` sets breaks on round steps below the maximum; the lowest class holds everything up to
        the lowest break, zero and below included. `head_tail` (Jiang 2013, doi:
        10.1080/00330124.2012.700499) breaks at the mean, then at the mean of what lies above it.
    k : int
        Classes asked for; values that repeat can make them fewer, and the title then says so.
    palette_name : str
        See `palettes.palette`.
    manual : sequence of float
        Upper bounds for `manual`. One more class is added where the values exceed the last.
    clear : bool
        See `palettes.palette`.
    middle : float, optional
        Classes are those of the distances from here, the same on both sides; an odd `k` has a
        class around it. `manual` then gives distances.

    Returns
    -------
    Classes

    Raises
    ------
    ConfigError
        `manual` without breaks or with breaks that do not ascend.

    Examples
    --------
    >>> values = np.array([1.0, 2.0, 3.0, 4.0, np.nan])
    >>> found = classify(values, values, scheme="quantile", k=2, palette_name="Blues")
    >>> found.breaks, found.minimum, found.counts
    ([2.5, 4], 1, [2, 2])
    """
    values = np.sort(pooled[~np.isnan(pooled)])
    if values.size == 0:
        return _classes(scheme, _TITLES[scheme], [], None, None, palette_name, [])
    title = _TITLES[scheme]
    if middle is not None:
        breaks = _around(values, middle, scheme, k, manual)
        k = len(breaks)
        title = pair(f"{title.zh}，以 {middle:g} 为中点", f"{title.en}, around {middle:g}")
    else:
        k = min(k, np.unique(values).size)
        breaks = _tidy(_found(values, scheme, k, manual), float(values[-1]))
    if scheme == "fisher_jenks" and values.size > _JENKS_SAMPLE:
        title = _said(
            title,
            f"取 {values.size:,} 个值中等距的 {_JENKS_SAMPLE:,} 个",
            f"on {_JENKS_SAMPLE:,} of {values.size:,} values",
        )
    if scheme not in ("manual", "head_tail") and len(breaks) < k:
        title = _said(title, f"数值重复，仅 {len(breaks)} 级", f"only {len(breaks)}: values repeat")
    counts = np.bincount(class_of(shown[~np.isnan(shown)], breaks), minlength=len(breaks)).tolist()
    minimum = round_significant(float(values[0]))
    return _classes(scheme, title, breaks, minimum, None, palette_name, counts, clear=clear)


def rank_classes(ranks: Floats, palette_name: str) -> Classes:
    """Classify ranks into bands, the best darkest on a light page.

    The bands end at a tenth, a quarter, a half, three quarters and the whole of the ranking.

    Parameters
    ----------
    ranks : array
        One per unit, NaN where it has none.
    palette_name : str
        See `palettes.palette`.

    Examples
    --------
    >>> bands = rank_classes(np.arange(1.0, 101.0), "Blues")
    >>> bands.breaks, bands.labels[1].en
    ([10, 25, 50, 75, 100], 'Ranks 11–25')
    """
    ranked = ranks[~np.isnan(ranks)]
    last = int(ranked.max()) if ranked.size else 0
    ends = sorted({math.ceil(share * last) for share in _RANK_BANDS} - {0})
    starts = [1, *(end + 1 for end in ends)]
    labels = [_rank_label(first, end) for first, end in zip(starts, ends, strict=False)]
    counts = np.bincount(class_of(ranked, ends), minlength=len(ends)).tolist()
    title = pair("名次", "rank")
    return _best_first(_classes("rank", title, ends, 1, labels, palette_name, counts, clear=True))


def tier_classes(tiers: Sequence[TierRanks], of_units: Floats, palette_name: str) -> Classes:
    """Give each tier a class, tier 1 darkest on a light page.

    Parameters
    ----------
    tiers : sequence of TierRanks
        Those of a ranking of the specification.
    of_units : array
        Each unit's tier, NaN where it has none.
    palette_name : str
        See `palettes.palette`.

    Examples
    --------
    >>> found = tier_classes([TierRanks(tier=1, first=1, last=6)], np.array([1.0]), "Blues")
    >>> found.labels, found.counts
    ([Text(zh='第一梯队 · 第 1–6 名', en='Tier 1 · ranks 1–6')], [1])
    """
    breaks = [tier.tier for tier in tiers]
    labels = [_tier_label(tier) for tier in tiers]
    counts = np.bincount(class_of(of_units[~np.isnan(of_units)], breaks), minlength=len(breaks))
    title = pair("梯队", "tiers")
    return _best_first(
        _classes("tiers", title, breaks, 1, labels, palette_name, counts.tolist(), clear=True)
    )


def count_labels(classes: Classes) -> Classes:
    """Label classes of counts by the whole numbers that they hold: 1, 2–10, 11–30.

    Examples
    --------
    >>> values = np.array([1.0, 9.0, 30.0])
    >>> found = classify(values, values, scheme="manual", k=3, palette_name="Blues",
    ...     manual=[1, 10, 30])
    >>> [label.en for label in count_labels(found).labels]
    ['1', '2–10', '11–30']
    """
    labels, first = [], classes.minimum or 0
    for last in classes.breaks:
        whole = math.floor(last)
        ends = f"≤ {whole:,}" if first > whole else f"{first:,.0f}–{whole:,}"
        text = f"{whole:,}" if first == whole else ends
        labels.append(pair(text, text))
        first = max(first, whole + 1)
    return replace(classes, labels=labels)


def category_classes(values: Floats, categories: Sequence[tuple[int, Text, str | None]]) -> Classes:
    """Give each value of a categorical field a class of its own.

    Parameters
    ----------
    values : array
        Whole numbers, NaN where missing.
    categories : sequence of (value, title, colour)
        In ascending order; without a colour, the set of Okabe and Ito gives one.

    Examples
    --------
    >>> found = category_classes(np.array([1.0, 1.0, 4.0]), [
    ...     (1, pair("甲", "A"), None), (4, pair("乙", "B"), "#000000")])
    >>> found.breaks, found.counts, found.colors
    ([1, 4], [2, 1], ['#e69f00', '#000000'])
    """
    codes = [value for value, _, _ in categories]
    colors = [color or OKABE_ITO[i % len(OKABE_ITO)] for i, (_, _, color) in enumerate(categories)]
    return Classes(
        scheme="categories",
        scheme_title=pair("类别", "categories"),
        breaks=[*codes],
        minimum=codes[0],
        labels=[title for _, title, _ in categories],
        palette="categories",
        colors=colors,
        colors_dark=colors,
        counts=[int((values == code).sum()) for code in codes],
    )


def tier_name(tier: int) -> Text:
    """Name a tier.

    Examples
    --------
    >>> tier_name(2)
    Text(zh='第二梯队', en='tier 2')
    """
    return pair(f"第{_NUMERALS[tier] if tier < 10 else tier}梯队", f"tier {tier}")


def _tier_label(tier: TierRanks) -> Text:
    name, ranks = tier_name(tier.tier), _rank_label(tier.first, tier.last)
    return pair(f"{name.zh} · {ranks.zh}", f"{name.en.capitalize()} · {ranks.en.lower()}")


def _rank_label(first: int, last: int) -> Text:
    if first == last:
        return pair(f"第 {first} 名", f"Rank {first}")
    return pair(f"第 {first:,}–{last:,} 名", f"Ranks {first:,}–{last:,}")


def _said(title: Text, zh: str, en: str) -> Text:
    return pair(f"{title.zh}（{zh}）", f"{title.en} ({en})")


def _quantile(values: Floats, k: int) -> Floats:
    return np.quantile(values, np.arange(1, k + 1) / k)


def _equal_interval(values: Floats, k: int) -> Floats:
    return np.linspace(values[0], values[-1], k + 1)[1:]


def _fisher_jenks(values: Floats, k: int) -> Floats:
    import mapclassify

    if values.size > _JENKS_SAMPLE:
        at = np.linspace(0, values.size - 1, _JENKS_SAMPLE).round().astype(int)
        values = values[at]
    k = min(k, np.unique(values).size)
    bins: Floats = mapclassify.FisherJenks(values, k=k).bins if k > 1 else values[-1:]
    return bins


def _log(values: Floats, k: int) -> Floats:
    """Round steps below the maximum: the finest whose lowest class is no larger than two fifths."""
    positive = values[values > 0]
    if positive.size == 0:
        return values[-1:]
    top, low = float(positive[-1]), float(np.quantile(values, 0.4))
    for series in _LOG_SERIES:
        steps = _steps_below(top, series, k - 1)
        if steps and steps[0] <= low:
            break
    return np.array([*(step for step in steps if step >= positive[0]), top])


def _steps_below(top: float, series: tuple[float, ...], count: int) -> list[float]:
    power = math.floor(math.log10(top))
    steps = [
        float(f"{step:g}e{exponent}")
        for exponent in range(power - count, power + 1)
        for step in series
    ]
    below = [step for step in steps if step < top]
    return below[len(below) - count :] if count else []


def _head_tail(values: Floats, k: int) -> Floats:
    breaks: list[float] = []
    tail = values
    while len(breaks) < k - 1 and tail[0] < tail[-1]:
        mean = float(tail.mean())
        breaks.append(mean)
        tail = tail[tail > mean]
    return np.array([*breaks, values[-1]])


def _around(
    values: Floats, middle: float, scheme: str, k: int, manual: Sequence[float]
) -> list[float]:
    """Find breaks at the same distances below and above the middle."""
    far = np.sort(np.abs(values - middle))
    if scheme == "equal_interval":
        far = np.insert(far, 0, 0.0)
    half, odd = divmod(k, 2)
    within = min(half + odd, max(np.unique(far).size, 1))
    found = _tidy(_found(far, scheme, within, manual), float(far[-1]))
    inner, outer = found[:-1], found[-1]
    raw: list[float] = [middle - x for x in reversed(inner)]
    raw += [] if odd and inner else [middle]
    raw += [middle + x for x in inner]
    top = float(values[-1])
    raw += [] if top > raw[-1] else [middle + outer]
    return _tidy(np.array(raw), top)


def _found(values: Floats, scheme: str, k: int, manual: Sequence[float]) -> Floats:
    return _manual(manual) if scheme == "manual" else _BREAKS[scheme](values, k)


def _manual(breaks: Sequence[float]) -> Floats:
    if not breaks or list(breaks) != sorted(set(breaks)):
        raise ConfigError(f"scheme 'manual' needs `breaks`, ascending; found {list(breaks)}")
    return np.array(breaks, dtype=np.float64)


_BREAKS = {
    "quantile": _quantile,
    "fisher_jenks": _fisher_jenks,
    "equal_interval": _equal_interval,
    "log": _log,
    "head_tail": _head_tail,
}


def _tidy(breaks: Floats, maximum: float) -> list[float]:
    """Round breaks, drop repeats, and let the last reach the maximum."""
    rounded = {value for value in map(round_significant, breaks.tolist()) if value is not None}
    last = round_significant(maximum)
    if last is not None and (not rounded or max(rounded) < maximum):
        rounded.add(max(last, maximum))
    return sorted(rounded)


def _classes(
    scheme: str,
    title: Text,
    breaks: Sequence[float],
    minimum: float | None,
    labels: list[Text] | None,
    palette_name: str,
    counts: list[int],
    *,
    clear: bool = False,
) -> Classes:
    colors, colors_dark = palette(palette_name, max(len(breaks), 1), clear=clear)
    return Classes(
        scheme=scheme,
        scheme_title=title,
        breaks=[*breaks],
        minimum=minimum,
        labels=labels,
        palette=palette_name,
        colors=colors[: len(breaks)],
        colors_dark=colors_dark[: len(breaks)],
        counts=counts,
    )


def _best_first(classes: Classes) -> Classes:
    """Turn the colours round: the first class is the best one."""
    return replace(classes, colors=classes.colors[::-1], colors_dark=classes.colors_dark[::-1])
