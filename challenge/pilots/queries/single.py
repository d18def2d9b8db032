"""One pilot and what belongs to it: everybody reads the public face, its own people and the programme the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import and_, or_
from sqlmodel import col, select

from challenge.kernel.errors import Forbidden, Missing
from challenge.kernel.i18n import _
from challenge.kernel.journal import Step, StepText
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.queries import names
from challenge.people.rules import may_not
from challenge.pilots import content
from challenge.pilots.content import Member
from challenge.pilots.models import Indicator, Milestone, Pilot, PilotChallenge, Report, Tranche
from challenge.pilots.queries.scope import in_sight, inside
from challenge.submissions.models import Submission
from challenge.submissions.states import PUBLIC

STEPS = 60


def visible(w: Work, code: str) -> Pilot:
    """A pilot by its code; whoever may not know of it gets Missing."""
    found = w.session.exec(select(Pilot).where(Pilot.code == code, in_sight(w))).first()
    if found is None:
        raise Missing
    return found


def whole(w: Work, code: str) -> Pilot:
    """A pilot for those who read everything of it: Missing for who may not know of it, Forbidden for the public."""
    found = visible(w, code)
    if not is_inside(w, found):
        raise Forbidden(may_not(_("Only the pilot’s own people and the programme can see this.")))
    return found


def is_inside(w: Work, pilot: Pilot) -> bool:
    """Whether the actor reads more than the public."""
    return w.session.exec(select(Pilot.id).where(Pilot.id == pilot.id, inside(w))).first() is not None


def report(w: Work, code: str) -> Report:
    """A report, for those inside. Missing for all others."""
    found = select(Report).join(Pilot, col(Pilot.id) == Report.pilot_id).where(Report.code == code, inside(w))
    row = w.session.exec(found).first()
    if row is None:
        raise Missing
    return row


def pilot_of(w: Work, row: Report | Tranche) -> Pilot:
    """The pilot of a report or tranche one has reached."""
    return w.session.get_one(Pilot, row.pilot_id)


Kinds = Literal["milestone", "indicator", "report", "tranche"]
TABLES: dict[Kinds, Any] = {"milestone": Milestone, "indicator": Indicator, "report": Report, "tranche": Tranche}


def item(w: Work, kind: Kinds, pilot: Pilot, code: str) -> Any:
    """A milestone, indicator, report or tranche of this pilot."""
    table = TABLES[kind]
    found = w.session.exec(select(table).where(table.pilot_id == pilot.id, table.code == code)).first()
    if found is None:
        raise Missing
    return found


def named_items(w: Work, report_id: int | None, milestone_id: int | None) -> tuple[Report | None, Milestone | None]:
    """The report and the milestone of these ids, of a pilot one has reached."""
    return (
        w.session.get(Report, report_id) if report_id is not None else None,
        w.session.get(Milestone, milestone_id) if milestone_id is not None else None,
    )


def member(w: Work, pilot: Pilot, code: str) -> tuple[Member, Organisation]:
    """A member city by its code."""
    found = next((row for row in content.members(w, pilot) if row.code == code), None)
    if found is None:
        raise Missing
    return found, w.session.get_one(Organisation, found.city_id)


@dataclass(frozen=True, slots=True)
class Solved:
    """A challenge the pilot works on; it has a page where everybody may read it."""

    code: str
    title: str
    public: bool


def challenges(w: Work, pilot: Pilot) -> list[Solved]:
    """The challenges it works on."""
    rows = w.session.exec(
        select(Submission.code, Submission.title, Submission.state)
        .join(PilotChallenge, col(PilotChallenge.submission_id) == Submission.id)
        .where(PilotChallenge.pilot_id == pilot.id)
        .order_by(col(PilotChallenge.id))
    )
    return [Solved(code, title, state in PUBLIC) for code, title, state in rows]


def signatures(w: Work, pilot: Pilot, number: int) -> dict[str, tuple[datetime, int | None]]:
    """Who signed a version of the agreement, when and by whom: city by its code, the lead organisation under "".

    From the journal: a later signature takes the place of an earlier one in the rows, and in the journal both stay.
    """
    rows = w.session.exec(
        select(Step, StepText.given)
        .join(StepText, col(StepText.step_id) == Step.id)
        .where(
            Step.workflow == content.WORKFLOW, Step.subject_code == pilot.code,
            col(Step.transition).in_(("sign_agreement", "sign_as_lead")),
        )
        .order_by(col(Step.id))
    )  # fmt: skip
    return {
        str(given.get("city", "")): (step.at, step.actor_id)
        for step, given in rows
        if dict(given or {}).get("revision") == number
    }


# History


@dataclass(frozen=True, slots=True)
class Happened:
    """A step of a pilot or of one of its reports."""

    workflow: str
    transition: str
    subject_code: str
    at: datetime
    who: str
    given: dict[str, Any]


def history(w: Work, pilot: Pilot) -> list[Happened]:
    """What happened to it, the newest first; for those inside."""
    reports = select(Report.code).where(Report.pilot_id == pilot.id)
    rows = w.session.exec(
        select(Step, StepText.given)
        .outerjoin(StepText, col(StepText.step_id) == Step.id)
        .where(
            or_(
                and_(col(Step.workflow) == content.WORKFLOW, col(Step.subject_code) == pilot.code),
                and_(col(Step.workflow) == content.REPORTING, col(Step.subject_code).in_(reports)),
            )
        )
        .order_by(col(Step.id).desc())
        .limit(STEPS)
    ).all()
    who = names(w, [step.actor_id for step, _given in rows])
    return [
        Happened(
            step.workflow,
            step.transition,
            step.subject_code,
            step.at,
            who.get(step.actor_id or 0, ""),
            dict(given or {}),
        )
        for step, given in rows
    ]
