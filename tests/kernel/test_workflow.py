from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import pytest
from pydantic import BaseModel
from sqlmodel import select

from challenge.kernel import workflow as engine
from challenge.kernel.approval import Approval
from challenge.kernel.errors import Forbidden, Invalid, Missing, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.journal import Step, StepText
from challenge.kernel.workflow import Label, Transition, Workflow


class Door(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    LOCKED = "locked"
    BURNT = "burnt"


class Why(BaseModel):
    reason: str


@dataclass
class Thing:
    state: Door = Door.OPEN
    code: str = "D00R0001"
    version: int = 1
    jammed: bool = False
    round_code: str | None = None


def anybody(w, thing):
    return None


def coordinators(w, thing):
    return None if w.actor.holds_anywhere("coordinator") else Problem("who", _("Only coordinators."))


def not_jammed(w, thing):
    return Problem("jammed", _("The door is jammed.")) if thing.jammed else None


def unjam(w, thing, given):
    thing.jammed = False


T = Transition
DOOR = Workflow(
    "door", Door.OPEN, frozenset({Door.BURNT}),
    {state: Label(_("x"), _("x")) for state in Door},
    (
        T("close", (Door.OPEN,), Door.CLOSED, anybody, _("Close"), guards=(not_jammed,)),
        T("open", (Door.CLOSED,), Door.OPEN, anybody, _("Open"), asks=Why),
        T("lock", (Door.CLOSED,), Door.LOCKED, coordinators, _("Lock")),
        T("burn", (Door.LOCKED,), Door.BURNT, coordinators, _("Burn"), asks=Why, keys=2, effects=(unjam,)),
        T("bolt", (Door.OPEN,), Door.LOCKED, anybody, _("Bolt"), guards=(not_jammed,), fresh=True),
        T("swing", (Door.CLOSED,), Door.OPEN, anybody, _("Swing"), offered=False, guards=(not_jammed,)),
    ),
)  # fmt: skip


def offered(w, thing):
    return {offer.row.name: offer.problem for offer in DOOR.offers(w, thing)}


def test_offers_carry_their_reason(world):
    with world.acting("mari") as w:
        assert offered(w, Thing(jammed=True))["close"].code == "jammed"
        assert offered(w, Thing())["close"] is None


def test_a_row_of_others_is_not_offered(world):
    with world.acting("mari") as w:
        assert "lock" not in offered(w, Thing(Door.CLOSED))
    with world.acting("jaan") as w:
        assert "lock" in offered(w, Thing(Door.CLOSED))


def test_fire_moves_and_journals(world):
    thing = Thing()
    with world.acting("mari") as w:
        DOOR.fire(w, thing, "close")
        DOOR.fire(w, thing, "open", Why(reason="fresh air"))
    with world.acting() as w:
        steps = w.session.exec(select(Step).where(Step.workflow == "door").order_by(Step.id)).all()
        assert [(s.transition, s.old_state, s.new_state) for s in steps] == [
            ("close", "open", "closed"), ("open", "closed", "open"),
        ]  # fmt: skip
        assert w.session.exec(select(StepText.given).where(StepText.step_id == steps[1].id)).one() == {
            "reason": "fresh air"
        }


@pytest.mark.parametrize(
    ("name", "thing", "person", "expected"),
    [
        ("fly", Thing(), "mari", Missing),
        ("swing", Thing(Door.CLOSED), "mari", Missing),
        ("close", Thing(Door.CLOSED), "mari", Refused),
        ("close", Thing(jammed=True), "mari", Refused),
        ("lock", Thing(Door.CLOSED), "mari", Forbidden),
        ("open", Thing(Door.CLOSED), "mari", Invalid),
    ],
)
def test_fire_refuses(world, name, thing, person, expected):
    before = thing.state
    with world.acting(person) as w, pytest.raises(expected):
        DOOR.fire(w, thing, name)
    assert thing.state == before
    with world.acting() as w:
        assert w.session.exec(select(Step).where(Step.workflow == "door")).all() == []


def test_cause_fires_what_no_button_offers_and_keeps_the_guards(world):
    thing = Thing(Door.CLOSED, jammed=True)
    with world.acting("mari") as w:
        with pytest.raises(Refused):
            DOOR.cause(w, thing, "swing")
        thing.jammed = False
        assert DOOR.cause(w, thing, "swing").done
    assert thing.state == Door.OPEN


def test_two_keys_need_two_people(world):
    thing = Thing(Door.LOCKED)
    with world.acting("jaan") as w:
        assert DOOR.fire(w, thing, "burn", Why(reason="cold")).done is False
    assert thing.state == Door.LOCKED
    with world.acting("jaan") as w:
        assert offered(w, thing)["burn"].code == "second_person"
        with pytest.raises(Refused):
            DOOR.fire(w, thing, "burn", Why(reason="cold"))
    with world.acting("kadri") as w:
        assert offered(w, thing)["burn"] is None
        assert DOOR.fire(w, thing, "burn").done
    assert thing.state == Door.BURNT
    with world.acting() as w:
        approval = w.session.exec(select(Approval)).one()
        assert (approval.asked_by, approval.approved_by, approval.given) == (11, 12, {"reason": "cold"})


def test_a_key_turned_for_an_older_version_does_not_count(world):
    thing = Thing(Door.LOCKED)
    with world.acting("jaan") as w:
        DOOR.fire(w, thing, "burn", Why(reason="cold"))
    thing.version = 2
    with world.acting("kadri") as w:
        assert DOOR.fire(w, thing, "burn", Why(reason="colder")).done is False
    assert thing.state == Door.LOCKED


def test_a_key_expires(world):
    thing = Thing(Door.LOCKED)
    with world.acting("jaan") as w:
        DOOR.fire(w, thing, "burn", Why(reason="cold"))
    world.move(days=15)
    with world.acting("kadri") as w:
        assert DOOR.fire(w, thing, "burn", Why(reason="cold")).done is False


def test_a_request_that_no_longer_holds_gives_way_to_a_new_one(world):
    thing = Thing(Door.LOCKED)
    for person, version in (("jaan", 1), ("kadri", 2)):
        thing.version = version
        with world.acting(person) as w:
            assert not DOOR.fire(w, thing, "burn", Why(reason="cold")).done
    with world.acting() as w:
        rows = w.session.exec(select(Approval).order_by(Approval.id)).all()
        assert [(row.subject_version, row.dropped_at is None) for row in rows] == [(1, False), (2, True)]


def test_the_database_refuses_one_person_with_two_keys(world):
    from sqlalchemy.exc import IntegrityError  # noqa: PLC0415

    with pytest.raises(IntegrityError, match="two_people"), world.acting("jaan") as w:
        w.add(
            Approval(
                workflow="door", subject_code="D00R0001", transition="burn", subject_version=1, asked_by=11,
                asked_at=w.now, expires_at=w.now, approved_by=11, approved_at=w.now,
            )
        )  # fmt: skip


def test_a_row_that_needs_a_fresh_proof_says_so_last_and_holds_it(world):
    with world.acting("mari") as w:
        w.now += timedelta(minutes=15, seconds=1)
        assert offered(w, Thing(jammed=True))["bolt"].code == "jammed"
        assert offered(w, Thing())["bolt"].code == "confirm_first"
        for go in (DOOR.fire, DOOR.cause):
            thing = Thing()
            with pytest.raises(Forbidden):
                go(w, thing, "bolt")
            assert thing.state == Door.OPEN
    with world.acting("mari") as w:
        w.now += timedelta(minutes=15)
        assert DOOR.fire(w, Thing(), "bolt").done


def test_the_system_needs_no_proof(world):
    with world.acting() as w:
        assert DOOR.cause(w, Thing(), "bolt").done


def test_faults_are_found():
    assert engine.faults(DOOR) == []
    dead = Workflow("dead", Door.OPEN, frozenset({Door.BURNT}), DOOR.labels, DOOR.rows[:3])
    assert any("can never end" in fault for fault in engine.faults(dead))
    twice = Workflow("twice", Door.OPEN, frozenset({Door.BURNT}), DOOR.labels, (*DOOR.rows, DOOR.rows[0]))
    assert any("two rows close" in fault for fault in engine.faults(twice))


def test_the_diagram_names_every_row():
    text = DOOR.mermaid()
    assert all(f": {row.name}" in text for row in DOOR.rows)


def table(*rows, ends=(Door.BURNT,), states=tuple(Door)):
    labels = {state: Label(_("Door"), _("Door")) for state in states}
    made = tuple(Transition(name, source, target, anybody, _("Go")) for name, source, target in rows)
    return Workflow("door", Door.OPEN, frozenset(ends), labels, made)


WHOLE = (
    ("close", (Door.OPEN,), Door.CLOSED),
    ("lock", (Door.CLOSED,), Door.LOCKED),
    ("burn", (Door.LOCKED,), Door.BURNT),
)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ((), []),
        ((("close", (Door.OPEN,), Door.LOCKED),), ["None: two rows close from open"]),
        ((("rise", (Door.BURNT,), Door.OPEN),), ["None: rise leaves an end"]),
        ((("reinstate", (Door.BURNT,), Door.OPEN),), []),
        ((("promote", (Door.BURNT,), Door.LOCKED),), []),
    ],
)
def test_faults_of_a_table_are_named(more, fault):
    assert engine.faults(table(*WHOLE, *more)) == fault


def test_states_that_lead_nowhere_are_faults():
    assert engine.faults(table(*WHOLE[:2])) == [
        "None: closed can never end",
        "None: locked can never end",
        "None: open can never end",
        "burnt is never reached",
    ]
    assert engine.faults(table(*WHOLE[1:])) == ["None: open can never end", "closed is never reached"]


def test_what_is_not_reached_is_not_said_to_have_no_end():
    found = engine.faults(table(("burn", (Door.OPEN,), Door.BURNT), ("lock", (Door.CLOSED,), Door.LOCKED)))

    assert found == ["closed is never reached"]
