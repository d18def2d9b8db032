"""Meetings with their decisions, and the notes of a mentor. Once the pilot has ended, none of them changes."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field

from challenge.kernel.columns import UtcDateTime
from challenge.kernel.constraints import refuses
from challenge.kernel.record import Record
from challenge.kernel.revision import REMOVED
from challenge.kernel.triggers import register
from challenge.pilots.rules import ENDED
from challenge.pilots.triggers import ARCHIVED, archived


class Meeting(Record, table=True):
    """When its people met, who was there, what was said. ``revision`` counts the wordings; earlier ones are kept."""

    __tablename__ = "pilot_meeting"
    __table_args__ = (CheckConstraint("present <> '' AND noted <> ''", name="says_something"),)

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT", index=True)
    held_on: date
    present: str = Field(max_length=600)
    noted: str = Field(max_length=8000)
    by_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    revision: int = Field(default=0)


class Decision(Record, table=True):
    """What a meeting decided; where somebody is to do it, who, and by when."""

    __tablename__ = "pilot_decision"
    __table_args__ = (
        CheckConstraint("text <> ''", name="says_something"),
        CheckConstraint("due_on IS NULL OR who_id IS NOT NULL", name="due_has_somebody"),
    )

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT", index=True)
    meeting_id: int = Field(foreign_key="pilot_meeting.id", ondelete="RESTRICT", index=True)
    text: str = Field(max_length=1000)
    who_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT", index=True)
    due_on: date | None = Field(default=None)
    done_on: date | None = Field(default=None)
    revision: int = Field(default=0)


class MentorNote(Record, table=True):
    """What the mentor sees: for the coordinators, and for the team once it is shared."""

    __tablename__ = "mentor_note"
    __table_args__ = (CheckConstraint("text <> ''", name="says_something"),)

    pilot_id: int = Field(foreign_key="pilot.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    text: str = Field(max_length=4000)
    by_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    shared_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def _erases(texts: tuple[str, ...], *stays: str) -> str:
    """Words were struck out of a text, and nothing else changed."""
    said = " || ".join(f"NEW.{name}" for name in texts)
    same = [f"NEW.{name} IS NOT DISTINCT FROM OLD.{name}" for name in ("id", "code", "created_at", "pilot_id", *stays)]
    return " AND ".join([*same, f"replace({said}, '{REMOVED}', '') <> {said}"])


ERASES = {
    "pilot_meeting": _erases(("present", "noted"), "held_on", "by_id", "revision"),
    "pilot_decision": _erases(("text",), "meeting_id", "who_id", "due_on", "done_on", "revision"),
    "mentor_note": "",
}
for _table, _erased in ERASES.items():
    for _trigger in archived(_table, _erased):
        register(_trigger)

refuses(ARCHIVED, ENDED)
