"""Cities join, change, leave; every change is checked under the pilot's lock and journalled."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from challenge.cities.models import CityProfile
from challenge.kernel import journal
from challenge.kernel.errors import Forbidden, Missing, Refused, Stale
from challenge.pilots import actions, content
from challenge.pilots.models import MemberCity
from challenge.pilots.states import PilotState
from challenge.rounds.schemas import Rules
from challenge.rounds.states import CityRole
from tests.cast import PLACES
from tests.factories.pilots import PAIR, make_pilot
from tests.factories.rounds import make_round
from tests.pilots.ready import city, get, make_ready

S = PilotState
LEAD, PILOT, FOLLOWER = CityRole.LEAD, CityRole.PILOT, CityRole.FOLLOWER


def members(w, code: str) -> dict[str, CityRole]:
    places = {place.id: key for key, place in PLACES.items()}
    return {places[row.city_id]: row.role for row in content.members(w, get(w, code))}


def steps(w, code: str) -> list[str]:
    found = select(journal.Step.transition).where(journal.Step.subject_code == code).order_by(journal.Step.id)
    return list(w.session.exec(found).all())


def refused(act, *given) -> str:
    with pytest.raises(Refused) as error:
        act(*given)
    return error.value.problem.code


def test_coordinators_change_the_members_of_a_running_pilot(world):
    with world.acting("system") as w:
        code = make_pilot(w, state=S.RUNNING).code
        version = get(w, code).version

    with world.acting("jaan") as w:
        pilot = get(w, code)
        actions.add_member(w, pilot, city(w, "helsinki"), FOLLOWER)
        actions.replace_member(w, pilot, city(w, "dlr"), city(w, "narva"))
        assert refused(actions.remove_member, w, pilot, city(w, "fingal")) == "pairing"
        assert refused(actions.change_role, w, pilot, city(w, "fingal"), FOLLOWER) == "pairing"
        assert refused(actions.replace_member, w, pilot, city(w, "fingal"), city(w, "tallinn")) == "pairing"
        assert refused(actions.add_member, w, pilot, city(w, "tartu"), PILOT) == "already_member"
        assert refused(actions.add_member, w, pilot, city(w, "tallinn"), LEAD) == "second_lead"
        assert refused(actions.add_member, w, pilot, city(w, "aalto"), PILOT) == "not_a_city"
        actions.change_role(w, pilot, city(w, "helsinki"), PILOT)
        actions.remove_member(w, pilot, city(w, "fingal"))
        with pytest.raises(Missing):
            actions.remove_member(w, pilot, city(w, "fingal"))
    with world.acting("system") as w:
        assert members(w, code) == {"tartu": LEAD, "narva": PILOT, "helsinki": PILOT}
        assert get(w, code).version > version
        assert steps(w, code) == ["add_member", "replace_member", "change_role", "remove_member"]


def test_only_coordinators_change_members_and_only_the_citys_lead_takes_it_out(world):
    with world.acting("system") as w:
        code = make_pilot(w, state=S.RUNNING).code

    for who in ("mari", "ravi", "olev", "anna", "lena"):
        with world.acting(who) as w, pytest.raises(Forbidden):
            actions.add_member(w, get(w, code), city(w, "helsinki"), PILOT)
    for who in ("jaan", "peeter", "aoife"):
        with world.acting(who) as w, pytest.raises(Forbidden):
            actions.leave(w, get(w, code), city(w, "tartu"), "No time.")
    with world.acting("sofia") as w, pytest.raises(Missing):
        actions.leave(w, get(w, code), city(w, "helsinki"), "No time.")


def test_leaving_that_breaks_the_pairing_suspends_the_pilot_with_a_cure_date_and_seeks_a_partner(world):
    with world.acting("system") as w:
        round_ = make_round(w, rules=Rules(cure_days=60))
        code = make_ready(w, S.RUNNING, round_=round_, cities=PAIR).code

    with world.acting("aoife") as w:
        actions.leave(w, get(w, code), city(w, "fingal"), "The council has stopped it.")
    with world.acting("system") as w:
        pilot = get(w, code)
        assert (pilot.state, pilot.cure_until) == (S.SUSPENDED, world.now + timedelta(days=60))
        assert members(w, code) == {"tartu": LEAD}
        assert steps(w, code) == ["leave", "suspend", "seek_partner"]
    with world.acting("jaan") as w:
        with pytest.raises(Refused) as error:
            actions.fire(w, get(w, code), "resume")
        assert error.value.problem.code == "pairing"
    with world.acting("jaan") as w:
        actions.add_member(w, get(w, code), city(w, "helsinki"), PILOT)
    with world.acting("jaan") as w:
        actions.fire(w, get(w, code), "resume")
        assert (get(w, code).state, get(w, code).cure_until) == (S.RUNNING, None)
        assert list(journal.faults(w.session)) == []


def test_leaving_that_breaks_nothing_leaves_the_pilot_running(world):
    with world.acting("system") as w:
        code = make_pilot(w, state=S.RUNNING).code
        ended = make_pilot(w, state=S.COMPLETED).code

    with world.acting("aoife") as w:
        actions.leave(w, get(w, code), city(w, "fingal"), "No time.")
        assert refused(actions.leave, w, get(w, ended), city(w, "fingal"), "No time.") == "ended"
    with world.acting("system") as w:
        assert get(w, code).state is S.RUNNING
        assert members(w, code) == {"tartu": LEAD, "dlr": PILOT}


def test_a_second_city_leaving_a_suspended_pilot_keeps_its_cure_date(world):
    with world.acting("system") as w:
        code = make_pilot(w, state=S.SUSPENDED, cities=PAIR).code
        until = get(w, code).cure_until

    with world.acting("mari") as w:
        actions.leave(w, get(w, code), city(w, "tartu"), "No time.")
    with world.acting("system") as w:
        assert get(w, code).cure_until == until
        assert members(w, code) == {"fingal": PILOT}


def test_whoever_looked_before_another_change_must_look_again(world):
    with world.acting("system") as w:
        code = make_pilot(w, state=S.RUNNING).code

    with world.acting("jaan") as w:
        pilot = get(w, code)
        w.session.connection().execute(text("UPDATE pilot SET version = version + 1"))  # as somebody else would
        with pytest.raises(Stale):
            actions.remove_member(w, pilot, city(w, "dlr"))


def test_capacity_is_asked_when_a_city_joins(world):
    with world.acting("system") as w:
        profile = w.session.exec(select(CityProfile).where(CityProfile.organisation_id == PLACES["narva"].id)).one()
        profile.capacity = 1
        code = make_pilot(w, state=S.RUNNING).code
        make_pilot(w, cities={"narva": LEAD, "helsinki": PILOT}, imported=True)

    with world.acting("jaan") as w:
        assert refused(actions.add_member, w, get(w, code), city(w, "narva"), PILOT) == "capacity"
        actions.add_member(w, get(w, code), city(w, "narva"), FOLLOWER)


def test_members_changed_in_preparation_make_a_new_agreement_to_sign(world):
    with world.acting("system") as w:
        code = make_ready(w, S.PREPARING).code

    with world.acting("jaan") as w:
        actions.replace_member(w, get(w, code), city(w, "dlr"), city(w, "helsinki"))
        assert get(w, code).revision == 2
        assert refused(actions.fire, w, get(w, code), "agree") in {"signatures", "commitments"}
    for who, place in (("mari", "tartu"), ("aoife", "fingal"), ("sofia", "helsinki")):
        with world.acting(who) as w, pytest.raises(Stale):
            actions.sign_agreement(w, get(w, code), city(w, place), 1)
        with world.acting(who) as w:
            actions.sign_agreement(w, get(w, code), city(w, place), 2)
    with world.acting("ravi") as w:
        actions.sign_as_lead(w, get(w, code), 2)
    with world.acting("niamh") as w, pytest.raises(Missing):
        actions.sign_agreement(w, get(w, code), city(w, "dlr"), 2)
    with world.acting("jaan") as w, pytest.raises(Forbidden):
        actions.sign_agreement(w, get(w, code), city(w, "tartu"), 2)
    with world.acting("system") as w:
        signed = w.session.exec(select(MemberCity.signed_revision)).all()
        assert (set(signed), get(w, code).lead_signed_revision) == ({2}, 2)
