"""Where to go on after signing in or changing the language: only to pages of our own."""

from __future__ import annotations

import re

LONGEST = 300
_OWN = re.compile(r"/[\x21-\x7e]*")  # ASCII without spaces and control characters; anything else comes percent-encoded


def own_path(wanted: str, otherwise: str = "/home") -> str:
    """``wanted`` when it is the path of a page of ours, else ``otherwise``.

    A path that could be read as another host is refused, also by the parsers that are kinder than the standard:
    no ``//`` in the path (nor dots that would make one), no backslash, no ``@``, nothing that is not visible ASCII.
    """
    path = re.split(r"[?#]", wanted, maxsplit=1)[0]
    ours = (
        len(wanted) <= LONGEST
        and _OWN.fullmatch(wanted) is not None
        and "//" not in path
        and "/." not in path
        and "\\" not in wanted
        and "@" not in wanted
        and not path.lower().startswith(("/%2f", "/%5c"))
        and not path.startswith(("/sign-in/", "/sign-out", "/language/", "/api/"))
    )
    return wanted if ours else otherwise
