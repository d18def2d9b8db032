"""One world in which every confidential field of every kind of record holds a canary, and who is who in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlmodel import delete, select

from challenge.jobs.models import Slot
from challenge.jury import actions
from challenge.jury.models import Conflict, Juror, Review, TieDecision
from challenge.jury.states import ConflictKind, ConflictState, ReviewState
from challenge.jury.workflow import content_of
from challenge.kernel import attachment, revision
from challenge.kernel.approval import Approval
from challenge.kernel.editing import Editing
from challenge.kernel.idempotency import IdempotencyKey
from challenge.kernel.journal import Step
from challenge.kernel.letter import post
from challenge.kernel.work import Work
from challenge.notifications.models import Message
from challenge.people.models import Membership, Organisation, Person, Role, SeatInvitation, SignInSession
from challenge.people.states import RoleName, Seat
from challenge.pilots.content import keep_agreement
from challenge.pilots.models import MemberCity
from challenge.pilots.states import PilotState, ReportState
from challenge.proposals import content
from challenge.proposals.models import Commitment, Preference, Proposal, TeamMember
from challenge.proposals.states import CommitmentKind, CommitmentState, ProposalState, TeamRole
from challenge.rounds.models import Announcement, Extension, Round
from challenge.rounds.states import CityRole, RoundState
from challenge.selection.models import Outcome
from challenge.selection.states import AppealState, OutcomeState
from challenge.submissions.models import Question, Submission
from challenge.submissions.states import SubmissionState
from tests.cast import PEOPLE, PLACES
from tests.factories.jury import JURY, make_conflict, make_judged, make_juror, make_review, put_marks
from tests.factories.people import make_person
from tests.factories.pilots import make_milestone, make_pilot, make_report, make_tranche
from tests.factories.proposals import ANSWERS, make_proposal
from tests.factories.rounds import make_round
from tests.factories.selection import make_appeal, make_candidate, make_outcome
from tests.factories.submissions import make_interest, make_submission
from tests.policy.canaries import Aviary

NOW = JURY + timedelta(days=20)
# Who asks. The name of the persona, and who of the cast it is.
PERSONAS = {
    "visitor": "nobody",
    "city": "mari",  # leads the city whose challenges and pilot it is, and which is a partner
    "partner city": "sofia",
    "other city": "katrin",
    "researcher": "ravi",
    "other researcher": "eero",
    "juror": "lena",  # has handed in on the item
    "juror at work": "tiina",  # has a draft on the same item
    "other juror": "oskar",
    "conflicted juror": "ilse",
    "coordinator": "jaan",
    "conflicted coordinator": "niamh",
    "other coordinator": "kadri",
    "observer": "olev",
    "administrator": "anna",
}


@dataclass
class Scene:
    """What was made: the canaries, and codes by noun and by the parameters of addresses."""

    aviary: Aviary = field(default_factory=Aviary)
    codes: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, list[str]] = field(default_factory=dict)

    def code(self, noun: str, record: Any) -> Any:
        self.codes.setdefault(noun, []).append(record.code)
        return record


def build(world: Any) -> Scene:
    """The scene, at the jury's time."""
    scene = Scene()
    world.now = NOW
    with world.acting() as w:
        _people(w, scene)
        here, there = make_round(w, title="Round A"), make_round(w, title="Round B", state=RoundState.DRAFT)
        scene.codes["rounds"] = [here.code, there.code]
        there.title = scene.aviary("round_title", "round.title", "draft round")
        there.summary = scene.aviary("round_draft", "round.summary", "draft round")
        _roles(w, here, there)
        _round(w, scene, here)
        challenge = _submissions(w, world, scene, here)
        _proposals(w, world, scene, here, challenge)
        proposals = [*_judged(w, world, scene, here, challenge), *_decided(w, scene, here)]
        _pilot(w, world, scene, here)
        _mail(w, scene)
        codes = {name: (w.session.get_one(Organisation, place.id).code) for name, place in PLACES.items()}
    scene.codes |= {"cities": [codes["tartu"]], "organisations": [codes["tartu"], codes["taltech"]]}
    scene.codes["partners"] = [codes["tartu"], codes["helsinki"]]
    for about, name in (("item", "ilse"), ("item", "niamh"), ("candidate", "niamh")):
        _conflict(
            world, scene, proposals[("item", "other item", "candidate", "winner", "loser").index(about)], about, name
        )
    draft, _idea, item, _other, candidate, *_rest = scene.codes["proposals"]
    scene.codes["proposals"].sort(key=lambda code: code not in {draft, item, candidate})
    with world.acting() as w:
        for row in w.session.exec(select(Conflict).order_by(Conflict.id)):
            scene.code("conflicts", row)
    return scene


def _conflict(world: Any, scene: Scene, proposal_id: int, about: str, name: str) -> None:
    """Set by the coordinator, as it is done: it closes the proposal for them at once."""
    with world.acting("jaan") as w:
        reason = scene.aviary("conflict", "conflict.reason", f"{about}, {name}")
        person = w.session.get_one(Person, PEOPLE[name].id)
        actions.set_conflict(w, w.session.get_one(Proposal, proposal_id), person, ConflictKind.OTHER, reason)


# People


def _people(w: Work, scene: Scene) -> None:
    cx = scene.aviary
    for persona, name in PERSONAS.items():
        if name == "nobody":
            continue
        person = scene.code("people", w.session.get_one(Person, PEOPLE[name].id))
        person.email = f"{cx('address', 'person.email', persona)}@example.org"
        if "juror" in persona:
            person.name = f"{PEOPLE[name].name.split()[0]} {cx('name', 'person.name', persona)}"
        w.add(
            SignInSession(
                person_id=person.id, token_hash=name.ljust(64, "0"), started_at=w.now, seen_at=w.now, proven_at=w.now,
                user_agent=cx("kept", "sign_in_session.user_agent", persona),
            )
        )  # fmt: skip
    w.add(
        SeatInvitation(
            organisation_id=PLACES["tartu"].id, person_id=make_person(w, "Uno Uus", "uno@example.org").id,
            seat=Seat.MEMBER, name=cx("seat_invitation", "seat_invitation.name", "tartu"),
            email=f"{cx('seat_invitation', 'seat_invitation.email', 'tartu')}@example.org",
            invited_by=PEOPLE["mari"].id,
        )
    )  # fmt: skip


def _roles(w: Work, here: Round, there: Round) -> None:
    w.session.exec(delete(Role).where(Role.person_id.in_([PEOPLE[name].id for name in ("jaan", "kadri", "olev")])))
    w.session.exec(delete(Membership).where(Membership.person_id.in_([PEOPLE["niamh"].id, PEOPLE["tiina"].id])))
    for name, role, round_ in (
        ("jaan", RoleName.COORDINATOR, here), ("niamh", RoleName.COORDINATOR, here),
        ("kadri", RoleName.COORDINATOR, there), ("olev", RoleName.OBSERVER, here), ("tiina", RoleName.JUROR, None),
    ):  # fmt: skip
        w.add(Role(person_id=PEOPLE[name].id, name=role, round_id=round_ and round_.id))
    w.session.flush()


def _round(w: Work, scene: Scene, here: Round) -> None:
    cx = scene.aviary
    w.add(
        Announcement(
            round_id=here.id, round_code=here.code, title="News", text=cx("published", "announcement.text", "news"),
            published_at=w.now,
        )
    )  # fmt: skip
    w.add(
        Approval(
            workflow="round", subject_code=here.code, transition="cancel", subject_version=here.version,
            asked_by=PEOPLE["jaan"].id, asked_at=w.now, expires_at=w.now + timedelta(days=9),
            given={"reason": cx("two_keys", "approval.given", "round")},
        )
    )  # fmt: skip
    w.add(TieDecision(round_id=here.id, gate="full_proposal", best_first=[], at=w.now, by_id=PEOPLE["jaan"].id,
                      reason=cx("kept", "tie_decision.reason", "round")))  # fmt: skip
    for about, published in (("open question", None), ("published question", w.now)):
        question = scene.code(
            "questions",
            w.add(
                Question(
                    round_id=here.id, round_code=here.code, asked_by_id=PEOPLE["eero"].id, asked_at=w.now,
                    text=cx("question" if published is None else "published", "question.text", about),
                    answer="Yes." if published else None, answered_at=published, published_at=published,
                )
            ),
        )  # fmt: skip
        assert question.code


def _file(w: Work, world: Any, scene: Scene, workflow: str, record: Any, about: str, kind: str) -> None:
    cx = scene.aviary
    text = f"measured: {cx(kind, 'file', about)}"
    name = f"{cx(kind, 'attachment.name', about)}.txt"
    stored = attachment.store(world.settings.files, text.encode(), name)
    scene.files[record.code] = [attachment.attach(w, workflow, record, stored).code]


# Submissions


def _submissions(w: Work, world: Any, scene: Scene, here: Round) -> Submission:
    cx = scene.aviary
    made = {}
    for about, state in (
        ("draft submission", SubmissionState.DRAFT),
        ("submission", SubmissionState.IN_REVIEW),
        ("challenge", SubmissionState.ACCEPTED),
    ):
        public = state is SubmissionState.ACCEPTED
        kind = "published" if public else "submission"
        face = "submission_face" if state is SubmissionState.IN_REVIEW else kind  # what other cities may learn
        record = make_submission(
            w, here, state=state, title=cx(face, "submission.title", about),
            given={
                "summary": cx(face, "submission.answers.summary", about),
                "problem": cx(kind, "submission.answers", about),
            },
            checklist={"note": cx("checklist", "submission.checklist", about)} if about == "submission" else {},
        )  # fmt: skip
        made[about] = scene.code("submissions", record)
        _file(w, world, scene, "submission", record, about, kind)
        w.note("submission", record, "extend", {"reason": cx("submission", "step_text.given", about)})
        w.add(
            Extension(
                workflow="submission", subject_code=record.code, until=w.now + timedelta(days=30), at=w.now,
                by_id=PEOPLE["jaan"].id, reason=cx("kept", "extension.reason", about),
            )
        )  # fmt: skip
    scene.codes["challenges"] = [made["challenge"].code]
    make_interest(w, made["challenge"], PLACES["helsinki"], cx("interest", "interest.reason", "challenge"))
    return made["challenge"]


# Proposals


def texts(scene: Scene, kind: str, about: str) -> dict[str, Any]:
    cx = scene.aviary
    title = cx(kind, "proposal.title", about)
    summary = cx(kind, "proposal.summary", about)
    return {
        "title": title, "summary": summary,
        "answers": {**ANSWERS, "title": title, "summary": summary, "method": cx(kind, "proposal.answers", about)},
    }  # fmt: skip


def _proposals(w: Work, world: Any, scene: Scene, here: Round, challenge: Submission) -> None:
    cx = scene.aviary
    draft = make_proposal(
        w, here, state=ProposalState.DRAFT, challenges=[challenge], **texts(scene, "proposal", "draft proposal")
    )
    scene.code("proposals", draft)
    _file(w, world, scene, "proposal", draft, "draft proposal", "proposal")
    w.add(
        Editing(
            workflow="proposal", subject_code=draft.code, person_id=PEOPLE["ravi"].id, seen_at=w.now, base_version=1,
            kept={"summary": cx("typed", "editing.kept", "draft proposal, ravi")},
        )
    )  # fmt: skip
    w.add(
        TeamMember(
            proposal_id=draft.id, name=cx("proposal", "team_member.name", "draft proposal"), role=TeamRole.RESEARCHER,
            email=f"{cx('team_address', 'team_member.email', 'draft proposal')}@example.org", email_key="x@example.org",
            invited_at=w.now,
        )
    )  # fmt: skip
    idea = make_proposal(
        w, here, lead="eero", state=ProposalState.IN_REVIEW, submitted_at=w.now, challenges=[challenge], cities={},
        **texts(scene, "proposal", "idea"),
    )  # fmt: skip
    scene.code("proposals", idea)
    w.add(
        Preference(
            proposal_id=idea.id, city_id=PLACES["tartu"].id, rating=4, at=w.now, by_id=PEOPLE["mari"].id,
            comment=cx("preference", "preference.comment", "idea"),
        )
    )  # fmt: skip


# The jury


def _reviewed(w: Work, scene: Scene, proposal: Proposal, juror: Juror, kind: str, about: str) -> Review:
    """A review handed in, with what was said kept as others read it."""
    cx = scene.aviary
    made = make_review(w, proposal, juror, state=ReviewState.SUBMITTED, comment=cx(kind, "review.comment", about))
    put_marks(w, made, 40, cx(kind, "score.comment", about))
    revision.revise(w, "review", made, content_of(w, made))
    return scene.code("reviews", made)


def _judged(w: Work, world: Any, scene: Scene, here: Round, challenge: Submission) -> list[int]:
    cx = scene.aviary
    jurors = {}
    for persona, name in PERSONAS.items():
        if "juror" in persona:
            place = make_juror(w, here, name, expertise=cx("juror_place", "juror.expertise", persona))
            jurors[name] = scene.code("jurors", place)
    item = make_judged(w, here, challenges=[challenge], **texts(scene, "proposal", "item"))
    scene.code("proposals", item)
    _file(w, world, scene, "proposal", item, "item", "proposal")
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
    for proposal in (item, other):
        actions.push(w, proposal)
    return [item.id, other.id]


# Decisions


def _outcome(w: Work, scene: Scene, proposal: Proposal, about: str, kind: str, **fields: Any) -> Outcome:
    cx = scene.aviary
    outcome = make_outcome(
        w, proposal, reasons=cx(kind, "outcome.reasons", about), note=cx("outcome_note", "outcome.note", about),
        deviation=cx("outcome_note", "outcome.deviation", about),
        conditions=(cx(kind, "outcome_condition.text", about),), **fields,
    )  # fmt: skip
    return scene.code("outcomes", outcome)


def _decided(w: Work, scene: Scene, here: Round) -> list[int]:
    cx = scene.aviary
    waiting = make_candidate(w, here, **texts(scene, "proposal", "candidate"))
    scene.code("proposals", waiting)
    _outcome(w, scene, waiting, "candidate", "outcome")
    told = make_candidate(w, here, award_cents=100_000_000, publish=False, **texts(scene, "proposal", "winner"))
    scene.code("proposals", told)
    lena = w.session.exec(select(Juror).where(Juror.person_id == PEOPLE["lena"].id)).one()
    _reviewed(w, scene, told, lena, "review_told", "winner, lena").published_at = w.now
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
    return [waiting.id, told.id, lost.id]


def _pilot(w: Work, world: Any, scene: Scene, here: Round) -> None:
    cx = scene.aviary
    pilot = make_pilot(
        w, round_=here, state=PilotState.RUNNING, title=cx("published", "pilot.title", "pilot"),
        notes=cx("pilot", "pilot.notes", "pilot"), agreement=cx("pilot", "pilot.agreement", "pilot"),
        public_summary=cx("published", "pilot.public_summary", "pilot"),
        replication_plan=cx("published", "pilot.replication_plan", "pilot"),
        cities={"tartu": CityRole.LEAD, "helsinki": CityRole.PILOT},
    )  # fmt: skip
    scene.code("pilots", pilot)
    member = w.session.exec(select(MemberCity).where(MemberCity.pilot_id == pilot.id)).first()
    member.site = cx("published", "member_city.site", "pilot")
    keep_agreement(w, pilot)
    done = {"done_on": date(2027, 8, 1), "evidence": cx("published", "milestone.evidence", "pilot")}
    scene.code("milestones", make_milestone(w, pilot, title=cx("published", "milestone.title", "pilot"), **done))
    scene.code("tranches", make_tranche(w, pilot, label=cx("pilot", "tranche.label", "pilot")))
    for about, state in (("report at work", ReportState.DUE), ("report", ReportState.RETURNED)):
        fields: dict[str, Any] = {}
        if state is ReportState.RETURNED:
            fields = {"submitted_at": w.now, "revision": 1, "points": cx("pilot", "report.points", about)}
        report = make_report(w, pilot, state=state, answers={"done": cx("pilot", "report.answers", about)}, **fields)
        scene.code("reports", report)
        _file(w, world, scene, "report", report, about, "pilot")


def _mail(w: Work, scene: Scene) -> None:
    cx = scene.aviary
    w.note("round", w.session.exec(select(Round)).first(), "news")
    w.finish()
    step_id = w.session.exec(select(Step.id)).first()
    w.add(
        Message(
            step_id=step_id, person_id=PEOPLE["ravi"].id, template="x",
            subject=cx("message", "message.subject", "ravi"),
            text=cx("message", "message.text", "ravi"), at=w.now,
        )
    )  # fmt: skip
    letter = post(
        w, address=f"{cx('letter', 'letter.address', 'ravi')}@example.org", locale="en",
        subject=cx("letter", "letter.subject", "ravi"), text=cx("letter", "letter.text", "ravi"),
    )  # fmt: skip
    letter.failed_at, letter.error = w.now, cx("letter", "letter.error", "ravi")
    w.add(Slot(key="slot", due_at=w.now, failures=3, error=cx("kept", "slot.error", "slot")))
    w.add(
        IdempotencyKey(
            actor_id=PEOPLE["ravi"].id, key="k", request_hash="h", status=200, at=w.now,
            body={"kept": cx("kept", "idempotency_key.body", "ravi")},
        )
    )  # fmt: skip
