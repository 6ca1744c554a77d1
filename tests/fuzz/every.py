"""Every harness by its name."""

from . import folders, languages, readers
from .harness import HARNESSES

__all__ = ["HARNESSES", "folders", "languages", "readers"]
