"""Getting rasters from their archives, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from regional_atlas.core.atomic import made_folder
from regional_atlas.core.errors import InputError
from regional_atlas.core.outputs import OutputFile, check_outputs
from regional_atlas.sources.archives import Archive, ArchiveFile, archive_files

__all__ = ["fetch_files", "planned_files"]


def planned_files(
    product: str,
    years: Sequence[int],
    months: Sequence[int],
    out: Path,
    *,
    url: str | None = None,
    base_url: str | None = None,
    checksum: str | None = None,
) -> tuple[Archive, list[tuple[ArchiveFile, Path]]]:
    """Say what a request would download, and where to, without any network.

    Returns
    -------
    Archive
    list of (ArchiveFile, Path)

    Raises
    ------
    InputError
        See `archive_files`.

    Examples
    --------
    >>> archive, plan = planned_files("viirs-annual", [2021], [], Path("lights"))
    >>> plan[0][1].name
    'VNL_v21_npp_2021_global_vcmslcfg_c202205302300.average_masked.dat.tif.gz'
    """
    archive, found = archive_files(
        product, years, months, url=url, base_url=base_url, checksum=checksum
    )
    return archive, [(file, out / file.name) for file in found]


def fetch_files(
    archive: Archive,
    plan: Sequence[tuple[ArchiveFile, Path]],
    *,
    token_env: str | None = None,
    overwrite: bool = False,
    progress: Callable[[str, int, int], None] | None = None,
) -> list[Path]:
    """Download what is not there yet; go on where an earlier transfer broke off.

    A file stands under its name only when it has arrived whole and its checksum, where one is
    known, is right. A file that is there already is not fetched again; one whose checksum is known
    and wrong is somebody else's, and refused.

    Parameters
    ----------
    archive : Archive
        Says how a token is sent.
    plan : sequence of (ArchiveFile, Path)
        Of `planned_files`.
    token_env : str, optional
        Name of the environment variable that holds the user's token.
    overwrite : bool
        Whether a file with a wrong checksum may be replaced.
    progress : callable, optional
        Called with the file's name, bytes done and in all (0 while unknown).

    Returns
    -------
    list of Path

    Raises
    ------
    InputError
        If the token is not set, the archive refuses, the transfer or the checksum fails, a file
        with another checksum is there, or the disk is full.
    """
    try:
        import pooch
    except ImportError:
        raise InputError(
            "fetching needs the package pooch: pip install regional-atlas[fetch]"
        ) from None
    from regional_atlas.sources.archives_http import ResumingDownloader

    token = None
    if token_env is not None:
        token = os.environ.get(token_env)
        if not token:
            raise InputError(f"--token-env {token_env}: this environment variable is not set")
        if not archive.token:
            raise InputError(f"--token-env: {archive.id} takes no token")
    pooch.get_logger().setLevel("ERROR")
    check_outputs(
        [
            OutputFile("--out", path, partial(pooch.hashes.hash_matches, known_hash=file.checksum))
            for file, path in plan
        ],
        [],
        overwrite=overwrite,
    )
    fetched = []
    for file, path in plan:
        keeper = pooch.create(
            path=path.parent,
            base_url="",
            registry={file.name: file.checksum},
            urls={file.name: file.url},
        )
        report = None
        if progress is not None:

            def report(done: int, total: int, name: str = file.name) -> None:
                progress(name, done, total)

        downloader = ResumingDownloader(
            path, token=token, kind=archive.token or "bearer", progress=report
        )
        try:
            with made_folder(path.parent):
                keeper.fetch(file.name, downloader=downloader)
        except ValueError as error:
            raise InputError(
                f"the checksum is wrong (expected {file.checksum}); nothing is kept", where=file.url
            ) from error
        except OSError as error:
            raise InputError(
                f"cannot write: {error.strerror or error}", where=str(path.parent)
            ) from error
        fetched.append(path)
    return fetched
