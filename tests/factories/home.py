"""Whole scenes for the home pages: something for everybody of the cast, once in spring and once in autumn."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlmodel import select

from challenge.jury.states import ConflictState, ReviewState
from challenge.kernel.approval import Approval
from challenge.kernel.journal import Step
from challenge.kernel.letter import post
from challenge.kernel.work import Work
from challenge.notifications.models import Message
from challenge.people.models import SeatInvitation
from challenge.people.queries import fold
from challenge.people.states import Seat
from challenge.pilots.states import PilotState, ReportState
from challenge.proposals.models import Commitment, TeamMember
from challenge.proposals.states import CommitmentKind, ProposalState, TeamRole
from challenge.rounds.models import Extension, Round
from challenge.rounds.states import CityRole, Pairing, RoundState
from challenge.selection.states import OutcomeState
from challenge.submissions.models import Question
from challenge.submissions.states import SubmissionState
from tests.cast import PEOPLE, PLACES
from tests.factories.jury import JURY, make_conflict, make_judged, make_juror, make_review, make_submitted
from tests.factories.pilots import make_milestone, make_pilot, make_report
from tests.factories.proposals import make_proposal
from tests.factories.rounds import make_round
from tests.factories.selection import make_candidate, make_outcome
from tests.factories.submissions import make_interest, make_submission

CHALLENGES = datetime(2027, 1, 20, 9, tzinfo=UTC)
INTERESTS = datetime(2027, 2, 10, 9, tzinfo=UTC)
SPRING = datetime(2027, 3, 16, 10, tzinfo=UTC)  # ideas are open
PREFERENCES = datetime(2027, 4, 12, 9, tzinfo=UTC)
AUTUMN = JURY + timedelta(days=20)
BIG = {"tartu": CityRole.LEAD, "fingal": CityRole.PILOT, "dlr": CityRole.PILOT}
CARDS = (
    ("Quiet junctions at night", "mobility", "tartu", "Tram wheels squeal at four junctions after 22:00."),
    ("Warm water that nobody uses", "energy", "helsinki", "The ice hall gives off 2.1 GWh of heat a year."),
    ("Where the tree roots are", "city_planning", "tallinn", "One dig in six meets roots or pipes that no map shows."),
)
PAST = (
    ("Smart City Challenge 2020", {"year": 2020, "challenges": 10, "ideas": 71}),
    ("Smart City Challenge 2023", {"year": 2023, "finalists": 6}),
    ("Smart City Challenge 2024", {"year": 2024, "challenges": 34, "cities": 24, "countries": 15}),
)


def past_rounds(w: Work) -> list[Round]:
    """Imported rounds with what is known of them, and pilots of them."""
    rounds = []
    for title, facts in PAST:
        begun = datetime(facts["year"], 6, 1, tzinfo=UTC)
        rounds.append(make_round(w, title=title, state=RoundState.CLOSED, imported=True, facts=facts, windows={}))
        rounds[-1].published_at = begun
    for round_, title, cities, state, known in (
        (rounds[1], "UrbanSplash", BIG, PilotState.RUNNING,
         {"budget_cents": 120_000_000, "months": 36, "starts_on": date(2024, 11, 1), "ends_on": date(2027, 10, 31)}),
        (rounds[0], "GreenTwins", {"tallinn": CityRole.LEAD, "helsinki": CityRole.PILOT}, PilotState.COMPLETED,
         {"starts_on": date(2021, 3, 1), "ends_on": date(2023, 8, 31)}),
        (rounds[0], "Well-being Score", {"narva": CityRole.LEAD}, PilotState.COMPLETED,
         {"starts_on": date(2022, 1, 1), "ends_on": date(2023, 6, 1)}),
    ):  # fmt: skip
        make_pilot(
            w, round_=round_, imported=True, title=title, cities=cities, state=state, pairing=Pairing.OPTIONAL,
            summary=f"What {title} is about.", **known,
        )  # fmt: skip
    return rounds


def open_challenges(w: Work, round_: Round) -> list[Any]:
    """Three challenges that wait for ideas, the first with three interested cities."""
    made = [
        make_submission(
            w, round_, city=PLACES[place], title=title, state=SubmissionState.ACCEPTED,
            given={"summary": summary, "themes": [theme]},
        )
        for title, theme, place, summary in CARDS
    ]  # fmt: skip
    for place in ("helsinki", "fingal", "dlr"):
        make_interest(w, made[0], PLACES[place])
    return made


def spring(world: Any) -> Round:
    """The ideas window: something waits for everybody but the jurors."""
    world.now = SPRING
    with world.acting() as w:
        past_rounds(w)
        round_ = make_round(w)
        challenges = open_challenges(w, round_)
        returned = make_submission(w, round_, title="Snow that stays", state=SubmissionState.RETURNED)
        w.add(
            Extension(
                workflow="submission", subject_code=returned.code, until=w.now + timedelta(days=4), reason="Say more.",
                at=w.now,
            )
        )  # fmt: skip
        make_submission(w, round_, city=PLACES["helsinki"], title="Dark paths", state=SubmissionState.SUBMITTED)
        make_submission(w, round_, city=PLACES["fingal"], title="Loud nights", state=SubmissionState.IN_REVIEW)
        make_proposal(w, round_, title="Listening rails", challenges=challenges[:1], state=ProposalState.DRAFT)
        screened = make_proposal(
            w, round_, title="Root radar", challenges=challenges[2:], state=ProposalState.SUBMITTED, submitted_at=w.now
        )
        in_review = make_proposal(
            w, round_, title="Heat for the school", challenges=challenges[1:2], state=ProposalState.IN_REVIEW,
            submitted_at=w.now,
        )  # fmt: skip
        for proposal, place, kind in (
            (screened, "tartu", CommitmentKind.SIGN_OFF), (in_review, "helsinki", CommitmentKind.FORMAL_DECISION),
        ):  # fmt: skip
            w.add(Commitment(proposal_id=proposal.id, round_code=round_.code, city_id=PLACES[place].id, kind=kind))
        ask_to_team(w, in_review.id, "eero")
        w.add(
            SeatInvitation(
                organisation_id=PLACES["narva"].id, person_id=PEOPLE["peeter"].id, seat=Seat.DEPUTY,
                name="Peeter Paju", email=PEOPLE["peeter"].email,
            )
        )  # fmt: skip
        w.add(Question(round_id=round_.id, round_code=round_.code, text="How loud is it?", asked_at=w.now))
        make_juror(w, round_, "lena", accepted=False)
        ask_for(w, "round", round_, "cancel")
        tell(w, round_, "mari", "jaan")
        return round_


def autumn(world: Any) -> Round:
    """The jury's time: reviews, outcomes, a pilot that runs."""
    world.now = AUTUMN
    with world.acting() as w:
        rounds = past_rounds(w)
        round_ = make_round(w)
        jurors = [make_juror(w, round_, name) for name in ("lena", "oskar", "ilse")]
        judged = [make_judged(w, round_, title=title) for title in ("Listening rails", "Root radar", "Open ramps")]
        for juror in jurors:
            make_submitted(w, judged[0], juror)
        make_submitted(w, judged[1], jurors[0])
        make_review(w, judged[1], jurors[1], due_at=w.now - timedelta(days=2))
        make_review(w, judged[2], jurors[0])
        make_conflict(w, judged[2], "ilse", state=ConflictState.DECLARED)
        waiting = make_candidate(w, round_, title="Heat for the school")
        make_outcome(w, waiting)
        offered = make_candidate(w, round_, title="Warm water", award_cents=100_000_000)
        make_outcome(w, offered, state=OutcomeState.ANNOUNCED)
        offered.state = ProposalState.SELECTED
        pilot = make_pilot(
            w, round_=rounds[2], title="Clean bays", cities=BIG, state=PilotState.RUNNING, imported=True,
            lead_id=PEOPLE["ravi"].id, organisation_id=PLACES["taltech"].id,
        )  # fmt: skip
        make_report(w, pilot, due_on=(w.now + timedelta(days=9)).date())
        make_report(w, pilot, state=ReportState.SUBMITTED, revision=1, submitted_at=w.now)
        make_milestone(w, pilot, due_on=(w.now - timedelta(days=9)).date())
        post(w, address="x@example.org", locale="en", subject="s", text="t").failed_at = w.now
        ask_for(w, "review", make_review(w, judged[2], jurors[1], state=ReviewState.SUBMITTED), "reopen")
        return round_


def ask_to_team(w: Work, proposal_id: int, name: str) -> None:
    """An invitation to a team."""
    who = PEOPLE[name]
    w.add(
        TeamMember(
            proposal_id=proposal_id, name=who.name, email=who.email, email_key=fold(who.email),
            role=TeamRole.RESEARCHER, invited_at=w.now,
        )
    )  # fmt: skip


def join_team(w: Work, proposal_id: int, name: str) -> None:
    """A place in a team, taken."""
    ask_to_team(w, proposal_id, name)
    row = w.session.exec(select(TeamMember).where(TeamMember.name == PEOPLE[name].name)).one()
    row.person_id, row.accepted_at = PEOPLE[name].id, w.now


def ask_for(w: Work, workflow: str, record: Any, transition: str, by: str = "kadri") -> Approval:
    """The first of two keys."""
    return w.add(
        Approval(
            workflow=workflow, subject_code=record.code, transition=transition, subject_version=record.version,
            asked_by=PEOPLE[by].id, asked_at=w.now, expires_at=w.now + timedelta(days=14),
        )
    )  # fmt: skip


def tell(w: Work, record: Any, *names: str) -> None:
    """A message each, about a step."""
    w.note("round", record, "news")
    w.finish()
    step_id = w.session.exec(select(Step.id)).first()
    for name in names:
        w.add(
            Message(
                step_id=step_id, person_id=PEOPLE[name].id, template="news", subject="News", text="Read it.", at=w.now
            )
        )
