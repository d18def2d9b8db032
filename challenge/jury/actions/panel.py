"""The panel: inviting, accepting, declining, leaving; what a juror knows and how much she takes."""

from __future__ import annotations

import contextlib

from sqlmodel import col, select

from challenge.jury.models import Juror, Review
from challenge.jury.schemas import Acceptance, Expertise, JurorInvite, JurorPlace, NoReason
from challenge.jury.states import OPEN, TERMS, Place
from challenge.jury.workflow import REVIEW
from challenge.kernel.errors import Forbidden, Invalid, Missing, Problem, Refused
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.people import actions as people_actions
from challenge.people import queries as people_queries
from challenge.people import rules as people
from challenge.people.models import Person, Role
from challenge.people.states import RoleName
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of

WORKFLOW = "juror"


def invite_juror(w: Work, round_: Round, given: JurorInvite, *, public_url: str = "") -> Juror:
    """Ask somebody to join the panel; who declined or left may be asked again. Raises Forbidden, Refused."""
    if problem := people.is_coordinator(w, round_):
        raise Forbidden(problem)
    person = people_actions.invite_person(w, given.name, given.email, given.locale, public_url=public_url)
    if _runs(w, person, round_):
        text = _("%(name)s runs or observes this round, and so cannot judge in it.", name=person.name)
        raise Refused(Problem("runs_the_round", text, {"email": text}))
    juror = w.session.exec(select(Juror).where(Juror.round_id == round_.id, Juror.person_id == person.id)).first()
    if juror is not None and juror.place in (Place.INVITED, Place.ACCEPTED):
        text = _("%(name)s is on the panel or invited already.", name=person.name)
        raise Refused(Problem("on_panel", text, {"email": text}))
    if juror is None:
        juror = w.add(Juror(round_id=round_.id, round_code=round_.code, person_id=person.id, invited_at=w.now))
    juror.invited_at, juror.load_max = w.now, given.load_max
    juror.load_min = min(juror.load_min, given.load_max)
    juror.accepted_at = juror.declined_at = juror.left_at = None
    people_actions.give_role(w, person, RoleName.JUROR, round_.id)
    w.note(WORKFLOW, juror, "invite")
    return juror


def _runs(w: Work, person: Person, round_: Round) -> bool:
    """Whether the person coordinates or observes the round."""
    held = w.session.exec(
        select(Role.id).where(
            Role.person_id == person.id,
            col(Role.name).in_([RoleName.COORDINATOR, RoleName.OBSERVER]),
            (col(Role.round_id) == round_.id) | col(Role.round_id).is_(None),
        )
    ).first()
    return held is not None


def accept_invitation(w: Work, juror: Juror, given: Acceptance) -> None:
    """Join the panel: contract and confidentiality, each accepted for itself, in the version that was shown."""
    _ask_oneself(w, juror)
    if not (given.contract and given.confidentiality):
        raise Invalid(Problem("terms", _("Accept the contract and confidentiality, or decline the invitation.")))
    juror.accepted_at, juror.terms = w.now, TERMS
    w.note(WORKFLOW, juror, "accept", {"terms": TERMS})


def decline_invitation(w: Work, juror: Juror, given: NoReason) -> None:
    """Not this time."""
    _ask_oneself(w, juror)
    juror.declined_at = w.now
    w.note(WORKFLOW, juror, "decline", given.model_dump(mode="json"))


def _ask_oneself(w: Work, juror: Juror) -> None:
    if w.actor.id is None or juror.person_id != w.actor.id:
        raise Forbidden(people.may_not(_("Only the person who was invited can answer.")))
    if juror.place is not Place.INVITED:
        raise Refused(Problem("answered", _("The invitation was answered already.")))


def set_expertise(w: Work, juror: Juror, given: Expertise) -> None:
    """What the juror knows: by herself or by a coordinator. Raises Forbidden, Invalid."""
    if juror.person_id != w.actor.id and (problem := people.is_coordinator(w, juror)):
        raise Forbidden(problem)
    _ask_known_themes(w, juror, given)
    juror.themes, juror.languages, juror.expertise = given.themes, given.languages, given.expertise
    w.note(WORKFLOW, juror, "revise")


def set_place(w: Work, juror: Juror, given: JurorPlace) -> None:
    """Expertise and load, by a coordinator. A lower load takes nothing away that was assigned."""
    if problem := people.is_coordinator(w, juror):
        raise Forbidden(problem)
    set_expertise(w, juror, given)
    juror.load_min, juror.load_max = given.load_min, given.load_max
    w.session.flush()


def _ask_known_themes(w: Work, juror: Juror, given: Expertise) -> None:
    rules = rules_of(w.session.get_one(Round, juror.round_id))
    if any(rules.theme(theme) is None for theme in given.themes):
        text: Text = _("Choose from the themes of the round")
        raise Invalid(Problem("themes", text, {"themes": text}))


def take_off(w: Work, juror: Juror, given: NoReason) -> int:
    """Off the panel, by a coordinator or by the juror: open reviews are released, what was submitted still counts.

    Gives back how many reviews need another juror now.
    """
    if juror.person_id != w.actor.id and (problem := people.is_coordinator(w, juror)):
        raise Forbidden(problem)
    if juror.place not in (Place.INVITED, Place.ACCEPTED):
        raise Refused(Problem("not_on_panel", _("This juror is not on the panel.")))
    juror.left_at = w.now
    reviews = w.session.exec(
        select(Review).where(Review.juror_id == juror.id, col(Review.state).in_(OPEN)).order_by(col(Review.id))
    ).all()
    for review in reviews:
        REVIEW.cause(w, review, "release", NoReason(reason=given.reason))
    if juror.person_id != w.actor.id:
        with contextlib.suppress(Missing):  # the role may be held for all rounds: an administrator's business
            people_actions.take_role(w, people_queries.person(w, juror.person_id), RoleName.JUROR, juror.round_id)
    w.note(WORKFLOW, juror, "take_off", given.model_dump(mode="json"))
    return len(reviews)
