"""Numbers of findings: the same digits in both languages, and as the page's script writes them."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

import regional_atlas.page
from regional_atlas.core import texts
from regional_atlas.core.numerals import number, numerals, percent
from regional_atlas.core.texts import Quantity
from regional_atlas.page.format import Unit

SHARED = Path(regional_atlas.page.__file__).parent / "web/test/numbers.json"


@pytest.fixture(scope="module")
def shared() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(SHARED.read_text(encoding="utf-8"))
    return found


def test_quantities_are_written_as_the_page_writes_them(shared: dict[str, Any]) -> None:
    """web/test/numbers.test.ts reads the same file."""
    read = TypeAdapter(Unit).validate_python
    for value, digits, unit, written in shared["quantities"]:
        quantity = Quantity([value], digits, read(unit))
        assert {lang: quantity.in_(lang) for lang in written} == written
    for share, written in shared["percents"]:
        assert {lang: percent(share, lang=lang) for lang in written} == written


def test_the_page_has_the_signs_of_the_build(shared: dict[str, Any]) -> None:
    assert shared["numerals"] == json.loads(
        json.dumps({lang: asdict(numerals(lang)) for lang in shared["numerals"]})
    )


@given(st.decimals(0, 10**7, places=3), st.integers(0, 4), st.integers(-6, 6))
def test_the_digits_do_not_depend_on_the_language(value: Any, digits: int, power: int) -> None:
    plain, scaled = (
        number(float(value), digits, p, lang="en").replace(",", "").replace(".", "").strip("0")
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
