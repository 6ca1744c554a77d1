"""A published atlas held against its own report: `publish.record` and `regional-atlas verify`."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

import regional_atlas as ra
from regional_atlas.core.errors import DataError, InputError
from regional_atlas.core.folders import mark_of
from regional_atlas.core.versions import versions
from regional_atlas.publish.record import verify


@pytest.fixture(scope="module")
def built(example: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("published") / "maps"
    example.save(out)
    return out


@pytest.fixture
def copy(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "copy"))


def report_of(folder: Path) -> Any:
    return json.loads((folder / "report.json").read_text("utf-8"))


SUM = '"sha256": ""'


def listed(name: str) -> str:
    return json.dumps(
        {"files": {each: {"bytes": 1, "sha256": ""} for each in ("index.html", name)}}
    )


def test_the_report_lists_every_other_file(built: Path) -> None:
    files = report_of(built)["files"]
    found = {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}
    assert {*files} == found - {"report.json"}
    for name, said in files.items():
        data = (built / name).read_bytes()
        assert said == {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def test_the_report_lists_every_input(built: Path, example: Any) -> None:
    inputs = report_of(built)["inputs"]
    assert [each["path"] for each in inputs] == sorted(each["path"] for each in inputs)
    named = {each["path"] for each in inputs}
    assert {"atlas.toml", "units.geojson", "indicators.csv", "index.toml"} <= named
    assert any(name.startswith("lights/") for name in named)
    for each in inputs:
        data = (example.project.root / each["path"]).read_bytes()
        assert (each["bytes"], each["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())


def test_the_report_names_every_library(built: Path) -> None:
    said = report_of(built)["versions"]
    assert said == versions()
    assert said["regional_atlas"] == ra.__version__
    for name in ("numpy", "pandas", "geopandas", "pyogrio", "rasterio", "numba", "folium"):
        assert said[name] == version(name)
    assert {"python", "GDAL", "GEOS", "PROJ"} <= {*said}
    assert "pytest" not in said


def test_a_build_is_as_it_was_written(built: Path, run: Any) -> None:
    found = verify(built)
    assert (found.files, found.others) == (len(report_of(built)["files"]), [])
    code, stdout, stderr = run("verify", built)
    assert (code, stderr) == (0, "")
    assert f"all {found.files} files are as regional_atlas {ra.__version__} wrote them" in stdout


def test_files_of_others_are_named(copy: Path, run: Any) -> None:
    (copy / "export").mkdir()
    for number in range(7):
        (copy / f"export/{number}.csv").write_text("x")
    code, _, stderr = run("verify", copy)
    assert code == 0
    assert "7 files there are not of the build: export/0.csv, " in stderr
    assert stderr.rstrip().endswith("export/4.csv, …")


def test_every_change_is_named_at_once(copy: Path, run: Any) -> None:
    page = copy / "index.html"
    data = bytearray(page.read_bytes())
    data[len(data) // 2] ^= 1
    page.write_bytes(data)
    (copy / "data/rankings.csv").unlink()
    with open(copy / "data/indicators.csv", "a") as file:
        file.write("\n")
    code, stdout, stderr = run("verify", copy)
    assert (code, stdout) == (1, "")
    assert "3 problems" in stderr
    assert "index.html was changed after the build" in stderr
    assert "data/rankings.csv is missing" in stderr
    assert "data/indicators.csv has " in stderr


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "lists no checksums"),
        ("[]", "lists no checksums"),
        ("[" * 100_000, "lists no checksums"),
        ('{"files": {"index.html": 3}}', "lists no checksums"),
        ('{"files": {"index.html": {"bytes": "x", "sha256": ""}}}', "lists no checksums"),
        ('{"checks": [], "joins": [], "omissions": []}', "lists no checksums"),
        ('{"files": {}}', "lists no checksums"),
        (f'{{"files": {{"index.html": {{"bytes": 1e999, {SUM}}}}}}}', "lists no checksums"),
        (f'{{"files": {{"index.html": {{"bytes": "12", {SUM}}}}}}}', "lists no checksums"),
        (f'{{"files": {{"index.html": {{"bytes": true, {SUM}}}}}}}', "lists no checksums"),
        (f'{{"files": {{"index.html": {{"bytes": 1}}, "x": {{{SUM}}}}}}}', "lists no checksums"),
        (listed("../outside"), "is no path in the folder"),
        (listed("/etc/passwd"), "is no path in the folder"),
        (listed("data"), "data is missing"),
    ],
)
def test_a_report_that_says_nonsense(copy: Path, text: str, said: str) -> None:
    (copy / "report.json").write_text(text)
    with pytest.raises(DataError, match=said):
        verify(copy)


def test_what_is_no_build(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no built folder: it has no report\.json"):
        verify(tmp_path)
    with pytest.raises(InputError, match="no built folder"):
        verify(tmp_path / "absent")


def test_a_build_that_was_stopped_while_it_moved_is_refused(copy: Path, run: Any) -> None:
    mark_of(copy, "build").touch()
    for command in (["verify", copy], ["query", copy], ["sql", copy, "SELECT 1"]):
        code, _, stderr = run(*command)
        assert code == 1
        assert "a build was stopped while it wrote this folder" in stderr


def test_a_build_replaced_since_it_was_opened_is_refused(copy: Path, example: Any) -> None:
    atlas = ra.open_atlas(copy)
    assert len(atlas.units)
    example.save(copy)
    with pytest.raises(DataError, match="was built again after it was opened; open it again"):
        _ = atlas.indicators
    assert len(ra.open_atlas(copy).indicators)


def test_tables_that_are_no_longer_made_go(example: Any, copy: Path) -> None:
    (copy / "data/inequality.csv").write_text("of an earlier setting")
    (copy / "notes.txt").write_text("mine")
    example.save(copy)
    assert not (copy / "data/inequality.csv").exists()
    assert (copy / "notes.txt").read_text() == "mine"
    assert verify(copy).others == ["notes.txt"]


def test_a_report_that_is_no_file(copy: Path) -> None:
    (copy / "report.json").unlink()
    os.mkfifo(copy / "report.json")
    with pytest.raises(InputError, match="no built folder"):
        verify(copy)
    (copy / "report.json").unlink()
    with open(copy / "report.json", "wb") as file:
        file.truncate(3 * 2**30)
    with pytest.raises(DataError, match="lists no checksums"):
        verify(copy)


def test_links_and_pipes_in_the_folder_are_named(copy: Path) -> None:
    (copy / "nowhere").symlink_to("gone")
    (copy / "etc").symlink_to("/etc")
    os.mkfifo(copy / "pipe")
    assert verify(copy).others == ["etc", "nowhere", "pipe"]
