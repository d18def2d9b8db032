"""The child in which files of strangers are parsed (parsing.py): what goes wrong there harms nobody here."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Literal

from challenge.kernel.errors import Busy, Problem, Refused
from challenge.kernel.i18n import _

PROGRAM = Path(__file__).with_name("parsing.py")
AT_ONCE = 2
PATIENCE_SECONDS = 30.0
WALL_SECONDS = 20.0
WRONG_TYPE = Problem("file_type", _("This file type is not accepted. Send a PDF, PNG, JPEG, DOCX, XLSX or CSV file."))
UNREADABLE = Problem("file_unreadable", _("The file could not be read. Save it again, perhaps as PDF, and send that."))
BOMB = Problem("file_bomb", _("The file unpacks to much more than it seems. Save it again, perhaps as PDF."))
PIXELS = Problem("file_pixels", _("The picture has too many pixels: at most 50 million. Make it smaller first."))
ROWS = Problem("sheet_rows", _("The file has more than %(most)s rows. Split it into several files.", most=1_000))
REASONS = {"type": WRONG_TYPE, "bomb": BOMB, "pixels": PIXELS, "rows": ROWS}
_places = threading.BoundedSemaphore(AT_ONCE)


def run(act: Literal["look", "clean", "sheet"], kind: str, content: bytes) -> tuple[str, bytes]:
    """What kind of file it is, and its cleaned bytes where asked. Raises Refused, and Busy in a queue too long."""
    if not _places.acquire(timeout=PATIENCE_SECONDS):
        raise Busy
    try:
        done = subprocess.run(  # noqa: S603 -- our own program, nothing of what was sent is in the command
            [sys.executable, "-I", str(PROGRAM), act, kind],
            input=content, capture_output=True, check=False, timeout=WALL_SECONDS, cwd="/", env={"LC_ALL": "C.UTF-8"},
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise Refused(UNREADABLE) from error
    finally:
        _places.release()
    line, _newline, made = done.stdout.partition(b"\n")
    verdict, _space, word = line.decode(errors="replace").partition(" ")
    if done.returncode == 0 and verdict == "yes":
        return word, made
    raise Refused(REASONS.get(word, UNREADABLE) if verdict == "no" else UNREADABLE)
