"""The shared cases are current, and each answer comes out the same a second way."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from .calculations import CALCULATIONS, HERE, Calculation, file_text
from .second_way import SECOND_WAYS

EACH = pytest.mark.parametrize("name", CALCULATIONS)
DRAWN = 15


def differs(found: Any, expected: Any, bounds: Calculation, size: float = 0) -> str | None:
    """Say where two answers differ, as `difference` of the page's tests does."""
    if isinstance(expected, dict):
        pairs = [(found[key], held) for key, held in expected.items() if key in found]
    elif isinstance(expected, list):
        if len(found) != len(expected):
            return f"{found} is not {expected}"
        size = max((abs(x) for x in expected if isinstance(x, int | float)), default=0)
        pairs = list(zip(found, expected, strict=True))
    elif isinstance(expected, int | float) and isinstance(found, int | float):
        allowed = bounds.within * max(bounds.scale, size, abs(expected))
        apart = found != expected and not abs(found - expected) <= allowed
        return f"{found} is not {expected}" if apart else None
    else:
        return None if found == expected else f"{found} is not {expected}"
    return next((said for pair in pairs if (said := differs(*pair, bounds, size))), None)


def shape(answer: Any) -> Any:
    """Give an answer with 0 for each number."""
    if isinstance(answer, dict):
        return {key: shape(value) for key, value in answer.items()}
    if isinstance(answer, list):
        return [shape(value) for value in answer]
    return 0 if isinstance(answer, int | float) else answer


@EACH
def test_the_file_is_what_the_package_answers(name: str) -> None:
    """The same to the bit but for answers, whose last digit hangs on the processor."""
    kept = json.loads((HERE / f"{name}.json").read_text("utf-8"))
    now = json.loads(file_text(name))
    answers = [[case.pop("gives") for case in each["cases"]] for each in (kept, now)]
    assert kept == now, "run python tests/shared/make.py"
    assert shape(answers[0]) == shape(answers[1]), "run python tests/shared/make.py"
    stale = {
        case["name"]: said
        for case, old, new in zip(now["cases"], *answers, strict=True)
        if (said := differs(old, new, CALCULATIONS[name]))
    }
    assert not stale, "run python tests/shared/make.py"


@EACH
def test_a_second_way_leads_to_the_same(name: str) -> None:
    calculation, rng = CALCULATIONS[name], np.random.default_rng(7)
    questions = calculation.asked | {f"drawn {at}": calculation.drawn(rng) for at in range(DRAWN)}
    found = {
        case: said
        for case, given in questions.items()
        if (said := differs(SECOND_WAYS[name](given), calculation.answer(given), calculation))
    }
    assert not found


def test_every_calculation_has_its_file_and_a_second_way() -> None:
    files = {path.stem for path in HERE.glob("*.json") if not path.stem.startswith("classify")}
    assert files == set(CALCULATIONS) == set(SECOND_WAYS)
