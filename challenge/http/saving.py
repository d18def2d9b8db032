"""A save of a long form, from a page or from the API: merged question by question, and told what became of it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel.dates import format_time
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from challenge.http.api import check_if_match
from challenge.http.forms import Form, ask_of
from challenge.http.problems import PROBLEM_JSON
from challenge.http.sent import SentBody
from challenge.http.work import WebWork
from challenge.kernel import editing, patch, sealing
from challenge.kernel.editing import Merged
from challenge.kernel.errors import Forbidden, Problem, Refused
from challenge.kernel.i18n import _, locale
from challenge.kernel.patch import HERE, token_of
from challenge.kernel.work import Work

if TYPE_CHECKING:
    from challenge.http.drafts import Drafts

TEXTS = "other_text"  # what a program is told when another text stands
BASE = "base-"  # before the name of a question: the text its page showed
SOMEBODY_ELSE = Problem(
    "somebody_else", _("Somebody else is signed in here by now. Sign in as the person who wrote this, then save again.")
)
LATE = _("Somebody else changed the same answer. Your text is kept: see both and choose.")


class AnswersIn(BaseModel):
    """Answers by question; those not named stay. Kept as they are, finished or not; *submit* asks for all.

    With ``bases``, the names of the texts they were typed over (as the record gives them), no If-Match is needed: what
    others did not change is taken, the rest is kept aside and answered with three texts (409).
    """

    model_config = ConfigDict(extra="forbid")

    answers: dict[str, Any] = Field(max_length=60)
    bases: dict[str, str] | None = Field(default=None, max_length=60)
    sitting: str = Field(default="", max_length=32)


@dataclass(frozen=True, slots=True)
class Save:
    """What somebody sent, by question, with the texts it was typed over and the open page it was typed on."""

    typed: Mapping[str, Any]
    bases: Mapping[str, str]
    sitting: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of it. ``closed`` says why nothing can be saved any more; what was typed is set aside then."""

    merged: Merged
    closed: Problem | None = None


def new_sitting() -> str:
    """What names an open page."""
    return secrets.token_urlsafe(12)


def browser_key(w: Work) -> str:
    """With what the actor's browser seals text it could not send: who signs in there next cannot read it."""
    return sealing.key_for(w.secret, "text not sent", owner=w.actor.code)


def read_save(drafts: Drafts, w: Work, record: Any, sent: SentBody, part: str) -> Save:
    """What a page sent, of the questions it asks. Raises Forbidden when its person is not the one signed in by now."""
    if sent.get("person") not in ("", w.actor.code):
        raise Forbidden(SOMEBODY_ELSE)
    form = Form.sent(drafts.model(w, record), drafts.reads(sent), zone=drafts.acts.zone(w, record))
    asked = form.model.model_fields
    here = part if drafts.paged else ""
    typed = {name: value for name, value in form.kept.items() if not here or ask_of(asked[name]).part == here}
    return Save(typed, {name: sent.get(BASE + name) for name in typed}, sent.get("sitting")[:32])


def take(drafts: Drafts, w: Work, record: Any, save: Save) -> Saved:
    """Lock the record and merge. Raises Forbidden for whoever may not write."""
    lock(w, record)
    try:
        drafts.editable(w, record.code)
    except Refused as refusal:  # handed in or lapsed in the meantime
        meant = editing.touched(save.typed, save.bases)
        new = {name: text for name, text in meant.items() if token_of(text) != token_of(record.answers.get(name))}
        late = editing.set_aside(w, drafts.workflow, record, new, save.bases, save.sitting)
        return Saved(Merged(late=tuple(late)), refusal.problem)
    merged = editing.merge(
        w, drafts.workflow, record, save.typed, save.bases, sitting=save.sitting,
        revise=lambda answers, origin: drafts.revise(w, record, answers, origin),
    )  # fmt: skip
    return Saved(merged)


def lock(w: Work, record: Any) -> None:
    """One save at a time; the record as it is now."""
    w.session.refresh(record, with_for_update={"key_share": True})


def told(drafts: Drafts, w: Work, record: Any, save: Save, saved: Saved) -> JSONResponse:
    """The answer to a script: where the form stands now, and the texts that others wrote in the meantime."""
    late = set(saved.merged.late)
    known = {name for name in save.typed if name not in late}
    body: dict[str, Any] = {
        "version": record.version,
        "bases": {name: token_of(record.answers.get(name)) for name in known},
        "fresh": {
            name: drafts.spread(name, record.answers.get(name))
            for name in known
            if token_of(record.answers.get(name)) != token_of(save.typed[name])
        },
    }
    if late or saved.closed:
        text = str(saved.closed.text if saved.closed else LATE)
        return JSONResponse({**body, "url": drafts.url(record, "conflict"), "text": text, "late": sorted(late)}, 409)
    saved_at = record.saved_at.isoformat() if record.saved_at else None
    return JSONResponse({**body, "saved_at": saved_at, "text": saved_text(drafts, w, record)})


def keep(drafts: Drafts, w: WebWork, record: Any, given: AnswersIn) -> Response | None:
    """Keep what a program sent: over the version it names, or question by question. What it is answered if refused."""
    if given.bases is None:
        check_if_match(w.request, record)
        drafts.revise(w, record, given.answers, HERE)
        return None
    asked = drafts.model(w, record).model_fields
    typed = {name: answer for name, answer in given.answers.items() if name in asked}
    save = Save(typed, given.bases, given.sitting)
    saved = take(drafts, w, record, save)
    return refused(drafts, w, record, save, saved) if saved.merged.late else None


def bases_of(answers: Mapping[str, Any]) -> dict[str, str]:
    """What names the texts that stand, by question; an empty answer has no name."""
    return {name: token for name, answer in answers.items() if (token := token_of(answer))}


def refused(drafts: Drafts, w: Work, record: Any, save: Save, saved: Saved) -> Response:
    """The answer to a program some of whose texts were set aside: three texts for each; the others are taken."""
    texts = {
        name: {
            "yours": save.typed[name], "theirs": record.answers.get(name), "base": token_of(record.answers.get(name)),
            "began": patch.text_of(w, drafts.workflow, record.code, name, save.bases.get(name, "")),
        }
        for name in saved.merged.late
    }  # fmt: skip
    help_url = f"/help/problems#{TEXTS}"
    body = {"type": help_url, "title": str(LATE), "status": 409, "code": TEXTS, "version": record.version}
    return JSONResponse({**body, "texts": texts}, 409, media_type=PROBLEM_JSON)


def saved_text(drafts: Drafts, w: Work, record: Any) -> str:
    """``Saved 16:20:07``, on the clock of the round; nothing before the first save."""
    if record.saved_at is None:
        return ""
    zone = ZoneInfo(drafts.acts.zone(w, record))
    return str(_("Saved %(time)s", time=format_time(record.saved_at, "HH:mm:ss", tzinfo=zone, locale=locale())))


def as_fields(name: str, answer: Any) -> list[tuple[str, str]]:
    """An answer as the fields of a form that hold it."""
    if isinstance(answer, list):
        return [(name, str(value)) for value in answer]
    if isinstance(answer, bool):
        return [(name, "yes")] if answer else []
    return [(name, "" if answer is None else str(answer))]
