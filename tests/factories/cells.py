"""Every workflow as the tests of all of them need it: a record in each state, how it is fired, what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import select

from challenge.events.workflow import EVENT
from challenge.jury import actions as jury
from challenge.jury.consensus import actions as consensus
from challenge.jury.consensus.models import Consensus
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.consensus.workflow import CONSENSUS
from challenge.jury.models import Conflict, Review
from challenge.jury.states import ConflictState, ReviewState
from challenge.jury.workflow import CONFLICT, REVIEW
from challenge.kernel.workflow import Transition, Workflow
from challenge.partners import actions as partners
from challenge.partners.models import PartnerInvitation
from challenge.partners.states import InvitationState
from challenge.partners.workflow import INVITATION
from challenge.pilots import actions as pilots
from challenge.pilots.models import Pilot, Report, Tranche
from challenge.pilots.money import actions as pay
from challenge.pilots.money.models import ChangeRequest, Claim
from challenge.pilots.money.workflow import CHANGE, CLAIM, TRANCHE
from challenge.pilots.states import PilotState
from challenge.pilots.workflow import PILOT, REPORT
from challenge.proposals import actions as proposals
from challenge.proposals.asks import Point
from challenge.proposals.models import Commitment, Proposal
from challenge.proposals.states import CommitmentKind, CommitmentState, ProposalState
from challenge.proposals.workflow import COMMITMENT, PROPOSAL
from challenge.rounds.models import Round
from challenge.rounds.schemas import Rules
from challenge.rounds.states import RoundState
from challenge.rounds.workflow import ROUND
from challenge.selection import actions as selection
from challenge.selection.models import Appeal, Outcome
from challenge.selection.states import AppealState, OutcomeState
from challenge.selection.workflow import APPEAL, OUTCOME
from challenge.submissions import actions as submissions
from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState
from challenge.submissions.workflow import SUBMISSION
from tests.cast import PEOPLE, PLACES
from tests.factories import money
from tests.factories.consensus import answer, make_consensus, make_panel, make_reaction
from tests.factories.events import Event, fire_event, of_events
from tests.factories.jury import JURY, make_conflict, make_judged, make_juror, make_review, put_marks
from tests.factories.partners import make_invitation
from tests.factories.proposals import make_proposal, proposal_in
from tests.factories.rounds import make_round
from tests.factories.selection import make_appeal, make_candidate, make_outcome
from tests.factories.submissions import submission_in
from tests.pilots.ready import make_ready, reports
from tests.rounds.documents import document

LATER = datetime(2031, 1, 1, 12, tzinfo=UTC)
SAID: Mapping[str, Any] = {
    "reason": "The numbers of June are missing.", "why": "The council said no.", "until": LATER, "cure_until": LATER,
    "kind": "family", "explanation": "My sister leads the work in Helsinki.", "hearing": "Both sides were heard.",
    "result": "The rules were followed.", "body": "City Council", "decided_on": date(2027, 5, 3),
    "revision_number": 1, "revision_hash": "0" * 64, "paid_on": date(2027, 1, 9),
}  # fmt: skip
OF_PROPOSALS = {"points": list(Point)}
OF_PILOTS = {"points": "The numbers of June are missing."}


@dataclass(frozen=True)
class Cell:
    """A record of a workflow, in a state and maybe in a special situation, and when it is looked at."""

    name: str
    code: str
    at: datetime


@dataclass(frozen=True)
class Cells:
    """``made(world)`` has a cell in each state; ``noun`` is the collection of the API, where there is one."""

    workflow: Workflow
    model: type[Any]
    noun: str | None
    fire: Callable[..., Any]
    made: Callable[[Any], Iterable[Cell]]
    said: Mapping[str, Any] = field(default_factory=dict)

    def find(self, w: Any, cell: Cell) -> Any:
        """The record, whoever acts."""
        return w.session.exec(select(self.model).where(self.model.code == cell.code)).one()

    def given(self, row: Transition) -> Any:
        """A complete answer to what the row asks for."""
        if row.asks is None or not row.offered:
            return None
        words = {**SAID, **self.said}
        return row.asks.model_validate({name: words[name] for name in row.asks.model_fields if name in words})

    def asked_for(self, world: Any, cell: Cell, transition: str) -> None:
        """Turn jaan's key."""
        with world.acting("jaan") as w:
            record = self.find(w, cell)
            row = self.workflow.find(record, transition)
            assert not self.fire(w, record, transition, self.given(row)).done


def rounds(world: Any) -> list[Cell]:
    with world.acting() as w:
        cells = []
        for state in RoundState:
            made = make_round(w, title=f"Round {state}", state=state)
            cells.append(Cell(str(state), made.code, world.now))
        amended = make_round(w, title="Round 2028", amendment=document().model_dump(mode="json"))
        waiting = make_round(w, title="Round asked for")
        undecided = make_round(w, title="Round undecided")
        make_candidate(w, undecided)
        cells += [
            Cell("published, amended", amended.code, world.now),
            Cell("published, cancel asked", waiting.code, world.now),
            Cell("published, undecided", undecided.code, world.now),
        ]
    ALL[ROUND.name].asked_for(world, cells[-2], "cancel")
    told = proposal_in(world, ProposalState.INELIGIBLE)
    with world.acting() as w:
        code = w.session.exec(select(Proposal.round_code).where(Proposal.code == told)).one()
    return [*cells, Cell("published, appeals may come", code, world.now)]


def of_submissions(world: Any) -> list[Cell]:
    with world.acting() as w:
        code = make_round(w, rules=Rules(submissions_per_city=20)).code
    return [Cell(s, submission_in(world, s, code, title=f"In {s}"), world.now) for s in SubmissionState]


def of_proposals(world: Any) -> list[Cell]:
    return [Cell(s, proposal_in(world, s), world.now) for s in ProposalState]


def of_commitments(world: Any) -> list[Cell]:
    world.now = JURY
    cells = []
    with world.acting() as w:
        round_ = make_round(w)
        for kind in CommitmentKind:
            for state in CommitmentState:
                proposal = make_proposal(w, round_, state=ProposalState.CO_DEVELOPMENT)
                signed = {
                    "signer_id": PEOPLE["mari"].id, "signed_at": w.now, "revision_number": 1,
                    "revision_hash": "0" * 64, "body": "City Council", "decided_on": date(2027, 5, 3),
                }  # fmt: skip
                row = Commitment(
                    proposal_id=proposal.id, round_code=round_.code, city_id=PLACES["tartu"].id, kind=kind,
                    state=state, **(signed if state is CommitmentState.SIGNED else {}),
                )  # fmt: skip
                cells.append(Cell(f"{state}, {kind}", w.add(row).code, w.now))
            proposal.state = ProposalState.DECLINED
    return cells


def of_invitations(world: Any) -> list[Cell]:
    """Of tallinn, by ravi; one whose time is over, one whose proposal has ended."""
    with world.acting() as w:
        round_ = make_round(w)
        cells = []
        for name in (*InvitationState, "asked, over", "asked, ended"):
            ended = {"state": ProposalState.DECLINED} if name == "asked, ended" else {}
            proposal = make_proposal(w, round_, **ended)
            made = make_invitation(w, proposal, state=InvitationState(name.split(",")[0]))
            cells.append(Cell(str(name), made.code, made.answer_by if name == "asked, over" else w.now))
        return cells


def of_reviews(world: Any) -> list[Cell]:
    """lena is the juror."""
    world.now = JURY
    cells = []
    with world.acting() as w:
        round_ = make_round(w)
        juror = make_juror(w, round_)
        for name in (*ReviewState, "submitted, reopen asked"):
            state = ReviewState(name.split(",")[0])
            made = put_marks(w, make_review(w, make_judged(w, round_), juror, state=state), 35)
            cells.append(Cell(str(name), made.code, w.now))
    ALL[REVIEW.name].asked_for(world, cells[-1], "reopen")
    return cells


def of_conflicts(world: Any) -> list[Cell]:
    """katrin's, and one of the coordinator jaan."""
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w)
        people = {**dict.fromkeys(ConflictState, "katrin"), "declared, of jaan": "jaan"}
        return [
            Cell(str(name), made.code, w.now)
            for name, person in people.items()
            if (made := make_conflict(w, make_judged(w, round_), person, state=ConflictState(name.split(",")[0])))
        ]


def of_consensus(world: Any) -> list[Cell]:
    """lena moderates, oskar and ilse are the rest of the panel."""
    world.now = JURY
    cells = []
    with world.acting() as w:
        round_ = make_round(w)
        for name in (
            *ConsensusState,
            "draft, empty",
            "proposed, unheard",
            "proposed, objected",
            "agreed, reopen asked",
        ):
            state, _comma, how = str(name).partition(", ")
            proposal = make_panel(w, round_)
            made = make_consensus(w, proposal, state=ConsensusState.DRAFT, marks=None if how == "empty" else 35)
            for juror in ("oskar", "ilse"):
                answer(w, made, juror, agrees=how != "objected", reason="No.")
            if how != "unheard":
                make_reaction(w, proposal, text="We answer.")
            agreed_at = w.now if state == ConsensusState.AGREED else None
            made.state, made.agreed_at = ConsensusState(state), agreed_at
            cells.append(Cell(str(name), made.code, w.now))
    ALL[CONSENSUS.name].asked_for(world, cells[-1], "reopen")
    return cells


def of_outcomes(world: Any) -> list[Cell]:
    """Proposed by jaan."""
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w)
        return [
            Cell(s, make_outcome(w, make_candidate(w, round_, title=s), state=s, amount_cents=1).code, w.now)
            for s in OutcomeState
        ]


def of_appeals(world: Any) -> list[Cell]:
    """ravi's; kadri handles those that are taken."""
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w)
        cells = []
        for name in (*AppealState, "filed, taken"):
            state = AppealState(name.split(",")[0])
            declined = make_candidate(w, round_, title=name, state=ProposalState.DECLINED, stood_at="in_jury")
            handler = None if name == AppealState.FILED else PEOPLE["kadri"].id
            made = make_appeal(w, declined, state=state, handler=handler, decided_by=PEOPLE["jaan"].id)
            cells.append(Cell(str(name), made.code, w.now))
        return cells


def of_pilots(world: Any) -> list[Cell]:
    with world.acting() as w:
        names = (*PilotState, "running, terminate asked")
        cells = [Cell(str(n), make_ready(w, PilotState(n.split(",")[0])).code, w.now) for n in names]
    ALL[PILOT.name].asked_for(world, cells[-1], "terminate")
    return cells


def of(made: Callable[[Any], Iterable[tuple[str, str]]]) -> Callable[[Any], list[Cell]]:
    return lambda world: [Cell(name, code, world.now) for name, code in made(world)]


ALL = {
    cells.workflow.name: cells
    for cells in (
        Cells(ROUND, Round, "rounds", selection.fire_round, rounds),
        Cells(SUBMISSION, Submission, "submissions", submissions.fire, of_submissions),
        Cells(PROPOSAL, Proposal, "proposals", proposals.fire, of_proposals, OF_PROPOSALS),
        Cells(COMMITMENT, Commitment, None, COMMITMENT.fire, of_commitments),
        Cells(INVITATION, PartnerInvitation, "partner-invitations", partners.fire, of_invitations),
        Cells(EVENT, Event, "events", fire_event, of_events),
        Cells(REVIEW, Review, "reviews", jury.fire, of_reviews),
        Cells(CONFLICT, Conflict, "conflicts", jury.fire_conflict, of_conflicts),
        Cells(CONSENSUS, Consensus, "consensus", consensus.fire, of_consensus),
        Cells(OUTCOME, Outcome, "outcomes", selection.fire, of_outcomes),
        Cells(APPEAL, Appeal, "appeals", selection.fire_appeal, of_appeals),
        Cells(PILOT, Pilot, "pilots", pilots.fire, of_pilots),
        Cells(REPORT, Report, "reports", pilots.fire_report, of(reports), OF_PILOTS),
        Cells(TRANCHE, Tranche, "tranches", pay.fire_tranche, of(money.tranches)),
        Cells(CLAIM, Claim, "claims", pay.fire_claim, of(money.claims), OF_PILOTS),
        Cells(CHANGE, ChangeRequest, "changes", pay.fire_change, of(money.changes)),
    )
}
