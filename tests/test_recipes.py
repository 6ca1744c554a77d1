"""The recipes of CONTRIBUTING, followed in a copy of the package: they add what they say."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import regional_atlas

PACKAGE = Path(regional_atlas.__file__).parent
BOOK = Path(__file__).resolve().parent.parent / "CONTRIBUTING.md"
MOST_FILES = {
    "A normalisation": 3, "A zonal statistic": 2, "An export format": 1, "A boundary provider": 1,
}  # fmt: skip

Block = tuple[str, str]


def recipes(text: str) -> dict[str, list[Block]]:
    """Give the blocks of each recipe: their language and their text."""
    part = text.split("\n## Recipes\n")[1].split("\n## ")[0]
    titles = re.split(r"^### (.+)$", part, flags=re.MULTILINE)[1:]
    found = {
        title: re.findall(r"^```(\w+)\n(.*?)^```$", body, re.DOTALL | re.MULTILINE)
        for title, body in zip(titles[::2], titles[1::2], strict=True)
    }
    return {title: blocks for title, blocks in found.items() if blocks}


def patched(source: str, change: list[str]) -> str:
    """Apply a change without line numbers: its other lines must appear once, one after another."""
    before = "".join(f"{line[1:]}\n" for line in change if not line.startswith("+"))
    after = "".join(f"{line[1:]}\n" for line in change if not line.startswith("-"))
    assert before
    assert source.count(before) == 1, f"not there once:\n{before}"
    return source.replace(before, after)


def follow(blocks: list[Block], package: Path) -> set[str]:
    """Change a package as a recipe says; return the files that it touches."""
    touched = set()
    for language, text in blocks:
        first, *lines = text.splitlines()
        if language == "diff":
            name = first.removeprefix("--- ")
            path = package / name
            path.write_text(patched(path.read_text("utf-8"), lines), "utf-8")
        elif language == "python":
            name = first.removeprefix("# ")
            assert not (package / name).exists()
            (package / name).write_text("\n".join(lines) + "\n", "utf-8")
        else:
            continue
        touched.add(name)
    return touched


def test_the_recipes_add_what_they_say(tmp_path: Path) -> None:
    found = recipes(BOOK.read_text(encoding="utf-8"))
    assert found.keys() == MOST_FILES.keys()
    copy = tmp_path / "src" / "regional_atlas"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("web", "assets", "__pycache__"))
    for title, blocks in found.items():
        assert blocks[-1][0] == "pycon", title
        assert len(follow(blocks, copy)) <= MOST_FILES[title], title
    uses = tmp_path / "uses.txt"
    uses.write_text(
        "\n".join(text for blocks in found.values() for kind, text in blocks if kind == "pycon")
    )
    code = (
        "import doctest, sys, regional_atlas; print(regional_atlas.__file__);"
        "failed, tried = doctest.testfile(sys.argv[1], module_relative=False);"
        "print('tried', tried); sys.exit(failed)"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(uses)],
        env={**os.environ, "PYTHONPATH": str(copy.parent)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert str(copy) in result.stdout
    assert int(result.stdout.split("tried ")[1]) == uses.read_text().count(">>> ")
    checked = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "E,F,I,B"]
    new = [str(copy / "export/formats/wkt.py"), str(copy / "sources/providers/squares.py")]
    linted = subprocess.run(
        [*checked, "--line-length", "100", *new], capture_output=True, text=True, check=False
    )
    assert linted.returncode == 0, linted.stdout


def test_without_its_recipe_nothing_is_there() -> None:
    """What the recipes add is not in the package already."""
    from regional_atlas.config.index.methods import NORMALISATIONS
    from regional_atlas.export import FORMATS
    from regional_atlas.sources.provider import PROVIDERS
    from regional_atlas.zonal.registry import STATISTICS

    assert "robust_z" not in NORMALISATIONS
    assert "range" not in STATISTICS
    assert "wkt" not in FORMATS
    assert "squares" not in PROVIDERS


def test_a_recipe_that_is_out_of_date_is_found() -> None:
    assert patched("a\nb\n", [" a", "+x", " b"]) == "a\nx\nb\n"
    assert patched("a\nb\n", [" a", "-b", "+c"]) == "a\nc\n"
    for source in ("a\nc\n", "a\nb\na\nb\n"):
        with pytest.raises(AssertionError, match="not there once"):
            patched(source, [" a", "+x", " b"])
