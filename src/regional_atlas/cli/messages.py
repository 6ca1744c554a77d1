"""The way to the terminal: results on stdout, messages on stderr.

Nothing else of the command line writes there. What steers a terminal (control characters, escape
sequences, changes of the direction of writing) reaches it as visible escapes only.
"""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from regional_atlas.core.errors import InputError
from regional_atlas.core.signs import in_brief, visible, visible_json

__all__ = ["MESSAGES", "Messages", "is_quiet", "put", "put_bytes"]

_LINES = "\n\t"
"""Signs that messages are laid out with."""


def put(result: object, end: str = "\n") -> None:
    """Write a result to stdout: to a file or a program as it is, to a terminal made visible."""
    text = str(result)
    if sys.stdout.isatty():
        text = visible(text, _LINES)
    if hasattr(sys.stdout, "buffer"):
        put_bytes((text + end).encode(sys.stdout.encoding, "backslashreplace"))
    else:  # what another program put in its place, a notebook for one
        sys.stdout.write(text.encode("utf-8", "backslashreplace").decode() + end)


def put_bytes(data: bytes) -> None:
    """Write bytes to stdout, all of them.

    Without a buffer (PYTHONUNBUFFERED) the system may take a part, and Python says nothing.
    """
    sys.stdout.flush()
    stream, rest = sys.stdout.buffer, memoryview(data)
    if not stream.writable():
        raise OSError("cannot write: standard output is closed")
    while rest:
        rest = rest[stream.write(rest) :]
    stream.flush()


def put_error(text: str) -> None:
    """Write lines to stderr."""
    print(visible(text, _LINES), file=sys.stderr)  # noqa: T201


class Messages:
    """What of this run goes to stderr, and how.

    Attributes
    ----------
    quiet : bool
        No progress and no notes; warnings and errors stay.
    verbose : bool
        What the store removes and replaces, too.
    json : bool
        One JSON object a line: `level` (`note`, `warning`, `error`), `message`, `where`.
    """

    def __init__(self) -> None:
        self.quiet = self.verbose = self.json = False
        self._handler: logging.Handler | None = None

    def reset(self) -> None:
        """Begin a run: as nobody asked for anything."""
        self.quiet = self.verbose = self.json = False
        if self._handler is not None:
            logging.getLogger("regional_atlas").removeHandler(self._handler)
            self._handler = None

    def set(self, name: str) -> None:
        """Take a global option."""
        setattr(self, name, True)
        if name == "verbose" and self._handler is None:
            self._handler = _Handler(self)
            logger = logging.getLogger("regional_atlas")
            logger.setLevel(logging.INFO)
            logger.addHandler(self._handler)

    def say(self, level: str, message: str, where: str = "") -> None:
        """Write one message to stderr."""
        if level == "note" and self.quiet:
            return
        message = "\n".join(map(in_brief, message.split("\n")))
        if self.json:
            if not message:
                return
            said = {"level": level, "message": message, "where": where}
            put_error(visible_json(json.dumps(said, ensure_ascii=False)))
        else:
            prefix = "" if level == "note" else f"{level}: "
            put_error(f"{prefix}{where}: {message}" if where else f"{prefix}{message}")

    def fail(self, error: InputError) -> None:
        """Write an error: as one message, or each of its problems as an object."""
        if not self.json:
            self.say("error", str(error))
            return
        for part in error.errors:
            for problem in part.problems:
                self.say("error", problem, part.where)


MESSAGES = Messages()
"""Those of this process: one runs one command."""


def is_quiet() -> bool:
    """Say whether there is to be no progress: it is for people who wait."""
    return MESSAGES.quiet or MESSAGES.json


class _Handler(logging.Handler):
    def __init__(self, messages: Messages) -> None:
        super().__init__()
        self._messages = messages

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line of the log."""
        level = "warning" if record.levelno >= logging.WARNING else "verbose"
        if self._messages.json:
            self._messages.say(level, record.getMessage())
        else:
            put_error(record.getMessage())


def warn(message: Any, *_: Any, **__: Any) -> None:
    """Write what Python warns of."""
    MESSAGES.say("warning", str(message))
