from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regional_atlas.classes.breaks import breaks, class_numbers
from regional_atlas.classes.schemes import SCHEMES as REGISTERED
from regional_atlas.core.errors import ConfigError, InputError
from regional_atlas.core.texts import Text
from regional_atlas.page.classes import classify, offered_classes, rank_classes, tier_classes
from regional_atlas.page.format import (
    ChoroplethPlate,
    MultiplesPlate,
    RankingPlate,
    TierRanks,
    YearsPlate,
)
from regional_atlas.page.palettes import luminance, palette

SCHEMES = ["quantile", "fisher_jenks", "equal_interval", "log"]
SKEWED = np.random.default_rng(1).lognormal(0, 2, 400)


def made(values, scheme, k=5, palette_name="YlGnBu", **options):
    return classify(values, values, scheme=scheme, k=k, palette_name=palette_name, **options)


@pytest.mark.parametrize("scheme", SCHEMES)
@given(
    values=st.lists(
        st.one_of(st.floats(-1e6, 1e6, allow_subnormal=False), st.just(0.0), st.just(float("nan"))),
        max_size=40,
    ),
    k=st.integers(2, 9),
)
def test_every_value_has_a_class_and_breaks_ascend(scheme, values, k):
    array = np.array([float(f"{value:.6g}") for value in values])
    found = made(array, scheme, k)
    breaks, known = found.breaks, array[~np.isnan(array)]
    assert breaks == sorted(set(breaks))
    assert len(breaks) <= k
    assert len(found.colors) == len(found.colors_dark) == len(breaks) == len(found.counts)
    assert sum(found.counts) == known.size
    if known.size:
        assert breaks[-1] >= known.max()
        assert found.minimum <= known.min() or found.minimum == pytest.approx(known.min())


def test_a_value_equal_to_a_break_belongs_to_the_lower_class():
    found = made(np.array([1.0, 2.0, 3.0, 4.0]), "quantile", 2)
    assert found.breaks == [2.5, 4]
    assert class_numbers(np.array([2.5]), found.breaks).tolist() == [0]


def test_fisher_jenks_is_on_all_values():
    values = np.random.default_rng(2).normal(size=5000).round(3)
    found = made(values, "fisher_jenks")
    assert found.breaks == breaks(values, "fisher_jenks", 5).tolist()
    assert found.scheme_title.in_("en") == "natural breaks (Fisher–Jenks)"
    assert (found.k, sum(found.counts)) == (5, 5000)


def test_fisher_jenks_of_very_many_values_says_that_neighbours_stay_together():
    found = made(np.arange(100_001.0), "fisher_jenks", 2)
    assert found.scheme_title.in_("en") == (
        "natural breaks (Fisher–Jenks) (neighbours of 100,001 values taken together)"
    )


def test_log_breaks_are_round_and_zero_falls_in_the_lowest_class():
    found = made(np.r_[0, 0, 0, np.geomspace(0.05, 60, 50)], "log", 7)
    assert found.breaks == [1, 2, 5, 10, 20, 50, 60] or found.breaks[0] > 0
    assert class_numbers(np.array([0.0, np.nan]), found.breaks).tolist() == [0, -1]


def test_log_steps_widen_where_values_span_decades():
    found = made(np.geomspace(1e-6, 1e6, 200), "log", 5)
    assert found.breaks == [100, 1000, 10000, 100000, 1000000]


def test_log_without_positive_values_is_one_class():
    assert made(np.array([-3.0, 0.0]), "log").breaks == [0]


def test_fewer_classes_than_asked_are_said():
    found = made(np.array([1.0] * 20 + [2.0, 3.0]), "quantile", 3)
    assert found.breaks == [1, 3]
    assert found.scheme_title.in_("en") == "quantiles (only 2: values repeat)"
    assert (found.k, found.middle) == (3, None)
    narrow = made(np.array([50.0, 55.0, 60.0]), "log", 3)
    assert narrow.scheme_title.in_("en") == "logarithmic (only 2: the values span few steps)"


def test_a_plate_s_own_palette_and_number_of_classes_are_offered():
    head = {name: Text(zh="", en="") for name in ("title", "group", "finding")}
    head |= {"id": "plate", "note": None, "citation": None, "chart": None}
    purples = rank_classes(np.arange(9.0), "Purples")
    offered = offered_classes(
        [
            ChoroplethPlate(
                **head,
                field="x",
                year=None,
                middle=None,
                classes=made(SKEWED, "quantile", palette_name="RdBu"),
            ),
            MultiplesPlate(
                **head,
                field="x",
                years=[2001],
                ranking=None,
                panels=[],
                classes=[made(SKEWED, "quantile", palette_name="PuBuGn")],
            ),
            YearsPlate(
                **head,
                field="x",
                year=2001,
                years=[2001],
                raster=None,
                breaks_note=None,
                level_shifts=[],
                classes=made(SKEWED, "manual", manual=list(range(1, 15))),
            ),
            RankingPlate(**head, ranking="r", classes=purples),
        ]
    )
    ids = [ramp.id for ramp in offered.palettes]
    assert ids == ["YlGnBu", "OrRd", "Blues", "batlow", "lajolla", "RdBu", "PuBuGn"]
    for ramp in offered.palettes:
        assert len(ramp.light) == len(ramp.dark) == 15
        for count in (1, 2, 5, 9, 15):
            light, dark = ("".join(side).replace("#", "") for side in palette(ramp.id, count))
            assert (ramp.light[count - 1], ramp.dark[count - 1]) == (light, dark)
    assert [scheme.id for scheme in offered.schemes] == list(REGISTERED)


def test_manual_breaks_reach_the_maximum():
    found = made(np.array([0.1, 0.3, 0.9]), "manual", manual=[0.2, 0.5])
    assert found.breaks == [0.2, 0.5, 0.9]
    assert found.counts == [1, 1, 1]


@pytest.mark.parametrize("breaks", [[], [2.0, 1.0], [1.0, 1.0]])
def test_manual_breaks_must_ascend(breaks):
    with pytest.raises(InputError, match="ascending"):
        made(np.array([1.0]), "manual", manual=breaks)


def test_no_values_give_no_classes():
    found = made(np.array([np.nan]), "quantile")
    assert found.breaks == found.colors == found.counts == []
    assert found.minimum is None


def test_rank_bands_of_a_hundred_and_of_four():
    hundred = rank_classes(np.arange(1.0, 101.0), "Blues")
    assert hundred.breaks == [10, 25, 50, 75, 100]
    assert hundred.counts == [10, 15, 25, 25, 25]
    light = luminance(hundred.colors)
    assert (np.diff(light) > 0).all()
    assert hundred.labels[0].in_("zh") == "第 1–10 名"
    four = rank_classes(np.array([4.0, np.nan, 1.0, 2.0, 3.0]), "Blues")
    assert [label.in_("en") for label in four.labels] == ["Rank 1", "Rank 2", "Rank 3", "Rank 4"]
    assert rank_classes(np.array([np.nan]), "Blues").breaks == []


def test_tier_one_is_darkest():
    tiers = [TierRanks(tier=1, first=1, last=1), TierRanks(tier=2, first=2, last=4)]
    found = tier_classes(tiers, np.array([1.0, 2, 2, np.nan]), "Blues")
    assert found.counts == [1, 2]
    assert luminance(found.colors)[0] < luminance(found.colors)[1]
    assert luminance(found.colors_dark)[0] > luminance(found.colors_dark)[1]


@pytest.mark.parametrize("name", ["YlGnBu", "OrRd", "inferno", "viridis", "batlow", "lajolla"])
@pytest.mark.parametrize("count", [2, 5, 9, 12])
def test_the_high_end_stands_out_on_both_pages(name, count):
    light, dark = palette(name, count)
    assert len(light) == count
    assert (np.diff(luminance(light)) < 0).all()
    assert (np.diff(luminance(dark)) > 0).all()
    made_for_paper = name in ("YlGnBu", "OrRd")
    assert (dark == light[::-1]) != made_for_paper
    # Half the land of a dark page may lie in the low classes: they stay near its own tint.
    assert luminance(dark)[0] < 0.09


def test_ranked_units_stand_out_from_the_page():
    tiers = [TierRanks(tier=i, first=i, last=i) for i in (1, 2, 3, 4)]
    found = tier_classes(tiers, np.array([1.0, 2, 3, 4]), "Blues")
    assert luminance(found.colors).max() < 0.7
    assert luminance(found.colors_dark).min() > 0.08


def test_a_diverging_ramp_keeps_its_direction_and_is_dark_in_the_middle_at_night():
    light, dark = palette("RdBu", 5)
    assert light == ["#ca0020", "#f4a582", "#f7f7f7", "#92c5de", "#0571b0"]
    red, blue = (np.array([int(c[i : i + 2], 16) for c in dark]) for i in (1, 5))
    assert (red > blue)[:2].all()
    assert (red < blue)[3:].all()
    bright = luminance(dark)
    assert (np.diff(bright)[:2] < 0).all()
    assert (np.diff(bright)[2:] > 0).all()
    assert bright[2] < 0.05


def test_one_class_and_unknown_palettes():
    assert palette("Blues", 1)[0] == ["#9ecae1"]
    with pytest.raises(ConfigError, match="no palette 'nope'"):
        palette("nope", 3)
