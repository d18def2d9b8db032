"""A question that several rules ask is asked of the database once, in a request that only reads."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from challenge.kernel.record import Row
from challenge.kernel.work import Work

P = ParamSpec("P")
R = TypeVar("R")


def once(question: Callable[Concatenate[Work, P], R]) -> Callable[Concatenate[Work, P], R]:
    """Keep the answer for the rest of a unit that cannot write; where something may be written it is asked anew.

    What is asked about must be records, codes, numbers or words. Nobody may change the answer.
    """

    @wraps(question)
    def asked(w: Work, /, *about: P.args, **more: P.kwargs) -> R:
        if w.known is None or more:
            return question(w, *about, **more)
        key = (question, *map(_name, about))
        if key not in w.known:
            w.known[key] = question(w, *about, **more)
        answer: R = w.known[key]
        return answer

    return asked


def _name(one: Any) -> Any:
    return (type(one), one.id) if isinstance(one, Row) else one
