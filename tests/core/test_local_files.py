"""Names of files: those that leave this machine, and the sources of virtual files."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import rasterio

import regional_atlas as ra
from regional_atlas.config.project import read_project
from regional_atlas.core.errors import ConfigError, DataError, InputError
from regional_atlas.core.formats import FORMATS, GDAL_OPTIONS, SKIPPED_DRIVERS, recognised
from regional_atlas.core.local_files import NoFileError, foreign_sources, local_file, sources_of
from regional_atlas.sources.rasters import open_raster
from regional_atlas.sources.vectors import read_vector

SOURCE = Path(ra.__file__).parent
STARTER = SOURCE / "starter"

OGR = '<OGRVRTDataSource><OGRVRTLayer name="units">{}</OGRVRTLayer></OGRVRTDataSource>'
BAND = (
    '<VRTDataset rasterXSize="100" rasterYSize="80"><SRS>EPSG:4326</SRS>'
    "<GeoTransform>10, 0.02, 0, 50, 0, -0.02</GeoTransform>"
    '<VRTRasterBand dataType="Float32" band="1">{}</VRTRasterBand></VRTDataset>'
)


@pytest.mark.parametrize(
    "name",
    [
        "https://example.org/a.tif", "HTTP://example.org/a.tif", "ftp://example.org/a",
        "s3://bucket/a.tif", "zip+https://example.org/a.zip!b.tif", "gs://a/b", "az://a/b",
        "/vsicurl/https://example.org/a.tif", "/vsicurl?url=https%3A%2F%2Fexample.org",
        "/VSICURL/https://example.org/a", "/vsis3/b/a", "/vsigs/b/a", "/vsiaz/b/a", "/vsiadls/b/a",
        "/vsioss/b/a", "/vsiswift/b/a", "/vsihdfs/a", "/vsiwebhdfs/a", "/vsicurl_streaming/a",
        "/vsistdin/", "/vsizip//vsicurl/https://example.org/a.zip/b.tif",
        "/vsizip/{/vsicurl/https://example.org/a.zip}/b.tif",
        "/vsigzip//vsizip//vsis3/b/a.zip/b.tif", "/vsisubfile/0_9,/etc/hosts", "/vsicrypt/a",
        "/vsisparse/a.xml", "/vsizip//vsimem/a.zip",
        "NETCDF:https://example.org/a.nc:v", 'NETCDF:"/vsicurl/https://example.org/a.nc":v',
        'HDF5:"/vsis3/a.h5"://v', "GTIFF_DIR:1:/vsicurl/https://example.org/a.tif",
        "PG:dbname=x", "PG:host=example.org", "MySQL:x", "WFS:https://example.org", "WMS:x",
        "OAPIF:https://example.org", "vrt://a.tif?bands=1", "DERIVED_SUBDATASET:AMPLITUDE:a.tif",
        "MEM:::DATAPOINTER=1", "ZARR:a", "OGR_VRT:a", "<VRTDataset></VRTDataset>",
        " <GDAL_WMS></GDAL_WMS>", '{"type": "gdal_streamed_alg"}', "a\0.tif",
    ],
)  # fmt: skip
def test_names_that_are_no_file(name: str) -> None:
    with pytest.raises(NoFileError):
        local_file(name)


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("a.tif", "a.tif"), ("../a.tif", "../a.tif"), ("C:/a.tif", "C:/a.tif"),
        ("NETCDF:a.nc:rain", "a.nc"), ('NETCDF:"a b.nc":rain', "a b.nc"), ("NETCDF:a.nc", "a.nc"),
        ('HDF5:"a/b.h5"://group/rain', "a/b.h5"), ("GTIFF_DIR:2:a.tif", "a.tif"),
        ("/vsizip/a.zip/b.tif", "a.zip/b.tif"), ("zip://a.zip!b.tif", "a.zip"),
        ("/vsigzip//data/a.tif.gz", "/data/a.tif.gz"), ("file:///data/a.tif", "/data/a.tif"),
    ],
)  # fmt: skip
def test_the_file_behind_a_name(name: str, file: str) -> None:
    assert local_file(name) == Path(file)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder beside files that are none of its own."""
    outside = tmp_path / "outside"
    shutil.copytree(STARTER, outside)
    folder = tmp_path / "project"
    shutil.copytree(STARTER, folder)
    return folder


def problems(folder: Path, old: str, new: str, *, allow_outside: bool = False) -> str:
    file = folder / "atlas.toml"
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")
    try:
        read_project(folder, allow_outside=allow_outside)
    except ConfigError as error:
        return "\n".join(error.problems)
    return ""


LEAVES = "leaves the project folder"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("<SrcDataSource>{outside}/units.geojson</SrcDataSource>", LEAVES),
        ("<srcdatasource>{outside}/units.geojson</srcdatasource>", LEAVES),
        ("<SrcDataSource><![CDATA[{outside}/units.geojson]]></SrcDataSource>", LEAVES),
        ("<SrcDataSource>&#47;{outside}/units.geojson</SrcDataSource>", LEAVES),
        ('<SrcDataSource relativeToVRT="1">../outside/units.geojson</SrcDataSource>', LEAVES),
        ('<SrcDataSource relativeToVRT="1">link<!-- -->.no</SrcDataSource>', LEAVES),
        ('<SrcDataSource relativeToVRT="1">link<x/>.no</SrcDataSource>', LEAVES),
        ('<SrcDataSource relativeToVRT="1">nested.json</SrcDataSource>', LEAVES),
        ('<SrcDataSource relativeToVRT="0">units.geojson</SrcDataSource>', LEAVES),
        ('<SrcDataSource relativeToVRT="1">.</SrcDataSource>', "is a folder"),
        ('<SrcDataSource relativeToVRT="2">units.geojson</SrcDataSource>', "neither 0 nor 1"),
        ("<SrcDataSource>/vsicurl/https://example.org/x</SrcDataSource>", "is not a file on"),
        ("<SrcDataSource>PG:dbname=x</SrcDataSource>", "is not a file on this computer"),
        ("<SrcDataSource>x.gml</SrcDataSource><SrcSQL>SELECT 1</SrcSQL>", "SQL (SrcSQL)"),
        ("<OpenOptions><OOI key='PRELUDE_STATEMENTS'>x</OOI></OpenOptions>", "options (OpenOp"),
        ("<Metadata><MDI key='X_DATASET'>{outside}/units.geojson</MDI></Metadata>", LEAVES),
        ("<Other>/vsis3/bucket/x</Other>", "is not a file on this computer"),
        ('<SrcDataSource relativeToVRT="1">page.html</SrcDataSource>', "no format that is read"),
        ("<SrcDataSource>/vsizip/{project}/z.zip/v.vrt</SrcDataSource>", "virtual file in an arch"),
        ("<SrcDataSource>/vsizip//vsizip/{project}/z.zip/a.zip/v.csv</SrcDataSource>", "unpack it"),
    ],
)
def test_sources_of_virtual_files(project: Path, source: str, said: str) -> None:
    outside = project.parent / "outside"
    (project / "link").symlink_to(outside / "units.geojson")
    (project / "page.html").write_text("<html></html>")
    nested = OGR.format(f"<SrcDataSource>{outside}/units.geojson</SrcDataSource>")
    (project / "nested.json").write_text(nested)
    with zipfile.ZipFile(project / "z.zip", "w") as archive:
        archive.writestr("v.vrt", nested)
    body = source.replace("{outside}", str(outside)).replace("{project}", str(project))
    (project / "u.vrt").write_text(OGR.format(body))
    found = problems(project, '"units.geojson"', '"u.vrt"')
    assert "boundaries.file: 'u.vrt'" in found
    assert said in found


def test_a_virtual_file_with_entities_of_its_own(project: Path) -> None:
    text = '<!DOCTYPE a [<!ENTITY b "../x">]>' + OGR.format("<SrcDataSource>&b;</SrcDataSource>")
    (project / "u.vrt").write_text(text)
    assert "a document type of its own" in problems(project, '"units.geojson"', '"u.vrt"')


def test_virtual_files_in_a_circle(tmp_path: Path) -> None:
    for one, other in ("ab", "ba"):
        source = f'<SrcDataSource relativeToVRT="1">{other}.vrt</SrcDataSource>'
        (tmp_path / f"{one}.vrt").write_text(OGR.format(source))
    assert list(foreign_sources(tmp_path / "a.vrt", tmp_path)) == []
    with pytest.raises(DataError, match="cannot be read as boundaries"):
        read_vector(tmp_path / "a.vrt")


def test_links_lead_out_and_hard_links_do_not(project: Path) -> None:
    outside = project.parent / "outside"
    (project / "folder").symlink_to(outside)
    assert LEAVES in problems(project, '"units.geojson"', '"folder/units.geojson"')
    (project / "hard.geojson").hardlink_to(outside / "units.geojson")
    assert problems(project, '"folder/units.geojson"', '"hard.geojson"') == ""
    (project / "inside.geojson").symlink_to(project / "units.geojson")
    assert problems(project, '"hard.geojson"', '"inside.geojson"') == ""


def test_every_dated_file_is_looked_at(project: Path) -> None:
    outside, lights = project.parent / "outside/lights", project / "lights"
    (lights / "lights_2020.tif").unlink()
    (lights / "lights_2020.tif").symlink_to(outside / "lights_2020.tif")
    found = problems(project, "lights_", "lights_")
    assert f"nightlights.files: 'lights/lights_2020.tif' {LEAVES}" in found
    (lights / "lights_2020.tif").unlink()
    source = f"<SimpleSource><SourceFilename>{outside}/lights_2020.tif</SourceFilename>"
    (lights / "lights_2020.tif").write_text(BAND.format(f"{source}</SimpleSource>"))
    found = problems(project, "lights_", "lights_")
    assert f"'lights/lights_2020.tif' reads '{outside}/lights_2020.tif', which {LEAVES}" in found


def test_side_files_are_not_links_to_the_outside(project: Path) -> None:
    other = project.parent / "outside/regions.csv"
    (project / "lights/lights_2020.TIF.aux.xml").symlink_to(other)
    found = problems(project, "lights_", "lights_")
    assert "is read with 'lights_2020.TIF.aux.xml', a link which leaves" in found


@pytest.mark.parametrize("name", ["../outside/units.geojson", "link.geojson", "u.vrt"])
def test_allow_outside(project: Path, name: str) -> None:
    outside = project.parent / "outside/units.geojson"
    (project / "link.geojson").symlink_to(outside)
    (project / "u.vrt").write_text(OGR.format(f"<SrcDataSource>{outside}</SrcDataSource>"))
    assert LEAVES in problems(project, '"units.geojson"', f'"{name}"')
    assert problems(project, f'"{name}"', f'"{name}"', allow_outside=True) == ""
    assert len(ra.read_units(read_project(project, allow_outside=True))) == 12


def test_allow_outside_does_not_allow_the_network(project: Path) -> None:
    source = "<SrcDataSource>/vsicurl/https://example.org/x</SrcDataSource>"
    (project / "u.vrt").write_text(OGR.format(source))
    found = problems(project, '"units.geojson"', '"u.vrt"', allow_outside=True)
    assert "is not a file on this computer" in found


def test_the_commands_take_the_option(run: Any, project: Path) -> None:
    problems(project, '"units.geojson"', '"../outside/units.geojson"')
    code, _, err = run("check", project)
    assert (code, LEAVES in err, "--allow-outside" in err) == (1, True, True)
    assert run("check", project, "--allow-outside")[0] == 0


class _Counting(BaseHTTPRequestHandler):
    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_error(404)

    def do_HEAD(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[tuple[str, list[str]]]:
    """A host on this machine, and what it was asked for."""
    _Counting.asked.clear()
    host = HTTPServer(("127.0.0.1", 0), _Counting)
    thread = threading.Thread(target=host.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{host.server_port}", _Counting.asked
    host.shutdown()
    host.server_close()


def test_the_host_would_count(server: tuple[str, list[str]]) -> None:
    """Without the checks and options GDAL asks the host: the next tests can fail."""
    url, asked = server
    unset = {"http_proxy", "HTTP_PROXY", "GDAL_SKIP", *GDAL_OPTIONS}
    program = f"import rasterio; rasterio.open('/vsicurl/{url}/a.tif')"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={name: value for name, value in os.environ.items() if name not in unset},
        capture_output=True,
    )
    assert (done.returncode, asked[0]) == (1, "/a.tif")


def test_gdal_itself_asks_nobody(server: tuple[str, list[str]]) -> None:
    """The options hold where a name has passed every check."""
    url, asked = server
    for name in (f"/vsicurl/{url}/a.tif", f"{url}/a.tif", f"/vsicurl_streaming/{url}/a.tif"):
        with pytest.raises(rasterio.errors.RasterioError), rasterio.Env(**GDAL_OPTIONS):
            rasterio.open(name)
    assert asked == []


def test_nothing_is_asked_for(server: tuple[str, list[str]], tmp_path: Path) -> None:
    url, asked = server
    documents = {
        "a.vrt": OGR.format(f"<SrcDataSource>/vsicurl/{url}/a.geojson</SrcDataSource>"),
        "b.vrt": BAND.format(f"<SourceFilename>/vsicurl/{url}/a.tif</SourceFilename>"),
        "c.xml": f"<GDAL_WMS><Service name='TMS'><ServerUrl>{url}/${{z}}</ServerUrl></Service>"
                 "</GDAL_WMS>",
        "d.xml": f"<OGRWFSDataSource><URL>{url}/</URL></OGRWFSDataSource>",
        "e.gml": "<gml:FeatureCollection xmlns:gml='http://www.opengis.net/gml' xmlns:xsi='http:"
                 "//www.w3.org/2001/XMLSchema-instance' "
                 f"xsi:schemaLocation='a {url}/a.xsd'></gml:FeatureCollection>",
        "f.json": '{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read '
                  f'{url}/a.json"}}',
        "g.json": f'{{"type": "FeatureCollection", "links": [{{"href": "{url}"}}], "stac_version": '
                  f'"1", "features": []}}',
        "h.kml": f"<kml xmlns='http://www.opengis.net/kml/2.2'><Document><NetworkLink><Link><href>"
                 f"{url}/a.kml</href></Link></NetworkLink></Document></kml>",
    }  # fmt: skip
    names = [f"{url}/a.tif", f"/vsicurl/{url}/a.tif", f"WFS:{url}/", f"NETCDF:{url}/a.nc:v"]
    for name, text in documents.items():
        (tmp_path / name).write_text(text)
        names.append(str(tmp_path / name))
    for name in names:
        with pytest.raises(InputError):
            open_raster(name)
        if not name.endswith(("g.json", "h.kml")):
            with pytest.raises(InputError):
                read_vector(Path(name))
    for name in ("g.json", "h.kml"):
        with suppress(InputError):
            read_vector(tmp_path / name)
    assert asked == []


def test_the_skipped_drivers_are_none_of_the_formats() -> None:
    named = [driver for each in FORMATS for driver in each.drivers]
    assert not {*named} & {*SKIPPED_DRIVERS}


@pytest.mark.parametrize("path", [*STARTER.rglob("*")], ids=lambda path: path.name)
def test_the_starter_s_files_are_recognised(path: Path) -> None:
    if path.is_dir() or path.suffix == ".toml":
        return
    found = recognised(path)
    assert len(found) == 1
    assert path.suffix in found[0].endings
    assert sources_of(path) == []


FORBIDDEN = {"pickle", "cPickle", "dill", "cloudpickle", "marshal", "shelve", "joblib", "yaml"}
RUNS = {"eval", "exec", "compile", "__import__"}


def executable(text: str) -> list[str]:
    """List what runs data as code in a module."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names]
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [name for name in names if name.partition(".")[0] in FORBIDDEN]
        elif isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else ""
            method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            given = {key.arg: ast.unparse(key.value) for key in node.keywords}
            found += [name] if name in RUNS else []
            found += [method] if method in {"eval", "read_pickle", "to_pickle", "system"} else []
            found += ["shell"] if given.get("shell") not in (None, "False") else []
            found += ["pickle"] if given.get("allow_pickle") not in (None, "False") else []
            loads = method == "load" and ast.unparse(node.func).startswith(("np.", "numpy."))
            found += ["np.load"] if loads and given.get("allow_pickle") != "False" else []
    return found


def test_nothing_in_the_package_runs_data() -> None:
    found = {
        str(path.relative_to(SOURCE)): runs
        for path in SOURCE.rglob("*.py")
        if (runs := executable(path.read_text("utf-8")))
    }
    assert found == {}
    page = list((SOURCE / "page/web/src").rglob("*.ts*"))
    assert page
    assert not [path for path in page if re.search(r"\beval\(|new Function\(", path.read_text())]


@pytest.mark.parametrize(
    "text",
    ["import pickle", "from pickle import loads", "eval('1')", "frame.eval('a')",
     "np.load(x)", "np.load(x, allow_pickle=True)", "run('ls', shell=True)", "import yaml"],
)  # fmt: skip
def test_what_runs_data_would_be_found(text: str) -> None:
    assert executable(text)


def test_a_file_that_cannot_be_read_is_named(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from regional_atlas.core import model

    def denied(path: Path) -> str | None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(model, "too_large", denied)
    found = problems(project, '"units.geojson"', '"units.geojson"')
    assert "boundaries.file: 'units.geojson' cannot be read: Permission denied" in found
