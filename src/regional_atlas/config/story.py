"""The story of an atlas: steps, each a text and what the page shows beside it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from regional_atlas.config.map import View
from regional_atlas.core.model import Model, Whole, Year
from regional_atlas.core.texts import Text

__all__ = ["StepConfig"]

_MOST_COMPARED = 4


class StepConfig(Model):
    """A step of the story: a text, and the state of the page beside it.

    Keys of the state have the names and values of the page's link (docs/reference/page.md); what is
    left out is as the atlas opens. docs/how-to/story.md has an example.
    """

    title: Text
    """A heading, in every language of the atlas; in the list of steps too."""
    text: Text
    """What the reader reads, in every language of the atlas: plain text, an empty line between
    paragraphs. Placeholders such as `{finding}` stand for what the data say; `{{` and `}}` for
    braces. docs/how-to/story.md lists them."""
    plate: str
    """The plate, by its id."""
    year: Year | None = None
    """Of a plate of several years."""
    panel: str | None = None
    """Of a plate of several fields, the one that is shown alone."""
    only: list[str] = []
    """Filters, such as `province:320000`, `tier:industrial:1` or `top:industrial:20`."""
    unit: list[str] = []
    """Ids of units that are marked."""
    area: str | None = None
    """A parent or region that the rest steps back from, such as `metro:m1`. The map goes there."""
    compare: Annotated[list[str], Field(max_length=_MOST_COMPARED)] = []
    """Ids of units side by side."""
    chart: str | None = None
    """A chart below the text, such as `histogram` or `scatter:light_growth`."""
    raster: Annotated[Whole, Field(ge=0, le=100)] = 0
    """Opacity of the plate's raster, in per cent."""
    bounds: View | None = None
    """West, south, east, north in degrees of what the map shows: a box, which fits windows of any
    size, in place of the link's `at`. By default the `area`, else the whole map."""
