"""What the ranking page and the JSON say of a calibration, in words, and to whom."""

import sys
from subprocess import run

import pytest

from challenge.people.models import Person, Role
from challenge.people.states import RoleName
from tests.cast import PEOPLE
from tests.counting import counted
from tests.factories.jury import (
    FULL,
    juror_of,
    make_conflict,
    make_judged,
    make_juror,
    make_submitted,
    proposal_of,
    round_of,
)
from tests.factories.rounds import make_round
from tests.home.test_sights import kept
from tests.jury.severe import compute, scene

UNLINKED = {"A": {"lena": 40, "oskar": 45}, "B": {"lena": 30, "oskar": 35}, "C": {"ilse": 40}}
AS_JSON = {"accept": "application/json"}


def page(world, codes, who="jaan"):
    return world.client(who).get(f"/rounds/{codes['round']}/ranking")


def as_json(world, codes, who="jaan", what="calibration"):
    return world.client(who).get(f"/api/v1/rounds/{codes['round']}/{what}?gate={FULL}", headers=AS_JSON)


def test_both_scores_stand_side_by_side_and_the_page_says_which_ranks(world):
    codes = scene(world)
    compute(world)
    text = page(world, codes).text
    assert "Raw scores rank in this round" in text
    assert "among the 4 best of the 6 over every threshold: 4 pilots are planned" in text
    assert "3.750" in text  # C, raw
    assert "4.0" in text  # C, calibrated
    assert text.count('class="ranges__dot"') == text.count('class="ranges__ring"') == 6
    assert "Strictest and mildest juror differ by 1.5 points" in text
    assert "Krippendorff" in text
    assert "&gt; 99 %" in text  # drawn every time is not yet certain
    assert "100 %" not in text


def test_groups_that_nothing_links_are_named_with_what_to_do(world):
    codes = scene(world, UNLINKED, ranking="calibrated", reviews=1)
    compute(world)
    text = page(world, codes).text
    assert "<b>Lena Lind, Oskar Olsen</b>: Proposal A, Proposal B" in text
    assert "<b>Ilse Ivask</b>: Proposal C" in text
    assert "one more review in another group" in text
    assert "no proposal has a place" in text
    assert "ranges__dot" not in text
    body = as_json(world, codes).json()
    assert body["reason"] == "disconnected"
    assert body["groups"][1] == {"jurors": ["Ilse Ivask"], "proposals": [codes["C"]]}
    assert {item["place"] for item in body["items"]} == {None}


def test_too_few_reviews_are_said_too(world):
    codes = scene(world, {"A": {"lena": 40}, "B": {"lena": 30}}, reviews=1)
    compute(world)
    assert "too few reviews" in page(world, codes).text
    assert as_json(world, codes).json()["reason"] == "too_few"


def test_where_nobody_has_scored_there_is_no_word_of_it(world):
    codes = scene(world, {})
    assert compute(world) == 0
    assert "alibrated" not in page(world, codes).text
    with world.acting() as w:
        make_judged(w, round_of(w, codes["round"]))
    assert page(world, codes).status_code == 200


def test_it_reads_in_estonian(world):
    codes = scene(world)
    compute(world)
    with world.acting() as w:
        w.session.get_one(Person, PEOPLE["jaan"].id).locale = "et"
    text = page(world, codes).text
    assert 'lang="et"' in text
    assert "3,750" in text


def test_the_same_in_json(world):
    codes = scene(world, ranking="calibrated")
    compute(world)
    body = as_json(world, codes).json()
    assert (body["ranks"], body["is_current"], body["since"], body["best"], body["among"]) == (
        "calibrated", True, 0, 4, 6,
    )  # fmt: skip
    first = body["items"][0]
    assert (first["proposal"], first["place"], first["raw"]) == (codes["C"], 1, 3.75)
    assert first["low"] < first["value"] < first["high"]
    assert first["criteria"]["impact"] == pytest.approx(first["value"], abs=0.01)
    assert [one["juror"] for one in body["jurors"] if one["severity"] > 0] == ["Lena Lind"]
    assert body["inputs"]
    ranked = as_json(world, codes, what="ranking").json()
    assert (ranked["ranks"], ranked["items"][0]["score"]) == ("calibrated", first["value"])


@pytest.mark.abuse(1, 4)
def test_jurors_teams_cities_and_observers_of_other_rounds_learn_nothing_of_it(world):
    codes = scene(world)
    compute(world)
    with world.acting() as w:
        elsewhere = make_round(w, title="Elsewhere")
        w.session.exec(Role.__table__.delete().where(Role.person_id == PEOPLE["olev"].id))
        w.add(Role(person_id=PEOPLE["olev"].id, name=RoleName.OBSERVER, round_id=elsewhere.id))
    secret = as_json(world, codes)
    assert "Ilse Ivask" in secret.text  # there is something to see, and somebody sees it
    assert "Ilse Ivask" in page(world, codes).text
    value = str(secret.json()["items"][0]["value"])
    for who in ("lena", "oskar", "ravi", "mari", "sofia", "eero", "anna", "olev", "nobody"):
        for answer in (page(world, codes, who), as_json(world, codes, who), as_json(world, codes, who, "ranking")):
            assert answer.status_code in ({303, 401} if who == "nobody" else {404}), who
            assert "Ilse" not in answer.text
            assert value not in answer.text
        again = world.client(who).post(f"/rounds/{codes['round']}/ranking/calibration?gate={FULL}")
        assert again.status_code in ({303, 401} if who == "nobody" else {404}), who


def test_observers_of_the_round_read_it_and_ask_for_nothing(world):
    codes = scene(world)
    compute(world)
    assert "Strictest" in page(world, codes, "olev").text
    assert as_json(world, codes, "olev").json()["jurors"]
    answer = world.client("olev").post(f"/rounds/{codes['round']}/ranking/calibration?gate={FULL}")
    assert answer.status_code == 403


@pytest.mark.abuse(9)
def test_a_coordinator_with_a_conflict_sees_nothing_the_proposal_could_be_read_from(world):
    codes = scene(world, UNLINKED, reviews=1)
    compute(world)
    assert "Ilse Ivask" in page(world, codes, "kadri").text
    with world.acting() as w:
        make_conflict(w, proposal_of(w, codes["C"]), "jaan")
    text = page(world, codes).text
    assert "Proposal A" in text
    for hidden in ("Proposal C", "Ilse Ivask", "How jurors mark", "Krippendorff"):
        assert hidden not in text, hidden
    body = as_json(world, codes).json()
    assert (body["groups"], body["jurors"], body["agreement"], body["among"]) == ([], [], {}, 0)
    assert body["inputs"] is None
    assert [item["proposal"] for item in body["items"]] == [codes["A"], codes["B"]]


@pytest.mark.abuse(9)
def test_chances_and_severity_are_not_for_a_coordinator_with_a_conflict(world):
    codes = scene(world)
    compute(world)
    assert as_json(world, codes).json()["items"][0]["chance"] is not None
    with world.acting() as w:
        make_conflict(w, proposal_of(w, codes["B"]), "jaan")
    body = as_json(world, codes).json()
    assert {item["chance"] for item in body["items"]} == {None}
    assert body["jurors"] == []
    assert len(body["items"]) == 5
    assert all(item["value"] is not None for item in body["items"])
    text = page(world, codes).text
    assert "Chances, and how jurors mark, are not shown to you" in text
    assert "Strictest" not in text


def test_whoever_reads_it_is_noted(world):
    codes = scene(world, UNLINKED, reviews=1)
    compute(world)
    as_json(world, codes)
    everything = {codes[key] for key in ("lenaA", "oskarA", "lenaB", "oskarB", "ilseC")}
    assert kept(world) == [("jaan", "ranking", everything)]


def test_the_page_asks_as_often_for_many_as_for_few(world):
    codes = scene(world)
    asked = []
    for more in ("G", "H"):
        compute(world)
        assert page(world, codes).status_code == 200
        with counted(world) as found:
            assert "Strictest" in page(world, codes).text
        asked.append(len(found))
        with world.acting() as w:
            for number in range(3):
                proposal = make_judged(w, round_of(w, codes["round"]), title=f"Proposal {more}{number}")
                for name in ("lena", "oskar", "ilse"):
                    make_submitted(w, proposal, juror_of(w, codes[name]), 40)
            make_juror(w, round_of(w, codes["round"]), "katrin" if more == "G" else "eero")
    assert asked[0] == asked[1]


def test_numpy_is_not_loaded_before_it_is_needed():
    code = (
        "import sys, challenge.cli, challenge.app, challenge.jobs.ticker; early = 'numpy' in sys.modules;"
        "import challenge.jury.calibrating; print(early, 'numpy' in sys.modules)"
    )
    assert run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "False True\n"
