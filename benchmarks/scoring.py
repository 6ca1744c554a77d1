"""Many draws at once against the plain pipeline per draw, on the same draws.

    python benchmarks/scoring.py [--draws N] [--plain N] [--units N] [--indicators N]

The plain pipeline (`run_recipe` of each draw's recipe) is timed on the first `--plain` draws and
its scores compared with the fast ones; times are per draw.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import pandas as pd

from regional_atlas.framework import IndexConfig
from regional_atlas.scoring.draws import draw_settings, make_plan, recipe_of_draw
from regional_atlas.scoring.index import run_recipe
from regional_atlas.scoring.recipe import recipe_of
from regional_atlas.scoring.uncertainty import evaluate, run_blocks


def main() -> None:
    parser = argparse.ArgumentParser()
    for name, default in (("draws", 10_000), ("plain", 10), ("units", 1800), ("indicators", 25)):
        parser.add_argument(f"--{name}", type=int, default=default)
    asked = parser.parse_args()
    codes = [f"i{i:02d}" for i in range(asked.indicators)]
    spec = IndexConfig.model_validate(
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
    values = np.random.default_rng(1).lognormal(size=(asked.units, len(codes)))
    data = pd.DataFrame(values, columns=codes, index=[f"u{i}" for i in range(asked.units)])
    assert spec.uncertainty is not None
    plan = make_plan(data, recipe_of(spec), spec.uncertainty)
    draws = draw_settings(plan, asked.draws, np.random.default_rng(2))
    list(run_blocks(plan, draws.rows(slice(8)), 4))
    run_recipe(data, recipe_of_draw(plan, draws, 0))
    start = time.perf_counter()
    plain = [
        run_recipe(data, recipe_of_draw(plan, draws, row)).scores["index"].to_numpy()
        for row in range(asked.plain)
    ]
    per_plain = (time.perf_counter() - start) / asked.plain
    np.testing.assert_allclose(evaluate(plan, draws.rows(slice(asked.plain))), plain, rtol=1e-9)
    start = time.perf_counter()
    for _ in run_blocks(plan, draws, 4):
        pass
    per_fast = (time.perf_counter() - start) / asked.draws
    print("| draws | plain, ms a draw | at once, ms a draw | ratio |")
    print("|---|---|---|---|")
    ratio = per_plain / per_fast
    print(f"| {asked.draws:,} | {per_plain * 1e3:.1f} | {per_fast * 1e3:.3f} | {ratio:.0f} |")


if __name__ == "__main__":
    main()
