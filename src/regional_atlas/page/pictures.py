"""Pictures of few colours, as files and as the data URIs that a page holds them in."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Palette", "encode_png", "encode_webp", "png_uri", "webp_uri"]

Palette = Sequence[tuple[int, int, int, int]]
"""Red, green, blue and opacity of each index."""


def encode_png(indices: NDArray[np.uint8], palette: Palette) -> bytes:
    r"""Write a palette PNG; the same pixels give the same bytes.

    Examples
    --------
    >>> png = encode_png(np.array([[0, 1]], dtype=np.uint8), [(0, 0, 0, 0), (255, 255, 255, 255)])
    >>> png[:8]
    b'\x89PNG\r\n\x1a\n'
    """
    from PIL import Image

    height, width = indices.shape
    image = Image.frombytes("P", (width, height), indices.astype(np.uint8).tobytes())
    image.putpalette(bytes(band for color in palette for band in color[:3]))
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True, transparency=bytes(color[3] for color in palette))
    return file.getvalue()


def encode_webp(indices: NDArray[np.uint8], palette: Palette) -> bytes:
    """Write a lossless WebP, a seventh smaller than PNG; the same pixels give the same bytes.

    Every browser that reads a page reads it; of other programs, some do not.

    Examples
    --------
    >>> webp = encode_webp(np.array([[0, 1]], dtype=np.uint8), [(0, 0, 0, 0), (255, 255, 255, 255)])
    >>> webp[:4], webp[8:12]
    (b'RIFF', b'WEBP')
    """
    from PIL import Image

    image = Image.fromarray(np.array(palette, dtype=np.uint8)[indices])
    file = io.BytesIO()
    # Of a lossless picture, quality is the effort to make it small.
    image.save(file, "WEBP", lossless=True, quality=75, method=6)
    return file.getvalue()


def png_uri(png: bytes) -> str:
    """Give a PNG as a data URI."""
    return _uri("image/png", png)


def webp_uri(webp: bytes) -> str:
    """Give a WebP as a data URI."""
    return _uri("image/webp", webp)


def _uri(media: str, data: bytes) -> str:
    return f"data:{media};base64," + base64.b64encode(data).decode("ascii")
