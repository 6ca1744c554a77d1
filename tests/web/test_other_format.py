"""A page whose data are of another version of the format says so, and shows nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("version", [3, 5])
def test_data_of_another_version_are_refused(
    chromium: Any, example_page: Path, tmp_path: Path, version: int
) -> None:
    html = example_page.read_text(encoding="utf-8")
    assert html.count('{"format":4,') == 1
    file = tmp_path / "index.html"
    file.write_text(html.replace('{"format":4,', f'{{"format":{version},'), encoding="utf-8")
    context = chromium.new_context(offline=True)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(file.as_uri())
    notice = page.locator(".ra-notice")
    notice.wait_for()
    said = notice.inner_text()
    assert "The atlas cannot be opened" in said
    assert "Please build the page again with one version of regional-atlas." in said
    assert f"format {version} ≠ 4" in said
    assert page.locator(".ra-plates, canvas").count() == 0
    assert faults == []
    context.close()
