"""A save of a long form, from a page or from the API: merged question by question, and told what became of it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel.dates import format_time
from starlette.responses import JSONResponse

from challenge.http.forms import Form, ask_of
from challenge.http.sent import SentBody
from challenge.kernel import editing, sealing
from challenge.kernel.editing import Merged
from challenge.kernel.errors import Forbidden, Problem, Refused
from challenge.kernel.i18n import _, locale
from challenge.kernel.patch import token_of
from challenge.kernel.work import Work

if TYPE_CHECKING:
    from challenge.http.drafts import Drafts

BASE = "base-"  # before the name of a question: the text its page showed
SOMEBODY_ELSE = Problem(
    "somebody_else", _("Somebody else is signed in here by now. Sign in as the person who wrote this, then save again.")
)
LATE = _("Somebody else changed the same answer. Your text is kept: see both and choose.")


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
