"""The measuring itself: ratios within a run, floors, the page that follows from the figures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import shapely

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.measure import Case, printed, process, take_turns

from benchmarks import cases, inputs, report


def case(**changes: Any) -> Case:
    given: dict[str, Any] = {
        "name": "a case", "runs": 3, "against": "exactextract", "floor": 4.0,
        "seconds": {"regional_atlas": [1.0, 2.0, 1.0], "exactextract": [5.0, 6.0, 9.0],
                    "reading": [1.0, 1.0, 0.5]},
    }  # fmt: skip
    return Case(**(given | changes))


def test_ratios_are_of_one_run_each() -> None:
    assert case().ratios == [3.0, 5.0, 9.0]
    assert case().ratio == 5.0
    assert case().over_reading == 2.0


@pytest.mark.parametrize(
    ("changes", "held"),
    [
        ({}, True), ({"floor": 5.1}, False), ({"ceiling": 1.4}, False), ({"ceiling": 2.0}, True),
        ({"peak_mb": 1501.0}, False), ({"peak_mb": 900.0}, True),
        ({"seconds": {"regional_atlas": [1.0]}}, False),
    ],
)  # fmt: skip
def test_floors_can_fail(changes: dict[str, Any], held: bool) -> None:
    assert case(**changes).held is held


def test_a_row_says_what_was_measured() -> None:
    assert report.row(case(peak_mb=600.0)) == (
        "| a case | 3 | 1.00 | 6.00 | **5.0** (3.0–9.0) | 2.00 |  | 600 | ≥ 4 | yes |"
    )
    assert report.row(case(floor=6.0)).endswith("| **no** |")


def test_the_page_follows_from_the_figures(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(report, "DOCS", tmp_path)
    monkeypatch.setattr(report, "RESULTS", tmp_path / "performance.json")
    (tmp_path / "images").mkdir()
    report.save("one", case())
    report.save("two", case(name="another"))
    curve = {"zones": [[1.0, 0.1], [2.0, 0.2]], "pixels": [[1.0, 0.1], [3.0, 0.2]]}
    report.save("growth", case(points=curve))
    report.write(["two", "one", "growth"])
    page = (tmp_path / "performance.md").read_text(encoding="utf-8")
    assert page.index("| another |") < page.index("| a case |")
    assert (tmp_path / "images/performance.png").stat().st_size > 5_000


def test_the_page_in_the_book_is_the_one_that_the_figures_give(
    tmp_path: Path, monkeypatch: Any
) -> None:
    if not report.RESULTS.exists():
        pytest.skip("nothing measured yet")
    page = (report.DOCS / "performance.md").read_text(encoding="utf-8")
    cases = report.load()["cases"]
    monkeypatch.setattr(report, "DOCS", tmp_path)
    monkeypatch.setattr(report, "plot", lambda _: None)
    from benchmarks.cases import CASES

    assert set(cases) <= set(CASES)
    report.write(list(CASES))
    assert (tmp_path / "performance.md").read_text(encoding="utf-8") == page


def test_sections_follow_from_the_figures(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(report, "DOCS", tmp_path)
    monkeypatch.setattr(report, "RESULTS", tmp_path / "performance.json")
    more = {"next": [0.25, 0.5, 0.5], "other way": [8.0]}
    report.save("one-year", case(seconds=case().seconds | more, note="a note", load=0.5))
    ways = {"prepare, same CRS": 2.0, "read, same CRS": 1.0, "prepare, another CRS": 9.0,
            "read, another CRS": 1.0}  # fmt: skip
    timings = {label: [seconds] * 5 for label, seconds in ways.items()}
    report.save("store", case(seconds={"regional_atlas": [], **timings}, floor=None))
    report.save("page", case(name="The page", table="| a |", floor=None, load=2.0))
    report.write(["one-year", "store", "page"])
    text = (tmp_path / "performance.md").read_text(encoding="utf-8")
    assert "(coverage prepared) | 0.500 | 0.250–0.500 | 0.25 |" in text
    assert "exactextract, other way | 8.000 | 8.000–8.000 | 8.00 |" in text
    assert "| in another CRS | 9.00 | 1.00 | 9.0 |" in text
    assert "was 0.5 to 2.0." in text
    assert text.endswith("## The page\n\n| a |\n")


def test_a_program_of_its_own_holds_or_does_not(tmp_path: Path) -> None:
    good = printed("Platform", "platform")(tmp_path, False)
    assert good.held
    assert good.table
    bad = printed("Nothing", "benchmarks.nothing")(tmp_path, False)
    assert not bad.held
    assert bad.table.startswith("**Not held.** (exit code 1)")


@pytest.mark.filterwarnings("ignore:Geometry is in a geographic CRS")
def test_hexagons_tile_without_overlap() -> None:
    found = inputs.hexagons(1_000)
    assert len(found) == pytest.approx(1_000, rel=0.1)
    assert shapely.coverage_is_valid(found.geometry.to_numpy())
    whole = shapely.union_all(found.geometry.to_numpy())
    assert whole.area == pytest.approx(found.area.sum())


def test_turns_and_processes() -> None:
    order: list[str] = []
    seconds = take_turns({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 2)
    assert order == ["a", "b", "a", "b"]
    assert [len(each) for each in seconds.values()] == [2, 2]
    took, peak = process([sys.executable, "-c", "x = bytearray(80_000_000)"])
    assert took > 0
    assert 80 < peak < 400


def test_memory_of_the_benchmark_is_not_that_of_what_it_starts(
    tmp_path: Path, monkeypatch: Any
) -> None:
    code = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    (tmp_path / "peak.py").write_text(code)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    held = b"x" * 300_000_000
    assert int(printed("Peak", "peak")(tmp_path, False).table) < 150
    assert process([sys.executable, "-c", "pass"])[1] < 150
    assert len(held) == 300_000_000


COMPARED = ("one-year", "command", "float32", "eleven-years", "hexagons-10k", "hexagons-100k")


@pytest.mark.parametrize("name", [*COMPARED, "world"])
def test_all_makes_five_runs_of_every_comparison(
    name: str, tmp_path: Path, monkeypatch: Any
) -> None:
    def compared(title: str, _zones: Any, paths: Any, runs: int, *_: Any, **__: Any) -> Case:
        return case(name=title, runs=runs, seconds={"regional_atlas": [1.0] * runs * len(paths)})

    def turns(calls: dict[str, Any], runs: int) -> dict[str, list[float]]:
        return {label: [1.0] * runs for label in calls}

    units = inputs.hexagons(10)
    for where, what, found in [
        (cases, "compared", compared), (cases, "take_turns", turns),
        (cases, "timed", lambda _: 1.0), (cases, "process", lambda _: (1.0, 1.0)),
        (cases, "next_raster", lambda: lambda *_: None), (cases, "reading", lambda *_: {}),
        (inputs, "read_units", lambda: units), (inputs, "float_raster", lambda _: tmp_path),
        (inputs, "global_raster", lambda _: tmp_path),
    ]:  # fmt: skip
        monkeypatch.setattr(where, what, found)
    measured = cases.CASES[name](tmp_path, True)
    assert measured.runs == 5
    assert len(measured.seconds["regional_atlas"]) == 5 * (11 if name == "eleven-years" else 1)
