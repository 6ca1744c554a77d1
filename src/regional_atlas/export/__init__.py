"""GIS files and tables of a build: one module per format.

The names resolve when they are asked for: who writes one table does not load every format.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from regional_atlas.export.formats import FORMATS, check_formats, export, export_output
    from regional_atlas.export.layers import Layers, build_layers, codebook, unit_layer

__all__ = [
    "FORMATS",
    "Layers",
    "build_layers",
    "check_formats",
    "codebook",
    "export",
    "export_output",
    "unit_layer",
]

_FORMATS = ("FORMATS", "check_formats", "export", "export_output")


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = "formats" if name in _FORMATS else "layers"
    return getattr(importlib.import_module(f"{__name__}.{home}"), name)
