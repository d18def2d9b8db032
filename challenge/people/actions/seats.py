"""Organisations and their seats. Nobody is put into one on the web: a seat is offered, and taken by accepting."""

from __future__ import annotations

from sqlmodel import select

from challenge.kernel.errors import Forbidden, Invalid, Missing, Problem, Refused, TooMany
from challenge.kernel.i18n import _
from challenge.kernel.limits import wait_for
from challenge.kernel.work import Work
from challenge.people import letters, queries, rules, yearly
from challenge.people.actions.limits import invitation_limits
from challenge.people.actions.people import invite_person
from challenge.people.models import Membership, Organisation, Person, SeatInvitation
from challenge.people.states import SEATS, OrganisationKind, Seat

TOO_MANY = _("Thirty invitations an hour are sent for one organisation. Send the next ones later.")
ALREADY_MEMBER = Problem("already_member", _("This person already has a seat here."))


def create_organisation(
    w: Work, *, kind: OrganisationKind, name: str, country: str, website: str | None = None
) -> Organisation:
    """A new organisation; the database refuses a name that looks like another in the same country."""
    made = w.add(Organisation(kind=kind, name=" ".join(name.split()), country=country.upper(), website=website or None))
    w.note("organisation", made, "create", {"name": made.name, "country": made.country, "kind": str(kind)})
    return made


def revise_organisation(
    w: Work, organisation: Organisation, *, kind: OrganisationKind, name: str, website: str | None
) -> None:
    """Change its name, kind or website: only who runs the programme."""
    _ask_programme(w, organisation)
    organisation.name, organisation.kind, organisation.website = " ".join(name.split()), kind, website or None
    w.note("organisation", organisation, "revise", {"name": organisation.name, "kind": str(kind)})


def add_member(w: Work, organisation: Organisation, person: Person, seat: Seat) -> Membership:
    """Give a seat without asking: for the command line, imports and seeds. A new lead replaces the one there is."""
    _ask_programme(w, organisation)
    if problem := rules.is_oneself(w, person):
        raise Forbidden(problem)
    return _seat(w, organisation, person, seat)


def offer_seat(
    w: Work, organisation: Organisation, *, name: str, email: str, seat: Seat, public_url: str, locale: str = "en"
) -> SeatInvitation:
    """Invite by e-mail. Says nothing about whether the address was known before."""
    if problem := rules.may_run(w, organisation):
        raise Forbidden(problem)
    if seat is Seat.LEAD and (problem := rules.may_appoint_lead(w, organisation)):
        raise Forbidden(problem)
    if seconds := wait_for(w, invitation_limits(organisation.code)):
        raise TooMany(Problem("too_many_invitations", TOO_MANY), seconds)
    person = invite_person(w, name, email, locale)
    if problem := rules.is_oneself(w, person):
        raise Forbidden(problem)
    if _seat_of(w, organisation, person) is not None:
        raise Invalid(Problem("already_member", ALREADY_MEMBER.text, {"email": ALREADY_MEMBER.text}))
    offered = w.add(
        SeatInvitation(
            organisation_id=organisation.id, person_id=person.id, seat=seat, name=" ".join(name.split()), email=email,
            invited_by=w.actor.id,
        )
    )  # fmt: skip
    if person.disabled_at is None and person.erased_at is None:
        letters.seat_offered(w, person, organisation.name, SEATS[seat], public_url)
    w.note("organisation", organisation, "offer_seat", {"person": person.code, "seat": str(seat)})
    return offered


def accept_seat(w: Work, offered: SeatInvitation) -> Membership:
    """The invited person takes it. Who was offered the lead's seat becomes the lead; the lead before, a deputy."""
    _ask_invited(w, offered)
    organisation = w.session.get_one(Organisation, offered.organisation_id)
    person = queries.person(w, offered.person_id)
    offered.accepted_at = w.now
    return _seat(w, organisation, person, offered.seat)


def decline_seat(w: Work, offered: SeatInvitation) -> None:
    """The invited person does not want it."""
    _ask_invited(w, offered)
    _end_offer(w, offered, "decline_seat")


def take_back_offer(w: Work, organisation: Organisation, offered: SeatInvitation) -> None:
    """Whoever runs the organisation changes their mind before it was accepted."""
    if problem := rules.may_run(w, organisation):
        raise Forbidden(problem)
    if offered.organisation_id != organisation.id:
        raise Missing
    _end_offer(w, offered, "take_back_offer")


def change_seat(w: Work, organisation: Organisation, person: Person, seat: Seat) -> None:
    """Deputy or member; ``Seat.LEAD`` hands over. A lead may hand over to a deputy, the programme to anybody."""
    if problem := rules.may_run(w, organisation):
        raise Forbidden(problem)
    held = _seat_of(w, organisation, person)
    if held is None:
        raise Missing
    if seat is Seat.LEAD:
        by_lead = rules.leads(w, organisation) is None and held.seat is Seat.DEPUTY
        if not by_lead and (problem := rules.may_appoint_lead(w, organisation) or rules.is_oneself(w, person)):
            raise Forbidden(problem)
    elif held.seat is Seat.LEAD:
        text = _("%(name)s leads %(organisation)s. Hand over to somebody else first.", name=person.name,
                 organisation=organisation.name)  # fmt: skip
        raise Refused(Problem("lead_stays", text))
    _seat(w, organisation, person, seat)


def remove_member(w: Work, organisation: Organisation, person: Person) -> None:
    """Take a seat away, or leave: everybody but the lead may leave by themselves."""
    held = _seat_of(w, organisation, person) or yearly.suspended_seat(w, person.id, organisation.id)
    if held is None:
        raise Missing
    leaving = w.actor.id == person.id
    if not leaving and (problem := rules.may_run(w, organisation)):
        raise Forbidden(problem)
    if isinstance(held, Membership) and held.seat is Seat.LEAD and leaving:
        raise Refused(Problem("lead_leaves", _("Hand over to a deputy before you leave.")))
    w.session.delete(held)
    w.session.flush()
    w.note("organisation", organisation, "leave" if leaving else "remove_member", {"person": person.code})


def _seat(w: Work, organisation: Organisation, person: Person, seat: Seat) -> Membership:
    """Put somebody into a seat; the lead there was becomes a deputy first, because there can be only one."""
    held = _seat_of(w, organisation, person)
    if held is not None and held.seat is seat:
        return held
    if seat is Seat.LEAD:
        before = w.session.exec(
            select(Membership).where(Membership.organisation_id == organisation.id, Membership.seat == Seat.LEAD)
        ).first()
        if before is not None:
            before.seat = Seat.DEPUTY
            w.session.flush()
    if held is None:
        if suspended := yearly.suspended_seat(w, person.id, organisation.id):
            w.session.delete(suspended)
        held = w.add(Membership(person_id=person.id, organisation_id=organisation.id, seat=seat))
    else:
        held.seat = seat
        w.session.flush()
    act = "hand_over" if seat is Seat.LEAD else "seat"
    w.note("organisation", organisation, act, {"person": person.code, "seat": str(seat)})
    return held


def _seat_of(w: Work, organisation: Organisation, person: Person) -> Membership | None:
    return w.session.exec(
        select(Membership).where(Membership.organisation_id == organisation.id, Membership.person_id == person.id)
    ).first()


def _ask_programme(w: Work, organisation: Organisation) -> None:
    if w.actor.kind != "system" and (problem := rules.runs_the_programme(w, organisation)):
        raise Forbidden(problem)


def _ask_invited(w: Work, offered: SeatInvitation) -> None:
    if offered.person_id != w.actor.id:
        raise Missing
    if offered.accepted_at is not None or offered.ended_at is not None:
        raise Refused(Problem("offer_over", _("This invitation is no longer open.")))


def _end_offer(w: Work, offered: SeatInvitation, act: str) -> None:
    if offered.accepted_at is not None or offered.ended_at is not None:
        raise Refused(Problem("offer_over", _("This invitation is no longer open.")))
    offered.ended_at = w.now
    organisation = w.session.get_one(Organisation, offered.organisation_id)
    person = queries.person(w, offered.person_id)
    w.note("organisation", organisation, act, {"person": person.code, "seat": str(offered.seat)})
