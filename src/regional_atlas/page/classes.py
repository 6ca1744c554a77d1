"""Classes of a plate: breaks (see `classify`), labels, colours and counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from regional_atlas.classes.breaks import MOST_DISTINCT, breaks, class_numbers
from regional_atlas.classes.schemes import SCHEMES
from regional_atlas.core.arrays import Floats
from regional_atlas.core.numerals import Bound
from regional_atlas.core.texts import Message, Quantity, Said, Text
from regional_atlas.page.format import (
    ChoroplethPlate,
    Classes,
    MultiplesPlate,
    Offered,
    Plate,
    Ramp,
    Scheme,
    TierRanks,
    YearsPlate,
)
from regional_atlas.page.palettes import OFFERED, OKABE_ITO, every_count, palette

__all__ = [
    "category_classes",
    "classify",
    "count_labels",
    "offered_classes",
    "rank_classes",
    "tier_classes",
    "tier_name",
]


_RANK_BANDS = (0.1, 0.25, 0.5, 0.75, 1.0)


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
    scheme, k, manual, middle
        See `classify.breaks`.
    palette_name : str
        See `palettes.palette`.
    clear : bool
        See `palettes.palette`.

    Returns
    -------
    Classes

    Raises
    ------
    InputError
        See `classify.breaks`.

    Examples
    --------
    >>> values = np.array([1.0, 2.0, 3.0, 4.0, np.nan])
    >>> found = classify(values, values, scheme="quantile", k=2, palette_name="Blues")
    >>> found.breaks, found.minimum, found.counts
    ([2.5, 4], 1, [2, 2])
    """
    bounds = breaks(pooled, scheme, k, manual=manual, middle=middle)
    minimum = _plain(np.nanmin(pooled)) if bounds.size else None
    return _classes(
        scheme,
        _title(scheme, pooled, k, bounds, middle),
        [_plain(bound) for bound in bounds],
        minimum,
        None,
        palette_name,
        _counts(shown, bounds),
        clear=clear,
        k=None if scheme == "manual" else k,
        middle=middle,
    )


def _title(scheme: str, values: Floats, k: int, bounds: Floats, middle: float | None) -> Said:
    """Name a scheme, with what a reader has to know of these values."""
    title = SCHEMES[scheme].title
    if middle is not None:
        return Message("page-schemeMiddle", {"title": title, "middle": Bound(middle)})
    distinct = np.unique(values[~np.isnan(values)]).size
    if scheme == "fisher_jenks" and distinct > MOST_DISTINCT:
        return Message("page-schemeMerged", {"title": title, "count": distinct})
    if scheme in _FEWER and bounds.size < min(k, distinct):
        return Message(_FEWER[scheme], {"title": title, "count": bounds.size})
    return title


_FEWER = {"quantile": "page-schemeRepeated", "log": "page-schemeNarrow"}


def _counts(values: Floats, bounds: Sequence[float] | Floats) -> list[int]:
    numbers = class_numbers(values, bounds)
    counts: list[int] = np.bincount(numbers[numbers >= 0], minlength=len(bounds)).tolist()
    return counts


def _plain(value: float) -> float:
    """Write a whole number without its point."""
    return int(value) if float(value).is_integer() and abs(value) < 2**53 else float(value)


_MOST_CLASSES = 9


def offered_classes(plates: Sequence[Plate]) -> Offered:
    """Give what the page needs to class a field anew as the reader says.

    Parameters
    ----------
    plates : sequence of Plate
        Their own palettes are offered too.

    Returns
    -------
    Offered

    Examples
    --------
    >>> offered = offered_classes([])
    >>> offered.schemes[0].title.in_("en"), [ramp.id for ramp in offered.palettes]
    ('quantiles', ['YlGnBu', 'OrRd', 'Blues', 'batlow', 'lajolla'])
    """
    own = [classes for plate in plates for classes in _classed_anew(plate)]
    most = max([_MOST_CLASSES, *(len(classes.breaks) for classes in own)])
    ramps = []
    for name in dict.fromkeys([*OFFERED, *(classes.palette for classes in own)]):
        light, dark = every_count(name, most)
        ramps.append(Ramp(id=name, light=light, dark=dark))
    schemes = [
        Scheme(id=name, title=scheme.title, formula=_formula(scheme.formula))
        for name, scheme in SCHEMES.items()
    ]
    return Offered(schemes=schemes, palettes=ramps)


def _formula(formula: str | Said) -> Said:
    return Text(formula) if isinstance(formula, str) else formula


def _classed_anew(plate: Plate) -> list[Classes]:
    if isinstance(plate, MultiplesPlate):
        return plate.classes
    return [plate.classes] if isinstance(plate, ChoroplethPlate | YearsPlate) else []


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
    >>> bands.breaks, bands.labels[1].in_("en")
    ([10, 25, 50, 75, 100], 'Ranks 11–25')
    """
    ranked = ranks[~np.isnan(ranks)]
    last = int(ranked.max()) if ranked.size else 0
    ends = sorted({math.ceil(share * last) for share in _RANK_BANDS} - {0})
    starts = [1, *(end + 1 for end in ends)]
    labels = [_label("rank", first, end) for first, end in zip(starts, ends, strict=False)]
    title, counts = Message("class-rank"), _counts(ranked, ends)
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
    >>> [label.in_("en") for label in found.labels], found.counts
    (['Tier 1 · ranks 1–6'], [1])
    """
    bounds = [tier.tier for tier in tiers]
    labels = [_label("tier", tier.first, tier.last, tier.tier) for tier in tiers]
    title, counts = Message("class-tiers"), _counts(of_units, bounds)
    return _best_first(
        _classes("tiers", title, bounds, 1, labels, palette_name, counts, clear=True)
    )


def count_labels(classes: Classes) -> Classes:
    """Label classes of counts by the whole numbers that they hold: 1, 2–10, 11–30.

    Examples
    --------
    >>> values = np.array([1.0, 9.0, 30.0])
    >>> found = classify(values, values, scheme="manual", k=3, palette_name="Blues",
    ...     manual=[1, 10, 30])
    >>> [label.in_("en") for label in count_labels(found).labels]
    ['1', '2–10', '11–30']
    """
    labels: list[Said] = []
    first = classes.minimum or 0
    for last in classes.breaks:
        whole = math.floor(last)
        beyond = first > whole
        ends = [whole] if beyond else [first, whole]
        labels.append(Quantity(ends, 0, sign="≤ " if beyond else ""))
        first = max(first, whole + 1)
    return replace(classes, labels=labels)


def category_classes(values: Floats, categories: Sequence[tuple[int, Said, str | None]]) -> Classes:
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
    ...     (1, Text("A"), None), (4, Text("B"), "#000000")])
    >>> found.breaks, found.counts, found.colors
    ([1, 4], [2, 1], ['#e69f00', '#000000'])
    """
    codes = [value for value, _, _ in categories]
    colors = [color or OKABE_ITO[i % len(OKABE_ITO)] for i, (_, _, color) in enumerate(categories)]
    return Classes(
        scheme="categories",
        scheme_title=Message("class-categories"),
        k=None,
        middle=None,
        breaks=[*codes],
        minimum=codes[0],
        labels=[title for _, title, _ in categories],
        palette="categories",
        colors=colors,
        colors_dark=colors,
        counts=[int((values == code).sum()) for code in codes],
    )


def tier_name(tier: int) -> Message:
    """Name a tier.

    Examples
    --------
    >>> tier_name(2).in_("zh"), tier_name(2).in_("en")
    ('第二梯队', 'tier 2')
    """
    return Message("tier-name", {"tier": tier})


def _label(of: str, first: int, last: int, tier: int = 0) -> Said:
    return Message(
        f"{of}-label", {"tier": tier, "first": first, "last": last, "ranks": last - first + 1}
    )


def _classes(
    scheme: str,
    title: Said,
    bounds: Sequence[float],
    minimum: float | None,
    labels: list[Said] | None,
    palette_name: str,
    counts: list[int],
    *,
    clear: bool = False,
    k: int | None = None,
    middle: float | None = None,
) -> Classes:
    colors, colors_dark = palette(palette_name, max(len(bounds), 1), clear=clear)
    return Classes(
        scheme=scheme,
        scheme_title=title,
        k=k,
        middle=middle,
        breaks=[*bounds],
        minimum=minimum,
        labels=labels,
        palette=palette_name,
        colors=colors[: len(bounds)],
        colors_dark=colors_dark[: len(bounds)],
        counts=counts,
    )


def _best_first(classes: Classes) -> Classes:
    """Turn the colours round: the first class is the best one."""
    return replace(classes, colors=classes.colors[::-1], colors_dark=classes.colors_dark[::-1])
