"""Messages on stderr: as lines for people, or as JSON lines for programs."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

from regional_atlas.core.errors import InputError
from regional_atlas.core.names import visible

__all__ = ["MESSAGES", "Messages", "is_quiet"]


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
        if self.json:
            if not message:
                return
            said = {"level": level, "message": message, "where": where}
            line = json.dumps(said, ensure_ascii=False)
        else:
            prefix = "" if level == "note" else f"{level}: "
            line = f"{prefix}{where}: {message}" if where else f"{prefix}{message}"
        print(line if self.json else visible(line, "\n\t"), file=sys.stderr)  # noqa: T201

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
            print(record.getMessage(), file=sys.stderr)  # noqa: T201


def warn(message: Any, *_: Any, **__: Any) -> None:
    """Write what Python warns of."""
    MESSAGES.say("warning", str(message))
