"""What the tests of the finder share: a proposal that lacks a city abroad, and profiles worth looking at."""

from datetime import timedelta

from sqlmodel import select

from challenge.cities.models import CityProfile
from challenge.partners import actions
from challenge.partners.models import PartnerInvitation
from challenge.partners.schemas import InvitationIn
from challenge.rounds.states import CityRole
from tests.cast import PLACES
from tests.factories.proposals import code_of, get, make_challenge, make_proposal
from tests.factories.rounds import make_round

SECRET = "Only Tartu and we know of the hidden culvert."


def describe(w, place, **facts):
    """Fill the profile of a city."""
    found = w.session.exec(select(CityProfile).where(CityProfile.organisation_id == PLACES[place].id)).one()
    for name, value in facts.items():
        setattr(found, name, value)
    w.session.flush()


def only_tartu(world, cities=None, **fields):
    """A draft of ravi's with only Tartu, on a challenge of Tartu; gives back its code."""
    with world.acting() as w:
        round_ = make_round(w)
        challenge = make_challenge(w, round_, city="tartu", answers={"problem": SECRET})
        made = make_proposal(
            w,
            round_,
            challenges=[challenge],
            cities=cities or {"tartu": CityRole.LEAD},
            summary="Hourly bathing water",
            **fields,
        )
        return made.code


def given(world, **fields):
    return InvitationIn(
        **{"role": CityRole.PILOT, "message": "Join us: we measure water.", "answer_by": world.now + timedelta(days=10)}
        | fields
    )


def invited(world, code, place="helsinki", by="ravi", **fields):
    """An invitation of this city; gives back its code."""
    with world.acting(by) as w:
        return actions.invite(w, get(w, code), code_of(w, place), given(world, **fields)).code


def invitation(w, code):
    return w.session.exec(select(PartnerInvitation).where(PartnerInvitation.code == code)).one()
