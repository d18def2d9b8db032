"""The figure of a round: where proposals have gone, from where they stand."""

import itertools

import pytest

from challenge.home.flow import edges, handed_in, line, tone_of, way_to
from challenge.home.nav import MOST, nav
from challenge.kernel.actor import NOBODY, Actor
from challenge.people.states import RoleName
from challenge.proposals.states import ENDS, ProposalState
from challenge.rounds.states import Gate

S = ProposalState
SETS = [
    frozenset(gates) for size in (1, 2, 3) for gates in itertools.combinations(Gate, size)
]  # the seven ways a round may be set up


@pytest.mark.parametrize("gates", SETS, ids=lambda gates: "-".join(sorted(gates)))
def test_every_state_has_a_way_without_a_circle(gates):
    for state in S:
        for came_from in [None, *S]:
            way = way_to(state, came_from, gates)
            assert len(way) == len(set(way))
            assert not way or way[-1] is state


@pytest.mark.parametrize("gates", SETS, ids=lambda gates: "-".join(sorted(gates)))
def test_the_flow_never_turns_back(gates):
    piles = [(state, came_from, 1) for state in S for came_from in [None, *S]]
    graph = {}
    for edge in edges(piles, gates):
        graph.setdefault(edge.source, set()).add(edge.target)
    reached, waiting = set(), [(line(gates)[0], ())]
    while waiting:
        here, before = waiting.pop()
        assert here not in before
        reached.add(here)
        waiting += [(there, (*before, here)) for there in graph.get(here, ())]
    assert reached == set(graph) | {target for targets in graph.values() for target in targets}


def test_what_goes_in_comes_out_or_stays():
    piles = [
        (S.SUBMITTED, None, 4), (S.DECLINED, S.IN_REVIEW, 3), (S.CO_DEVELOPMENT, None, 2), (S.SELECTED, None, 1),
        (S.WITHDRAWN, S.FINALIST, 1), (S.DRAFT, None, 9), (S.LAPSED, S.DRAFT, 5),
    ]  # fmt: skip
    flow = {(edge.source, edge.target): edge.count for edge in edges(piles, frozenset(Gate))}
    assert handed_in(piles, frozenset(Gate)) == 11
    assert flow == {
        (S.SUBMITTED, S.IN_REVIEW): 7, (S.IN_REVIEW, S.CO_DEVELOPMENT): 4, (S.IN_REVIEW, S.DECLINED): 3,
        (S.CO_DEVELOPMENT, S.SHORTLISTING): 2, (S.SHORTLISTING, S.FINALIST): 2, (S.FINALIST, S.IN_JURY): 1,
        (S.FINALIST, S.WITHDRAWN): 1, (S.IN_JURY, S.SELECTED): 1,
    }  # fmt: skip


def test_a_gate_that_is_off_is_not_passed():
    flow = edges([(S.IN_JURY, None, 2)], {Gate.IDEA})
    assert [(edge.source, edge.target) for edge in flow] == [(S.SUBMITTED, S.IN_REVIEW), (S.IN_REVIEW, S.IN_JURY)]


def test_an_end_that_nobody_knows_the_way_to_is_left_out():
    assert edges([(end, None, 3) for end in ENDS - {S.PILOTED}], frozenset(Gate)) == []


def test_figures_know_every_tone():
    tones = {"sea", "clay", "moss", "sun", "plum", "rose", "edge"}
    assert {tone_of(state) for state in S} <= tones


def nouns(actor, path="/"):
    return [item.text for item in nav(actor, path)]


def person(*roles, seats=()):
    return Actor("person", 1, roles=frozenset((role, None) for role in roles), seats=frozenset(seats))


def test_the_header_offers_what_a_person_needs():
    assert nouns(NOBODY) == ["Challenges", "Pilots", "Rounds", "Help"]
    assert nouns(person(seats=[(1, "lead")])) == ["Home", "Challenges", "Proposals", "Pilots", "Help"]
    assert nouns(person(RoleName.JUROR)) == ["Home", "Reviews", "Challenges", "Pilots", "Help"]
    assert nouns(person(RoleName.COORDINATOR)) == ["Home", "Challenges", "Proposals", "Pilots", "Journal"]
    assert nouns(person(RoleName.ADMINISTRATOR)) == ["Home", "People", "Organisations", "Journal", "Challenges"]


def test_the_header_holds_five_nouns_at_most_each_once():
    for roles in itertools.chain.from_iterable(itertools.combinations(RoleName, size) for size in range(5)):
        for seats in ([], [(1, "lead")]):
            items = nav(person(*roles, seats=seats), "/home")
            assert len(items) <= MOST
            assert len({item.href for item in items}) == len({item.text for item in items}) == len(items)


@pytest.mark.parametrize(("path", "active"), [("/pilots/X", "Pilots"), ("/pilots", "Pilots"), ("/pilotsx", None)])
def test_the_noun_one_is_under_is_marked(path, active):
    assert [item.text for item in nav(NOBODY, path) if item.active] == ([active] if active else [])
