"""What stands in a pilot's way and what does not: pilots without a proposal, rounds that ask for less, each state."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from sqlmodel import select

from challenge.kernel.errors import Refused
from challenge.pilots import actions, rules
from challenge.pilots.models import MemberCity, Pilot, Report
from challenge.pilots.states import PilotState as S
from challenge.pilots.states import ReportKind, ReportState
from challenge.pilots.workflow import PILOT
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.schemas import Rules
from challenge.rounds.states import CityRole
from tests.cast import PLACES
from tests.factories.pilots import BUDGET, make_member, make_pilot, make_report, make_selected, sign_all
from tests.factories.rounds import make_round
from tests.pilots.ready import ANSWERS, get, make_ready, plan

CAN = "A coordinator can correct the budget."


def stands_in_the_way(w, pilot: Pilot, name: str):
    """Why a coordinator cannot do this now, if so."""
    return {offer.row.name: offer.problem for offer in PILOT.offers(w, pilot)}[name]


def test_a_pilot_that_came_without_a_proposal_needs_none(world):
    with world.acting() as w:
        code = make_ready(w, S.PREPARING, imported=True).code
    with world.acting("jaan") as w:
        assert stands_in_the_way(w, get(w, code), "agree") is None
        assert actions.fire(w, get(w, code), "agree").done


@pytest.mark.parametrize("asked", [True, False])
def test_formal_decisions_are_asked_for_where_the_round_says_so(world, asked):
    with world.acting() as w:
        round_ = make_round(w, rules=Rules(decision_before_agreement=asked))
        code = make_ready(w, S.PREPARING, round_=round_, proposal=make_selected(w, round_, decided=False)).code
    with world.acting("jaan") as w:
        problem = stands_in_the_way(w, get(w, code), "agree")
        assert (problem is not None and problem.code == "commitments") is asked
        assert (problem is None) is not asked


def test_a_follower_signs_nothing(world):
    with world.acting() as w:
        pilot = make_ready(w, S.PREPARING)
        code = pilot.code
        make_member(w, pilot, "narva", CityRole.FOLLOWER)
    with world.acting("jaan") as w:
        assert stands_in_the_way(w, get(w, code), "agree") is None


def test_each_signature_that_is_missing_is_named(world):
    with world.acting() as w:
        pilot = make_ready(w, S.PREPARING)
        code = pilot.code
        for row in w.session.exec(select(MemberCity).where(MemberCity.city_id == PLACES["fingal"].id)):
            row.signed_at = row.signed_by_id = row.signed_revision = None
    with world.acting("jaan") as w:
        problem = stands_in_the_way(w, get(w, code), "agree")
        assert problem.code == "signatures"
        assert [str(text) for text in problem.fields.values()] == [
            "Fingal has not signed the agreement. Its lead or deputy can sign it."
        ]


@pytest.mark.parametrize(
    ("budget", "award", "words"),
    [
        (None, 5_000_00, f"The budget is €0, the award is €5,000. {CAN}"),
        (5_000_00, None, f"The budget is €5,000, the award is €0. {CAN}"),
        (5_000_00, 5_000_00, None),
    ],
)
def test_the_budget_is_compared_with_the_award_in_words(world, budget, award, words):
    with world.acting() as w:
        round_ = make_round(w)
        proposal = make_selected(w, round_, state=ProposalState.PILOTED, award_cents=award)
        pilot = make_pilot(w, round_=round_, proposal=proposal, imported=True, budget_cents=budget)
        problem = rules.budget_is_the_award(w, pilot)
        assert (None if problem is None else str(problem.text)) == words


def test_a_pilot_without_a_budget_needs_no_tranches_and_one_with_it_does(world):
    with world.acting() as w:
        pilot = make_pilot(w, imported=True, budget_cents=BUDGET)
        plan(w, pilot)
        assert rules.plan_is_whole(w, pilot) is None
        pilot.budget_cents += 1
        assert set(rules.plan_is_whole(w, pilot).fields) == {"tranches"}
        pilot.budget_cents = None
        assert rules.plan_is_whole(w, pilot) is None


def test_every_final_report_is_accepted_before_the_end(world):
    with world.acting() as w:
        pilot = make_ready(w, S.RUNNING)
        known = {"submitted_at": w.now, "revision": 1, "answers": ANSWERS}
        make_report(w, pilot, state=ReportState.SUBMITTED, **known)  # an interim one holds nothing up
        assert rules.results_are_told(w, pilot) is None
        more = make_report(w, pilot, kind=ReportKind.FINAL, state=ReportState.SUBMITTED, **known)
        assert set(rules.results_are_told(w, pilot).fields) == {"report"}
        for row in [*w.session.exec(select(Report).where(Report.kind == ReportKind.FINAL))]:
            w.session.delete(row)
        w.session.flush()
        assert more not in w.session
        assert set(rules.results_are_told(w, pilot).fields) == {"report"}


@pytest.mark.parametrize("state", list(ReportState))
def test_a_report_is_written_and_planned_only_before_it_counts(state):
    report = Report(state=state)
    assert (rules.is_open(None, report) is None) == (state in (ReportState.DUE, ReportState.RETURNED))
    assert (rules.is_planned(None, report) is None) == (state is ReportState.DUE)


@pytest.mark.parametrize("state", list(S))
def test_reports_come_from_pilots_that_have_begun(world, state):
    with world.acting() as w:
        pilot = make_pilot(w, state=state)
        report = SimpleNamespace(pilot_id=pilot.id)
        assert (rules.pilot_is_under_way(w, report) is None) == (state in (S.RUNNING, S.SUSPENDED, S.COMPLETED))
        assert (rules.has_not_ended(w, pilot) is None) == (state not in (S.COMPLETED, S.TERMINATED))


def test_answers_left_empty_are_missing_by_name():
    report = Report(kind=ReportKind.FINAL, answers={**ANSWERS, "measured": "", "follows": None})
    problem = rules.is_complete(None, report)
    assert (problem.code, set(problem.fields)) == ("incomplete", {"measured", "follows"})
    assert str(problem.text) == "2 answers are missing."
    assert rules.is_complete(None, Report(kind=ReportKind.FINAL, answers=ANSWERS)) is None


def test_one_pilot_at_a_time_comes_from_a_selected_proposal(world):
    with world.acting() as w:
        pilot = make_pilot(w, state=S.PREPARING)
        proposal = w.session.get_one(Proposal, pilot.proposal_id)
        assert rules.why_not_pair(w, proposal).code == "already_paired"
        pilot.state, pilot.ended_at = S.TERMINATED, w.now
        assert rules.why_not_pair(w, proposal) is None
        proposal.state = ProposalState.RESERVE
        assert rules.why_not_pair(w, proposal).code == "not_selected"


def test_nobody_leads_a_pilot_without_a_lead(world):
    with world.acting() as w:
        code = make_ready(w, S.RUNNING, imported=True).code
    for who in ("nobody", "system", "ravi", "mari"):
        with world.acting(who, writing=False) as w:
            pilot = get(w, code)
            assert pilot.lead_id is None
            assert rules.leads_pilot(w, pilot).code == "may_not"
            assert (rules.represents_member(w, pilot) is None) == (who == "mari")


def test_the_lead_of_the_organisation_leads_its_pilot_too(world):
    with world.acting() as w:
        code = make_pilot(w, state=S.RUNNING, lead_id=1).code  # the team's lead left; ravi leads the university
    for who, leads in (("ravi", True), ("mari", True), ("eero", False)):
        with world.acting(who, writing=False) as w:
            assert (rules.leads_pilot(w, get(w, code)) is None) == leads


def test_a_pilot_suspended_in_mid_course_resumes_without_a_new_plan(world):
    with world.acting() as w:
        code = make_pilot(w, state=S.SUSPENDED).code
    with world.acting("jaan") as w:
        before = get(w, code).started_at
        assert actions.fire(w, get(w, code), "resume").done
        assert (get(w, code).started_at, get(w, code).cure_until) == (before, None)


def test_two_cities_of_one_country_do_not_resume(world):
    with world.acting() as w:
        pilot = make_ready(w, S.SUSPENDED)
        sign_all(w, pilot)
        code = pilot.code
        for row in w.session.exec(select(MemberCity).where(MemberCity.country != "EE")):
            w.session.delete(row)
        make_member(w, pilot, "narva")
    with world.acting("jaan") as w, pytest.raises(Refused, match="pairing"):
        actions.fire(w, get(w, code), "resume")
