"""Round, window, extension, announcement."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from challenge.kernel.columns import CENTS, UtcDateTime, json_column, one_of
from challenge.kernel.constraints import refuses
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.record import Record, Row
from challenge.kernel.triggers import Trigger, register
from challenge.rounds.states import RoundState, WindowName


class Round(Record, table=True):
    """One run of the programme. ``budget_cents`` None: not known (imported rounds)."""

    __table_args__ = (
        CheckConstraint("budget_cents IS NULL OR budget_cents >= 0", name="budget_not_negative"),
        CheckConstraint("rules_version >= 1", name="rules_version_from_one"),
        CheckConstraint(
            "state IN ('draft', 'cancelled') OR imported OR published_at IS NOT NULL",
            name="published_at_when_published",
        ),
        CheckConstraint("open_matters >= 0", name="open_matters_not_negative"),
        CheckConstraint("state <> 'closed' OR imported OR open_matters = 0", name="nothing_open_when_closed"),
        CheckConstraint("amendment IS NULL OR state = 'published'", name="amendment_only_published"),
    )

    title: str = Field(max_length=120, unique=True)
    summary: str = Field(default="", max_length=2000)
    state: RoundState = Field(default=RoundState.DRAFT, sa_type=one_of(RoundState))
    zone: str = Field(default="Europe/Tallinn", max_length=40)
    budget_cents: int | None = Field(default=None, sa_type=CENTS)
    rules: dict[str, Any] = Field(sa_type=json_column(), nullable=False)
    rules_version: int = Field(default=1)
    revision: int = Field(default=0)
    amendment: dict[str, Any] | None = Field(default=None, sa_type=json_column())  # prepared, not in force
    saved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    # Pushed down by proposals and selection (``actions.count_open``): what must be settled before the round is closed.
    open_matters: int = Field(default=0)
    imported: bool = Field(default=False)
    example: bool = Field(default=False)  # marked as example content on every page
    facts: dict[str, Any] = Field(default_factory=dict, sa_type=json_column(), nullable=False)  # known of past rounds
    cloned_from_id: int | None = Field(default=None, foreign_key="round.id", ondelete="RESTRICT")

    @property
    def round_code(self) -> str:
        """Its own code: the scope of its steps."""
        return self.code


class Window(Row, table=True):
    """A named period of a round."""

    __table_args__ = (
        UniqueConstraint("round_id", "name"),
        CheckConstraint("opens_at < closes_at", name="opens_before_closes"),
    )

    round_id: int = Field(foreign_key="round.id", ondelete="CASCADE")
    name: WindowName = Field(sa_type=one_of(WindowName))
    opens_at: datetime = Field(sa_type=UtcDateTime)
    closes_at: datetime = Field(sa_type=UtcDateTime)


class Extension(Row, table=True):
    """A later due date for one record: every deadline guard asks ``due_at(record)``."""

    workflow: str = Field(max_length=32)
    subject_code: str = Field(max_length=8, index=True)
    until: datetime = Field(sa_type=UtcDateTime)
    reason: str = Field(max_length=2000)
    by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    at: datetime = Field(sa_type=UtcDateTime)


class Announcement(Record, table=True):
    """News of a round; also the public log of changes of rules and dates (then ``rules_version`` is what began)."""

    __table_args__ = (UniqueConstraint("round_id", "rules_version"),)

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    title: str = Field(max_length=160)
    text: str = Field(max_length=5000)
    rules_version: int | None = Field(default=None)
    published_at: datetime = Field(sa_type=UtcDateTime)
    by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")


class LearningLink(Record, table=True):
    """Something outside that helps a city that is new, as the coordinators recommend it."""

    __tablename__ = "learning_link"
    __table_args__ = (CheckConstraint("place >= 1", name="place_from_one"),)

    round_id: int = Field(foreign_key="round.id", ondelete="RESTRICT", index=True)
    round_code: str = Field(max_length=8)
    place: int
    title: str = Field(max_length=160)
    href: str = Field(max_length=500)
    language: str = Field(max_length=2)
    note: str = Field(default="", max_length=500)


FROZEN = "rules of a round are frozen"
_NEWER = "NEW.rules_version > OLD.rules_version"
_TOUCHED = "OLD.state <> 'draft' AND (NEW.rules IS {not_same} OLD.rules OR NEW.rules_version <> OLD.rules_version)"

register(
    Trigger(
        "round_rules_frozen",
        sqlite=(
            "CREATE TRIGGER round_rules_frozen BEFORE UPDATE ON round"
            f" WHEN {_TOUCHED.format(not_same='NOT')} AND NOT ({_NEWER})"
            f" BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION round_rules_frozen() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{FROZEN}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
            "CREATE TRIGGER round_rules_frozen BEFORE UPDATE ON round FOR EACH ROW"
            f" WHEN ({_TOUCHED.format(not_same='DISTINCT FROM')} AND NOT ({_NEWER}))"
            " EXECUTE FUNCTION round_rules_frozen()",
        ),
    )
)

refuses(FROZEN, Problem("rules_frozen", _("The rules are frozen since the round was published: amend them.")))
refuses(
    "uq_round_title",
    Problem(
        "title_taken",
        _("Another round has this title."),
        {"title": _("Another round has this title. Choose another one.")},
    ),
    columns="round.title",
)
refuses(
    "ck_window_opens_before_closes",
    Problem("window_order", _("A window opens before it closes.")),
)
