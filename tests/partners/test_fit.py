"""Points of a city: by reason, adding up, and saying what is not known."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from challenge.partners.fit import NOT_KNOWN, Cities, points
from challenge.partners.reasons import MOST, Fit, Place, Reason, Sought, gap_of
from challenge.rounds.pairing import Part, Partner, pairing_facts
from challenge.rounds.schemas import Rules
from challenge.rounds.states import CityRole

TARTU = Place(1, "EE", 97_000, 58.4, frozenset({"environment"}), frozenset({"iscn"}), frozenset({"et", "en"}))
SOUGHT = Sought("EE", {Part.FOREIGN: 1.0}, frozenset({"environment", "data"}), (TARTU,), frozenset({3}))


def fit(sought, city, alike):
    others = [Place(90, "LV"), Place(91, "FI", 10, 1.0, frozenset("x"), frozenset("y"), frozenset("z"))]
    found = points(
        sought, Cities([others[0], city, others[1]]), np.array([np.nan, np.nan if alike is None else alike, 1])
    )
    each = dict(zip(Reason, found[:, 1].tolist(), strict=True))
    return Fit(
        {reason: tenths for reason, tenths in each.items() if tenths > 0},
        tuple(reason for reason, tenths in each.items() if tenths == NOT_KNOWN),
    )


def test_every_reason_gives_its_points():
    city = Place(3, "FI", 194_000, 60.4, frozenset({"data"}), frozenset({"iscn"}), frozenset({"en", "fi"}))
    assert fit(SOUGHT, city, 0.5).points == {
        Reason.PAIRING: 300, Reason.INTEREST: 200, Reason.THEMES: 75, Reason.WORDS: 75, Reason.NETWORKS: 50,
        Reason.LANGUAGES: 50, Reason.SIZE: 25, Reason.LATITUDE: 45,
    }  # fmt: skip
    assert fit(SOUGHT, city, 0.5).score == 820
    assert fit(SOUGHT, city, 0.5).unknown == ()


def test_what_is_not_known_gives_nothing_and_is_named():
    found = fit(SOUGHT, Place(9, "EE"), None)
    assert (found.points, found.score, found.closes_gap) == ({}, 0, False)
    assert set(found.unknown) == set(Reason) - {Reason.PAIRING, Reason.INTEREST}


def test_the_most_a_city_can_get_is_a_hundred_points():
    twin = Place(3, "FI", 97_000, 58.4, SOUGHT.themes, TARTU.networks, TARTU.languages)
    assert fit(SOUGHT, twin, 1.0).score == 10 * sum(MOST.values()) == 1000


places = st.builds(
    Place, st.integers(1, 5), st.sampled_from(["EE", "FI"]), st.none() | st.integers(1, 10**7),
    st.none() | st.floats(-90, 90), *(st.frozensets(st.sampled_from("abc")) for _ in range(3)),
)  # fmt: skip


@given(places, st.none() | st.floats(0, 1))
def test_reasons_are_within_their_limits_and_add_up_to_the_score(city, alike):
    found = fit(SOUGHT, city, alike)
    assert all(0 < tenths <= 10 * MOST[reason] for reason, tenths in found.points.items())
    assert sum(found.points.values()) == found.score
    assert not found.points.keys() & set(found.unknown)


def facts(*cities, **rules):
    return pairing_facts(
        (Partner(at, place, place, CityRole.PILOT) for at, place in enumerate(cities)), Rules(**rules)
    ).facts


def test_the_gap_is_the_side_that_is_missing():
    assert gap_of(facts("EE")) == {Part.FOREIGN: 1.0}
    assert gap_of(facts("FI", "IE")) == {Part.HOME: 1.0}
    assert gap_of(facts()) == {Part.HOME: 1.0, Part.FOREIGN: 1.0}
    assert gap_of(facts("EE", "FI")) == {}


def test_where_only_the_number_is_short_a_city_of_either_side_helps():
    assert gap_of(facts("EE", "FI", min_cities=3)) == {Part.HOME: 1.0, Part.FOREIGN: 1.0}
    assert gap_of(facts("EE", min_cities=2, pairing="optional")) == {Part.HOME: 1.0, Part.FOREIGN: 1.0}


def test_a_city_that_is_only_advised_gets_half():
    assert gap_of(facts("EE", "EE", pairing="optional")) == {Part.FOREIGN: 0.5}
