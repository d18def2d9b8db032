"""Why not, for interests: never one's own, in the window, five at most, while the challenge is open to it."""

from __future__ import annotations

from sqlmodel import col, select

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _, _n
from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.rules import may_not
from challenge.people.states import KINDS, Seat
from challenge.rounds import rules as rounds
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.states import WindowName
from challenge.submissions.models import Interest, Submission, SubmissionCity
from challenge.submissions.rules import round_of
from challenge.submissions.states import LABELS, OPEN_TO_INTEREST
from challenge.submissions.states import SubmissionState as S

WINDOW = WindowName.INTERESTS
GONE = (S.REJECTED, S.WITHDRAWN, S.LAPSED)


def speaks_for(w: Work, city: Organisation) -> Problem | None:
    """The lead or a deputy of the city that shows interest."""
    held = w.actor.sits_in(city.id, Seat.LEAD, Seat.DEPUTY)
    return None if held else may_not(_("Only the lead or a deputy of %(city)s can do this.", city=city.name))


def may_show(w: Work, submission: Submission, city: Organisation) -> Problem | None:
    """The city may show interest in this challenge now."""
    round_ = round_of(w, submission)
    return (
        counts_as_city(round_, city)
        or is_of_another(w, submission, city)
        or is_open_to_interest(submission)
        or rounds.is_open(w, round_, WINDOW)
        or is_not_shown(w, submission, city)
        or has_place(w, round_, city)
    )


def may_withdraw(w: Work, submission: Submission, city: Organisation) -> Problem | None:
    """The city has shown interest and may take it back now."""
    if live(w, submission, city) is None:
        return Problem("no_interest", _("%(city)s has not shown interest in this challenge.", city=city.name))
    return rounds.is_open(w, round_of(w, submission), WINDOW)


def counts_as_city(round_: Round, city: Organisation) -> Problem | None:
    """It counts as a city in this round."""
    if city.kind in rules_of(round_).city_kinds:
        return None
    return Problem("not_a_city", _("In this round “%(kind)s” does not count as a city.", kind=KINDS[city.kind]))


def is_of_another(w: Work, submission: Submission, city: Organisation) -> Problem | None:
    """It is another city's challenge."""
    own = submission.city_id == city.id or city.id in w.session.exec(
        select(SubmissionCity.city_id).where(SubmissionCity.submission_id == submission.id)
    ).all()  # fmt: skip
    if not own:
        return None
    return Problem(
        "own_challenge",
        _("This is a challenge of %(city)s. Interest is for challenges of other cities.", city=city.name),
    )


def is_open_to_interest(submission: Submission) -> Problem | None:
    """It is submitted, in review or accepted, by a city."""
    if submission.state in OPEN_TO_INTEREST and submission.city_id is not None:
        return None
    state = LABELS[submission.state].public
    return Problem("not_open_to_interest", _("Interest is not possible: its state is “%(state)s”.", state=state))


def is_not_shown(w: Work, submission: Submission, city: Organisation) -> Problem | None:
    """The city has not shown interest in it yet."""
    if live(w, submission, city) is None:
        return None
    return Problem("already_shown", _("%(city)s has shown interest in this challenge already.", city=city.name))


def has_place(w: Work, round_: Round, city: Organisation) -> Problem | None:
    """The city has not used up its interests of the round."""
    cap = rules_of(round_).interests_per_city
    return None if free_slot(w, round_, city) is not None else cap_reached(cap)


def cap_reached(cap: int) -> Problem:
    """All interests of the city are used."""
    return Problem(
        "interest_cap_reached",
        _n(
            "A city may show interest in one challenge, and yours has. Withdraw that interest first.",
            "A city may show interest in at most %(n)s challenges, and yours has. Withdraw one first.",
            cap,
        ),
    )


def free_slot(w: Work, round_: Round, city: Organisation) -> int | None:
    """The city's first free place; None when the cap is reached. Challenges that ended take none."""
    taken = w.session.exec(
        select(Interest.slot)
        .join(Submission, col(Submission.id) == Interest.submission_id)
        .where(
            Interest.round_id == round_.id,
            Interest.city_id == city.id,
            col(Interest.withdrawn_at).is_(None),
            col(Submission.state).not_in(GONE),
        )
    ).all()
    cap = rules_of(round_).interests_per_city
    return next((slot for slot in range(1, cap + 1) if slot not in taken), None)


def live(w: Work, submission: Submission, city: Organisation) -> Interest | None:
    """The interest the city has in it now."""
    return w.session.exec(
        select(Interest).where(
            Interest.submission_id == submission.id,
            Interest.city_id == city.id,
            col(Interest.withdrawn_at).is_(None),
        )
    ).first()
