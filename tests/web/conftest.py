"""Fixtures of the front end's tests: pages opened offline, data of a test's own in them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from regional_atlas.page.assets import json_text
from regional_atlas.page.format import Spec, Store, plain
from regional_atlas.page.packing import pack, unpack

DESKTOP = {"width": 1280, "height": 800}
FOREIGN = "is-IS"
"""A reader whose language no page offers: a page opens in its first."""
Change = Callable[[dict[str, Any], dict[str, Any]], None]


@pytest.fixture(scope="session")
def example_page(example: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter project's page, saved."""
    folder = tmp_path_factory.mktemp("example")
    example.save(folder)
    return folder / "index.html"


@pytest.fixture
def open_page(chromium: Any) -> Iterator[Any]:
    """Open a page without a network, wait until its first plate is painted; no error may happen."""
    contexts: list[Any] = []
    faults: list[str] = []

    def open_page(file: Path, fragment: str = "", viewport: Any = None, **options: Any) -> Any:
        reader = {"viewport": viewport or DESKTOP, "offline": True, "locale": FOREIGN}
        context = chromium.new_context(**reader | options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(file.as_uri() + fragment)
        page.wait_for_function("window.regionalAtlas")
        page.evaluate("window.regionalAtlas.ready")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert not faults


def _block(name: str) -> re.Pattern[str]:
    return re.compile(rf'(<script[^>]*id="{name}"[^>]*>)(.*?)(</script>)', re.S)


@pytest.fixture(scope="session")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path, Change], Path]:
    """Save a page again after a function has changed its specification and store."""

    def rewritten(file: Path, change: Change) -> Path:
        html = file.read_text(encoding="utf-8")
        spec_block, store_block = _block("ra-spec"), _block("ra-store")
        spec_found, store_found = spec_block.search(html), store_block.search(html)
        assert spec_found
        assert store_found
        spec = json.loads(spec_found.group(2))
        store = unpack(store_found.group(2))
        change(spec, store)
        # What a test puts in is of the page format too.
        text = json_text(plain(TypeAdapter(Spec).validate_python(spec), spec["languages"]))
        packed = pack(plain(TypeAdapter(Store).validate_python(store), spec["languages"]))
        html = spec_block.sub(lambda m: m.group(1) + text + m.group(3), html, count=1)
        html = store_block.sub(lambda m: m.group(1) + packed + m.group(3), html, count=1)
        out = tmp_path_factory.mktemp("rewritten") / "index.html"
        out.write_text(html, encoding="utf-8")
        return out

    return rewritten
