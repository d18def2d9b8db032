"""Who reads the discussion of a panel: whoever has handed in, once enough have; never whom a conflict keeps away."""

import pytest
from sqlmodel import delete, select

from challenge.jury import actions as jury
from challenge.jury.consensus import actions, queries
from challenge.jury.consensus.models import Note
from challenge.jury.consensus.schemas import NoteIn
from challenge.jury.models import Review, Score
from challenge.jury.schemas import Reopening, Stepping
from challenge.jury.states import ConflictKind, ConflictState, ReviewState
from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.kernel.sight import Sight
from challenge.people.models import Role
from challenge.people.states import RoleName
from challenge.rounds.schemas import Rules
from tests.cast import PEOPLE
from tests.counting import counted
from tests.factories.consensus import make_consensus, make_note, make_panel, make_reaction, panel_of, seat
from tests.factories.jury import (
    FULL,
    JURY,
    make_conflict,
    make_judged,
    make_juror,
    make_review,
    make_submitted,
    proposal_of,
    put_marks,
    review_of,
    round_of,
)
from tests.factories.rounds import make_round

CANARY = "CNRY-of-the-panel"
OTHERS = {"oskar": 20, "ilse": 40, "tiina": 40}
STEP_ASIDE = Stepping(kind=ConflictKind.FAMILY, explanation="My sister leads the work in Helsinki.")


def full_of_canaries(world, own):
    """Three others have handed in and said much; lena's own review is in this state (None: she has none)."""
    world.now = JURY
    codes = {}
    with world.acting() as w:
        round_ = make_round(w)
        proposal = make_panel(w, round_, OTHERS, title="Proposal 1", comment=CANARY)
        lena = make_juror(w, round_)
        if own is not None:
            made = make_review(w, proposal, lena, state=own)
            put_marks(w, made, 35)
            codes["lena1"] = made.code
        consensus = make_consensus(w, proposal, "oskar", note=f"{CANARY}-note", statement=f"{CANARY}-statement")
        make_note(w, proposal, "oskar", f"{CANARY}-said")
        make_reaction(w, proposal, text=f"{CANARY}-answered")
        return codes | {"round": round_.code, "p1": proposal.code, "consensus": consensus.code}


def pages_of(codes):
    return [
        f"/proposals/{codes['p1']}/discussion",
        f"/proposals/{codes['p1']}/discussion?gate=full_proposal",
        f"/proposals/{codes['p1']}/minutes",
        f"/proposals/{codes['p1']}/reaction",
        f"/consensus/{codes['consensus']}",
        f"/consensus/{codes['consensus']}/transitions/reopen",
        f"/api/v1/consensus/{codes['consensus']}",
        f"/api/v1/consensus/{codes['consensus']}/transitions",
    ]


@pytest.mark.abuse(1)
@pytest.mark.parametrize("own", [None, *(state for state in ReviewState if state is not ReviewState.SUBMITTED)])
def test_before_the_own_review_is_in_nothing_of_the_panel_is_there(world, own):
    codes = full_of_canaries(world, own)
    lena = world.client("lena")
    for path in pages_of(codes):
        answer = lena.get(path)
        assert answer.status_code == 404, path
        assert CANARY not in answer.text
    meeting = lena.get(f"/rounds/{codes['round']}/meeting")
    assert meeting.status_code == 200
    assert "Proposal 1" not in meeting.text
    assert CANARY not in meeting.text
    for path, sent in ((f"/proposals/{codes['p1']}/discussion", {"text": "I was here."}),
                       (f"/consensus/{codes['consensus']}/replies", {"answer": "confirm"})):  # fmt: skip
        assert lena.post(path, data=sent).status_code == 404


@pytest.mark.abuse(1)
def test_once_it_is_in_the_panel_reads_everything_by_name(world):
    codes = full_of_canaries(world, ReviewState.SUBMITTED)
    lena = world.client("lena")
    page = lena.get(f"/proposals/{codes['p1']}/discussion").text
    for word in ("Oskar Olsen", "Ilse Ivask", f"{CANARY} by-oskar", f"{CANARY}-said", f"{CANARY}-answered",
                 "As a whole by-ilse"):  # fmt: skip
        assert word in page
    consensus = lena.get(f"/consensus/{codes['consensus']}").text
    assert f"{CANARY}-note" in consensus
    assert f"{CANARY}-statement" in lena.get(f"/api/v1/consensus/{codes['consensus']}").text
    assert "Proposal 1" in lena.get(f"/rounds/{codes['round']}/meeting").text
    with world.acting() as w:
        places = {row.place for row in w.session.exec(select(Sight).where(Sight.reader_id == PEOPLE["lena"].id))}
    assert "discussion" in places


@pytest.mark.abuse(1)
def test_a_review_opened_again_closes_the_discussion_to_its_juror(world):
    codes = full_of_canaries(world, ReviewState.SUBMITTED)
    path = f"/proposals/{codes['p1']}/discussion"
    assert world.client("lena").get(path).status_code == 200
    for who in ("jaan", "kadri"):
        with world.acting(who) as w:
            jury.fire(w, review_of(w, codes["lena1"]), "reopen", Reopening(reason="Two comments were swapped."))
    for page in pages_of(codes):
        assert world.client("lena").get(page).status_code == 404, page


def test_without_enough_reviews_nobody_reads_anything(world):
    world.now = JURY
    with world.acting() as w:
        code = make_panel(w, make_round(w), {"lena": 20, "oskar": 40}, comment=CANARY).code
    for who, says in (("lena", "enough jurors have handed in"), ("jaan", "one more review")):
        answer = world.client(who).get(f"/proposals/{code}/discussion")
        assert answer.status_code == 200
        assert says in answer.text
        assert CANARY not in answer.text
    assert world.client("lena").post(f"/proposals/{code}/discussion", data={"text": "Too early."}).status_code == 409


@pytest.mark.abuse(4)
def test_teams_cities_and_other_jurors_learn_nothing(world):
    codes = full_of_canaries(world, ReviewState.SUBMITTED)
    with world.acting() as w:
        make_juror(w, round_of(w, codes["round"]), "katrin")
        w.add(Role(person_id=PEOPLE["katrin"].id, name=RoleName.JUROR))
    for who in ("mari", "sofia", "eero", "anna", "ravi", "katrin"):
        for path in pages_of(codes):
            if who == "ravi" and path.endswith("/reaction"):
                continue  # it is their own: tests/jury/test_reaction.py
            answer = world.client(who).get(path)
            assert answer.status_code == 404, (who, path)
            assert CANARY not in answer.text
    assert world.client("nobody").get(pages_of(codes)[0]).status_code == 303


@pytest.mark.abuse(9, 10)
def test_a_juror_with_a_conflict_finds_no_trace(world):
    """Her pages are those of somebody who never had the proposal, byte by byte."""
    codes = full_of_canaries(world, ReviewState.SUBMITTED)
    lena, meeting = world.client("lena"), f"/rounds/{codes['round']}/meeting"
    assert "Proposal 1" in lena.get(meeting).text
    with world.acting() as w:
        kept = review_of(w, codes["lena1"]).model_dump()
        w.session.exec(delete(Score).where(Score.review_id == kept["id"]))
        w.session.exec(delete(Review).where(Review.code == codes["lena1"]))
    never = {path: lena.get(path).text for path in (meeting, "/reviews")}
    with world.acting() as w:
        w.session.add(Review(**kept))
    with world.acting("lena") as w:
        jury.declare_conflict(w, proposal_of(w, codes["p1"]), STEP_ASIDE)
    assert {path: lena.get(path).text for path in never} == never
    for path in pages_of(codes):
        assert lena.get(path).status_code == 404, path


@pytest.mark.abuse(9)
def test_a_conflict_hides_the_discussion_whatever_the_review_says(world):
    codes = full_of_canaries(world, ReviewState.SUBMITTED)
    with world.acting() as w:
        proposal = proposal_of(w, codes["p1"])
        make_conflict(w, proposal, "lena", state=ConflictState.INFERRED)
        make_conflict(w, proposal, "jaan", state=ConflictState.DECLARED)
    for who in ("lena", "jaan"):
        for path in pages_of(codes):
            assert world.client(who).get(path).status_code == 404, (who, path)
        assert "Proposal 1" not in world.client(who).get(f"/rounds/{codes['round']}/meeting").text
    assert CANARY in world.client("kadri").get(pages_of(codes)[0]).text


@pytest.mark.abuse(1)
def test_who_judges_in_the_round_does_not_run_its_panels(world):
    codes = full_of_canaries(world, ReviewState.DRAFT)
    with world.acting() as w:
        w.add(Role(person_id=PEOPLE["lena"].id, name=RoleName.COORDINATOR))
    for path in pages_of(codes):
        assert world.client("lena").get(path).status_code == 404, path


def test_notes_are_added_by_the_panel_only_and_never_changed(world):
    codes = panel_of(world)
    path = f"/proposals/{codes['p1']}/discussion?gate=full_proposal"
    assert world.client("lena").post(path, data={"text": " "}).status_code == 422
    assert world.client("lena").post(path, data={"text": "I read the budget otherwise."}).status_code == 303
    assert "I read the budget otherwise." in world.client("oskar").get(path).text
    assert world.client("jaan").post(path, data={"text": "So do I."}).status_code == 403
    assert world.client("olev").post(path, data={"text": "So do I."}).status_code == 403
    with world.acting() as w:
        assert [note.text for note in w.session.exec(select(Note))] == ["I read the budget otherwise."]


@pytest.mark.abuse(9)
def test_what_a_juror_with_a_conflict_said_is_read_by_coordinators_only(world):
    codes = panel_of(world, {"lena": 20, "oskar": 40, "ilse": 40, "tiina": 40})
    with world.acting() as w:
        make_note(w, proposal_of(w, codes["p1"]), "ilse", CANARY)
    path = f"/proposals/{codes['p1']}/discussion"
    assert CANARY in world.client("oskar").get(path).text
    with world.acting("ilse") as w:
        jury.declare_conflict(w, proposal_of(w, codes["p1"]), STEP_ASIDE)
    oskar = world.client("oskar").get(path).text
    assert CANARY not in oskar
    assert "Ilse" not in oskar
    assert CANARY in world.client("jaan").get(path).text


@pytest.mark.abuse(9)
def test_a_review_of_a_juror_with_a_conflict_belongs_to_no_panel(world):
    """Inferred and not yet decided on: her marks are nowhere, and without them there are not enough."""
    codes = panel_of(world, {"lena": 20, "oskar": 40, "ilse": 40, "tiina": 40})
    path = f"/proposals/{codes['p1']}/discussion"
    assert "Ilse Ivask" in world.client("oskar").get(path).text
    with world.acting() as w:
        make_conflict(w, proposal_of(w, codes["p1"]), "ilse", state=ConflictState.INFERRED)
    assert "Ilse Ivask" not in world.client("oskar").get(path).text
    with world.acting() as w:
        make_conflict(w, proposal_of(w, codes["p1"]), "tiina", state=ConflictState.INFERRED)
    assert "not open yet" in world.client("oskar").get(path).text


def test_the_scope_is_in_the_query(world):
    """The predicate itself, without any page."""
    codes = full_of_canaries(world, ReviewState.DRAFT)
    with world.acting("lena", writing=False) as w, pytest.raises(Missing):
        queries.visible(w, codes["p1"])
    with world.acting("oskar", writing=False) as w:
        assert queries.visible(w, codes["p1"])[1] is FULL
        with pytest.raises(Missing):
            queries.visible(w, "ZZZZZZZZ")
    with world.acting("lena") as w, pytest.raises(Forbidden):
        actions.add_note(w, proposal_of(w, codes["p1"]), FULL, NoteIn(text="In between."))


def test_a_juror_who_left_the_panel_reads_no_more(world):
    codes = panel_of(world)
    with world.acting() as w:
        seat(w, round_of(w, codes["round"]), "oskar").left_at = w.now
    assert world.client("oskar").get(f"/proposals/{codes['p1']}/discussion").status_code == 404


def test_a_round_without_jurors_has_no_discussion(world):
    world.now = JURY
    with world.acting() as w:
        nobody_judges = {
            key: gate.model_copy(update={"judges": {"coordinators"}}) for key, gate in Rules().gates.items()
        }
        round_ = make_round(w, rules=Rules(gates=nobody_judges))
        code, round_code = make_judged(w, round_).code, round_.code
    assert world.client("jaan").get(f"/proposals/{code}/discussion").status_code == 404
    assert "No gate" in world.client("jaan").get(f"/rounds/{round_code}/briefing").text


def test_three_proposals_are_as_few_queries_as_one(world):
    found = []
    for count in (1, 3):
        with world.acting() as w:
            world.now = JURY
            round_ = make_round(w, title=f"Round of {count}")
            for number in range(count):
                make_panel(w, round_, title=f"Proposal {count}.{number}")
            code = round_.code
        for who in ("jaan", "lena"):
            world.client(who)
            with counted(world) as asked:
                assert world.client(who).get(f"/rounds/{code}/meeting").text.count("far apart") >= count
            found.append(len(asked))
    assert found[:2] == found[2:]


def test_submitting_the_last_review_that_is_needed_opens_it(world):
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w)
        proposal = make_panel(w, round_, {"oskar": 40, "ilse": 40})
        code = put_marks(w, make_review(w, proposal, seat(w, round_, "lena"), state=ReviewState.DRAFT), 40).code
        proposal_code = proposal.code
    with world.acting("lena") as w:
        jury.fire(w, review_of(w, code), "submit")
    assert world.client("oskar").get(f"/proposals/{proposal_code}/discussion").status_code == 200
    with world.acting("lena") as w, pytest.raises(Refused):
        jury.fire(w, review_of(w, code), "submit")


def test_a_late_review_does_not_open_it_a_second_time(world):
    codes = panel_of(world)
    with world.acting() as w:
        make_submitted(w, proposal_of(w, codes["p1"]), seat(w, round_of(w, codes["round"]), "tiina"))
    assert world.client("lena").get(f"/proposals/{codes['p1']}/discussion").status_code == 200
