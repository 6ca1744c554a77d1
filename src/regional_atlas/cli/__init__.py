"""The command line. Results go to stdout, messages and progress to stderr."""

from __future__ import annotations

import atexit
import gc
import io
import os
import signal
import sys
from types import FrameType
from typing import Any

from regional_atlas.core.lazy import offered

__all__ = ["app", "main"]

__getattr__ = offered(__name__, {"app": "commands"})


class StoppedError(BaseException):
    """Somebody ended the run: Ctrl-C or a request to terminate."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(number)


def main() -> None:
    """Run the command line.

    Exit codes: 0 done, 1 the input is wrong (one message on stderr), 2 usage, 3 internal, 130 after
    Ctrl-C, 143 after a request to terminate.
    """
    _open_closed_streams()
    before = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM)}
    hook, sys.unraisablehook = sys.unraisablehook, _unraisable
    try:
        # Commands are imported here, where a signal is already one message.
        code = _run()
    except StoppedError as stopped:
        code = _said_stopped(stopped.number)
    finally:
        sys.unraisablehook = hook
        for number, handler in before.items():
            signal.signal(number, handler)
    raise SystemExit(code) from None


def _open_closed_streams() -> None:
    """Put something in the place of a stream that the caller closed; nobody reads what is said."""
    if sys.stdout is None:
        sys.stdout = open(os.devnull, encoding="utf-8")  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def _run() -> int:
    import warnings

    from regional_atlas.cli.base import UsageError
    from regional_atlas.cli.commands import app
    from regional_atlas.cli.messages import MESSAGES, put_error, warn
    from regional_atlas.core.errors import InputError
    from regional_atlas.core.formats import GDAL_OPTIONS, SKIPPED_DRIVERS

    # Both copies of GDAL, that of rasterio and that of pyogrio, read these when they are loaded.
    os.environ.update(GDAL_OPTIONS, GDAL_SKIP=",".join(SKIPPED_DRIVERS))
    warnings.showwarning = warn
    # One command makes many objects that stay (modules, polygons): looking for garbage among them
    # as often as usual takes a tenth of a short command.
    # The interpreter would look once more when it ends, which takes longer than measuring a year.
    gc.set_threshold(100_000, 20, 20)
    atexit.register(gc.freeze)
    try:
        for word in sys.argv[1:]:
            if any("\ud800" <= sign <= "\udfff" for sign in word):
                raise InputError(f"the argument {word!a} is not UTF-8")
        return int(app(standalone_mode=False) or 0)
    except UsageError as error:
        if MESSAGES.json or "--json" in sys.argv:
            MESSAGES.json = True
            MESSAGES.say("error", error.format_message())
        else:
            usage = io.StringIO()
            error.show(file=usage)
            put_error(usage.getvalue().removesuffix("\n"))
        return int(error.exit_code)
    except InputError as error:
        MESSAGES.fail(error)
        return 1
    except BrokenPipeError:
        return 0
    except OSError as error:
        MESSAGES.say("error", str(error.strerror or error), str(error.filename or ""))
        return 1
    except Exception:
        import traceback

        put_error(traceback.format_exc())
        put_error("internal error: please report it with the lines above")
        return 3


def _stop(number: int, _frame: FrameType | None) -> None:
    """End the run by an error that no command takes for one of its own; the second time at once."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, _stop_at_once)
    raise StoppedError(number)


def _stop_at_once(number: int, _frame: FrameType | None) -> None:
    os._exit(128 + number)


def _unraisable(found: Any) -> None:
    """End the run where a signal came while an object was being removed: Python drops the error."""
    if isinstance(found.exc_value, StoppedError):
        os._exit(_said_stopped(found.exc_value.number))
    sys.__unraisablehook__(found)


def _said_stopped(number: int) -> int:
    kept = (
        "computed tables are in the store; run the same command again to finish what it was writing"
    )
    messages = sys.modules.get("regional_atlas.cli.messages")
    if messages is not None and messages.MESSAGES.json:
        messages.MESSAGES.say("error", f"stopped; {kept}")
    else:
        print(f"\nstopped; {kept}", file=sys.stderr)  # noqa: T201
    sys.stderr.flush()
    return 128 + number
