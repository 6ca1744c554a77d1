"""Which tables the values of an indicator draw from."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from regional_atlas.config.indicators import DerivedIndicator, IndicatorColumn
from regional_atlas.tables.declared import (
    declared_items,
    draws_on_absent,
    of_year,
    weighs_as_declared,
)


def column(code: str, **given: Any) -> IndicatorColumn:
    return IndicatorColumn(column=code, code=code, title={"en": code}, **given)


def ratio(code: str, above: str, below: str) -> DerivedIndicator:
    return DerivedIndicator(
        code=code, title={"en": code}, numerator=[above], denominator=[below]
    )  # fmt: skip


def table(*items: Any, year: int | None = 2022, file: str | None = "a.csv", **given: Any) -> Any:
    return SimpleNamespace(
        columns=[item for item in items if isinstance(item, IndicatorColumn)],
        derived=[item for item in items if isinstance(item, DerivedIndicator)],
        **({"year": year, "file": file, "changes": None, "allocate": None} | given),
    )


def project(population: str | None = "people", **tables: Any) -> Any:
    config = SimpleNamespace(indicators=tables, population=population)
    return SimpleNamespace(config=config)


def test_items_by_code_and_year() -> None:
    of = project(
        one=table(column("gdp"), column("hidden", shown=False), year=2020),
        two=table(column("gdp"), ratio("share", "gdp", "people"), year=2022),
        three=table(column("wage").model_copy(update={"column": "wage_{year}"}), year=None),
    )
    items = declared_items(of)
    assert {code: [each.table for each in found] for code, found in items.items()} == {
        "gdp": ["one", "two"], "share": ["two"], "wage": ["three"],
    }  # fmt: skip
    found = of_year(items["gdp"], 2022)
    assert found is not None
    assert found.table == "two"
    assert of_year(items["gdp"], 2021) is None
    # Headings say the years of the other.
    assert of_year(items["wage"], 1999) is not None


@pytest.mark.parametrize(
    ("items", "given", "draws"),
    [
        ([column("gdp")], {}, False),
        ([ratio("per_head", "gdp", "people"), column("gdp")], {}, True),
        ([ratio("per_head", "gdp", "people"), column("gdp"), column("people")], {}, False),
        ([column("rate", extensive=False)], {}, True),
        ([column("rate", extensive=False, weight="area_km2")], {}, False),
        # Ratios of ratios, in a circle or not.
        ([ratio("a", "b", "b"), ratio("b", "gdp", "jobs"), column("gdp"), column("people")],
         {}, True),
        ([ratio("a", "b", "b"), ratio("b", "a", "a"), column("people")], {}, False),
        ([column("gdp")], {"allocate": "jobs"}, True),
        ([column("gdp")], {"changes": "changes.csv"}, True),
    ],
)  # fmt: skip
def test_what_draws_on_a_table_that_is_not_given(
    items: list[Any], given: dict[str, Any], draws: bool
) -> None:
    other = table(column("people"), column("jobs"), file=None, changes="changes.csv")
    of = project(own=table(*items, **given), other=other)
    [first, *_] = declared_items(of)[items[0].code]
    assert draws_on_absent(of, first) is draws


def test_the_population_of_the_last_year_weighs() -> None:
    old, new = table(column("people"), year=2010), table(column("people"), year=2020)
    old_lacks = table(column("people"), year=2010, file=None)
    new_lacks = table(column("people"), year=2020, file=None)
    assert weighs_as_declared(project(old=old, new=new))
    assert weighs_as_declared(project(old=old_lacks, new=new))
    assert not weighs_as_declared(project(old=old, new=new_lacks))
    assert weighs_as_declared(project(None, old=table(column("gdp"), file=None)))
