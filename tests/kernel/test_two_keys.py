"""Two keys in the table: what counts as the first one, and until when; rows of one variant only."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from challenge.kernel import approval
from challenge.kernel.errors import Refused
from challenge.kernel.i18n import _
from challenge.kernel.journal import Step, StepText
from challenge.kernel.workflow import Label, Transition, Workflow
from tests.kernel.test_workflow import Door, Thing, Why, anybody, coordinators

LOCKED = (Door.LOCKED,)
SAFE = Workflow(
    "safe", Door.OPEN, frozenset({Door.BURNT}),
    {state: Label(_("x"), _("x")) for state in Door},
    (
        Transition("unlock", LOCKED, Door.CLOSED, anybody, _("Unlock")),
        Transition("drill", LOCKED, Door.OPEN, coordinators, _("Drill"), keys=2),
        Transition("burn", LOCKED, Door.BURNT, coordinators, _("Burn"), asks=Why, keys=2),
    ),
)  # fmt: skip


def asked(world, thing, name="burn", who="jaan", workflow=SAFE):
    with world.acting(who) as w:
        return workflow.fire(w, thing, name, Why(reason="cold"))


def offers(world, thing, who):
    with world.acting(who, writing=False) as w:
        return {offer.row.name: offer for offer in SAFE.offers(w, thing)}


def test_the_first_key_shows_beside_rows_of_one_key(world):
    thing = Thing(Door.LOCKED)
    assert {name: offer.asked for name, offer in offers(world, thing, "jaan").items()} == dict.fromkeys(SAFE.names)
    assert not asked(world, thing).done

    mine, hers = offers(world, thing, "jaan"), offers(world, thing, "kadri")

    assert mine["burn"].problem.code == "second_person"
    assert (hers["burn"].problem, hers["burn"].asked.asked_by) == (None, 11)
    assert [mine[name].problem for name in ("unlock", "drill")] == [None, None]
    assert [hers[name].asked for name in ("unlock", "drill")] == [None, None]


def test_a_key_is_for_one_record_one_step_and_one_workflow(world):
    thing, other = Thing(Door.LOCKED), Thing(Door.LOCKED, code="D00R0002")
    asked(world, thing)
    twin = Workflow("twin", SAFE.initial, SAFE.ends, SAFE.labels, SAFE.rows)

    assert not asked(world, other, who="kadri").done
    assert not asked(world, thing, "drill", who="kadri").done
    assert not asked(world, thing, who="kadri", workflow=twin).done
    assert asked(world, thing, who="kadri").done


def test_a_key_that_was_used_or_dropped_opens_nothing_again(world):
    thing = Thing(Door.LOCKED)
    asked(world, thing)
    assert asked(world, thing, who="kadri").done
    thing.state = Door.LOCKED
    assert not asked(world, thing, who="kadri").done
    with world.acting() as w:
        approval.open_for(w, SAFE.name, thing.code)["burn"].dropped_at = w.now
    assert not asked(world, thing).done


@pytest.mark.parametrize(("late", "done"), [(-1, True), (0, False)])
def test_a_key_holds_until_fourteen_days_are_over_to_the_second(world, late, done):
    thing = Thing(Door.LOCKED)
    asked(world, thing)
    world.now += timedelta(days=14, seconds=late)

    assert asked(world, thing, who="kadri").done is done


def test_only_a_person_turns_a_key_and_the_journal_says_who(world):
    with world.acting() as w, pytest.raises(ValueError, match="only a person"):
        approval.ask(w, SAFE.name, Thing(Door.LOCKED), "burn", {})
    asked(world, Thing(Door.LOCKED))
    with world.acting() as w:
        assert w.session.exec(select(Step.transition, Step.actor_id)).all() == [("ask_burn", 11)]


def test_a_row_of_one_variant_is_neither_offered_nor_fired_in_another(world):
    rows = (
        Transition("close", (Door.OPEN,), Door.CLOSED, anybody, _("Close"), when=lambda jammed: not jammed),
        Transition("bolt", (Door.OPEN,), Door.LOCKED, anybody, _("Bolt"), when=lambda jammed: jammed),
    )
    gate = Workflow("gate", Door.OPEN, frozenset({Door.BURNT}), SAFE.labels, rows, lambda thing: thing.jammed)

    with world.acting("mari") as w:
        assert [offer.row.name for offer in gate.offers(w, Thing())] == ["close"]
        assert [offer.row.name for offer in gate.offers(w, Thing(jammed=True))] == ["bolt"]
        with pytest.raises(Refused, match="wrong_state"):
            gate.fire(w, Thing(), "bolt")


def test_what_a_step_does_not_ask_for_is_not_kept(world):
    with world.acting("mari") as w:
        SAFE.fire(w, Thing(Door.LOCKED), "unlock", Why(reason="typed into another form"))
    with world.acting() as w:
        assert w.session.exec(select(Step.transition)).all() == ["unlock"]
        assert "another form" not in str(w.session.exec(select(StepText.given)).all())
