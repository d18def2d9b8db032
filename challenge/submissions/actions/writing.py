"""A submission is begun, written, checked, handed on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from sqlmodel import col, select

from challenge.kernel import attachment, editing, late
from challenge.kernel.attachment import Attachment, Stored
from challenge.kernel.errors import Forbidden, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.patch import HERE, Origin
from challenge.kernel.work import Work
from challenge.kernel.workflow import Fired
from challenge.people.models import Membership, Organisation, Person
from challenge.people.rules import belongs_to, is_system
from challenge.rounds import actions as round_actions
from challenge.rounds import rules as rounds
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.states import RoundState
from challenge.submissions import effects, rules
from challenge.submissions.asks import Checklist, SendBack
from challenge.submissions.models import Submission, SubmissionCity
from challenge.submissions.rules import WINDOW, WORKFLOW
from challenge.submissions.schemas import TITLE, ChallengeForm
from challenge.submissions.states import SubmissionState
from challenge.submissions.workflow import SUBMISSION


def may_start(w: Work, round_: Round, city: Organisation) -> Problem | None:
    """The city may begin a challenge in this round now."""
    if round_.state is not RoundState.PUBLISHED:
        return Problem("round_not_open", _("The round is not under way."))
    if problem := rules.may_submit_here(round_, city):
        return problem
    period = rounds.window(w, round_.id, WINDOW)
    if period is not None and w.now < period.opens_at:
        return None  # a draft may be written before challenges are received
    return rounds.is_open(w, round_, WINDOW)


def start(w: Work, round_: Round, city: Organisation, title: str) -> Submission:
    """A draft. Drafts are not counted: the cap asks what is submitted."""
    if problem := belongs_to(w, city):
        raise Forbidden(problem)
    if problem := may_start(w, round_, city):
        raise Refused(problem)
    made = Submission(
        round_id=round_.id, round_code=round_.code, city_id=city.id, title=title[:TITLE], title_key="",
        answers={"title": title}, slot_cap=rules_of(round_).submissions_per_city, saved_at=w.now,
    )  # fmt: skip
    made.title_key = made.code
    w.add(made)
    w.step(WORKFLOW, made.code, "start", old=None, new=str(made.state), scope=made.round_code)
    return made


def revise(w: Work, submission: Submission, answers: Mapping[str, Any], origin: Origin = HERE) -> None:
    """Keep answers as typed, right or wrong, finished or not."""
    _demand_editing(w, submission)
    known = {name: editing.storable(answers[name]) for name in answers if name in ChallengeForm.model_fields}
    if title := str(known.get("title") or "").strip():
        submission.title = title[:TITLE]
    if "themes" in known:
        of_round = rules_of(rules.round_of(w, submission))
        typed = known["themes"] if isinstance(known["themes"], list) else []
        submission.themes = [theme for theme in typed if isinstance(theme, str) and of_round.theme(theme)]
    if "contact" in known:
        submission.contact_id = _person_of_city(w, submission, known["contact"])
    if "deputy" in known:
        submission.deputy_id = _person_of_city(w, submission, known["deputy"])
    editing.write(w, WORKFLOW, submission, known, origin)


def fire(w: Work, submission: Submission, name: str, given: BaseModel | None = None) -> Fired:
    """Do what the button says. Sending back gives more time in the same act; what comes too late is kept as a trace."""
    with late.kept(w, WORKFLOW, submission, name, lambda: effects.as_written(w, submission)):
        fired = SUBMISSION.fire(w, submission, name, given)
    if isinstance(given, SendBack) and fired.row.name == "send_back":
        round_actions.extend(w, submission, WORKFLOW, given.until, given.reason)
    return fired


def check(w: Work, submission: Submission, given: Checklist) -> None:
    """Tick the points of the eligibility checklist that a person must judge."""
    if problem := rules.is_coordinator(w, submission):
        raise Forbidden(problem)
    if submission.state is not SubmissionState.IN_REVIEW:
        raise Refused(Problem("not_in_review", _("The checklist is for challenges in review.")))
    ticked = given.model_dump(mode="json")
    submission.checklist = {**ticked, "by": w.actor.code, "at": w.now.isoformat()}
    w.session.flush()
    w.note(WORKFLOW, submission, "check", ticked)


def attach(w: Work, submission: Submission, stored: Stored) -> Attachment:
    """Add a file whose bytes are on disk already (``kernel.attachment.store``, outside of work)."""
    _demand_editing(w, submission)
    return attachment.attach(w, WORKFLOW, submission, stored)


def remove(w: Work, submission: Submission, file: Attachment) -> None:
    """Take a file off; revisions that named it keep its fingerprint."""
    _demand_editing(w, submission)
    attachment.remove(w, WORKFLOW, submission, file)


def lapse_overdue(w: Work, round_: Round) -> list[Submission]:
    """Let every draft and returned submission lapse whose due date, with extension and grace, is over. For the jobs."""
    return _each(w, round_, rules.EDITABLE, "lapse")


def release_all(w: Work, round_: Round) -> list[Submission]:
    """Close without a pilot every challenge on which nothing rests any more: part of closing the round."""
    return _each(w, round_, (S.ACCEPTED, S.CO_DEVELOPMENT, S.PILOT_SELECTION), "release")


def import_past(
    w: Work,
    round_: Round,
    *,
    title: str,
    themes: Sequence[str],
    answers: Mapping[str, Any],
    cities: Sequence[Organisation] = (),
    state: SubmissionState = SubmissionState.NOT_PILOTED,
    sources: Sequence[str] = (),
) -> Submission:
    """A challenge of a past round as it is known: the first city leads; it may have none, and few answers."""
    if problem := is_system(w, None):
        raise Forbidden(problem)
    made = Submission(
        round_id=round_.id, round_code=round_.code, city_id=cities[0].id if cities else None, state=state,
        title=title[:TITLE], title_key=rules.title_key(title), themes=list(themes),
        answers={**answers, "title": title}, imported=True, sources=list(sources), saved_at=w.now,
    )  # fmt: skip
    w.add(made)
    for city in cities[1:]:
        w.add(SubmissionCity(submission_id=made.id, city_id=city.id))
    made.search = effects.searchable(w, made)
    w.session.flush()
    w.step(WORKFLOW, made.code, "import", old=None, new=str(state), scope=made.round_code)
    return made


S = SubmissionState


def _each(w: Work, round_: Round, states: Sequence[SubmissionState], name: str) -> list[Submission]:
    """Cause ``name`` on every submission of the round in these states that is not blocked."""
    found = w.session.exec(
        select(Submission)
        .where(Submission.round_id == round_.id, col(Submission.state).in_(states))
        .order_by(col(Submission.id))
        .with_for_update(key_share=True)
    ).all()
    moved = [one for one in found if SUBMISSION.find(one, name).blocked(w, one) is None]
    for submission in moved:
        SUBMISSION.cause(w, submission, name)
    return moved


def _demand_editing(w: Work, submission: Submission) -> None:
    if problem := rules.belongs_to_the_city(w, submission):
        raise Forbidden(problem)
    if problem := rules.is_editable(w, submission):
        raise Refused(problem)


def _person_of_city(w: Work, submission: Submission, code: Any) -> int | None:
    """The person of this code, if they sit in the submission's city."""
    return w.session.exec(
        select(Person.id)
        .join(Membership, col(Membership.person_id) == Person.id)
        .where(Person.code == str(code or ""), Membership.organisation_id == submission.city_id)
    ).first()
