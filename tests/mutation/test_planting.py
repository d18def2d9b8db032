import pytest

from tests.mutation.active import ACTIVE, NONE
from tests.mutation.planting import SWITCH, planted

RULE = '''
def may(age: int, friends: int) -> str | None:
    """Words stay."""
    if not friends and age < 18:
        return "too young"
    log(age)
    return None
'''


@pytest.fixture
def module():
    made, told = [], []
    names = {SWITCH: ACTIVE, "log": told.append}
    exec(compile(planted(RULE, "a rule", made), "rule", "exec"), names)  # noqa: S102 -- the planted rule
    yield names["may"], made, told
    ACTIVE.now = NONE


def test_without_a_fault_nothing_differs(module):
    may, _made, told = module
    assert (may(17, 0), may(18, 0), may(3, 1), told) == ("too young", None, None, [18, 3])


@pytest.mark.parametrize(
    ("what", "age", "friends", "answer"),
    [
        ("Lt → LtE", 18, 0, "too young"),
        ("and ↔ or", 17, 1, "too young"),
        ("without operand 1", 17, 1, "too young"),
        ("without operand 2", 40, 0, "too young"),
        ("not dropped", 17, 0, None),
        ("gives None", 17, 0, None),
        ("18 → 19", 18, 0, "too young"),
    ],
)
def test_each_fault_is_wrong_where_it_should_be(module, what, age, friends, answer):
    may, made, _told = module
    right = may(age, friends)
    ACTIVE.now = next(fault.number for fault in made if fault.what == what)
    assert may(age, friends) == answer != right


def test_a_call_for_its_effect_can_be_forgotten(module):
    may, made, told = module
    ACTIVE.now = next(fault.number for fault in made if fault.what == "call left out")
    may(50, 1)
    assert told == []


def test_places_that_are_reached_are_noted(module):
    may, made, _told = module
    with ACTIVE.noting() as reached:
        may(3, 1)
    assert {made[number].what for number in reached} >= {"not dropped", "call left out"}
    assert not {made[number].what for number in reached} & {"Lt → LtE", "gives None"}
