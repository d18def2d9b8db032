"""Who may: rules about the person, usable in every workflow's table. Guards about the thing are elsewhere.

``record.round_id`` says for which round a role must be held; a round stands for itself; a record of no round asks for
the role in all rounds. The system passes only ``is_system``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from challenge.kernel.actor import Actor
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.people.states import RoleName, Seat

NEEDS_SECOND_FACTOR = frozenset(RoleName)
"""The roles nobody holds in production without a second factor at sign-in. People with seats only are free to."""

Rule = Callable[[Work, Any], Problem | None]


def may_not(text: Text) -> Problem:
    """The problem of somebody who is not the one to do this; the text says who is."""
    return Problem("may_not", text)


def any_of(*rules: Rule) -> Rule:
    """At least one of the rules is content; else the problem of the first, which should be the usual one."""

    def rule(w: Work, record: Any) -> Problem | None:
        problems = [problem for one in rules if (problem := one(w, record)) is not None]
        return problems[0] if len(problems) == len(rules) else None

    rule.__name__ = "_or_".join(one.__name__ for one in rules)
    return rule


def all_of(*rules: Rule) -> Rule:
    """Every rule is content; else the first problem."""

    def rule(w: Work, record: Any) -> Problem | None:
        return next((problem for one in rules if (problem := one(w, record)) is not None), None)

    rule.__name__ = "_and_".join(one.__name__ for one in rules)
    return rule


def round_of(record: Any) -> int | None:
    """The id of the round a record belongs to; a round belongs to itself; None where there is none."""
    if hasattr(record, "round_id"):
        found: int | None = record.round_id
        return found
    return record.id if record is not None and getattr(record, "round_code", None) == record.code else None


def needs_second_factor(roles: Iterable[str], env: str) -> bool:
    """Whether these roles must be guarded by a second factor here; elsewhere it is advised."""
    return env == "production" and not NEEDS_SECOND_FACTOR.isdisjoint(roles)


def has_guarded_role(actor: Actor) -> bool:
    """Whether the actor holds a role that should be guarded by a second factor, wherever this runs."""
    return any(actor.holds_anywhere(role) for role in NEEDS_SECOND_FACTOR)


def is_signed_in(w: Work, _record: Any) -> Problem | None:
    """A person we know."""
    return None if w.actor.signed_in else may_not(_("Sign in to do this."))


def is_system(w: Work, _record: Any) -> Problem | None:
    """The service itself, when a date passes or a step causes another."""
    return None if w.actor.kind == "system" else may_not(_("This happens by itself when its time comes."))


def is_coordinator(w: Work, record: Any) -> Problem | None:
    """A coordinator of the record's round."""
    held = w.actor.holds(RoleName.COORDINATOR, round_of(record))
    return None if held else may_not(_("Only a coordinator of this round can do this."))


def is_observer(w: Work, record: Any) -> Problem | None:
    """An observer of the record's round."""
    held = w.actor.holds(RoleName.OBSERVER, round_of(record))
    return None if held else may_not(_("Only an observer of this round can do this."))


def is_juror(w: Work, record: Any) -> Problem | None:
    """A juror of the record's round (conflicts are asked for elsewhere)."""
    held = w.actor.holds(RoleName.JUROR, round_of(record))
    return None if held else may_not(_("Only a juror of this round can do this."))


def is_administrator(w: Work, _record: Any) -> Problem | None:
    """An administrator; the role is never bound to a round."""
    held = w.actor.holds_anywhere(RoleName.ADMINISTRATOR)
    return None if held else may_not(_("Only an administrator can do this."))


def is_some_coordinator(w: Work, _record: Any) -> Problem | None:
    """A coordinator of at least one round: for people, organisations and cities, which belong to no round."""
    held = w.actor.holds_anywhere(RoleName.COORDINATOR)
    return None if held else may_not(_("Only a coordinator can do this."))


runs_the_programme: Rule = any_of(is_some_coordinator, is_administrator)


def represents(w: Work, organisation: Any) -> Problem | None:
    """Its lead or deputy."""
    held = w.actor.sits_in(organisation.id, Seat.LEAD, Seat.DEPUTY)
    return None if held else may_not(_("Only the lead or a deputy of %(name)s can do this.", name=organisation.name))


def represents_in_person(w: Work, organisation: Any) -> Problem | None:
    """Its lead or deputy, but not who stands in for a while: what commits the organisation's money or part."""
    if problem := represents(w, organisation):
        return problem
    stands_in = any(place == organisation.id for _column, place, _who in w.actor.stands_for)
    text = _("Who stands in does not do this. The lead or a deputy of %(name)s does.", name=organisation.name)
    return may_not(text) if stands_in else None


def leads(w: Work, organisation: Any) -> Problem | None:
    """Its lead."""
    held = w.actor.sits_in(organisation.id, Seat.LEAD)
    return None if held else may_not(_("Only the lead of %(name)s can do this.", name=organisation.name))


def belongs_to(w: Work, organisation: Any) -> Problem | None:
    """Anybody with a seat in it."""
    held = w.actor.sits_in(organisation.id)
    return None if held else may_not(_("Only members of %(name)s can do this.", name=organisation.name))


def is_oneself(w: Work, person: Any) -> Problem | None:
    """Nobody appoints themselves: the problem is being this person."""
    return (
        may_not(_("Nobody gives a role or a seat to themselves. Ask a colleague.")) if w.actor.id == person.id else None
    )


def may_give_role(w: Work, person: Any, name: RoleName, round_id: int | None) -> Problem | None:
    """An administrator gives and takes every role; a coordinator that of a juror, in their own rounds."""
    if w.actor.kind == "system":
        return None
    if problem := is_oneself(w, person):
        return problem
    if is_administrator(w, None) is None:
        return None
    if name is RoleName.JUROR and w.actor.holds_anywhere(RoleName.COORDINATOR):
        own = w.actor.holds(RoleName.COORDINATOR, round_id)
        return None if own else may_not(_("A coordinator appoints jurors in their own rounds only."))
    return may_not(_("Only an administrator gives and takes this role."))


def may_confirm_role(w: Work, person: Any, name: RoleName, round_id: int | None) -> Problem | None:
    """Who gives it confirms it; and a coordinator every role of their own rounds."""
    problem = may_give_role(w, person, name, round_id)
    if problem is not None and w.actor.id != person.id and round_id is not None:
        own = w.actor.holds(RoleName.COORDINATOR, round_id)
        return None if own else problem
    return problem


def may_run(w: Work, organisation: Any) -> Problem | None:
    """Its lead, a coordinator, an administrator or the system: who decides about its seats."""
    if w.actor.kind == "system" or runs_the_programme(w, organisation) is None:
        return None
    return leads(w, organisation)


def may_appoint_lead(w: Work, organisation: Any) -> Problem | None:
    """A coordinator, an administrator or the system; a lead hands over to a deputy, which is asked apart."""
    if w.actor.kind == "system":
        return None
    return runs_the_programme(w, organisation)
