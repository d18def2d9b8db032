"""Accounts and programme roles: who there is, what they may do, and that it stops at once."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import col, select

from challenge.kernel import proof
from challenge.kernel.database import Database
from challenge.kernel.errors import Forbidden, Invalid, Missing, Problem, Refused, TooMany
from challenge.kernel.i18n import LANGUAGES, _, _n
from challenge.kernel.limits import wait_for
from challenge.kernel.work import Work, open_work
from challenge.people import letters, queries, rules, yearly
from challenge.people.actions.limits import look_up_limits
from challenge.people.actions.sign_in import end_everything
from challenge.people.models import Person, Role
from challenge.people.spelling import address_key
from challenge.people.standing import days as standing_days
from challenge.people.states import RoleName

LAST_ADMINISTRATOR = Problem(
    "last_administrator", _("This is the only administrator. Give the role to somebody else first.")
)

ERASED = Problem("erased", _("The account was erased. Invite the person anew."))


def invite_person(w: Work, name: str, email: str, locale: str = "en", *, public_url: str = "") -> Person:
    """Whoever has this address (or one that looks like it), else a new person, who is written to if there is a URL."""
    if found := queries.find_by_email(w, email):
        return found
    made = w.add(
        Person(
            name=" ".join(name.split()), email=email.strip(), email_key=address_key(email),
            locale=locale if locale in LANGUAGES else "en",
        )
    )  # fmt: skip
    w.note("person", made, "invite")
    if public_url:
        letters.welcome(w, made, public_url)
    return made


def look_up(database: Database, person_id: int, now: datetime) -> None:
    """Count that this person looks somebody up, in a unit of work of its own. Raises TooMany, or Busy."""
    with open_work(database, now) as w:
        if seconds := wait_for(w, look_up_limits(person_id)):
            text = _n(
                "You looked people up a hundred times within an hour. Go on in one minute.",
                "You looked people up a hundred times within an hour. Go on in %(n)s minutes.",
                -(-seconds // 60),
            )
            raise TooMany(Problem("too_many_people", text), seconds)


def revise(w: Work, person: Person, name: str, locale: str, *, digest: bool | None = None) -> None:
    """Change the name and the language mail is written in; where ``digest`` says so, whether the daily mail comes."""
    if digest is not None and digest == (person.digest_off_at is not None):
        person.digest_off_at = None if digest else w.now
        w.note("person", person, "want_digest" if digest else "want_no_digest")
    if (person.name, person.locale) != (name, locale):
        person.name, person.locale = " ".join(name.split()), locale
        w.note("person", person, "revise")


def change_email(w: Work, person: Person, email: str, *, public_url: str) -> None:
    """Another address to sign in with. Ends every session, link and token; the old address is told, too."""
    _ask_administrator(w, person)
    if person.erased_at is not None:
        raise Refused(ERASED)
    if person.email == email:
        return
    proof.demand(w)
    old, person.email, person.email_key = person.email, email, address_key(email)
    w.session.flush()
    end_everything(w, person.id)
    letters.address_changed(w, person, old, public_url)
    w.note("person", person, "change_email")


def give_role(w: Work, person: Person, name: RoleName, round_id: int | None = None, last: date | None = None) -> None:
    """A programme role for one round, or for all when ``round_id`` is None; until the end of a day, or without end.

    Held already, only the end changes. Roles are given and taken with a fresh proof only (``kernel.proof``).
    """
    if problem := rules.may_give_role(w, person, name, round_id):
        raise Forbidden(problem)
    proof.demand(w)
    if person.disabled_at is not None or person.erased_at is not None:
        raise Refused(Problem("disabled", _("%(name)s is disabled. Enable the account first.", name=person.name)))
    if name is RoleName.ADMINISTRATOR and round_id is not None:
        text = _("An administrator is one for all rounds.")
        raise Invalid(Problem("administrator_of_round", text, {"round": text}))
    until = None if last is None else _end_of(w, name, last)
    given = {} if last is None else {"until": last.isoformat()}
    if (held := held_role(w, person.id, name, round_id)) is not None:
        if held.until != until:
            held.until = until
            note_role(w, person, "give_role", name, round_id, given)
    else:
        if suspended := yearly.suspended_role(w, person.id, name, round_id):
            w.session.delete(suspended)
        w.add(Role(person_id=person.id, name=name, round_id=round_id, until=until))
        note_role(w, person, "give_role", name, round_id, given)


def take_role(w: Work, person: Person, name: RoleName, round_id: int | None = None) -> None:
    """Take it away; it ends with this unit of work, on every page and in the API. Missing when it is not held."""
    if problem := rules.may_give_role(w, person, name, round_id):
        raise Forbidden(problem)
    proof.demand(w)
    held = held_role(w, person.id, name, round_id) or yearly.suspended_role(w, person.id, name, round_id)
    if held is None:
        raise Missing
    if name is RoleName.ADMINISTRATOR:
        _keep_one_administrator(w, person)
    w.session.delete(held)
    w.session.flush()
    note_role(w, person, "take_role", name, round_id)


def _end_of(w: Work, name: RoleName, last: date) -> datetime:
    """The instant at which a role held until this day ends. Raises Invalid, naming the field ``last``."""
    until = standing_days.midnight_after(last)
    if name is RoleName.ADMINISTRATOR:
        text = _("An administrator is one without an end. Take the role away when the time comes.")
    elif until <= w.now:
        text = _("This day is over.")
    elif until - w.now > standing_days.LONGEST:
        text = _("At most half a year. For longer, leave the day empty.")
    else:
        return until
    raise Invalid(Problem("last_day", text, {"last": text}))


def disable(w: Work, person: Person) -> None:
    """Lock somebody out, everywhere and at once: sessions, links and tokens end and do not come back."""
    _ask_administrator(w, person)
    if person.disabled_at is not None:
        return
    _keep_one_administrator(w, person)
    person.disabled_at = w.now
    end_everything(w, person.id)
    w.note("person", person, "disable")


def enable(w: Work, person: Person) -> None:
    """Let somebody sign in again, with the roles and seats they had."""
    _ask_administrator(w, person)
    if person.erased_at is not None:
        raise Refused(ERASED)
    if person.disabled_at is not None:
        person.disabled_at = None
        w.note("person", person, "enable")


def _ask_administrator(w: Work, person: Person) -> None:
    if w.actor.kind == "system":
        return
    problem = rules.is_administrator(w, person)
    if problem is None and w.actor.id == person.id:
        problem = rules.may_not(_("Nobody does this to themselves. Ask another administrator."))
    if problem:
        raise Forbidden(problem)


def _keep_one_administrator(w: Work, person: Person) -> None:
    """Refuse when nobody else could administrate."""
    if is_last_administrator(w, person, locking=True):
        raise Refused(LAST_ADMINISTRATOR)


def is_last_administrator(w: Work, person: Person, *, locking: bool = False) -> bool:
    """Whether nobody else could administrate. ``locking``: the rows too, so that two cannot remove each other."""
    wanted = select(Role.person_id).where(Role.name == RoleName.ADMINISTRATOR)
    holders = w.session.exec(wanted.with_for_update() if locking else wanted).all()
    if person.id not in holders:
        return False
    others = [holder for holder in holders if holder != person.id]
    able = w.session.exec(
        select(func.count()).select_from(Person).where(col(Person.id).in_(others), col(Person.disabled_at).is_(None))
    ).one()
    return able == 0


def held_role(w: Work, person_id: int, name: RoleName, round_id: int | None, *, locking: bool = False) -> Role | None:
    """The role, if it is held (and not suspended)."""
    same_round = col(Role.round_id).is_(None) if round_id is None else col(Role.round_id) == round_id
    wanted = select(Role).where(Role.person_id == person_id, Role.name == name, same_round)
    return w.session.exec(wanted.with_for_update() if locking else wanted).first()


def note_role(
    w: Work, person: Person, act: str, name: RoleName, round_id: int | None, given: dict[str, str] | None = None
) -> None:
    """In the journal of the round it concerns."""
    scope = next((found.code for found in queries.rounds(w) if found.id == round_id), None)
    w.step("person", person.code, act, old=None, new=None, scope=scope, given={"role": str(name), **(given or {})})
