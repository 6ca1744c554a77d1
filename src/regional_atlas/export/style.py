"""Styles that QGIS applies when it opens a layer (QML)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from xml.etree import ElementTree as Xml

from regional_atlas.classes.breaks import breaks
from regional_atlas.config import RankingConfig
from regional_atlas.core.texts import Message
from regional_atlas.export.layers import Layers

__all__ = ["Style", "layer_styles"]

# ColorBrewer's Blues, darkest first: the first tier is the darkest.
SHADES = ("#08306b", "#2171b5", "#6baed6", "#c6dbef", "#deebf7", "#f7fbff")
GREY = "#e6e6e6"
BORDER = "#ffffff"
STROKE = "#404040"
RANK_CLASSES = 5
_GEOMETRY_TYPE = {"line": "1", "fill": "2"}


@dataclass(frozen=True)
class Style:
    """A style of one layer.

    Attributes
    ----------
    layer : str
        The layer's name.
    name : str
        What the style is called.
    qml : str
        The style itself.
    default : bool
        The style that the layer opens with.
    """

    layer: str
    name: str
    qml: str
    default: bool


def layer_styles(layers: Layers) -> list[Style]:
    """Make a style of the units for each ranking, and one each of the regions and lines.

    Units are coloured by tier where the ranking has tiers, otherwise in five classes of equally
    many ranks. The first ranking with tiers is the default; without any, the first ranking.
    """
    rankings = layers.project.config.rankings
    tiered = [ranking for ranking in rankings if f"{ranking.id}_tier" in layers.units]
    first = (tiered or rankings)[0].id if rankings else None
    styles = [
        Style(
            "units",
            ranking.id,
            _by_tier(layers, ranking) if ranking in tiered else _by_rank(layers, ranking),
            ranking.id == first,
        )
        for ranking in rankings
    ]
    if not rankings:
        styles.append(Style("units", "units", _single("fill", GREY, STROKE), True))
    styles.append(Style("regions", "regions", _single("fill", None, STROKE), True))
    styles.append(Style("lines", "lines", _single("line", None, STROKE), True))
    return styles


def _by_tier(layers: Layers, ranking: RankingConfig) -> str:
    rows = layers.units[[f"{ranking.id}_tier", f"{ranking.id}_rank"]].dropna()
    ranks = rows.groupby(f"{ranking.id}_tier")[f"{ranking.id}_rank"].agg(["min", "max"])
    renderer = _renderer("categorizedSymbol", attr=f"{ranking.id}_tier")
    categories = Xml.SubElement(renderer, "categories")
    lang = layers.project.config.offered()[0]
    labels = [
        (
            str(tier),
            "integer",
            Message(
                "style-tier",
                {"tier": int(str(tier)), "first": int(row["min"]), "last": int(row["max"])},
            ).in_(lang),
        )
        for tier, row in ranks.iterrows()
    ]
    # An empty value stands for all others, missing ones among them.
    labels.append(("", "string", Message("missing-not-ranked").in_(lang)))
    for i, (value, kind, label) in enumerate(labels):
        Xml.SubElement(
            categories,
            "category",
            {"value": value, "type": kind, "label": label, "symbol": str(i), "render": "true"},
        )
    colours = [SHADES[min(i, len(SHADES) - 1)] for i in range(len(ranks))]
    return _document(renderer, "fill", [(colour, BORDER) for colour in [*colours, GREY]])


def _by_rank(layers: Layers, ranking: RankingConfig) -> str:
    ranks = layers.units[f"{ranking.id}_rank"].dropna().to_numpy(dtype="float64")
    # QGIS takes the first range that holds a value: on a bound the one below, as in classify.
    bounds = breaks(ranks, "quantile", RANK_CLASSES).tolist()
    edges = [float(ranks.min()), *bounds] if bounds else []
    renderer = _renderer(
        "graduatedSymbol", attr=f"{ranking.id}_rank", graduatedMethod="GraduatedColor"
    )
    ranges = Xml.SubElement(renderer, "ranges")
    for i, (lower, upper) in enumerate(pairwise(edges)):
        Xml.SubElement(
            ranges,
            "range",
            {
                "lower": f"{lower:.10g}",
                "upper": f"{upper:.10g}",
                "label": f"{lower:.10g} – {upper:.10g}",
                "symbol": str(i),
                "render": "true",
            },
        )
    return _document(renderer, "fill", [(SHADES[i], BORDER) for i in range(len(bounds))])


def _single(kind: str, fill: str | None, stroke: str) -> str:
    return _document(_renderer("singleSymbol"), kind, [(fill, stroke)])


def _renderer(kind: str, **attributes: str) -> Xml.Element:
    fixed = {"type": kind, "symbollevels": "0", "enableorderby": "0", "forceraster": "0"}
    return Xml.Element("renderer-v2", fixed | attributes)


def _document(renderer: Xml.Element, kind: str, colours: Sequence[tuple[str | None, str]]) -> str:
    symbols = Xml.SubElement(renderer, "symbols")
    for i, (fill, stroke) in enumerate(colours):
        symbol = Xml.SubElement(
            symbols,
            "symbol",
            {"type": kind, "name": str(i), "alpha": "1", "clip_to_extent": "1", "force_rhr": "0"},
        )
        options = _line(stroke) if kind == "line" else _fill(fill, stroke)
        layer = Xml.SubElement(
            symbol,
            "layer",
            {
                "class": "SimpleLine" if kind == "line" else "SimpleFill",
                "enabled": "1",
                "locked": "0",
                "pass": "0",
            },
        )
        table = Xml.SubElement(layer, "Option", {"type": "Map"})
        for name, value in options.items():
            Xml.SubElement(table, "Option", {"type": "QString", "name": name, "value": value})
    root = Xml.Element("qgis", {"version": "3.22.0", "styleCategories": "Symbology"})
    root.append(renderer)
    Xml.SubElement(root, "layerGeometryType").text = _GEOMETRY_TYPE[kind]
    Xml.indent(root)
    header = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"
    return header + Xml.tostring(root, encoding="unicode") + "\n"


def _fill(colour: str | None, stroke: str) -> dict[str, str]:
    return {
        "color": _rgba(colour or stroke),
        "style": "no" if colour is None else "solid",
        "outline_color": _rgba(stroke),
        "outline_style": "solid",
        "outline_width": "0.3" if colour is None else "0.1",
        "outline_width_unit": "MM",
        "joinstyle": "bevel",
    }


def _line(stroke: str) -> dict[str, str]:
    return {
        "line_color": _rgba(stroke),
        "line_style": "solid",
        "line_width": "0.4",
        "line_width_unit": "MM",
    }


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5)) + ",255"
