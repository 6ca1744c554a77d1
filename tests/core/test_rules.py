"""Parameters of a method from text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pytest

from regional_atlas.core.errors import InputError
from regional_atlas.core.rules import MOST_RUNS, rules_with, varied_rules


@dataclass(frozen=True)
class Made:
    radius: float = 1.0
    touching: Literal[4, 8] = 4
    edition: Literal["2022", "none"] = "none"
    cut: float | None = None
    whole: int = 1


def test_values_are_of_the_parameters_kind() -> None:
    found = rules_with(Made(), ["radius=3", "touching=8", "edition=2022", "cut=2.5"])
    assert found == Made(3.0, 8, "2022", 2.5)
    assert isinstance(found.radius, float)


def test_a_text_may_go_with_quotes_and_a_name_with_a_dash() -> None:
    assert rules_with(Made(), ['edition="2022"']) == rules_with(Made(), [" edition = 2022"])


def test_every_problem_is_named() -> None:
    with pytest.raises(InputError) as caught:
        rules_with(Made(), ["radus=1", "cut", "whole="])
    assert caught.value.problems == [
        "--set: expected radius, touching, edition, cut or whole, found 'radus'; "
        "do you mean 'radius'?",
        "--set: expected name=value, found 'cut'",
        "--set: expected name=value, found 'whole='",
    ]
    with pytest.raises(InputError) as caught:
        rules_with(Made(), ["radius=x", "touching=9", "whole=1.5"])
    assert [problem.split(": found")[0] for problem in caught.value.problems] == [
        "--set: radius", "--set: touching", "--set: whole",
    ]  # fmt: skip


def test_a_name_stands_once() -> None:
    with pytest.raises(InputError, match="--set: radius is given twice"):
        rules_with(Made(), ["radius=1", "radius=2"])


def test_lists_are_combined() -> None:
    found = varied_rules(Made(), ["radius=1, 2", "touching=4,8"])
    assert [(each.radius, each.touching) for each in found] == [(1, 4), (1, 8), (2, 4), (2, 8)]
    assert varied_rules(Made(), []) == [Made()]


def test_too_many_combinations_are_refused() -> None:
    many = ",".join(map(str, range(MOST_RUNS + 1)))
    with pytest.raises(InputError, match=f"--vary: {MOST_RUNS + 1} combinations"):
        varied_rules(Made(), [f"whole={many}"])


def test_text_that_looks_like_more_of_a_file_is_a_wrong_value() -> None:
    with pytest.raises(InputError, match="radius: found"):
        rules_with(Made(), ["radius=1\nwhole = 2"])
