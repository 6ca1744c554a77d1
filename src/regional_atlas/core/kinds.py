"""What kind of value an indicator is, and how each kind rolls up from units to regions.

This is the only definition of the rules. A value of a region is made from two sums over the same
members: of a numerator and of a denominator. A kind says what the two are and how they become a
value; `Parts` holds them by unit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from regional_atlas.core.texts import Message, Said, Text

if TYPE_CHECKING:
    from regional_atlas.core.texts import Unit

__all__ = [
    "WHOLE",
    "Extensive",
    "Growth",
    "Index",
    "IndicatorMeta",
    "Intensive",
    "Kind",
    "Maximum",
    "Minimum",
    "Parts",
    "Ratio",
    "combined",
    "rule_name",
    "rule_of",
]


@dataclass(frozen=True)
class Extensive:
    """A count or a total: values add up."""


@dataclass(frozen=True)
class Ratio:
    """The sum of `numerator` over the sum of `denominator`, times `scale`; both list codes."""

    numerator: tuple[str, ...]
    denominator: tuple[str, ...]
    scale: float = 1.0


@dataclass(frozen=True)
class Intensive:
    """A rate or a density whose parts are not known: the mean, weighted by the code `weight`.

    Without a weight every member counts alike, and the rule says so.
    """

    weight: str | None = None


@dataclass(frozen=True)
class Index:
    """A score, rank or percentile: it does not add up; a mean only where `weight` is declared."""

    weight: str | None = None


@dataclass(frozen=True)
class Growth:
    """Compound growth, % a year, of the sum of `of`; never a mean of growth rates.

    Missing where the sum of the first year is 0 or below `dark_below`.
    """

    of: str
    first: int
    last: int
    dark_below: float = 0.0


@dataclass(frozen=True)
class Maximum:
    """The largest value."""


@dataclass(frozen=True)
class Minimum:
    """The smallest value."""


Kind = Extensive | Ratio | Intensive | Index | Growth | Maximum | Minimum


@dataclass(frozen=True)
class Parts:
    """What an indicator's values of one year are made of, by unit.

    Attributes
    ----------
    code : str
    year : int or None
        None for what has no year (areas).
    kind : Kind
    numerator, denominator : Series
        Index `unit_id`. A unit that lacks either is left out of both sums. Of an extensive
        indicator, an extreme and an unweighted mean the denominator is 1 for every unit.
    covered : Series or None
        Index `unit_id`: over which share of its area a unit has the value; 1 where it says nothing.
    """

    code: str
    year: int | None
    kind: Kind
    numerator: pd.Series
    denominator: pd.Series
    covered: pd.Series | None = None


WHOLE = 1 - 1e-9
"""A unit of which at least this share is covered is covered whole."""


@dataclass(frozen=True)
class IndicatorMeta:
    """What an indicator measures, so that every number shown can say it.

    Attributes
    ----------
    code : str
        Unique regardless of case.
    title, method : Said
        Name and how the value came about.
    unit : Unit
        Unit, and how numbers are scaled for each language.
    digits : int
        Digits after the point.
    direction : {1, -1}
        −1 where less is better.
    kind : Kind
        How values of units roll up to regions.
    citation : str or None
        Id of the source in the project's citations.
    missing : Said or None
        What a missing value means.
    """

    code: str
    title: Said
    unit: Unit
    method: Said
    digits: int = 1
    direction: int = 1
    kind: Kind = Intensive()
    citation: str | None = None
    missing: Said | None = None

    @property
    def extensive(self) -> bool:
        """Whether sums over units are meaningful (a count, a total), not only means."""
        return isinstance(self.kind, Extensive)


def combined(kind: Kind, above: pd.Series, below: pd.Series) -> pd.Series:
    """Make values of regions from what their members' parts come to.

    Parameters
    ----------
    kind : Kind
    above, below : Series
        By region: the sums of numerators and denominators; of a maximum or minimum, the largest or
        smallest numerator.

    Returns
    -------
    Series
        Missing where a sum is, and where the denominator is 0.

    Examples
    --------
    >>> kind = Ratio(("un",), ("lf",), 100)
    >>> combined(kind, pd.Series([15.0]), pd.Series([110.0])).round(3).tolist()
    [13.636]
    """
    if isinstance(kind, Extensive | Maximum | Minimum):
        return above
    if isinstance(kind, Index) and kind.weight is None:
        return above * float("nan")
    if isinstance(kind, Growth):
        lit = (below > 0) & (below >= kind.dark_below) & (above >= 0)
        yearly: pd.Series = (above / below.where(lit)) ** (1 / (kind.last - kind.first))
        return 100.0 * (yearly - 1)
    ratio: pd.Series = above / below.where(below != 0)
    return ratio * kind.scale if isinstance(kind, Ratio) else ratio


def rule_name(kind: Kind) -> Message:
    """Name how a kind rolls up.

    Examples
    --------
    >>> rule_name(Ratio(("un",), ("lf",), 100)).in_("en"), rule_name(Index()).in_("en")
    ('ratio of sums', 'does not add up')
    """
    match kind:
        case Extensive():
            return Message("rule-sum")
        case Maximum():
            return Message("rule-maximum")
        case Minimum():
            return Message("rule-minimum")
        case Ratio():
            return Message("rule-ratio")
        case Growth():
            return Message("rule-growth")
        case Intensive(str()) | Index(str()):
            return Message("rule-weighted-mean")
        case Intensive():
            return Message("rule-unweighted-mean")
        case Index():
            return Message("rule-none")


def rule_of(kind: Kind) -> Said:
    """Say how a kind rolls up, and by which codes.

    Examples
    --------
    >>> rule_of(Ratio(("un",), ("lf",), 100)).in_("en")
    'ratio of sums: un / lf × 100'
    >>> rule_of(Intensive("population")).in_("en"), rule_of(Extensive()).in_("en")
    ('weighted mean: by population', 'sum')
    """
    name = rule_name(kind)
    codes: Said
    match kind:
        case Ratio(numerator, denominator, scale):
            times = "" if scale == 1 else f" × {scale:g}"
            codes = Text(f"{_sum(numerator)} / {_sum(denominator)}{times}")
        case Growth(of, first, last):
            codes = Text(f"{of}, {first}–{last}")
        case Intensive(str(weight)) | Index(str(weight)):
            codes = Message("rule-by-weight", {"weight": weight})
        case _:
            return name
    return Message("rule-with-codes", {"rule": name, "codes": codes})


def _sum(codes: tuple[str, ...]) -> str:
    return codes[0] if len(codes) == 1 else f"({' + '.join(codes)})"
