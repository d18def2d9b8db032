"""What people send is shown to a virus scanner of the operator's, where one is set, before anything of it is kept."""

from __future__ import annotations

import logging
import os
import shlex
import subprocess
from dataclasses import dataclass
from typing import Final

from challenge.kernel.errors import Problem, Refused
from challenge.kernel.i18n import _

log = logging.getLogger("challenge.scanner")
SECONDS: Final = 30.0
CLEAN: Final = 0
INFECTED: Final = 1
HARMFUL = Problem(
    "file_harmful",
    _(
        "The virus scanner found something harmful in this file. Nothing of it was kept. Tell whoever looks after your"
        " computer, and send a file without it."
    ),
)
UNCHECKED = Problem(
    "file_unchecked",
    _("Files cannot be checked for viruses now, so none is taken. What you typed is kept: try again in some minutes."),
)


class Unchecked(Refused):
    """The scanner does not work: nothing is taken unseen (503 to programs, who may try again)."""

    status = 503

    def __init__(self) -> None:
        super().__init__(UNCHECKED)


@dataclass(slots=True)
class Scanner:
    """A command that reads a file from its input and ends with 0 when that is clean and 1 when it is not.

    ``works`` is what the last file told: monitoring asks for it (``/readyz``).
    """

    command: str = ""
    works: bool = True

    def look_at(self, content: bytes, sender: str) -> None:
        """Let the scanner see it, outside of any unit of work. Raises Refused, and Unchecked when it gives no answer.

        ``sender`` is who sent it, by code, for the log.
        """
        if not self.command:
            return
        said = self._ask(content)
        self.works = said in {CLEAN, INFECTED}
        if not self.works:
            log.error("a file was refused unseen, the scanner does not work: %s", said)
            raise Unchecked
        if said == INFECTED:
            log.warning("a harmful file was refused person=%s", sender)
            raise Refused(HARMFUL)

    def _ask(self, content: bytes) -> int | str:
        """The exit code, or what kind of trouble there was."""
        try:
            return subprocess.run(  # noqa: S603 -- the operator's own command, nothing of what was sent is in it
                shlex.split(self.command) or [""], input=content, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                check=False, timeout=SECONDS, cwd="/", env={"PATH": os.defpath, **_path(), "LC_ALL": "C.UTF-8"},
            ).returncode  # fmt: skip
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            return type(error).__name__


def _path() -> dict[str, str]:
    """Where programs are looked for, and nothing else of the environment: it holds secrets."""
    return {name: value for name, value in os.environ.items() if name == "PATH"}
