"""Rows of reviews and of a consensus, with everything in order but one thing: it says which."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import delete, select

from challenge.jury.consensus import rules as agreeing
from challenge.jury.consensus.models import ConsensusMark, Reaction, Reply
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.consensus.workflow import CONSENSUS
from challenge.jury.models import Juror, Review, Score
from challenge.jury.rules import due_at, is_in_time, load_of, may_be_assigned, round_of
from challenge.jury.states import ReviewState
from challenge.jury.workflow import REVIEW
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Extension, Window
from challenge.rounds.schemas import Rules
from challenge.rounds.states import Blind, Gate, WindowName
from tests.factories.consensus import answer, consensus_in, consensus_of, make_consensus, make_reaction, panel_of
from tests.factories.jury import (
    FULL,
    JURY,
    juror_of,
    jury_of,
    make_conflict,
    proposal_of,
    put_marks,
    review_of,
)
from tests.factories.rounds import WINDOWS

DAY = timedelta(days=1)
SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
HELD = ["not_on_panel", "not_accepted", "conflict", "not_judged_now", "no_copy", "deadline_over"]
OF_REVIEW = {
    "declare": HELD,
    "begin": HELD,
    "submit": [*HELD, "newer_version", "incomplete"],
    "reopen": ["conflict", "not_judged_now"],
    "recuse": [],
    "release": [],
    "reinstate": ["conflict", "not_judged_now"],
}
AT = {"begin": ReviewState.DECLARED, "submit": ReviewState.DRAFT, "reopen": ReviewState.SUBMITTED,
      "reinstate": ReviewState.RELEASED}  # fmt: skip


def spoil_review(w, review, proposal, name):
    """One thing that is not in order."""
    juror = w.session.get_one(Juror, review.juror_id)
    match name:
        case "not_on_panel":
            juror.left_at = w.now
        case "not_accepted":
            juror.accepted_at = None
        case "conflict":
            make_conflict(w, proposal, "lena")
        case "not_judged_now":
            proposal.state = ProposalState.RESERVE
        case "no_copy":
            round_ = round_of(w, review)
            rules = Rules.model_validate(round_.rules)
            blind = rules.gates[FULL].model_copy(update={"blind": Blind.DOUBLE_BLIND})
            gates = {**rules.gates, FULL: blind}
            round_.rules = rules.model_copy(update={"gates": gates}).model_dump(mode="json")
        case "deadline_over":
            w.now = WINDOWS[WindowName.JURY][1] + timedelta(seconds=120)
        case "newer_version":
            proposal.revision += 1
        case "incomplete":
            w.session.exec(delete(Score).where(Score.review_id == review.id, Score.criterion == "team"))


@SQLITE
@pytest.mark.parametrize("name", OF_REVIEW)
def test_a_review_says_what_is_not_in_order(world, name):
    codes = jury_of(world, "lena", state=AT.get(name, ReviewState.ASSIGNED))
    with world.acting() as w:
        put_marks(w, review_of(w, codes["lena1"]), 35)
        review_of(w, codes["lena1"]).revision_number = proposal_of(w, codes["p1"]).revision
    row = next(row for row in REVIEW.rows if row.name == name)
    found = []
    for code in [None, *HELD, "newer_version", "incomplete"]:
        world.now = JURY
        with world.acting("system" if row.keys > 1 else "lena") as w, w.session.no_autoflush:  # in memory only
            review = review_of(w, codes["lena1"])
            spoil_review(w, review, proposal_of(w, codes["p1"]), code)
            problem = row.blocked(w, review)
            w.session.rollback()
        assert problem is None or problem.code == code
        found += [problem.code] if problem is not None else []
    assert found == OF_REVIEW[name]


WHOLE = ["not_judged_now", "quorum", "incomplete"]
OF_CONSENSUS = {
    "propose": WHOLE,
    "take_back": ["not_judged_now"],
    "agree": [*WHOLE, "reaction_open", "reaction_not_opened", "unanswered", "objections"],
    "reopen": ["not_judged_now"],
    "fall": [],
}


def spoil_consensus(w, consensus, name):
    """One thing that is not in order."""
    proposal = agreeing.proposal_of(w, consensus)
    match name:
        case "not_judged_now":
            proposal.state = ProposalState.RESERVE
        case "quorum":
            ilse = select(Review).join(Juror, Juror.id == Review.juror_id).where(Juror.person_id == 10)
            w.session.exec(ilse).one().state = ReviewState.REOPENED
        case "incomplete":
            w.session.exec(delete(ConsensusMark).where(ConsensusMark.criterion == "team"))
        case "reaction_open":
            for row in w.session.exec(select(Reaction)):
                row.text, row.answered_at, row.answered_by_id = "", None, None
        case "reaction_not_opened":
            w.session.exec(delete(Reaction))
        case "unanswered":
            w.session.exec(delete(Reply).where(Reply.juror_id != consensus.moderator_id))
        case "objections":
            w.session.exec(delete(Reply))
            for person in ("oskar", "ilse"):
                answer(w, consensus, person, agrees=False, reason="The numbers do not add up.")


@SQLITE
@pytest.mark.parametrize("name", OF_CONSENSUS)
def test_a_consensus_says_what_is_not_in_order(world, name):
    codes = consensus_in(world, ConsensusState.PROPOSED)
    row = next(row for row in CONSENSUS.rows if row.name == name)
    found = {}
    for code in [None, *OF_CONSENSUS["agree"]]:
        with world.acting("lena") as w:
            consensus = consensus_of(w, codes["consensus"])
            spoil_consensus(w, consensus, code)
            w.session.flush()
            problem = row.blocked(w, consensus)
            w.session.rollback()
        assert problem is None or code in (problem.code, "quorum")  # whose juror has not answered either
        found |= {problem.code: None} if problem is not None else {}
    assert sorted(found) == sorted(OF_CONSENSUS[name])


def test_where_the_round_has_no_date_for_the_jury_there_is_nothing_to_miss(world):
    codes = jury_of(world, "lena")
    with world.acting() as w:
        review = review_of(w, codes["lena1"])
        assert is_in_time(w, review) is None
        w.session.exec(delete(Window).where(Window.name == WindowName.JURY))
        assert due_at(w, review) is None
        assert is_in_time(w, review) is None


def test_the_later_of_two_dates_counts(world):
    codes = jury_of(world, "lena")
    closes_at = WINDOWS[WindowName.JURY][1]
    with world.acting() as w:
        review = review_of(w, codes["lena1"])
        for until, due in ((closes_at - DAY, closes_at), (closes_at + DAY, closes_at + DAY)):
            w.add(Extension(workflow="review", subject_code=review.code, until=until, reason="Ill.", at=w.now))
            assert due_at(w, review) == due


@pytest.mark.parametrize(
    ("load", "gate", "state", "code"),
    [
        (2, FULL, ProposalState.IN_JURY, None),
        (1, FULL, ProposalState.IN_JURY, "load"),
        (2, Gate.IDEA, ProposalState.IN_JURY, "not_judged_now"),
        (2, FULL, ProposalState.RESERVE, "not_judged_now"),
    ],
)
def test_a_juror_is_given_what_is_before_the_jury_up_to_the_load(world, load, gate, state, code):
    codes = jury_of(world, "lena", proposals=2)
    with world.acting() as w:
        juror, proposal = juror_of(w, codes["juror_lena"]), proposal_of(w, codes["p2"])
        w.session.delete(review_of(w, codes["lena2"]))
        juror.load_max, proposal.state = load, state
        w.session.flush()
        assert (load_of(w, juror, FULL), load_of(w, juror, Gate.IDEA)) == (1, 0)
        problem = may_be_assigned(w, juror, proposal, gate)
        assert (problem.code if problem else None) == code


@pytest.mark.parametrize("fact", ["left_at", "declined_at"])
def test_who_is_not_on_the_panel_is_given_nothing(world, fact):
    codes = jury_of(world, "lena", state=None)
    with world.acting() as w:
        juror = juror_of(w, codes["juror_lena"])
        juror.accepted_at = None
        setattr(juror, fact, w.now)
        assert may_be_assigned(w, juror, proposal_of(w, codes["p1"]), FULL).code == "not_on_panel"


@pytest.mark.parametrize(
    ("seconds", "text", "code"),
    [(119, "", "reaction_open"), (120, "", None), (-3600, "", "reaction_open"), (-3600, "We answer.", None)],
)
def test_the_applicants_had_their_time_to_react_or_have_answered(world, seconds, text, code):
    codes = panel_of(world)
    with world.acting() as w:
        proposal = proposal_of(w, codes["p1"])
        consensus, reaction = make_consensus(w, proposal), make_reaction(w, proposal, text=text)
        w.now = reaction.until + timedelta(seconds=seconds)
        problem = agreeing.reaction_is_over(w, consensus)
        assert (problem.code if problem else None) == code
