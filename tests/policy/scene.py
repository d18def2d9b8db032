"""One world in which every confidential field of every kind of record holds a canary, and who is who in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlmodel import delete, select

from challenge.jobs import calibrating
from challenge.jobs.models import Slot
from challenge.jury import actions
from challenge.jury.models import Conflict, TieDecision
from challenge.jury.states import ConflictKind
from challenge.kernel.approval import Approval
from challenge.kernel.editing import Aside
from challenge.kernel.idempotency import IdempotencyKey
from challenge.kernel.journal import Step
from challenge.kernel.letter import post
from challenge.kernel.work import Work
from challenge.notifications.models import Message
from challenge.partners.states import InvitationState
from challenge.people.models import (
    ApiToken,
    Membership,
    Organisation,
    Passkey,
    Person,
    Role,
    SeatInvitation,
    SignInSession,
)
from challenge.people.states import RoleName, Seat
from challenge.privacy.models import LegalHold
from challenge.proposals.models import Preference, Proposal, TeamMember, TeamTask
from challenge.proposals.states import ProposalState, TeamRole
from challenge.rounds.models import Announcement, Extension, Round
from challenge.rounds.states import RoundState
from challenge.submissions.models import Question, Submission
from challenge.submissions.states import SubmissionState
from tests.cast import PEOPLE, PLACES
from tests.factories.partners import make_invitation
from tests.factories.people import make_person
from tests.factories.proposals import make_proposal
from tests.factories.rounds import make_round
from tests.factories.submissions import make_interest, make_submission
from tests.policy.deciding import decided, judged, pilot_of
from tests.policy.gathering import gathered, talking
from tests.policy.people import NOW, PERSONAS, Scene, put_file, texts, written


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
        gathered(w, scene, here)
        challenge = _submissions(w, world, scene, here)
        _proposals(w, world, scene, here, challenge)
        proposals = [*judged(w, world, scene, here, challenge), *decided(w, scene, here)]
        _draft_of_others(w, scene, here, challenge)
        pilot_of(w, world, scene, here)
        talking(w, scene, here)
        _mail(w, scene)
        codes = {name: (w.session.get_one(Organisation, place.id).code) for name, place in PLACES.items()}
    scene.codes |= {"cities": [codes["tartu"]], "organisations": [codes["tartu"], codes["taltech"]]}
    scene.codes["partners"] = [codes["tartu"], codes["helsinki"]]
    order = ("item", "other item", "panel item", "candidate", "winner", "loser")
    barred = (*(("item", name) for name in ("ilse", "niamh")), *(("panel item", name) for name in ("ilse", "niamh")))
    for about, name in (*barred, ("candidate", "niamh")):
        _conflict(world, scene, proposals[order.index(about)], about, name)
    draft, _idea, item, _other, _panel, candidate, *_rest = scene.codes["proposals"]
    scene.codes["proposals"].sort(key=lambda code: code not in {draft, item, candidate})
    with world.acting() as w:
        for row in w.session.exec(select(Conflict).order_by(Conflict.id)):
            scene.code("conflicts", row)
    calibrating.run(world.database, world.clock)  # names groups of jurors and proposals that nothing links
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
    ravi = PEOPLE["ravi"].id
    token = cx("device", "api_token.name", "researcher")
    w.add(
        ApiToken(
            person_id=ravi, name=token, token_hash="0" * 64, created_at=w.now, expires_at=w.now + timedelta(days=9)
        )
    )
    key = cx("device", "passkey.name", "researcher")
    w.add(Passkey(person_id=ravi, name=key, credential_id="id", public_key="key", sign_count=0))
    w.add(
        LegalHold(
            person_id=PEOPLE["sofia"].id, reason=cx("hold", "legal_hold.reason", "partner city"), set_at=w.now,
            set_by=PEOPLE["anna"].id,
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
    w.session.exec(
        delete(Membership).where(Membership.person_id.in_([PEOPLE[name].id for name in ("niamh", "tiina", "aoife")]))
    )
    for name, role, round_ in (
        ("jaan", RoleName.COORDINATOR, here), ("niamh", RoleName.COORDINATOR, here),
        ("aoife", RoleName.COORDINATOR, here), ("aoife", RoleName.JUROR, here),
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
        put_file(w, world, scene, "submission", record, about, kind)
        written(w, scene, "submission", record, about, "writing_of_city", "mari")
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


def _proposals(w: Work, world: Any, scene: Scene, here: Round, challenge: Submission) -> None:
    cx = scene.aviary
    draft = make_proposal(
        w, here, state=ProposalState.DRAFT, challenges=[challenge], **texts(scene, "proposal", "draft proposal")
    )
    scene.code("proposals", draft)
    put_file(w, world, scene, "proposal", draft, "draft proposal", "proposal")
    written(w, scene, "proposal", draft, "draft proposal", "writing", "ravi")
    w.add(
        Aside(
            workflow="proposal", subject_code=draft.code, person_id=PEOPLE["ravi"].id, at=w.now, question="summary",
            base="", text=cx("typed", "aside.text", "draft proposal, ravi"),
        )
    )  # fmt: skip
    w.add(
        TeamMember(
            proposal_id=draft.id, name=cx("proposal", "team_member.name", "draft proposal"), role=TeamRole.RESEARCHER,
            email=f"{cx('team_address', 'team_member.email', 'draft proposal')}@example.org", email_key="x@example.org",
            invited_at=w.now,
        )
    )  # fmt: skip
    w.add(TeamTask(proposal_id=draft.id, title=cx("team_task", "team_task.title", "draft proposal")))
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


def _draft_of_others(w: Work, scene: Scene, here: Round, challenge: Submission) -> None:
    """It answers the city's challenge, and is nothing to the city before it is handed in."""
    made = make_proposal(
        w, here, lead="eero", state=ProposalState.DRAFT, challenges=[challenge], cities={},
        **texts(scene, "proposal", "draft of others"),
    )  # fmt: skip
    scene.code("proposals", made)
    for column, fields in (("message", {}), ("reason", {"state": InvitationState.DECLINED})):
        words = {column: scene.aviary("invitation", f"partner_invitation.{column}", "draft of others")}
        scene.code("partner-invitations", make_invitation(w, made, city="narva", by="eero", **fields, **words))


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
