"""Somebody who has been everywhere, under a name that stands nowhere else; and a dump of everything."""

import json
from datetime import timedelta

from sqlalchemy import select, update

from challenge.jury.states import ConflictState
from challenge.kernel import attachment, editing, looking
from challenge.kernel.approval import Approval
from challenge.kernel.letter import post
from challenge.kernel.record import metadata
from challenge.kernel.work import open_work
from challenge.notifications import actions as notifications
from challenge.notifications.models import Message
from challenge.people import actions as people
from challenge.people.models import Organisation, Person, SeatInvitation
from challenge.people.queries import actor_of
from challenge.people.states import Seat
from challenge.proposals import actions as proposals
from challenge.proposals.schemas import Invitation
from challenge.proposals.states import ProposalState, TeamRole
from tests.cast import PEOPLE, PLACES
from tests.factories.home import tell
from tests.factories.jury import make_conflict, make_judged, make_juror, make_submitted
from tests.factories.proposals import make_proposal
from tests.factories.rounds import make_round
from tests.factories.submissions import make_submission

NAME, EMAIL = "Kaarel Kanaarilind", "kaarel.kanaarilind@example.org"
SECRET_WORDS = "CNRY-typed-by-kaarel"
PDF = b"%PDF-1.4\nhello\n%%EOF"


def everywhere(world):
    """Kaarel, with something in every table a person can be in; returns the code."""
    stored = attachment.store(world.settings.files, PDF, f"CV {NAME}.pdf")
    with world.acting("mari") as w:
        round_ = make_round(w)
        proposal = make_proposal(w, round_, title="Listening rails", challenges=[make_submission(w, round_)])
    with world.acting("ravi") as w:
        proposals.invite_member(
            w, w.session.merge(proposal), Invitation(name=NAME, email=EMAIL, role=TeamRole.RESEARCHER)
        )
    with world.acting() as w:
        kaarel = people.invite_person(w, NAME, EMAIL)
        round_ = w.session.merge(round_)
        juror = make_juror(w, round_, expertise=f"Rails, says {NAME}")
        juror.person_id = kaarel.id
        judged = make_judged(w, round_, title="Root radar")
        judged.state = ProposalState.DECLINED
        make_submitted(w, judged, juror)
        make_conflict(w, judged, state=ConflictState.LIFTED, reason=f"Cousin of {NAME}").person_id = kaarel.id
        w.add(
            Approval(
                workflow="round", subject_code=round_.code, transition="cancel", subject_version=1,
                given={"reason": SECRET_WORDS}, asked_by=kaarel.id, asked_at=w.now,
                expires_at=w.now + timedelta(days=1),
                approved_by=PEOPLE["jaan"].id, approved_at=w.now,
            )
        )  # fmt: skip
        w.add(
            SeatInvitation(
                organisation_id=PLACES["narva"].id, person_id=kaarel.id, seat=Seat.DEPUTY, name=NAME, email=EMAIL
            )
        )
        people.add_member(w, w.session.get_one(Organisation, PLACES["tartu"].id), kaarel, Seat.MEMBER)
        post(w, address="mari@example.org", locale="en", subject=f"About {NAME}", text=f"{NAME} <{EMAIL}> wrote.")
        code = kaarel.code
        tell(w, round_, "mari")
        w.session.execute(update(Message).values(text=f"{NAME.upper()} and {NAME} wrote to you."))
    _signs_in(world, code)
    with actor(world, code) as w:
        kaarel_proposal = w.session.merge(proposal)
        proposals.accept_invitation(w, kaarel_proposal)
        attachment.attach(w, "proposal", kaarel_proposal, stored)
        editing.opened(w, "proposal", kaarel_proposal)
        looking.looked(w, "proposal", kaarel_proposal.code, "problem")
        editing.set_aside(w, "proposal", kaarel_proposal, {"problem": SECRET_WORDS}, {}, "tab")
        w.note("proposal", kaarel_proposal, "revise", {"reason": SECRET_WORDS})
    with world.acting() as w:
        while notifications.tell(w, world.settings.public_url):
            pass
    return code


def _signs_in(world, code):
    world.client().post("/sign-in", data={"email": EMAIL})
    with actor(world, code) as w:
        people.create_session(w, w.actor.id, f"Browser of {NAME}")
        people.create_token(w, w.actor.id, f"Token of {NAME}", 30)
        people.start_app(w, "City Challenge")


def actor(world, code):
    """Work as the person of this code."""
    with world.database.session(writing=False) as session:
        person = session.execute(select(Person).where(Person.code == code)).scalar_one()
        who = actor_of(session, person, world.now, proven_at=world.now)
    return open_work(world.database, world.now, who, secret=world.settings.secret)


def dump(world):
    """Table → everything in it, as text."""
    with world.acting(writing=False) as w:
        return {
            table.name: json.dumps([list(row) for row in w.session.execute(select(table))], default=str,
                                   ensure_ascii=False)
            for table in metadata.sorted_tables
        }  # fmt: skip


def traces(world, *words):
    """Tables in which any of the words stands."""
    return {name for name, text in dump(world).items() if any(word.lower() in text.lower() for word in words)}
