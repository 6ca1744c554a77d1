"""The command line. Results go to stdout, messages and progress to stderr."""

from __future__ import annotations

import atexit
import gc
import sys
import warnings
from typing import Any

from regional_atlas.cli import (  # noqa: F401
    atlas,
    inspect,
    query,
    raster,
    score,
    store,
    zones,
)
from regional_atlas.cli.base import app
from regional_atlas.core.errors import InputError

__all__ = ["app", "main"]


def main() -> None:
    """Run the command line; wrong input is one message on stderr and exit code 1."""
    warnings.showwarning = _show
    # One command makes many objects that stay (modules, polygons): looking for garbage among them
    # as often as usual takes a tenth of a short command.
    # The interpreter would look once more when it ends, which takes longer than measuring a year.
    gc.set_threshold(100_000, 20, 20)
    atexit.register(gc.freeze)
    try:
        app()
    except InputError as error:
        print(f"error: {error}", file=sys.stderr)  # noqa: T201
        raise SystemExit(1) from None
    except BrokenPipeError:
        raise SystemExit(0) from None
    except OSError as error:
        print(f"error: {error.filename or ''}: {error.strerror or error}", file=sys.stderr)  # noqa: T201
        raise SystemExit(1) from None
    except Exception:
        import traceback

        traceback.print_exc()
        print("internal error: please report it with the lines above", file=sys.stderr)  # noqa: T201
        raise SystemExit(3) from None


def _show(message: Warning | str, *_: Any, **__: Any) -> None:
    print(f"warning: {message}", file=sys.stderr)  # noqa: T201
