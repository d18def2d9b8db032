"""The agreement: a text and what it is about, kept as numbered revisions; signatures name the one they are under."""

from __future__ import annotations

from sqlmodel import select

from challenge.kernel.errors import Missing, Problem, Refused, Stale
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.people.models import Organisation
from challenge.pilots import content, rules
from challenge.pilots.actions.guard import changing, permit
from challenge.pilots.models import MemberCity, Pilot
from challenge.pilots.states import PilotState
from challenge.rounds.pairing import COUNTING

NOT_READ = Problem("not_read", _("Open the agreement and sign what you read there."))


def write_agreement(w: Work, pilot: Pilot, text: str) -> None:
    """Set the text while the pilot is prepared; a changed one must be signed again."""
    permit(w, pilot, rules.is_coordinator)
    changing(w, pilot)
    if pilot.state is not PilotState.PREPARING:
        raise Refused(Problem("agreed_already", _("The agreement is fixed once the pilot is agreed.")))
    pilot.agreement = text
    w.session.flush()
    kept = content.keep_agreement(w, pilot)
    w.session.flush()
    w.note(content.WORKFLOW, pilot, "write_agreement", {"revision": pilot.revision, "hash": kept.hash if kept else ""})


def sign_agreement(w: Work, pilot: Pilot, city: Organisation, revision: int) -> None:
    """A lead or pilot city signs the agreement as it stands; ``revision`` is the one its signer has read."""
    permit(w, city, people.represents_in_person)
    row = w.session.exec(
        select(MemberCity).where(MemberCity.pilot_id == pilot.id, MemberCity.city_id == city.id)
    ).first()
    if row is None:
        raise Missing
    if row.role not in COUNTING:
        raise Refused(Problem("follower", _("Followers do not sign the agreement.")))
    _read(w, pilot, revision)
    row.signed_at, row.signed_by_id, row.signed_revision = w.now, w.actor.id, pilot.revision
    w.session.flush()
    w.note(content.WORKFLOW, pilot, "sign_agreement", {"city": city.code, "revision": pilot.revision})


def sign_as_lead(w: Work, pilot: Pilot, revision: int) -> None:
    """The lead organisation signs the agreement as it stands."""
    permit(w, pilot, rules.leads_pilot)
    _read(w, pilot, revision)
    pilot.lead_signed_at, pilot.lead_signed_by_id, pilot.lead_signed_revision = w.now, w.actor.id, pilot.revision
    w.session.flush()
    w.note(content.WORKFLOW, pilot, "sign_as_lead", {"revision": pilot.revision})


def _read(w: Work, pilot: Pilot, revision: int) -> None:
    """What was read is what stands; both under the lock."""
    changing(w, pilot)
    if not pilot.revision:
        raise Refused(Problem("no_agreement", _("The agreement has no text yet. A coordinator can write it.")))
    if revision != pilot.revision:
        raise Stale
