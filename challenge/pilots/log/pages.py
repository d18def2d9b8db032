"""The log of meetings and decisions, and the notes of the mentor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Choices, Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import work
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.people.queries import names
from challenge.pilots import queries as pilots
from challenge.pilots import rules as pilot_rules
from challenge.pilots.log import actions, queries, rules, views
from challenge.pilots.log.schemas import DecisionIn, MeetingIn, NoteIn, StrikeIn
from challenge.pilots.pages.portfolio import zone_of
from challenge.pilots.pages.shared import form_page, permit, same_version, take

if TYPE_CHECKING:
    from challenge.pilots.log.models import Decision
    from challenge.pilots.models import Pilot

router = APIRouter(include_in_schema=False)
MEETING, DECISION, NOTE = _("Notes of a meeting"), _("What was decided"), _("Note of the mentor")
ERASURE = _("Remove words about somebody")
FOR_GOOD: dict[str, Any] = {
    "note": _("From the notes, what was decided, and how both were worded before. Nobody can bring them back."),
    "button": _("Remove the words"), "after_end": True,
}  # fmt: skip
STAYS = _("The earlier wording stays on record, for everybody who reads the log.")


@router.get("/pilots/{code}/log")
def index(request: Request, code: str) -> Response:
    """Meetings, the newest first; above them what is still to be done."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        met = queries.log(w, pilot)
        return page(
            w, "pilots/log.html", pilot=pilot, met=met, waiting=views.waiting(met),
            who=names(w, (row.who_id for one in met for row in one.decisions)), today=views.today(w, pilot),
            may_log=_is_open(w, pilot) and rules.may_log(w, pilot) is None,
        )  # fmt: skip


def _is_open(w: Work, pilot: Pilot) -> bool:
    return pilot_rules.has_not_ended(w, pilot) is None


@router.get("/pilots/{code}/log/new")
def new(request: Request, code: str) -> Response:
    """Note a meeting."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        permit(w, pilot, rules.may_log)
        base = f"/pilots/{code}/log"
        return form_page(w, pilot, Form(MeetingIn), MEETING, f"{base}/new", base, version=None)


@router.post("/pilots/{code}/log/new")
def create(request: Request, code: str, sent: Sent) -> Response:
    """Keep it; what was decided is added on its page."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        base, made = f"/pilots/{code}/log", []
        answer = take(
            w, pilot, sent, MeetingIn, lambda draft: made.append(actions.add_meeting(w, pilot, draft)),
            heading=MEETING, url=f"{base}/new", back=base, say=_("Noted. Now add what was decided."), version=None,
        )  # fmt: skip
        if made:
            answer.headers["location"] = f"{base}/{made[0].code}"
        return answer


@router.get("/pilots/{code}/log/{item}")
def show(request: Request, code: str, item: str) -> Response:
    """A meeting: what was said, what was decided, how it was worded before."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        met = queries.met(w, pilot, item)
        return page(
            w, "pilots/meeting.html", pilot=pilot, met=met, zone=zone_of(w, pilot), today=views.today(w, pilot),
            who=names(w, [met.meeting.by_id, *(row.who_id for row in met.decisions)]),
            wordings=views.wordings(w, met),
            may_log=_is_open(w, pilot) and rules.may_log(w, pilot) is None,
            may_strike=pilot_rules.is_coordinator(w, pilot) is None,
            may_do={row.code for row in met.decisions
                    if _is_open(w, pilot) and row.done_on is None and rules.may_do(w, pilot, row) is None},
        )  # fmt: skip


@router.get("/pilots/{code}/log/{item}/edit")
def edit(request: Request, code: str, item: str) -> Response:
    """Correct it."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        permit(w, pilot, rules.may_log)
        row, back = queries.met(w, pilot, item).meeting, f"/pilots/{code}/log/{item}"
        form = Form(MeetingIn, {name: getattr(row, name) for name in MeetingIn.model_fields})
        return form_page(w, pilot, form, MEETING, f"{back}/edit", back, version=row.version, note=STAYS)


@router.post("/pilots/{code}/log/{item}/edit")
def update(request: Request, code: str, item: str, sent: Sent) -> Response:
    """Keep the correction."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        row, back = queries.met(w, pilot, item).meeting, f"/pilots/{code}/log/{item}"
        return take(
            w, pilot, sent, MeetingIn, lambda draft: actions.change_meeting(w, pilot, row, draft), heading=MEETING,
            url=f"{back}/edit", back=back, say=_("Saved."), of=row, note=STAYS,
        )  # fmt: skip


@router.get("/pilots/{code}/log/{item}/erasure")
def erasure(request: Request, code: str, item: str) -> Response:
    """Which words about somebody are to go."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        permit(w, pilot, pilot_rules.is_coordinator)
        row, back = queries.met(w, pilot, item).meeting, f"/pilots/{code}/log/{item}"
        return form_page(w, pilot, Form(StrikeIn), ERASURE, f"{back}/erasure", back, version=row.version, **FOR_GOOD)


@router.post("/pilots/{code}/log/{item}/erasure")
def erase(request: Request, code: str, item: str, sent: Sent) -> Response:
    """Strike them out, also once the pilot has ended."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        met, back = queries.met(w, pilot, item), f"/pilots/{code}/log/{item}"
        return take(
            w, pilot, sent, StrikeIn, lambda given: actions.strike(w, pilot, met, given), heading=ERASURE,
            url=f"{back}/erasure", back=back, say=_("The words are removed."), of=met.meeting, **FOR_GOOD,
        )  # fmt: skip


# Decisions


def _choices(w: Work, pilot: Pilot, row: Decision | None = None) -> dict[str, Choices]:
    nobody = ("", _("Nobody in particular"))
    return {"who": [nobody, *((code, who.name) for code, who in queries.named(w, pilot, row).items())]}


@router.get("/pilots/{code}/log/{item}/decisions/new")
def new_decision(request: Request, code: str, item: str) -> Response:
    """Note what a meeting decided."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        permit(w, pilot, rules.may_log)
        back = f"/pilots/{code}/log/{queries.met(w, pilot, item).meeting.code}"
        form = Form(DecisionIn, choices=_choices(w, pilot))
        return form_page(w, pilot, form, DECISION, f"{back}/decisions/new", back, version=None)


@router.post("/pilots/{code}/log/{item}/decisions/new")
def create_decision(request: Request, code: str, item: str, sent: Sent) -> Response:
    """Keep it."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        row, back = queries.met(w, pilot, item).meeting, f"/pilots/{code}/log/{item}"
        return take(
            w, pilot, sent, DecisionIn, lambda draft: actions.add_decision(w, pilot, row, draft), heading=DECISION,
            url=f"{back}/decisions/new", back=back, say=_("Added."), choices=_choices(w, pilot), version=None,
        )  # fmt: skip


@router.get("/pilots/{code}/decisions/{item}")
def edit_decision(request: Request, code: str, item: str) -> Response:
    """Correct it."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        row = queries.decision(w, pilot, item)
        permit(w, pilot, rules.may_log)
        choices = _choices(w, pilot, row)
        who = next((key for key, one in queries.named(w, pilot, row).items() if one.id == row.who_id), "")
        form = Form(DecisionIn, {"text": row.text, "who": who, "due_on": row.due_on}, choices=choices)
        return form_page(w, pilot, form, version=row.version, note=STAYS, **_places(w, code, row))


@router.post("/pilots/{code}/decisions/{item}")
def update_decision(request: Request, code: str, item: str, sent: Sent) -> Response:
    """Keep the correction."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        row = queries.decision(w, pilot, item)
        return take(
            w, pilot, sent, DecisionIn, lambda draft: actions.change_decision(w, pilot, row, draft), say=_("Saved."),
            choices=_choices(w, pilot, row), of=row, note=STAYS, **_places(w, code, row),
        )  # fmt: skip


def _places(w: Work, code: str, row: Decision) -> dict[str, Any]:
    meeting = queries.meeting_of(w, row).code
    heading: Text = DECISION
    return {"heading": heading, "url": f"/pilots/{code}/decisions/{row.code}", "back": f"/pilots/{code}/log/{meeting}"}


@router.post("/pilots/{code}/decisions/{item}/completion")
def do(request: Request, code: str, item: str, sent: Sent) -> Response:
    """It is done."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        row = queries.decision(w, pilot, item)
        same_version(row, sent)
        actions.do_decision(w, pilot, row)
        return see_other(w, f"/pilots/{code}/log/{queries.meeting_of(w, row).code}", say=_("Noted as done."))


# Notes of the mentor


@router.get("/pilots/{code}/notes")
def notes(request: Request, code: str) -> Response:
    """Those the reader may know of."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        rows = queries.notes(w, pilot)
        return page(
            w, "pilots/notes.html", pilot=pilot, notes=rows, who=names(w, (row.by_id for row in rows)),
            zone=zone_of(w, pilot), may_write=_is_open(w, pilot) and rules.mentors(w, pilot) is None,
            own={row.code for row in rows if _is_open(w, pilot) and rules.wrote(w, row) is None},
        )  # fmt: skip


@router.get("/pilots/{code}/notes/new")
def new_note(request: Request, code: str) -> Response:
    """Write one."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        permit(w, pilot, rules.mentors)
        base = f"/pilots/{code}/notes"
        return form_page(w, pilot, Form(NoteIn), NOTE, f"{base}/new", base, version=None)


@router.post("/pilots/{code}/notes/new")
def create_note(request: Request, code: str, sent: Sent) -> Response:
    """Keep it, for the mentor and the coordinators."""
    with work(request) as w:
        pilot, base = pilots.whole(w, code), f"/pilots/{code}/notes"
        return take(
            w, pilot, sent, NoteIn, lambda draft: actions.add_note(w, pilot, draft), heading=NOTE, url=f"{base}/new",
            back=base, say=_("Noted. The team does not see it."), version=None,
        )  # fmt: skip


@router.get("/pilots/{code}/notes/{item}")
def edit_note(request: Request, code: str, item: str) -> Response:
    """Say it otherwise."""
    with work(request) as w:
        pilot, base = pilots.whole(w, code), f"/pilots/{code}/notes"
        row = queries.note(w, pilot, item)
        permit(w, row, rules.wrote)
        return form_page(
            w, pilot, Form(NoteIn, {"text": row.text}), NOTE, f"{base}/{item}", base, version=row.version
        )  # fmt: skip


@router.post("/pilots/{code}/notes/{item}")
def update_note(request: Request, code: str, item: str, sent: Sent) -> Response:
    """Keep it so."""
    with work(request) as w:
        pilot, base = pilots.whole(w, code), f"/pilots/{code}/notes"
        row = queries.note(w, pilot, item)
        return take(
            w, pilot, sent, NoteIn, lambda draft: actions.change_note(w, pilot, row, draft), heading=NOTE,
            url=f"{base}/{item}", back=base, say=_("Saved."), of=row,
        )  # fmt: skip


@router.post("/pilots/{code}/notes/{item}/sharing")
def share_note(request: Request, code: str, item: str, sent: Sent) -> Response:
    """Show it to the team."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        row = queries.note(w, pilot, item)
        same_version(row, sent)
        actions.share_note(w, pilot, row)
        return see_other(w, f"/pilots/{code}/notes", say=_("Shared. The team reads it from now on."))
