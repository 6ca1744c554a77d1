"""Writes the shared cases anew: `python tests/shared/make.py`."""

from __future__ import annotations

from calculations import CALCULATIONS, HERE, file_text

for name in CALCULATIONS:
    (HERE / f"{name}.json").write_text(file_text(name), encoding="utf-8")
