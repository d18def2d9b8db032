"""Cities show interest in challenges of other cities."""

from __future__ import annotations

from sqlmodel import col, select

from challenge.kernel.constraints import refuses
from challenge.kernel.errors import Forbidden, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.rounds.queries import rules_of
from challenge.submissions import interest_rules as rules
from challenge.submissions.models import Interest, Submission
from challenge.submissions.rules import WORKFLOW, round_of


def show_interest(w: Work, submission: Submission, city: Organisation, reason: str) -> Interest:
    """Say why the city wants to take part. Two people of one city at the same moment wait for each other."""
    if problem := rules.speaks_for(w, city):
        raise Forbidden(problem)
    w.session.exec(select(Organisation.id).where(Organisation.id == city.id).with_for_update(key_share=True))
    if problem := rules.may_show(w, submission, city):
        raise Refused(problem)
    round_ = round_of(w, submission)
    _free_places_of_ended(w, round_.id, city)
    slot = rules.free_slot(w, round_, city)
    if slot is None or submission.city_id is None:
        raise Refused(rules.cap_reached(rules_of(round_).interests_per_city))
    made = w.add(
        Interest(
            submission_id=submission.id, lead_city_id=submission.city_id, round_id=submission.round_id,
            city_id=city.id, reason=reason, slot=slot, slot_cap=rules_of(round_).interests_per_city,
            shown_at=w.now, by_id=w.actor.id,
        )
    )  # fmt: skip
    w.note(WORKFLOW, submission, "show_interest", {"city": city.code, "reason": reason})
    return made


def withdraw_interest(w: Work, submission: Submission, city: Organisation) -> None:
    """Take it back while the window is open; the place is free again."""
    if problem := rules.speaks_for(w, city):
        raise Forbidden(problem)
    if problem := rules.may_withdraw(w, submission, city):
        raise Refused(problem)
    if (shown := rules.live(w, submission, city)) is not None:
        shown.withdrawn_at = w.now
        w.session.flush()
        w.note(WORKFLOW, submission, "withdraw_interest", {"city": city.code})


def _free_places_of_ended(w: Work, round_id: int, city: Organisation) -> None:
    """Interest in a challenge that ended keeps no place; whoever had to be told of its end has been."""
    ended = (
        select(Interest)
        .join(Submission, col(Submission.id) == Interest.submission_id)
        .where(
            Interest.round_id == round_id, Interest.city_id == city.id, col(Interest.withdrawn_at).is_(None),
            col(Submission.state).in_(rules.GONE),
        )
    )  # fmt: skip
    for interest in w.session.exec(ended):
        interest.withdrawn_at = w.now
    w.session.flush()


refuses(
    "uq_interest_live",
    Problem("already_shown", _("Your city has shown interest in this challenge already.")),
    columns="interest.submission_id, interest.city_id",
)
refuses(
    "uq_interest_slot",
    Problem("interest_cap_reached", _("Somebody of your city showed interest at the same moment. Look again.")),
    columns="interest.round_id, interest.city_id, interest.slot",
)
refuses(
    "ck_interest_never_own",
    Problem("own_challenge", _("Interest is for challenges of other cities.")),
)
