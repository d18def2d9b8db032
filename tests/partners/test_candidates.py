"""Who is proposed, in which order, and who is not."""

from sqlalchemy import delete

from challenge.cities.models import CityProfile
from challenge.partners import queries
from challenge.partners.queries import Wanted
from challenge.people.models import Membership, Organisation
from challenge.people.states import OrganisationKind as Kind
from challenge.proposals import content
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.states import CityRole
from challenge.submissions.models import Interest
from tests.cast import PLACES
from tests.counting import counted
from tests.factories.proposals import get, make_proposal
from tests.partners.steps import describe, only_tartu

ALL = Wanted(everywhere=True)


def names(world, code, wanted=ALL):
    with world.acting("ravi", writing=False) as w:
        return [one.city.name for one in queries.candidates(w, get(w, code), wanted).candidates]


def test_with_only_a_home_city_foreign_cities_come_first_and_say_why(world):
    code = only_tartu(world)
    with world.acting() as w:  # Tallinn fits in everything but the rule
        describe(w, "tartu", networks=["iscn"], languages=["et"], latitude=58.4)
        describe(w, "tallinn", themes=["environment"], networks=["iscn"], languages=["et"], latitude=59.4,
                 offers="Hourly bathing water")  # fmt: skip
    with world.acting("ravi", writing=False) as w:
        found = queries.candidates(w, get(w, code), ALL).candidates
    assert [one.fit.closes_gap for one in found] == [True] * 3 + [False] * 2
    assert [one.city.name for one in found][3] == "Tallinn"
    assert found[3].fit.score > found[0].fit.score
    assert all("pairing" in one.fit.points for one in found[:3])


def test_interest_shown_in_the_challenge_counts(world):
    code = only_tartu(world)
    with world.acting() as w:
        proposal = get(w, code)
        submission = content.challenges(w, proposal)[0]
        w.add(
            Interest(
                submission_id=submission.id, lead_city_id=PLACES["tartu"].id, round_id=proposal.round_id,
                city_id=PLACES["dlr"].id, reason="We have beaches too.", slot=1, shown_at=w.now,
            )
        )  # fmt: skip
    assert names(world, code)[0] == "Dún Laoghaire-Rathdown"


def test_partner_cities_and_full_cities_are_not_proposed(world):
    code = only_tartu(world, cities={"tartu": CityRole.LEAD, "fingal": CityRole.PILOT})
    with world.acting() as w:
        describe(w, "helsinki", capacity=1)
        describe(w, "dlr", capacity=2)
        make_proposal(
            w, w.session.get_one(Round, get(w, code).round_id),
            state=ProposalState.SELECTED, award_cents=1, cities={"helsinki": CityRole.PILOT, "dlr": CityRole.FOLLOWER},
        )  # fmt: skip
    with world.acting("ravi", writing=False) as w:
        found = queries.candidates(w, get(w, code), ALL)
    shown = {one.city.name for one in found.candidates}
    assert (shown, found.full) == ({"Dún Laoghaire-Rathdown", "Tallinn", "Narva"}, 1)


def test_a_pilot_that_has_ended_frees_its_cities(world):
    code = only_tartu(world)
    with world.acting() as w:
        describe(w, "helsinki", capacity=1)
        make_proposal(
            w, w.session.get_one(Round, get(w, code).round_id),
            state=ProposalState.PILOTED, pilot_ended_at=w.now, cities={"helsinki": CityRole.PILOT},
        )  # fmt: skip
    assert "Helsinki" in names(world, code)


def test_filters(world):
    code = only_tartu(world)
    with world.acting() as w:
        describe(w, "fingal", themes=["data"], networks=["iscn"], languages=["ga"])
    assert names(world, code, Wanted(country="IE", everywhere=True)) == ["Dún Laoghaire-Rathdown", "Fingal"]
    for one in (Wanted(theme="data"), Wanted(network="iscn"), Wanted(language="ga")):
        assert names(world, code, one) == ["Fingal"]


def test_cities_nobody_answers_for_are_shown_when_asked_for(world):
    code = only_tartu(world)
    with world.acting() as w:
        w.session.execute(delete(Membership).where(Membership.organisation_id == PLACES["narva"].id))
    assert "Narva" not in names(world, code, Wanted())
    assert "Narva" in names(world, code)


def test_the_queries_do_not_grow_with_the_cities(world):
    code = only_tartu(world)

    def asked_for():
        with world.acting("ravi", writing=False) as w:
            proposal = get(w, code)
            with counted(world) as asked:
                found = queries.candidates(w, proposal, ALL)
            return found.count, len(asked)

    few, before = asked_for()
    with world.acting() as w:
        for number in range(20):
            place = w.add(Organisation(kind=Kind.CITY, name=f"Town {number}", name_key=f"town {number}", country="FI"))
            w.add(CityProfile(organisation_id=place.id, offers="Hourly bathing water"))
    assert asked_for() == (few + 20, before)
