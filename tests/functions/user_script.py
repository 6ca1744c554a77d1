"""What a user writes: checked by `mypy --strict`, and run."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

import regional_atlas as ra


def top_units(folder: str) -> pd.DataFrame:
    atlas: ra.Atlas = ra.open_atlas(folder)
    summary: pd.DataFrame = atlas.summarise("province", top=2)
    return summary


def light(cells: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> pd.DataFrame:
    zone = shapely.box(0, 0, 2, 1)
    return ra.zonal_statistics(
        zone, cells, stats=["mean"], transform=(1, 0, 0, 0, -1, 1), crs=4326, zones_crs=4326
    )


def classes(values: pd.Series[float]) -> list[int]:
    found = ra.classify(values, "fisher_jenks", k=2)
    ranks = ra.rank(values)
    return [int(number) for number in [*found, *ranks]]


def main() -> None:
    print(top_units(sys.argv[1])["name"].tolist())
    print(light(np.ones((1, 2)))["mean"].tolist())
    print(classes(pd.Series([1.0, 2.0, 9.0])))
    result = ra.score(
        pd.DataFrame({"a": [1.0, 2.0, 3.0]}),
        {"id": "demo", "title": "Demo", "tiers": {"k": 2}, "nodes": [{"code": "a", "title": "A"}]},
    )
    print(result.scores["rank"].tolist())
    try:
        ra.read_project(Path("no such folder"))
    except ra.ConfigError as error:
        print(error.problems[0].partition(";")[0])
    except ra.InputError:
        print("not reached")


if __name__ == "__main__":
    main()
