"""Writing the log and the notes. Every wording is kept as a revision; the pilot's history says who changed what."""

from __future__ import annotations

from typing import Any

from challenge.kernel import revision
from challenge.kernel.errors import Forbidden, Invalid, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.pilots import content
from challenge.pilots.actions import lock, permit, writing
from challenge.pilots.log import queries, rules
from challenge.pilots.log.models import Decision, Meeting, MentorNote
from challenge.pilots.log.queries import DECISION, MEETING, NOTE, Met
from challenge.pilots.log.schemas import DecisionIn, MeetingIn, NoteIn, StrikeIn
from challenge.pilots.models import Pilot
from challenge.pilots.rules import is_coordinator

SHARED = Problem("shared", _("This note is shared already. Write a new one."))
TEXTS = {"present": 600, "noted": 8000, "text": 1000}  # what is written freely, and how long it can be
NOT_THERE = _("These words do not stand there. Write them exactly as they stand.")
TOO_LONG = _("The text would become too long. Remove a longer piece of it.")
DONE = Problem("done", _("This is done already, so it stays. Note what follows as a new decision."))


def add_meeting(w: Work, pilot: Pilot, draft: MeetingIn) -> Meeting:
    """Note a meeting."""
    _begin(w, pilot)
    _has_been(w, draft)
    who: Any = w.actor.id  # whoever writes the log is signed in
    made = w.add(Meeting(pilot_id=pilot.id, by_id=who, **draft.model_dump()))
    _keep(w, pilot, "add_meeting", MEETING, made, draft.model_dump(mode="json"))
    return made


def change_meeting(w: Work, pilot: Pilot, meeting: Meeting, draft: MeetingIn) -> None:
    """Correct it; the earlier wording stays beside it."""
    _begin(w, pilot)
    _has_been(w, draft)
    for name, value in draft.model_dump().items():
        setattr(meeting, name, value)
    _keep(w, pilot, "change_meeting", MEETING, meeting, draft.model_dump(mode="json"))


def _has_been(w: Work, draft: MeetingIn) -> None:
    if draft.held_on > w.now.date():
        text = _("This day is still to come")
        raise Invalid(Problem("still_to_come", text, {"held_on": text}))


def add_decision(w: Work, pilot: Pilot, meeting: Meeting, draft: DecisionIn) -> Decision:
    """Note what a meeting decided."""
    _begin(w, pilot)
    columns = _columns(w, pilot, draft)
    made = w.add(Decision(pilot_id=pilot.id, meeting_id=meeting.id, **columns))
    _keep(w, pilot, "add_decision", DECISION, made, draft.model_dump(mode="json"), told=draft.who)
    return made


def change_decision(w: Work, pilot: Pilot, decision: Decision, draft: DecisionIn) -> None:
    """Correct it, as long as it is not done."""
    _begin(w, pilot)
    if decision.done_on is not None:
        raise Refused(DONE)
    columns = _columns(w, pilot, draft, decision)
    told = draft.who if columns["who_id"] != decision.who_id else ""
    for name, value in columns.items():
        setattr(decision, name, value)
    _keep(w, pilot, "change_decision", DECISION, decision, draft.model_dump(mode="json"), told=told)


def _columns(w: Work, pilot: Pilot, draft: DecisionIn, before: Decision | None = None) -> dict[str, Any]:
    """The columns; who is named is one of the pilot's people, or stays who was named before."""
    known = queries.named(w, pilot, before)
    if draft.who and draft.who not in known:
        text = _("Choose somebody from the list")
        raise Invalid(Problem("not_of_the_pilot", text, {"who": text}))
    who = known[draft.who].id if draft.who else None
    return {"text": draft.text, "who_id": who, "due_on": draft.due_on}


def do_decision(w: Work, pilot: Pilot, decision: Decision) -> None:
    """Say that it is done: whoever was to do it, or somebody who writes the log."""
    if problem := rules.may_do(w, pilot, decision):
        raise Forbidden(problem)
    writing(w, pilot)
    if decision.done_on is not None:
        raise Refused(DONE)
    decision.done_on = w.now.date()
    w.session.flush()
    w.note(content.WORKFLOW, pilot, "do_decision", {"item": decision.code})


def strike(w: Work, pilot: Pilot, met: Met, given: StrikeIn) -> None:
    """Words about somebody go for good: from a meeting, what it decided, every wording. After the end too."""
    permit(w, pilot, is_coordinator)
    lock(w, pilot)
    rows: list[tuple[str, Any]] = [(MEETING, met.meeting), *((DECISION, row) for row in met.decisions)]
    texts = [(row, name, revision.struck(getattr(row, name), given.words)) for _of, row in rows for name in _texts(row)]
    if any(len(text) > TEXTS[name] for _row, name, text in texts):
        raise Invalid(Problem("too_long", TOO_LONG, {"words": TOO_LONG}))
    before = sum(revision.without(w, name, row.code, given.words) for name, row in rows)
    if not before and all(getattr(row, name) == text for row, name, text in texts):
        raise Invalid(Problem("not_there", NOT_THERE, {"words": NOT_THERE}))
    for row, name, text in texts:
        setattr(row, name, text)
    w.note(content.WORKFLOW, pilot, "strike_words", {"item": met.meeting.code, "reason": given.reason})


def _texts(row: Any) -> list[str]:
    return [name for name in TEXTS if name in type(row).model_fields]


# Notes of the mentor: the journal says that one was written, never what


def add_note(w: Work, pilot: Pilot, draft: NoteIn) -> MentorNote:
    """Write one: for oneself and the coordinators."""
    permit(w, pilot, rules.mentors)
    writing(w, pilot)
    who: Any = w.actor.id  # a mentor is signed in
    made = w.add(MentorNote(pilot_id=pilot.id, round_code=pilot.round_code, by_id=who, text=draft.text))
    w.note(NOTE, made, "write")
    return made


def change_note(w: Work, pilot: Pilot, note: MentorNote, draft: NoteIn) -> None:
    """Say it otherwise, until it is shared: what the team has read stays."""
    permit(w, note, rules.wrote)
    writing(w, pilot)
    if note.shared_at is not None:
        raise Refused(SHARED)
    note.text = draft.text
    w.session.flush()
    w.note(NOTE, note, "change")


def share_note(w: Work, pilot: Pilot, note: MentorNote) -> None:
    """Show it to the team; this cannot be taken back."""
    permit(w, note, rules.wrote)
    writing(w, pilot)
    if note.shared_at is not None:
        raise Refused(SHARED)
    note.shared_at = w.now
    w.session.flush()
    w.note(content.WORKFLOW, pilot, "share_note", {"item": note.code})


# What the writing of the log shares


def _begin(w: Work, pilot: Pilot) -> None:
    permit(w, pilot, rules.may_log)
    writing(w, pilot)


def _keep(
    w: Work, pilot: Pilot, act: str, name: str, row: Meeting | Decision, wording: dict[str, Any], told: str = ""
) -> None:
    """The wording as a revision; nothing is noted where nothing changed. Who is named anew is told of it."""
    before = row.revision
    kept = revision.revise(w, name, row, wording)
    w.session.flush()
    if row.revision != before:
        people = {"people": [told]} if told else {}
        w.note(content.WORKFLOW, pilot, act, {"item": row.code, **revision.named(kept), **people})
