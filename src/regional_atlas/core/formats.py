"""The formats that are read: the one list of them, and how the file of each is recognised."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

__all__ = [
    "FORMATS",
    "GDAL_OPTIONS",
    "RASTER_DRIVERS",
    "SKIPPED_DRIVERS",
    "FileFormat",
    "Holds",
    "format_of_head",
    "head_of",
    "names_of",
    "recognised",
]

Holds = Literal["tables", "polygons", "rasters"]
"""What a file can be read as; polygons are lines too."""


@dataclass(frozen=True)
class FileFormat:
    """A format that is read.

    Attributes
    ----------
    title : str
        What a reader calls it.
    endings : tuple of str
        Of its files, for the reference; files are recognised by content where they can be.
    holds : tuple of str
        What they are read as.
    begins : tuple of bytes
        How such files begin, after blanks and a byte order mark where the format is text.
    mentions : bytes
        What the beginning of a text must hold, in small letters.
    drivers : tuple of str
        Of GDAL; none where the package reads it itself.
    is_virtual : bool
        Whether it names other files to read.
    """

    title: str
    endings: tuple[str, ...]
    holds: tuple[Holds, ...]
    begins: tuple[bytes, ...] = ()
    mentions: bytes = b""
    drivers: tuple[str, ...] = ()
    is_virtual: bool = False


_ZIP = b"PK\x03\x04"
_SQLITE, _GEOPACKAGE = b"SQLite format 3\0", (b"GPKG", b"GP10", b"GP11")
_HDF5 = b"\x89HDF\r\n\x1a\n"

FORMATS = (
    FileFormat("CSV, TSV", (".csv", ".tsv", ".tab"), ("tables", "polygons"), drivers=("CSV",)),
    FileFormat("XLSX", (".xlsx", ".xlsm"), ("tables",), (_ZIP,)),
    FileFormat("XLS", (".xls",), ("tables",), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)),
    FileFormat("ODS", (".ods",), ("tables",), (_ZIP,)),
    FileFormat("Parquet, GeoParquet", (".parquet", ".geoparquet"), ("tables", "polygons"),
               (b"PAR1",)),
    FileFormat("GeoPackage", (".gpkg",), ("tables", "polygons"), (_SQLITE,),
               drivers=("GPKG",)),
    FileFormat("Shapefile", (".shp", ".dbf"), ("tables", "polygons"), (b"\0\0\x27\x0a",),
               drivers=("ESRI Shapefile",)),
    FileFormat("FlatGeobuf", (".fgb",), ("tables", "polygons"), (b"fgb\x03fgb",),
               drivers=("FlatGeobuf",)),
    FileFormat("GeoJSON, TopoJSON", (".geojson", ".json", ".topojson"), ("tables", "polygons"),
               (b"{", b"\x1e{"), b'"type"',
               ("GeoJSON", "GeoJSONSeq", "TopoJSON")),
    FileFormat("KML", (".kml",), ("tables", "polygons"), (b"<",), b"<kml",
               ("LIBKML", "KML")),
    FileFormat("zipped KML, shapefile or file geodatabase", (".kmz", ".zip", ".shz"),
               ("tables", "polygons"), (_ZIP,), drivers=("LIBKML", "ESRI Shapefile",
                                                         "OpenFileGDB")),
    FileFormat("virtual vector file (VRT)", (".vrt",), ("tables", "polygons"), (b"<",),
               b"<ogrvrtdatasource", ("OGR_VRT",), is_virtual=True),
    FileFormat("GeoTIFF", (".tif", ".tiff"), ("rasters",),
               (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), drivers=("GTiff",)),
    FileFormat("NetCDF", (".nc", ".nc4"), ("rasters",),
               (b"CDF\x01", b"CDF\x02", b"CDF\x05", _HDF5), drivers=("netCDF",)),
    FileFormat("HDF5", (".h5", ".hdf5"), ("rasters",), (_HDF5,),
               drivers=("HDF5", "HDF5Image")),
    FileFormat("ESRI ASCII grid", (".asc",), ("rasters",),
               (b"ncols", b"nrows", b"xll", b"yll", b"cellsize", b"dx", b"dy"), b"nrows",
               ("AAIGrid",)),
    FileFormat("PNG", (".png",), ("rasters",), (b"\x89PNG\r\n\x1a\n",), drivers=("PNG",)),
    FileFormat("virtual raster (VRT)", (".vrt",), ("rasters",), (b"<",), b"<vrtdataset",
               ("VRT",), is_virtual=True),
)  # fmt: skip
"""The only list: what is opened, what messages and the reference name."""

RASTER_DRIVERS = tuple(
    driver for each in FORMATS if "rasters" in each.holds for driver in each.drivers
)
SKIPPED_DRIVERS = (
    "CSW", "ESRIC", "GDALG", "GNMDatabase", "GNMFile", "GTI", "HTTP", "KMLSUPEROVERLAY", "MRF",
    "OAPIF", "OGCAPI", "STACIT", "STACTA", "WCS", "WFS", "WMS", "WMTS", "Zarr",
)  # fmt: skip
"""Drivers of GDAL that take a file by its content and then read others or use the network. Those
that need a prefix (`PG:`, `MySQL:`) are refused by it."""
GDAL_OPTIONS = {
    "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".no-network",
    "GDAL_HTTP_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "OGR_SQLITE_STATIC_VIRTUAL_OGR": "NO",
}
"""What keeps GDAL from the network and from code in data, should a name pass every check."""

_HEAD = 2**18
_ALGORITHM = b"gdal_streamed_alg"
"""In JSON that has GDAL run an algorithm over other files."""


def head_of(file: BinaryIO) -> bytes:
    """Read as much of a file as tells its format."""
    return file.read(_HEAD)


def recognised(path: Path) -> list[FileFormat]:
    """Tell by content which formats a file may be of; none where it is of no format that is read.

    CSV, the table of a shapefile and early GeoPackages have no sign of their own: the ending tells.

    Examples
    --------
    >>> import shapely
    >>> recognised(Path(shapely.__file__))
    []
    """
    with path.open("rb") as file:
        head = head_of(file)
    found, suffix = format_of_head(head), path.suffix.lower()
    plain: tuple[str, ...] = (".dbf", *FORMATS[0].endings)
    if head.startswith(_SQLITE):
        plain = (".gpkg",)
    elif head.lstrip()[:1] in (b"{", b"<"):
        plain = (".dbf",)
    if not found and suffix in plain:
        return [each for each in FORMATS if suffix in each.endings]
    return found


def format_of_head(head: bytes) -> list[FileFormat]:
    r"""Tell by its first bytes which formats a file may be of.

    GDAL takes a file for a virtual one wherever its first text says so, whatever stands before.

    Examples
    --------
    >>> [each.title for each in format_of_head(b"II*\0")]
    ['GeoTIFF']
    >>> [each.title for each in format_of_head(b"{} <VRTDataset>")]
    ['virtual raster (VRT)']
    """
    small = head.lower()
    text = small.partition(b"\0")[0]
    virtual = [each for each in FORMATS if each.is_virtual and each.mentions in text]
    if virtual:
        return virtual
    if _ALGORITHM in head or (head.startswith(_SQLITE) and head[68:72] not in _GEOPACKAGE):
        return []
    text = text.removeprefix(b"\xef\xbb\xbf").lstrip()
    return [
        each
        for each in FORMATS
        if each.begins
        and not each.is_virtual
        and (text if each.mentions else head).startswith(each.begins)
        and each.mentions in text
    ]


def names_of(holds: Holds) -> str:
    """List the formats of tables, polygons or rasters, for a message.

    Examples
    --------
    >>> names_of("rasters")
    'GeoTIFF, NetCDF, HDF5, ESRI ASCII grid, PNG, virtual raster (VRT)'
    """
    return ", ".join(each.title for each in FORMATS if holds in each.holds)
