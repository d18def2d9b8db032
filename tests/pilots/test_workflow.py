"""The table of a pilot: buttons and firing agree, who may what, each guard, and what moves along."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import select

from challenge.kernel import journal
from challenge.kernel.errors import Forbidden, Invalid, Refused
from challenge.kernel.workflow import faults
from challenge.notifications.actions import tell
from challenge.notifications.models import Message
from challenge.pilots import actions
from challenge.pilots.asks import Points, Reason, Suspension
from challenge.pilots.models import Indicator, Milestone, Report, Tranche
from challenge.pilots.money.workflow import TRANCHE
from challenge.pilots.states import PilotState, ReportState, TrancheState
from challenge.pilots.workflow import PILOT, REPORT
from challenge.proposals.models import Exclusion, Proposal
from challenge.proposals.states import ProposalState
from tests.cast import PEOPLE
from tests.factories.pilots import make_indicator, make_pilot, make_tranche
from tests.pilots.ready import get, make_ready

S = PilotState
WHO = ("jaan", "mari", "ravi", "olev", "nobody", "system")
MATRIX = Path(__file__).parent / "matrix.txt"


def given(world, name: str):
    asked = {
        "suspend": Suspension(reason="The pump broke.", cure_until=world.now + timedelta(days=30)),
        "terminate": Reason(reason="It does not work."),
        "send_back": Points(points="The numbers of June are missing."),
    }
    return asked.get(name)


@pytest.mark.parametrize("workflow", [PILOT, REPORT, TRANCHE], ids=lambda workflow: workflow.name)
def test_tables_have_no_dead_ends(workflow):
    assert faults(workflow) == []


@pytest.mark.parametrize("state", list(S))
def test_a_button_is_offered_exactly_when_firing_works(world, state):
    with world.acting("system") as w:
        codes = [make_ready(w, state).code, make_pilot(w, state=state).code]

    for who in WHO:
        with world.acting(who) as w:
            for code in codes if who == "jaan" else codes[:1]:  # the second one lacks everything
                for row in PILOT.rows:
                    pilot = get(w, code)
                    offers = {offer.row.name: offer.problem for offer in PILOT.offers(w, pilot)}
                    try:
                        with w.session.begin_nested() as attempt:
                            actions.fire(w, pilot, row.name, given(world, row.name))
                            attempt.rollback()
                    except Forbidden:
                        assert row.name not in offers, (who, state, row.name)
                    except Refused:
                        assert offers.get(row.name, "not offered") is not None, (who, state, row.name)
                    else:
                        assert row.name in offers, (who, state, row.name)
                        assert offers[row.name] is None, (who, state, row.name)
                    w.session.expire_all()
            w._entries.clear()


def matrix(world) -> str:
    """Who is offered what in which state: a line for each state and person who is offered anything."""
    lines = []
    with world.acting("system") as w:
        pilots = {state: make_pilot(w, state=state).code for state in S}
        reports = {}
        for state in ReportState:
            known = {} if state is ReportState.DUE else {"submitted_at": w.now, "revision": 1, "points": "x"}
            pilot = get(w, pilots[S.RUNNING])
            report = Report(
                pilot_id=pilot.id, round_id=pilot.round_id, round_code=pilot.round_code, kind="interim", state=state,
                due_on=w.now.date(), **known,
            )  # fmt: skip
            reports[state] = w.add(report).code
    for who in (*PEOPLE, "nobody", "system"):
        with world.acting(who, writing=False) as w:
            for state, code in pilots.items():
                names = [offer.row.name for offer in PILOT.offers(w, get(w, code))]
                lines += [f"pilot {state}: {who}: {' '.join(names)}"] if names else []
            for state, code in reports.items():
                found = w.session.exec(select(Report).where(Report.code == code)).one()
                names = [offer.row.name for offer in REPORT.offers(w, found)]
                lines += [f"report {state}: {who}: {' '.join(names)}"] if names else []
    return "\n".join(sorted(lines)) + "\n"


def test_who_is_offered_what_is_as_reviewed(world):
    assert matrix(world) == MATRIX.read_text("utf-8")


# Start, complete


def test_start_needs_milestones_baselines_and_tranches_that_add_up(world):
    with world.acting("system") as w:
        pilot = make_ready(w, S.AGREED)
        code = pilot.code
        for row in w.session.exec(select(Milestone)):
            w.session.delete(row)
        w.session.exec(select(Indicator)).one().baseline = None
        make_tranche(w, pilot, cents=100)

    with world.acting("jaan") as w:
        with pytest.raises(Refused) as refused:
            actions.fire(w, get(w, code), "start")
        assert set(refused.value.problem.fields) - {"milestones", "tranches"} != set()
        assert str(refused.value.problem.fields["tranches"]) == (
            "The tranches add up to €1,200,001, the budget is €1,200,000."
        )
    with world.acting("system") as w:
        again = make_ready(w, S.AGREED).code
    with world.acting("jaan") as w:
        assert actions.fire(w, get(w, again), "start").done
        assert get(w, again).started_at == world.now


def test_complete_needs_every_result(world):
    with world.acting("system") as w:
        pilot = make_ready(w, S.RUNNING)
        code = pilot.code
        w.session.exec(select(Report)).one().state = ReportState.SUBMITTED
        make_indicator(w, pilot, title="Open")
        pilot.public_summary = pilot.replication_plan = ""

    with world.acting("jaan") as w:
        with pytest.raises(Refused) as refused:
            actions.fire(w, get(w, code), "complete")
        assert set(refused.value.problem.fields) == {"report", "indicators", "replication_plan", "public_summary"}
    with world.acting("system") as w:
        again = make_ready(w, S.RUNNING).code
    with world.acting("jaan") as w:
        assert actions.fire(w, get(w, again), "complete").done
        assert get(w, again).ended_at == world.now


# Suspend, resume, cure


def test_suspended_pilot_resumes_and_its_cure_expires_in_sight_of_the_coordinators(world):
    with world.acting("system") as w:
        code = make_ready(w, S.RUNNING).code
    with world.acting("jaan") as w:
        with pytest.raises(Invalid) as invalid:
            actions.fire(w, get(w, code), "suspend", Suspension(reason="x", cure_until=world.now))
        assert "cure_until" in invalid.value.problem.fields
        actions.fire(w, get(w, code), "suspend", given(world, "suspend"))
    with world.acting("jaan") as w:
        actions.fire(w, get(w, code), "resume")
        assert (get(w, code).state, get(w, code).cure_until) == (S.RUNNING, None)
    with world.acting("jaan") as w:
        actions.fire(w, get(w, code), "suspend", given(world, "suspend"))
    world.move(days=29)
    with world.acting("system") as w:
        assert actions.cure_expired(w) == []
    world.move(days=2)
    with world.acting("system") as w:
        assert [pilot.code for pilot in actions.cure_expired(w)] == [code]
    with world.acting("system") as w:
        assert actions.cure_expired(w) == []  # said once
        steps = w.session.exec(select(journal.Step.transition).where(journal.Step.subject_code == code)).all()
        assert steps.count("cure_expired") == 1
    with world.acting("system") as w:
        tell(w, "http://127.0.0.1:8000")
        told = select(Message.person_id).where(Message.subject.startswith("Decide: "))
        assert set(w.session.exec(told)) == {PEOPLE["jaan"].id, PEOPLE["kadri"].id}

    assert "The cure date of Pilot" in world.client("jaan").get("/pilots").text
    assert "one asks to terminate it, a second approves" in world.client("kadri").get(f"/pilots/{code}").text
    assert "The cure date of Pilot" not in world.client("nobody").get("/pilots").text


def test_pilot_suspended_before_its_start_resumes_only_with_a_whole_plan(world):
    with world.acting("system") as w:
        pilot = make_pilot(w, state=S.SUSPENDED, started_at=None)
        code = pilot.code

    with world.acting("jaan") as w:
        with pytest.raises(Refused) as refused:
            actions.fire(w, get(w, code), "resume")
        assert refused.value.problem.code == "plan"


# Terminate


def test_terminate_needs_two_people_cancels_tranches_and_frees_the_money_of_a_preparing_pilot(world):
    with world.acting("system") as w:
        pilot = make_ready(w, S.PREPARING)
        code, proposal_id = pilot.code, pilot.proposal_id

    with world.acting("jaan") as w:
        assert not actions.fire(w, get(w, code), "terminate", given(world, "terminate")).done
    with world.acting("jaan") as w, pytest.raises(Refused) as refused:
        actions.fire(w, get(w, code), "terminate", given(world, "terminate"))
    assert refused.value.problem.code == "second_person"
    with world.acting("kadri") as w:
        assert actions.fire(w, get(w, code), "terminate").done

    with world.acting("system") as w:
        assert get(w, code).state is S.TERMINATED
        assert (get(w, code).ended_at, get(w, code).cure_until) == (world.now, None)
        assert w.session.exec(select(Tranche.state)).all() == [TrancheState.CANCELLED]
        proposal = w.session.get_one(Proposal, proposal_id)
        assert (proposal.state, proposal.award_cents) == (ProposalState.LAPSED, None)
        assert list(journal.faults(w.session)) == []


def test_terminate_of_a_running_pilot_leaves_its_proposal_piloted(world):
    with world.acting("system") as w:
        pilot = make_ready(w, S.RUNNING)
        code, proposal_id = pilot.code, pilot.proposal_id
    with world.acting("kadri") as w:
        actions.fire(w, get(w, code), "terminate", given(world, "terminate"))
    with world.acting("jaan") as w:
        actions.fire(w, get(w, code), "terminate")
    with world.acting("system") as w:
        assert w.session.get_one(Proposal, proposal_id).state is ProposalState.PILOTED


def test_coordinator_with_a_conflict_decides_nothing_and_sees_the_public_face(world):
    with world.acting("system") as w:
        pilot = make_ready(w, S.RUNNING, notes="CANARY-NOTES")
        code = pilot.code
        w.add(Exclusion(proposal_id=pilot.proposal_id, person_id=PEOPLE["jaan"].id))

    with world.acting("jaan") as w, pytest.raises(Forbidden):
        actions.fire(w, get(w, code), "terminate", given(world, "terminate"))
    assert "CANARY-NOTES" not in world.client("jaan").get(f"/pilots/{code}").text
    assert world.client("jaan").get(f"/pilots/{code}/plan").status_code == 403
    assert "CANARY-NOTES" in world.client("kadri").get(f"/pilots/{code}").text
