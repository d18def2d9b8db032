"""What the steps of a submission change in it beside the state."""

from __future__ import annotations

from typing import Any

from sqlmodel import col, select

from challenge.kernel import attachment, editing, receipt, revision
from challenge.kernel.errors import Refused
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.queries import plain
from challenge.rounds import rules as rounds
from challenge.rounds.queries import rules_of
from challenge.submissions import rules
from challenge.submissions.models import Submission, SubmissionCity
from challenge.submissions.rules import WINDOW, WORKFLOW
from challenge.submissions.schemas import ChallengeForm


def take_place(w: Work, submission: Submission, _given: Any) -> None:
    """The first free place of the city. Whoever submits for the same city at the same moment waits at its row."""
    with w.session.no_autoflush:  # the new state cannot be written before the place is known
        cap = rules_of(rules.round_of(w, submission)).submissions_per_city
        if submission.slot is None:
            city = select(Organisation.id).where(Organisation.id == submission.city_id)
            w.session.exec(city.with_for_update(key_share=True))
            submission.slot = rules.free_slot(w, submission)
        if submission.slot is None:
            raise Refused(rules.cap_reached(cap))
        submission.slot_cap = max(cap, submission.slot)
        submission.title_key = rules.title_key(submission.title)
        submission.submitted_at = w.now


def received(w: Work, submission: Submission, _given: Any) -> None:
    """What was handed in is kept as a revision, and the receipt names it; nobody edits it now."""
    round_ = rules.round_of(w, submission)
    submission.checklist = {}
    submission.search = searchable(w, submission)
    snapshot = content(w, submission)
    submission.answers = {**submission.answers, **snapshot["answers"]}  # as read: a year is a number from here on
    kept = revision.revise(w, WORKFLOW, submission, snapshot)
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
        "files": [{"name": file.name, "sha256": file.sha256} for file in attachment.of(w, WORKFLOW, submission.code)],
    }


def as_written(w: Work, submission: Submission) -> dict[str, Any]:
    """The answers as they were typed, finished or not, and the files."""
    files = attachment.of(w, WORKFLOW, submission.code)
    return {"answers": submission.answers, "files": sorted(file.sha256 for file in files)}


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


def left(_w: Work, submission: Submission, _given: Any) -> None:
    """Its place is free."""
    submission.slot = None
