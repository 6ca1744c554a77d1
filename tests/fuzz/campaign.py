"""Running harnesses for a time: near inputs by hypothesis, the same ones for the same seed."""

from __future__ import annotations

import time
from collections.abc import Callable

from hypothesis import HealthCheck, Phase, given, seed, settings

from .harness import Harness
from .mutation import near

AT_ONCE = 200
"""Examples between two looks at the clock."""


def examples(harness: Harness, count: int, start: int) -> Callable[[], None]:
    """Make a test of so many inputs near the corpus, drawn from a seed."""

    @seed(start)
    @settings(
        max_examples=count, database=None, deadline=None, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(near(harness.seeds, harness.words))
    def try_all(data: bytes) -> None:
        harness.run(data)

    return try_all


def run_for(harness: Harness, seconds: float, start: int = 0) -> int:
    """Try inputs until the time is over; give how many rounds there were."""
    end, rounds = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        examples(harness, AT_ONCE, start + rounds)()
        rounds += 1
    return rounds
