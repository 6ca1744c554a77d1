"""English names of parents: their own, or Pinyin without the generic part where that is enough."""

from __future__ import annotations

import pytest

pytest.importorskip("pypinyin")

from regional_atlas.core.pinyin import parent_names


def test_names_that_repeat_keep_their_generic_part():
    names = ["海南省", "海南州", "苏州市", "宿州市", "Paris"]
    english = ["Hainan", None, None, None, "Paris"]
    found = parent_names(names, english, {"宿州": "su zhou"})
    assert found == ["Hainan", "Hainan Zhou", "Suzhou Shi", "Suzhou Shi", "Paris"]


def test_names_of_outer_levels_are_not_repeated():
    assert parent_names(["吉林市", "长春市"], [None, None], {"长": "chang"}, {"Jilin"}) == [
        "Jilin Shi",
        "Changchun",
    ]


def test_without_chinese_nothing_is_read():
    assert parent_names(["Kent"], [None], {}) == [None]
