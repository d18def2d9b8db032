"""The item everybody marks first: who does what with it, and that it counts for nothing."""

import pytest

from challenge.jobs import calibrating
from challenge.jury import actions as jury
from challenge.jury import queries
from challenge.jury.common import actions
from challenge.jury.common import queries as common
from challenge.jury.common.schemas import Choosing
from challenge.jury.schemas import NoReason
from challenge.jury.states import ReviewState
from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.people.models import Role
from challenge.people.states import RoleName
from challenge.policy.redaction import BAR
from tests.cast import PEOPLE
from tests.factories.blind import PROJECT, christen, make_named, named_in
from tests.factories.jury import (
    CRITERIA,
    FULL,
    JURY,
    PANEL,
    juror_of,
    make_conflict,
    make_judged,
    make_juror,
    make_review,
    make_submitted,
    proposal_of,
    review_of,
    round_of,
    written,
)
from tests.factories.rounds import make_round


def common_round(world, *, opened=True, marked=()):
    """A round with a panel of three, two proposals that share no juror, and an item of an earlier round."""
    world.now = JURY
    with world.acting() as w:
        christen(w)
        earlier, round_ = make_round(w, title="Round 2025"), make_round(w)
        source = make_named(w, earlier)
        jurors = {name: make_juror(w, round_, name) for name in PANEL}
        p1, p2 = (make_judged(w, round_, title=f"Proposal {at}") for at in (1, 2))
        review = make_review(w, p1, jurors["lena"]).code
        codes = {"round": round_.code, "source": source.code, "p1": p1.code, "p2": p2.code, "lena1": review}
        codes |= {f"juror_{name}": juror.code for name, juror in jurors.items()}
    with world.acting("jaan") as w:
        actions.choose(w, round_of(w, codes["round"]), FULL, Choosing(proposal=codes["source"], words=PROJECT))
        if opened:
            actions.open_to_panel(w, round_of(w, codes["round"]), FULL)
    for name, mark in marked:
        mark_as(world, codes, name, mark)
    return codes


def mark_as(world, codes, name, mark="4"):
    with world.acting(name) as w:
        item = common.live(w, round_of(w, codes["round"]).id, FULL)
        actions.save(w, item, written(CRITERIA, mark), hand_in=True)


def path(codes, what=""):
    return f"/rounds/{codes['round']}/common{what}?gate={FULL}"


def filled_in(mark="4", **more):
    return {f"{key}-mark": mark for key in CRITERIA} | more


def test_from_choosing_to_the_marks_of_all(world):
    codes = common_round(world, opened=False)
    jaan, lena = world.client("jaan"), world.client("lena")
    assert "Not open yet" in jaan.get(path(codes)).text
    assert lena.get(path(codes)).status_code == 404
    assert jaan.post(path(codes, "/opening")).status_code == 303
    assert "First mark the common item" in lena.get("/reviews").text

    reading = lena.get(path(codes)).text
    assert BAR in reading
    assert named_in(reading) == set()
    short = lena.post(path(codes), data={"step": "submit", "impact-mark": "4"})
    assert (short.status_code, short.text.count("Choose a mark for")) == (422, 8)
    assert lena.post(path(codes), data={"step": "keep", "impact-mark": "4"}).status_code == 303
    assert lena.post(path(codes), data=filled_in(step="submit")).status_code == 303
    assert lena.post(path(codes), data=filled_in("1", step="submit")).status_code == 409
    assert "How all marked it" not in lena.get(path(codes)).text

    early = jaan.post(path(codes, "/showing"))
    assert (early.status_code, "At least 3 jurors" in early.text) == (409, True)
    mark_as(world, codes, "oskar", "2.5")
    mark_as(world, codes, "ilse", "3")
    assert "How all marked it" not in lena.get(f"/rounds/{codes['round']}/briefing").text
    assert jaan.post(path(codes, "/showing")).status_code == 303
    for page in (lena.get(path(codes)).text, lena.get(f"/rounds/{codes['round']}/briefing?gate={FULL}").text):
        assert page.count("2.5 · 3 · 4") == 5
        assert "The cities need it, the outcome is measured" in page  # the anchor
        assert "Oskar" not in page


def test_it_comes_before_the_first_review(world):
    codes = common_round(world)
    lena, review = world.client("lena"), f"/reviews/{codes['lena1']}"
    assert "Mark the common item of this gate first" in lena.get(review).text
    assert lena.post(f"{review}/declaration", data={"answer": "none"}).status_code == 409
    mark_as(world, codes, "lena")
    assert lena.post(f"{review}/declaration", data={"answer": "none"}).status_code == 303


def test_a_conflict_can_be_declared_before_it(world):
    codes = common_round(world)
    answer = {"answer": "family", "explanation": "My sister."}
    assert world.client("lena").post(f"/reviews/{codes['lena1']}/declaration", data=answer).status_code == 303


@pytest.mark.parametrize("how", ["shown", "taken_back", "conflict"])
def test_nobody_waits_for_an_item_that_is_over_or_not_theirs(world, how):
    codes = common_round(world)
    with world.acting() as w:
        if how == "conflict":
            make_conflict(w, proposal_of(w, codes["source"]), "lena")
        if how == "shown":
            make_juror(w, round_of(w, codes["round"]), "tiina")
            w.add(Role(person_id=PEOPLE["tiina"].id, name=RoleName.JUROR))
    for name in ("oskar", "ilse", "tiina") if how == "shown" else ():
        mark_as(world, codes, name)
    with world.acting("jaan") as w:
        if how == "shown":
            actions.show_marks(w, round_of(w, codes["round"]), FULL)
        if how == "taken_back":
            actions.take_back(w, round_of(w, codes["round"]), FULL)
    with world.acting("lena") as w:
        assert common.to_mark(w) == []
        jury.fire(w, review_of(w, codes["lena1"]), "declare")
        assert review_of(w, codes["lena1"]).state is ReviewState.DECLARED
    assert world.client("lena").get(path(codes)).status_code == (200 if how == "shown" else 404)


def test_it_counts_for_nothing(world):
    codes = common_round(world, marked=[(name, "5") for name in PANEL])
    with world.acting("jaan") as w:
        round_ = round_of(w, codes["round"])
        ranking = queries.ranking(w, round_, FULL)
        assert [(row.title, row.reviews and len(row.reviews)) for row in ranking.rows] == [
            ("Proposal 1", 1), ("Proposal 2", ())
        ]  # fmt: skip
        assert [row.standing.score for row in ranking.rows] == [None, None]
        assert {row.code: row.needs for row in queries.board(w, round_, FULL).rows} == {codes["p1"]: 2, codes["p2"]: 3}
        assert [proposal_of(w, codes[key]).reviews_eligible for key in ("p1", "p2", "source")] == [0, 0, 0]
        assert queries.marks(w) == {}
        assert not queries.has_certificate(w, juror_of(w, codes["juror_oskar"]))
        assert {member.name: dict(member.load) for member in queries.panel(w, round_)} == {
            PEOPLE["lena"].name: {FULL: 1}, PEOPLE["oskar"].name: {}, PEOPLE["ilse"].name: {}
        }  # fmt: skip


def calibration(world, codes):
    calibrating.run(world.database, world.clock)
    with world.acting("jaan") as w:
        return queries.ranking(w, round_of(w, codes["round"]), FULL)


def test_it_links_jurors_who_share_no_proposal(world):
    codes = common_round(world)
    with world.acting() as w:
        w.session.delete(review_of(w, codes["lena1"]))
        w.session.flush()
        for name, key, mark in (("lena", "p1", 40), ("oskar", "p2", 35), ("ilse", "p2", 40)):
            make_submitted(w, proposal_of(w, codes[key]), juror_of(w, codes[f"juror_{name}"]), mark)
    apart = calibration(world, codes)
    assert apart.calibrated.reason == "disconnected"

    for name, mark in (("lena", "4.5"), ("oskar", "3"), ("ilse", "3.5")):
        mark_as(world, codes, name, mark)
    linked = calibration(world, codes)
    assert linked.calibrated.reason is None
    assert {row.id for row in linked.rows} <= set(linked.calibrated.values)
    assert [row.title for row in linked.rows] == [row.title for row in apart.rows]
    assert [row.standing.weighted for row in linked.rows] == [row.standing.weighted for row in apart.rows]
    severity = {one.juror_id: one.whole for one in linked.calibrated.jurors}
    with world.acting() as w:
        lena, oskar = (juror_of(w, codes[f"juror_{name}"]).id for name in ("lena", "oskar"))
    assert severity[lena] < severity[oskar]


def test_marks_of_somebody_found_in_conflict_link_nobody(world):
    codes = common_round(world, marked=[("lena", "4"), ("oskar", "3")])
    with world.acting() as w:
        make_conflict(w, proposal_of(w, codes["source"]), "lena")
    with world.acting(writing=False) as w:
        assert len(common.links(w, round_of(w, codes["round"]).id, FULL, CRITERIA)) == 1


def test_an_open_item_is_not_exchanged_and_a_new_one_begins_anew(world):
    codes = common_round(world, marked=[("lena", "4")])
    with world.acting("jaan") as w, pytest.raises(Refused, match="opened"):
        actions.choose(w, round_of(w, codes["round"]), FULL, Choosing(proposal=codes["source"]))
    with world.acting("jaan") as w:
        round_ = round_of(w, codes["round"])
        actions.take_back(w, round_, FULL)
        actions.choose(w, round_, FULL, Choosing(proposal=codes["source"]))
        item = actions.open_to_panel(w, round_, FULL)
        assert common.handed_in(w, item) == []
        assert common.links(w, round_.id, FULL, CRITERIA) == []


@pytest.mark.parametrize("name", ["lena", "olev", "ravi", "anna"])
def test_only_coordinators_choose(world, name):
    codes = common_round(world, opened=False)
    with world.acting(name) as w, pytest.raises((Forbidden, Missing)):
        actions.choose(w, round_of(w, codes["round"]), FULL, Choosing(proposal=codes["source"]))
    for act in ("/item", "/opening", "/showing", "/removal"):
        assert world.client(name).post(path(codes, act), data={}).status_code in {403, 404}


@pytest.mark.abuse(1)
def test_own_marks_come_before_those_of_others_and_names_never(world):
    codes = common_round(world, marked=[("oskar", "2.5"), ("ilse", "3"), ("lena", "4")])
    page = world.client("lena").get(path(codes)).text
    assert "2.5 ·" not in page
    assert world.client("jaan").get(path(codes)).text.count("handed in") >= 3
    assert "Who has marked it" not in page


def test_who_left_the_panel_marks_nothing(world):
    codes = common_round(world)
    with world.acting("jaan") as w:
        jury.take_off(w, juror_of(w, codes["juror_oskar"]), NoReason())
    assert world.client("oskar").get(path(codes)).status_code == 404
