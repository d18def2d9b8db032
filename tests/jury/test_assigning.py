"""Assigning, the panel, and what a round must be for it."""

import pytest
from sqlmodel import select

from challenge.jury import actions, queries
from challenge.jury.models import Juror
from challenge.jury.rules import load_of
from challenge.jury.schemas import Acceptance, Expertise, JurorInvite, JurorPlace, NoReason, PanelOrder
from challenge.jury.states import TERMS, Place, ReviewState
from challenge.kernel.errors import Forbidden, Invalid, Refused
from challenge.people.models import Membership, Role
from challenge.people.states import Seat
from challenge.proposals.states import ProposalState
from challenge.rounds.states import Gate
from tests.cast import PEOPLE, PLACES
from tests.factories.jury import (
    FULL,
    JURY,
    juror_of,
    jury_of,
    make_conflict,
    make_judged,
    make_submitted,
    proposal_of,
    review_of,
    round_of,
)
from tests.factories.rounds import make_round

INVITE = JurorInvite(name="Noa Nurm", email="noa@example.org", load_max=4)
YES = Acceptance(contract=True, confidentiality=True)


def test_an_assigned_juror_is_asked_first(world):
    codes = jury_of(world, "lena", state=None)
    with world.acting("jaan") as w:
        review = actions.assign(w, proposal_of(w, codes["p1"]), juror_of(w, codes["juror_lena"]), FULL)
        assert review.state is ReviewState.ASSIGNED
        assert load_of(w, juror_of(w, codes["juror_lena"]), FULL) == 1


@pytest.mark.parametrize(
    "why", ["conflict", "inferred", "load", "assigned", "not_on_panel", "not_judged_now", "no_jury"]
)
def test_an_assignment_is_refused_with_its_reason(world, why):
    codes = jury_of(world, "lena", proposals=2, state=None)
    gate = Gate.IDEA if why == "no_jury" else FULL
    with world.acting() as w:
        proposal, juror = proposal_of(w, codes["p1"]), juror_of(w, codes["juror_lena"])
        if why == "conflict":
            make_conflict(w, proposal)
        elif why == "inferred":
            w.add(Membership(person_id=PEOPLE["lena"].id, organisation_id=PLACES["tartu"].id, seat=Seat.MEMBER))
        elif why == "load":
            juror.load_max = 1
            make_submitted(w, proposal_of(w, codes["p2"]), juror)
        elif why == "assigned":
            make_submitted(w, proposal, juror)
        elif why == "not_on_panel":
            juror.left_at = w.now
        elif why == "not_judged_now":
            proposal.state = ProposalState.FINALIST
    with world.acting("jaan") as w:
        with pytest.raises(Refused) as refused:
            actions.assign(w, proposal_of(w, codes["p1"]), juror_of(w, codes["juror_lena"]), gate)
        assert refused.value.problem.code == ("conflict" if why == "inferred" else why)


def test_only_coordinators_assign(world):
    codes = jury_of(world, "lena", state=None)
    for who in ("lena", "ravi", "mari", "olev", "anna"):
        with world.acting(who) as w, pytest.raises(Forbidden):
            actions.assign(w, proposal_of(w, codes["p1"]), juror_of(w, codes["juror_lena"]), FULL)


def test_assigning_many_does_what_may_be_and_says_why_not_of_the_rest(world):
    codes = jury_of(world, "lena", "oskar", proposals=2, state=None)
    with world.acting() as w:
        w.add(Membership(person_id=PEOPLE["oskar"].id, organisation_id=PLACES["taltech"].id, seat=Seat.MEMBER))
    pairs = [(codes[p], codes[f"juror_{name}"]) for p in ("p1", "p2") for name in ("lena", "oskar")]
    with world.acting("jaan") as w:
        found = actions.assign_all(w, round_of(w, codes["round"]), FULL, pairs)
        assert found.done == 2
        assert sorted((title, name, problem.code) for title, name, problem in found.refused) == [
            ("Proposal 1", "Oskar Olsen", "conflict"), ("Proposal 2", "Oskar Olsen", "conflict"),
        ]  # fmt: skip
    with world.acting("jaan", writing=False) as w:
        assert len(queries.live(w, round_of(w, codes["round"]).id)) == 2
        board = queries.board(w, round_of(w, codes["round"]), FULL)
        assert [row.needs for row in board.rows] == [2, 2]


def test_a_released_juror_can_be_asked_again(world):
    codes = jury_of(world, "lena")
    with world.acting("jaan") as w:
        actions.fire(w, review_of(w, codes["lena1"]), "release", NoReason())
        assert review_of(w, codes["lena1"]).state is ReviewState.RELEASED
    with world.acting("jaan") as w:
        actions.assign(w, proposal_of(w, codes["p1"]), juror_of(w, codes["juror_lena"]), FULL)
        assert review_of(w, codes["lena1"]).state is ReviewState.ASSIGNED


# The panel


def test_an_invited_juror_accepts_both_texts_before_anything_opens(world):
    world.now = JURY
    with world.acting() as w:
        code = make_round(w).code
    with world.acting("jaan") as w:
        juror = actions.invite_juror(w, round_of(w, code), JurorInvite(name="Eero Eskola", email="eero@example.org"))
        assert juror.place is Place.INVITED
        held = w.session.exec(
            select(Role.name).where(Role.person_id == PEOPLE["eero"].id, Role.round_id == juror.round_id)
        )
        assert held.all() == ["juror"]
        juror_code = juror.code
    with world.acting("lena") as w, pytest.raises(Forbidden):
        actions.accept_invitation(w, juror_of(w, juror_code), YES)
    with world.acting("eero") as w:
        actions.accept_invitation(w, juror_of(w, juror_code), YES)
        assert (juror_of(w, juror_code).place, juror_of(w, juror_code).terms) == (Place.ACCEPTED, TERMS)
        with pytest.raises(Refused):
            actions.decline_invitation(w, juror_of(w, juror_code), NoReason())


def test_who_declined_can_be_asked_again_and_who_is_there_cannot(world):
    codes = jury_of(world, "lena")
    with world.acting("jaan") as w:
        round_ = round_of(w, codes["round"])
        noa = actions.invite_juror(w, round_, INVITE)
        with pytest.raises(Refused, match="on_panel"):
            actions.invite_juror(w, round_, INVITE)
        noa.declined_at = w.now
        assert actions.invite_juror(w, round_, INVITE) is noa
        assert noa.place is Place.INVITED
        assert len(w.session.exec(select(Juror).where(Juror.round_id == round_.id)).all()) == 2


def test_who_runs_or_observes_the_round_does_not_judge_in_it(world):
    codes = jury_of(world)
    for who in ("kadri", "olev"):
        invite = JurorInvite(name=PEOPLE[who].name, email=PEOPLE[who].email)
        with world.acting("jaan") as w, pytest.raises(Refused, match="runs_the_round"):
            actions.invite_juror(w, round_of(w, codes["round"]), invite)


def test_leaving_the_panel_releases_what_is_open_and_keeps_what_is_submitted(world):
    codes = jury_of(world, "lena", proposals=2)
    with world.acting() as w:
        third = make_judged(w, round_of(w, codes["round"]))
        make_submitted(w, third, juror_of(w, codes["juror_lena"]))
        codes["p3"] = third.code
    with world.acting("jaan") as w:
        assert actions.take_off(w, juror_of(w, codes["juror_lena"]), NoReason(reason="Ill.")) == 2
    with world.acting() as w:
        assert {review_of(w, codes[key]).state for key in ("lena1", "lena2")} == {ReviewState.RELEASED}
        assert proposal_of(w, codes["p3"]).reviews_eligible == 1
    with world.acting("lena", writing=False) as w:
        assert queries.queue(w).items == ()


def test_expertise_is_the_jurors_word_and_the_load_the_coordinators(world):
    codes = jury_of(world, "lena")
    with world.acting("lena") as w:
        actions.set_expertise(w, juror_of(w, codes["juror_lena"]), Expertise(themes=["data"], expertise="Sensors"))
        with pytest.raises(Invalid):
            actions.set_expertise(w, juror_of(w, codes["juror_lena"]), Expertise(themes=["astrology"]))
        with pytest.raises(Forbidden):
            actions.set_place(w, juror_of(w, codes["juror_lena"]), JurorPlace(load_max=1))
    with world.acting("jaan") as w:
        actions.set_place(w, juror_of(w, codes["juror_lena"]), JurorPlace(themes=["data"], load_min=2, load_max=6))
        assert juror_of(w, codes["juror_lena"]).load_max == 6


# Equals


def test_the_panel_orders_equals_and_nobody_else(world):
    codes = jury_of(world, "lena", "oskar", "ilse", proposals=3, state=None)
    with world.acting() as w:
        for p, mark in (("p1", 40), ("p2", 40), ("p3", 45)):
            for name in ("lena", "oskar", "ilse"):
                make_submitted(w, proposal_of(w, codes[p]), juror_of(w, codes[f"juror_{name}"]), mark)
    with world.acting("jaan") as w:
        round_ = round_of(w, codes["round"])
        for wrong in ([codes["p1"], codes["p3"]], [codes["p1"], codes["p1"]]):
            with pytest.raises(Invalid):
                actions.settle_tie(w, round_, FULL, PanelOrder(order=wrong, reason="We like it."))
        actions.settle_tie(w, round_, FULL, PanelOrder(order=[codes["p2"], codes["p1"]], reason="More cities follow."))
        found = queries.ranking(w, round_, FULL)
        assert [(row.code, row.standing.place) for row in found.rows] == [
            (codes["p3"], 1), (codes["p2"], 2), (codes["p1"], 3),
        ]  # fmt: skip
    with world.acting("olev") as w, pytest.raises(Forbidden):
        actions.settle_tie(w, round_of(w, codes["round"]), FULL, PanelOrder(order=["A", "B"], reason="So."))
