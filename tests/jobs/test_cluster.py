"""The same bits from a cluster, whatever happens to its workers."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine

from regional_atlas import cli
from regional_atlas.core.errors import InputError, RasterError
from regional_atlas.jobs import cluster as jobs_cluster
from regional_atlas.jobs.cluster import cluster_client, cluster_statistics, zone_blocks
from regional_atlas.sources.rasters import open_raster
from regional_atlas.zonal import Cleaning, zonal_statistics

OPTIONS = {"stats": ["mean", "sum", "min", "max", "count", "lit_share"], "lit_threshold": 20.0}


def light(path: Path, seed: int, size: int = 600, shift: float = 0.0) -> Path:
    values = np.random.default_rng(seed).gamma(0.4, 30, (size, size)).astype("float32")
    values[values > 200] = np.nan
    with rasterio.open(
        path, "w", driver="GTiff", width=size, height=size, count=1, dtype="float32",
        crs="EPSG:4326", transform=Affine(0.01, 0, 100 + shift, 0, -0.01, 40), tiled=True,
        blockxsize=128, blockysize=128, compress="deflate",
    ) as dataset:  # fmt: skip
        dataset.write(values, 1)
    return path


@pytest.fixture(scope="module")
def zones() -> gpd.GeoDataFrame:
    random = np.random.default_rng(7)
    centres = random.uniform([99.9, 33.9], [106.1, 40.1], (300, 2))
    shapes = [
        shapely.Point(centre).buffer(radius)
        for centre, radius in zip(centres, random.uniform(0.003, 0.8, 300), strict=True)
    ]
    shapes[5] = shapely.Polygon()
    index = pd.Index([f"{i:06}" for i in range(300)], name="unit_id")
    return gpd.GeoDataFrame(geometry=shapes, index=index, crs=4326)


@pytest.fixture(scope="module")
def rasters(tmp_path_factory: pytest.TempPathFactory) -> list[Any]:
    folder = tmp_path_factory.mktemp("rasters")
    return [
        open_raster(light(folder / f"{year}.tif", year, shift=0.001 * (year - 2020)), year=year)
        for year in (2020, 2021, 2022)
    ]


def assert_same_bytes(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(found, expected, check_exact=True)
    for name in expected.columns:
        if expected[name].dtype.kind == "f":
            assert found[name].to_numpy().tobytes() == expected[name].to_numpy().tobytes()


def test_zones_in_parts_give_the_same_bits(zones: Any, rasters: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("regional_atlas.zonal.coverage.COLUMNS_PER_WINDOW", 256)
    monkeypatch.setattr("regional_atlas.zonal.coverage.CELLS_PER_WINDOW", 256 * 256)
    monkeypatch.setattr(jobs_cluster, "ZONES_PER_TASK", 40)
    whole = zonal_statistics(zones, rasters[0], **OPTIONS).set_index("unit_id")
    blocks = zone_blocks(zones)
    assert len(blocks) > 5
    assert sorted(np.concatenate(blocks)) == list(range(len(zones)))
    for block in blocks:
        part = zonal_statistics(zones.iloc[block], rasters[0], **OPTIONS).set_index("unit_id")
        pd.testing.assert_frame_equal(part, whole.iloc[block], check_exact=True)


def test_blocks_follow_vertices_and_neighbourhood(zones: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(jobs_cluster, "VERTICES_PER_TASK", 2_000)
    blocks = zone_blocks(zones)
    counts = shapely.get_num_coordinates(zones.geometry.to_numpy())
    assert all(counts[block].sum() <= 2_200 for block in blocks)
    assert [len(block) for block in zone_blocks(zones.iloc[:0])] == [0]


def test_the_same_bits_from_a_cluster(
    zones: Any, rasters: Any, client: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(jobs_cluster, "ZONES_PER_TASK", 60)
    steps: list[tuple[int, int]] = []
    found = cluster_statistics(
        client, zones, rasters, progress=lambda *step: steps.append(step), **OPTIONS
    )
    assert_same_bytes(found, zonal_statistics(zones, rasters, **OPTIONS))
    tasks = 3 * len(zone_blocks(zones))
    assert tasks > 15
    assert steps == [(done, tasks) for done in range(tasks + 1)]


def test_rasters_without_years_are_told_apart(zones: Any, rasters: Any, client: Any) -> None:
    plain = [open_raster(raster.path) for raster in rasters[:2]]
    found = cluster_statistics(client, zones, plain, stats=["sum"])
    assert_same_bytes(found, zonal_statistics(zones, plain, stats=["sum"]))
    assert list(found.columns[:3]) == ["unit_id", "year", "raster"]


def test_cleaning_weights_population_and_masks_go_along(
    zones: Any, rasters: Any, client: Any, monkeypatch: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(jobs_cluster, "ZONES_PER_TASK", 60)
    monkeypatch.chdir(Path(rasters[0].path).parent)
    flags = open_raster(light(tmp_path / "flags.tif", 9))
    here = open_raster(Path(rasters[0].path).name, year=2020)
    cleaned = [Cleaning(quality=flags, bad_bits=4, background=3.0, upper=150.0).applied(here)]
    weights = open_raster(light(tmp_path / "weights.tif", 11))
    lake = gpd.GeoDataFrame(
        geometry=[shapely.box(101, 35, 103, 38), shapely.Point(104, 36).buffer(1)], crs=4326
    )
    options = {
        "stats": ["sum", "weighted_mean", "weighted_sum", "sum_per_head", "median", "gini"],
        "weights": weights, "population": "heads", "mask": lake,
    }  # fmt: skip
    with_heads = zones.assign(heads=np.arange(300.0), other="x")
    expected = zonal_statistics(with_heads, cleaned, **options)
    found = cluster_statistics(client, with_heads, cleaned, **options)
    assert_same_bytes(found, expected)
    assert found.attrs == expected.attrs
    (record,) = found.attrs["rasters"]
    assert [rule["rule"] for rule in record["rules"]] == [
        "mask_polygons", "quality", "background", "upper",
    ]  # fmt: skip
    assert min(rule["cells"] for rule in record["rules"]) > 0
    assert expected["weighted_mean"].notna().sum() > 20


def test_classes_of_all_blocks_are_columns(zones: Any, client: Any, tmp_path: Any) -> None:
    paths = []
    for number in range(2):
        values = np.random.default_rng(number).integers(0, 3, (600, 600)).astype("float32")
        values[:300] += 5 * number
        values[:60, :60] = 77 + number
        path = light(tmp_path / f"classes{number}.tif", number)
        with rasterio.open(path, "r+") as dataset:
            dataset.write(values, 1)
        paths.append(open_raster(path, year=2020 + number))
    few = zones.iloc[:120]
    stats = ["sum", "frac", "max", "variety"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jobs_cluster, "ZONES_PER_TASK", 10)
        found = cluster_statistics(client, few, paths, stats=stats)
    expected = zonal_statistics(few, paths, stats=stats)
    assert {"frac_77", "frac_78", "frac_6"} <= {*expected.columns}
    assert_same_bytes(found, expected)


def test_a_raster_that_a_worker_lacks(
    zones: Any, rasters: Any, client: Any, tmp_path: Path
) -> None:
    lost = open_raster(light(tmp_path / "lost.tif", 1))
    Path(lost.path).unlink()
    with pytest.raises(RasterError, match=r"lost.tif: worker (one|two) at tcp://.*no such file"):
        cluster_statistics(client, zones, [rasters[0], lost], stats=["sum"])


def test_wrong_zones_are_refused_as_on_one_machine(zones: Any, rasters: Any, client: Any) -> None:
    with pytest.raises(InputError, match="unknown statistic 'nonsense'"):
        cluster_statistics(client, zones, rasters, stats=["nonsense"])


@pytest.mark.usefixtures("client")
def test_the_command_writes_the_same_file(
    zones: Any, rasters: Any, cluster: Any, tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(Path(rasters[0].path).parent)
    zones.iloc[:40].drop(index="000005").to_file(tmp_path / "zones.gpkg")
    lake = gpd.GeoDataFrame(geometry=[shapely.box(101, 35, 103, 38)], crs=4326)
    lake.to_file(tmp_path / "lake.gpkg")
    written, records = [], []
    for extra in ([], ["--cluster", cluster.address]):
        out = tmp_path / f"{len(written)}.csv"
        command = [
            "zonal", "--zones", tmp_path / "zones.gpkg", "--id", "unit_id", "--out", out,
            "--raster", rasters[0].name, "--raster", rasters[1].name, "--upper", "90",
            "--mask", tmp_path / "lake.gpkg", *extra,
        ]  # fmt: skip
        monkeypatch.setattr(sys, "argv", ["regional-atlas", *map(str, command)])
        with pytest.raises(SystemExit) as caught:
            cli.main()
        assert not caught.value.code
        written.append(out.read_bytes())
        records.append(out.with_name(f"{out.name}.json").read_bytes())
    assert written[0] == written[1]
    assert records[0] == records[1]
    assert records[0].count(b'"rule": "mask_polygons"') == 2
    assert written[0].count(b"\n") == 2 * 39 + 1


def test_no_worker(zones: Any, rasters: Any, monkeypatch: Any) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr(jobs_cluster, "WAIT_SECONDS", 0.5)
    with (
        distributed.LocalCluster(
            n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0"
        ) as empty,
        distributed.Client(empty, set_as_default=False) as client,
        pytest.raises(InputError, match=r"no worker, and none came in 0\.5 s"),
    ):
        cluster_statistics(client, zones, rasters, stats=["sum"])


def test_no_scheduler() -> None:
    pytest.importorskip("distributed")
    with pytest.raises(InputError, match="no scheduler answers"):
        cluster_client("tcp://127.0.0.1:9", timeout=0.5)


@pytest.mark.slow
def test_a_worker_killed_half_way(
    zones: Any, client: Any, cluster: Any, monkeypatch: Any, tmp_path: Path
) -> None:
    monkeypatch.setattr(jobs_cluster, "ZONES_PER_TASK", 15)
    many = [
        open_raster(light(tmp_path / f"{year}.tif", year, 1500), year=year)
        for year in range(2000, 2012)
    ]
    victim = cluster.worker("victim")
    client.wait_for_workers(3, timeout=40)
    killed = threading.Event()
    worked = []

    def progress(done: int, total: int) -> None:
        if done >= total // 3 and not killed.is_set():
            worked.extend(client.processing())
            victim.kill()
            killed.set()

    found = cluster_statistics(client, zones, many, progress=progress, **OPTIONS)
    assert killed.is_set()
    assert len(worked) == 3
    deadline = time.monotonic() + 20
    while len(client.scheduler_info()["workers"]) > 2 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert len(client.scheduler_info()["workers"]) == 2
    assert_same_bytes(found, zonal_statistics(zones, many, **OPTIONS))
