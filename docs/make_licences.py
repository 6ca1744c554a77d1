"""Writes `reference/licences.md`: every library, its version and licence. `make licences` runs it.

    python docs/make_licences.py [--check]

It ends with 1 where a licence is not among those allowed, and with `--check` where the page is
stale. Python libraries are those of `constraints.txt`, as installed; those of the page are in
`package-lock.json`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/reference/licences.md"
LOCK = ROOT / "src/regional_atlas/page/web/package-lock.json"

ALLOWED = {
    "0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause",
    "BlueOak-1.0.0", "CC0-1.0", "ISC", "MIT", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib",
}  # fmt: skip
"""Licences, by their SPDX names, whose works this project may use and pass on."""
STATED = {"sedonadb": "Apache-2.0", "leaflet.heat": "BSD-2-Clause"}
"""Those whose package says nothing of it: as their source says."""

_KNOWN = (
    ("apache", "Apache-2.0"),
    ("apl 2", "Apache-2.0"),
    ("mozilla public", "MPL-2.0"),
    ("mpl-2.0", "MPL-2.0"),
    ("python software foundation", "PSF-2.0"),
    ("matplotlib", "PSF-2.0"),
    ("isc", "ISC"),
    ("bsd-2-clause", "BSD-2-Clause"),
    ("bsd", "BSD-3-Clause"),
    ("kiwi", "BSD-3-Clause"),
    ("redistributions in binary form", "BSD-3-Clause"),
    ("mit", "MIT"),
    ("permission is hereby granted, free of charge", "MIT"),
)
"""What free words of a licence mean; the first that is found counts."""


class Library(NamedTuple):
    """A work of others: its name, version, licence, and what for."""

    name: str
    version: str
    licence: str
    use: str


def python_libraries() -> Iterator[Library]:
    """List the pinned libraries of Python that are installed."""
    from regional_atlas.core.versions import versions

    needed = _needed({_bare(name) for name in versions()})
    pins = (ROOT / "constraints.txt").read_text("utf-8")
    for name in re.findall(r"^([A-Za-z0-9_.-]+)==", pins, re.M):
        try:
            found = distribution(name)
        except PackageNotFoundError:
            continue
        use = "when it runs" if _bare(name) in needed else "development"
        yield Library(found.metadata["Name"], found.version, _licence_of(found), use)


def _bare(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _needed(names: set[str]) -> set[str]:
    """Add to libraries those that they need themselves."""
    found: set[str] = set()
    waiting = [*names]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            lines = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        found.add(name)
        needed = [line for line in lines if "extra ==" not in line]
        waiting += [_bare(match[0]) for line in needed if (match := re.match(r"[\w.-]+", line))]
    return found


def _licence_of(found: Distribution) -> str:
    name, data = found.metadata["Name"], found.metadata
    if name in STATED:
        return STATED[name]
    if data.get("License-Expression"):
        return str(data["License-Expression"])
    classes = [line for line in data.get_all("Classifier") or [] if line.startswith("License")]
    files = [path for path in found.files or [] if "licen" in path.name.lower()]
    texts = [
        " ".join(classes),
        str(data.get("License") or ""),
        *(file.read_text() for file in files),
    ]
    for text in texts:
        for words, licence in _KNOWN:
            if words in text.lower():
                return licence
    return "unknown"


def page_libraries() -> Iterator[Library]:
    """List the pinned libraries of the page and of its making."""
    for place, said in json.loads(LOCK.read_text("utf-8"))["packages"].items():
        if place:
            name = place.rpartition("node_modules/")[2]
            licence = STATED.get(name) or str(said.get("license", "unknown"))
            use = "development" if said.get("dev") or said.get("optional") else "in every page"
            yield Library(name, said["version"], licence.removesuffix(" License"), use)


def refused(libraries: list[Library]) -> list[str]:
    """Name the libraries with a licence that is not allowed; of several by OR one is enough."""
    return [
        f"{each.name} {each.version}: {each.licence}"
        for each in libraries
        if not any(
            all(part.strip(" ()") in ALLOWED for part in choice.split(" AND "))
            for choice in each.licence.split(" OR ")
        )
    ]


def page(python: list[Library], script: list[Library]) -> str:
    """Write the page."""
    lines = [
        "# Licences",
        "",
        "Written by `make licences`, which fails where a licence is not among those allowed: "
        + ", ".join(sorted(ALLOWED))
        + ". The project itself is under Apache-2.0. Every page of an atlas carries the texts of "
        "what is in it. Ready-made packages of Python hold further works, such as GEOS (LGPL-2.1) "
        "in shapely and GDAL (MIT) in pyogrio and rasterio: their licences lie beside them.",
        "",
    ]
    for title, libraries in (("Python", python), ("The page's script", script)):
        for use in sorted({each.use for each in libraries}, key="development".__eq__):
            rows = sorted({each for each in libraries if each.use == use}, key=_order)
            lines += [f"## {title}: {use}", "", "| library | version | licence |", "|---|---|---|"]
            lines += [f"| {each.name} | {each.version} | {each.licence} |" for each in rows]
            lines.append("")
    return "\n".join(lines)


def _order(library: Library) -> tuple[str, str]:
    return library.name.lower(), library.version


def main() -> int:
    """Write the page, or hold it against what is installed."""
    python, script = list(python_libraries()), list(page_libraries())
    wrong = refused([*python, *script])
    for line in wrong:
        print(f"not allowed: {line}", file=sys.stderr)
    text = page(python, script)
    if "--check" in sys.argv:
        if PAGE.read_text("utf-8") != text:
            print("docs/reference/licences.md is stale: run `make licences`", file=sys.stderr)
            return 1
    else:
        PAGE.write_text(text, "utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
