"""Selecting many columns, which sqlmodel has no overload for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select


def columns(*shown: Any) -> Select[Any]:
    """A SELECT of any columns."""
    return select(*shown)
