"""`delineate`: from files to regions that a project can use."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import rasterio
import shapely
from affine import Affine

from regional_atlas.membership.delineation import areas, lights, urban_units

FLOWS = {
    ("a", "a"): 90_000, ("b", "a"): 3_000, ("b", "b"): 7_000, ("c", "c"): 80_000,
    ("d", "c"): 2_000, ("d", "d"): 8_000, ("a", "c"): 500,
}  # fmt: skip
URBAN = ("urban", "units.gpkg", "--id", "code", "--name", "town", "--population", "people.tif",
         "--land", "land.tif", "--out", "found")  # fmt: skip
LIT = ("lights", "units.gpkg", "--id", "code", "--name", "town", "--raster", "people.tif",
       "--set", "threshold=1000", "--out", "found")  # fmt: skip


def raster(path: Path, values: Any) -> None:
    cells = np.asarray(values, "float64")
    with rasterio.open(
        path, "w", driver="GTiff", count=1, height=cells.shape[0], width=cells.shape[1],
        dtype="float64", crs="EPSG:6933", nodata=-1, transform=Affine(1000, 0, 0, 0, -1000, 2000),
    ) as target:  # fmt: skip
        target.write(cells, 1)


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expect: Any) -> Any:
    """Four units in a row, each of two by two cells; a and c are cities."""
    boxes = [shapely.box(2000 * i, 0, 2000 * i + 2000, 2000) for i in range(4)]
    units = gpd.GeoDataFrame(
        {"code": list("abcd"), "town": ["Aville", "Beton", "Cburg", "Dorf"]},
        geometry=boxes, crs="EPSG:6933",
    )  # fmt: skip
    units.to_file(tmp_path / "units.gpkg")
    city, land = [30_000] * 2, [100] * 2
    raster(tmp_path / "people.tif", [city + land + city + land] * 2)
    raster(tmp_path / "land.tif", np.ones((2, 8)))
    rows = [(*pair, number) for pair, number in FLOWS.items()]
    pd.DataFrame(rows, columns=["origin", "destination", "number"]).to_csv(
        tmp_path / "flows.csv", index=False
    )
    (tmp_path / "cores.csv").write_text("unit_id,core_id\na,A\nc,C\n")
    (tmp_path / "centres.csv").write_text("region_id,name,lon,lat\nx,The X,0.0155,0.0078\n")
    monkeypatch.chdir(tmp_path)
    return lambda *words, **options: expect("delineate", *words, **options)


def members() -> dict[str, str]:
    found = pd.read_csv("found/members.csv", dtype={"unit_id": "str"})
    return found.set_index("unit_id")["region_id"].fillna("").to_dict()


def test_urban_centres_with_classes_of_units_and_cells(command: Any) -> None:
    said = command(*URBAN)
    assert "2 regions; 2 of 4 units are members" in said
    assert members() == {"a": "centre-1", "b": "", "c": "centre-2", "d": ""}
    units = pd.read_csv("found/units.csv").set_index("unit_id")
    assert units["class"].tolist() == ["city", "rural", "city", "rural"]
    assert units["unit"].tolist() == ["Aville", "Beton", "Cburg", "Dorf"]
    with rasterio.open("found/cells.tif") as cells:
        assert cells.read(1).tolist() == [[3, 3, 1, 1, 3, 3, 1, 1]] * 2
    regions = gpd.read_file("found/regions.gpkg").set_index("region_id")
    assert regions["population"].tolist() == [120_000, 120_000]
    assert regions.geometry.area.tolist() == [4e6, 4e6]


def test_the_record_says_how(command: Any) -> None:
    command(*URBAN, "--set", "centre_population=60000", "--level", 2)
    record = json.loads(Path("found/delineation.json").read_text())
    assert record["method"] == "urban"
    assert record["parameters"]["centre_population"] == 60_000
    assert record["parameters"]["level"] == 2
    assert {(each["option"], each["file"]) for each in record["inputs"]} == {
        ("UNITS", "units.gpkg"), ("--population", "people.tif"), ("--land", "land.tif"),
    }  # fmt: skip
    assert (record["regions"], record["units"], record["units_in_no_region"]) == (2, 4, 2)


def test_regions_are_named_after_a_place(command: Any) -> None:
    units = gpd.read_file("units.gpkg").assign(county=["Shire", "Shire", "Shire", "Vale"])
    units.to_file("units.gpkg")
    command(*URBAN, "--named-after", "county")
    regions = gpd.read_file("found/regions.gpkg")
    assert regions["name"].tolist() == ["Shire", "Shire (Cburg)"]
    record = json.loads(Path("found/delineation.json").read_text())
    assert record["options"] == {"named_after": "county", "square_metres": False}
    command(*URBAN, "--named-after", "county", "--called", "City of {place}")
    regions = gpd.read_file("found/regions.gpkg")
    assert regions["name"].tolist() == ["City of Shire", "City of Shire (Cburg)"]
    assert "expected {place}" in command(*URBAN, "--named-after", "county", "--called", "X", code=1)
    assert "needs --named-after" in command(*URBAN, "--called", "{place}", code=1)
    assert "no column 'shire'; found" in command(*URBAN, "--named-after", "shire", code=1)


def test_ids_have_the_prefix_that_is_asked_for(command: Any) -> None:
    command(*LIT, "--vary", "threshold=50,1000", "--prefix", "bright")
    assert members() == {"a": "bright-1", "b": "", "c": "bright-2", "d": ""}
    assert gpd.read_file("found/regions.gpkg")["region_id"].tolist() == ["bright-1", "bright-2"]
    for name in ("probabilities", "stability"):
        assert set(pd.read_csv(f"found/{name}.csv")["region_id"]) == {"bright-1", "bright-2"}
    assert "--prefix: expected a letter" in command(*LIT, "--prefix", "1-x", code=1)


def test_square_metres_are_shares_of_a_cell(command: Any) -> None:
    command(*URBAN)
    before = Path("found/units.csv").read_text()
    raster(Path("land.tif"), np.full((2, 8), 1e6))
    assert "land" in command(*URBAN, code=1)
    command(*URBAN, "--square-metres")
    assert Path("found/units.csv").read_text() == before


def test_bright_areas_and_where_they_merge(command: Any) -> None:
    command(*LIT, "--curve", "50,1000")
    assert members() == {"a": "lit-1", "b": "", "c": "lit-2", "d": ""}
    curve = pd.read_csv("found/curve.csv").set_index("threshold")
    assert curve["areas"].to_dict() == {50: 1, 1000: 2}
    assert pd.read_csv("found/merges.csv")["part"].tolist() == [1, 2]


def test_how_sure_a_membership_is(command: Any) -> None:
    said = command(*LIT, "--vary", "threshold=50,1000,2000")
    assert "2 regions" in said
    sure = pd.read_csv("found/probabilities.csv").set_index(["region_id", "unit_id"])
    chance = sure["probability"].round(6).to_dict()
    assert chance[("lit-1", "a")] == 1
    assert chance[("lit-1", "b")] == pytest.approx(1 / 3, abs=1e-6)
    stability = pd.read_csv("found/stability.csv").set_index("region_id")
    assert stability["merged"].tolist() == pytest.approx([1 / 3, 1 / 3])
    assert json.loads(Path("found/delineation.json").read_text())["varied"] == {
        "threshold": [50, 1000, 2000]
    }


@pytest.mark.parametrize(
    ("words", "varied"),
    [(LIT, "threshold=50,1000,2000"), (URBAN, "centre_population=50000,60000,70000")],
)
def test_runs_prepare_once_and_draw_no_region(
    command: Any, monkeypatch: pytest.MonkeyPatch, words: Any, varied: str
) -> None:
    calls: list[str] = []

    def counted(module: Any, name: str) -> None:
        function = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a, **k: calls.append(name) or function(*a, **k))

    counted(areas, "group_outlines")
    counted(lights, "zone_coverage")
    counted(urban_units, "zone_coverage")
    command(*words, "--vary", varied)
    assert json.loads(Path("found/delineation.json").read_text())["runs"] == 3
    assert sorted(calls) == ["group_outlines", "zone_coverage"]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("functional-areas", {"a": "fua-1", "b": "fua-1", "c": "fua-2", "d": "fua-2"}),
        ("core-based", {"a": "cbsa-1", "b": "cbsa-1", "c": "cbsa-2", "d": ""}),
    ],
)
def test_regions_of_flows_to_cores(command: Any, method: str, expected: dict[str, str]) -> None:
    command(method, "units.gpkg", "--id", "code", "--flows", "flows.csv", "--cores", "cores.csv",
            "--out", "found")  # fmt: skip
    assert members() == expected


def test_commuting_zones_and_labour_markets(command: Any) -> None:
    files = ("units.gpkg", "--id", "code", "--flows", "flows.csv", "--out", "found")
    command("flow-clusters", *files)
    assert members() == {"a": "zone-1", "b": "zone-1", "c": "zone-2", "d": "zone-2"}
    # 80 % of the people of d work there, 70 % of those of b.
    command("labour-markets", *files)
    assert members() == {"a": "lma-1", "b": "lma-1", "c": "lma-2", "d": "lma-3"}


@pytest.mark.slow
def test_flows_are_drawn_from_their_margins(command: Any) -> None:
    rows = [(*pair, number, number / 4) for pair, number in FLOWS.items()]
    pd.DataFrame(rows, columns=["origin", "destination", "number", "moe"]).to_csv(
        "flows.csv", index=False
    )
    words = ("core-based", "units.gpkg", "--id", "code", "--flows", "flows.csv",
             "--cores", "cores.csv", "--out", "found")  # fmt: skip
    command(*words, "--draws", 200)
    sure = pd.read_csv("found/probabilities.csv").set_index(["region_id", "unit_id"])
    chance = sure["probability"].to_dict()
    assert chance[("cbsa-1", "a")] == 1
    # 30 of 100 people of b work in a, where 25 are enough; 20 of 100 of d in c.
    assert 0.5 < chance[("cbsa-1", "b")] < 1
    assert 0 < chance.get(("cbsa-2", "d"), 0) < 0.5
    assert "not both" in command(*words, "--draws", 5, "--vary", "jobs_share=0.2,0.3", code=1)


def test_circles_of_distance_and_time(command: Any) -> None:
    circles = ("circles", "units.gpkg", "--id", "code", "--centres", "centres.csv",
               "--out", "found")  # fmt: skip
    command(*circles, "--within", 1.5)
    assert [unit for unit, region in members().items() if region] == ["a"]
    command(*circles, "--within", 2.5)
    assert [unit for unit, region in members().items() if region] == ["a", "b"]
    Path("times.csv").write_text("origin,destination,minutes\nx,a,5\nx,c,30\nx,d,70\n")
    command(*circles, "--within", 60, "--times", "times.csv")
    assert [unit for unit, region in members().items() if region] == ["a", "c"]
    raster(Path("friction.tif"), np.full((2, 8), 0.01))
    command(*circles, "--within", 12, "--friction", "friction.tif")
    assert [unit for unit, region in members().items() if region] == ["a"]


def test_the_regions_are_a_kind_of_region_of_a_project(command: Any, run: Any) -> None:
    run("new", "country")
    units = gpd.read_file("country/units.geojson").to_crs("EPSG:6933")
    west, south, east, north = units.total_bounds
    side = 2_000
    shape = (int((north - south) // side) + 1, int((east - west) // side) + 1)
    cells = np.zeros(shape)
    cells[: shape[0] // 2] = 40
    with rasterio.open(
        "light.tif", "w", driver="GTiff", count=1, height=shape[0], width=shape[1],
        dtype="float64", crs="EPSG:6933", transform=Affine(side, 0, west, 0, -side, north),
    ) as target:  # fmt: skip
        target.write(cells, 1)
    said = command("lights", "country", "--raster", "light.tif", "--set", "threshold=30",
                   "--out", "country/lit")  # fmt: skip
    lines = said[said.index("[[regions.kinds]]") :].splitlines()[:4]
    with open("country/atlas.toml", "a", encoding="utf-8") as file:
        file.write("\n" + "\n".join(line.strip() for line in lines if "country/lit" not in line))
    ended, printed, said = run(
        "sql", "country", "select unit_id from membership where region_id = 'lit-1'",
        "--format", "csv",
    )  # fmt: skip
    assert ended == 0, said
    table = pd.read_csv("country/lit/members.csv", dtype="str")
    held = table.loc[table["region_id"] == "lit-1", "unit_id"].tolist()
    assert 0 < len(held) < 12
    assert sorted(printed.split()[1:]) == held
    # The project's own lists are written anew by a further run; nothing else of it is.
    again = ("lights", "country", "--raster", "light.tif", "--set", "threshold=30", "--out")
    command(*again, "country/lit")
    assert "holds the input" in command(*again, "country", code=1)


def test_unsure_memberships_reach_the_counts_of_a_project(command: Any, run: Any) -> None:
    run("new", "country")
    units = gpd.read_file("country/units.geojson").to_crs("EPSG:6933")
    west, south, east, north = units.total_bounds
    side = 2_000
    shape = (int((north - south) // side) + 1, int((east - west) // side) + 1)
    # Light falls from north to south: the lower the threshold, the more units are lit.
    cells = np.repeat(np.linspace(100, 0, shape[0])[:, None], shape[1], axis=1)
    with rasterio.open(
        "light.tif", "w", driver="GTiff", count=1, height=shape[0], width=shape[1],
        dtype="float64", crs="EPSG:6933", transform=Affine(side, 0, west, 0, -side, north),
    ) as target:  # fmt: skip
        target.write(cells, 1)
    said = command("lights", "country", "--raster", "light.tif", "--set", "threshold=50",
                   "--vary", "threshold=10,30,50,70,90", "--out", "country/lit")  # fmt: skip
    lines = [line.strip() for line in said[said.index("[[regions.kinds]]") :].splitlines()]
    (table,) = (line for line in lines if "probabilities.csv" in line)
    with open("country/atlas.toml", "a", encoding="utf-8") as file:
        file.write("\n" + "\n".join([*lines[:3], table]))
    ended, printed, said = run(
        "summarise", "country", "--by", "lit", "--ranking", "vigour", "--format", "csv"
    )
    assert ended == 0, said
    (found,) = pd.read_csv(io.StringIO(printed)).to_dict("records")
    pairs = pd.read_csv("country/lit/probabilities.csv", dtype={"unit_id": "str"})
    words = ("query", "country", "--ranking", "vigour", "--format", "csv")
    _, printed, _ = run(*words)
    ranked = pd.read_csv(io.StringIO(printed), dtype={"unit_id": "str"})
    chances = pairs.loc[pairs["unit_id"].isin(ranked.dropna(subset="rank")["unit_id"])]
    chances = chances.set_index("unit_id")["probability"]
    assert ((chances > 0) & (chances < 1)).sum() > 1
    # Unit by unit: it is a member or not.
    likely = {0: 1.0}
    for chance in chances:
        likely = {
            number: likely.get(number, 0) * (1 - chance) + likely.get(number - 1, 0) * chance
            for number in range(len(likely) + 1)
        }
    reached = np.cumsum([likely[number] for number in sorted(likely)])
    assert found["count_expected"] == pytest.approx(chances.sum(), abs=1e-8)
    assert found["count_low"] == np.argmax(reached >= 0.05)
    assert found["count_high"] == np.argmax(reached >= 0.95)
    assert found["count_low"] < found["count_high"]
    _, printed, _ = run(*words, "--in", "lit=lit-1")
    asked = pd.read_csv(io.StringIO(printed), dtype={"unit_id": "str"})["unit_id"]
    members = pairs.loc[pairs["probability"] >= 0.5, "unit_id"]
    assert set(asked) == set(members) & set(chances.index)
    assert found["units"] == len(members)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--set", "threshold=x"), "--set: threshold: found 'x'"),
        (("--set", "treshold=3"), "do you mean 'threshold'?"),
        (("--set", "threshold=1", "--vary", "threshold=1,x"), "--vary: threshold: found 'x'"),
        (("--vary", "threshold=1,2"), "--vary: threshold varies: say by --set which"),
        (("--curve", "1,x"), "--curve: expected numbers with commas, found '1,x'"),
        (("--set", "at_least=2"), "at_least"),
    ],
)
def test_wrong_parameters_are_named(command: Any, words: tuple[str, ...], says: str) -> None:
    assert says in command(*LIT[:-4], *words, "--out", "found", code=1)
    assert not Path("found").exists()


def test_set_help_lists_parameters(command: Any, run: Any) -> None:
    assert command
    ended, printed, _ = run("delineate", *LIT, "--set", "help")
    assert ended == 0
    assert "touching=4\n" in printed
    assert not Path("found").exists()


def test_missing_files_are_named_at_once(command: Any) -> None:
    said = command("functional-areas", "no.gpkg", "--flows", "no.csv", "--cores", "cores.csv",
                   "--out", "found", code=1)  # fmt: skip
    assert "file not found: no.gpkg" in said
    assert "file not found: no.csv" in said


def test_inputs_and_the_files_of_others_stay(command: Any) -> None:
    Path("found").mkdir()
    Path("found/members.csv").write_text("mine")
    assert "did not write it" in command(*LIT, code=1) or "did not write" in command(*LIT, code=1)
    assert Path("found/members.csv").read_text() == "mine"
    command(*LIT, "--overwrite")
    assert members()["a"] == "lit-1"
    here = tuple("." if word == "found" else word for word in LIT)
    assert "holds the input" in command(*here, code=1)


def test_tables_of_an_earlier_run_go(command: Any) -> None:
    command(*LIT, "--curve", "50,1000")
    command(*LIT)
    assert not Path("found/curve.csv").exists()
    command("labour-markets", "units.gpkg", "--id", "code", "--flows", "flows.csv",
            "--out", "found")  # fmt: skip
    assert json.loads(Path("found/delineation.json").read_text())["method"] == "labour-markets"


def test_the_same_input_gives_the_same_bytes(command: Any) -> None:
    command(*URBAN, "--vary", "centre_density=1000,1500")
    files = sorted(Path("found").iterdir())
    before = {path.name: path.read_bytes() for path in files}
    command(*URBAN, "--vary", "centre_density=1000,1500")
    assert {path.name: path.read_bytes() for path in sorted(Path("found").iterdir())} == before


def test_files_of_others_stay_beside_those_of_a_run(command: Any) -> None:
    command(*LIT, "--curve", "50,1000")
    Path("found/notes.csv").write_text("mine")
    command(*LIT, "--overwrite")
    assert Path("found/notes.csv").read_text() == "mine"
    assert not Path("found/curve.csv").exists()


def test_an_input_of_the_project_in_the_folder_is_not_replaced(command: Any, run: Any) -> None:
    run("new", "country")
    Path("country/lit").mkdir()
    text = Path("country/atlas.toml").read_text("utf-8")
    assert 'file = "indicators.csv"' in text
    command("lights", "country", "--raster", "people.tif", "--set", "threshold=30",
            "--out", "country/lit")  # fmt: skip
    Path("country/indicators.csv").rename("country/lit/units.csv")
    Path("country/atlas.toml").write_text(
        text.replace('file = "indicators.csv"', 'file = "lit/units.csv"'), "utf-8"
    )
    before = Path("country/lit/units.csv").read_bytes()
    said = command("lights", "country", "--raster", "people.tif", "--set", "threshold=30",
                   "--out", "country/lit", code=1)  # fmt: skip
    assert "is the input" in said or "holds the input" in said
    assert Path("country/lit/units.csv").read_bytes() == before


@pytest.mark.parametrize("share", ["0", "-1", "2", "nan"])
def test_shares_of_members_are_shares(command: Any, share: str) -> None:
    assert "at_least" in command(*URBAN, f"--at-least={share}", code=1)


def test_circles_that_overlap_can_vary(command: Any) -> None:
    Path("centres.csv").write_text("region_id,name,lon,lat\nx,X,0.0155,0.0078\ny,Y,0.02,0.0078\n")
    command("circles", "units.gpkg", "--id", "code", "--centres", "centres.csv",
            "--within", 3, "--vary", "within=2,3,4", "--out", "found")  # fmt: skip
    assert pd.read_csv("found/stability.csv")["merged"].between(0, 1).all()


@pytest.mark.parametrize(
    "words", [("--set", "at_least=0.9"), ("--vary", "at_least=0.1,0.9"), ("--within", "1e-9")]
)
def test_parameters_without_effect_are_refused(command: Any, words: tuple[str, ...]) -> None:
    said = command("circles", "units.gpkg", "--id", "code", "--centres", "centres.csv",
                   "--within", 3, *words, "--out", "found", code=1)  # fmt: skip
    assert "has no effect" in said or "radius_km" in said


def test_a_file_without_ids_is_asked_for_them(command: Any) -> None:
    said = command("labour-markets", "units.gpkg", "--flows", "flows.csv", "--out", "found", code=1)
    assert "no column 'unit_id'; name the column of ids by --id; found: code, town" in said


def test_units_beyond_the_raster_are_noted(command: Any) -> None:
    raster(Path("people.tif"), np.full((2, 5), 2000))
    said = command(*LIT)
    assert "units outside the raster are in no region: 1" in said
    assert "units partly outside the raster are shared by the part inside: 1" in said


def test_rasters_on_another_grid_are_refused(command: Any) -> None:
    raster(Path("land.tif"), np.ones((2, 7)))
    assert "--land: 'land.tif' lies on another grid" in command(*URBAN, code=1)


def test_two_forms_of_time_are_refused(command: Any) -> None:
    Path("times.csv").write_text("origin,destination,minutes\nx,a,5\n")
    raster(Path("friction.tif"), np.ones((2, 8)))
    said = command("circles", "units.gpkg", "--id", "code", "--centres", "centres.csv",
                   "--within", 5, "--times", "times.csv", "--friction", "friction.tif",
                   "--out", "found", code=1)  # fmt: skip
    assert "not both" in said
