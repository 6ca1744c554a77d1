"""The Folium adapter: all that the page takes from Folium, through its public members alone.

An `AtlasFigure` is the HTML document around a map: no link to any host, and the same bytes every
time. Folium links ten files on public hosts, whether a map needs them or not. Here Leaflet comes
from the vendored text, jQuery gives way to the two uses that Folium itself makes of it, and the
rest is dropped, unless the user added an element that needs it: those links stay, and so do the
links of the user's own plugins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from typing import Any

import folium
from branca.element import CssLink, Element, Figure, JavascriptLink, MacroElement

from regional_atlas.core.catalogues import locale_of
from regional_atlas.page.assets import inline_script, inline_style, read_asset
from regional_atlas.page.policy import declared_hosts, policy_meta

__all__ = ["MAP_NAME", "AtlasFigure", "LiteralElement", "NamedMap"]

MAP_NAME = "map_regional_atlas"
"""Name of the map in the page's script, the same in every page."""

_DEFAULTS = {name for name, _ in (*folium.Map.default_js, *folium.Map.default_css)}
_VENDORED = {"leaflet": "leaflet.js", "leaflet_css": "leaflet.css"}
_NEEDED_BY_ICONS = {
    "awesome_markers",
    "glyphicons_css",
    "awesome_markers_font_css",
    "awesome_markers_css",
    "awesome_rotate_css",
}
_EVALUATING = {"leaflet_measure_js"}
"""Plugins that make functions from text."""
_USES_JQUERY = re.compile(r"\bjQuery\b|\$\.|\$\(['\"]")
_RANDOM_ID = re.compile(r"(?<=_)[0-9a-f]{32}(?![0-9a-f])")
_VIEWPORT = re.compile(r'<meta name="viewport".*?/>', re.DOTALL)

_JQUERY_IN_FOLIUM = """<script>
window.$ = (what) => {
  if (what === document) return { ready: (then) => then() };
  const template = document.createElement("template");
  template.innerHTML = what.trim();
  return [template.content.firstElementChild];
};
</script>"""

_MARKER_PICTURE = """<script>
L.Icon.Default.imagePath = "";
L.Icon.Default.mergeOptions({{ iconUrl: "{uri}", iconRetinaUrl: "{uri}", shadowUrl: "" }});
</script>"""

_ADDRESS_IN_FRAME = """<script>
if (location.protocol === "about:") history.pushState = history.replaceState = () => {};
</script>"""
"""A notebook shows a page in a frame without an address, where browsers refuse to change it."""

_CHARSET = '<meta charset="utf-8">'
_LINK = re.compile(r"<(?:script|link)\b[^>]*\b(?:src|href)=\"([^\"]+)\"")

_DOCUMENT = """<!DOCTYPE html>
<html lang="{lang}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<meta name="description" content="{description}">
<meta property="og:type" content="website">
<meta property="og:title" content="{title}">
<meta property="og:description" content="{description}">
<meta property="og:locale" content="{locale}">
<link rel="icon" href="data:,">
{header}
</head>
<body>
{html}
{scripts}
</body>
</html>
"""


class _Listed(Element):
    """An element that says what was added to it: branca keeps that to itself."""

    def __init__(self, **options: Any) -> None:
        self.listed: dict[str, Element] = {}
        super().__init__(**options)

    def add_child(self, child: Element, name: str | None = None, index: int | None = None) -> Any:
        """Add a child; an index is its place among the others, else it comes last."""
        name = child.get_name() if name is None else name
        if index is None:
            self.listed[name] = child
        else:
            others = [item for item in self.listed.items() if item[0] != name]
            others.insert(index, (name, child))
            self.listed = dict(others)
        return super().add_child(child, name=name, index=index)


class _Part(_Listed):
    """The header, body or script of a figure."""

    def __init__(self, figure: Figure, children: Mapping[str, Element]) -> None:
        super().__init__()
        self.figure = figure
        for name, child in children.items():
            self.add_child(child, name=name)

    def get_root(self) -> Figure:
        """Give the figure."""
        return self.figure


class _Literal(Element):
    """Text that stands in a page as it is."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **kwargs: Any) -> str:
        """Give the text."""
        del kwargs
        return self.text


class LiteralElement(MacroElement):
    """An element of a map that puts its texts into the page as they are.

    branca reads what an element renders as a template again, and would evaluate braces in data.
    """

    name = "AtlasElement_regional_atlas"

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def get_name(self) -> str:
        """Give its name, the same in every page."""
        return self.name

    def texts(self) -> tuple[str, str, str]:
        """Give the texts for the head, the body and the script."""
        raise NotImplementedError

    def render(self, **kwargs: Any) -> str:
        """Put the texts into the figure."""
        del kwargs
        figure: Any = self.get_root()
        parts = (figure.header, figure.html, figure.script)
        for part, text in zip(parts, self.texts(), strict=True):
            part.add_child(_Literal(text), name=self.get_name())
        return ""


class NamedMap(folium.Map):
    """A `folium.Map` without controls and tiles, of the name `MAP_NAME`."""

    def __init__(self, location: list[float], zoom: int, crs_name: str) -> None:
        super().__init__(
            location=location,
            zoom_start=zoom,
            tiles=None,
            crs=crs_name,
            zoom_control=False,
            attribution_control=False,
            prefer_canvas=True,
        )

    def get_name(self) -> str:
        """Give its name, the same in every page."""
        return MAP_NAME


class AtlasFigure(_Listed, Figure):
    """A Figure that renders to one self-contained document.

    Parameters
    ----------
    title, description : str
        Of the document; escaped here.
    lang : str
        Language of title and description, BCP 47.
    own : str
        Name of the element whose text is taken as it is.
    picture_hosts : iterable of str
        Hosts of the tiles that the project declares.
    """

    header: _Part
    html: _Part
    script: _Part

    def __init__(
        self,
        title: str,
        description: str,
        lang: str,
        own: str,
        picture_hosts: Iterable[str] = (),
    ) -> None:
        super().__init__(height="720px", title=title)
        self.header, self.html, self.script = (_Part(self, {}) for _ in range(3))
        self.description = description
        self.lang = lang
        self.own = own
        self.picture_hosts = list(picture_hosts)
        self.framed = False

    def render(self, **kwargs: Any) -> str:
        """Render the document; neither the figure nor its map is changed."""
        before = (self.header, self.html, self.script)
        # Rendering adds to the parts: what it adds must not be there the next time.
        self.header, self.html, self.script = (_Part(self, part.listed) for part in before)
        try:
            for child in list(self.listed.values()):
                child.render(**kwargs)
            steady = _steady_ids()
            scripts = list(self._rendered(self.script, steady))
            html = "\n".join(self._rendered(self.html, steady))
            header = "\n".join(self._header("\n".join(scripts), steady))
            hosts = list(declared_hosts(self._loading(header)))
            evaluates = not _EVALUATING.isdisjoint(self.header.listed)
        finally:
            self.header, self.html, self.script = before
        document = _DOCUMENT.format(
            lang=self.lang,
            direction=locale_of(self.lang).text_direction,
            locale=_social(self.lang),
            title=escape(self.title or ""),
            description=escape(self.description),
            header=header,
            html=html,
            scripts="\n".join(f"<script>\n{inline_script(text)}\n</script>" for text in scripts),
        )
        if self.framed:
            return document
        policy = policy_meta(document, hosts, self.picture_hosts, evaluates=evaluates)
        return document.replace(_CHARSET, f"{_CHARSET}\n{policy}", 1)

    def _loading(self, header: str) -> Iterator[str]:
        """Give what may name hosts: links, and the text of every element but the atlas's own."""
        yield from _LINK.findall(header)
        for part in (self.html, self.script):
            for name, child in part.listed.items():
                if name != self.own:
                    yield child.render()

    def _repr_html_(self, **kwargs: Any) -> str:
        self.framed = True
        try:
            return str(super()._repr_html_(**kwargs))
        finally:
            self.framed = False

    def _rendered(self, part: _Part, steady: Callable[[str], str]) -> Iterator[str]:
        """Give the children one by one: a script that fails does not take the others with it."""
        for name, child in part.listed.items():
            text = child.render() if name == self.own else steady(child.render())
            if text.strip():
                yield text

    def _header(self, script: str, steady: Callable[[str], str]) -> Iterator[str]:
        if self.framed:
            yield _ADDRESS_IN_FRAME
        for name, child in self.header.listed.items():
            if isinstance(child, JavascriptLink | CssLink):
                yield self._link(name, child, script)
            else:
                text = child.render()
                yield text if name == self.own else _VIEWPORT.sub("", steady(text))

    def _link(self, name: str, link: Element, script: str) -> str:
        if name in _VENDORED:
            text = read_asset(_VENDORED[name])
            if name == "leaflet":
                return f"<script>{inline_script(text)}</script>"
            return f"<style>{inline_style(text)}</style>{_marker_picture(text, script)}"
        if name == "jquery":
            if _USES_JQUERY.search(script):
                return str(link.render())
            return _JQUERY_IN_FOLIUM if "$(" in script else ""
        wanted = name not in _DEFAULTS
        if name in _NEEDED_BY_ICONS:
            wanted = "L.AwesomeMarkers" in script
        return str(link.render()) if wanted else ""


def _social(lang: str) -> str:
    """Name a language and its likely territory as link previews read them.

    Examples
    --------
    >>> _social("zh"), _social("en"), _social("pt-BR")
    ('zh_CN', 'en_US', 'pt_BR')
    """
    from babel.core import get_global

    locale = locale_of(lang)
    likely = get_global("likely_subtags").get(locale.language, "")
    territory = locale.territory or likely.rpartition("_")[2]
    return "_".join(filter(None, [locale.language, territory]))


def _marker_picture(leaflet_css: str, script: str) -> str:
    """Give Leaflet's marker its picture from the style sheet, where it would look for a file."""
    found = re.search(r"default-icon-path\s*\{[^}]*url\(['\"]?(data:[^)'\"]+)", leaflet_css)
    return _MARKER_PICTURE.format(uri=found[1]) if found and "L.marker(" in script else ""


def _steady_ids() -> Callable[[str], str]:
    """Replace Folium's random ids by numbers, in the order in which they come."""
    ids: dict[str, str] = {}

    def replaced(found: re.Match[str]) -> str:
        return ids.setdefault(found[0], str(len(ids) + 1))

    return lambda text: _RANDOM_ID.sub(replaced, text)
