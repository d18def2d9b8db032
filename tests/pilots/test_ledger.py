"""The ledger: what the database itself refuses, what is booked by which act, and how it is settled at an early end."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from challenge.kernel.errors import Refused
from challenge.kernel.money import converted, split
from challenge.pilots import actions as pilots
from challenge.pilots import content
from challenge.pilots.models import Tranche
from challenge.pilots.money import actions, ledger, queries
from challenge.pilots.money.asks import Payment
from challenge.pilots.money.ledger import Move
from challenge.pilots.money.models import LedgerEntry, Posting
from challenge.pilots.money.states import Account, ClaimState, EntryKind
from challenge.pilots.states import PilotState, TrancheState
from challenge.proposals.states import BudgetCategory
from tests.cast import PLACES
from tests.factories.money import make_claim, make_funded, make_lines
from tests.factories.pilots import BUDGET, make_tranche
from tests.pilots.ready import PAID_ON as DAY
from tests.pilots.ready import end_early, get, make_ready, pay

A = Account
TALTECH, TARTU = PLACES["taltech"].id, PLACES["tartu"].id


# What must not be written: by what the database says, an entry that would.
WRONG = {
    "ledger_unbalanced": (EntryKind.PAYMENT, [Move(A.BANK, -5), Move(A.ADVANCE, 4, TALTECH)]),
    "ledger_above_award": (EntryKind.PAYMENT, [Move(A.BANK, -BUDGET - 1), Move(A.ADVANCE, BUDGET + 1, TALTECH)]),
    "ledger_line_overdrawn": (
        EntryKind.CLAIM,
        [Move(A.ADVANCE, -40_000_001, TARTU), Move(A.COST, 40_000_001, TARTU, BudgetCategory.EQUIPMENT)],
    ),
}


@pytest.mark.parametrize("phrase", WRONG)
def test_the_database_refuses_what_does_not_add_up(world, phrase):
    with world.acting() as w:
        code = make_funded(w).code

    kind, moves = WRONG[phrase]
    fair = [Move(m.account, (1 if m.cents > 0 else -1) * 4, m.organisation_id, m.category) for m in moves]
    with pytest.raises(IntegrityError, match=phrase), world.acting() as w:
        ledger.book(w, get(w, code), kind, moves, subject="00000000", on=DAY)
    with world.acting() as w:  # the same in order
        ledger.book(w, get(w, code), kind, fair, subject="00000000", on=DAY)


def test_an_entry_is_closed_has_postings_and_is_booked_once(world):
    with world.acting() as w:
        code = make_funded(w).code
        entry = w.session.exec(select(LedgerEntry)).one().code

    def add_later(w):
        w.add(Posting(entry_code=entry, account=A.BANK, cents=-5))
        w.add(Posting(entry_code=entry, account=A.AWARDED, cents=5))

    def no_entry(w):
        w.add(Posting(entry_code="00000000", account=A.BANK, cents=-5))

    def empty(w):
        ledger.book(w, get(w, code), EntryKind.PAYMENT, [], subject="00000000", on=DAY)

    def twice(w):
        moves = [Move(A.BANK, -1), Move(A.ADVANCE, 1, TALTECH)]
        for _time in range(2):
            ledger.book(w, get(w, code), EntryKind.PAYMENT, moves, subject="00000000", on=DAY)

    for attempt in (add_later, no_entry, empty, twice):
        with pytest.raises(IntegrityError), world.acting() as w:
            attempt(w)
    with world.acting(writing=False) as w:
        assert len(w.session.exec(select(LedgerEntry)).all()) == 1


@pytest.mark.parametrize("table", ["ledger_entry", "posting"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_nothing_written_changes_any_more(world, table, act):
    with world.acting() as w:
        make_funded(w)
    with pytest.raises(IntegrityError, match=f"{table} is append-only"), world.acting() as w:
        w.session.connection().execute(text(act.format(table)))


# What is booked


def test_agreeing_books_the_award_on_the_lines_of_the_proposal(world):
    with world.acting() as w:
        pilot = make_ready(w, PilotState.PREPARING)
        make_lines(w, pilot)
        code = pilot.code
    with world.acting("jaan") as w:
        pilots.fire(w, get(w, code), "agree")
    with world.acting(writing=False) as w:
        pilot = get(w, code)
        assert ledger.on(w, pilot, A.AWARDED) == -BUDGET
        assert ledger.lines(w, pilot)[TARTU, BudgetCategory.EQUIPMENT] == 40_000_000
        assert sum(ledger.lines(w, pilot).values()) == BUDGET


def test_lines_follow_an_award_that_is_not_what_was_asked(world):
    with world.acting() as w:
        pilot = make_ready(w, PilotState.AGREED)
        make_lines(w, pilot)
        pilot.budget_cents = 100_000_001
        assert sorted(ledger.drafted(w, pilot).values()) == [16_666_667, 33_333_334, 50_000_000]
        bare = make_ready(w, PilotState.AGREED)
        assert ledger.drafted(w, bare) == {(TALTECH, BudgetCategory.OTHER): BUDGET}


def test_odd_cents_are_shared_and_halves_go_to_the_even_cent():
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(0, [5, 5]) == [0, 0]
    assert [converted(minor, Decimal(2)) for minor in (1, 3, 5, 7)] == [0, 2, 2, 4]
    assert converted(123_456, Decimal("11.2345")) == 10_989


def test_payments_and_claims_are_booked_by_partner(world):
    with world.acting() as w:
        pilot = make_funded(w)
        code, claim = pilot.code, make_claim(w, pilot, state=ClaimState.SUBMITTED).code
    pay(world, code, cents=5_000_000, payee_id=TARTU)
    with world.acting("jaan") as w:
        actions.fire_claim(w, queries.claim(w, claim), "accept")

    with world.acting("mari", writing=False) as w:
        pilot = get(w, code)
        tartu = next(row for row in queries.burn(w, pilot) if row.total.name == "Tartu").total
        assert (tartu.planned, tartu.paid, tartu.waiting, tartu.accepted) == (40_000_000, 5_000_000, 0, 123_450)
        assert ledger.balances(w, pilot)[A.ADVANCE, TARTU, None] == 4_876_550
        assert list(queries.faults(w)) == []
    page = world.client("mari").get(f"/pilots/{code}/money").text
    assert "€48,765.50" not in page  # what is to be accounted for is no column
    assert "€1,234.50" in page


def test_a_pilot_that_ends_early_frees_what_is_left_and_asks_back_what_is_not_accounted_for(world):
    with world.acting() as w:
        pilot = make_funded(w)
        code, claim = pilot.code, make_claim(w, pilot, state=ClaimState.SUBMITTED).code
    pay(world, code, cents=5_000_000, payee_id=TARTU)
    pay(world, code, cents=10_000_000)
    end_early(world, code)

    def owed(w) -> dict[int, tuple[TrancheState, int]]:
        rows = content.tranches(w, get(w, code))
        return {row.recovers_from_id: (row.state, row.cents) for row in rows if row.recovers_from_id}

    with world.acting() as w:
        pilot = get(w, code)
        assert owed(w) == {TARTU: (TrancheState.PLANNED, 5_000_000), TALTECH: (TrancheState.PLANNED, 10_000_000)}
        assert -ledger.on(w, pilot, A.AWARDED) == sum(ledger.lines(w, pilot).values()) == 15_000_000
    with world.acting("jaan") as w:  # what was spent before the end is still accepted: less comes back
        actions.fire_claim(w, queries.claim(w, claim), "accept")
        assert owed(w)[TARTU] == (TrancheState.PLANNED, 4_876_550)
        back = next(row.code for row in content.tranches(w, get(w, code)) if row.recovers_from_id == TARTU)
        actions.fire_tranche(w, queries.tranche(w, back), "put_up")
    for name in ("jaan", "kadri"):
        with world.acting(name) as w:
            actions.fire_tranche(w, queries.tranche(w, back), "approve")
    with world.acting("kadri") as w:
        actions.fire_tranche(w, queries.tranche(w, back), "pay", Payment(paid_on=DAY))
        assert (A.ADVANCE, TARTU, None) not in {k for k, v in ledger.balances(w, get(w, code)).items() if v}
        assert list(queries.faults(w)) == []


def test_nothing_accounted_for_is_asked_back(world):
    with world.acting() as w:
        pilot = make_funded(w, PilotState.TERMINATED)
        code = make_tranche(w, pilot, cents=1, recovers_from_id=TARTU).code
    with world.acting("jaan") as w, pytest.raises(Refused) as refused:
        actions.fire_tranche(w, queries.tranche(w, code), "put_up")
    assert refused.value.problem.code == "not_owed"
    with world.acting(writing=False) as w:
        assert w.session.exec(select(Tranche.state).where(Tranche.code == code)).one() is TrancheState.PLANNED
