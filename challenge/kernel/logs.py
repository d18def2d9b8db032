"""The log: what happened where, and never whom it concerned or what they wrote.

What an exception says may hold a name, an address or a secret (a database names the values it refuses), so only its
kind and the lines of code it passed are logged. ``CHALLENGE_LOG=debug`` logs everything; production refuses it.
"""

from __future__ import annotations

import logging
import traceback
from types import TracebackType
from typing import Any

FORMAT = "%(asctime)s %(levelname)s %(name)s %(message)s"
Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Exceptions without their words."""

    def formatException(self, ei: Raised) -> str:  # noqa: N802 -- the library's name
        """Kind and lines of code, back to what caused it."""
        lines, error = [], ei[1]
        while error is not None:
            lines.append(f"{type(error).__module__}.{type(error).__qualname__}")
            passed = traceback.extract_tb(error.__traceback__)
            lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in passed]
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n".join(lines)


def config(level: str) -> dict[str, Any]:
    """For ``logging.config``, in each process of the server: everything goes to standard error in one form."""
    kind = "logging.Formatter" if level == "debug" else f"{__name__}.{Discreet.__name__}"
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": kind, "fmt": FORMAT}},
        "handlers": {"standard": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["standard"], "level": level.upper()},
    }


def begin(level: str) -> None:
    """Log from now on, unless somebody set up logging already."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter(FORMAT) if level == "debug" else Discreet(FORMAT))
    logging.basicConfig(level=level.upper(), handlers=[handler])
