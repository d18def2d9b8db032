"""What the log says of signing in: who by their code, how, and whether it worked; never a name, address or secret."""

from __future__ import annotations

import logging

log = logging.getLogger("challenge.sign_in")
NOBODY_KNOWN = "-"


def let_in(by: str, code: str, *, is_half: bool = False) -> None:
    """Somebody has shown who they are; ``is_half``: a second factor is still to come."""
    log.info("%s: %s person=%s", by, "half signed in" if is_half else "signed in", code or NOBODY_KNOWN)


def turned_away(by: str, code: str = "") -> None:
    """What was shown did not do."""
    log.warning("%s: refused person=%s", by, code or NOBODY_KNOWN)


def confirmed(by: str, code: str) -> None:
    """Somebody signed in has shown once more that it is them."""
    log.info("%s: confirmed person=%s", by, code or NOBODY_KNOWN)


def left(code: str) -> None:
    """Somebody has signed out; whose session was over already has done so before."""
    if code:
        log.info("signed out person=%s", code)
