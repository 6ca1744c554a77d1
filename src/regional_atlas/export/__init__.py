"""GIS files and tables of a build: one module per format.

The names resolve when they are asked for: who writes one table does not load every format.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from regional_atlas.export.format import FORMATS, Format
    from regional_atlas.export.layers import Layers, build_layers, codebook, unit_layer
    from regional_atlas.export.select import check_formats, export

__all__ = [
    "FORMATS",
    "Format",
    "Layers",
    "build_layers",
    "check_formats",
    "codebook",
    "export",
    "export_output",
    "unit_layer",
]

_HOMES = {
    "FORMATS": "format",
    "Format": "format",
    "check_formats": "select",
    "export": "select",
    "export_output": "select",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _HOMES.get(name, "layers")
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)
