"""The log of a process: an event a line on stderr, in UTC; what happened where, never whom it concerned.

What an exception says may hold a name, an address or a secret (a database names the values it refuses), so only its
kind and the lines of code it passed are logged. ``CHALLENGE_LOG=debug`` logs everything; production refuses it. Nothing
that was sent begins a line of its own.
"""

from __future__ import annotations

import logging
import time
import traceback
from collections.abc import Iterator
from typing import Any

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
INDENT = "    "


class Lines(logging.Formatter):
    """``2027-01-10T09:00:00.123Z INFO challenge.sign_in …``; what follows of a crash is indented."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self, fmt: str = FORMAT, *, words: bool = False) -> None:
        super().__init__(fmt)
        self.words = words  # of exceptions too

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- logging calls it so
        """The line, with control characters as escapes."""
        record.message = visible(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:  # noqa: N802
        """Kinds and lines of code back to the cause, each indented: no text within can pass for a line of the log."""
        lines = super().formatException(ei).splitlines() if self.words else passed(ei[1])
        return "\n".join(INDENT + visible(line) for line in lines)


def passed(error: BaseException | None) -> Iterator[str]:
    """The kind of an exception and the lines of code it passed, then those of what caused it; nothing it says."""
    while error is not None:
        yield f"{type(error).__module__}.{type(error).__qualname__}"
        for frame in traceback.extract_tb(error.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def visible(text: str) -> str:
    """The text on one line: whatever is not printable as its escape."""
    return "".join(mark if mark.isprintable() else mark.encode("unicode_escape").decode() for mark in text)


def config(level: str) -> dict[str, Any]:
    """For ``logging.config``, in each process of the server: everything goes to stderr in one form."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": f"{__name__}.{Lines.__name__}", "words": level == "debug"}},
        "handlers": {"standard": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["standard"], "level": level.upper()},
    }


def begin(level: str) -> None:
    """Log from now on, unless somebody set up logging already."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(words=level == "debug"))
    logging.basicConfig(level=level.upper(), handlers=[handler])
