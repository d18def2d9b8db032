"""Pilots and what belongs to them, as rows. A live pilot is made as preparing, gets its cities, then its state."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlmodel import select

from challenge.kernel.work import Work
from challenge.pilots.log.models import Decision, Meeting, MentorNote
from challenge.pilots.models import Indicator, MemberCity, Milestone, Pilot, PilotChallenge, Report, Tranche
from challenge.pilots.states import PilotState, ReportKind
from challenge.pilots.tracking.models import Measurement, Risk, RiskKind
from challenge.proposals.models import Commitment, Proposal
from challenge.proposals.states import CommitmentKind, CommitmentState, ProposalState
from challenge.rounds.actions import count_open
from challenge.rounds.models import Round
from challenge.rounds.states import CityRole, Pairing
from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState
from tests.cast import PEOPLE, PLACES
from tests.factories.proposals import make_challenge, make_proposal
from tests.factories.rounds import make_round

BUDGET = 120_000_000
PAIR = {"tartu": CityRole.LEAD, "fingal": CityRole.PILOT}
SPLASH = {"tartu": CityRole.LEAD, "fingal": CityRole.PILOT, "dlr": CityRole.PILOT}
_numbers = itertools.count(1)


def make_selected(
    w: Work,
    round_: Round,
    *,
    cities: Mapping[str, CityRole] = SPLASH,
    decided: bool = True,
    challenges: tuple[Submission, ...] | None = None,
    **fields: Any,
) -> Proposal:
    """A proposal that is selected: with its cities, their formal decisions, one challenge and an award."""
    if challenges is None:
        challenges = (make_challenge(w, round_, state=SubmissionState.PILOT_SELECTION),)
    known = {"state": ProposalState.SELECTED, "award_cents": BUDGET, "submitted_at": w.now}
    made = make_proposal(w, round_, cities=cities, challenges=challenges, **(known | fields))
    count_open(w, round_, 1)
    for place, role in cities.items():
        if decided and role is not CityRole.FOLLOWER:
            w.add(
                Commitment(
                    proposal_id=made.id, round_code=round_.code, city_id=PLACES[place].id,
                    kind=CommitmentKind.FORMAL_DECISION, state=CommitmentState.SIGNED, signer_id=PEOPLE["mari"].id,
                    signed_at=w.now, body="City Council", decided_on=date(2027, 1, 5),
                )
            )  # fmt: skip
    return made


def make_pilot(
    w: Work,
    *,
    round_: Round | None = None,
    proposal: Proposal | None = None,
    cities: Mapping[str, CityRole] = SPLASH,
    state: PilotState = PilotState.PREPARING,
    **fields: Any,
) -> Pilot:
    """A pilot with its member cities; without ``imported`` it has a proposal in the state that fits."""
    round_ = round_ or make_round(w, title=f"Round {next(_numbers)}")
    if proposal is None and not fields.get("imported"):
        proposal = make_selected(w, round_, cities=cities)
        if state not in (PilotState.PREPARING, PilotState.TERMINATED):
            proposal.state = ProposalState.PILOTED
    known = {} if proposal is None else {
        "proposal_id": proposal.id, "organisation_id": proposal.organisation_id, "lead_id": proposal.lead_id,
        "budget_cents": proposal.award_cents, "months": proposal.months,
    }  # fmt: skip
    known |= {
        "title": f"Pilot {next(_numbers)}", "pairing": Pairing.MANDATORY, "home_country": "EE", "min_cities": 2,
        "summary": "Bathing water, measured every hour.",
    }  # fmt: skip
    if state is not PilotState.PREPARING:
        known |= {"agreed_at": w.now, "starts_on": date(2027, 1, 4), "ends_on": date(2030, 1, 3)}
    if state in (PilotState.RUNNING, PilotState.COMPLETED, PilotState.SUSPENDED):
        known["started_at"] = w.now
    if state is PilotState.COMPLETED:
        known |= {"public_summary": "It worked.", "replication_plan": "Next: Helsinki.", "ended_at": w.now}
    if state is PilotState.SUSPENDED:
        known["cure_until"] = datetime(2027, 4, 10, 9, tzinfo=UTC)
    later = {name: (known | fields)[name] for name in ("cure_until",) if (known | fields).get(name)}
    made = w.add(
        Pilot(
            round_id=round_.id, round_code=round_.code,
            **{name: value for name, value in (known | fields).items() if name not in later},
        )
    )  # fmt: skip
    for place, role in cities.items():
        make_member(w, made, place, role)
    made.state = state
    for name, value in later.items():
        setattr(made, name, value)
    w.session.flush()
    return made


def make_member(w: Work, pilot: Pilot, place: str, role: CityRole = CityRole.PILOT, **fields: Any) -> MemberCity:
    city = PLACES[place]
    return w.add(
        MemberCity(pilot_id=pilot.id, city_id=city.id, country=city.country, role=role, joined_at=w.now, **fields)
    )


def sign_all(w: Work, pilot: Pilot, cities: Mapping[str, CityRole] = SPLASH) -> None:
    """Every lead and pilot city and the lead organisation have signed the agreement as it stands."""
    for member in w.session.exec(select(MemberCity).where(MemberCity.pilot_id == pilot.id)):
        member.signed_at, member.signed_by_id, member.signed_revision = w.now, PEOPLE["mari"].id, pilot.revision
    pilot.lead_signed_at, pilot.lead_signed_by_id = w.now, PEOPLE["ravi"].id
    pilot.lead_signed_revision = pilot.revision
    w.session.flush()


def make_milestone(w: Work, pilot: Pilot, **fields: Any) -> Milestone:
    known = {"title": "Sensors stand", "starts_on": date(2027, 2, 1), "due_on": date(2027, 6, 30)}
    return w.add(Milestone(pilot_id=pilot.id, **(known | fields)))


def make_indicator(w: Work, pilot: Pilot, *, city: str | None = None, **fields: Any) -> Indicator:
    known = {"title": "Hours until a warning", "unit": "h", "baseline": Decimal(48), "target": Decimal(2)}
    city_id = PLACES[city].id if city else None
    return w.add(Indicator(pilot_id=pilot.id, city_id=city_id, **(known | fields)))


def make_measurement(w: Work, indicator: Indicator, value: str, day: date, **fields: Any) -> Measurement:
    """A value on a day; the indicator stands where the newest says."""
    made = Measurement(indicator_id=indicator.id, value=Decimal(value), measured_on=day, at=w.now, **fields)
    if indicator.measured_on is None or day >= indicator.measured_on:
        indicator.actual, indicator.measured_on = Decimal(value), day
    return w.add(made)


def make_risk(w: Work, pilot: Pilot, **fields: Any) -> Risk:
    known = {"kind": RiskKind.RISK, "title": "Ice breaks the sensors", "likelihood": 2, "impact": 2,
             "opened_on": date(2027, 1, 5)}  # fmt: skip
    return w.add(Risk(pilot_id=pilot.id, **(known | fields)))


def make_meeting(w: Work, pilot: Pilot, by: str = "ravi", **fields: Any) -> Meeting:
    known = {"held_on": date(2027, 1, 8), "present": "All partners", "noted": "The ice comes early."}
    return w.add(Meeting(pilot_id=pilot.id, by_id=PEOPLE[by].id, **(known | fields)))


def make_decision(w: Work, meeting: Meeting, who: str | None = None, **fields: Any) -> Decision:
    known = {"text": "Sensors come out in November.", "who_id": PEOPLE[who].id if who else None}
    return w.add(Decision(pilot_id=meeting.pilot_id, meeting_id=meeting.id, **(known | fields)))


def make_note(w: Work, pilot: Pilot, by: str = "eero", **fields: Any) -> MentorNote:
    known = {"text": "The team needs a data manager."}
    return w.add(MentorNote(pilot_id=pilot.id, round_code=pilot.round_code, by_id=PEOPLE[by].id, **(known | fields)))


def make_report(w: Work, pilot: Pilot, **fields: Any) -> Report:
    known = {"kind": ReportKind.INTERIM, "due_on": date(2027, 7, 31)}
    return w.add(Report(pilot_id=pilot.id, round_id=pilot.round_id, round_code=pilot.round_code, **(known | fields)))


def make_tranche(w: Work, pilot: Pilot, **fields: Any) -> Tranche:
    known = {"label": "First tranche", "cents": BUDGET, "due_on": date(2027, 3, 1)}
    return w.add(Tranche(pilot_id=pilot.id, round_code=pilot.round_code, **(known | fields)))


def link_challenge(w: Work, pilot: Pilot, challenge: Submission) -> PilotChallenge:
    return w.add(PilotChallenge(pilot_id=pilot.id, submission_id=challenge.id))
