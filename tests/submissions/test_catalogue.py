"""The public catalogue: found by what people type, narrowed by what there is, in a constant number of queries."""

from __future__ import annotations

import html
import re

import pytest

from challenge.kernel.errors import Invalid
from challenge.rounds.models import Round
from challenge.rounds.schemas import Rules
from challenge.rounds.states import RoundState
from challenge.submissions import actions, queries
from challenge.submissions.queries import Filters, Wanted
from challenge.submissions.states import PUBLIC
from challenge.submissions.states import SubmissionState as S
from tests.cast import PLACES
from tests.counting import counted
from tests.factories.rounds import make_round
from tests.factories.submissions import fresh, make_interest, make_submission
from tests.submissions.marks import on_sqlite
from tests.world import NOW


def fill(world, count, start=0):
    with world.acting() as w:
        round_ = w.session.get(Round, 1) or make_round(w, rules=Rules(submissions_per_city=20))
        for number in range(start, count):
            made = make_submission(w, round_, state=S.ACCEPTED, title=f"Challenge {number}")
            make_interest(w, made, [PLACES["helsinki"], PLACES["fingal"], PLACES["dlr"]][number % 3])


def test_topics_for_a_thesis_are_a_list_of_their_own(world):
    with world.acting() as w:
        round_ = make_round(w, rules=Rules(submissions_per_city=20))
        for title, given in (("Meters", {"thesis": True}), ("Buoys", {"thesis": False}), ("Lamps", {})):
            make_submission(w, round_, state=S.ACCEPTED, title=title, given=given)
        make_submission(w, round_, state=S.IN_REVIEW, title="Secret", given={"thesis": True})
    page = world.client().get("/challenges?thesis=yes").text
    assert [title for title in ("Meters", "Buoys", "Lamps", "Secret") if title in page] == ["Meters"]
    assert "One challenge" in page
    assert "Buoys" in world.client().get("/challenges").text
    with world.acting("nobody", writing=False) as w:
        assert [facet.count for facet in queries.facets(w, Wanted(thesis=True))["round"]] == [1]
    items = world.client().get("/api/v1/challenges?thesis=true").json()["items"]
    assert [one["title"] for one in items] == ["Meters"]


@pytest.mark.parametrize(
    ("url", "name"),
    [("/challenges", "nobody"), ("/submissions", "jaan"), ("/submissions", "mari"), ("/interests", "niamh")],
)
def test_lists_need_a_constant_number_of_queries(world, url, name):
    client = world.client(name)
    fill(world, 1)
    world.move(days=25)
    client = fresh(world, name)
    client.get(url)
    with counted(world) as first:
        assert "Challenge 0" in client.get(url).text
    world.now, now = NOW, world.now
    fill(world, 3, start=1)
    world.now = now
    with counted(world) as second:
        assert "Challenge 2" in client.get(url).text
    assert len(first) == len(second)


def test_what_people_type_is_found_without_accents_and_case(world):
    with world.acting() as w:
        round_ = make_round(w)
        make_submission(w, round_, state=S.ACCEPTED, title="Õhtune müra")
        make_submission(
            w, round_, city=PLACES["dlr"], state=S.ACCEPTED, title="Storm water", given={"problem": "Überflutung"}
        )
    with world.acting("nobody") as w:
        for text, titles in (
            ("ohtune", ["Õhtune müra"]),
            ("MÜRA õhtune", ["Õhtune müra"]),
            ("uberflutung", ["Storm water"]),
            ("Laoghaire", ["Storm water"]),
            ("tartu", ["Õhtune müra"]),
            ("100%", []),
            ("mura storm", []),
        ):
            found = queries.challenges(w, Wanted(text=text))
            assert [card.title for card in found.rows] == titles, text


def test_filters_and_their_counts(world):
    with world.acting() as w:
        first, second = make_round(w), make_round(w, title="Round 2028")
        make_submission(w, first, state=S.ACCEPTED, title="A")
        make_submission(w, first, city=PLACES["helsinki"], state=S.ACCEPTED, title="B", given={"themes": ["energy"]})
        make_submission(w, second, city=PLACES["fingal"], state=S.PILOTED, title="C",
                        given={"themes": ["energy", "mobility"]})  # fmt: skip
        make_submission(w, second, state=S.SUBMITTED, title="Not public")
        second_code = second.code
    with world.acting("nobody") as w:
        facets = queries.facets(w, Wanted())
        assert [(facet.label, facet.count) for facet in facets["theme"]] == [("Energy", 2), ("Mobility", 2)]
        assert [(facet.label, facet.count) for facet in facets["country"]] == [
            ("Estonia", 1), ("Finland", 1), ("Ireland", 1)
        ]  # fmt: skip
        assert [(facet.label, facet.count) for facet in facets["round"]] == [("Round 2028", 1), ("Round 2027", 2)]
        assert [facet.value for facet in facets["state"]] == ["accepted", "piloted"]
        narrowed = queries.facets(w, Wanted(theme="energy"))
        assert [(facet.value, facet.count) for facet in narrowed["theme"]] == [("energy", 2), ("mobility", 2)]
        assert [facet.value for facet in narrowed["country"]] == ["FI", "IE"]
        for wanted, titles in (
            (Wanted(theme="mobility"), {"A", "C"}),
            (Wanted(country="FI"), {"B"}),
            (Wanted(round=second_code), {"C"}),
            (Wanted(state="piloted"), {"C"}),
            (Wanted(state="submitted"), {"A", "B", "C"}),  # not a public state: no filter
            (Wanted(theme="energy", country="EE"), set()),
            (Wanted(theme='"'), set()),
        ):
            assert {card.title for card in queries.challenges(w, wanted).rows} == titles, wanted
    page = world.client().get("/challenges?theme=energy&country=EE").text
    assert "Nothing fits" in page
    assert "Not public" not in world.client().get("/challenges").text


def test_a_challenge_of_a_closed_round_is_not_open_for_ideas_and_stands_after_the_others(world):
    with world.acting() as w:
        live, over = make_round(w), make_round(w, title="Round 2024", state=RoundState.CLOSED)
        make_submission(w, live, state=S.ACCEPTED, title="Now")
        past = make_submission(w, over, city=PLACES["helsinki"], state=S.ACCEPTED, title="Then").code
    with world.acting("nobody") as w:
        cards = queries.challenges(w, Wanted()).rows
        assert [(card.title, str(card.label)) for card in cards] == [
            ("Now", "Open for ideas"), ("Then", "Published in a past round")
        ]  # fmt: skip
        assert [facet.value for facet in queries.facets(w, Wanted())["state"]] == ["accepted", "past"]
        for state, title in (("accepted", "Now"), ("past", "Then")):
            assert [card.title for card in queries.challenges(w, Wanted(state=state)).rows] == [title]
    assert "Open for ideas" not in world.client().get(f"/challenges/{past}").text


def test_pages_follow_each_other_while_rows_come(world):
    with world.acting() as w:
        round_ = make_round(w, rules=Rules(submissions_per_city=20))
        for place in ("tartu", "tallinn"):
            for number in range(14):
                make_submission(w, round_, city=PLACES[place], state=S.ACCEPTED, title=f"{place} {number}")
    first = world.client().get("/challenges").text
    following = html.unescape(re.search(r'href="([^"]*)" ?>?Next|rel="next" href="([^"]*)"', first)[2])
    second = world.client().get(following).text
    seen = re.findall(r'href="/challenges/(\w{8})"', first) + re.findall(r'href="/challenges/(\w{8})"', second)
    assert len(seen) == len(set(seen)) == 28
    assert 'rel="next"' not in second
    assert 'rel="prev"' in second
    assert world.client().get("/challenges?after=nonsense").status_code == 422


def test_the_coordinators_pages_follow_each_other(world):
    with world.acting() as w:
        round_ = make_round(w)
        for number in range(53):
            make_submission(w, round_, title=f"Draft {number}")
    with world.acting("jaan") as w:
        round_ = w.session.get_one(Round, 1)
        first = queries.in_round(w, round_, Filters())
        second = queries.in_round(w, round_, Filters(), first.following)
        assert (len(first.rows), len(second.rows), second.following) == (50, 3, None)
        assert len({row.code for row in [*first.rows, *second.rows]}) == 53
        with pytest.raises(Invalid):
            queries.in_round(w, round_, Filters(), "nonsense")


def test_past_challenges_are_shown_with_what_is_known_of_them(world):
    with world.acting() as w:
        round_ = make_round(w, title="Round 2020", imported=True)
        made = actions.import_past(
            w, round_, title="Urban data are low", themes=["data"], answers={"summary": "Few can use them."},
            sources=["https://example.org/challenges"],
        )  # fmt: skip
        code = made.code
    page = world.client().get(f"/challenges/{code}").text
    assert "Few can use them." in page
    assert "https://example.org/challenges" in page
    assert "Not piloted in this round" in page
    assert "Urban data are low" in world.client().get("/challenges?q=urban").text
    assert "city interested" not in world.client().get("/challenges").text


@on_sqlite
@pytest.mark.parametrize("state", PUBLIC)
def test_every_public_state_reads_in_the_publics_words(world, state):
    with world.acting() as w:
        code = make_submission(w, make_round(w), state=state).code
    page = world.client().get(f"/challenges/{code}").text
    assert "Quiet junctions at night" in page
    assert ("not open for proposals any more" in page) == (state in (S.PILOTED, S.NOT_PILOTED))
