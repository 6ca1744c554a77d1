"""Small multiples of several fields and of an index's dimensions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from regional_atlas.core.errors import ConfigError
from regional_atlas.core.texts import Text
from regional_atlas.page import build_spec, build_store, unit_shapes
from regional_atlas.page.facts import Facts
from regional_atlas.page.format import MultiplesPlate, Panel, plain
from regional_atlas.page.plates import multiples

from .conftest import (
    BOTH,
    HEAD,
    NO_CLASSES,
    UNITS,
    _meta,
    bare_spec,
    bare_store,
    write_project,
)


def plate_of(tmp_path, tables, topology, text):
    project = write_project(tmp_path, f'[[plates]]\nid = "x"\nkind = "multiples"\n{text}')
    shapes = unit_shapes(topology, UNITS)
    spec = plain(build_spec(project, tables, build_store(project, tables, shapes), shapes), BOTH)
    return spec["plates"][0]


@pytest.fixture
def scored(tables):
    """The tables with scores of both nodes below the root: lights rise, population falls."""
    index = tables.scores["shine"].index
    lights = pd.Series(np.arange(9) * 10.0, index=index)
    scores = tables.scores["shine"].assign(lights=lights, population=100 - lights)
    return replace(tables, scores={"shine": scores})


def test_maps_of_fields_have_classes_of_their_own(tmp_path, tables, topology):
    plate = plate_of(
        tmp_path, tables, topology, 'fields = ["light_sum", "population"]\nclasses = "own"\nk = 2'
    )
    assert (plate["kind"], plate["field"], plate["years"]) == ("multiples", None, [])
    assert plate["ranking"] is None
    assert [(panel["field"], panel["year"]) for panel in plate["panels"]] == [
        ("light_sum", 2021),
        ("population", None),
    ]
    assert [classes["breaks"][-1] for classes in plate["classes"]] == [1200, 7000]
    assert [sum(classes["counts"]) for classes in plate["classes"]] == [9, 8]
    assert "highest in" in plate["panels"][0]["finding"]["en"]
    assert plate["finding"]["en"].startswith("Highest are I (North) in sum of lights and ")


def test_maps_that_share_classes_are_counted_together(tmp_path, tables, topology):
    rows = [(unit, "twice", 2020, 2.0 * i, None) for i, unit in enumerate(UNITS)]
    more = pd.DataFrame(rows, columns=tables.indicators.columns)
    tables = replace(
        tables,
        indicators=pd.concat([tables.indicators, more], ignore_index=True),
        meta=tables.meta | {"twice": _meta("twice", "两倍", "Twice", "people")},
    )
    text = 'fields = ["population", "twice"]\nclasses = "shared"\nscheme = "manual"\nbreaks = [5]'
    plate = plate_of(tmp_path, tables, topology, text)
    (classes,) = plate["classes"]
    # Of 0, 2, …, 16 three are at most 5, of 0, 1000, …, 7000 one; the ninth has no population.
    assert classes["counts"] == [4, 13]


def test_dimensions_of_an_index_become_maps(tmp_path, scored, topology):
    plate = plate_of(tmp_path, scored, topology, 'ranking = "shine"\nclasses = "shared"\nk = 3')
    assert plate["ranking"] == "shine"
    assert [panel["field"] for panel in plate["panels"]] == ["shine/lights", "shine/population"]
    assert [panel["title"]["en"] for panel in plate["panels"]] == ["Lights", "Population"]
    assert sum(plate["classes"][0]["counts"]) == 18
    assert plate["finding"] == {
        "zh": "各图最高者：灯光为北I，人口为南A。",
        "en": "Highest are I (North) in lights and A (South) in population.",
    }


def test_the_finding_says_which_maps_are_alike():
    x = np.arange(12.0)

    def clauses(**columns: np.ndarray) -> list[Text | None]:
        store = bare_store(
            unit=[f"u{i}" for i in range(12)],
            unit_en=[None] * 12,
            fields={name: values.tolist() for name, values in columns.items()},
        )
        panels = [
            Panel(
                field=name,
                year=None,
                title=Text(zh=name, en=f"Part {name}"),
                finding=Text(zh="", en=""),
            )
            for name in columns
        ]
        plate = MultiplesPlate(
            **HEAD, field=None, years=[], ranking=None, panels=panels, classes=[NO_CLASSES]
        )
        return multiples.KIND.clauses(plate, Facts(bare_spec(), store))

    leaders, alike = clauses(a=x, b=x**2, c=-x)
    assert leaders.in_("en") == "highest are u11 in part a and part b and u0 in part c"
    # Both pairs with c have −1: no single pair is least alike.
    assert alike is None
    b, c = np.array([0.0, *(x[2:] ** 2), 1.0]), np.array([*(-x[:11]), 11.0])
    _, alike = clauses(a=x, b=b, c=c)
    assert alike.in_("en").startswith("most alike are part a – part b (rank correlation 0.")
    assert "least alike part b – part c (−0." in alike.in_("en")
    _, rho = clauses(a=x, b=b)
    assert rho.in_("zh").startswith("a与b的秩相关系数为 0.")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "give one of them, found none"),
        ('field = "light_sum"\nfields = ["a", "b"]', "found field and fields"),
        ('fields = ["light_sum", "population"]', "`classes` must be 'shared' or 'own'"),
        ('field = "light_sum"\nclasses = "own"', "years share theirs"),
        ('fields = ["a", "a"]\nclasses = "own"', "2 to 12 different fields"),
        ('fields = ["a", "b"]\nclasses = "own"\nyears = [2020]', "goes with multiples of one"),
        ('fields = ["a", "b"]\nclasses = "own"\nchart = "bar"', "allowed: scatter, profile"),
        ('fields = ["light_sum", "nope"]\nclasses = "own"', "no field 'nope'; allowed: "),
        ('fields = ["light_sum", "population"]\nclasses = "own"\nyear = 1900', "no year 1900"),
        (
            'fields = ["light_sum", "population"]\nclasses = "shared"',
            "light_sum in nW, population in people",
        ),
        ('ranking = "best"\nclasses = "own"', "'best' has 0 dimensions with scores, not 2"),
    ],
)
def test_what_does_not_fit_is_said(tmp_path, tables, topology, text, message):
    with pytest.raises(ConfigError, match=message):
        plate_of(tmp_path, tables, topology, text)


def test_classes_belong_to_multiples(tmp_path):
    with pytest.raises(ConfigError, match=r"\.classes: unknown key for kind 'choropleth'; allowed"):
        write_project(
            tmp_path,
            '[[plates]]\nid = "x"\nkind = "choropleth"\nfield = "population"\nclasses = "own"',
        )
