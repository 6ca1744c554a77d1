"""Write the inputs that are right: one small file of each format, and texts of each language.

    python -m tests.fuzz.seeds

Files in the corpus whose names begin with `seed` come from here; the others were found.
"""

from __future__ import annotations

import io
import json
import shutil
import struct
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import h5py
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import rasterio
import shapely
import xlwt
from affine import Affine
from scipy.io import netcdf_file

from .harness import CORPUS
from .languages import STARTER

ROWS = [["a", "b", "c"], ["001", "Ash", 1.5], ["002", "Birch", -2], ["003", "Cedar", None]]
TEXT = "\n".join(",".join("" if cell is None else str(cell) for cell in row) for row in ROWS) + "\n"
ODS = (
    '<?xml version="1.0"?><office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x">'
    '<table:table table:name="s"><table:table-row><table:table-cell office:value-type="string">'
    "<text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell>"
    '</table:table-row><table:table-row><table:table-cell office:value-type="float" '
    'office:value="1.5"><text:p>1.5</text:p></table:table-cell><table:table-cell '
    'office:value-type="date" office:date-value="2020-01-01"><text:p>x</text:p></table:table-cell>'
    "</table:table-row></table:table></office:document-content>"
)


def main() -> None:
    """Write every seed anew."""
    with tempfile.TemporaryDirectory() as folder:
        for name, data in {**_texts(), **_tables(Path(folder)), **_gis(Path(folder))}.items():
            path = CORPUS / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def _texts() -> dict[str, bytes]:
    settings = (STARTER / "atlas.toml").read_bytes()
    index = (STARTER / "index.toml").read_bytes()
    table = b"unit_id,population,output,light_density\n" + b"".join(
        f"{i:03},{100 + 7 * i % 31},{i * i},{i / 3}\n".encode() for i in range(9)
    )
    nodes = b"".join(b'[[nodes]]\ncode = "%s"\ntitle = "T"\n' % code for code in (b"a", b"b"))
    by_year = (
        b'id = "i"\ntitle = "I"\n[data]\nyear = "year"\n[normalise]\nmethod = "z_score"\n'
        b'[tiers]\nmethod = "by_rank"\nlast_ranks = [2]\n[aggregate]\nmethod = "arithmetic"\n'
        + nodes
    )
    panel = b"unit_id,year,a,b\n" + b"".join(
        f"{i},{year},{i + year % 7},{i * 2}\n".encode() for i in range(4) for year in (2020, 2021)
    )
    zonal = b"unit_id,year,month,mean,sum\n" + b"".join(
        f"{i},{2015 + y},{1 + y % 12},{y},{y + i}\n".encode() for i in range(3) for y in range(6)
    )
    return {
        "csv/seed.csv": b"\0" + TEXT.encode(),
        "csv/seed-semicolons.csv": b"\5a;b;c\n1;x;1.234,5\n2;y;-3,5\n",
        "csv/seed-notes.csv": b"\6Population\na,b,c\n1,x,3\n2,y,4\nSource: the Bureau\n",
        "csv/seed-gb18030.csv": b"\1" + "a,b,c\n1,北京,3\n2,上海,4\n".encode("gb18030"),
        "tsv/seed.tsv": b"\0" + TEXT.replace(",", "\t").encode(),
        "where/seed": b"name == 'a' or size >= 2 and not (name in ['a', \"b\"])",
        "where/seed-parts": b"`name` starts 'a' and size is not missing or name contains 'b'",
        "question/seed": b"population > 100 and province == 'Westmark'\n-population\nunit,output",
        "question/seed-near": b"ranked\nrank\n\nBirch\nprovince\n\nriver",
        "question/seed-level": b"\n-output\n\n\n\nprovince",
        "within/seed": b"POLYGON((10 49, 12 49, 12 51, 10 49))",
        "within/seed-json": b'{"type":"Polygon","coordinates":[[[10,49],[12,49],[12,51],[10,49]]]}',
        "sql/seed": b"SELECT province, count(*) AS n FROM units GROUP BY province",
        "sql/seed-with": b"WITH a AS (SELECT unit_id FROM rankings WHERE rank < 3) "
        b"SELECT u.unit, ST_Area(u.geometry) FROM units u JOIN a ON a.unit_id = u.unit_id "
        b"ORDER BY 2 DESC LIMIT 5",
        "settings/seed.toml": settings,
        "upgrade/seed.toml": settings,
        "override/seed": b'id=other\ntitle=New\npopulation="output"',
        "index/seed": index + b"\0" + table,
        "index/seed-years": by_year + b"\0" + panel,
        "numbers/seed": "12.5\n1,205\n-3e5\n1.234,5\n12 b\n…\n12.3%\n１２".encode(),
        "numerals/seed": b"".join(
            struct.pack("<dBb", value, 2, -1) for value in (12345.678, 0.00123, -2.5, 1e15)
        ),
        "calendars/seed": b"days since 2000-01-01 12:00:00\nnoleap\n0\n365.5\n-1",
        "calendars/seed-months": b"months since 1960-01-01\n360_day\n0.5\n700",
        "cell_formats/seed": struct.pack("<d", 1001.0) + b'"A"000-00;[Red]-0',
        "cell_formats/seed-date": struct.pack("<d", 43831.5) + b"yyyy-mm-dd",
        "names_of_files/seed": b"lights/viirs_{year}{month}.tif",
        "names_of_files/seed-variable": b'NETCDF:"a.nc":rain',
        "series_of_a_table/seed.csv": zonal,
        "marks/seed.json": json.dumps({"checks": [], "joins": [], "omissions": []}).encode(),
        "packed/seed": bytes(range(0, 250, 7)),
        "tables_zip/seed": b"",
        "tables_part/seed": b"\0\0\0\0\0",
        "ods_part/seed.xml": b"\0" + ODS.encode(),
    }


def _tables(folder: Path) -> dict[str, bytes]:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.active["D1"], book.active["D2"], book.active["D3"] = "d", 43831, "=1+1"
    book.active["D2"].number_format = "yyyy-mm-dd"
    book.active.merge_cells("A6:B6")
    out = io.BytesIO()
    book.save(out)
    xlsx = out.getvalue()
    with zipfile.ZipFile(out) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        styles = archive.read("xl/styles.xml")
        relations = archive.read("xl/_rels/workbook.xml.rels")
    old = xlwt.Workbook()
    table = old.add_sheet("s")
    for i, row in enumerate(ROWS):
        for j, cell in enumerate(row):
            table.write(i, j, cell)
    old.save(folder / "a.xls")
    pd.DataFrame(ROWS[1:], columns=ROWS[0]).to_parquet(folder / "a.parquet")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("content.xml", ODS)
    return {
        "xlsx/seed.xlsx": b"\0" + xlsx,
        "xlsx_part/seed-sheet.xml": b"\0\0" + sheet,
        "xlsx_part/seed-styles.xml": b"\0\2" + styles,
        "xlsx_part/seed-relations.xml": b"\0\4" + relations,
        "xls/seed.xls": b"\0" + (folder / "a.xls").read_bytes(),
        "ods/seed.ods": b"\0" + content.getvalue(),
        "parquet/seed.parquet": b"\0" + (folder / "a.parquet").read_bytes(),
    }


def _gis(folder: Path) -> dict[str, bytes]:
    squares = gpd.GeoDataFrame(
        {"code": ["01", "02"], "name": ["Ash", "Birch"], "size": [1.5, 2.0]},
        geometry=[shapely.box(10, 50, 11, 51), shapely.box(11, 50, 12, 51)],
        crs="EPSG:4326",
    )
    found: dict[str, bytes] = {}
    drivers = {
        "geojson": "GeoJSON", "kml": "KML", "gpkg": "GPKG", "fgb": "FlatGeobuf",
    }  # fmt: skip
    for name, driver in drivers.items():
        path = folder / f"a.{name}"
        pyogrio.write_dataframe(squares, path, driver=driver, layer="a")
        found[f"{name}/seed.{name}"] = path.read_bytes()
    squares.to_parquet(folder / "z.parquet")
    found["geoparquet/seed.parquet"] = (folder / "z.parquet").read_bytes()
    (folder / "shape").mkdir()
    squares.to_file(folder / "shape/a.shp", encoding="utf-8")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted((folder / "shape").iterdir()):
            archive.write(path, path.name)
    found["shapefile/seed.zip"] = packed.getvalue()
    found["dbf/seed.dbf"] = b"\0" + (folder / "shape/a.dbf").read_bytes()
    topology = {
        "type": "Topology",
        "transform": {"scale": [0.1, 0.1], "translate": [10, 50]},
        "arcs": [[[0, 0], [10, 0], [0, 10], [-10, 0], [0, -10]]],
        "objects": {
            "a": {
                "type": "GeometryCollection",
                "geometries": [{"type": "Polygon", "arcs": [[0]], "properties": {"name": "Ash"}}],
            }
        },
    }
    found["topojson/seed.topojson"] = json.dumps(topology).encode()
    with rasterio.open(
        folder / "a.tif", "w", driver="GTiff", width=8, height=6, count=2, dtype="float32",
        crs="EPSG:4326", transform=Affine(0.5, 0, 10, 0, -0.5, 52), nodata=-1,
    ) as raster:  # fmt: skip
        raster.write(np.arange(96, dtype="float32").reshape(2, 6, 8))
    found["tif/seed.tif"] = (folder / "a.tif").read_bytes()
    with netcdf_file(folder / "a.nc", "w") as file:
        for name, values in (("time", [0.0, 366.0]), ("lat", [50.5, 50.0]), ("lon", [10.0, 10.5])):
            file.createDimension(name, len(values))
            file.createVariable(name, "f8", (name,))[:] = values
        file.variables["time"].units = b"days since 2020-01-01"
        file.variables["time"].calendar = b"standard"
        file.createVariable("rain", "f4", ("time", "lat", "lon"))[:] = np.arange(8).reshape(2, 2, 2)
    found["netcdf/seed.nc"] = (folder / "a.nc").read_bytes()
    with h5py.File(folder / "a.h5", "w") as file:
        file.create_dataset("group/rain", data=np.arange(12, dtype="f4").reshape(3, 4))
    found["hdf5/seed.h5"] = (folder / "a.h5").read_bytes()
    shutil.rmtree(folder / "shape")
    return found


if __name__ == "__main__":
    main()
