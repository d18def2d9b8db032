"""Money is refused in clear words, on the page and in the API; two people, once, never above the award."""

from __future__ import annotations

import threading
from datetime import date

import pytest
from sqlmodel import select

from challenge.kernel import journal
from challenge.kernel.errors import Refusal
from challenge.pilots.models import Pilot, Tranche
from challenge.pilots.money import actions, ledger, queries
from challenge.pilots.money.asks import Payment
from challenge.pilots.money.models import LedgerEntry
from challenge.pilots.money.states import Account, EntryKind
from challenge.pilots.states import PilotState, TrancheState
from tests.cast import PLACES
from tests.factories.money import make_funded
from tests.factories.pilots import BUDGET, make_milestone, make_report, make_tranche

S = TrancheState
PAYMENT = {"paid_on": "2027-01-09", "reference": "2027/17"}


def tranche(world, state: TrancheState, *, pilot_state: PilotState = PilotState.RUNNING, **fields) -> str:
    with world.acting() as w:
        pilot = make_funded(w, pilot_state)
        if fields.pop("report", False):
            fields["report_id"] = make_report(w, pilot).id
        if fields.pop("milestone", False):
            fields["milestone_id"] = make_milestone(w, pilot, title="Nets hang").id
        return make_tranche(w, pilot, state=state, **({"cents": 5_000_000} | fields)).code


def state_of(world, code: str) -> TrancheState:
    with world.acting(writing=False) as w:
        return w.session.exec(select(Tranche.state).where(Tranche.code == code)).one()


REFUSED = {
    "paying without an accepted report": (S.APPROVED, "pay", {"report": True}, "report_not_accepted",
                                          "Nothing is paid before this report is accepted: Interim report"),
    "approving without an accepted report": (S.DUE, "approve", {"report": True}, "report_not_accepted",
                                             "Nothing is paid before this report is accepted"),
    "a milestone that is not done": (S.PLANNED, "put_up", {"milestone": True}, "milestone_not_done", "“Nets hang”"),
    "above the budget": (S.APPROVED, "pay", {"cents": BUDGET + 1}, "above_budget",
                         "€1,200,000.01 is more than is left of the award: €1,200,000 of €1,200,000."),
    "a pilot that stands still": (S.APPROVED, "pay", {"pilot_state": PilotState.SUSPENDED}, "pilot_does_not_run",
                                  "The pilot is “Suspended”"),
}  # fmt: skip


@pytest.mark.parametrize("why", REFUSED)
def test_money_is_refused_and_it_is_said_why(world, why):
    state, act, fields, code, words = REFUSED[why]
    record = tranche(world, state, **fields)
    jaan = world.client("jaan")

    page = jaan.get(f"/tranches/{record}").text
    form = jaan.post(f"/tranches/{record}/transitions/{act}", data=PAYMENT)
    api = jaan.post(f"/api/v1/tranches/{record}/transitions/{act}", json=PAYMENT)

    assert words in page
    assert (form.status_code, words in form.text) == (409, True)
    assert (api.status_code, api.json()["code"]) == (409, code)
    assert words in api.json()["title"]
    assert state_of(world, record) is state


def test_nobody_approves_what_they_proposed_themselves(world):
    record = tranche(world, S.DUE)
    jaan, kadri = world.client("jaan"), world.client("kadri")
    asked = jaan.post(f"/tranches/{record}/transitions/approve")
    assert asked.status_code == 303
    assert "You asked for this. A second person must approve it." in jaan.get(f"/tranches/{record}").text

    form = jaan.post(f"/tranches/{record}/transitions/approve")
    api = jaan.post(f"/api/v1/tranches/{record}/transitions/approve")

    assert (form.status_code, "A second person must approve it" in form.text) == (409, True)
    assert (api.status_code, api.json()["code"]) == (409, "second_person")
    assert "Approve: Approve the payment" in kadri.get(f"/tranches/{record}").text
    assert kadri.post(f"/api/v1/tranches/{record}/transitions/approve").json()["state"] == "approved"


def test_a_tranche_is_put_up_approved_by_two_paid_and_booked(world):
    record = tranche(world, S.PLANNED)
    jaan, kadri = world.client("jaan"), world.client("kadri")
    path = f"/tranches/{record}/transitions"

    assert jaan.post(f"{path}/put_up").status_code == 303
    assert jaan.post(f"{path}/approve").status_code == 303
    assert kadri.post(f"{path}/approve").status_code == 303
    later = jaan.post(f"{path}/pay", data={"paid_on": "2027-01-11"})
    assert (later.status_code, "This day is still to come" in later.text) == (422, True)
    assert jaan.post(f"{path}/pay", data=PAYMENT).status_code == 303

    page = jaan.get(f"/tranches/{record}").text
    assert "Payment approved by two" in page
    assert "2027/17" in page
    with world.acting(writing=False) as w:
        entry = w.session.exec(select(LedgerEntry).where(LedgerEntry.kind == EntryKind.PAYMENT)).one()
        assert (entry.subject_code, entry.booked_on) == (record, date(2027, 1, 9))


def test_paying_twice_is_refused(world):
    record = tranche(world, S.APPROVED)
    jaan = world.client("jaan")
    assert jaan.post(f"/api/v1/tranches/{record}/transitions/pay", json=PAYMENT).status_code == 200

    form = jaan.post(f"/tranches/{record}/transitions/pay", data=PAYMENT)
    api = jaan.post(f"/api/v1/tranches/{record}/transitions/pay", json=PAYMENT)

    assert (form.status_code, "the state is “Paid”" in form.text) == (409, True)
    assert (api.status_code, api.json()["code"]) == (409, "wrong_state")


def test_two_who_pay_at_once_pay_once(world):
    record = tranche(world, S.APPROVED)
    gate, answers = threading.Barrier(2), []

    def pay(name: str) -> None:
        gate.wait()
        try:
            with world.acting(name) as w:
                actions.fire_tranche(w, queries.tranche(w, record), "pay", Payment(paid_on=date(2027, 1, 9)))
        except Refusal as refusal:
            answers.append(refusal.problem.code)
        else:
            answers.append("paid")

    threads = [threading.Thread(target=pay, args=(name,)) for name in ("jaan", "kadri")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) in (["paid", "stale"], ["paid", "wrong_state"])
    with world.acting(writing=False) as w:
        pilot = w.session.exec(select(Pilot).join(Tranche).where(Tranche.code == record)).one()
        assert -ledger.on(w, pilot, Account.BANK) == 5_000_000
        assert list(journal.faults(w.session)) == []


def test_two_that_fit_alone_are_not_both_paid_when_together_they_exceed_the_award(world):
    with world.acting() as w:
        pilot = make_funded(w)
        both = [make_tranche(w, pilot, state=S.APPROVED, cents=BUDGET - 1).code for _number in range(2)]
    jaan = world.client("jaan")

    first, second = (jaan.post(f"/api/v1/tranches/{code}/transitions/pay", json=PAYMENT) for code in both)

    assert (first.status_code, second.status_code, second.json()["code"]) == (200, 409, "above_budget")


def test_strangers_find_no_tranche_and_cities_no_button(world):
    record = tranche(world, S.DUE)
    assert [world.client(who).get(f"/tranches/{record}").status_code for who in ("katrin", "lena")] == [404, 404]
    for who in ("mari", "ravi", "olev"):
        assert world.client(who).get(f"/tranches/{record}").status_code == 200
        assert world.client(who).post(f"/api/v1/tranches/{record}/transitions/approve").status_code == 403


def test_the_plan_says_what_a_tranche_rests_on_and_whom_it_goes_to(world):
    with world.acting() as w:
        pilot = make_funded(w, PilotState.AGREED)
        code, nets = pilot.code, make_milestone(w, pilot, title="Nets hang").code
        tartu = queries.partners(w, pilot)[PLACES["tartu"].id].code
    asked = {"label": "Second", "cents": "5000", "due_on": "2027-06-01", "milestone": nets, "payee": tartu}
    jaan = world.client("jaan")

    assert jaan.post(f"/pilots/{code}/tranches/new", data=asked).status_code == 303
    wrong = jaan.post(f"/api/v1/pilots/{code}/tranches", json=asked | {"payee": "ZZZZZZZZ"})

    assert (wrong.status_code, "payee" in wrong.json()["errors"]) == (422, True)
    assert "Nets hang" in jaan.get(f"/pilots/{code}/plan").text
    assert "Tartu" in jaan.get(f"/pilots/{code}/money").text
