"""The worked example of the book: a table of one's own becomes maps and charts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import regional_atlas as ra

HOW_TO = Path(__file__).resolve().parent.parent / "docs/how-to/README.md"


def test_a_table_of_ones_own_becomes_figures(example_folder: Path, tmp_path: Path) -> None:
    text = HOW_TO.read_text(encoding="utf-8")
    section = text.split("## Make figures of my own table")[1].split("\n## ")[0]
    (lines,) = re.findall(r"```toml\n(.*?)```", section, re.DOTALL)
    project = example_folder / "atlas.toml"
    project.write_text(project.read_text(encoding="utf-8") + "\n" + lines, encoding="utf-8")
    codes = [row.split(",")[0] for row in _lines(example_folder / "indicators.csv")[1:]]
    rows = [f"{code},{1000 * (i + 1)},{10 * i}" for i, code in enumerate(codes)]
    (example_folder / "before.csv").write_text(
        "\n".join(["code,output,exports", *rows]) + "\n", encoding="utf-8"
    )
    ra.build(ra.read_project(example_folder)).save(tmp_path / "out")
    page = (tmp_path / "out/index.html").read_text(encoding="utf-8")
    found = re.search(r'id="ra-spec">(.*?)</script>', page, re.DOTALL)
    assert found
    plates = {plate["id"]: plate for plate in json.loads(found[1])["plates"]}
    charts = {name: plates[name]["chart"] for name in list(plates)[-4:]}
    assert charts == {
        "exports": "bar",
        "output-years": "stacked",
        "output-change": "strip",
        "output-exports": "scatter",
    }
    assert plates["output-years"]["years"] == [2021, 2022]
    assert (plates["output-change"]["since"], plates["output-change"]["until"]) == (2021, 2022)
    for name in charts:
        assert all(plates[name]["finding"].values())


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").split()
