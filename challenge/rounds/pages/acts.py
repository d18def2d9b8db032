"""The round's workflow on the web."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel

from challenge.http.transitions import Acts, Detail, add_pages
from challenge.kernel.work import Work
from challenge.kernel.workflow import Fired
from challenge.rounds import actions, queries, wording
from challenge.rounds.document import differences, in_force, prepared
from challenge.rounds.workflow import ROUND


def _detail(w: Work, round_: Any, transition: str) -> Detail | None:
    """What an amendment changes: nobody turns a key unseen."""
    if transition != "amend":
        return None
    return Detail("rounds/_changes.html", {"changes": changes_of(w, round_), "round": round_})


def changes_of(w: Work, round_: Any) -> list[tuple[object, object, object]]:
    """(what, before, after) of the amendment that is prepared."""
    old, new = in_force(w, round_), prepared(w, round_)
    return wording.changes(differences(old, new), old, new)


ACTS = Acts(
    workflow=ROUND,
    noun="rounds",
    find=queries.visible,
    fire=actions.fire,
    show=lambda round_: f"/rounds/{round_.code}",
    title=lambda round_: str(round_.title),
    zone=lambda _w, round_: str(round_.zone),
    detail=_detail,
)


def transitions(fire: Callable[[Work, Any, str, BaseModel | None], Fired] = actions.fire) -> APIRouter:
    """The pages that fire. A package that knows what rests on a round (selection) hands in its own ``fire``."""
    router = APIRouter()
    add_pages(router, replace(ACTS, fire=fire))
    return router
