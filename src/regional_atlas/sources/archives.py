"""Archives of rasters: the registry of products, and the files that a request comes to."""

from __future__ import annotations

import posixpath
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import unquote, urlsplit

from regional_atlas.core.errors import InputError, raise_if

__all__ = ["Archive", "ArchiveFile", "archive_files", "read_archives"]

CHECKSUM = re.compile(r"md5:[0-9a-fA-F]{32}|sha256:[0-9a-fA-F]{64}")


@dataclass(frozen=True)
class Archive:
    """One product of one archive.

    Attributes
    ----------
    id : str
        What `--product` takes.
    title, publisher, grid, access, licence : str
        For people; the licence is empty where none could be found.
    folder : str
        Where a person finds the files; may hold ``{year}`` and ``{month}``.
    doi : str
        Of the data set or its paper; empty where there is none.
    base : str
        What the paths of `files` are appended to; empty where addresses cannot be known.
    token : str
        How a token is sent: ``bearer``, ``dataverse``, or empty where none is wanted.
    monthly : bool
        Whether a request names a month.
    files : dict
        Path below `base` and file name, by year.
    """

    id: str
    title: str
    publisher: str
    grid: str
    access: str
    folder: str
    licence: str = ""
    doi: str = ""
    base: str = ""
    token: str = ""
    monthly: bool = False
    files: dict[int, tuple[str, str]] | None = None


@dataclass(frozen=True)
class ArchiveFile:
    """One file to fetch: its name on disk, its address, its checksum (``sha256:…``) if known."""

    name: str
    url: str
    checksum: str | None = None


@cache
def read_archives() -> dict[str, Archive]:
    """Read the registry that comes with the package, by product.

    Examples
    --------
    >>> read_archives()["longntl"].doi
    '10.7910/DVN/YGIVCD'
    """
    text = (files("regional_atlas.sources") / "archives.toml").read_text(encoding="utf-8")
    return {
        name: Archive(id=name, files=_by_year(entry.pop("files", {})), **entry)
        for name, entry in tomllib.loads(text).items()
    }


def _by_year(listed: dict[str, Any]) -> dict[int, tuple[str, str]]:
    return {
        int(year): (
            (entry, posixpath.basename(entry))
            if isinstance(entry, str)
            else (entry["path"], entry["name"])
        )
        for year, entry in listed.items()
    }


def archive_files(
    product: str,
    years: Sequence[int],
    months: Sequence[int] = (),
    *,
    url: str | None = None,
    base_url: str | None = None,
    checksum: str | None = None,
) -> tuple[Archive, list[ArchiveFile]]:
    """Find what a request comes to, without any network.

    Parameters
    ----------
    product : str
        Of the registry.
    years, months : sequence of int
        Months for monthly products only.
    url : str, optional
        The address of the one file that is asked for, where the registry cannot know it.
    base_url : str, optional
        A mirror: instead of the product's own base.
    checksum : str, optional
        ``sha256:…`` or ``md5:…`` of the one file that is asked for.

    Returns
    -------
    Archive
    list of ArchiveFile
        In the order of the years.

    Raises
    ------
    InputError
        If there is no such product, year or month, or the address must be given.

    Examples
    --------
    >>> _, found = archive_files("harmonized-dmsp-viirs", [2020])
    >>> found[0].name, found[0].url
    ('Harmonized_DN_NTL_2020_simVIIRS.tif', 'https://ndownloader.figshare.com/files/57065297')
    """
    archives = read_archives()
    problems = _option_problems(years, months, url, checksum)
    if product in archives:
        problems += _archive_problems(archives[product], years, months, url)
    else:
        problems.append(f"--product {product!r}: expected one of {', '.join(archives)}")
    raise_if(problems, InputError)
    archive = archives[product]
    if url is not None:
        return archive, [ArchiveFile(_name(url), url, checksum)]
    base = base_url or archive.base
    assert archive.files is not None
    found = [archive.files[year] for year in years]
    return archive, [
        ArchiveFile(name, f"{base.rstrip('/')}/{path}", checksum) for path, name in found
    ]


def _name(url: str) -> str:
    """Name of the file at an address; empty where it has none that is safe."""
    name = unquote(posixpath.basename(urlsplit(url).path))
    return "" if name in (".", "..") or "/" in name or "\\" in name else name


def _option_problems(
    years: Sequence[int], months: Sequence[int], url: str | None, checksum: str | None
) -> list[str]:
    problems = [f"--month {month}: expected 1 to 12" for month in months if not 1 <= month <= 12]
    if not years:
        problems.append("--year is missing")
    wanted = len(years) * max(1, len(months))
    if url is not None and wanted > 1:
        problems.append(f"--url is the address of one file; {wanted} are asked for")
    if url is not None and urlsplit(url).scheme not in ("http", "https"):
        problems.append(f"--url {url!r}: expected http or https")
    if url is not None and not _name(url):
        problems.append(f"--url {url!r}: does not end in a file name")
    if checksum is not None and wanted > 1:
        problems.append(f"--checksum belongs to one file; {wanted} are asked for")
    if checksum is not None and not CHECKSUM.fullmatch(checksum):
        problems.append(
            f"--checksum {checksum!r}: expected md5: and 32 or sha256: and 64 hexadecimal digits"
        )
    return problems


def _archive_problems(
    archive: Archive, years: Sequence[int], months: Sequence[int], url: str | None
) -> list[str]:
    problems = []
    if months and not archive.monthly:
        problems.append(f"--month: {archive.id} is a yearly product")
    if archive.monthly and not months:
        problems.append(f"--month is missing: {archive.id} is a monthly product")
    if url is None and not archive.files and years:
        month = f"{months[0]:02d}" if months else "{month}"
        folder = archive.folder.format(year=years[0], month=month)
        problems.append(
            f"{archive.id}: the name of the file cannot be known in advance; "
            f"find it at {folder} and give its address with --url"
        )
    elif url is None and archive.files:
        known = f"{min(archive.files)} to {max(archive.files)}"
        problems += [
            f"--year {year}: {archive.id} has {known}"
            for year in years
            if year not in archive.files
        ]
    return problems
