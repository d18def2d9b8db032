"""What the steps of a submission change in it beside the state."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from challenge.kernel import attachment, editing, receipt, revision
from challenge.kernel.errors import Refused
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.queries import plain
from challenge.rounds import actions as round_actions
from challenge.rounds import rules as rounds
from challenge.rounds.queries import rules_of
from challenge.submissions import rules
from challenge.submissions.asks import SendBack
from challenge.submissions.models import Interest, Submission, SubmissionCity
from challenge.submissions.rules import WINDOW, WORKFLOW
from challenge.submissions.schemas import ChallengeForm


def take_place(w: Work, submission: Submission, _given: Any) -> None:
    """The first free place of the city. Whoever submits for the same city at the same moment waits at its row."""
    cap = rules_of(rules.round_of(w, submission)).submissions_per_city
    submission.slot_cap = cap
    submission.title_key = rules.title_key(submission.title)
    if submission.slot is not None:
        return
    w.session.exec(select(Organisation.id).where(Organisation.id == submission.city_id).with_for_update(key_share=True))
    with w.session.no_autoflush:  # its new state needs the place that is being looked for
        slot = rules.free_slot(w, submission)
    if slot is None:
        raise Refused(rules.cap_reached(cap))
    submission.slot = slot


def received(w: Work, submission: Submission, _given: Any) -> None:
    """What was handed in is kept as a revision, and the receipt names it; nobody edits it now."""
    round_ = rules.round_of(w, submission)
    submission.submitted_at = w.now
    submission.checklist = {}
    submission.search = searchable(w, submission)
    kept = revision.revise(w, WORKFLOW, submission, content(w, submission))
    due = rounds.due_at(w, submission, WORKFLOW, WINDOW)
    receipt.give(
        w, WORKFLOW, submission, kept, deadline=due or w.now,
        grace_seconds=int(rounds.grace(round_).total_seconds()), rules_version=round_.rules_version,
    )  # fmt: skip
    editing.end(w, WORKFLOW, submission)


def content(w: Work, submission: Submission) -> dict[str, Any]:
    """What a revision holds: answers, cities, files; not the state, not comments."""
    given = {name: answer for name, answer in submission.answers.items() if answer not in ("", None)}
    answers = ChallengeForm.model_validate(given).model_dump(mode="json")
    city = rules.city_of(w, submission)
    further = w.session.exec(
        select(Organisation)
        .join(SubmissionCity, col(SubmissionCity.city_id) == Organisation.id)
        .where(SubmissionCity.submission_id == submission.id)
        .order_by(col(Organisation.id))
    )
    return {
        "answers": answers,
        "cities": [{"name": one.name, "country": one.country} for one in [city, *further] if one is not None],
        "files": [
            {"name": file.name, "sha256": file.sha256} for file in attachment.of(w, WORKFLOW, submission.code)
        ],
    }


def searchable(w: Work, submission: Submission) -> str:
    """What the catalogue looks in: title, city, summary, problem, outcome, spelt plainly."""
    city = rules.city_of(w, submission)
    texts = [submission.title, city.name if city else ""]
    texts += [str(submission.answers.get(name) or "") for name in ("summary", "problem", "outcome", "partner")]
    return plain(" ".join(texts))


def recalled(_w: Work, submission: Submission, _given: Any) -> None:
    """It is the city's again; its place is free."""
    submission.slot = None
    submission.submitted_at = None


def published(w: Work, submission: Submission, _given: Any) -> None:
    """From now on everybody can read it."""
    submission.published_at = w.now


def given_more_time(w: Work, submission: Submission, given: SendBack) -> None:
    """It may be handed in again until then."""
    round_actions.extend(w, submission, WORKFLOW, given.until, given.reason)


def left(w: Work, submission: Submission, _given: Any) -> None:
    """Its place is free, and so are the places of the cities that had shown interest."""
    submission.slot = None
    for interest in w.session.exec(
        select(Interest).where(Interest.submission_id == submission.id, col(Interest.withdrawn_at).is_(None))
    ):
        interest.withdrawn_at = w.now
