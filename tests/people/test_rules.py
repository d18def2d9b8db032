from types import SimpleNamespace

import pytest

from challenge.kernel.actor import SYSTEM, Actor
from challenge.people import rules
from challenge.people.states import RoleName
from tests.factories.rounds import make_round


def work(actor):
    return SimpleNamespace(actor=actor)


def holding(*roles, seats=()):
    return Actor(kind="person", id=7, roles=frozenset(roles), seats=frozenset(seats))


OF_ONE = SimpleNamespace(round_id=1, code="A", id=50)
OF_TWO = SimpleNamespace(round_id=2, code="B", id=51)
OF_NONE = SimpleNamespace(code="C", id=52)


@pytest.mark.parametrize(
    ("rule", "role"),
    [(rules.is_coordinator, "coordinator"), (rules.is_observer, "observer"), (rules.is_juror, "juror")],
)
def test_role_counts_in_its_round(rule, role):
    one, every = work(holding((role, 1))), work(holding((role, None)))

    assert rule(one, OF_ONE) is None
    assert rule(one, OF_TWO).code == "may_not"
    assert rule(one, OF_NONE).code == "may_not"
    assert [rule(every, record) for record in (OF_ONE, OF_TWO, OF_NONE)] == [None] * 3
    assert rule(work(holding(("administrator", None))), OF_ONE).code == "may_not"


def test_round_stands_for_itself(world):
    with world.acting() as w:
        one, two = make_round(w, title="One"), make_round(w, title="Two")

    actor = work(holding(("coordinator", one.id)))

    assert rules.is_coordinator(actor, one) is None
    assert rules.is_coordinator(actor, two) is not None


def test_record_that_lost_its_round_asks_for_all_rounds():
    assert rules.is_coordinator(work(holding(("coordinator", 1))), SimpleNamespace(round_id=None)) is not None


def test_what_is_no_record_asks_for_all_rounds():
    assert rules.is_coordinator(work(holding(("coordinator", 1))), None).code == "may_not"
    assert rules.is_coordinator(work(holding(("coordinator", None))), None) is None


def test_system_passes_only_as_itself():
    system = work(SYSTEM)

    assert rules.is_system(system, OF_ONE) is None
    assert rules.is_coordinator(system, OF_ONE) is not None
    assert rules.is_administrator(system, OF_ONE) is not None
    assert rules.is_system(work(holding(("coordinator", None))), OF_ONE) is not None


def test_any_of_says_what_the_first_says():
    rule = rules.any_of(rules.is_coordinator, rules.is_system)

    assert rule(work(SYSTEM), OF_ONE) is None
    assert rule(work(holding(("coordinator", 1))), OF_ONE) is None
    assert rule(work(holding()), OF_ONE) == rules.is_coordinator(work(holding()), OF_ONE)
    assert rule.__name__ == "is_coordinator_or_is_system"


def test_all_of_says_what_is_missing_first():
    rule = rules.all_of(rules.is_signed_in, rules.is_coordinator)

    assert rule(work(holding(("coordinator", 1))), OF_ONE) is None
    assert rule(work(Actor()), OF_ONE) == rules.is_signed_in(work(Actor()), OF_ONE)
    assert rule(work(holding()), OF_ONE) == rules.is_coordinator(work(holding()), OF_ONE)


@pytest.mark.parametrize(
    ("seat", "who"), [("lead", {"leads", "represents", "belongs_to"}), ("deputy", {"represents", "belongs_to"}),
                      ("member", {"belongs_to"}), (None, set())],
)  # fmt: skip
def test_seats_count_in_their_organisation(seat, who):
    tartu = SimpleNamespace(id=1, name="Tartu")
    actor = work(holding(seats=[(1, seat)] if seat else [(2, "lead")]))

    passed = {rule.__name__ for rule in (rules.leads, rules.represents, rules.belongs_to) if rule(actor, tartu) is None}

    assert passed == who


def test_role_words_and_enum_agree():
    assert rules.is_coordinator(work(holding((RoleName.COORDINATOR.value, None))), OF_ONE) is None
