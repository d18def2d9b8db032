"""The consensus of a panel: written by its moderator, answered by the others, tested against the thresholds."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from sqlmodel import select

from challenge.jury import queries as jury_queries
from challenge.jury.consensus import actions, facts
from challenge.jury.consensus.models import Consensus
from challenge.jury.consensus.schemas import ConsensusIn
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.consensus.workflow import CONSENSUS
from challenge.jury.schemas import Reason, Stepping
from challenge.jury.states import ConflictKind
from challenge.kernel import revision
from challenge.kernel.errors import Forbidden, Invalid, Refused
from challenge.kernel.journal import Step
from challenge.kernel.workflow import faults
from tests.cast import PEOPLE
from tests.factories.consensus import (
    NEAR,
    answer,
    consensus_in,
    consensus_of,
    make_consensus,
    make_reaction,
    panel_of,
)
from tests.factories.jury import CRITERIA, FULL, proposal_of, round_of

PERSONS = (*PEOPLE, "system", "nobody")
REOPEN = Reason(reason="A number was wrong.")
STEP_ASIDE = Stepping(kind=ConflictKind.FAMILY, explanation="My sister leads the work in Helsinki.")


def written(version, mark="3.5", **more):
    marks = {f"{key}-mark": mark for key in CRITERIA}
    texts = {"note": "Two had read the budget otherwise.", "statement": "Strong cities, weak plan."}
    return {"version": str(version), **marks, **texts, **more}


def test_the_table_has_no_dead_states():
    assert faults(CONSENSUS) == []


def test_who_may_do_what_is_the_reviewed_matrix(world):
    """Every row × everybody of the cast; lena moderates, oskar and ilse have handed in, jaan and kadri coordinate."""
    codes = consensus_in(world)
    found = {f"{row.name} from {source}": [] for row in CONSENSUS.rows for source in row.source}
    for person in PERSONS:
        with world.acting(person, writing=False) as w:
            for row in CONSENSUS.rows:
                for source in row.source if row.who(w, consensus_of(w, codes["consensus"])) is None else ():
                    found[f"{row.name} from {source}"].append(person)
    assert found == json.loads((Path(__file__).parent / "consensus.json").read_text())


def test_from_naming_the_moderator_to_the_agreed_marks(world):
    codes = panel_of(world)
    here = f"/proposals/{codes['p1']}"
    jaan, lena, oskar, ilse = (world.client(name) for name in ("jaan", "lena", "oskar", "ilse"))
    with world.acting(writing=False) as w:
        assert proposal_of(w, codes["p1"]).consensus_missing is True
        assert proposal_of(w, codes["p1"]).below_threshold is False

    assert jaan.post(f"{here}/moderator", data={"juror": codes["juror_lena"]}).status_code == 303
    with world.acting() as w:
        code = w.session.exec(select(Consensus.code)).one()
    path = f"/consensus/{code}"
    assert "Write the consensus" in lena.get(f"{here}/discussion").text
    assert lena.post(path, data=written(1, mark="2.5")).status_code == 303
    assert lena.post(f"{path}/transitions/propose").status_code == 303
    assert oskar.post(f"{path}/replies", data={"answer": "object"}).status_code == 422
    assert oskar.post(f"{path}/replies", data={"answer": "object", "reason": "Too low."}).status_code == 303
    assert "7 days to react" in lena.get(path).text
    assert jaan.post(f"/rounds/{codes['round']}/reactions?gate=full_proposal").status_code == 303
    refused = lena.post(f"{path}/transitions/agree")
    assert refused.status_code == 409
    assert "may answer the comments until" in refused.text
    assert world.client("ravi").post(f"{here}/reaction", data={"text": "Two numbers are wrong."}).status_code == 303
    assert "Two numbers are wrong." in oskar.get(f"{here}/discussion").text
    assert "One juror has not answered yet." in world.client("lena").get(path).text
    assert ilse.post(f"{path}/replies", data={"answer": "confirm"}).status_code == 303
    assert lena.post(f"{path}/transitions/agree").status_code == 303

    page = oskar.get(path).text
    assert "Too low." in page
    assert "Agreed" in page
    with world.acting(writing=False) as w:
        proposal = proposal_of(w, codes["p1"])
        assert (proposal.consensus_missing, proposal.below_threshold) == (False, True)  # 2.5 < 3, the means were above
        steps = [s.transition for s in w.session.exec(select(Step).where(Step.subject_code == code).order_by(Step.id))]
        assert steps == ["name_moderator", "propose", "object", "confirm", "agree"]
        assert revision.at(w, "consensus", code, 1).content["marks"]["plan"] == "2.5"


def test_the_consensus_ranks_and_meets_the_thresholds_and_the_reviews_stay(world):
    codes = consensus_in(world, ConsensusState.AGREED, marks=20)
    with world.acting("jaan", writing=False) as w:
        row = jury_queries.ranking(w, round_of(w, codes["round"]), FULL).rows[0]
        assert row.standing.total == Fraction(10)
        assert row.standing.below_threshold is True
        assert sorted(sum(review.marks.values()) for review in row.reviews) == [100, 200, 200]
    page = world.client("jaan").get(f"/rounds/{codes['round']}/ranking").text
    assert "The marks of the consensus rank" in page


@pytest.mark.parametrize("state", [ConsensusState.DRAFT, ConsensusState.PROPOSED, ConsensusState.SUPERSEDED])
def test_what_is_not_agreed_ranks_nothing(world, state):
    codes = consensus_in(world, state, marks=20)
    with world.acting("jaan", writing=False) as w:
        row = jury_queries.ranking(w, round_of(w, codes["round"]), FULL).rows[0]
        assert row.standing.total == Fraction(100, 6)  # the mean of 10, 20 and 20


@pytest.mark.abuse(2)
def test_what_is_agreed_is_locked_to_everybody(world):
    codes = consensus_in(world, ConsensusState.AGREED)
    path = f"/consensus/{codes['consensus']}"
    for who, status in (("lena", 409), ("oskar", 403), ("jaan", 403), ("olev", 403)):
        assert world.client(who).post(path, data=written(1)).status_code == status
    assert world.client("oskar").post(f"{path}/replies", data={"answer": "confirm"}).status_code == 409
    patched = world.client("lena").patch(f"/api/v1{path}", json={"statement": "Other."}, headers={"if-match": "*"})
    assert patched.status_code in (409, 412)
    with world.acting(writing=False) as w:
        assert consensus_of(w, codes["consensus"]).statement == "Strong cities, weak plan."


def test_a_coordinator_writes_no_mark_and_answers_nothing(world):
    codes = consensus_in(world)
    with world.acting("jaan") as w, pytest.raises(Forbidden):
        actions.save_consensus(w, consensus_of(w, codes["consensus"]), ConsensusIn(marks={"impact": 5}))
    with world.acting("jaan") as w, pytest.raises(Forbidden):
        actions.fire(w, consensus_of(w, codes["consensus"]), "propose")
    assert world.client("jaan").post(f"/consensus/{codes['consensus']}", data=written(1)).status_code == 403


def test_only_who_has_handed_in_moderates(world):
    codes = panel_of(world)
    path = f"/proposals/{codes['p1']}/moderator"
    assert world.client("jaan").post(path, data={"juror": "ZZZZZZZZ"}).status_code == 422
    assert world.client("lena").post(path, data={"juror": codes["juror_lena"]}).status_code == 403
    assert world.client("olev").post(path, data={"juror": codes["juror_lena"]}).status_code == 403
    with world.acting("jaan") as w, pytest.raises(Invalid):
        actions.name_moderator(w, proposal_of(w, codes["p1"]), FULL, "ZZZZZZZZ")


def test_another_moderator_takes_back_what_was_before_the_panel(world):
    codes = consensus_in(world, ConsensusState.PROPOSED)
    with world.acting("jaan") as w:
        actions.name_moderator(w, proposal_of(w, codes["p1"]), FULL, codes["juror_oskar"])
    with world.acting() as w:
        consensus = consensus_of(w, codes["consensus"])
        assert consensus.state is ConsensusState.DRAFT
        assert facts.replies(w, consensus) == {}
    assert world.client("lena").post(f"/consensus/{codes['consensus']}", data=written(9)).status_code == 403


def test_each_thing_that_is_missing_is_named(world):
    codes = panel_of(world)
    with world.acting() as w:
        code = make_consensus(w, proposal_of(w, codes["p1"]), marks=None, note="", statement=" ").code
    with world.acting("lena") as w, pytest.raises(Refused) as refused:
        actions.fire(w, consensus_of(w, code), "propose")
    assert set(refused.value.problem.fields) == {*CRITERIA, "note", "statement"}


def test_where_marks_are_near_no_note_is_needed(world):
    codes = panel_of(world, NEAR)
    with world.acting() as w:
        assert proposal_of(w, codes["p1"]).consensus_missing is False
        code = make_consensus(w, proposal_of(w, codes["p1"]), note="").code
    with world.acting("lena") as w:
        assert actions.fire(w, consensus_of(w, code), "propose").done


@pytest.mark.parametrize("wrong", ["6", "3.2", "-1", "x", "nan"])
def test_a_mark_off_the_scale_is_refused_by_name(world, wrong):
    codes = consensus_in(world)
    answered = world.client("lena").post(f"/consensus/{codes['consensus']}", data=written(1, **{"plan-mark": wrong}))
    assert answered.status_code == 422
    assert 'href="#plan-mark"' in answered.text


def test_two_windows_of_the_moderator_overwrite_nothing(world):
    codes = consensus_in(world)
    path = f"/consensus/{codes['consensus']}"
    with world.acting(writing=False) as w:
        version = consensus_of(w, codes["consensus"]).version
    assert world.client("lena").post(path, data=written(version, statement="The first.")).status_code == 303
    late = world.client("lena").post(path, data=written(version, statement="The second."))
    assert late.status_code == 409
    assert "The second." in late.text
    with world.acting(writing=False) as w:
        assert consensus_of(w, codes["consensus"]).statement == "The first."


def test_as_many_objections_as_confirmations_agree_nothing(world):
    codes = panel_of(world, {"lena": 20, "oskar": 40, "ilse": 40, "tiina": 40})
    with world.acting() as w:
        proposal = proposal_of(w, codes["p1"])
        make_reaction(w, proposal, text="We answer.")
        consensus = make_consensus(w, proposal)
        for name, agrees in (("oskar", True), ("ilse", False), ("tiina", False)):
            answer(w, consensus, name, agrees=agrees, reason="No.")
        consensus.state = ConsensusState.PROPOSED
        code = consensus.code
    with world.acting("lena") as w, pytest.raises(Refused, match="objections"):
        actions.fire(w, consensus_of(w, code), "agree")
