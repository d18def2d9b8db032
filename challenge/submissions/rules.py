"""Why not, for submissions: who may, what is missing, what is over. See also ``checklist``, ``interest_rules``."""

from __future__ import annotations

from sqlmodel import col, select

from challenge.kernel.constraints import refuses
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _, _n, gettext, locale
from challenge.kernel.messages import faults_of
from challenge.kernel.work import Work
from challenge.people import directory
from challenge.people.models import Organisation
from challenge.people.queries import fold
from challenge.people.rules import is_coordinator, is_system, may_not
from challenge.people.states import KINDS, Seat
from challenge.rounds import rules as rounds
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.schemas import Rules
from challenge.rounds.states import RoundState, WindowName
from challenge.rounds.words import Moment
from challenge.submissions.models import Submission
from challenge.submissions.schemas import ChallengeForm
from challenge.submissions.states import LABELS, SubmissionState

WORKFLOW = "submission"
WINDOW = WindowName.CHALLENGES
EDITABLE = (SubmissionState.DRAFT, SubmissionState.RETURNED)

__all__ = ["is_coordinator", "is_system"]


def round_of(w: Work, submission: Submission) -> Round:
    """The round it belongs to."""
    return w.session.get_one(Round, submission.round_id)


def city_of(w: Work, submission: Submission) -> Organisation | None:
    """Its lead city; None where it was imported without one."""
    return w.session.get(Organisation, submission.city_id) if submission.city_id is not None else None


# Who


def is_city_lead(w: Work, submission: Submission) -> Problem | None:
    """The lead of its city."""
    held = w.actor.sits_in(submission.city_id, Seat.LEAD)
    return None if held else may_not(_("Only the lead of the city can do this."))


def represents_the_city(w: Work, submission: Submission) -> Problem | None:
    """The lead or a deputy of its city."""
    held = w.actor.sits_in(submission.city_id, Seat.LEAD, Seat.DEPUTY)
    return None if held else may_not(_("Only the lead or a deputy of the city can do this."))


def belongs_to_the_city(w: Work, submission: Submission) -> Problem | None:
    """Anybody of its city."""
    held = w.actor.sits_in(submission.city_id)
    return None if held else may_not(_("Only people of the city can do this."))


# What must hold for a submission to be handed in


def is_editable(_w: Work, submission: Submission) -> Problem | None:
    """Its answers and files may change."""
    if submission.state in EDITABLE:
        return None
    if submission.state is SubmissionState.SUBMITTED:
        return Problem("not_editable", _("It is submitted. Until the deadline the city’s lead can recall it."))
    state = LABELS[submission.state].team
    return Problem("not_editable", _("It cannot be edited any more: its state is “%(state)s”.", state=state))


def round_is_under_way(w: Work, submission: Submission) -> Problem | None:
    """The round is published, and neither closed nor cancelled."""
    if round_of(w, submission).state is RoundState.PUBLISHED:
        return None
    return Problem("round_not_open", _("The round is not under way."))


def has_opened(w: Work, submission: Submission) -> Problem | None:
    """Challenges are being received already."""
    period, zone = rounds.window(w, submission.round_id, WINDOW), round_of(w, submission).zone
    if period is None or w.now >= period.opens_at:
        return None
    opens_at = Moment(period.opens_at, zone)
    return Problem("not_open_yet", _("Challenges can be submitted from %(at)s.", at=opens_at))


def is_not_overdue(w: Work, submission: Submission) -> Problem | None:
    """Its due date (with extension and grace) is not over."""
    return rounds.not_over(w, submission, WORKFLOW, WINDOW)


def may_submit_here(round_: Round, city: Organisation) -> Problem | None:
    """Organisations of this kind may submit challenges in this round."""
    if city.kind in rules_of(round_).submitter_kinds:
        return None
    kind = KINDS[city.kind]
    return Problem("kind", _("In this round an organisation of the kind “%(kind)s” cannot submit.", kind=kind))


def kind_may_submit(w: Work, submission: Submission) -> Problem | None:
    """Its city is of a kind that may submit challenges."""
    city = city_of(w, submission)
    return None if city is None else may_submit_here(round_of(w, submission), city)


def has_place(w: Work, submission: Submission) -> Problem | None:
    """The city has not used up its places in the round."""
    if submission.slot is not None or free_slot(w, submission) is not None:
        return None
    return cap_reached(rules_of(round_of(w, submission)).submissions_per_city)


def cap_reached(cap: int) -> Problem:
    """All places of the city are taken."""
    return Problem(
        "cap_reached",
        _n(
            "A city may submit one challenge in this round, and yours has. Recall or withdraw it first.",
            "A city may submit at most %(n)s challenges in this round, and yours has. Recall or withdraw one first.",
            cap,
        ),
    )


def free_slot(w: Work, submission: Submission) -> int | None:
    """The first free place of its city in the round; None when the cap is reached."""
    taken = w.session.exec(
        select(Submission.slot).where(
            Submission.round_id == submission.round_id,
            Submission.city_id == submission.city_id,
            col(Submission.slot).is_not(None),
        )
    ).all()
    cap = rules_of(round_of(w, submission)).submissions_per_city
    return next((slot for slot in range(1, cap + 1) if slot not in taken), None)


def theme_title(rules: Rules, key: str) -> str:
    """A theme in the reader's language; its key where the round does not know it."""
    theme = rules.theme(key)
    if theme is None:
        return key
    return theme.title_et if locale() == "et" and theme.title_et else gettext(theme.title)


def choices(w: Work, submission: Submission) -> dict[str, list[tuple[str, object]]]:
    """What the form offers: the round's themes, the people of the city."""
    rules, city = rules_of(round_of(w, submission)), city_of(w, submission)
    people: list[tuple[str, object]] = []
    if city is not None:
        people = [(row.code, row.name) for row in directory.members(w, city) if not row.disabled]
    themes: list[tuple[str, object]] = [(theme.key, theme_title(rules, theme.key)) for theme in rules.themes]
    return {"themes": themes, "contact": people, "deputy": people}


def faults(w: Work, submission: Submission) -> dict[str, Text]:
    """What each answer still needs, by field."""
    zone = round_of(w, submission).zone
    found = faults_of(ChallengeForm, submission.answers, choices=choices(w, submission), zone=zone)
    if "title" not in found and title_is_taken(w, submission):
        found = {"title": TITLE_TAKEN, **found}
    return found


def title_is_taken(w: Work, submission: Submission) -> bool:
    """Whether another submission of the round was handed in under this title."""
    key = title_key(submission.title)
    mine = Submission.id != submission.id
    return w.session.exec(
        select(Submission.id).where(Submission.round_id == submission.round_id, Submission.title_key == key, mine)
    ).first() is not None  # fmt: skip


def title_key(title: str) -> str:
    """What makes two titles one."""
    return fold(title)[:120]


def is_complete(w: Work, submission: Submission) -> Problem | None:
    """Every answer is there, right and within its limit."""
    if not (found := faults(w, submission)):
        return None
    fields = ChallengeForm.model_fields
    named = {
        name: _("%(label)s: %(text)s", label=_(fields[name].title or name), text=text) if name in fields else text
        for name, text in found.items()
    }
    return Problem("incomplete", _n("One answer needs you.", "%(n)s answers need you.", len(found)), named)


# What must hold later


def can_be_recalled(w: Work, submission: Submission) -> Problem | None:
    """The deadline is still ahead; within the grace a recall would throw the submission away."""
    due = rounds.due_at(w, submission, WORKFLOW, WINDOW)
    if due is not None and w.now < due:
        return None
    return Problem("deadline_over", _("The deadline has passed. A coordinator can send it back to you with more time."))


def is_overdue(w: Work, submission: Submission) -> Problem | None:
    """Its due date, with extension and grace, is over."""
    round_ = round_of(w, submission)
    due = rounds.due_at(w, submission, WORKFLOW, WINDOW)
    if due is None or w.now >= due + rounds.grace(round_):
        return None
    return Problem("not_due", _("It can still be submitted until %(at)s.", at=Moment(due, round_.zone)))


def nothing_rests_on_it(_w: Work, submission: Submission) -> Problem | None:
    """No live, selected, reserve or piloted proposal answers it."""
    count = submission.live_proposals
    if count == 0:
        return None
    return Problem(
        "proposals_rest",
        _n("A proposal still rests on it.", "%(n)s proposals still rest on it.", count),
    )


TITLE_TAKEN = _("Another challenge of this round has this title. Choose another title.")
refuses(
    "uq_submission_round_id_title_key", Problem("title_taken", TITLE_TAKEN, {"title": TITLE_TAKEN}),
    columns="submission.round_id, submission.title_key",
)  # fmt: skip
refuses(
    "uq_submission_round_id_city_id_slot",
    Problem("cap_reached", _("Somebody of your city submitted at the same moment. Look again.")),
    columns="submission.round_id, submission.city_id, submission.slot",
)
