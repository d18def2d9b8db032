"""Every route is for people who are signed in unless it says otherwise; a test reads the same mark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def public(endpoint: F) -> F:
    """Mark an endpoint as open to everybody."""
    endpoint.access = "public"  # type: ignore[attr-defined]
    return endpoint


def before_second_factor(endpoint: F) -> F:
    """Mark an endpoint that helps to set up a second factor: it works for who must do so first."""
    endpoint.before_second_factor = True  # type: ignore[attr-defined]
    return endpoint


def is_before_second_factor(endpoint: object) -> bool:
    """Whether the endpoint works for who must set up a second factor first."""
    return is_public(endpoint) or getattr(endpoint, "before_second_factor", False)


def is_public(endpoint: object) -> bool:
    """Whether the endpoint is marked public."""
    return getattr(endpoint, "access", "signed_in") == "public"
