"""Numbers of findings: the same digits in both languages, and as the page's script writes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

import regional_atlas.page
from regional_atlas.core import texts
from regional_atlas.page.format import Powers, Text, Unit
from regional_atlas.page.text import number, percent, quantity

SHARED = Path(regional_atlas.page.__file__).parent / "web/test/numbers.json"


@pytest.fixture(scope="module")
def shared() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SHARED.read_text(encoding="utf-8"))
    return found


def test_quantities_are_written_as_the_page_writes_them(shared: dict[str, Any]) -> None:
    """web/test/numbers.test.ts reads the same file."""
    for value, digits, unit, zh, en in shared["quantities"]:
        powers = Powers(**unit.pop("power")) if "power" in unit else None
        assert quantity([value], digits, Unit(**unit, power=powers)) == Text(zh=zh, en=en)
    for share, text in shared["percents"]:
        assert percent(share) == text


@given(st.decimals(0, 10**7, places=3), st.integers(0, 4), st.integers(-6, 6))
def test_the_digits_do_not_depend_on_the_language(value: Any, digits: int, power: int) -> None:
    plain, scaled = (
        number(float(value), digits, p).replace(",", "").replace(".", "").strip("0")
        for p in (0, power)
    )
    assert plain == scaled


@pytest.mark.parametrize("scale", [0, -10, 2, 0.3, "ten"])
def test_a_scale_is_a_power_of_ten(scale: Any) -> None:
    with pytest.raises(ValidationError, match=r"must be a power of ten|must be a number"):
        TypeAdapter(texts.Unit).validate_python({"zh": "元", "en": "yuan", "scale": {"en": scale}})


def test_a_unit_may_be_one_string() -> None:
    unit = TypeAdapter(texts.Unit).validate_python("nW")
    assert [unit.power(lang) for lang in ("zh", "en", "fr")] == [0, 0, 0]
