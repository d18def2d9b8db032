"""“Needs you”: each role sees what waits for them, with its date and where it is done, and nothing of others."""

import pytest
from sqlmodel import select

from challenge.jury.states import ConflictState, ReviewState
from challenge.people.models import Role
from challenge.people.states import RoleName
from challenge.proposals.models import Exclusion, Preference, Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.states import RoundState
from challenge.selection.states import Verdict
from challenge.submissions.states import SubmissionState
from tests.cast import PEOPLE, PLACES
from tests.factories import home as scenes
from tests.factories.jury import make_conflict, make_judged, make_juror, make_review
from tests.factories.proposals import make_proposal
from tests.factories.rounds import make_round
from tests.factories.submissions import make_interest, make_submission
from tests.home.conftest import fresh, needs_on
from tests.selection.steps import announce, decided


def needs(world, name):
    return [(what, why) for what, why, _href in needs_on(fresh(world, name).get("/home").text)]


SPRING = {
    "mari": [
        ("Snow that stays", "Returned Read the reason, change it and submit again"),
        ("Root radar", "Sign-off Read the proposal and sign it off"),
        ("One new message", "New Receipts, requests, decisions"),
    ],
    "peeter": [
        ("Snow that stays", "Returned Read the reason, change it and submit again"),
        ("Root radar", "Sign-off Read the proposal and sign it off"),
        ("Narva", "Invitation A seat is offered to you: Deputy"),
    ],
    "sofia": [("Heat for the school", "Formal decision Record the decision of your city’s body")],
    "ravi": [("Listening rails", "Draft Finish and submit the idea")],
    "eero": [("Heat for the school", "Invitation You are invited to the team: Researcher")],
    "lena": [("Round 2027", "Invitation You are invited to the jury")],
    "jaan": [
        ("Round 2027", "Second key A colleague asks to do this: Cancel the round"),
        ("One challenge", "To decide In review: accept, send back or reject"),
        ("One challenge", "To review Submitted: start the review"),
        ("One idea", "To screen Submitted: check the conditions"),
        ("One question", "To answer Asked in public: answer and publish"),
        ("One new message", "New Receipts, requests, decisions"),
        ("One proposal", "To decide At a gate, with every review they need"),
    ],
    "kadri": [
        ("One challenge", "To decide In review: accept, send back or reject"),
        ("One challenge", "To review Submitted: start the review"),
        ("One idea", "To screen Submitted: check the conditions"),
        ("One question", "To answer Asked in public: answer and publish"),
        ("One proposal", "To decide At a gate, with every review they need"),
    ],
    "olev": [], "anna": [], "aoife": [], "tiina": [], "katrin": [], "oskar": [],
}  # fmt: skip
AUTUMN = {
    "ravi": [
        ("Clean bays", "Late One milestone is past its day"),
        ("Clean bays", "Report Interim report: write and submit it"),
        ("Warm water", "Offer It is selected: accept the offer or turn it down"),
    ],
    "mari": [("Clean bays", "Report Interim report: write and submit it")],
    "aoife": [("Clean bays", "Report Interim report: write and submit it")],
    "lena": [("Open ramps", "To review Your last review")],
    "oskar": [("Root radar", "To review Late Your last review")],
    "jaan": [
        ("One review", "Late Not handed in: remind the juror or assign another"),
        ("2 proposals", "Blocked Fewer reviews than the round’s rules ask for"),
        ("Open ramps", "Second key A colleague asks to do this: Reopen"),
        ("Clean bays", "Report Interim report: accept it or send it back"),
        ("One conflict of interest", "To decide Confirm or lift; until then they exclude"),
        ("One proposal", "No outcome The reviews are in: propose an outcome"),
    ],
    "kadri": [
        ("One review", "Late Not handed in: remind the juror or assign another"),
        ("2 proposals", "Blocked Fewer reviews than the round’s rules ask for"),
        ("Clean bays", "Report Interim report: accept it or send it back"),
        ("One conflict of interest", "To decide Confirm or lift; until then they exclude"),
        ("One outcome", "Second key Proposed by a colleague: approve or not"),
        ("One proposal", "No outcome The reviews are in: propose an outcome"),
    ],
    "anna": [("One letter", "Given up See the counts below")],
    "olev": [], "tiina": [], "sofia": [],
}  # fmt: skip


@pytest.fixture
def spring(world):
    scenes.spring(world)
    return world


@pytest.fixture
def autumn(world):
    scenes.autumn(world)
    return world


def test_in_spring_each_sees_their_own(spring):
    assert {name: needs(spring, name) for name in SPRING} == SPRING


def test_in_autumn_each_sees_their_own(autumn):
    assert {name: needs(autumn, name) for name in AUTUMN} == AUTUMN


def test_the_heading_counts_them(spring):
    assert "3 things need you" in spring.client("mari").get("/home").text
    assert "One thing needs you" in spring.client("ravi").get("/home").text
    assert "Nothing needs you now" in spring.client("olev").get("/home").text


def test_each_leads_to_a_page_its_reader_may_open(spring):
    for name in SPRING:
        client = spring.client(name)
        for what, _why, href in needs_on(client.get("/home").text):
            assert client.get(href).status_code == 200, (name, what, href)


def test_in_autumn_too(autumn):
    for name in AUTUMN:
        client = autumn.client(name)
        for what, _why, href in needs_on(client.get("/home").text):
            assert client.get(href.split("#")[0]).status_code == 200, (name, what, href)


# Cities


def test_an_open_window_reminds_a_city_that_has_done_nothing(world):
    with world.acting() as w:
        round_ = make_round(w)
        make_submission(w, round_, city=PLACES["helsinki"])
    assert needs(world, "mari") == [("Tartu", "Open now No challenge begun in Round 2027")]
    assert needs(world, "sofia") == [("Quiet junctions at night", "Draft Finish and submit it")]
    world.now = scenes.INTERESTS
    assert needs(world, "mari") == [("Tartu", "Open now No interest shown yet; at most 5 challenges")]
    with world.acting() as w:
        theirs = make_submission(w, w.session.get_one(Round, round_.id), city=PLACES["helsinki"], title="Ours",
                                 state=SubmissionState.ACCEPTED)  # fmt: skip
        make_interest(w, theirs, PLACES["tartu"])
    assert needs(world, "mari") == []


def test_a_draft_whose_time_is_over_asks_nothing(world):
    with world.acting() as w:
        make_submission(w, make_round(w))
    assert needs(world, "mari")[0][0] == "Quiet junctions at night"
    world.now = scenes.INTERESTS
    assert [what for what, _why in needs(world, "mari")] == ["Tartu"]


def test_ideas_are_to_be_rated_in_their_window_until_they_are(world):
    scenes.spring(world)
    assert not any("To rate" in why for _what, why in needs(world, "tiina"))
    world.now = scenes.PREFERENCES
    why = "To rate Say how useful each would be to your city"
    assert needs(world, "tiina") == [("One idea for your challenge", why)]
    with world.acting() as w:
        idea = w.session.exec(select(Proposal).where(Proposal.title == "Root radar")).one()
        w.add(Preference(proposal_id=idea.id, city_id=PLACES["tallinn"].id, rating=4, at=w.now))
    assert needs(world, "tiina") == []


def test_a_round_that_is_not_published_asks_nobody(world):
    with world.acting() as w:
        make_submission(w, make_round(w, state=RoundState.DRAFT))
    assert needs(world, "mari") == []


# Teams


@pytest.mark.parametrize(
    ("state", "now", "why"),
    [
        (ProposalState.RETURNED, scenes.SPRING, "Returned Read the reason, change it and submit again"),
        (ProposalState.CO_DEVELOPMENT, scenes.SPRING, "Co-development Finish and submit the pilot proposal"),
        (ProposalState.FINALIST, scenes.SPRING, "Finalist Finish and submit the full proposal"),
    ],
)
def test_a_team_is_told_what_to_write_next(world, state, now, why):
    with world.acting() as w:
        make_proposal(w, make_round(w), title="Mine", state=state)
    world.now = now
    assert needs(world, "ravi") == [("Mine", why)]


def test_who_does_not_lead_is_told_that_the_lead_submits(world):
    world.now = scenes.SPRING
    with world.acting() as w:
        made = make_proposal(w, make_round(w), title="Ours")
        scenes.join_team(w, made.id, "eero")
    assert needs(world, "eero") == [("Ours", "Draft Finish the idea; the lead submits it")]


def test_a_merger_is_asked_of_the_other_lead_only(world):
    world.now = scenes.SPRING
    with world.acting() as w:
        round_ = make_round(w)
        known = {"state": ProposalState.IN_REVIEW, "submitted_at": w.now}
        mine = make_proposal(w, round_, title="Mine", **known)
        theirs = make_proposal(w, round_, title="Theirs", lead="eero", **known)
        theirs.merge_into_id = mine.id
    assert needs(world, "ravi") == [("Theirs", "Asks you Its lead asks to merge it into your proposal")]
    assert needs(world, "eero") == []


# Those who run a round


def test_a_coordinator_sees_nothing_of_what_they_have_a_conflict_with(autumn):
    with autumn.acting() as w:
        for proposal in w.session.exec(select(Proposal)):
            w.add(Exclusion(proposal_id=proposal.id, person_id=PEOPLE["kadri"].id))
    assert needs(autumn, "kadri") == [("Clean bays", "Report Interim report: accept it or send it back")]
    assert len(needs(autumn, "jaan")) == 6


def test_a_coordinator_of_another_round_sees_nothing_of_this_one(world):
    scenes.spring(world)
    with world.acting() as w:
        other = make_round(w, title="Another")
        role = w.session.exec(select(Role).where(Role.person_id == PEOPLE["kadri"].id)).one()
        role.round_id = other.id
    assert needs(world, "kadri") == []


def test_a_juror_does_not_decide_on_outcomes_of_their_own_jury(autumn):
    with autumn.acting() as w:
        round_ = w.session.exec(select(Round).where(Round.title == "Round 2027")).one()
        make_juror(w, round_, "kadri")
        w.add(Role(person_id=PEOPLE["kadri"].id, name=RoleName.JUROR, round_id=round_.id))
    assert [why.split()[0] for _what, why in needs(autumn, "kadri")] == ["Blocked", "Report"]


def test_an_approval_that_no_longer_holds_is_not_offered(spring):
    with spring.acting() as w:
        round_ = w.session.exec(select(Round).where(Round.title == "Round 2027")).one()
        round_.summary = "Changed."
    assert not any("Second key" in why for _what, why in needs(spring, "jaan"))


def test_reviews_of_a_decided_conflict_are_no_longer_asked_for(world):
    world.now = scenes.AUTUMN
    with world.acting() as w:
        round_ = make_round(w)
        proposal = make_judged(w, round_, title="Mine to judge")
        make_review(w, proposal, make_juror(w, round_), state=ReviewState.DRAFT)
    assert needs(world, "lena") == [("Mine to judge", "To review Your last review")]
    with world.acting() as w:
        make_conflict(w, w.session.get_one(Proposal, proposal.id), state=ConflictState.CONFIRMED)
    assert needs(world, "lena") == []
    assert "Mine to judge" not in world.client("lena").get("/home").text


def test_a_proposal_whose_panel_has_not_agreed_is_not_ready_to_decide(world):
    with world.acting() as w:
        round_ = make_round(w)
        for title, apart in (("Apart", True), ("Agreed", False)):
            make_judged(w, round_, title=title, reviews_eligible=3, below_threshold=False, consensus_missing=apart)
    assert needs(world, "jaan") == [
        ("One proposal", "Consensus Marks are far apart: the panel agrees on a consensus before anything is decided"),
        ("One proposal", "No outcome The reviews are in: propose an outcome"),
    ]


def test_what_is_approved_waits_for_its_announcement_until_a_colleague_has_asked_for_it(world):
    round_id, *_ids = decided(world, Verdict.FUND, Verdict.DECLINE)
    waits = ("2 outcomes", "To announce Approved: nobody is told before two coordinators announce")
    assert [waits in needs(world, name) for name in ("jaan", "kadri", "ravi", "lena")] == [True, True, False, False]
    announce(world, round_id, "jaan")
    asked = ("Round 2027", "Second key A colleague asks to announce the outcomes to everybody")
    for name, keys in (("jaan", []), ("kadri", [asked])):
        assert [one for one in needs(world, name) if one in (waits, asked)] == keys
    announce(world, round_id, "kadri")
    assert [one for one in needs(world, "kadri") if one in (waits, asked)] == []
