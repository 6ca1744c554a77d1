"""Many draws at once against the plain pipeline per draw, on the same draws.

    python -m benchmarks.scoring [--draws N] [--plain N] [--units N] [--indicators N]

All draws are run at once, to ranks and tiers, in as many parts as there are plain draws; before
each part the plain pipeline (`run_recipe` of a draw's recipe) runs one of them, so that both sides
meet the same load. Scores must agree. Exit code 1 where the median ratio is below the floor.
"""

from __future__ import annotations

import argparse
import itertools
import resource
import statistics
import sys

import numpy as np
import pandas as pd

from benchmarks.measure import timed
from regional_atlas.config.index import IndexConfig
from regional_atlas.scoring.draws import draw_settings, make_plan, recipe_of_draw
from regional_atlas.scoring.index import run_recipe
from regional_atlas.scoring.recipe import recipe_of
from regional_atlas.scoring.uncertainty import evaluate, run_blocks

FLOOR = 50
TIERS = 4


def index_file(codes: list[str]) -> IndexConfig:
    """Five dimensions; weights, two normalisations, two means and one indicator less vary."""
    return IndexConfig.model_validate(
        {
            "id": "bench", "title": "Bench", "normalise": {"method": "min_max", "low": 1},
            "nodes": [
                *({"code": f"d{d}", "title": "d"} for d in range(5)),
                *({"code": c, "title": c, "parent": f"d{i % 5}"} for i, c in enumerate(codes)),
            ],
            "uncertainty": {
                "weights": {"spread": 0.25}, "normalise": ["min_max", "percentile_rank"],
                "aggregate": ["arithmetic", "geometric"], "drop": codes,
            },
        }
    )  # fmt: skip


def main() -> int:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser()
    for name, default in (("draws", 10_000), ("plain", 20), ("units", 1800), ("indicators", 25)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    codes = [f"i{i:02d}" for i in range(asked.indicators)]
    spec = index_file(codes)
    assert spec.uncertainty is not None
    values = np.random.default_rng(1).lognormal(size=(asked.units, len(codes)))
    data = pd.DataFrame(values, columns=codes, index=[f"u{i}" for i in range(asked.units)])
    plan = make_plan(data, recipe_of(spec), spec.uncertainty)
    draws = draw_settings(plan, asked.draws, np.random.default_rng(2))
    list(run_blocks(plan, draws.rows(slice(8)), TIERS))

    sample = np.linspace(0, asked.draws - 1, asked.plain).astype(int)
    found: list[np.ndarray] = []

    def plain(row: int) -> None:
        scores = run_recipe(data, recipe_of_draw(plan, draws, row)).scores
        found.append(scores["index"].to_numpy())

    def at_once(part: slice) -> None:
        for _ in run_blocks(plan, draws.rows(part), TIERS):
            pass

    plain(0)
    found.clear()
    edges = np.linspace(0, asked.draws, asked.plain + 1).astype(int)
    parts = [slice(first, last) for first, last in itertools.pairwise(edges)]
    one, all_of = [], []
    for row, part in zip(sample, parts, strict=True):
        one.append(timed(lambda row=row: plain(row)))
        all_of.append(timed(lambda part=part: at_once(part)) / (part.stop - part.start))
    chosen = [evaluate(plan, draws.rows(slice(row, row + 1)))[0] for row in sample]
    np.testing.assert_allclose(chosen, found, rtol=1e-9)
    ratios = sorted(a / b for a, b in zip(one, all_of, strict=True))
    ratio = statistics.median(ratios)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{asked.draws:,} draws × {asked.units:,} units × {asked.indicators} indicators, to scores,"
        f" ranks and {TIERS} tiers, against `run_recipe` of the same draws, timed on {asked.plain} "
        f"of them (floor: {FLOOR} times).\n"
    )
    print("| plain, ms a draw | at once, ms a draw | all draws, s | times as fast | peak MB |")
    print("|--:|--:|--:|--:|--:|")
    print(
        f"| {statistics.median(one) * 1e3:.1f} | {statistics.median(all_of) * 1e3:.3f} "
        f"| {np.dot(all_of, np.diff(edges)):.1f} "
        f"| **{ratio:.0f}** ({ratios[0]:.0f}–{ratios[-1]:.0f}) | {peak:.0f} |"
    )
    return 0 if ratio >= FLOOR else 1


if __name__ == "__main__":
    sys.exit(main())
