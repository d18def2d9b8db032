"""Who knows of what. Every negative test holds a proposal that could leak, with a canary in it."""

from __future__ import annotations

import pytest

from challenge.kernel.errors import Forbidden, Missing
from challenge.people.models import Membership
from challenge.people.states import Seat
from challenge.proposals import actions, queries
from challenge.proposals.states import ProposalState as S
from tests.cast import PEOPLE, PLACES
from tests.factories.proposals import code_of, get, proposal_in, walk


def readers(world, code):
    found = set()
    for name in (*PEOPLE, "nobody"):
        with world.acting(name) as w:
            try:
                queries.visible(w, code)
            except Missing:
                continue
            found.add(name)
    return found


@pytest.mark.parametrize("state", [S.DRAFT, S.SUBMITTED, S.IN_JURY, S.SELECTED, S.DECLINED, S.LAPSED])
def test_team_cities_and_the_programme_read_and_nobody_else(world, state):
    code = proposal_in(world, state)

    assert readers(world, code) == {"ravi", "mari", "peeter", "sofia", "jaan", "kadri", "olev"}


def test_the_city_of_the_challenge_reads_only_what_was_handed_in(world):
    code = proposal_in(world, S.DRAFT)
    with world.acting("ravi") as w:
        actions.remove_city(w, get(w, code), code_of(w, "tartu"))
    with world.acting() as w:
        w.add(Membership(person_id=PEOPLE["katrin"].id, organisation_id=PLACES["tartu"].id, seat=Seat.MEMBER))
    assert readers(world, code) & {"mari", "peeter", "katrin"} == set()

    walk(world, code, "submit")
    assert readers(world, code) & {"mari", "peeter", "katrin"} == {"mari", "peeter"}
    walk(world, code, "recall")
    assert readers(world, code) & {"mari", "peeter", "katrin"} == set()


def test_a_conflict_of_interest_hides_it_whatever_the_role(world):
    code = proposal_in(world, S.IN_REVIEW)
    with world.acting() as w:
        actions.exclude(w, get(w, code), PEOPLE["jaan"].id)
        actions.exclude(w, get(w, code), PEOPLE["jaan"].id)

    with world.acting("jaan") as w, pytest.raises(Missing):
        queries.visible(w, code)
    with world.acting("jaan") as w:
        assert queries.listed(w).rows == []
        with pytest.raises(Forbidden):
            actions.fire(w, get(w, code), "invite")
    with world.acting("kadri") as w:
        assert queries.visible(w, code).code == code
    with world.acting() as w:
        actions.readmit(w, get(w, code), PEOPLE["jaan"].id)
    with world.acting("jaan") as w:
        assert queries.visible(w, code).code == code


def test_only_announced_proposals_whose_team_agreed_are_published(world):
    kept = {}
    for state in (S.DRAFT, S.IN_JURY, S.RESERVE, S.SELECTED, S.PILOTED):
        kept[state] = proposal_in(world, state)
    quiet = proposal_in(world, S.SELECTED)
    with world.acting() as w:
        get(w, quiet).publish = False

    with world.acting("nobody") as w:
        told = {row.code for row in queries.all_published(w).rows}
        assert told == {kept[S.SELECTED], kept[S.PILOTED]}
        for code in (*(kept[state] for state in (S.DRAFT, S.IN_JURY, S.RESERVE)), quiet):
            with pytest.raises(Missing):
                queries.published(w, code)


def test_lists_hold_what_one_may_read(world):
    code = proposal_in(world, S.SUBMITTED)

    def codes(name, query):
        with world.acting(name) as w:
            return [row.code for row in query(w).rows]

    assert codes("ravi", queries.mine) == [code]
    assert codes("mari", queries.of_my_cities) == [code]
    assert codes("jaan", queries.listed) == [code]
    for name in ("eero", "tiina", "lena", "anna", "nobody"):
        assert codes(name, queries.listed) == []
        assert codes(name, queries.mine) == []


def test_lists_go_on_after_the_last_row_of_a_page(world):
    for title in ("A water", "C water", "B water"):
        proposal_in(world, S.DRAFT, title=title)

    with world.acting("jaan") as w:
        first = queries.listed(w, size=2)
        second = queries.listed(w, size=2, following=first.following)
        assert [row.title for row in (*first.rows, *second.rows)] == ["A water", "B water", "C water"]
        assert second.following is None
        assert [row.title for row in queries.listed(w, text="c WAT").rows] == ["C water"]
        assert [row.title for row in queries.listed(w, state=S.SUBMITTED).rows] == []
        assert [city.name for city in first.rows[0].cities] == ["Tartu", "Helsinki"]
