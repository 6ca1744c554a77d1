"""The libraries that a result comes from, with their versions."""

from __future__ import annotations

import platform
import re
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution, requires, version
from typing import TYPE_CHECKING

from regional_atlas import __version__

if TYPE_CHECKING:
    from packaging.requirements import Requirement

__all__ = ["version_of", "versions"]

_DEVELOPMENT = ('"dev"', '"fuzz"')
"""The extras that no result comes from."""


@cache
def versions() -> dict[str, str]:
    """Give the version of this package, of Python, of each library, and of GDAL, GEOS and PROJ.

    Libraries are those that the package requires, and those of its extras that are installed.

    Examples
    --------
    >>> {"python", "pandas", "GDAL"} <= versions().keys()
    True
    """
    import pyogrio
    import pyproj
    import shapely

    found = {"regional_atlas": __version__, "python": platform.python_version()}
    for name in _libraries():
        try:
            found[name] = version_of(name)
        except PackageNotFoundError:
            continue
    return found | {
        "GDAL": pyogrio.__gdal_version_string__,
        "GEOS": shapely.geos_version_string,
        "PROJ": pyproj.proj_version_str,
    }


def version_of(name: str) -> str:
    """Give the version of an installed library.

    What `importlib.metadata.version` gives, without the milliseconds in which that reads the
    library's whole description.

    Examples
    --------
    >>> version_of("pandas") == version("pandas")
    True
    """
    head = (distribution(name).read_text("METADATA") or "").partition("\n\n")[0]
    found = re.search(r"^Version: *(\S+)", head, re.MULTILINE)
    return found[1] if found else version(name)


def _libraries() -> list[str]:
    from packaging.requirements import Requirement

    try:
        needed = [Requirement(line) for line in requires("regional_atlas") or ()]
    except PackageNotFoundError:
        return []
    return sorted({each.name for each in needed if not _is_development(each)})


def _is_development(needed: Requirement) -> bool:
    return any(extra in str(needed.marker) for extra in _DEVELOPMENT)
