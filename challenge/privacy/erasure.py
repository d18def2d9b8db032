"""Erasing a person: their row becomes nameless, what was theirs alone is destroyed, what was decided stays true.

The journal's chain holds digests only: destroying the words given with a step leaves it whole.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import col, or_, select

from challenge.kernel.approval import Approval
from challenge.kernel.errors import Forbidden, Invalid, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.proof import demand
from challenge.kernel.record import metadata
from challenge.kernel.work import Work
from challenge.people.actions import ERASED
from challenge.people.models import Person, SeatInvitation
from challenge.people.rules import is_administrator
from challenge.privacy import duties, traces
from challenge.privacy.finding import Subject
from challenge.privacy.holding import Fate
from challenge.privacy.models import Erasure
from challenge.privacy.register import holdings
from challenge.proposals.models import Proposal, TeamMember
from challenge.proposals.states import ENDS

NAMELESS = "—"
WRONG_NAME = _("Type the name exactly as it stands above.")


def erase(w: Work, person: Person, typed: str) -> None:
    """By the person, or by an administrator for somebody else. Raises Refused with the first duty that stands."""
    if w.actor.id != person.id and (problem := is_administrator(w, person)):
        raise Forbidden(problem)
    demand(w)
    if person.erased_at is not None:
        raise Refused(ERASED)
    if " ".join(typed.split()).casefold() != person.name.casefold():
        raise Invalid(Problem("wrong_name", WRONG_NAME, {"name": WRONG_NAME}))
    if found := duties.reasons(w, person, locking=True):
        raise Refused(found[0])
    destroy(w, person, w.now)
    w.session.add(Erasure(person_code=person.code, at=w.now))
    w.note("person", person, "erase", {"by": "themselves" if w.actor.id == person.id else "administrator"})


def replay(w: Work, person_code: str, at: datetime) -> bool:
    """After a restore: whoever was erased since the backup is erased again. Whether there was anything to do."""
    person = w.session.exec(select(Person).where(Person.code == person_code)).first()
    if person is not None and person.erased_at is None:
        destroy(w, person, at)
        w.note("person", person, "erase", {"by": "restore"})
    if w.session.exec(select(Erasure).where(Erasure.person_code == person_code)).first() is None:
        w.session.add(Erasure(person_code=person_code, at=at))
        return True
    return False


def destroy(w: Work, person: Person, at: datetime) -> None:
    """Everything the register says, without asking."""
    subject = Subject.of(person)
    traces.wipe(w, traces.known_as(w, person))
    for holding in holdings():
        if holding.fate is Fate.REMOVED:
            w.session.execute(delete(holding.columns).where(holding.rows_of(subject)))
        elif holding.emptied:
            w.session.execute(update(holding.columns).where(holding.rows_of(subject)).values(**holding.emptied))
    _leave_teams(w, person)
    _empty_shared(w, person)
    person.name, person.email, person.email_key = NAMELESS, "", f"erased:{person.code}"
    person.locale, person.password_hash, person.erased_at = "en", None, at
    person.known_since = person.digest_off_at = None
    w.session.flush()


def _leave_teams(w: Work, person: Person) -> None:
    """Places and invitations in teams end; the row stays for who signed what, without name and address."""
    mine = or_(col(TeamMember.person_id) == person.id, col(TeamMember.email_key) == person.email_key)
    for member in w.session.exec(select(TeamMember).where(mine)).all():
        if member.left_at is None:
            member.left_at = w.now
            proposal = w.session.get_one(Proposal, member.proposal_id)
            if proposal.state not in ENDS:
                w.note("proposal", proposal, "leave_team", {"person": person.code})
        member.name, member.email, member.email_key = NAMELESS, "", f"erased:{member.id}"
    w.session.flush()


def _empty_shared(w: Work, person: Person) -> None:
    """What stands in rows that are not the person's alone."""
    for table, column in (("submission", "contact_id"), ("submission", "deputy_id"), ("question", "asked_by_id")):
        shared = metadata.tables[table]
        w.session.execute(update(shared).where(shared.c[column] == person.id).values({column: None}))
    conflict = metadata.tables["conflict"]
    w.session.execute(
        update(conflict)
        .where(conflict.c.person_id == person.id)
        .values(reason=NAMELESS, lift_reason=traces.kept_if_any(conflict.c.lift_reason, NAMELESS))
    )
    hold = metadata.tables["legal_hold"]
    w.session.execute(
        update(hold)
        .where(hold.c.person_id == person.id)
        .values(reason=NAMELESS, lift_reason=traces.kept_if_any(hold.c.lift_reason, NAMELESS))
    )
    w.session.execute(delete(SeatInvitation).where(col(SeatInvitation.person_id) == person.id))
    closed = or_(col(Approval.approved_at).is_not(None), col(Approval.dropped_at).is_not(None),
                 col(Approval.expires_at) <= w.now)  # fmt: skip
    w.session.execute(update(Approval).where(col(Approval.asked_by) == person.id, closed).values(given={}))
    w.session.expire_all()
