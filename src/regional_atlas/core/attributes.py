"""Attributes of GeoJSON and KML: GDAL makes a cell of each for every feature that lacks it too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

__all__ = ["MOST_NAMES", "MOST_OF_LAYER", "MOST_STRINGS", "json_problem", "kml_attributes_problem"]

MOST_NAMES = 2_000
"""Names of attributes of GeoJSON and KML."""
MOST_OF_LAYER = 20_000_000
"""Features of GeoJSON and KML times names of their attributes."""
MOST_STRINGS = 20_000_000
"""Keys and texts of JSON."""

_CHUNK = 2**22
_STRING = re.compile(rb'"((?:[^"\\]++|\\.)*+)(?:("\s*+:)|(")|(\\)?\Z)', re.DOTALL)
_ESCAPED = (b"\\u004", b"\\u006", b"\\u007")
"""Latin letters by their numbers, which no program writes: they may hide a feature."""
_NAME = re.compile(rb"""\bname\s*+=\s*+(?:"([^"]*+)"|'([^']*+)')""")


def json_problem(stream: IO[bytes]) -> str | None:
    r"""Say whether JSON has more attributes than are read; all its keys count.

    Parameters
    ----------
    stream : binary file
        From its beginning.

    Examples
    --------
    >>> from io import BytesIO
    >>> json_problem(BytesIO(b'{"type": "Feature", "properties": {"a\\"b": 1}}'))
    >>> json_problem(BytesIO(b"{" + b",".join(b'"%d": 1' % i for i in range(20_000)) + b"}"))
    'has more than 2,000 names of attributes: give all features the same'
    """
    names = set[bytes]()
    quotes = features = kinds = 0
    opened = b""
    for chunk in _chunks(stream):
        quotes += chunk.count(b'"')
        if quotes > 2 * MOST_STRINGS:
            return (
                f"has more than {MOST_STRINGS:,} keys and texts: leave out attributes, or convert "
                "it to GeoPackage (ogr2ogr)"
            )
        strings = _STRING.findall(opened + chunk)
        _, colon, quote, backslash = strings[-1] if strings else (b"", b"", b'"', b"")
        opened = b"" if colon or quote else b'"' + backslash
        names.update(text for text, colon, *_ in strings if colon)
        features += chunk.count(b'"Feature"') + sum(map(chunk.count, _ESCAPED))
        kinds += chunk.count(b'"type"')
        # A feature has a type, and so has its geometry.
        if problem := _problem(names, max(features, kinds // 2)):
            return problem
    return None


def kml_attributes_problem(stream: IO[bytes]) -> str | None:
    """Say whether KML has more attributes than are read.

    Parameters
    ----------
    stream : binary file
        From its beginning.

    Examples
    --------
    >>> from io import BytesIO
    >>> kml_attributes_problem(BytesIO(b'<kml><Placemark><Data name="a"/></Placemark></kml>'))
    """
    names = set[bytes]()
    features = 0
    for chunk in _chunks(stream):
        names.update(one or other for one, other in _NAME.findall(chunk))
        features += chunk.count(b"Placemark")
        if problem := _problem(names, features // 2):
            return problem
    return None


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(_CHUNK):
        yield chunk


def _problem(names: set[bytes], features: int) -> str | None:
    if len(names) > MOST_NAMES:
        return f"has more than {MOST_NAMES:,} names of attributes: give all features the same"
    if len(names) * features > MOST_OF_LAYER:
        return (
            f"has more than {MOST_OF_LAYER:,} cells, features times names of attributes: give all "
            "features the same, or leave some out"
        )
    return None
