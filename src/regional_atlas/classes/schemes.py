"""The schemes of a map's classes; the catalogues say what help, docs and the page call them."""

from __future__ import annotations

from regional_atlas.core.registry import Method, Registry
from regional_atlas.core.texts import Message

__all__ = ["SCHEMES"]


def _scheme(name: str, parameter: str) -> Method:
    title, formula = Message(f"scheme-{name}"), Message(f"scheme-{name}-formula")
    return Method(name, title, formula, parameters=(parameter,))


SCHEMES = Registry(
    "scheme",
    [
        _scheme("quantile", "k"),
        _scheme("fisher_jenks", "k"),
        _scheme("equal_interval", "k"),
        _scheme("log", "k"),
        _scheme("head_tail", "k"),
        _scheme("manual", "breaks"),
    ],
)
"""Every scheme of a map's classes, in the order in which the page offers them."""
