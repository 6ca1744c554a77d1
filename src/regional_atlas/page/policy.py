"""The page's Content Security Policy: its own scripts run, and nothing unasked for is loaded.

A policy names the hash of every script in the page, so that no other text can ever run, and the
hosts of the tiles, layers and plugins that a user added to the map.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from html import escape

__all__ = ["declared_hosts", "policy_meta"]

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script", re.DOTALL | re.IGNORECASE)
_SOURCE = re.compile(r"\bsrc\s*=", re.IGNORECASE)
_TYPE = re.compile(r"\btype\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_RUNS = {"text/javascript", "application/javascript", "module"}
_REMARK = re.compile(r"^\s*//.*$", re.MULTILINE)
_ADDRESS = re.compile(
    r"(?<!href=\")(?<!href=\\\")(?<![:\w/])(https?:)?//"
    r"(\{s\}\.)?((?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+|localhost)(?::\d+)?)(?=/|\Z)"
)


def policy_meta(
    document: str,
    own_hosts: Iterable[str] = (),
    picture_hosts: Iterable[str] = (),
    *,
    evaluates: bool = False,
) -> str:
    """Write the policy of a page as a `<meta>` element.

    Parameters
    ----------
    document : str
        The page: every script that stands in it may run, and no other.
    own_hosts : iterable of str
        Sources such as `https://*.example.org` that the user's own elements load from.
    picture_hosts : iterable of str
        Sources of declared tiles: pictures may come from them, nothing else.
    evaluates : bool
        Whether a plugin that the user added makes functions from text, which is then allowed.

    Returns
    -------
    str

    Examples
    --------
    >>> meta = policy_meta("<script>1</script>", ["https://tiles.example.org"])
    >>> "script-src 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s=' https://" in meta
    True
    """
    hosts = sorted(set(own_hosts))
    hashes = dict.fromkeys(_hash(text) for text in _scripts(document))
    evaluation = ["'unsafe-eval'"] if evaluates else []
    parts = {
        "default-src": ["'none'"],
        "script-src": [*hashes, *evaluation, *hosts] or ["'none'"],
        "style-src": ["'unsafe-inline'", *hosts],
        "img-src": ["data:", "blob:", *sorted({*hosts, *picture_hosts})],
        "font-src": ["data:", *hosts],
        "connect-src": hosts or ["'none'"],
        "frame-src": ["data:", *hosts],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    policy = "; ".join(f"{name} {' '.join(sources)}" for name, sources in parts.items())
    return f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'.replace(
        "&#x27;", "'"
    )


def declared_hosts(texts: Iterable[str]) -> Iterator[str]:
    """List the hosts that scripts and links load from; those of hyperlinks are left out.

    Examples
    --------
    >>> list(declared_hosts(['L.tileLayer("https://{s}.tile.example.org/{z}.png")',
    ...                      '<script src="//cdn.example.org/x.js">',
    ...                      '<a href="https://example.com/">by</a>',
    ...                      '  // see https://example.net/issues']))
    ['https://*.tile.example.org', 'https://cdn.example.org']
    """
    for text in texts:
        for scheme, several, host in _ADDRESS.findall(_REMARK.sub("", text)):
            yield f"{scheme or 'https:'}//{'*.' if several else ''}{host}"


def _scripts(document: str) -> Iterator[str]:
    for attributes, text in _SCRIPT.findall(document):
        kind = _TYPE.search(attributes)
        if not _SOURCE.search(attributes) and (kind is None or kind[1].lower() in _RUNS):
            yield text


def _hash(text: str) -> str:
    # What a browser hashes has its line ends normalised.
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    digest = hashlib.sha256(plain.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"
