"""The page in headless Chromium: its size, opening, plate switches, heap.

    python benchmarks/page.py [PAGE]

PAGE is a saved atlas, maps/china-2022/index.html by default. Prints a Markdown table; times are
medians in milliseconds, without GPU and without a network.
"""

from __future__ import annotations

import re
import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

RUNS = 5
OPEN = "() => window.regionalAtlas.ready.then(() => performance.now())"
SWITCH = """async (ids) => {
  const times = [];
  for (const id of ids) {
    const start = performance.now();
    await window.regionalAtlas.show(id);
    times.push(performance.now() - start);
  }
  return times;
}"""
RASTER = re.compile(rb'"png":"[^"]*"')


def main() -> None:
    """Measure one page."""
    from playwright.sync_api import sync_playwright

    root = Path(__file__).resolve().parent.parent
    file = Path(sys.argv[1] if len(sys.argv) > 1 else root / "maps/china-2022/index.html").resolve()
    data = file.read_bytes()
    names = ("chromium", "chromium-browser", "google-chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    opened, switched, heaps = [], [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--enable-precise-memory-info"]
        )
        for _ in range(RUNS):
            context = browser.new_context(viewport={"width": 1280, "height": 800}, offline=True)
            page: Any = context.new_page()
            page.goto(file.as_uri())
            page.wait_for_function("window.regionalAtlas")
            opened.append(page.evaluate(OPEN))
            ids = page.evaluate("window.regionalAtlas.plates().map((plate) => plate.id)")
            switched += page.evaluate(SWITCH, ids)
            heaps.append(page.evaluate("performance.memory.usedJSHeapSize"))
            context.close()
        browser.close()
    rows = {
        "page, MB": len(data) / 1e6,
        "without rasters, MB": len(RASTER.sub(b'"png":""', data)) / 1e6,
        "open to ready, ms": statistics.median(opened),
        "plate switch, ms": statistics.median(switched),
        "slowest plate switch, ms": max(switched),
        "heap, MB": max(heaps) / 1e6,
    }
    print("| measure | value |\n|---|---|")
    for name, value in rows.items():
        print(f"| {name} | {value:,.2f} |")


if __name__ == "__main__":
    main()
