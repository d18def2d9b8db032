"""Random lives of pilots: whatever people try in whatever order, alone or two at once, the invariants hold.

Most of what is tried is refused. After each act: every entry of the ledger adds up to nothing, no more is paid than was
awarded, each payment was approved by two, the cities meet the rule where they must, and the journal verifies.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from challenge.kernel import journal
from challenge.kernel.approval import Approval
from challenge.kernel.errors import Refusal
from challenge.pilots import actions as pilots
from challenge.pilots import content
from challenge.pilots.asks import Points, Reason, Suspension
from challenge.pilots.models import Pilot
from challenge.pilots.money import actions, ledger, queries
from challenge.pilots.money.asks import Payment
from challenge.pilots.money.changes import columns_of
from challenge.pilots.money.models import LedgerEntry
from challenge.pilots.money.schemas import MoneyIn
from challenge.pilots.money.states import Account, ChangeKind, EntryKind
from challenge.pilots.money.workflow import CHANGE, CLAIM, TRANCHE
from challenge.pilots.states import PAIRED, PilotState, TrancheState
from challenge.pilots.workflow import PILOT, REPORT
from challenge.rounds.states import CityRole
from tests.factories.money import make_claim, make_funded
from tests.factories.pilots import BUDGET, make_report, make_tranche
from tests.pilots.ready import ANSWERS, city, get
from tests.world import NOW

WHO = ("jaan", "kadri", "jaan", "kadri", "mari", "aoife", "ravi", "niamh")
NUMBERS = st.integers(0, 5)


def at(rows, number):
    """One of the rows; Refusal-free skip when there is none."""
    return rows[number % len(rows)] if rows else None


def given_for(w, workflow, name):
    asked = {
        "pay": Payment(paid_on=NOW.date()), "hold_back": Reason(reason="x"), "refuse": Reason(reason="x"),
        "terminate": Reason(reason="x"), "send_back": Points(points="x"),
        "suspend": Suspension(reason="x", cure_until=w.now + timedelta(days=9)),
    }  # fmt: skip
    return asked.get(name) if any(row.name == name and row.asks for row in workflow.rows) else None


def fires(workflow, rows_of, fire):
    """An act that fires one of the workflow's transitions on one of the pilot's records."""

    def act(w, pilot, number, other):
        record = at(rows_of(w, pilot), number)
        if record is not None:
            offered = [row.name for row in workflow.rows_from(record) if row.offered] or [workflow.names[0]]
            name = at(offered, other)
            fire(w, record, name, given_for(w, workflow, name))

    return act


def leave(w, pilot, number, _other):
    pilots.leave(w, pilot, city(w, at(["tartu", "fingal", "dlr", "helsinki"], number)), "x")


def replace(w, pilot, number, other):
    places = ["tartu", "fingal", "dlr", "helsinki", "tallinn", "narva"]
    pilots.replace_member(w, pilot, city(w, at(places, number)), city(w, at(places, other + 1)))


def join(w, pilot, number, _other):
    pilots.add_member(w, pilot, city(w, at(["helsinki", "tallinn", "fingal"], number)), CityRole.PILOT)


def ask_money(w, pilot, number, other):
    lines = list(ledger.lines(w, pilot))
    codes = {key: row.code for key, row in queries.partners(w, pilot).items()}
    (whose, category), (target, kind) = at(lines, number), at(lines, other)
    draft = MoneyIn(source=f"{codes[whose]}:{category}", target=f"{codes[target]}:{kind}",
                    cents=1 + 9_000_000 * number, reason="x")  # fmt: skip
    actions.ask_change(w, pilot, ChangeKind.MONEY, columns_of(w, pilot, draft))


ACTS = {
    "tranche": fires(TRANCHE, content.tranches, actions.fire_tranche),
    "payment": fires(TRANCHE, lambda w, pilot: content.tranches(w, pilot)[:1], actions.fire_tranche),
    "report": fires(REPORT, content.reports, pilots.fire_report),
    "claim": fires(CLAIM, queries.claims, actions.fire_claim),
    "change": fires(CHANGE, queries.changes, actions.fire_change),
    "pilot": fires(PILOT, lambda _w, pilot: [pilot], pilots.fire),
    "leave": leave, "replace": replace, "join": join, "ask money": ask_money,
}  # fmt: skip
STEP = st.tuples(
    st.sampled_from([*ACTS, "claim", "tranche", "payment", "payment"]), st.sampled_from(WHO), NUMBERS, NUMBERS
)
LIVES = st.lists(st.tuples(STEP, st.none() | STEP), min_size=4, max_size=12)


def begin(world) -> str:
    """A pilot that runs: two tranches, one resting on a report that is due; a claim with its receipt."""
    with world.acting() as w:
        pilot = make_funded(w)
        report = make_report(w, pilot, answers=ANSWERS)
        for row in content.tranches(w, pilot):
            w.session.delete(row)
        make_tranche(w, pilot, label="Advance", cents=BUDGET // 2)
        make_tranche(w, pilot, label="Rest", cents=BUDGET // 2 + 1, report_id=report.id)
        make_claim(w, pilot)
        return pilot.code


def tries(world, code, step, done):
    """One act of one person; a refusal is as good as the act."""
    name, who, number, other = step
    try:
        with world.acting(who) as w:
            ACTS[name](w, get(w, code), number, other)
    except Refusal:
        done["refused"] += 1
    else:
        done[name] += 1


def holds(world, code):
    with world.acting(writing=False) as w:
        pilot: Pilot = get(w, code)
        assert list(queries.faults(w)) == []
        if pilot.state in PAIRED or (pilot.state is PilotState.SUSPENDED and pilot.cure_until is None):
            assert content.paired(pilot, content.counted(content.members(w, pilot))) is None
        tranches = content.tranches(w, pilot)
        paid = sum(-row.cents if row.recovers_from_id else row.cents for row in tranches
                   if row.state is TrancheState.PAID)  # fmt: skip
        assert -ledger.on(w, pilot, Account.BANK) == paid <= BUDGET
        assert all(cents >= 0 for cents in ledger.lines(w, pilot).values())
        entries = select(LedgerEntry.subject_code).where(
            LedgerEntry.pilot_id == pilot.id, LedgerEntry.kind == EntryKind.PAYMENT
        )
        for subject in w.session.exec(entries).all():
            keys = select(Approval).where(Approval.subject_code == subject, Approval.approved_by.is_not(None))
            assert any(key.approved_by != key.asked_by for key in w.session.exec(keys))


@settings(max_examples=8, deadline=None, derandomize=True, phases=[Phase.generate],
          suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])  # fmt: skip
@given(lives=LIVES)
def play(world, done, lives):
    code = begin(world)
    for first, second in lives:
        both = [first] if second is None else [first, second]
        threads = [threading.Thread(target=tries, args=(world, code, step, done)) for step in both]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        holds(world, code)


def test_no_life_breaks_what_must_hold(world):
    done: Counter[str] = Counter()
    play(world, done)

    with world.acting(writing=False) as w:
        assert list(journal.faults(w.session)) == []
    assert done["refused"] > 0
    assert sum(done.values()) - done["refused"] > 20, done
