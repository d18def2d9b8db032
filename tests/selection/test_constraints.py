"""The database keeps the promises by itself, on both engines."""

from __future__ import annotations

import contextlib
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from challenge.kernel.constraints import problem_of
from challenge.kernel.triggers import existing
from challenge.kernel.work import open_work
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.selection.holds import TRIGGERS
from challenge.selection.models import Outcome
from challenge.selection.states import AppealState, OutcomeState, Verdict
from tests.cast import PEOPLE
from tests.factories.rounds import make_round
from tests.factories.selection import make_appeal, make_candidate, make_outcome, make_release

JAAN, KADRI, ANNA, RAVI = (PEOPLE[name].id for name in ("jaan", "kadri", "anna", "ravi"))


@contextlib.contextmanager
def refused(code: str | None = None):
    """The database refuses; ``code`` is that of the reason people read."""
    with pytest.raises(IntegrityError) as caught:
        yield
    if code is not None:
        problem = problem_of(caught.value)
        assert problem is not None
        assert problem.code == code


@pytest.mark.parametrize(
    "fields",
    [
        {"verdict": Verdict.DECLINE, "amount_cents": 5},
        {"verdict": Verdict.FUND, "amount_cents": None},
        {"verdict": Verdict.FUND, "amount_cents": 0},
        {"verdict": Verdict.RESERVE, "reserve_rank": None},
        {"verdict": Verdict.RESERVE, "reserve_rank": 0},
        {"verdict": Verdict.FUND, "accept_by": None},
        {"reasons": ""},
        {"revision_number": 0},
        {"approved_by": KADRI},
        {"state": OutcomeState.APPROVED, "approved_by": None, "approved_at": None},
        {"state": OutcomeState.ANNOUNCED, "published_at": None},
        {"state": OutcomeState.SUPERSEDED, "superseded_at": None},
        {"state": OutcomeState.APPROVED, "accepted_by": RAVI},
    ],
    ids=str,
)
def test_an_impossible_outcome_is_refused(world, fields):
    with refused(), world.acting() as w:
        proposal = make_candidate(w, make_round(w))
        values = {"amount_cents": 1, **fields} if fields.get("verdict") is Verdict.FUND else fields
        outcome = make_outcome(w, proposal, **values)
        for name, value in fields.items():
            setattr(outcome, name, value)
        w.session.flush()


@pytest.mark.abuse(34)
def test_who_proposed_cannot_approve(world):
    with refused("second_person"), world.acting() as w:
        make_outcome(w, make_candidate(w, make_round(w)), state=OutcomeState.APPROVED, approved_by=JAAN)


def test_who_asked_cannot_announce(world):
    with refused("second_person"), world.acting() as w:
        make_release(w, make_round(w), approved_by=JAAN)


def test_a_proposal_has_one_outcome_in_preparation_and_one_that_stands(world):
    with world.acting() as w:
        proposal = make_candidate(w, make_round(w))
        make_outcome(w, proposal, verdict=Verdict.RESERVE, state=OutcomeState.ANNOUNCED)
        make_outcome(w, proposal)
    for state in (OutcomeState.PROPOSED, OutcomeState.ANNOUNCED):
        with refused("outcome_pending"), world.acting() as w:
            make_outcome(w, w.session.get_one(Proposal, proposal.id), verdict=Verdict.DECLINE, state=state)


def test_a_place_on_the_reserve_list_is_given_once(world):
    with refused("reserve_rank_taken"), world.acting() as w:
        round_ = make_round(w)
        for title in ("Warm streets", "Root radar"):
            make_outcome(w, make_candidate(w, round_, title=title), verdict=Verdict.RESERVE, reserve_rank=1)


def test_content_of_an_outcome_is_never_rewritten(world):
    with world.acting() as w:
        outcome = make_outcome(w, make_candidate(w, make_round(w)), conditions=("The council agrees.",))
    for statement in (
        "UPDATE outcome SET amount_cents = 1", "UPDATE outcome SET reasons = 'other'", "DELETE FROM outcome_condition",
        "UPDATE outcome_condition SET text = 'other'", "UPDATE outcome SET revision_hash = 'x'",
    ):  # fmt: skip
        with refused("outcome_fixed"), world.acting() as w:
            w.session.connection().execute(text(statement))
    with world.acting() as w:
        w.session.connection().execute(
            text("UPDATE outcome SET state = 'superseded', superseded_at = :at"), {"at": "2027-01-10 09:00:00+00:00"}
        )
    with refused("outcome_fixed"), world.acting() as w:
        w.session.connection().execute(text("UPDATE outcome SET state = 'proposed', superseded_at = NULL"))
    with world.acting() as w:
        assert w.session.get_one(Outcome, outcome.id).state is OutcomeState.SUPERSEDED


def test_awards_stay_within_the_budget(world):
    with world.acting() as w:
        round_ = make_round(w, budget_cents=150)
        first = make_candidate(w, round_)
        second = make_candidate(w, round_, title="Root radar")
        make_outcome(w, first, amount_cents=100, state=OutcomeState.APPROVED)
        outcome = make_outcome(w, second, amount_cents=60)  # proposing binds nothing
    with refused("over_budget"), world.acting() as w:
        found = w.session.get_one(Outcome, outcome.id)
        found.approved_by, found.approved_at, found.state = KADRI, w.now, OutcomeState.APPROVED
        w.session.flush()
    with refused("over_budget"), world.acting() as w:
        w.session.get_one(Round, round_.id).budget_cents = 99
        w.session.flush()
    with world.acting() as w:  # whoever leaves gives the money back
        w.session.get_one(Proposal, first.id).state = ProposalState.WITHDRAWN
        w.session.flush()
        found = w.session.get_one(Outcome, outcome.id)
        found.approved_by, found.approved_at, found.state = KADRI, w.now, OutcomeState.APPROVED
    with refused("over_budget"), world.acting() as w:  # and cannot come back to it
        w.session.get_one(Proposal, first.id).state = ProposalState.IN_JURY
        w.session.flush()


def test_a_round_without_a_known_budget_has_no_bound(world):
    with world.acting() as w:
        make_outcome(w, make_candidate(w, make_round(w, budget_cents=None)), state=OutcomeState.APPROVED)


def test_two_approvals_at_once_cannot_overspend(world):
    """Both read a budget with room for one; the round's row lock lets the second see the first."""
    with world.acting() as w:
        round_ = make_round(w, budget_cents=150)
        outcomes = [
            make_outcome(w, make_candidate(w, round_, title=title), amount_cents=100).id
            for title in ("Warm streets", "Root radar")
        ]
    both_ready = threading.Barrier(2, timeout=10)
    refusals: list[str] = []

    def approve(outcome_id: int) -> None:
        try:
            with open_work(world.database, world.now, world.actor("kadri")) as w:
                if not world.database.is_sqlite:
                    w.session.exec(select(Round.budget_cents).where(Round.id == round_.id)).one()
                    both_ready.wait()
                found = w.session.get_one(Outcome, outcome_id)
                found.approved_by, found.approved_at, found.state = KADRI, w.now, OutcomeState.APPROVED
        except IntegrityError as error:
            refusals.append(problem_of(error).code)

    threads = [threading.Thread(target=approve, args=(outcome_id,)) for outcome_id in outcomes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert refusals == ["over_budget"]
    with world.acting() as w:
        states = sorted(w.session.exec(select(Outcome.state)).all())
    assert states == [OutcomeState.APPROVED, OutcomeState.PROPOSED]


@pytest.mark.parametrize("handler", [JAAN, KADRI, RAVI])
def test_who_decided_or_filed_cannot_handle_the_appeal(world, handler):
    with refused("handler_took_part"), world.acting() as w:
        proposal = make_candidate(w, make_round(w), state=ProposalState.DECLINED)
        outcome = make_outcome(w, proposal, verdict=Verdict.DECLINE, state=OutcomeState.ANNOUNCED)
        make_appeal(w, proposal, handler=handler, outcome_id=outcome.id, decided_by=JAAN, decided_with=KADRI)


def test_an_appeal_cannot_name_other_deciders_than_its_outcome(world):
    with refused(), world.acting() as w:
        proposal = make_candidate(w, make_round(w), state=ProposalState.DECLINED)
        outcome = make_outcome(w, proposal, verdict=Verdict.DECLINE, state=OutcomeState.ANNOUNCED)
        make_appeal(w, proposal, handler=JAAN, outcome_id=outcome.id, decided_by=ANNA, decided_with=KADRI)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": AppealState.HEARD},
        {"state": AppealState.UPHELD, "handler": ANNA, "result": ""},
        {"state": AppealState.FILED, "result": "Too early."},
        {"grounds": ""},
        {"proposal_id": None},
    ],
    ids=str,
)
def test_an_impossible_appeal_is_refused(world, fields):
    with refused(), world.acting() as w:
        make_appeal(w, make_candidate(w, make_round(w), state=ProposalState.DECLINED), **fields)


def test_a_second_open_appeal_is_refused(world):
    with refused("appeal_open"), world.acting() as w:
        proposal = make_candidate(w, make_round(w), state=ProposalState.DECLINED)
        make_appeal(w, proposal)
        make_appeal(w, proposal)


def test_every_trigger_is_there(world):
    with world.acting() as w:
        connection = w.session.connection()
        there = existing(connection)
    wanted = {trigger.name for trigger in TRIGGERS if getattr(trigger, connection.dialect.name)}
    assert wanted <= there
