"""How pilots begin: paired from a selected proposal, or imported from before."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from challenge.cities.models import CityProfile
from challenge.kernel import journal
from challenge.kernel.errors import Forbidden, Invalid, Refused
from challenge.pilots import actions, content
from challenge.pilots.actions.drafting import indicator_in, milestones_in, number_in
from challenge.pilots.models import Pilot, PilotChallenge
from challenge.pilots.schemas import ImportedCity, ImportedPilot
from challenge.pilots.states import PilotState
from challenge.proposals.lines import Indicator as Promised
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.schemas import Rules
from challenge.rounds.states import CityRole, Pairing
from challenge.submissions.models import Submission
from tests.cast import PEOPLE, PLACES
from tests.factories.pilots import BUDGET, PAIR, make_challenge, make_pilot, make_selected
from tests.factories.rounds import make_round
from tests.pilots.ready import city

S = PilotState
LEAD, PILOT = CityRole.LEAD, CityRole.PILOT


def load(w, proposal_id: int) -> Proposal:
    return w.session.get_one(Proposal, proposal_id)


def test_pair_takes_over_cities_challenges_budget_and_plan(world):
    with world.acting("system") as w:
        round_ = make_round(w)
        challenges = (make_challenge(w, round_), make_challenge(w, round_, city="narva", themes=["data"]))
        proposal = make_selected(w, round_, challenges=challenges, offer_until=w.now + timedelta(days=5))
        proposal.answers = {
            "milestones": "Month 6: sensors stand\nmonth 3 - baseline\nLater: more",
            "indicators": ["Hours until a warning | 48 h | 2 h | laboratory", "Residents know | few | most"],
        }
        proposal_id = proposal.id

    with world.acting("jaan") as w:
        code = actions.pair(w, load(w, proposal_id)).code
    with world.acting("system") as w:
        pilot = w.session.exec(select(Pilot)).one()
        assert (pilot.code, pilot.state, pilot.budget_cents, pilot.months) == (code, S.PREPARING, BUDGET, 36)
        assert (pilot.pairing, pilot.home_country, pilot.min_cities) == (Pairing.MANDATORY, "EE", 2)
        assert (pilot.lead_id, pilot.organisation_id) == (PEOPLE["ravi"].id, PLACES["taltech"].id)
        assert pilot.themes == ["data", "environment"]
        assert [row.name for row in content.members(w, pilot)] == ["Tartu", "Dún Laoghaire-Rathdown", "Fingal"]
        assert len(w.session.exec(select(PilotChallenge)).all()) == 2
        assert [(row.title, row.starts_on, row.due_on) for row in content.milestones(w, pilot)] == [
            ("baseline", date(2027, 2, 1), date(2027, 4, 30)), ("sensors stand", date(2027, 5, 1), date(2027, 7, 31)),
        ]  # fmt: skip
        first, second = content.indicators(w, pilot)
        assert (first.title, first.baseline, first.target, first.unit) == (
            "Hours until a warning", Decimal(48), Decimal(2), "h",
        )  # fmt: skip
        assert (second.baseline, second.source) == (None, "few → most")
        assert load(w, proposal_id).offer_until is None  # taken up: it does not run out under the pilot
        assert [step.transition for step in w.session.exec(select(journal.Step))] == ["pair"]


def test_pair_is_for_coordinators_and_asks_for_everything(world):
    with world.acting("system") as w:
        round_ = make_round(w, rules=Rules(pilots_per_city=2))
        ready = make_selected(w, round_)
        irish = make_selected(w, round_, cities={"fingal": LEAD, "dlr": PILOT})
        early = make_selected(w, round_, cities={"narva": LEAD, "helsinki": PILOT}, state=ProposalState.IN_JURY)
        undecided = make_selected(w, round_, cities={"narva": LEAD, "helsinki": PILOT}, decided=False)
        ids = [row.id for row in (ready, irish, early, undecided)]

    for who in ("ravi", "mari", "olev", "anna"):
        with world.acting(who) as w, pytest.raises(Forbidden):
            actions.pair(w, load(w, ids[0]))
    for proposal_id, problem in zip(ids[1:], ("pairing", "not_selected", "commitments"), strict=True):
        with world.acting("jaan") as w:
            with pytest.raises(Refused) as refused:
                actions.pair(w, load(w, proposal_id))
            assert refused.value.problem.code == problem
    with world.acting("jaan") as w:
        actions.pair(w, load(w, ids[0]))
        with pytest.raises(Refused) as refused:
            actions.pair(w, load(w, ids[0]))
        assert refused.value.problem.code == "already_paired"


def test_pair_respects_the_cap_of_the_round_and_the_capacity_of_each_city(world):
    with world.acting("system") as w:
        capped = make_round(w, title="Capped", rules=Rules(pilots_per_city=1))
        free = make_round(w, title="Free")
        first, second = make_selected(w, capped, cities=PAIR), make_selected(w, capped, cities=PAIR)
        elsewhere = make_selected(w, free, cities={"tartu": LEAD, "helsinki": PILOT})
        w.session.exec(
            select(CityProfile).where(CityProfile.organisation_id == PLACES["helsinki"].id)
        ).one().capacity = 1  # fmt: skip
        make_pilot(
            w, cities={"tallinn": LEAD, "helsinki": PILOT}, imported=True, state=S.COMPLETED
        )  # over: not counted
        ids = [first.id, second.id, elsewhere.id]

    with world.acting("jaan") as w:  # the other award waits for its pilot and holds the city's one place
        with pytest.raises(Refused) as refused:
            actions.pair(w, load(w, ids[0]))
        assert (refused.value.problem.code, len(refused.value.problem.fields)) == ("capacity", 2)
        assert str(next(iter(refused.value.problem.fields.values()))).endswith("carries 1 of 1 pilots already.")
    with world.acting("system") as w:
        load(w, ids[1]).state = ProposalState.WITHDRAWN
    with world.acting("jaan") as w:
        actions.pair(w, load(w, ids[0]))
        actions.pair(w, load(w, ids[2]))
    with world.acting("system") as w:
        make_pilot(w, cities={"narva": LEAD, "helsinki": PILOT}, imported=True)
        full = make_selected(w, w.session.get_one(Round, free.id), cities={"narva": LEAD, "helsinki": PILOT}).id
    with world.acting("jaan") as w, pytest.raises(Refused) as refused:
        actions.pair(w, load(w, full))
    assert refused.value.problem.code == "capacity"


def test_a_proposal_is_paired_again_after_its_pilot_was_terminated(world):
    with world.acting("system") as w:
        proposal = make_selected(w, make_round(w))
        proposal_id = proposal.id

    with world.acting("jaan") as w:
        actions.pair(w, load(w, proposal_id))
    with world.acting("system") as w:
        w.session.exec(select(Pilot)).one().state = S.TERMINATED
    with world.acting("jaan") as w:
        actions.pair(w, load(w, proposal_id))
        assert len(w.session.exec(select(Pilot)).all()) == 2


def test_drafts_read_only_what_can_be_read():
    first = date(2027, 2, 1)
    lines = "Month 12: it runs\n- M3 sensors\nkuu 6 – model\nas soon as possible\n999: never"
    assert [(title, due) for title, _starts, due in milestones_in(lines, first)] == [
        ("sensors", date(2027, 4, 30)), ("model", date(2027, 7, 31)), ("it runs", date(2028, 1, 31)),
    ]  # fmt: skip
    assert [number_in(text) for text in ("48 h", "12,5 %", "1 200", "−3", "many", "", "9" * 20)] == [
        (Decimal(48), "h"), (Decimal("12.5"), "%"), (Decimal(1200), ""), (Decimal(-3), ""), (None, ""), (None, ""),
        (None, ""),
    ]  # fmt: skip
    promised = Promised(name="Bathers", baseline="few", target="60 %", source="survey")
    assert indicator_in(promised)["source"] == "survey. few → 60 %"


# Past pilots


def test_past_pilots_without_a_city_abroad_are_imported_under_their_rounds_rule(world):
    with world.acting("system") as w:
        round_ = make_round(w, title="2020", rules=Rules(pairing=Pairing.OPTIONAL, min_cities=1), imported=True)
        challenge = make_challenge(w, round_)
        given = ImportedPilot(
            title="DigiAudit", full_title="Real-time building capacity audit", state=S.COMPLETED,
            cities=[ImportedCity(city=city(w, "tallinn").code), ImportedCity(city=city(w, "tartu").code)],
            challenges=[challenge.code], facts={"type": "large", "type_is_guess": True}, sources=["https://example.org/"],
        )  # fmt: skip
        code = actions.import_pilot(w, round_, given).code

    with world.acting("system") as w:
        pilot = w.session.exec(select(Pilot).where(Pilot.code == code)).one()
        assert (pilot.state, pilot.imported, pilot.budget_cents) == (S.COMPLETED, True, None)
        step = w.session.exec(select(journal.Step)).one()
        assert (step.transition, step.old_state, step.new_state) == ("import", None, "completed")
        assert list(journal.faults(w.session)) == []
        assert w.session.exec(select(PilotChallenge.submission_id)).one() == w.session.exec(select(Submission.id)).one()


def test_import_refuses_what_the_rule_forbids_what_is_unknown_and_who_may_not(world):
    with world.acting("system") as w:
        round_id = make_round(w).id
        codes = [ImportedCity(city=city(w, "tallinn").code), ImportedCity(city=city(w, "tartu").code)]
    estonian = ImportedPilot(title="Old", state=S.RUNNING, cities=codes)
    with pytest.raises(Refused) as refused, world.acting("system") as w:
        actions.import_pilot(w, w.session.get_one(Round, round_id), estonian)
    assert refused.value.problem.code == "pairing"
    unknown = ImportedPilot(title="Old", state=S.RUNNING, cities=[ImportedCity(city="00000000")])
    with world.acting("system") as w, pytest.raises(Invalid):
        actions.import_pilot(w, w.session.get_one(Round, round_id), unknown)
    for who in ("mari", "anna", "olev"):
        with world.acting(who) as w, pytest.raises(Forbidden):
            actions.import_pilot(w, w.session.get_one(Round, round_id), unknown)
    with world.acting("system") as w:
        assert w.session.exec(select(Pilot)).all() == []
