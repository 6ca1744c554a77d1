"""The statistics: what each is called, what it measures, and how it follows from the cells.

A statistic is a function with its description. To add one, register it here; where it needs
something of the cells that no loop gathers yet, add that to `statistics_kernels`. Its columns,
messages, the list of `regional-atlas zonal --stats help` and the reference page follow from the
description.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from regional_atlas.core.errors import DataError, InputError
from regional_atlas.core.texts import Text

__all__ = [
    "NEEDS",
    "STATISTICS",
    "Asked",
    "Statistic",
    "Sums",
    "ZoneCells",
    "asked",
    "quantile_of",
    "split_names",
    "statistic_of",
]

Values = NDArray[Any]
Sums = Mapping[str, NDArray[np.float64]]
"""What one pass over a raster sums up: `count`, `sum`, `min`, `max`, `lit`, `cells`, `area`."""
Rollup = Literal["sum", "mean", "max", "min", "none"]

MOST_CLASSES = 1_000
NEEDS = {
    "lit_threshold": "a lit_threshold, in decoded units",
    "weights": "a raster of weights",
    "population": "a population, the column of zones with heads",
}
"""What a statistic may need beside the raster."""


@dataclass(frozen=True)
class Argument:
    """Numbers that a statistic takes in parentheses, as in ``quantile(q=0.25)``.

    Attributes
    ----------
    name : str
        May be written before them, with ``=``.
    usage : str
        How they are written.
    label : callable
        What they add to the name of the column.
    problem : callable
        What is wrong with them; empty where nothing is.
    """

    name: str
    usage: str
    label: Callable[[Sequence[float]], str]
    problem: Callable[[Sequence[float]], str]


def _not_a_quantile(numbers: Sequence[float]) -> str:
    return "" if len(numbers) == 1 and 0 <= numbers[0] <= 1 else "q lies between 0 and 1"


QUANTILE = Argument("q", "q=0.25", lambda q: f"{round(100 * q[0], 9):g}", _not_a_quantile)
CLASSES = Argument(
    "values",
    "value,…",
    lambda values: "_".join(f"{value:.15g}" for value in values),
    lambda values: "" if np.isfinite(values).all() else "values are finite numbers",
)


@dataclass(frozen=True)
class Statistic:
    """A statistic of the cells of a zone.

    Attributes
    ----------
    name : str
        As it is asked for.
    title : Text
    formula : Text
        v the value of a cell, c its coverage fraction, w its weight; over the valid cells.
    unit : str
        How its measurement unit follows from that of the values: ``value``, ``value²``,
        ``value/km²``, ``value/head``, ``weight``, ``share``, ``cells``, ``km²``, ``class``, or
        empty.
    example : str
        A worked number; see docs/reference/statistics.md.
    compute : callable
        From `Sums`, or from `ZoneCells` where `of_cells`; with the argument where it takes one.
    rollup : {'sum', 'mean', 'max', 'min', 'none'}
        How the values of parts make that of the whole: added, averaged, the highest or lowest of
        them, or not at all.
    by : str
        The statistic that a mean of parts is weighted by.
    argument : Argument or None
    needs : tuple of str
        Of `NEEDS`.
    of_cells : bool
        It needs all cells of a zone at once: a second pass over the raster.
    sorted : bool
        It needs these cells sorted by value.
    tables : bool
        It needs the distinct values of every zone.
    areas : bool
        It needs the ground area of cells.
    wide : bool
        It fills a column for each distinct value, named after the statistic and the value.

    Examples
    --------
    >>> mean = STATISTICS["mean"]
    >>> mean.title.in_("en"), mean.formula.in_("en"), mean.unit, mean.rollup
    ('mean', 'Σ v c / Σ c', 'value', 'mean')
    """

    name: str
    title: Text
    formula: Text
    unit: str
    example: str
    compute: Callable[..., Any]
    rollup: Rollup = "none"
    by: str = "count"
    argument: Argument | None = None
    needs: tuple[str, ...] = ()
    of_cells: bool = False
    sorted: bool = False
    tables: bool = False
    areas: bool = False
    wide: bool = False

    @property
    def usage(self) -> str:
        """How it is asked for."""
        return f"{self.name}({self.argument.usage})" if self.argument else self.name


@dataclass
class ZoneCells:
    """What the cells of each zone come to: statistics that need all of them at once.

    Attributes
    ----------
    raster : str
        Named in messages.
    fields : dict of str to ndarray
        By name of `statistics_kernels.FIELDS`: one value per zone; NaN where a zone has no valid
        cell.
    quantiles : dict of float to ndarray
        By q.
    areas, lit_areas : ndarray
        km² of the valid cells, and of those of at least the threshold.
    total, count : ndarray
        Σ v c and Σ c.
    tables : list
        Of each zone: its distinct values in order, Σ c and Σ c w of each; None without a cell.
    heads : ndarray or None
        Population of each zone.
    """

    raster: str
    fields: dict[str, NDArray[np.float64]]
    quantiles: dict[float, NDArray[np.float64]]
    areas: NDArray[np.float64]
    lit_areas: NDArray[np.float64]
    total: NDArray[np.float64]
    count: NDArray[np.float64]
    tables: Sequence[Any]
    heads: NDArray[np.float64] | None = None


@dataclass(frozen=True)
class Asked:
    """A statistic as it is asked for: with its argument, and the column that it fills.

    Attributes
    ----------
    statistic : Statistic
    column : str
        Of the table; where the statistic is `wide`, what the names of its columns begin with.
    argument : tuple of float, optional

    Examples
    --------
    >>> asked("quantile(q=0.25)").column, asked("class_share(41,42)").argument
    ('quantile_25', (41.0, 42.0))
    """

    statistic: Statistic
    column: str
    argument: tuple[float, ...] | None = None

    def columns(self, cells: Sums | ZoneCells) -> dict[str, Values]:
        """Compute its columns from what the cells come to."""
        arguments = () if self.argument is None else (self.argument,)
        computed: Any = self.statistic.compute(cells, *arguments)
        return computed if self.statistic.wide else {self.column: computed}


STATISTICS: dict[str, Statistic] = {}
"""Every statistic by name."""


def asked(name: str) -> Asked:
    """Read what is asked for: a name, or a name with its argument in parentheses.

    Raises
    ------
    InputError
        If there is no such statistic, it lacks its argument or takes another.

    Examples
    --------
    >>> asked("quantile(0.9)").column, asked("median").column
    ('quantile_90', 'median')
    """
    call = re.fullmatch(r"(\w+)\((.*)\)", name.strip())
    statistic = STATISTICS.get(call[1] if call else name.strip())
    if statistic is None:
        known = ", ".join(each.usage for each in STATISTICS.values())
        raise InputError(f"unknown statistic {name!r}; known: {known}")
    argument = statistic.argument
    if call is None and argument is None:
        return Asked(statistic, statistic.name)
    if call is None or argument is None:
        raise InputError(f"statistic {name!r}: write {statistic.usage}")
    given = re.sub(rf"^\s*{argument.name}\s*=", "", call[2])
    try:
        numbers = tuple(float(part) for part in given.split(","))
    except ValueError:
        raise InputError(f"statistic {name!r}: write {statistic.usage}") from None
    problem = argument.problem(numbers)
    if problem:
        raise InputError(f"statistic {name!r}: {problem}")
    return Asked(statistic, f"{statistic.name}_{argument.label(numbers)}", numbers)


def quantile_of(each: Asked) -> float | None:
    """Say which quantile a statistic is; None for all others.

    Examples
    --------
    >>> [quantile_of(asked(name)) for name in ("median", "quantile(0.9)", "mean")]
    [0.5, 0.9, None]
    """
    if each.statistic.name == "median":
        return 0.5
    return each.argument[0] if each.statistic.name == "quantile" and each.argument else None


def statistic_of(column: str) -> Statistic | None:
    """Say which statistic fills a column of a zonal table; None for other columns.

    Examples
    --------
    >>> [statistic_of(name).name for name in ("sum", "class_share_41_42", "weighted_frac_8")]
    ['sum', 'class_share', 'weighted_frac']
    """
    if column in STATISTICS:
        return STATISTICS[column]
    stems = (each for each in STATISTICS.values() if each.argument or each.wide)
    return next((each for each in stems if column.startswith(f"{each.name}_")), None)


def split_names(text: str) -> list[str]:
    """Split a list of statistics at its commas, but for those in parentheses.

    Examples
    --------
    >>> split_names("mean,class_share(41,42),median")
    ['mean', 'class_share(41,42)', 'median']
    """
    return re.split(r",(?![^()]*\))", text)


def _said(en: str, zh: str, fr: str) -> Text:
    return Text(en=en, zh=zh, fr=fr)


def statistic(
    name: str, title: Text, formula: Text, unit: str, example: str, **options: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as the statistic of this name; see `Statistic`."""

    def registered(compute: Callable[..., Any]) -> Callable[..., Any]:
        STATISTICS[name] = Statistic(name, title, formula, unit, example, compute, **options)
        return compute

    return registered


def of_cells(
    name: str, title: Text, formula: Text, unit: str, example: str, **options: Any
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a statistic that needs all cells of a zone at once."""
    return statistic(name, title, formula, unit, example, of_cells=True, **options)


def gathered(
    name: str,
    title: Text,
    formula: Text,
    unit: str,
    example: str,
    field: str | None = None,
    **options: Any,
) -> None:
    """Register a statistic that a pass over all cells of a zone gathers, as `field` or its name."""
    held = field or name

    def of_field(cells: ZoneCells) -> Values:
        return cells.fields[held]

    of_cells(name, title, formula, unit, example, **options)(of_field)


def _known(sums: Sums, values: NDArray[np.float64]) -> Values:
    """Nothing is known of a zone without a valid cell."""
    return np.where(sums["count"] == 0, np.nan, values)


# From sums in one pass. Divisions by 0 are missing values.


@statistic(
    "mean",
    title=_said("mean", "均值", "moyenne"),
    formula=Text("Σ v c / Σ c"),
    unit="value",
    example="5",
    rollup="mean",
)
def _mean(sums: Sums) -> Values:
    return sums["sum"] / sums["count"]


@statistic(
    "sum",
    title=_said("sum", "总和", "somme"),
    formula=Text("Σ v c"),
    unit="value",
    example="5 + ½(2+4+6+8) + ¼(1+3+7+9) = 20",
    rollup="sum",
)
def _sum(sums: Sums) -> Values:
    return _known(sums, sums["sum"])


@statistic(
    "min",
    title=_said("minimum", "最小值", "minimum"),
    formula=_said(
        "smallest v",
        "最小的 v",
        "plus petit v",
    ),
    unit="value",
    example="1",
    rollup="min",
)
def _min(sums: Sums) -> Values:
    return _known(sums, sums["min"])


@statistic(
    "max",
    title=_said("maximum", "最大值", "maximum"),
    formula=_said(
        "largest v",
        "最大的 v",
        "plus grand v",
    ),
    unit="value",
    example="9",
    rollup="max",
)
def _max(sums: Sums) -> Values:
    return _known(sums, sums["max"])


@statistic(
    "count",
    title=_said("valid cells", "有效像元数", "cellules valides"),
    formula=Text("Σ c"),
    unit="cells",
    example="4",
    rollup="sum",
)
def _count(sums: Sums) -> Values:
    return sums["count"]


@statistic(
    "lit_share",
    title=_said("share at or above the threshold", "达到阈值的占比", "part au seuil ou au-dessus"),
    formula=_said(
        "Σ c where v ≥ threshold / Σ c",
        "v ≥ 阈值处的 Σ c / Σ c",
        "Σ c où v ≥ seuil / Σ c",
    ),
    unit="share",
    example="threshold 5: (1 + ½ + ½ + ¼ + ¼)/4 = 0.625",
    rollup="mean",
    needs=("lit_threshold",),
)
def _lit_share(sums: Sums) -> Values:
    return sums["lit"] / sums["count"]


@statistic(
    "cell_count",
    title=_said("cells touched", "触及像元数", "cellules touchées"),
    formula=_said(
        "number of cells touched, valid or not",
        "触及的像元数，无论有效与否",
        "nombre de cellules touchées, valides ou non",
    ),
    unit="cells",
    example="9",
)
def _cell_count(sums: Sums) -> Values:
    return sums["cells"].astype(np.int64)


@statistic(
    "valid_share",
    title=_said("valid share", "有效占比", "part valide"),
    formula=_said(
        "Σ c / area of the zone in cells",
        "Σ c / 以像元计的区域面积",
        "Σ c / surface de la zone en cellules",
    ),
    unit="share",
    example="1",
)
def _valid_share(sums: Sums) -> Values:
    return sums["count"] / sums["area"]


# From all cells of a zone at once.


gathered(
    "variance",
    title=_said("variance", "方差", "variance"),
    formula=_said(
        "Σ c (v − mean)² / Σ c",
        "Σ c (v − 均值)² / Σ c",
        "Σ c (v − moyenne)² / Σ c",
    ),
    unit="value²",
    example="5",
)


@of_cells(
    "stdev",
    title=_said("standard deviation", "标准差", "écart-type"),
    formula=_said(
        "√variance",
        "√方差",
        "√variance",
    ),
    unit="value",
    example="2.236",
)
def _stdev(cells: ZoneCells) -> Values:
    return np.asarray(np.sqrt(cells.fields["variance"]))


@of_cells(
    "coefficient_of_variation",
    title=_said("coefficient of variation", "变异系数", "coefficient de variation"),
    formula=_said(
        "stdev / mean",
        "标准差 / 均值",
        "écart-type / moyenne",
    ),
    unit="",
    example="0.447",
)
def _coefficient_of_variation(cells: ZoneCells) -> Values:
    return np.asarray(_stdev(cells) / (cells.total / cells.count))


@of_cells(
    "median",
    title=_said("median", "中位数", "médiane"),
    formula=Text("quantile(q=0.5)"),
    unit="value",
    example="5",
    sorted=True,
)
def _median(cells: ZoneCells) -> Values:
    return cells.quantiles[0.5]


@of_cells(
    "quantile",
    title=_said("quantile", "分位数", "quantile"),
    formula=_said(
        "linear between distinct values, weighted by c",
        "按 c 加权，在不同值之间线性内插",
        "linéaire entre valeurs distinctes, pondéré par c",
    ),
    unit="value",
    example="q=0.25: 3.5",
    argument=QUANTILE,
    sorted=True,
)
def _quantile(cells: ZoneCells, q: Sequence[float]) -> Values:
    return cells.quantiles[q[0]]


gathered(
    "majority",
    title=_said("majority", "众数", "valeur majoritaire"),
    formula=_said(
        "value with the largest Σ c; the largest of equals",
        "Σ c 最大的值；并列时取最大者",
        "valeur au plus grand Σ c ; la plus grande en cas d'égalité",
    ),
    unit="class",
    example="5",
    sorted=True,
)


gathered(
    "mode",
    title=_said("mode", "众数", "mode"),
    formula=_said(
        "the same as majority",
        "同 majority",
        "comme majority",
    ),
    unit="class",
    example="5",
    sorted=True,
    field="majority",
)


gathered(
    "minority",
    title=_said("minority", "最少值", "valeur minoritaire"),
    formula=_said(
        "value with the smallest Σ c; the smallest of equals",
        "Σ c 最小的值；并列时取最小者",
        "valeur au plus petit Σ c ; la plus petite en cas d'égalité",
    ),
    unit="class",
    example="1",
    sorted=True,
)


@of_cells(
    "variety",
    title=_said("variety", "不同值个数", "nombre de valeurs"),
    formula=_said(
        "number of distinct values",
        "不同值的个数",
        "nombre de valeurs distinctes",
    ),
    unit="",
    example="9",
    sorted=True,
)
def _variety(cells: ZoneCells) -> Values:
    return np.where(np.isnan(cells.count), 0, cells.fields["variety"])


@of_cells(
    "frac",
    title=_said("share of each value", "各值占比", "part de chaque valeur"),
    formula=_said(
        "Σ c of each distinct value / Σ c",
        "各不同值的 Σ c / Σ c",
        "Σ c de chaque valeur distincte / Σ c",
    ),
    unit="share",
    example="`frac_5` = 0.25",
    sorted=True,
    tables=True,
    wide=True,
)
def _frac(cells: ZoneCells) -> dict[str, Values]:
    return _shares_of_values("frac", cells, weighted=False)


@of_cells(
    "class_share",
    title=_said("share of classes", "类别占比", "part des classes"),
    formula=_said(
        "Σ c of cells with one of these values / Σ c",
        "取这些值的像元的 Σ c / Σ c",
        "Σ c des cellules de ces valeurs / Σ c",
    ),
    unit="share",
    example="class_share(2,5): (½ + 1)/4 = 0.375",
    rollup="mean",
    argument=CLASSES,
    sorted=True,
    tables=True,
)
def _class_share(cells: ZoneCells, classes: Sequence[float]) -> Values:
    shares = np.full(len(cells.tables), np.nan)
    for zone, table in enumerate(cells.tables):
        if table is not None:
            distinct, amounts, _ = table
            shares[zone] = amounts[np.isin(distinct, classes)].sum() / amounts.sum()
    return shares


gathered(
    "gini",
    title=_said("Gini coefficient", "基尼系数", "coefficient de Gini"),
    formula=_said(
        "Σᵢ Σⱼ cᵢ cⱼ abs(vᵢ − vⱼ) / (2 mean (Σ c)²); none with a value below 0 or only 0",
        "Σᵢ Σⱼ cᵢ cⱼ abs(vᵢ − vⱼ) / (2 均值 (Σ c)²)；有负值或全为 0 时无值",
        "Σᵢ Σⱼ cᵢ cⱼ abs(vᵢ − vⱼ) / (2 moyenne (Σ c)²) ; aucun avec une valeur négative ou 0 seul",
    ),
    unit="",
    example="values 0 0 0 8, whole: 0.75",
    sorted=True,
)


@of_cells(
    "area_km2",
    title=_said("valid area", "有效面积", "surface valide"),
    formula=_said(
        "Σ c a, a the ground area of the cell",
        "Σ c a，a 为像元的地面面积",
        "Σ c a, a surface au sol de la cellule",
    ),
    unit="km²",
    example="equator cell of 15″: 0.2137",
    rollup="sum",
    areas=True,
)
def _area_km2(cells: ZoneCells) -> Values:
    return cells.areas


@of_cells(
    "lit_area_km2",
    title=_said(
        "area at or above the threshold", "达到阈值的面积", "surface au seuil ou au-dessus"
    ),
    formula=_said(
        "Σ c a where v ≥ threshold, a the ground area of the cell",
        "v ≥ 阈值处的 Σ c a，a 为像元的地面面积",
        "Σ c a où v ≥ seuil, a surface au sol de la cellule",
    ),
    unit="km²",
    example="equator cell of 15″: 0.2137",
    rollup="sum",
    areas=True,
    needs=("lit_threshold",),
)
def _lit_area_km2(cells: ZoneCells) -> Values:
    return cells.lit_areas


@of_cells(
    "sum_per_km2",
    title=_said("sum per km²", "单位面积总和", "somme par km²"),
    formula=_said(
        "Σ v c / Σ c a, a the ground area of the cell",
        "Σ v c / Σ c a，a 为像元的地面面积",
        "Σ v c / Σ c a, a surface au sol de la cellule",
    ),
    unit="value/km²",
    example="that cell, of value 3: 14.04",
    rollup="mean",
    by="area_km2",
    areas=True,
)
def _sum_per_km2(cells: ZoneCells) -> Values:
    return cells.total / np.where(np.isnan(cells.count), np.nan, cells.areas)


@of_cells(
    "sum_per_head",
    title=_said("sum per head", "人均总和", "somme par habitant"),
    formula=_said(
        "Σ v c / population of the zone",
        "Σ v c / 区域人口",
        "Σ v c / population de la zone",
    ),
    unit="value/head",
    example="4 heads: 5",
    needs=("population",),
)
def _sum_per_head(cells: ZoneCells) -> Values:
    assert cells.heads is not None
    return cells.total / np.where(cells.heads > 0, cells.heads, np.nan)


gathered(
    "weighted_sum",
    title=_said("weighted sum", "加权总和", "somme pondérée"),
    formula=Text("Σ c w v"),
    unit="value",
    example="w = 1 in the last row: 8",
    rollup="sum",
    needs=("weights",),
)


gathered(
    "weighted_count",
    title=_said("weight of the valid cells", "加权像元数", "poids des cellules valides"),
    formula=Text("Σ c w"),
    unit="weight",
    example="w = 1 in the last row: 1",
    rollup="sum",
    needs=("weights",),
)


gathered(
    "weighted_mean",
    title=_said("weighted mean", "加权均值", "moyenne pondérée"),
    formula=Text("Σ c w v / Σ c w"),
    unit="value",
    example="w = 1 in the last row: 8",
    rollup="mean",
    by="weighted_count",
    needs=("weights",),
)


gathered(
    "weighted_variance",
    title=_said("weighted variance", "加权方差", "variance pondérée"),
    formula=Text("Σ c w (v − weighted_mean)² / Σ c w"),
    unit="value²",
    example="w = 1 in the last row: 0.5",
    needs=("weights",),
)


@of_cells(
    "weighted_stdev",
    title=_said("weighted standard deviation", "加权标准差", "écart-type pondéré"),
    formula=Text("√weighted_variance"),
    unit="value",
    example="w = 1 in the last row: 0.707",
    needs=("weights",),
)
def _weighted_stdev(cells: ZoneCells) -> Values:
    return np.asarray(np.sqrt(cells.fields["weighted_variance"]))


@of_cells(
    "weighted_frac",
    title=_said("weighted share of each value", "各值加权占比", "part pondérée de chaque valeur"),
    formula=_said(
        "Σ c w of each distinct value / Σ c w",
        "各不同值的 Σ c w / Σ c w",
        "Σ c w de chaque valeur distincte / Σ c w",
    ),
    unit="share",
    example="w = 1 in the last row: `weighted_frac_8` = 0.5",
    needs=("weights",),
    sorted=True,
    tables=True,
    wide=True,
)
def _weighted_frac(cells: ZoneCells) -> dict[str, Values]:
    return _shares_of_values("weighted_frac", cells, weighted=True)


def _shares_of_values(name: str, cells: ZoneCells, *, weighted: bool) -> dict[str, Values]:
    """One column per distinct value; 0 where a zone has cells, but none of that value."""
    tables = cells.tables
    known = [table[0] for table in tables if table is not None]
    values = np.unique(np.concatenate([np.empty(0), *known]))
    if len(values) > MOST_CLASSES:
        raise DataError(
            f"{name}: {cells.raster} has {len(values):,} distinct values in the zones, more than "
            f"{MOST_CLASSES:,}: it holds no classes"
        )
    shares = np.full((len(values), len(tables)), np.nan)
    for zone, table in enumerate(tables):
        if table is None:
            continue
        distinct, of_cover, of_weight = table
        amounts = of_weight if weighted else of_cover
        with np.errstate(invalid="ignore", divide="ignore"):
            parts = amounts / amounts.sum()
        shares[:, zone] = 0.0 if np.isfinite(parts).all() else np.nan
        shares[np.searchsorted(values, distinct), zone] = parts
    return {f"{name}_{value:.15g}": row for value, row in zip(values, shares, strict=True)}
