"""Each bad input is refused with the message that the reference shows, and changes nothing."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.bad_inputs.case import Case, both, contents, edit, nothing, put, run, section
from tests.bad_inputs.corpus import CASES, PAGE, Workshop, outcome, page

TEXT = PAGE.read_text("utf-8") if PAGE.is_file() else ""


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REGIONAL_ATLAS_CACHE", "")
        yield Workshop(tmp_path_factory.mktemp("bad").resolve()).prime()


def lines(message: str) -> set[str]:
    """Give the problems that a message lists, each with the place that all belong to."""
    head, *rest = message.split("\n  - ")
    return {part.removeprefix("atlas.toml: ") for part in rest or [head]}


SAMPLED = 10
"""Of so many cases one is in `make test`; all are in `make test-all`."""


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(case, id=case.id, marks=[pytest.mark.slow] if place % SAMPLED else [])
        for place, case in enumerate(CASES)
    ],
)
def test_refused_with_the_message_of_the_reference(case: Case, workshop: Workshop) -> None:
    folder = workshop.prepare(case)
    before = contents(workshop.root)
    found = outcome(case, folder)
    assert (found.exit_code, found.stdout) == (1, "")
    assert "Traceback" not in found.message
    assert case.row(found.message) in TEXT.splitlines()
    if case.of_project:
        checked = run(folder, "check", ".")
        assert (checked.exit_code, lines(checked.message)) == (1, lines(found.message))
    assert contents(workshop.root) == before


def test_the_reference_lists_every_case_once() -> None:
    assert len(CASES) >= 200
    assert [name for name, times in Counter(case.id for case in CASES).items() if times > 1] == []

    parts = dict(part.partition("\n")[::2] for part in TEXT.split("\n## ")[1:])

    def row(case: Case) -> str:
        found = parts[case.group].splitlines()
        (line,) = [line for line in found if line.startswith(case.begins)]
        return line

    assert page(row) == TEXT


def test_check_finds_faults_of_every_stage_at_once(workshop: Workshop) -> None:
    faults = [
        edit("regions.csv", "river,River Cities,River Cities", "river,,"),
        edit("indicators.csv", "480,21000", "480,unknown"),
        edit("ranking.csv", "4,Eastmark,Larch", "4,Eastmark,Pine"),
        edit("clusters.csv", "Birch;Fir", "Birch;Firr"),
        edit("atlas.toml", "dark_below = 1.0", "dark_below = nan"),
    ]
    folder = workshop.prepare(Case("", "", both(*faults)))
    found = run(folder, "check", ".").message
    said = ("dark_below", "regions.csv", "'unknown'", "Pine", "Firr")
    assert [word for word in said if word not in found] == []


def test_every_ranking_and_every_set_of_clusters_says_its_faults(workshop: Workshop) -> None:
    second = """
[[rankings]]
id = "second"
file = "second.csv"

[[clusters]]
id = "parks"
file = "parks.csv"
"""
    faults = [
        edit("ranking.csv", "4,Eastmark,Larch", "4,Eastmark,Pine"),
        edit("clusters.csv", "Birch;Fir", "Birch;Firr"),
        put("second.csv", "rank,unit\n1,Palm\n"),
        put("parks.csv", "cluster,units\nA,Yew\n"),
        section(second),
    ]
    folder = workshop.prepare(Case("", "", both(*faults)))
    built, checked = run(folder, "build", ".", "--out", "../out"), run(folder, "check", ".")
    assert built == checked
    assert [word for word in ("Pine", "Firr", "Palm", "Yew") if word not in built.message] == []


def test_what_check_passes_build_builds_and_a_check_that_is_not_met_refuses_both(
    workshop: Workshop,
) -> None:
    passed = workshop.prepare(Case("", "", nothing()))
    assert run(passed, "check", ".").exit_code == 0
    assert run(passed, "build", ".", "--out", "../out").exit_code == 0
    assert (workshop.root / "out/index.html").is_file()

    compared = both(
        put("published.csv", "scope,group,key,value\nindustry,metro,River Cities,99\n"),
        section('[compare]\nfile = "published.csv"'),
    )
    folder = workshop.prepare(Case("", "", compared))
    checked, built = run(folder, "check", "."), run(folder, "build", ".", "--out", "../out")
    assert checked == built
    assert built.exit_code == 1
    assert built.message.startswith("check not met: ")
    assert built.message.endswith("or say why they differ in `notes` of [compare]")
    assert not (workshop.root / "out").exists()


def test_nothing_that_follows_from_a_wrong_section_is_said(workshop: Workshop) -> None:
    wrong = both(
        edit("atlas.toml", "dark_below = 1.0", "dark_below = nan"),
        section('[[space]]\nfield = "light_mean"'),
    )
    folder = workshop.prepare(Case("", "", wrong))
    checked = run(folder, "check", ".")
    assert len(lines(checked.message)) == 1
    assert "dark_below" in checked.message


def test_all_faults_of_all_regions_are_said_at_once(workshop: Workshop) -> None:
    (case,) = (case for case in CASES if case.wrong.startswith("regions, members and a"))
    found = outcome(case, workshop.prepare(case)).message
    said = ("name is empty", "Aldr", "99999", "'Two'")
    assert [word for word in said if word not in found] == []


ROOT = Path(__file__).resolve().parents[2]
PROJECTS = sorted([*ROOT.glob("geo/*/atlas.toml"), *ROOT.glob("tests/data/[br]*/atlas.toml")])


@pytest.mark.slow
@pytest.mark.parametrize("file", PROJECTS, ids=[file.parent.name for file in PROJECTS])
def test_projects_that_check_passes_are_built(file: Path, tmp_path: Path) -> None:
    assert run(tmp_path, "check", str(file.parent)).exit_code == 0
    assert run(tmp_path, "build", str(file.parent), "--out", "out").exit_code == 0
    assert (tmp_path / "out/index.html").is_file()
