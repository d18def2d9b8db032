from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from challenge.rounds.pairing import COUNTING, Part, Partner, pairing, pairing_facts
from challenge.rounds.schemas import Rules
from challenge.rounds.states import CityRole, Pairing

LEAD, PILOT, FOLLOWER = CityRole.LEAD, CityRole.PILOT, CityRole.FOLLOWER
MANDATORY, OPTIONAL, OFF = (Rules(pairing=mode) for mode in Pairing)

countries = st.sampled_from(["EE", "FI", "IE", "US"])
cities = st.lists(st.tuples(countries, st.sampled_from(CityRole), st.integers(1, 5)), max_size=8).map(
    lambda found: list({city: (country, role, city) for country, role, city in found}.values())
)
rules = st.builds(
    Rules, pairing=st.sampled_from(Pairing), min_cities=st.integers(1, 4), home_country=st.sampled_from(["EE", "FI"])
)


def test_urbansplash_passes():
    assert pairing([("EE", LEAD), ("IE", PILOT), ("IE", PILOT)], MANDATORY) is None


def test_two_irish_cities_alone_fail():
    problem = pairing([("IE", LEAD), ("IE", PILOT)], MANDATORY)

    assert problem is not None
    assert problem.code == "pairing"
    assert str(problem.text) == "Add a lead or pilot city of the home country (Estonia)."
    assert set(problem.fields) == {"cities"}


def test_tallinn_and_tartu_fail_where_it_is_mandatory_and_pass_where_it_is_optional():
    both = [("EE", LEAD), ("EE", PILOT)]

    problem = pairing(both, MANDATORY)
    assert str(problem.text) == "Add a lead or pilot city of a country other than the home country (Estonia)."
    assert pairing(both, OPTIONAL) is None


def test_followers_do_not_count():
    assert pairing([("EE", LEAD), ("IE", FOLLOWER)], MANDATORY) is not None
    assert pairing([("EE", FOLLOWER), ("IE", LEAD)], MANDATORY) is not None
    assert pairing([("EE", LEAD), ("IE", PILOT), ("FI", FOLLOWER)], MANDATORY) is None


def test_min_cities_counts_each_city_once():
    three = Rules(min_cities=3)

    assert pairing([("EE", LEAD, "tartu"), ("IE", PILOT, "fingal"), ("IE", PILOT, "dlr")], three) is None
    problem = pairing([("EE", LEAD, "tartu"), ("IE", PILOT, "fingal"), ("IE", PILOT, "fingal")], three)
    assert str(problem.text) == "In all one more lead or pilot city is needed."


def test_cities_without_a_name_are_different_cities():
    assert pairing([("EE", LEAD, None), ("IE", PILOT, None), ("IE", PILOT, None)], Rules(min_cities=3)) is None


def test_a_city_that_is_pilot_and_follower_counts_as_pilot():
    assert pairing([("EE", LEAD, 1), ("IE", FOLLOWER, 2), ("IE", PILOT, 2)], MANDATORY) is None


def test_nobody_yet_is_told_everything_that_is_missing():
    problem = pairing([], Rules(min_cities=4))

    assert "home country (Estonia). Add" in str(problem.text)
    assert "4 more lead or pilot cities are needed" in str(problem.text)


def test_off_asks_only_for_the_number():
    assert pairing([("US", LEAD), ("FI", PILOT)], OFF) is None
    assert pairing([("US", LEAD)], OFF) is not None
    assert pairing([("US", LEAD)], Rules(pairing=Pairing.OFF, min_cities=1)) is None


def test_another_home_country_turns_the_rule_round():
    assert pairing([("IE", LEAD), ("EE", PILOT)], Rules(home_country="IE")) is None
    assert pairing([("FI", LEAD), ("EE", PILOT)], Rules(home_country="IE")) is not None


@given(cities, rules)
def test_it_holds_exactly_when_the_words_of_the_rule_do(given_cities, given_rules):
    counted = {city: country for country, role, city in given_cities if role in COUNTING}
    home = sum(country == given_rules.home_country for country in counted.values())
    has_home = given_rules.pairing is Pairing.OFF or home >= 1
    has_foreign = given_rules.pairing is not Pairing.MANDATORY or len(counted) - home >= 1

    holds = pairing(given_cities, given_rules) is None

    assert holds == (has_home and has_foreign and len(counted) >= given_rules.min_cities)


@given(cities, rules, st.randoms())
def test_the_order_of_cities_does_not_matter(given_cities, given_rules, random):
    shuffled = list(given_cities)
    random.shuffle(shuffled)

    assert pairing(given_cities, given_rules) == pairing(shuffled, given_rules)


@given(cities, rules, countries, st.sampled_from(sorted(COUNTING)))
def test_one_more_city_never_breaks_it(given_cities, given_rules, country, role):
    if pairing(given_cities, given_rules) is None:
        assert pairing([*given_cities, (country, role, "another")], given_rules) is None


@given(cities, rules)
def test_the_indicator_agrees_with_the_rule(given_cities, given_rules):
    partners = [Partner(city, f"city {city}", country, role) for country, role, city in given_cities]

    facts = pairing_facts(partners, given_rules)

    assert facts.problem == pairing(given_cities, given_rules)
    assert facts.holds == (not any(fact.kind == "missing" for fact in facts.facts))
    for fact in facts.facts:
        assert str(fact.text)
        assert str(fact.tag)
        if fact.kind == "rests_on":
            left = [entry for entry in given_cities if entry[2] != fact.city]
            assert pairing(left, given_rules) is not None


def test_the_indicator_of_the_look():
    facts = pairing_facts(
        [
            Partner("kaldvere", "Kaldvere", "EE", LEAD),
            Partner("lindsund", "Lindsund", "FI", PILOT),
            Partner("ostmere", "Ostmere", "IE", FOLLOWER),
        ],
        Rules(),
    )

    assert (facts.home, facts.away) == (("Kaldvere",), ("Lindsund",))
    assert [(fact.kind, str(fact.text)) for fact in facts.facts] == [
        ("met", "one city of the home country"),
        ("met", "one city abroad"),
        ("met", "2 cities take part"),
        ("not_counted", "Ostmere: followers do not count"),
        ("rests_on", "without Kaldvere a city of the home country is missing"),
        ("rests_on", "without Lindsund a city abroad is missing"),
    ]
    assert [fact.tone for fact in facts.facts] == ["moss", "moss", "moss", "off", "sun", "sun"]


def test_where_it_is_optional_a_city_abroad_is_advised():
    facts = pairing_facts([Partner(1, "Tartu", "EE", LEAD), Partner(2, "Narva", "EE", PILOT)], OPTIONAL)

    assert facts.holds
    assert [fact.part for fact in facts.facts if fact.kind == "advised"] == [Part.FOREIGN]


def test_where_it_is_mandatory_a_city_abroad_is_missing():
    facts = pairing_facts([Partner(1, "Tartu", "EE", LEAD), Partner(2, "Narva", "EE", PILOT)], MANDATORY)

    assert not facts.holds
    assert [fact.part for fact in facts.facts if fact.kind == "missing"] == [Part.FOREIGN]
