"""Keyset pages: a cursor says after which row to go on; pages stay right while rows come and go."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from challenge.kernel.errors import Invalid, Problem
from challenge.kernel.i18n import _

T = TypeVar("T")
PAGE = 50
MOST = 200


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and the cursor of the next page (None at the end)."""

    rows: Sequence[T]
    following: str | None = None


def cursor(*keys: str | int) -> str:
    """The sort keys of the last row of a page, as text for a URL."""
    return base64.urlsafe_b64encode(json.dumps(keys).encode()).decode().rstrip("=")


def after(text: str | None, *kinds: type) -> list[str | int] | None:
    """The keys a cursor holds, each of the kind given; None without a cursor. Raises Invalid when it is not ours."""
    if not text:
        return None
    try:
        keys = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, binascii.Error) as error:
        raise Invalid(NOT_OURS) from error
    if not isinstance(keys, list) or len(keys) != len(kinds):
        raise Invalid(NOT_OURS)
    if any(type(key) is not kind for key, kind in zip(keys, kinds, strict=True)):
        raise Invalid(NOT_OURS)
    return keys


NOT_OURS = Problem("cursor", _("This page address is not valid any more. Start from the first page."))
