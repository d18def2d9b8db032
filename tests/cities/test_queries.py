import pytest

from challenge.cities import actions, queries
from challenge.cities.words import theme_key, theme_label
from challenge.kernel.errors import Missing
from challenge.kernel.i18n import speaking
from challenge.people.countries import countries, countries_called, country_name
from challenge.people.models import Organisation
from challenge.people.spelling import plain
from tests.cast import PLACES


@pytest.fixture
def listed(world):
    with world.acting() as w:
        actions.load_municipalities(w)
    return world


def names(world, text, limit=5, **more):
    with world.acting(writing=False) as w:
        return [row.name for row in queries.search(w, text, limit, **more)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("tartu", "Tartu"), ("TARTU", "Tartu"), ("jogeva", "Jõgeva"), ("Jõgeva", "Jõgeva"), ("lodz", "Łódź"),
        ("cologne", "Köln"), ("dun laoghaire", "Dún Laoghaire-Rathdown"), ("t\u0430llinn", "Tallinn"),
    ],
)  # fmt: skip
def test_cities_are_found_however_they_are_typed(listed, typed, first):
    assert names(listed, typed)[0] == first


def test_exact_goes_before_prefix_before_inside(listed):
    found = [name.lower() for name in names(listed, "hel", 200)]

    starts = [plain(name).startswith("hel") for name in found]
    assert True in starts
    assert starts == sorted(starts, reverse=True)
    assert names(listed, "rakvere", 50) == ["Rakvere", "Rakvere vald"]
    assert names(listed, "tartu vald", 50) == ["Tartu vald"]


@pytest.mark.parametrize("text", ["%", "_", "%%", "a%b", "T_rtu", "\\", "'", '"', "/", "|", "--", ";"])
def test_marks_of_sql_are_only_letters_or_nothing(listed, text):
    assert "Tartu" not in names(listed, text, 200)


def test_countries_are_found_by_name_in_both_languages(listed):
    with listed.acting(writing=False) as w:
        assert {row.country for row in queries.search(w, "estonia", 100)} == {"EE"}
        assert queries.count(w, "estonia") == 79
        with speaking("et"):
            assert queries.count(w, "eesti") == 79
            assert queries.count(w, "estonia") == 79
        assert queries.count(w, "", country="ee") == 79
        assert queries.count(w, "tartu", country="FI") == 0


def test_pages_follow_one_another_without_gap_or_repeat(listed):
    seen, after = [], None
    with listed.acting(writing=False) as w:
        while True:
            page = queries.found(w, "", country="IT", after=after, size=7)
            seen += [row.code for row in page.rows]
            if (after := page.following) is None:
                break
        assert len(seen) == len(set(seen)) == queries.count(w, "", country="IT")


def test_pages_of_a_search_keep_the_order_of_the_matches(listed):
    seen, after = [], None
    with listed.acting(writing=False) as w:
        while True:
            page = queries.found(w, "ar", after=after, size=25)
            seen += [row.name for row in page.rows]
            if (after := page.following) is None:
                break
        assert seen == [row.name for row in queries.search(w, "ar", 2_000)]
        assert len(seen) == queries.count(w, "ar")


def test_universities_are_no_cities(world):
    with world.acting(writing=False) as w:
        taltech = w.session.get_one(Organisation, PLACES["taltech"].id)
        with pytest.raises(Missing):
            queries.city(w, taltech.code)
        assert queries.by_ids(w, [taltech.id, None, PLACES["tartu"].id]).keys() == {PLACES["tartu"].id}
        assert queries.search(w, "taltech") == []


def test_options_name_city_and_country(world):
    with world.acting(writing=False) as w:
        assert [text for _code, text in queries.options(w, ["IE"])] == [
            "Dún Laoghaire-Rathdown, Ireland", "Fingal, Ireland"]  # fmt: skip
        assert len(queries.options(w)) == 6
        assert [name for _code, name in queries.countries_with_cities(w)] == ["Estonia", "Finland", "Ireland"]


def test_country_is_named_in_the_readers_language():
    assert (country_name("EE"), country_name("XK"), country_name("??")) == ("Estonia", "Kosovo", "??")
    with speaking("et"):
        assert country_name("EE") == "Eesti"
        assert ("SE", "Rootsi") in countries()
    assert countries_called("united") == ["AE", "GB", "US"]
    assert countries_called("  ") == []
    assert not {"EU", "UN", "ZZ"} & {code for code, _name in countries()}


def test_themes_typed_find_their_keys():
    assert theme_key("Circular economy") == "circular_economy"
    assert theme_key("Night-time economy") == "night_time_economy"
    assert theme_label("night_time_economy") == "Night time economy"
    assert theme_key("%%%") == ""
