import hashlib
import json
import os

import geopandas as gpd
import pandas as pd
import pytest

from regional_atlas.core.errors import InputError
from regional_atlas.export import FORMATS, _ogr, export


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_format_stands_in_the_folder_with_its_description(
    tables, project, topology, tmp_path
):
    out = tmp_path / "new" / "folder"
    written = export(tables, project, list(FORMATS), out, topology=topology)
    assert [path.name for path in written] == [
        *["units.csv", "units.fgb", "units.geojson", "units.parquet", "units.gpkg", "units.kml"],
        *["units.shp", "units.shx", "units.dbf", "units.prj", "units.cpg", "units_fields.csv"],
        *["units.topojson", "units.xlsx"],
        *["codebook.csv", "datapackage.json"],
    ]
    assert sorted(os.listdir(out)) == sorted(path.name for path in written)
    for name in ("units.gpkg", "units.fgb", "units.geojson", "units.kml", "units.topojson"):
        assert len(gpd.read_file(out / name, layer="units")) == 9
    book = pd.read_csv(out / "codebook.csv")
    assert set(gpd.read_parquet(out / "units.parquet").reset_index().columns) - {"geometry"} == set(
        book["column"]
    )


def test_the_same_input_gives_the_same_bytes(tables, project, topology, tmp_path):
    export(tables, project, list(FORMATS), tmp_path / "a", topology=topology)
    export(tables, project, list(FORMATS)[::-1], tmp_path / "b", topology=topology)
    a, b = files(tmp_path / "a"), files(tmp_path / "b")
    order = {"datapackage.json"}
    assert [name for name in a if a[name] != b[name] and name not in order] == []
    export(tables, project, list(FORMATS), tmp_path / "b", topology=topology)
    assert files(tmp_path / "b") == a


def test_datapackage_says_source_vintage_crs_licence_and_columns(tables, project, tmp_path):
    export(tables, project, ["csv", "gpkg"], tmp_path / "out")
    package = json.loads((tmp_path / "out/datapackage.json").read_text(encoding="utf-8"))
    assert (package["name"], package["vintage"]) == ("nine-squares", "2022")
    assert package["crs"] == "EPSG:4326"
    assert package["licenses"] == [{"name": "CC0-1.0", "title": "CC0-1.0"}]
    assert {"title": "The invented report, 2022", "path": "https://example.org/report"} in package[
        "sources"
    ]
    resources = {resource["path"]: resource for resource in package["resources"]}
    assert list(resources) == ["units.csv", "units.gpkg", "codebook.csv"]
    for name, resource in resources.items():
        content = (tmp_path / "out" / name).read_bytes()
        assert resource["bytes"] == len(content)
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    schema = resources["units.csv"]["schema"]
    types = {field["name"]: field["type"] for field in schema["fields"]}
    assert (types["unit_id"], types["vitality_rank"], types["light_sum"]) == (
        *("string", "integer", "number"),
    )
    header = (tmp_path / "out/units.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert header.split(",") == list(types)
    assert schema["primaryKey"] == "unit_id"


def test_columns_of_a_shapefile_are_described_by_its_own_list(tables, project, tmp_path):
    export(tables, project, ["shp"], tmp_path / "out")
    package = json.loads((tmp_path / "out/datapackage.json").read_text(encoding="utf-8"))
    assert "units_fields.csv" in {resource["path"] for resource in package["resources"]}
    assert not [resource for resource in package["resources"] if "schema" in resource]


def test_wrong_formats_are_named_with_what_is_allowed(tables, project, tmp_path):
    with pytest.raises(InputError) as error:
        export(tables, project, ["dwg", "csv", "GPKG"], tmp_path / "out")
    assert error.value.problems == [
        f"unknown format 'dwg'; allowed: {', '.join(FORMATS)}",
        f"unknown format 'GPKG'; allowed: {', '.join(FORMATS)}",
    ]
    with pytest.raises(InputError, match="'topojson' needs a topology"):
        export(tables, project, ["topojson"], tmp_path / "out")
    with pytest.raises(InputError, match="no format is given"):
        export(tables, project, [], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_formats_may_have_spaces_and_repeat(tables, project, tmp_path):
    written = export(tables, project, ["csv", " csv "], tmp_path / "out")
    assert [path.name for path in written] == ["units.csv", "codebook.csv", "datapackage.json"]


@pytest.mark.parametrize("name", ["gpkg", "fgb", "geojson", "shp", "kml"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(
    name, tables, project, tmp_path, monkeypatch
):
    out = tmp_path / "out"
    export(tables, project, [name], out)
    before = files(out)
    write = _ogr.pyogrio.write_dataframe

    def breaks_midway(frame, path, **options):
        write(frame.head(3), path, **options)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(_ogr.pyogrio, "write_dataframe", breaks_midway)
    with pytest.raises(InputError, match="No space left"):
        export(tables, project, [name], out)
    assert files(out) == before


@pytest.mark.parametrize("name", ["geoparquet", "xlsx", "csv"])
def test_a_failed_table_leaves_nothing(name, tables, project, tmp_path, monkeypatch):
    def breaks(*_args, **_options):
        raise RuntimeError("midway")

    monkeypatch.setattr("geopandas.GeoDataFrame.to_parquet", breaks)
    monkeypatch.setattr("pandas.DataFrame.to_csv", breaks)
    monkeypatch.setattr("regional_atlas.export.formats.xlsx._fix_moments", breaks)
    with pytest.raises(RuntimeError, match="midway"):
        export(tables, project, [name], tmp_path / "out")
    assert not (tmp_path / "out").exists() or os.listdir(tmp_path / "out") == []


def test_progress_counts_the_formats(tables, project, tmp_path):
    steps = []
    export(
        tables, project, ["csv", "fgb"], tmp_path / "out", progress=lambda *step: steps.append(step)
    )
    assert steps == [("export csv", 0, 2), ("export fgb", 1, 2), ("export", 2, 2)]
