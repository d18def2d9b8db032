"""After the end: the money is settled, what was asked for is closed, and the pages say that it is an archive."""

from __future__ import annotations

import pytest
from sqlmodel import select

from challenge.kernel.errors import Refused
from challenge.people.models import Organisation
from challenge.pilots import content
from challenge.pilots.actions import fire, fire_report, write_report
from challenge.pilots.models import Report, Tranche
from challenge.pilots.money import ledger
from challenge.pilots.money.actions import fire_tranche
from challenge.pilots.money.asks import Payment
from challenge.pilots.money.ledger import Move
from challenge.pilots.money.models import ChangeRequest
from challenge.pilots.money.states import Account, ChangeState, EntryKind
from challenge.pilots.rules import ENDED
from challenge.pilots.states import PilotState, ReportState, TrancheState
from tests.cast import PLACES
from tests.factories.money import make_change, make_funded
from tests.factories.pilots import make_report
from tests.pilots.ready import ANSWERS, get

S = PilotState
SENTENCE = "This pilot has ended: its records are kept as they are."


def end(world, code, name="jaan"):
    """Really: by the transition."""
    with world.acting(name) as w:
        fire(w, get(w, code), "complete")


@pytest.fixture
def completed(world):
    """A pilot that was completed with a change nobody decided, and a last tranche that waits for a financial report."""
    with world.acting() as w:
        pilot = make_funded(w, S.RUNNING)
        make_change(w, pilot, by="ravi")
        (tranche,) = content.tranches(w, pilot)
        tranche.report_id = make_report(w, pilot, answers=ANSWERS).id
        make_report(w, pilot, answers=ANSWERS)  # one no payment waits for
        code = pilot.code
    end(world, code)
    return code


def test_what_was_asked_and_not_decided_is_refused_when_the_pilot_ends(world, completed):
    with world.acting(writing=False) as w:
        change = w.session.exec(select(ChangeRequest)).one()
        assert (change.state, change.answer) == (ChangeState.REFUSED, "The pilot ended before this was decided.")


def test_the_last_payment_is_made_after_the_end_with_the_report_it_waits_for(world, completed):
    with world.acting("ravi") as w:
        waited, other = (row for row in content.reports(w, get(w, completed)) if row.state is ReportState.DUE)
        write_report(w, waited, ANSWERS)
        fire_report(w, waited, "submit")
        for act in (lambda: write_report(w, other, ANSWERS), lambda: fire_report(w, other, "submit")):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.problem == ENDED
    for name, act in (
        ("jaan", "accept"),
        ("jaan", "put_up"),
        ("jaan", "approve"),
        ("kadri", "approve"),
        ("kadri", "pay"),
    ):
        with world.acting(name) as w:
            if act == "accept":
                fire_report(w, w.session.exec(select(Report).where(Report.state == ReportState.SUBMITTED)).one(), act)
                continue
            given = Payment(paid_on=w.now.date()) if act == "pay" else None
            fire_tranche(w, w.session.exec(select(Tranche)).one(), act, given)
    with world.acting(writing=False) as w:
        assert w.session.exec(select(Tranche)).one().state is TrancheState.PAID


def test_a_partner_who_was_paid_accounts_for_it_after_the_end_and_no_other_begins(world, completed):
    with world.acting() as w:
        pilot = get(w, completed)
        moves = [Move(Account.BANK, -100_000), Move(Account.ADVANCE, 100_000, PLACES["tartu"].id)]
        ledger.book(w, pilot, EntryKind.PAYMENT, moves, subject="T0000000", on=w.now.date())
        tartu, fingal = (w.session.get_one(Organisation, PLACES[name].id).code for name in ("tartu", "fingal"))
    assert world.client("mari").post(f"/pilots/{completed}/claims", data={"partner": tartu}).status_code == 303
    refused = world.client("aoife").post(f"/pilots/{completed}/claims", data={"partner": fingal})
    assert (refused.status_code, SENTENCE in refused.text) == (409, True)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_no_form_is_shown_but_those_of_what_goes_on(world, completed):
    for path in ("log/new", "risks/new", "milestones/new", "outputs/new", "kit", "results", "edit", "changes/dates"):
        name = "ravi" if path == "changes/dates" else "jaan"
        refused = world.client(name).get(f"/pilots/{completed}/{path}")
        assert (refused.status_code, SENTENCE in refused.text) == (409, True), path
    assert world.client("jaan").post(f"/pilots/{completed}/log/new", data={"noted": ""}).status_code == 409
    for name, path in (("jaan", "reuses/new"), ("katrin", "interest")):
        assert world.client(name).get(f"/pilots/{completed}/{path}").status_code == 200, path
        assert world.client(name).post(f"/pilots/{completed}/{path}", data={}).status_code == 422, path


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_the_page_says_that_it_is_an_archive_and_offers_nothing_to_write(world, completed):
    for name in ("ravi", "jaan"):
        page = world.client(name).get(f"/pilots/{completed}").text
        assert SENTENCE in page, name
        assert "/edit" not in page, name
        for path, offer in (("log", "Note a meeting"), ("risks", "Note one"), ("plan", "/milestones/new"),
                            ("outputs", "/outputs/new"), ("changes", "/changes/dates")):  # fmt: skip
            text = world.client(name).get(f"/pilots/{completed}/{path}").text
            assert offer not in text, (name, path)
