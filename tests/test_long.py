"""The list of long cases names what is there."""

from __future__ import annotations

import re

import pytest
from tests.conftest import LONG, ROOT


@pytest.mark.parametrize("line", LONG.read_text("utf-8").split())
def test_what_is_listed_is_there(line: str) -> None:
    file, _, function = line.partition("::")
    text = (ROOT / file).read_text("utf-8")
    assert not function or re.search(rf"^ *def {function}\(", text, re.MULTILINE)
