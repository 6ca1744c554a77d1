"""Transfers that go on where they broke off: the downloader that pooch is given."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from regional_atlas.core.atomic import put_in_place
from regional_atlas.core.errors import InputError

__all__ = ["ResumingDownloader"]

CHUNK = 1 << 16
TIMEOUT = (15, 60)
ATTEMPTS = 3
HEADERS = {"bearer": ("Authorization", "Bearer {}"), "dataverse": ("X-Dataverse-key", "{}")}


class _Session(requests.Session):
    """Gives the token to the archive alone, not to where it redirects."""

    def rebuild_auth(
        self, prepared_request: requests.PreparedRequest, response: requests.Response
    ) -> None:
        super().rebuild_auth(prepared_request, response)
        came_from, goes_to = str(response.request.url), str(prepared_request.url)
        if self.should_strip_auth(came_from, goes_to):
            for header, _ in HEADERS.values():
                prepared_request.headers.pop(header, None)


class ResumingDownloader:
    """Fetch one address into a file, by range requests where an earlier transfer broke off.

    What has arrived stands in a hidden file ``.NAME.part`` beside the target, with the validator
    (ETag or date) that the server gave. A server that no longer has the same file, or knows no
    ranges, starts over.

    Parameters
    ----------
    target : Path
        The file that is wanted; nothing is written to it here.
    token : str, optional
        Secret of the user.
    kind : str
        How it is sent: ``bearer`` or ``dataverse``.
    progress : callable, optional
        Called with bytes done and in all (0 while unknown).
    """

    def __init__(
        self,
        target: Path,
        *,
        token: str | None = None,
        kind: str = "bearer",
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.part = target.with_name(f".{target.name}.part")
        self.note = target.with_name(f".{target.name}.part.json")
        self.progress = progress
        self.headers = {"Accept-Encoding": "identity"}
        if token:
            header, form = HEADERS[kind]
            self.headers[header] = form.format(token)

    def __call__(self, url: str, output_file: str, pooch: Any, check_only: bool = False) -> None:  # noqa: ARG002
        """Fetch `url` and move it to `output_file` when it is complete (pooch's protocol)."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                done, total = self._transfer(url)
            except requests.RequestException as error:
                done, total = self._arrived(), 0
                reason = f"the connection failed ({type(error).__name__})"
            else:
                if total in (0, done):
                    put_in_place(self.part, Path(output_file))
                    self._forget()
                    return
                reason = f"the transfer broke off at {done:,} of {total:,} bytes"
            if attempt == ATTEMPTS:
                kept = f"; {done:,} bytes are kept, run again to go on" if done else ""
                raise InputError(reason + kept, where=url)

    def _transfer(self, url: str) -> tuple[int, int]:
        """Append what comes; return bytes that are there and bytes in all (0: not said)."""
        headers = dict(self.headers)
        have, validator = self._arrived(), self._validator(url)
        if have and validator:
            headers |= {"Range": f"bytes={have}-", "If-Range": validator}
        with (
            _Session() as session,
            session.get(
                url, headers=headers, auth=lambda request: request, stream=True, timeout=TIMEOUT
            ) as response,
        ):
            self._check(response, url)
            start, total = _extent(response, have)
            if start is None:
                if total == have:
                    return have, have
                self._forget()
                return 0, -1
            self._remember(url, response)
            self._write(response, start, total)
        return self._arrived(), total

    def _write(self, response: requests.Response, start: int, total: int) -> None:
        try:
            free = shutil.disk_usage(self.part.parent).free
            if total - start > free:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            with self.part.open("ab" if start else "wb") as file:
                done = start
                for chunk in response.iter_content(CHUNK):
                    file.write(chunk)
                    done += len(chunk)
                    if self.progress is not None:
                        self.progress(done, total)
        except requests.RequestException:
            raise
        except OSError as error:
            need = f" ({total - start:,} bytes to come)" if total else ""
            raise InputError(
                f"cannot write: {error.strerror or error}{need}; "
                "what has arrived is kept, run again to go on",
                where=str(self.part.parent),
            ) from error

    def _check(self, response: requests.Response, url: str) -> None:
        status = response.status_code
        page = status == 200 and response.headers.get("Content-Type", "").startswith("text/html")
        if status in (401, 403) or page:
            what = "answered with a web page, a login perhaps" if page else f"answered {status}"
            asked = len(self.headers) > 1
            raise InputError(
                f"the archive {what}: "
                + ("the token was not accepted" if asked else "it wants a token (--token-env)"),
                where=url,
            )
        if status in (404, 410):
            raise InputError(
                f"the archive answered {status}: no such file; it may have been renamed (--url)",
                where=url,
            )
        if 400 <= status < 500 and status != 416:
            raise InputError(f"the archive answered {status} {response.reason}", where=url)
        if status >= 500:
            raise requests.HTTPError(f"{status} {response.reason}", response=response)

    def _arrived(self) -> int:
        return self.part.stat().st_size if self.part.exists() else 0

    def _validator(self, url: str) -> str | None:
        with contextlib.suppress(OSError, ValueError, AttributeError):
            note = json.loads(self.note.read_text(encoding="utf-8"))
            return note.get("validator") if note.get("url") == url else None
        return None

    def _remember(self, url: str, response: requests.Response) -> None:
        tag = response.headers.get("ETag", "")
        validator = (
            tag if tag and not tag.startswith("W/") else response.headers.get("Last-Modified")
        )
        try:
            self.note.write_text(json.dumps({"url": url, "validator": validator}), "utf-8")
        except OSError as error:
            raise InputError(
                f"cannot write: {error.strerror}", where=str(self.note.parent)
            ) from error

    def _forget(self) -> None:
        self.part.unlink(missing_ok=True)
        self.note.unlink(missing_ok=True)


def _extent(response: requests.Response, have: int) -> tuple[int | None, int]:
    """Where the answer starts and how long the whole file is; None: nothing more or start over."""
    said = response.headers.get("Content-Range", "")
    if response.status_code == 206:
        match = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", said)
        if match and int(match[1]) == have:
            return have, int(match[2])
        return None, -1
    if response.status_code == 416:
        match = re.fullmatch(r"bytes \*/(\d+)", said)
        return None, int(match[1]) if match else -1
    return 0, int(response.headers.get("Content-Length", 0))
