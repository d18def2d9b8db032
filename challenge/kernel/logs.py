"""The log of a process: an event a line on stderr, in UTC; nothing that was sent begins a line of its own."""

from __future__ import annotations

import logging
import time

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
INDENT = "    "


class Lines(logging.Formatter):
    """``2027-01-10T09:00:00.123Z INFO challenge.sign_in …``; what follows of a crash is indented."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- logging calls it so
        """The line, with control characters as escapes."""
        record.message = visible(record.message)
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:  # noqa: N802
        """The traceback, each of its lines indented: a text within it cannot pass for a line of the log."""
        whole = super().formatException(ei)  # type: ignore[arg-type]
        return "\n".join(INDENT + visible(line) for line in whole.splitlines())


def visible(text: str) -> str:
    """The text on one line: whatever is not printable as its escape."""
    return "".join(mark if mark.isprintable() else mark.encode("unicode_escape").decode() for mark in text)


def begin(level: str) -> None:
    """Send what is logged from this level on to stderr; once a process."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(FORMAT))
    logging.basicConfig(level=level.upper(), handlers=[handler])
