"""The recipes of CONTRIBUTING, followed in a copy of the package: they add what they say."""

from __future__ import annotations

import json
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
    "A kind of plate": 4,
}  # fmt: skip

NEW_FILES = {"python": "# ", "tsx": "// "}
"""Languages of blocks that hold a whole file, and what its name follows."""
WEB = "page/web"
FORMAT = ("docs/make_format.py", "docs/reference/page-format.md")

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
        elif language in NEW_FILES:
            name = first.removeprefix(NEW_FILES[language])
            assert not (package / name).exists()
            (package / name).write_text("\n".join(lines) + "\n", "utf-8")
        else:
            continue
        touched.add(name)
    return touched


def in_page(block: Block) -> bool:
    """Whether a block changes the page's script."""
    return block[1].startswith((f"--- {WEB}/", f"// {WEB}/"))


def run(copy: Path, *command: str, at: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command with the copy in place of the package."""
    return subprocess.run(
        command,
        env={**os.environ, "PYTHONPATH": str(copy.parent)},
        cwd=at,
        capture_output=True,
        text=True,
        check=False,
    )


def compiled(copy: Path) -> str:
    """Type-check the page's script of the copy; return what is wrong with it."""
    web = copy / WEB
    known = ["--incremental", "--tsBuildInfoFile", str(copy.parent / "checked.tsbuildinfo")]
    result = run(copy, str(web / "node_modules/.bin/tsc"), "--noEmit", *known, at=web)
    assert (result.returncode == 0) == (not result.stdout), result.stderr
    return result.stdout


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Copy the package, with what `make format` needs."""
    copy = tmp_path / "src" / "regional_atlas"
    leave = shutil.ignore_patterns("node_modules", "assets")  # what is compiled comes too
    shutil.copytree(PACKAGE, copy, ignore=leave)
    (copy / WEB / "node_modules").symlink_to(PACKAGE / WEB / "node_modules")
    for name in FORMAT:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(BOOK.parent / name, tmp_path / name)
    return copy


def test_the_recipes_add_what_they_say(copied: Path, tmp_path: Path) -> None:
    found = recipes(BOOK.read_text(encoding="utf-8"))
    assert found.keys() == MOST_FILES.keys()
    for title, blocks in found.items():
        assert blocks[-1][0] == "pycon", title
        assert len(follow(blocks, copied)) <= MOST_FILES[title], title
    made = run(copied, sys.executable, str(tmp_path / FORMAT[0]))
    assert made.returncode == 0, made.stderr
    uses = tmp_path / "uses.txt"
    uses.write_text(
        "\n".join(text for blocks in found.values() for kind, text in blocks if kind == "pycon")
    )
    code = (
        "import doctest, sys, regional_atlas; print(regional_atlas.__file__);"
        "failed, tried = doctest.testfile(sys.argv[1], module_relative=False);"
        "print('tried', tried); sys.exit(failed)"
    )
    result = run(copied, sys.executable, "-c", code, str(uses))
    assert result.returncode == 0, result.stdout + result.stderr
    assert str(copied) in result.stdout
    assert int(result.stdout.split("tried ")[1]) == uses.read_text().count(">>> ")
    checked = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "E,F,I,B"]
    new = ("export/formats/wkt.py", "sources/providers/squares.py", "page/plates/deviation.py")
    written = [*new, "page/plates/_ready.py"]
    linted = run(
        copied, *checked, "--line-length", "100", *(str(copied / name) for name in written)
    )
    assert linted.returncode == 0, linted.stdout


@pytest.mark.slow
def test_the_page_of_the_recipes(copied: Path, tmp_path: Path) -> None:
    """What the recipes add to the script is asked for, compiles, and computes as the build does."""
    found = recipes(BOOK.read_text(encoding="utf-8"))
    blocks = [block for title in ("A normalisation", "A kind of plate") for block in found[title]]
    follow([block for block in blocks if not in_page(block)], copied)
    made = run(copied, sys.executable, str(tmp_path / FORMAT[0]))
    assert made.returncode == 0, made.stderr
    lacking = compiled(copied)
    assert "robust_z" in lacking
    assert "deviation" in lacking
    follow([block for block in blocks if in_page(block)], copied)
    assert compiled(copied) == ""
    web = copied / WEB
    asked = tmp_path / "asked.mjs"
    asked.write_text(
        f'import {{ normalise }} from "{web}/src/scoring/normalise.ts";'
        'const scale = { method: "robust_z", low: 0, high: 100 };'
        "console.log(JSON.stringify(normalise([10, 20, 40, null], -1, scale)));"
    )
    said = run(copied, "node", "--import", "tsx", str(asked), at=web)
    assert said.returncode == 0, said.stderr
    assert json.loads(said.stdout) == [1, 0, -2, None]
    shutil.copytree(PACKAGE / "page/assets", copied / "page/assets")
    project = tmp_path / "starter"
    shutil.copytree(PACKAGE / "starter", project)
    with (project / "atlas.toml").open("a", encoding="utf-8") as file:
        file.write('\n[[plates]]\nid = "around"\nkind = "deviation"\nfield = "output"\nk = 4\n')
    built = run(
        copied, sys.executable, "-m", "regional_atlas", "build", str(project), "--out",
        str(tmp_path / "out"),
    )  # fmt: skip
    assert built.returncode == 0, built.stderr
    page = tmp_path / "out/index.html"
    classed = run(copied, "node", "--import", "tsx", "test/own-classes.ts", str(page), at=web)
    assert classed.returncode == 0, classed.stderr
    result = json.loads(classed.stdout)
    assert result["faults"] == []
    assert "around" in result["again"]
    assert "around" in result["counted"]


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
    assert not (PACKAGE / "page/plates/deviation.py").exists()


def test_a_recipe_that_is_out_of_date_is_found() -> None:
    assert patched("a\nb\n", [" a", "+x", " b"]) == "a\nx\nb\n"
    assert patched("a\nb\n", [" a", "-b", "+c"]) == "a\nc\n"
    for source in ("a\nc\n", "a\nb\na\nb\n"):
        with pytest.raises(AssertionError, match="not there once"):
            patched(source, [" a", "+x", " b"])
