import json

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import func, select

from challenge.cities import actions, queries
from challenge.cities.models import CityProfile
from challenge.kernel import journal
from challenge.kernel.journal import Step
from challenge.people.models import Organisation
from challenge.people.spelling import fold, plain
from challenge.people.states import PLACES as KINDS_ON_THE_MAP
from challenge.people.states import OrganisationKind
from tests.cast import PLACES


def counts(world):
    with world.acting(writing=False) as w:
        return tuple(w.session.exec(select(func.count()).select_from(t)).one() for t in (Organisation, CityProfile))


def test_the_list_is_read_in_once(world):
    with world.acting() as w:
        first = actions.load_municipalities(w)
    after_first = counts(world)
    with world.acting() as w:
        assert actions.load_municipalities(w) == 0

    listed = len(actions.municipalities())
    assert listed == 1534
    assert first == listed - sum(place.kind in KINDS_ON_THE_MAP for place in PLACES.values())
    assert counts(world) == after_first
    assert after_first[1] == listed
    with world.acting(writing=False) as w:
        steps = w.session.exec(select(Step).where(Step.workflow == "cities")).all()
        assert list(journal.faults(w.session)) == []
    assert [step.transition for step in steps] == ["import"]


def test_cities_that_were_there_keep_what_they_say_and_get_the_facts_they_lack(world):
    with world.acting() as w:
        tartu = w.session.exec(select(CityProfile).where(CityProfile.organisation_id == PLACES["tartu"].id)).one()
        tartu.offers = "A test street"
    with world.acting() as w:
        actions.load_municipalities(w)

    with world.acting(writing=False) as w:
        tartu = queries.by_ids(w, [PLACES["tartu"].id])[PLACES["tartu"].id]
    assert (tartu.profile.offers, tartu.profile.population) == ("A test street", 97_000)
    assert (tartu.profile.national_code, tartu.profile.geoname_id) == ("0793", 588335)
    assert round(tartu.profile.latitude) == 58


def test_rows_written_in_bulk_are_as_those_written_one_by_one(world):
    with world.acting() as w:
        actions.load_municipalities(w)
    with world.acting() as w:
        for organisation in w.session.exec(select(Organisation)):
            assert organisation.name_key == fold(organisation.name)
            assert organisation.name_plain == plain(organisation.name)
        city = queries.city(w, queries.search(w, "Łódź")[0].code)
        city.profile.offers = "Trams"
        w.session.flush()
        assert city.profile.version == 2


def test_organisation_of_a_citys_name_that_is_no_city_gets_no_profile(world):
    with world.acting() as w:
        w.add(Organisation(kind=OrganisationKind.COMPANY, name="Paide", country="EE"))
    with world.acting() as w:
        actions.load_municipalities(w)
        assert queries.search(w, "paide") == []


def test_list_in_the_package_holds_together():
    entries = actions.municipalities()

    assert len({(fold(entry["name"]), entry["country"]) for entry in entries}) == len(entries)
    assert {entry["kind"] for entry in entries} == {"city", "municipality", "county_council"}
    assert sum(entry["country"] == "EE" for entry in entries) == 79
    assert json.dumps(entries)


def test_country_has_two_letters(world):
    with pytest.raises(IntegrityError), world.acting() as w:
        w.session.get_one(Organisation, PLACES["tartu"].id).country = "E"


@pytest.mark.parametrize(
    ("column", "value"), [("population", -1), ("latitude", 90.5), ("longitude", -181.0), ("capacity", -1)]
)
def test_impossible_facts_are_refused_by_the_database(world, column, value):
    with pytest.raises(IntegrityError), world.acting() as w:
        setattr(w.session.exec(select(CityProfile)).first(), column, value)


def test_city_has_one_profile(world):
    with pytest.raises(IntegrityError), world.acting() as w:
        w.add(CityProfile(organisation_id=PLACES["tartu"].id))
