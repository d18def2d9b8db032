"""Starting and writing: nothing typed is lost, columns follow right answers, dates are kept."""

from __future__ import annotations

import pytest

from challenge.kernel import receipt, revision
from challenge.kernel.errors import Forbidden, Invalid, Refused
from challenge.proposals import actions
from challenge.proposals.rules import is_complete, lacking
from challenge.proposals.schemas import FORMS, NewProposal
from challenge.proposals.states import ProposalState as S
from challenge.rounds.models import Round
from challenge.rounds.states import Gate, RoundState
from tests.cast import PLACES
from tests.factories.proposals import (
    ANSWERS,
    get,
    make_challenge,
    make_proposal,
    proposal_in,
    walk,
)
from tests.factories.rounds import make_round


def draft(challenge, **fields):
    return NewProposal(
        **{"title": "New", "organisation": PLACES["taltech"].id, "challenges": [challenge.code], **fields}
    )


def test_each_gate_asks_its_own_questions_and_all_earlier_ones():
    idea, pilot, full = (list(FORMS[gate].model_fields) for gate in Gate)

    assert pilot[: len(idea)] == idea
    assert full[: len(pilot)] == pilot
    assert len(full) == len(set(full))


def test_starting_checks_organisation_title_challenge_and_round(world):
    with world.acting() as w:
        round_ = make_round(w)
        challenge = make_challenge(w, round_)
        closed = make_round(w, title="Closed", state=RoundState.CLOSED)
    with world.acting("ravi") as w:
        with pytest.raises(Invalid) as invalid:
            actions.start(w, round_, draft(challenge, organisation=PLACES["aalto"].id))
        assert set(invalid.value.problem.fields) == {"organisation"}
        with pytest.raises(Invalid) as invalid:
            actions.start(w, round_, draft(challenge, challenges=["00000000"]))
        assert set(invalid.value.problem.fields) == {"challenges"}
        w.session.rollback()
    with world.acting("ravi") as w:
        with pytest.raises(Refused):
            actions.start(w, closed, draft(challenge))
        made = actions.start(w, w.session.get_one(Round, round_.id), draft(challenge))
        assert (made.gates, made.state) == (["idea", "pilot_proposal", "full_proposal"], S.DRAFT)
        assert w.session.get_one(Round, round_.id).open_matters == 1
    with world.acting("eero") as w, pytest.raises(Invalid) as invalid:
        actions.start(w, round_, draft(challenge, title=" NEW ", organisation=PLACES["aalto"].id))
    assert set(invalid.value.problem.fields) == {"title"}


def test_nothing_starts_after_the_first_gate_has_closed(world):
    with world.acting() as w:
        round_ = make_round(w)
        challenge = make_challenge(w, round_)
    world.move(days=100)

    with world.acting("ravi") as w, pytest.raises(Refused) as refused:
        actions.start(w, round_, draft(challenge))
    assert refused.value.problem.code == "window_closed"


def test_wrong_answers_are_kept_and_columns_wait_for_right_ones(world):
    code = proposal_in(world, S.DRAFT, title="Hourly water")
    with world.acting() as w:
        make_proposal(w, w.session.get_one(Round, get(w, code).round_id), title="Taken")
    with world.acting("ravi") as w:
        proposal = get(w, code)
        actions.revise(w, proposal, {"months": "many", "title": "Taken", "summary": "word " * 61, "no_such": "x"})

        assert proposal.answers["months"] == "many"
        assert (proposal.months, proposal.title) == (None, "Hourly water")
        assert "no_such" not in proposal.answers
        assert set(lacking(w, proposal)) == {"title", "summary"}  # months are asked at the next gate

        actions.revise(w, proposal, {"months": "36", "title": "Water, hourly", "summary": "Short."})
        assert (proposal.months, proposal.title, proposal.title_key) == (36, "Water, hourly", "water, hourly")
        assert is_complete(w, proposal) is None


def test_every_missing_answer_is_named_in_words(world):
    with world.acting() as w:
        round_ = make_round(w)
        challenge = make_challenge(w, round_)
    with world.acting("ravi") as w:
        made = actions.start(w, w.session.get_one(Round, round_.id), draft(challenge))
        problem = is_complete(w, made)

    assert str(problem.fields["novelty"]) == "Say what is new about it"
    assert set(problem.fields) == {"summary", "problem", "cities_helped", "answer", "novelty", "needs"}


def test_only_the_team_writes_and_only_while_it_may(world):
    code = proposal_in(world, S.DRAFT)
    for name in ("eero", "mari", "jaan", "lena", "nobody"):
        with world.acting(name) as w, pytest.raises(Forbidden):
            actions.revise(w, get(w, code), {"risks": "x"})
    walk(world, code, "submit")
    with world.acting("ravi") as w, pytest.raises(Refused):
        actions.revise(w, get(w, code), {"risks": "x"})


def test_an_idea_is_submitted_with_a_receipt_of_exactly_its_revision(world):
    code = proposal_in(world, S.SUBMITTED)

    with world.acting() as w:
        proposal = get(w, code)
        given = receipt.latest(w, "proposal", code)
        kept = revision.at(w, "proposal", code, proposal.revision)
        assert (given.revision_number, given.revision_hash) == (kept.number, kept.hash)
        assert receipt.holds(given, receipt.public_key(world.settings.secret))
        assert (given.received_at, proposal.submitted_at) == (world.now, world.now)
        assert kept.content["answers"]["answer"] == ANSWERS["answer"]
        assert [city["role"] for city in kept.content["cities"]] == ["lead", "pilot"]
        assert kept.content["budget"][0]["cents"] == 120_000_000
