"""Nothing stale: whatever changes, a filled store gives what an empty one gives.

The project is the starter with a section of every kind. Each key of its files is changed in turn,
each list and table turned round, each file written anew; the tables, the reports and the messages
of all steps and the page are compared byte by byte with those that an empty store gives. The one
store has seen every change before.
"""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import rasterio
import tomlkit

import regional_atlas as ra
from regional_atlas.core.errors import InputError
from regional_atlas.tables.graph import RECORDS
from regional_atlas.tables.steps import STEPS
from regional_atlas.tables.storable import pack
from regional_atlas.tables.store import Store

MORE = """
[map]
tolerance = 500

[[regions.kinds]]
id = "basin"
title = "basin"
polygons = "basins.vrt"
rule = "area_share >= 0.5"
key = "code"
name = "name"

[[regions.kinds]]
id = "half"
title = "half"
of = "province"

[rasters.rain]
files = "rain_{year}.vrt"
statistic = ["mean", "sum"]
unit = "mm"
title = "Rain"
source = "Invented gauges"

[rasters.relief]
files = "relief.asc"
year = 2022
statistic = "mean"
unit = "m"
title = "Relief"
source = "Invented heights"

[indicators.more]
file = "more.csv"
source = "Invented, in years"
key = "unit_id"
missing = ["-"]
columns = [{ column = "jobs_{year}", code = "jobs", title = "Jobs", unit = "persons" }]

[[indicators.more.derived]]
code = "jobs_per_head"
title = "Jobs per head"
unit = "persons"
numerator = ["jobs"]
denominator = ["population"]

[[space]]
field = "light_mean"
since = 2018
permutations = 99
seed = 1

[[inequality]]
field = "light_mean"
weight = "population"
by = ["province", "metro"]

[figures]
file = "figures.csv"

[compare]
file = "published.csv"
tolerance = 0.5
"""
UNCERTAINTY = """
[uncertainty]
draws = 60
top = 3
seed = 5
weights = { spread = 0.5 }
"""


def square(code: str, name: str, west: float, east: float) -> dict[str, Any]:
    ring = [[west, 0], [east, 0], [east, 60], [west, 60], [west, 0]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    properties = {"code": code, "name": name}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def write_project(folder: Path) -> Path:
    """Write the starter with more sections: of VRTs and side files too."""
    shutil.copytree(Path(ra.__file__).parent / "starter", folder)
    for name, text in (("atlas.toml", MORE), ("index.toml", UNCERTAINTY)):
        file = folder / name
        file.write_text(file.read_text("utf-8") + text, "utf-8")
    atlas = folder / "atlas.toml"
    atlas.write_text("data_share_at_least = 0.4\n" + atlas.read_text("utf-8"), "utf-8")
    units = json.loads((folder / "units.geojson").read_text("utf-8"))["features"]
    points = np.array([p for unit in units for p in unit["geometry"]["coordinates"][0]])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    middle = (west + east) / 2
    basins = [square("b1", "West", west - 1, middle), square("b2", "East", middle, east + 1)]
    collection = {"type": "FeatureCollection", "features": basins}
    (folder / "basins.geojson").write_text(json.dumps(collection), "utf-8")
    (folder / "basins.vrt").write_text(
        '<OGRVRTDataSource><OGRVRTLayer name="basins"><SrcDataSource relativeToVRT="1">'
        "basins.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"
    )
    for year in (2020, 2021):
        light = folder / "lights/lights_2020.tif"
        shutil.copyfile(light, folder / f"rain_{year}.tif")
        with rasterio.open(light) as file:
            cells = ", ".join(f"{value!r}" for value in file.transform.to_gdal())
            (folder / f"rain_{year}.vrt").write_text(
                f'<VRTDataset rasterXSize="{file.width}" rasterYSize="{file.height}">'
                f"<SRS>EPSG:4326</SRS><GeoTransform>{cells}</GeoTransform>"
                '<VRTRasterBand dataType="Float32" band="1"><SimpleSource>'
                f'<SourceFilename relativeToVRT="1">rain_{year}.tif</SourceFilename>'
                "<SourceBand>1</SourceBand></SimpleSource></VRTRasterBand></VRTDataset>"
            )
    side = max(east - west, north - south) / 8 + 0.01
    rows = "\n".join(" ".join(str(10 * row + column) for column in range(10)) for row in range(10))
    (folder / "relief.asc").write_text(
        f"ncols 10\nnrows 10\nxllcorner {west - side}\nyllcorner {south - side}\n"
        f"cellsize {side}\nNODATA_value -9999\n{rows}\n"
    )
    (folder / "relief.prj").write_text(rasterio.crs.CRS.from_epsg(4326).to_wkt())
    table = pd.read_csv(folder / "indicators.csv", dtype=str)
    more = pd.DataFrame({"unit_id": table["code"], "jobs_2021": range(12), "jobs_2022": "5"})
    more.loc[3, "jobs_2022"] = "-"
    more.to_csv(folder / "more.csv", index=False)
    (folder / "figures.csv").write_text("figure,key,value,unit\nf,a,3,t\nf,b,4,t\n")
    (folder / "published.csv").write_text("scope,group,key,value\nprovince,Westmark,industry,2\n")
    return folder


def outcome(project: Path, store: Store) -> dict[str, bytes] | str:
    """Give the page, every table and report as bytes, or what is wrong with the project."""
    try:
        atlas = ra.open_atlas(ra.read_project(project), store=store)
        graph = atlas.graph
        graph.get("topology")
        graph.make_all()
        page = atlas.map().get_root().render()
    except InputError as error:
        return str(error)
    names = [
        name
        for step in STEPS
        if step.kept
        for name in (*step.gives, f"{step.name}_report")
    ]  # fmt: skip
    return {"page": page.encode()} | {
        f"{name}/{part}": b"".join(chunks)
        for name in names
        for part, chunks in pack(graph.get(name), RECORDS).items()
    }


Place = tuple[Any, ...]


def places(found: Any, place: Place = ()) -> Iterator[Place]:
    """List every value and every table or list of a document."""
    if place:
        yield place
    if isinstance(found, dict | list):
        for key, value in found.items() if isinstance(found, dict) else enumerate(found):
            yield from places(value, (*place, key))


def other(value: Any) -> Any:
    """Change a value a little, or turn a list or table round."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1 if abs(value) >= 1 else value / 2
        case str():
            return f"{value}x" if value[-1:].isalpha() else f"x{value}"
        case list():
            return value[::-1]
        case _:
            return dict(reversed(value.items()))


def altered(file: Path, place: Place) -> None:
    document = tomlkit.parse(file.read_text("utf-8")).unwrap()
    holder = document
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = other(holder[place[-1]])
    if isinstance(holder[place[-1]], dict):  # the tables that hold it keep their order too
        assert list(holder[place[-1]])
    file.write_text(tomlkit.dumps(document), "utf-8")


def turned(file: Path) -> None:
    """Turn the order of a file's sections round."""
    document = tomlkit.parse(file.read_text("utf-8")).unwrap()
    file.write_text(tomlkit.dumps(dict(reversed(document.items()))), "utf-8")


def without(file: Path, place: Place) -> None:
    document = tomlkit.parse(file.read_text("utf-8")).unwrap()
    holder = document
    for key in place[:-1]:
        holder = holder[key]
    del holder[place[-1]]
    file.write_text(tomlkit.dumps(document), "utf-8")


def brighter(file: Path) -> None:
    with rasterio.open(file, "r+") as raster:
        raster.write(raster.read() * 2 + 1)


def digit(file: Path) -> None:
    """Change the last digit of a text file that is not in its first line."""
    text = file.read_text("utf-8")
    at = max(i for i, sign in enumerate(text) if sign.isdigit())
    file.write_text(text[:at] + str((int(text[at]) + 1) % 10) + text[at + 1 :], "utf-8")


def shuffled(file: Path) -> None:
    """Put the last line of a table first."""
    head, *lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([head, lines[-1], *lines[:-1]]) + "\n", "utf-8")


def renamed(file: Path) -> None:
    """Write one name in another way."""
    text = file.read_text("utf-8")
    for name in ("Birch", "North Corridor", "West", "00104"):
        if name in text:
            file.write_text(text.replace(name, name[::-1], 1), "utf-8")
            return


def added(name: str, text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(text, "utf-8") and None


def changes(project: Path) -> dict[str, Callable[[Path], object]]:
    """List every change, by what it is: each takes the project's folder."""
    found: dict[str, Callable[[Path], object]] = {}
    for name in ("atlas.toml", "index.toml"):
        document = tomlkit.parse((project / name).read_text("utf-8")).unwrap()
        for place in places(document):
            said = ".".join(map(str, place))
            found[f"{name}: {said}"] = lambda to, n=name, p=place: altered(to / n, p)
            found[f"{name}: no {said}"] = lambda to, n=name, p=place: without(to / n, p)
        found[f"{name}: turned round"] = lambda to, n=name: turned(to / n)
    for file in sorted(project.rglob("*.*")):
        name = str(file.relative_to(project))
        for change in changes_of(file):
            label = f"{name}: {change.__name__}"
            found[label] = lambda to, n=name, c=change: c(to / n)
    return found | BESIDE


def changes_of(file: Path) -> list[Callable[[Path], None]]:
    """List what can be changed in a file that is no settings file."""
    if file.suffix == ".tif":
        return [brighter]
    if file.suffix not in (".csv", ".geojson", ".asc", ".vrt", ".prj"):
        return []
    has_digit = any(sign.isdigit() for sign in file.read_text("utf-8"))
    found = [digit, renamed] if has_digit else [renamed]
    return [*found, shuffled] if file.suffix == ".csv" else found


AUX = (
    "<PAMDataset><PAMRasterBand band='1'><NoDataValue>{}</NoDataValue></PAMRasterBand></PAMDataset>"
)
BESIDE: dict[str, Callable[[Path], object]] = {
    "nodata beside a light": added("lights/lights_2020.tif.aux.xml", AUX.format(0)),
    "nodata beside a grid": added("relief.asc.aux.xml", AUX.format(55)),
    "nodata beside the source of a VRT": added("rain_2020.tif.aux.xml", AUX.format(0)),
    "a place beside a grid": added("relief.prj", rasterio.crs.CRS.from_epsg(4269).to_wkt()),
    "no place beside a grid": lambda to: (to / "relief.prj").unlink(),
    "one more year": lambda to: shutil.copyfile(
        to / "lights/lights_2022.tif", to / "lights/lights_2024.tif"
    ),
    "one year less": lambda to: (to / "lights/lights_2018.tif").unlink(),
    "one more year of a VRT": lambda to: shutil.copyfile(
        to / "rain_2020.vrt", to / "rain_2019.vrt"
    ),
}
QUICK = [
    "nodata beside the source of a VRT", "no place beside a grid", "one more year",
    "atlas.toml: turned round", "atlas.toml: groups.0.plates.1.title.en", "basins.geojson: digit",
    "more.csv: digit",
]  # fmt: skip
"""What the quick run tries: order, values, vectors, rasters, files that only others name."""


def stale(folder: Path, names: list[str]) -> dict[str, Any]:
    """Try changes, each on a fresh copy of the project in the same place; give what is stale."""
    original = write_project(folder / "original")
    project, warm = folder / "project", Store(folder / "warm")
    known = changes(original)
    found: dict[str, Any] = {}
    shutil.copytree(original, project)
    first = outcome(project, warm)
    assert isinstance(first, dict), first
    for name in names:
        shutil.rmtree(project)
        shutil.copytree(original, project)
        known[name](project)
        one, two = outcome(project, warm), outcome(project, Store(folder / "empty"))
        shutil.rmtree(folder / "empty", ignore_errors=True)
        if one != two:
            parts = isinstance(one, dict) and isinstance(two, dict)
            found[name] = [k for k in one if one[k] != two.get(k)] if parts else (one, two)
    shutil.rmtree(project)
    shutil.copytree(original, project)
    assert outcome(project, warm) == first
    return found


def all_changes(folder: Path) -> list[str]:
    return list(changes(write_project(folder / "listed")))


def test_a_change_leaves_nothing_stale(tmp_path: Path) -> None:
    assert {*QUICK} <= {*all_changes(tmp_path)}
    assert stale(tmp_path, QUICK) == {}


@pytest.mark.slow
def test_no_change_leaves_anything_stale(tmp_path: Path) -> None:
    names = all_changes(tmp_path)
    random.Random(12).shuffle(names)
    assert stale(tmp_path, names) == {}
