"""Takes the pictures of the book and the gallery from the default project's page, in Chromium.

python docs/make_screenshots.py [PAGE]

PAGE is a saved page of the default project; without it one is built. Every picture is stored with a
palette, so that it stays small.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path
from typing import Any, NamedTuple

from PIL import Image, ImageOps
from playwright.sync_api import sync_playwright

import regional_atlas as ra

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs/images"
COLORS = 128
DESKTOP, PHONE, PAPER = (1280, 800), (390, 844), (1032, 703)
MARGIN = 45
"""Pixels that paper leaves around."""


class Shot(NamedTuple):
    """One picture: what is said of it, the state it shows, and the window."""

    caption: str
    state: dict[str, Any]
    size: tuple[int, int] = DESKTOP
    printed: bool = False
    sheet: bool = False
    """The phone's sheet is drawn up."""


KUNSHAN = ["320583"]
SHOTS = {
    "atlas": Shot("Tiers of a ranking", {"lang": "en", "plate": "industrial-tiers"}),
    "ranking": Shot("A ranking in rank bands", {"lang": "zh", "plate": "industrial-counties"}),
    "metros": Shot("Membership with outlines", {"lang": "zh", "plate": "metros"}),
    "coverage": Shot("Share of each province", {"lang": "en", "plate": "province-coverage"}),
    "lights": Shot("Years of night-time light", {"lang": "en", "plate": "lights"}),
    "raster": Shot("The raster over it", {"lang": "zh", "plate": "lights", "raster": 0.85}),
    "multiples": Shot("Small multiples", {"lang": "en", "plate": "lights-multiples"}),
    "measures": Shot("Several fields side by side", {"lang": "zh", "plate": "lights-measures"}),
    "change": Shot("Change between years", {"lang": "en", "plate": "lights-change"}),
    "bivariate": Shot("Two fields at once", {"lang": "en", "plate": "growth-index"}),
    "hotspots": Shot("Hot and cold spots", {"lang": "zh", "plate": "hot-lights"}),
    "clusters": Shot("Proportional symbols", {"lang": "en", "plate": "clusters-national"}),
    "figure": Shot("A figure of the report", {"lang": "zh", "plate": "fig-10"}),
    "weights": Shot(
        "Weights in the reader's hands",
        {
            "lang": "en",
            "plate": "vitality",
            "weights": {
                "index": "vitality",
                "weights": {"light_growth": 0.8},
                "normalise": "min_max",
                "aggregate": None,
            },
        },
    ),
    "unit": Shot("A unit", {"lang": "en", "plate": "industrial-counties", "selection": KUNSHAN}),
    "compare": Shot(
        "Three units side by side",
        {
            "lang": "zh",
            "plate": "industrial-counties",
            "compare": ["320583", "320281", "330282"],
        },
    ),
    "region": Shot(
        "A province",
        {
            "lang": "en",
            "plate": "industrial-counties",
            "area": {"scope": "province", "id": "320000"},
        },
    ),
    "sources": Shot("Sources, methods and checks", {"lang": "en", "plate": "sources"}),
    "mercator": Shot(
        "Web mercator, with the raster",
        {"lang": "en", "plate": "lights", "raster": 0.85, "mercator": True},
    ),
    "dark": Shot("Dark", {"lang": "zh", "plate": "vitality", "dark": True}),
    "print": Shot(
        "As printed on A4", {"lang": "zh", "plate": "industrial-counties"}, PAPER, printed=True
    ),
    "phone": Shot("On a phone", {"lang": "zh", "plate": "industrial-counties"}, PHONE),
    "phone-unit": Shot(
        "A unit on a phone",
        {"lang": "en", "plate": "vitality", "selection": KUNSHAN, "dark": True},
        PHONE,
        sheet=True,
    ),
}


def main() -> None:
    """Open the page and photograph it."""
    page_file = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "maps/china-2022/index.html"
    if len(sys.argv) == 1:
        ra.build(ra.read_project(ROOT / "geo/china-2022")).save(page_file.parent)
    IMAGES.mkdir(exist_ok=True)
    browsers = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=next(filter(None, browsers), None), args=["--no-sandbox"]
        )
        for name, shot in SHOTS.items():
            picture = taken(browser, page_file.resolve().as_uri(), shot)
            seen = Image.open(io.BytesIO(picture)).convert("RGB")
            if shot.printed:
                seen = ImageOps.expand(seen.resize(shot.size), MARGIN, "white")
            small = with_palette(seen)
            small.save(IMAGES / f"{name}.png", optimize=True)
        browser.close()
    (ROOT / "maps/README.md").write_text(gallery(), encoding="utf-8")


def with_palette(picture: Image.Image) -> Image.Image:
    """Keep the commonest colours, so that paper stays paper; half the palette is for the others."""
    counts = picture.getcolors(1 << 24) or []
    common = [color for _, color in sorted(counts, reverse=True)[: COLORS // 2]]
    rest = picture.quantize(COLORS // 2, method=Image.Quantize.MAXCOVERAGE).getpalette() or []
    palette = Image.new("P", (1, 1))
    palette.putpalette([band for color in common for band in color] + rest)
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


def taken(browser: Any, address: str, shot: Shot) -> bytes:
    """Open the page in a state and photograph it."""
    width, height = shot.size
    phone = shot.size == PHONE
    context = browser.new_context(
        viewport={"width": width, "height": height},
        offline=True,
        has_touch=phone,
        is_mobile=phone,
        locale="zh-CN",
        reduced_motion="reduce",
        # What is printed is fine; the picture is made smaller afterwards.
        device_scale_factor=3 if shot.printed else 1,
    )
    try:
        page = context.new_page()
        page.goto(address)
        page.wait_for_function("window.regionalAtlas")
        page.evaluate("window.regionalAtlas.ready")
        page.evaluate("state => window.regionalAtlas.setState(state)", shot.state)
        if shot.sheet:
            page.locator(".ra-handle").click()
        if shot.printed:
            page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
            page.emulate_media(media="print")
        page.wait_for_timeout(600)
        return bytes(page.screenshot())
    finally:
        context.close()


def gallery() -> str:
    """Write the page of the folder in which builds put theirs."""
    rows = "\n\n".join(
        f"### {shot.caption}\n\n![{shot.caption}](../docs/images/{name}.png)"
        for name, shot in SHOTS.items()
    )
    return f"{HEAD}\n{rows}\n"


HEAD = """# What builds write

`regional-atlas build` writes one folder per project here: `index.html` (the page; open it in a
browser, no server or network is needed), `data/` (the tables) and `report.json` (what was joined,
checked and left out). Nothing in here is edited by hand or committed, but for this file, which
`make screenshots` writes.

`regional-atlas build --all` builds every project in `geo/` and an `index.html` that leads to them,
each with a small map of its first plate and what it holds.

## Gallery

The default project, `geo/china-2022`, taken by `make screenshots`.
"""


if __name__ == "__main__":
    main()
