"""The meeting of the panel and the briefing: who finds what on the agenda, who leaves the room, the minutes."""

import pytest
from sqlmodel import select

from challenge.jury import actions as jury
from challenge.jury.consensus import actions, reports
from challenge.jury.consensus.models import Minutes
from challenge.jury.consensus.schemas import MinutesIn
from challenge.jury.models import Review
from challenge.jury.states import ConflictState, ReviewState
from challenge.kernel.errors import Forbidden
from challenge.rounds.schemas import Rules
from tests.factories.consensus import NEAR, make_panel, panel_of, seat
from tests.factories.jury import (
    FULL,
    JURY,
    juror_of,
    make_conflict,
    make_juror,
    make_review,
    proposal_of,
    review_of,
    round_of,
)
from tests.factories.rounds import make_round


def agenda_of(world):
    """Three proposals: near, far apart, and one on which lena is still at work. Codes by name."""
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w)
        near = make_panel(w, round_, NEAR, title="Near")
        far = make_panel(w, round_, title="Far")
        open_ = make_panel(w, round_, {"oskar": 20, "ilse": 40, "tiina": 40}, title="At work")
        lena = seat(w, round_, "lena")
        code = make_review(w, open_, lena, state=ReviewState.DRAFT).code
        return {"round": round_.code, "near": near.code, "far": far.code, "open": open_.code, "lena": code,
                "juror": lena.code}  # fmt: skip


def order(page, *titles):
    return sorted(titles, key=page.index)


def test_coordinators_go_by_the_ranking_jurors_by_how_far_marks_are_apart(world):
    codes = agenda_of(world)
    path = f"/rounds/{codes['round']}/meeting"
    assert order(world.client("jaan").get(path).text, ">Near<", ">Far<", ">At work<")[0] == ">Near<"
    lena = world.client("lena").get(path).text
    assert order(lena, ">Near<", ">Far<") == [">Far<", ">Near<"]
    assert "At work" not in lena
    assert "place 1" not in lena
    assert "place 1" in world.client("olev").get(path).text


@pytest.mark.abuse(9, 10)
def test_who_leaves_the_room_is_said_to_who_runs_the_round_only(world):
    codes = agenda_of(world)
    with world.acting() as w:
        make_conflict(w, proposal_of(w, codes["far"]), "tiina", state=ConflictState.DECLARED)
        make_conflict(w, proposal_of(w, codes["near"]), "ilse", state=ConflictState.LIFTED)
    path = f"/rounds/{codes['round']}/meeting"
    page = world.client("jaan").get(path).text
    assert "Leaves the room:</b> Tiina Tamm" in page
    assert "Ilse" not in page
    lena = world.client("lena").get(path).text
    assert "Tiina" not in lena
    assert "Leaves the room" not in lena


@pytest.mark.abuse(9)
def test_who_has_a_conflict_does_not_see_the_item(world):
    codes = agenda_of(world)
    with world.acting() as w:
        for name in ("jaan", "lena"):
            make_conflict(w, proposal_of(w, codes["far"]), name, state=ConflictState.INFERRED)
    for who in ("jaan", "lena"):
        page = world.client(who).get(f"/rounds/{codes['round']}/meeting").text
        assert ">Near<" in page
        assert ">Far<" not in page
    assert ">Far<" in world.client("kadri").get(f"/rounds/{codes['round']}/meeting").text


@pytest.mark.abuse(4)
def test_nobody_else_finds_the_meeting(world):
    codes = agenda_of(world)
    with world.acting() as w:
        invited = make_juror(w, round_of(w, codes["round"]), "katrin", accepted=False).code
        assert juror_of(w, invited)
    for who in ("mari", "ravi", "eero", "anna", "katrin"):
        for page in ("meeting", "briefing"):
            expected = 200 if (who, page) == ("katrin", "briefing") else 404
            assert world.client(who).get(f"/rounds/{codes['round']}/{page}").status_code == expected, (who, page)


def test_the_minutes_are_kept_by_a_coordinator_and_read_by_the_panel(world):
    codes = panel_of(world)
    path = f"/proposals/{codes['p1']}/minutes"
    jaan = world.client("jaan")
    assert jaan.get(path).status_code == 200
    assert jaan.post(path, data={"version": "0", "text": "The plan was discussed."}).status_code == 303
    late = world.client("kadri").post(path, data={"version": "0", "text": "Nobody spoke."})
    assert late.status_code == 409
    assert "Nobody spoke." in late.text
    assert "The plan was discussed." in late.text
    for who in ("oskar", "olev"):
        assert "The plan was discussed." in world.client(who).get(f"/rounds/{codes['round']}/meeting").text
        assert world.client(who).get(path).status_code == 403
        assert world.client(who).post(path, data={"text": "Mine."}).status_code == 403
    with world.acting() as w:
        assert w.session.exec(select(Minutes.text)).one() == "The plan was discussed."
    with world.acting("olev") as w, pytest.raises(Forbidden):
        actions.save_minutes(w, proposal_of(w, codes["p1"]), FULL, MinutesIn(text="Mine."))


def test_the_agenda_is_empty_before_anything_is_handed_in(world):
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w)
        make_juror(w, round_)
        code = round_.code
    for who in ("lena", "jaan"):
        assert "Nothing is on the agenda" in world.client(who).get(f"/rounds/{code}/meeting").text


def test_the_briefing_says_criteria_scale_thresholds_and_dates(world):
    codes = agenda_of(world)
    page = world.client("lena").get(f"/rounds/{codes['round']}/briefing").text
    for word in ("City need and measurable impact", "The cities need it, the outcome is measured", "30 %",
                 "Excellent: any shortcoming is minor", "16.67 of 25", "Conflicts of interest", "Tallinn",
                 "Wed 15 December 2027, 17:00", "may answer within 7 days"):  # fmt: skip
        assert word in page, word


def test_a_briefing_with_a_scale_of_the_rounds_own(world):
    world.now = JURY
    with world.acting() as w:
        rules = Rules(scale={"maximum": 10, "step": 1}, reaction_days=0)
        code = make_round(w, rules=rules).code
    page = world.client("jaan").get(f"/rounds/{code}/briefing").text
    assert "0 is the lowest mark, 10 the highest" in page
    assert "may answer within" not in page


def test_a_juror_who_steps_aside_is_off_the_agenda_at_once(world):
    codes = agenda_of(world)
    with world.acting("lena", writing=False) as w:
        round_, runs = reports.round_of_meeting(w, codes["round"])
        assert [item.title for item in reports.agenda(w, round_, FULL, runs=runs)] == ["Far", "Near"]
    with world.acting() as w:
        own = next(one for one in jury_reviews(w, codes["far"]) if one.juror_id == juror_of(w, codes["juror"]).id)
        own.state = ReviewState.RECUSED
        jury.push(w, proposal_of(w, codes["far"]))
        assert review_of(w, own.code).state is ReviewState.RECUSED
    with world.acting("lena", writing=False) as w:
        assert [item.title for item in reports.agenda(w, round_of(w, codes["round"]), FULL, runs=False)] == ["Near"]


def jury_reviews(w, code):
    return w.session.exec(select(Review).where(Review.proposal_id == proposal_of(w, code).id)).all()
