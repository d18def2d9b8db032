"""Who else is here, and how much was said of each question: for the pages of a form and for its script."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from challenge.http import saving
from challenge.http.sent import Sent
from challenge.http.work import work
from challenge.kernel import comment, editing, patch
from challenge.kernel.errors import Forbidden
from challenge.kernel.i18n import _, gettext
from challenge.kernel.work import Work

if TYPE_CHECKING:
    from challenge.http.drafts import Drafts

OFTEN = timedelta(minutes=1)  # as long as nobody moves, presence is written once in so long


@dataclass(frozen=True, slots=True)
class Here:
    """Somebody else at the form, and the question they are at if that is known."""

    name: str
    question: str
    label: str

    @property
    def text(self) -> str:
        """In words."""
        if self.label:
            return str(_("%(name)s is at: %(label)s", name=self.name, label=self.label))
        return str(_("%(name)s is at this form too", name=self.name))


@dataclass(frozen=True, slots=True)
class Talk:
    """How many comments wait on a question, and how many texts it has had."""

    comments: int
    texts: int


def here_too(drafts: Drafts, w: Work, record: Any) -> list[Here]:
    """Everybody else who is there now; to those who work on it together."""
    if drafts.discusses is not None and drafts.discusses(w, record) is not None:
        return []
    there = editing.others(w, drafts.workflow, record)
    names = drafts.names_of(w, [other.person_id for other in there])
    asked = drafts.model(w, record).model_fields
    labels = {name: gettext(info.title or name) for name, info in asked.items()}
    return [Here(names.get(one.person_id, ""), one.question or "", labels.get(one.question or "", "")) for one in there]


def talk(drafts: Drafts, w: Work, record: Any) -> Mapping[str, Talk] | None:
    """What was said and tried, by question; None for whoever does not work on it."""
    if drafts.discusses is None or drafts.discusses(w, record) is not None:
        return None
    waiting = comment.open_on(w, drafts.workflow, record.code)
    texts = patch.counts(w, drafts.workflow, record.code)
    asked = drafts.model(w, record).model_fields
    return {name: Talk(waiting.get(name, 0), texts.get(name, 0)) for name in asked}


def add_presence(router: APIRouter, drafts: Drafts) -> None:
    """Route ``POST /{noun}/{code}/here``: a script says at which question one is, and is told who else is where."""

    @router.post(f"/{drafts.acts.noun}/{{code}}/here", include_in_schema=False, name=f"{drafts.acts.noun}.here")
    def here(request: Request, code: str, sent: Sent) -> Response:
        question, is_leaving = sent.get("question")[:48] or None, bool(sent.get("leaving"))
        with work(request, writing=False) as w:
            record = drafts.acts.find(w, code)
            demand(drafts, w, record)
            is_noted = editing.is_noted(w, drafts.workflow, record, question, within=OFTEN)
            there = [
                {"name": one.name, "question": one.question, "text": one.text} for one in here_too(drafts, w, record)
            ]
            saved_at = record.saved_at.isoformat() if record.saved_at else None
        if is_leaving or not is_noted:
            with work(request) as w:
                record = drafts.acts.find(w, code)
                saving.lock(w, record)
                if is_leaving:
                    editing.left(w, drafts.workflow, record)
                else:
                    editing.opened(w, drafts.workflow, record, question)
        return JSONResponse({"here": there, "saved_at": saved_at})


def demand(drafts: Drafts, w: Work, record: Any) -> None:
    """Raise Forbidden for whoever does not work on the record with the others."""
    if drafts.discusses is not None and (problem := drafts.discusses(w, record)):
        raise Forbidden(problem)
