"""The book says what the code does."""

from __future__ import annotations

import importlib
import inspect
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), ROOT / "geo/README.md"]


def test_reference_pages_follow_from_the_code(check_generated: Any) -> None:
    result = check_generated("docs/make_reference.py")
    assert result.returncode == 0, result.stderr


def test_the_check_of_reference_pages_can_fail(check_generated: Any, tmp_path: Path) -> None:
    (tmp_path / "docs/reference").mkdir(parents=True)
    script = (ROOT / "docs/make_reference.py").read_text(encoding="utf-8")
    (tmp_path / "docs/make_reference.py").write_text(script, encoding="utf-8")
    result = check_generated("docs/make_reference.py", tmp_path)
    assert result.returncode == 1
    assert "out of date" in result.stderr


def blank_rows(text: str) -> list[str]:
    """List the keys of a page of the reference that nothing is said of."""
    rows = re.findall(r"^\| `([^`]+)` \|([^|]*)\|", text, re.MULTILINE)
    assert len(rows) > 50
    return [key for key, said in rows if not said.strip()]


@pytest.mark.parametrize("name", ["atlas-toml.md", "index-toml.md"])
def test_every_key_is_described(name: str) -> None:
    text = (ROOT / "docs/reference" / name).read_text(encoding="utf-8")
    assert blank_rows(text) == []
    first = re.search(r"^\| `(\w+)` \|[^|]+\|", text, re.MULTILINE)
    assert first is not None
    assert blank_rows(text.replace(first[0], f"| `{first[1]}` |  |")) == [first[1]]


@pytest.mark.shared_data
@pytest.mark.china
@pytest.mark.slow
@pytest.mark.usefixtures("shared")
def test_the_page_on_real_rasters_says_what_the_files_say(check_generated: Any) -> None:
    result = check_generated("docs/make_rasters.py")
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("package", ["nightlights", "scoring", "spatial", "config.index", "zonal"])
def test_what_a_package_offers_has_an_example(package: str) -> None:
    """But for what an index file may say, which the reference describes."""
    module = importlib.import_module(f"regional_atlas.{package}")
    offered = {name: getattr(module, name) for name in module.__all__}
    described = [name for name in offered if name.endswith(("Config", "Method"))]
    without = [
        name
        for name, thing in offered.items()
        if (inspect.isclass(thing) or inspect.isfunction(thing))
        and name not in described
        and ">>>" not in (thing.__doc__ or "")
    ]
    assert not without


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_inside_the_book_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    local = [target for target in targets if "://" not in target]
    assert not [target for target in local if not (page.parent / target).exists()]


def test_no_document_names_a_machine() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert not re.findall(r"(?<![\w$.])/(?:home|root|work|tmp|usr)/", text), page


def test_every_picture_of_the_gallery_is_there_and_small() -> None:
    named = re.findall(r"\((\.\./docs/images/[^)]+)\)", (ROOT / "maps/README.md").read_text())
    assert len(named) >= 15
    sizes = {name: (ROOT / "maps" / name).stat().st_size for name in named}
    assert not {name: size for name, size in sizes.items() if size > 150_000}
