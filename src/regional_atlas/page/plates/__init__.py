"""Plates: a module for each kind, and the plates of a project made by them.

A module holds what its kind needs, its data for the page, and what its finding says. `_ready.py`
lists them, by the kinds that `atlas.toml` may name: without a module it does not pass the type
check.
"""

from __future__ import annotations

from collections.abc import Sequence

from regional_atlas.config.plates import PlateConfig
from regional_atlas.page.facts import Facts
from regional_atlas.page.format import Plate
from regional_atlas.page.plates._ready import ready

__all__ = ["build_plates", "plate_problems", "ready"]


def build_plates(configs: Sequence[PlateConfig], facts: Facts) -> list[Plate]:
    """Make the plates that a project declares, in which `plate_problems` finds nothing wrong.

    Parameters
    ----------
    configs : sequence of PlateConfig
    facts : Facts
        The specification without plates, and the store.

    Returns
    -------
    list of Plate
    """
    return [ready(config).build(facts) for config in configs]


def plate_problems(configs: Sequence[PlateConfig], facts: Facts) -> list[str]:
    """List what plates name that is not there: a field, year, palette, tiers of a ranking."""
    return [
        f"plates[{i}] ({config.id}): {problem}"
        for i, config in enumerate(configs)
        for problem in ready(config).problems(facts)
    ]
