"""Meetings, decisions and notes as people enter them."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import Field, model_validator

from challenge.kernel.ask import Ask, Words
from challenge.kernel.i18n import N_
from challenge.pilots.asks import Given


class MeetingIn(Given):
    """A meeting of the pilot's people."""

    held_on: Annotated[date, Field(title=N_("Day of the meeting")), Ask("date", missing=N_("Say when you met"))]
    present: Annotated[str, Field(min_length=1, max_length=600, title=N_("Who was there"),
        description=N_("Names, or “all partners but Fingal”.")),
        Ask("textarea", rows=2, missing=N_("Say who was there"))]  # fmt: skip
    noted: Annotated[str, Field(min_length=1, max_length=8000, title=N_("What was said"),
        description=N_("What was decided is added below it, one by one, each with who does it and by when.")),
        Words(1000), Ask("textarea", rows=10, missing=N_("Say what the meeting was about"))]  # fmt: skip


class DecisionIn(Given):
    """What was decided, and who does it by when."""

    text: Annotated[str, Field(min_length=1, max_length=1000, title=N_("What was decided")), Words(120),
        Ask("textarea", rows=3, missing=N_("Say what was decided"))]  # fmt: skip
    who: Annotated[str, Field(max_length=8, title=N_("Who does it"),
        description=N_("They see it on their home page until it is done.")), Ask("select")] = ""  # fmt: skip
    due_on: Annotated[date | None, Field(title=N_("By when")), Ask("date")] = None

    @model_validator(mode="after")
    def _somebody_does_it(self) -> DecisionIn:
        if self.due_on and not self.who:
            raise ValueError(N_("Say who does it, or leave the day out: a day alone reminds nobody."))
        return self


class StrikeIn(Given):
    """Words about somebody that must go, for good."""

    words: Annotated[str, Field(min_length=2, max_length=200, title=N_("Words to remove"),
        description=N_("Exactly as they stand. “[removed]” stands there afterwards, in earlier wordings too.")),
        Ask(missing=N_("Write the words that are to go"))]  # fmt: skip
    reason: Annotated[str, Field(min_length=1, max_length=400, title=N_("Reason"),
        description=N_("It stays in the history with your name. Do not repeat the words in it.")),
        Ask("textarea", rows=3, missing=N_("Say why"))]  # fmt: skip


class NoteIn(Given):
    """What the mentor sees."""

    text: Annotated[str, Field(min_length=1, max_length=4000, title=N_("Note"),
        description=N_("Only you and the coordinators read it, and the team once you share it.")), Words(500),
        Ask("textarea", rows=8, missing=N_("Write the note"))]  # fmt: skip
