"""Polygons that a question gives itself."""

from __future__ import annotations

import pytest

from regional_atlas.core.errors import InputError
from regional_atlas.query.places import polygons

DEEP = 60_000


@pytest.mark.parametrize(
    "text",
    [
        '{"type": "Polygon", "coordinates": ' + "[" * DEEP + "]" * DEEP + "}",
        '{"type": "GeometryCollection", "geometries": [' * DEEP + "]}" * DEEP,
        '{"type": "Feature", "properties": {"a": ' + "[" * 51 + "]" * 51 + '}, "geometry": null}',
        "GEOMETRYCOLLECTION (" * DEEP + "POINT (1 2)" + ")" * DEEP,
        "POLYGON " + "(" * DEEP,
    ],
    ids=["coordinates", "collections", "properties", "WKT", "open WKT"],
)
def test_what_is_nested_deep_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="within: is nested more than 50 deep"):
        polygons(text, None, None)


def test_what_is_nested_as_shapes_are_is_read() -> None:
    shape = "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))"
    assert len(polygons(shape, None, None)) == 1
