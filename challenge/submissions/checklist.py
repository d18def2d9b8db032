"""The eligibility checklist: each point with its computed fact; two are judged by a coordinator."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from challenge.kernel import receipt
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.people.states import KINDS
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.words import Moment
from challenge.submissions.models import Submission
from challenge.submissions.rules import WORKFLOW, choices, city_of, kind_may_submit, round_of, theme_title

JUDGED: Mapping[str, Text] = {
    "real": _("The problem is real and needs research"),
    "no_supplier": _("No single supplier is named or meant"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """A point of the checklist: what must hold, the fact as computed, and whether a coordinator must judge it."""

    key: str
    title: Text
    fact: Text
    holds: bool
    judged: bool = False


def checklist(w: Work, submission: Submission) -> list[Point]:
    """The points in their order; those to be judged hold when a coordinator ticked them."""
    round_, city = round_of(w, submission), city_of(w, submission)
    rules, answers = rules_of(round_), submission.answers
    known = [theme for theme in submission.themes if rules.theme(theme) is not None]
    people = dict(choices(w, submission)["contact"])
    names = [people[code] for code in (answers.get("contact"), answers.get("deputy")) if code in people]
    points = [
        Point("cap", _("Within the cap"),
              _("Challenge %(n)s of at most %(cap)s of this city", n=submission.slot or "–", cap=submission.slot_cap),
              submission.slot is not None and submission.slot <= rules.submissions_per_city),
        _in_time(w, submission, round_),
        Point("kind", _("This kind of organisation may submit"),
              KINDS[city.kind] if city else _("no city"), kind_may_submit(w, submission) is None),
        Point("themes", _("The themes belong to the round"),
              _("%(themes)s", themes=", ".join(theme_title(rules, theme) for theme in submission.themes) or "–"),
              bool(known) and len(known) == len(submission.themes)),
        Point("consent", _("It may be published"),
              _("Consent given") if answers.get("consent") is True else _("No consent"),
              answers.get("consent") is True),
        Point("people", _("A contact and a deputy of the city are named"),
              _("%(names)s", names=", ".join(str(name) for name in names) or "–"), len(set(names)) > 1),
    ]  # fmt: skip
    ticked = submission.checklist
    return points + [
        Point(key, title, _("Judged by a coordinator") if ticked.get(key) else _("Not judged yet"),
              ticked.get(key) is True, judged=True)
        for key, title in JUDGED.items()
    ]  # fmt: skip


def _in_time(w: Work, submission: Submission, round_: Round) -> Point:
    given = receipt.latest(w, WORKFLOW, submission.code)
    if given is None:
        return Point("in_time", _("Submitted in time"), _("No receipt"), holds=False)
    at = Moment(given.received_at, round_.zone)
    fact = _("Received %(at)s, within the grace", at=at) if given.within_grace else _("Received %(at)s", at=at)
    return Point("in_time", _("Submitted in time"), fact, holds=True)


def is_eligible(w: Work, submission: Submission) -> Problem | None:
    """Every point of the checklist holds."""
    open_points = {point.key: point.title for point in checklist(w, submission) if not point.holds}
    if not open_points:
        return None
    return Problem("checklist", _("The eligibility checklist is not done. Still open:"), open_points)
