import threading

import pytest
from sqlmodel import select

from challenge.jobs import slots, ticker, windows
from challenge.jobs.models import Slot
from challenge.kernel.journal import Step
from challenge.rounds.models import Window
from challenge.rounds.states import WindowName
from tests.factories.rounds import WINDOWS, make_round


def steps(world, *transitions):
    with world.acting(writing=False) as w:
        rows = w.session.exec(select(Step).where(Step.workflow == "round").order_by(Step.id))
        return [step.transition for step in rows if not transitions or step.transition in transitions]


def run(world):
    ticker.plan(world.database, world.clock)
    return ticker.run_due(world.database, world.clock)


def test_a_slot_is_written_once_however_often_it_is_planned(world):
    for _node in range(3):
        with world.acting() as w:
            slots.plan(w, [("a:1", w.now), ("a:2", w.now)])
    with world.acting(writing=False) as w:
        assert sorted(w.session.exec(select(Slot.key))) == ["a:1", "a:2"]


def test_many_nodes_make_one_effect_each(world):
    with world.acting() as w:
        slots.plan(w, [(f"test:{number}", w.now) for number in range(30)])
    done, lock = [], threading.Lock()

    def node():
        while True:
            with world.acting() as w:
                slot = slots.claim(w)
            if slot is None:
                return
            with world.acting() as w:
                slots.finish(w, slot)
            with lock:
                done.append(slot.key)

    threads = [threading.Thread(target=node) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == sorted(f"test:{number}" for number in range(30))


def test_a_node_that_lost_its_lease_makes_no_effect(world):
    with world.acting() as w:
        slots.plan(w, [("test:1", w.now)])
        zombie = slots.claim(w)
    world.move(minutes=6)
    with world.acting() as w:
        taken_over = slots.claim(w)
        slots.finish(w, taken_over)
    with pytest.raises(slots.LostLease), world.acting() as w:
        slots.finish(w, zombie)


def test_a_slot_that_fails_is_tried_five_times(world, monkeypatch):
    def broken(_w, _key):
        raise RuntimeError("broken")

    monkeypatch.setitem(ticker.JOBS, "broken", broken)
    with world.acting() as w:
        slots.plan(w, [("broken:1", w.now)])
    for _turn in range(8):
        ticker.run_due(world.database, world.clock)
        world.move(minutes=6)
    with world.acting(writing=False) as w:
        slot = w.session.exec(select(Slot)).one()
        assert (slot.failures, slot.done_at) == (5, None)
        assert "broken" in slot.error


def test_a_window_is_told_when_it_opens_nears_its_end_and_closes(world):
    opens, closes = WINDOWS[WindowName.INTERESTS]
    with world.acting() as w:
        make_round(w, windows={WindowName.INTERESTS: (opens, closes)})
    told = []
    world.now = opens.replace(day=1, month=1)
    for _day in range(60):
        run(world)
        told += steps(world)[len(told) :]
        world.move(hours=24)
    assert [name for name in told if name.startswith("window")] == [
        windows.OPENS, windows.SOON, windows.LAST_DAY, windows.CLOSED,
    ]  # fmt: skip


def test_two_nodes_and_repeated_ticks_tell_a_window_once(world):
    with world.acting() as w:
        make_round(w)
    world.now = WINDOWS[WindowName.INTERESTS][0]
    for _node in range(4):
        run(world)
    assert steps(world, windows.OPENS) == [windows.OPENS]


def test_a_window_that_was_moved_is_not_told_at_its_old_time(world):
    with world.acting() as w:
        made = make_round(w)
    old = WINDOWS[WindowName.INTERESTS][0]
    world.now = old
    ticker.plan(world.database, world.clock)
    with world.acting() as w:
        row = w.session.exec(
            select(Window).where(Window.round_id == made.id, Window.name == WindowName.INTERESTS)
        ).one()
        row.opens_at = old.replace(day=5)
    ticker.run_due(world.database, world.clock)
    assert windows.OPENS not in steps(world)


def test_after_days_of_standing_still_old_notices_stay_unsaid(world):
    with world.acting() as w:
        make_round(w)
    world.now = WINDOWS[WindowName.CHALLENGES][1].replace(month=2, day=15)
    run(world)
    assert windows.LAST_DAY not in steps(world)
