"""Text that a page holds: vendored scripts and styles, JSON and HTML, each made safe to inline."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from regional_atlas.core.errors import InputError

__all__ = ["FOLDER", "assets", "inline_script", "inline_style", "json_text", "read_asset"]

FOLDER = Path(__file__).parent / "assets"
"""Where `make assets` puts what it builds."""


def assets() -> list[Path]:
    """List the vendored files, as far as they are built."""
    return sorted(path for path in FOLDER.glob("*") if path.is_file())


def read_asset(name: str) -> str:
    """Read a vendored file as text.

    Raises
    ------
    InputError
        When the page's scripts have not been built.
    """
    file = FOLDER / name
    if not file.is_file():
        raise InputError(
            "file not found: the page's scripts and styles are not built; run `make assets`",
            where=str(file),
        )
    return file.read_text(encoding="utf-8")


def inline_script(text: str) -> str:
    r"""Make a script safe to stand in a page: no end tag and no comment start within it.

    Examples
    --------
    >>> inline_script('a = "</script><!--"')
    'a = "<\\/script><\\!--"'
    """
    ended = re.sub(r"</(script)", r"<\\/\1", text, flags=re.IGNORECASE)
    return ended.replace("<!--", r"<\!--")


def inline_style(text: str) -> str:
    r"""Make a style sheet safe to stand in a page: no end tag within it.

    Examples
    --------
    >>> inline_style("a::after { content: '</style>' }")
    "a::after { content: '<\\/style>' }"
    """
    return re.sub(r"</(style)", r"<\\/\1", text, flags=re.IGNORECASE)


def json_text(data: Any) -> str:
    r"""Write compact JSON that can stand in a page, in a script as well.

    Examples
    --------
    >>> print(json_text({"a": "</script>\u2028"}))
    {"a":"\u003c/script>\u2028"}
    """
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
