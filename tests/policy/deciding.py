"""The jury, its decisions and a pilot of the scene."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlmodel import select

from challenge.jury import actions
from challenge.jury.consensus.models import Minutes, Note
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.models import Juror, Review
from challenge.jury.states import ConflictState, ReviewState
from challenge.jury.workflow import content_of
from challenge.kernel import revision
from challenge.kernel.work import Work
from challenge.pilots.content import keep_agreement
from challenge.pilots.models import MemberCity, Pilot
from challenge.pilots.money import ledger
from challenge.pilots.money.ledger import Move
from challenge.pilots.money.states import Account, ChangeKind, ChangeState, ClaimState, EntryKind
from challenge.pilots.results.models import ReuseInterest
from challenge.pilots.states import PilotState, ReportState, TrancheState
from challenge.proposals import content
from challenge.proposals.models import Commitment, Proposal
from challenge.proposals.states import CommitmentKind, CommitmentState, ProposalState
from challenge.rounds.models import Round
from challenge.rounds.states import CityRole
from challenge.selection.models import Outcome, Remark
from challenge.selection.states import AppealState, OutcomeState
from challenge.submissions.models import Submission
from tests.cast import PEOPLE, PLACES
from tests.factories.consensus import answer, make_consensus, make_reaction
from tests.factories.jury import FULL, make_conflict, make_judged, make_juror, make_review, put_marks
from tests.factories.money import make_change, make_claim
from tests.factories.pilots import (
    make_decision,
    make_meeting,
    make_milestone,
    make_note,
    make_pilot,
    make_report,
    make_risk,
    make_tranche,
)
from tests.factories.selection import make_appeal, make_candidate, make_outcome, make_scenario
from tests.policy.people import PERSONAS, Scene, put_file, texts

# The jury


def _reviewed(w: Work, scene: Scene, proposal: Proposal, juror: Juror, kind: str, about: str) -> Review:
    """A review handed in, with what was said kept as others read it."""
    cx = scene.aviary
    made = make_review(w, proposal, juror, state=ReviewState.SUBMITTED, comment=cx(kind, "review.comment", about))
    put_marks(w, made, 40, cx(kind, "score.comment", about))
    revision.revise(w, "review", made, content_of(w, made))
    return scene.code("reviews", made)


def judged(w: Work, world: Any, scene: Scene, here: Round, challenge: Submission) -> list[int]:
    cx = scene.aviary
    jurors = {}
    for persona, name in PERSONAS.items():
        if "juror" in persona:
            place = make_juror(w, here, name, expertise=cx("juror_place", "juror.expertise", persona))
            jurors[name] = scene.code("jurors", place)
    jurors["aoife"] = scene.code("jurors", make_juror(w, here, PERSONAS["judging coordinator"]))
    item = make_judged(w, here, challenges=[challenge], **texts(scene, "proposal", "item"))
    scene.code("proposals", item)
    put_file(w, world, scene, "proposal", item, "item", "proposal")
    content.keep(w, item)
    handed_in = _reviewed(w, scene, item, jurors["lena"], "review", "item, lena")
    w.note("review", handed_in, "reopen", {"reason": cx("review_words", "step_text.given", "item, lena")})
    at_work = make_review(
        w, item, jurors["tiina"], state=ReviewState.DRAFT, comment=cx("review_draft", "review.comment", "item, tiina")
    )
    put_marks(w, at_work, 35, cx("review_draft", "score.comment", "item, tiina"))
    scene.code("reviews", at_work)
    scene.code("reviews", make_review(w, item, jurors["ilse"]))
    other = make_judged(
        w, here, lead="eero", cities={}, challenges=[challenge], **texts(scene, "proposal", "other item")
    )
    scene.code("proposals", other)
    make_conflict(
        w, other, "lena", state=ConflictState.LIFTED, reason=cx("conflict", "conflict.reason", "other item, lena"),
        lift_reason=cx("conflict", "conflict.lift_reason", "other item, lena"),
    )  # fmt: skip
    _reviewed(w, scene, other, jurors["oskar"], "review", "other item, oskar")
    panel = _deliberated(w, scene, here, challenge, jurors)
    for proposal in (item, other, panel):
        actions.push(w, proposal)
    return [item.id, other.id, panel.id]


def _deliberated(w: Work, scene: Scene, here: Round, challenge: Submission, jurors: dict[str, Juror]) -> Proposal:
    """Three have handed in and speak about it, one with a conflict has too, one is still at work."""
    cx = scene.aviary
    about = "panel item"
    made = make_judged(w, here, lead="eero", cities={}, challenges=[challenge], **texts(scene, "proposal", about))
    scene.code("proposals", made)
    for name in ("lena", "oskar", "aoife"):
        _reviewed(w, scene, made, jurors[name], "review_shared", f"{about}, {name}")
    _reviewed(w, scene, made, jurors["ilse"], "review", f"{about}, ilse")
    put_marks(w, make_review(w, made, jurors["tiina"], state=ReviewState.DRAFT), 35)
    said = cx("discussion", "discussion_note.text", about)
    w.add(Note(proposal_id=made.id, gate=FULL, juror_id=jurors["oskar"].id, text=said, at=w.now))
    consensus = make_consensus(
        w, made, "lena", note=cx("discussion", "consensus.note", about),
        statement=cx("discussion", "consensus.statement", about),
    )  # fmt: skip
    answer(w, consensus, "oskar", agrees=False, reason=cx("discussion", "consensus_reply.reason", about))
    consensus.state = ConsensusState.PROPOSED
    scene.code("consensus", consensus)
    make_reaction(
        w, made, text=cx("reaction", "reaction.text", about),
        comments=[{"criterion": "impact", "text": cx("comments_opened", "reaction.comments", about)}],
    )  # fmt: skip
    made.reaction_until = w.now
    w.add(
        Minutes(
            round_id=here.id, round_code=here.code, proposal_id=made.id, gate=FULL, saved_at=w.now,
            saved_by_id=PEOPLE["jaan"].id, text=cx("discussion", "panel_minutes.text", about),
        )
    )  # fmt: skip
    return made


# Decisions


def _outcome(w: Work, scene: Scene, proposal: Proposal, about: str, kind: str, **fields: Any) -> Outcome:
    cx = scene.aviary
    outcome = make_outcome(
        w, proposal, reasons=cx(kind, "outcome.reasons", about), note=cx("outcome_note", "outcome.note", about),
        deviation=cx("outcome_note", "outcome.deviation", about),
        conditions=(cx(kind, "outcome_condition.text", about),), **fields,
    )  # fmt: skip
    return scene.code("outcomes", outcome)


def decided(w: Work, scene: Scene, here: Round) -> list[int]:
    cx = scene.aviary
    waiting = make_candidate(w, here, **texts(scene, "proposal", "candidate"))
    scene.code("proposals", waiting)
    oskar = w.session.exec(select(Juror).where(Juror.person_id == PEOPLE["oskar"].id)).one()
    scene.code("reviews", make_review(w, waiting, oskar))  # not answered yet whether there is a conflict
    _outcome(w, scene, waiting, "candidate", "outcome")
    told = make_candidate(w, here, award_cents=100_000_000, publish=False, **texts(scene, "proposal", "winner"))
    scene.code("proposals", told)
    lena = w.session.exec(select(Juror).where(Juror.person_id == PEOPLE["lena"].id)).one()
    _reviewed(w, scene, told, lena, "review_told", "winner, lena").published_at = w.now
    spoken = cx("statement_told", "consensus.statement", "winner")
    make_consensus(w, told, "lena", statement=spoken, state=ConsensusState.AGREED).published_at = w.now
    _outcome(w, scene, told, "winner", "outcome_told", state=OutcomeState.ANNOUNCED)
    told.state = ProposalState.SELECTED
    w.add(
        Commitment(
            proposal_id=told.id, round_code=here.code, city_id=PLACES["helsinki"].id,
            kind=CommitmentKind.FORMAL_DECISION, state=CommitmentState.SIGNED,
            signer_id=PEOPLE["sofia"].id, signed_at=w.now, decided_on=date(2027, 5, 3),
            body=cx("commitment", "commitment.body", "winner"),
        )
    )  # fmt: skip
    lost = make_candidate(w, here, **texts(scene, "proposal", "loser"))
    scene.code("proposals", lost)
    lost.state, lost.stood_at = ProposalState.DECLINED, "in_jury"
    appeal = make_appeal(
        w, lost, state=AppealState.UPHELD, handler=PEOPLE["kadri"].id, grounds=cx("appeal", "appeal.grounds", "loser"),
        hearing=cx("appeal", "appeal.hearing", "loser"), result=cx("appeal", "appeal.result", "loser"),
    )  # fmt: skip
    scene.code("appeals", appeal)
    _scenario(w, scene, here, waiting)
    return [waiting.id, told.id, lost.id]


def _scenario(w: Work, scene: Scene, here: Round, waiting: Proposal) -> None:
    """An adopted one that chooses the candidate: its title is not for the coordinator with a conflict."""
    cx = scene.aviary
    scenario = make_scenario(w, here, [waiting], name=cx("outcome_note", "scenario.name", "scenario"))
    w.add(Remark(
        scenario_id=scenario.id, by_id=PEOPLE["jaan"].id, text=cx("outcome_note", "scenario_remark.text", "scenario"),
    ))  # fmt: skip
    scene.code("scenarios", scenario)


def pilot_of(w: Work, world: Any, scene: Scene, here: Round) -> None:
    cx = scene.aviary
    pilot = make_pilot(
        w, round_=here, state=PilotState.RUNNING, title=cx("published", "pilot.title", "pilot"),
        full_title=cx("published", "pilot.full_title", "pilot"), summary=cx("published", "pilot.summary", "pilot"),
        notes=cx("pilot", "pilot.notes", "pilot"), agreement=cx("pilot", "pilot.agreement", "pilot"),
        public_summary=cx("published", "pilot.public_summary", "pilot"),
        replication_plan=cx("published", "pilot.replication_plan", "pilot"),
        cities={"tartu": CityRole.LEAD, "helsinki": CityRole.PILOT}, mentor_id=PEOPLE["eero"].id,
    )  # fmt: skip
    scene.code("pilots", pilot)
    _log_of(w, scene, pilot)
    member = w.session.exec(select(MemberCity).where(MemberCity.pilot_id == pilot.id)).first()
    member.site = cx("published", "member_city.site", "pilot")
    keep_agreement(w, pilot)
    done = {"done_on": date(2027, 8, 1), "evidence": cx("published", "milestone.evidence", "pilot")}
    scene.code("milestones", make_milestone(w, pilot, title=cx("published", "milestone.title", "pilot"), **done))
    _money_of(w, world, scene, pilot)
    scene.code("reuse-interests", w.add(ReuseInterest(
        pilot_id=pilot.id, city_id=PLACES["narva"].id, by_id=PEOPLE["katrin"].id,
        reason=cx("reuse_interest", "reuse_interest.reason", "pilot, katrin"),
    )))  # fmt: skip
    scene.code("risks", make_risk(w, pilot, title=cx("pilot", "risk.title", "pilot"), likelihood=3, impact=3,
        response=cx("pilot", "risk.response", "pilot"), closed_on=date(2027, 8, 2),
        ending=cx("pilot", "risk.ending", "pilot")))  # fmt: skip
    for about, state in (("report at work", ReportState.DUE), ("report", ReportState.RETURNED)):
        fields: dict[str, Any] = {}
        if state is ReportState.RETURNED:
            fields = {"submitted_at": w.now, "revision": 1, "points": cx("pilot", "report.points", about)}
        report = make_report(w, pilot, state=state, answers={"done": cx("pilot", "report.answers", about)}, **fields)
        scene.code("reports", report)
        put_file(w, world, scene, "report", report, about, "pilot")


def _log_of(w: Work, scene: Scene, pilot: Pilot) -> None:
    """A meeting with a decision; two notes of the mentor, one of them shared with the team."""
    cx = scene.aviary
    words = {name: cx("pilot", f"pilot_meeting.{name}", "pilot") for name in ("present", "noted")}
    meeting = scene.code("log", make_meeting(w, pilot, **words))
    scene.code("decisions", make_decision(w, meeting, "mari", text=cx("pilot", "pilot_decision.text", "pilot")))
    for kind, shared in (("mentor_note", {}), ("mentor_note_shared", {"shared_at": w.now})):
        scene.code("notes", make_note(w, pilot, text=cx(kind, "mentor_note.text", "pilot, eero"), **shared))


def _money_of(w: Work, world: Any, scene: Scene, pilot: Pilot) -> None:
    cx = scene.aviary
    tranche = make_tranche(
        w, pilot, label=cx("pilot", "tranche.label", "pilot"), cents=100, state=TrancheState.PAID,
        paid_on=date(2027, 8, 1), reference=cx("pilot", "tranche.reference", "pilot"),
    )  # fmt: skip
    scene.code("tranches", tranche)
    scene.code("tranches", make_tranche(w, pilot, cents=100, state=TrancheState.DUE))
    ledger.open_ledger(w, pilot)
    moves = [Move(Account.BANK, -100), Move(Account.ADVANCE, 100, pilot.organisation_id)]
    note = cx("pilot", "ledger_entry.note", "pilot")
    ledger.book(w, pilot, EntryKind.PAYMENT, moves, subject=tranche.code, on=date(2027, 8, 1), note=note)
    claim = make_claim(
        w, pilot, receipt=False, state=ClaimState.RETURNED, answers={"spent_on": cx("pilot", "claim.answers", "pilot")},
        points=cx("pilot", "claim.points", "pilot"), currency="SEK", rate=Decimal(11), rate_on=date(2027, 8, 1),
        rate_source=cx("pilot", "claim.rate_source", "pilot"),
    )  # fmt: skip
    scene.code("claims", claim)
    put_file(w, world, scene, "claim", claim, "pilot", "pilot")
    for kind, state in ((ChangeKind.SCOPE, ChangeState.REFUSED), (ChangeKind.DATES, ChangeState.ASKED)):
        words = {"reason": cx("pilot", "change_request.reason", "pilot")}
        if kind is ChangeKind.SCOPE:
            words |= {name: cx("pilot", f"change_request.{name}", "pilot") for name in ("scope", "answer")}
        scene.code("changes", make_change(w, pilot, kind, by="ravi", state=state, **words))
