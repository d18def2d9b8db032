"""Who sees what: nobody else's marks, nothing of what one stepped aside from, nothing for teams and cities."""

import re

import pytest
from sqlmodel import select

from challenge.jury import actions, queries
from challenge.jury.models import Conflict, Review
from challenge.jury.rules import scores_of
from challenge.jury.schemas import Reason, Stepping
from challenge.jury.states import ConflictKind, ConflictState, ReviewState
from challenge.kernel.errors import Missing
from challenge.people.models import Person, Role
from challenge.people.states import RoleName
from challenge.rounds.states import Gate
from tests.cast import PEOPLE
from tests.factories.jury import (
    FULL,
    JURY,
    juror_of,
    jury_of,
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

CANARY = "CNRY-oskar-comment"
STEP_ASIDE = Stepping(kind=ConflictKind.FAMILY, explanation="CNRY-explanation of lena")
JURY_PAGES = ("jurors", "assignment", "conflicts", "ranking")


def pages_of(codes):
    """Every address of the jury with the codes in it."""
    round_pages = [f"/rounds/{codes['round']}/{name}" for name in JURY_PAGES]
    reviews = [
        f"/reviews/{codes[key]}{more}"
        for key in codes if re.fullmatch(r"(lena|oskar|ilse)\d", key)
        for more in ("", "/check", "/transitions/reopen", "/transitions/recuse", "/transitions/release")
    ]  # fmt: skip
    jurors = [f"/jurors/{codes[key]}" for key in codes if key.startswith("juror_")]
    return [*round_pages, *reviews, *jurors, "/reviews"]


def submitted_by_oskar(world, state):
    """Oskar has submitted; lena's own review is in this state (None: she has none)."""
    codes = jury_of(world, "lena", "oskar", state=None)
    with world.acting() as w:
        proposal = proposal_of(w, codes["p1"])
        oskar = juror_of(w, codes["juror_oskar"])
        codes["oskar1"] = make_submitted(w, proposal, oskar, 35, comment=CANARY).code
        if state is not None:
            made = make_review(w, proposal, juror_of(w, codes["juror_lena"]), state=state)
            if state is not ReviewState.ASSIGNED:
                put_marks(w, made, 40)
            codes["lena1"] = made.code
    return codes


@pytest.mark.abuse(1)
def test_a_juror_sees_nothing_of_another_jurors_review(world):
    """Whatever her own review of the same proposal: none, not begun, a draft, submitted."""
    codes = jury_of(world, "lena", "oskar", proposals=4, state=None)
    with world.acting() as w:
        for number, state in enumerate((None, ReviewState.ASSIGNED, ReviewState.DRAFT, ReviewState.SUBMITTED), 1):
            proposal = proposal_of(w, codes[f"p{number}"])
            oskar, lena = juror_of(w, codes["juror_oskar"]), juror_of(w, codes["juror_lena"])
            codes[f"oskar{number}"] = make_submitted(w, proposal, oskar, 35, comment=CANARY).code
            if state is ReviewState.SUBMITTED:
                codes[f"lena{number}"] = make_submitted(w, proposal, lena, 40).code
            elif state is not None:
                codes[f"lena{number}"] = make_review(w, proposal, lena, state=state).code
    theirs = {code for key, code in codes.items() if key.startswith(("oskar", "juror_oskar"))}
    own = {code for key, code in codes.items() if key.startswith("lena")}
    opened = 0

    for path in pages_of(codes):
        answer = world.client("lena").get(path)
        leaked = [word for word in (CANARY, "Oskar", "oskar@example.org", *theirs) if word in answer.text]
        assert [word for word in leaked if word not in path] == [], path
        if answer.status_code == 200:
            assert path in ("/reviews", f"/jurors/{codes['juror_lena']}") or any(code in path for code in own), path
            opened += 1

    assert opened >= 5  # the queue, her place, and her three reviews: there was something to see
    with world.acting("lena", writing=False) as w:
        assert set(w.session.exec(select(Review.code).where(queries.visible_reviews(w)))) == own
        with pytest.raises(Missing):
            queries.ranking(w, round_of(w, codes["round"]), FULL)


@pytest.mark.abuse(11)
def test_what_one_may_not_know_of_is_the_same_as_what_is_not_there(world):
    codes = submitted_by_oskar(world, ReviewState.DRAFT)
    lena = world.client("lena")

    def bare(answer):
        return answer.status_code, answer.text.replace(codes["oskar1"], "CODE").replace("ZZZZZZZZ", "CODE")

    assert bare(lena.get(f"/reviews/{codes['oskar1']}")) == bare(lena.get("/reviews/ZZZZZZZZ"))
    assert lena.post(f"/reviews/{codes['oskar1']}", data={}).status_code == 404
    assert lena.post(f"/reviews/{codes['oskar1']}/declaration", data={"answer": "none"}).status_code == 404


@pytest.mark.abuse(10)
def test_after_stepping_aside_the_queue_is_that_of_somebody_never_assigned(world):
    """Two jurors with the same other work: one stepped aside from a proposal, the other never had it."""
    codes = jury_of(world, "lena", proposals=2)
    with world.acting() as w:
        assert w.session.exec(select(Review).where(Review.code == codes["lena1"])).one()
    untouched = _world_without(world, codes)
    with world.acting("lena") as w:
        actions.fire(w, review_of(w, codes["lena1"]), "recuse", STEP_ASIDE)

    for path in ("/reviews", f"/reviews/{codes['lena2']}"):
        assert world.client("lena").get(path).text == untouched[path]
    assert "Proposal 1" not in world.client("lena").get("/reviews").text
    assert world.client("lena").get(f"/reviews/{codes['lena1']}").status_code == 404
    with world.acting("lena", writing=False) as w:
        assert len(queries.queue(w).items) == 1


def _world_without(world, codes):
    """The pages of lena as if she had never been given the first proposal: the row is gone for the moment."""
    with world.acting() as w:
        row = review_of(w, codes["lena1"])
        kept = row.model_dump()
        w.session.delete(row)
    seen = {path: world.client("lena").get(path).text for path in ("/reviews", f"/reviews/{codes['lena2']}")}
    with world.acting() as w:
        w.session.add(Review(**kept))
    return seen


@pytest.mark.abuse(9, 10)
def test_a_conflict_hides_the_review_whatever_its_state_says(world):
    codes = jury_of(world, "lena", state=ReviewState.DRAFT)
    with world.acting() as w:
        made = make_conflict(w, proposal_of(w, codes["p1"]), state=ConflictState.INFERRED)
        conflict_id = made.id
    assert world.client("lena").get(f"/reviews/{codes['lena1']}").status_code == 404
    with world.acting("jaan") as w:
        actions.fire_conflict(w, w.session.get_one(Conflict, conflict_id), "lift", Reason(reason="Not so."))
    assert world.client("lena").get(f"/reviews/{codes['lena1']}").status_code == 200


def test_before_the_confidentiality_is_accepted_not_even_a_title_is_seen(world):
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w)
        juror = make_juror(w, round_, "lena", accepted=False)
        review = make_review(w, make_judged(w, round_, title="CNRY-title"), juror).code
        code = juror.code
    assert "CNRY-title" not in world.client("lena").get("/reviews").text
    assert world.client("lena").get(f"/reviews/{review}").status_code == 404
    world.client("lena").post(f"/jurors/{code}/acceptance", data={"contract": "yes", "confidentiality": "yes"})
    assert "CNRY-title" in world.client("lena").get("/reviews").text


@pytest.mark.abuse(4)
def test_teams_cities_and_others_learn_nothing_of_the_jury(world):
    codes = submitted_by_oskar(world, ReviewState.DRAFT)
    with world.acting() as w:
        for name in ("lena", "oskar"):
            person = w.session.get_one(Person, PEOPLE[name].id)
            person.name = f"CNRY-{name}-name"
        w.add(make_conflict(w, proposal_of(w, codes["p1"]), "ilse", reason="CNRY-reason"))
    for who in ("ravi", "mari", "sofia", "eero", "anna", "ilse"):
        for path in pages_of(codes):
            answer = world.client(who).get(path)
            assert answer.status_code == (200 if path == "/reviews" else 404), (who, path)
            assert "CNRY" not in answer.text
        answer = world.client(who).get(f"/proposals/{codes['p1']}")
        assert "CNRY" not in answer.text


def test_coordinators_and_observers_see_who_submitted_what_and_no_draft(world):
    codes = submitted_by_oskar(world, ReviewState.DRAFT)
    with world.acting() as w:
        for score in scores_of(w, review_of(w, codes["lena1"])).values():
            score.comment = "CNRY-draft"
    for who in ("jaan", "olev"):
        report = world.client(who).get(f"/reviews/{codes['oskar1']}")
        assert CANARY in report.text
        assert "Oskar Olsen" in report.text
        draft = world.client(who).get(f"/reviews/{codes['lena1']}")
        assert draft.status_code == 200
        assert "CNRY-draft" not in draft.text
    assert world.client("olev").post(f"/reviews/{codes['lena1']}", data={}).status_code == 403


@pytest.mark.abuse(9)
def test_a_coordinator_with_a_conflict_sees_neither_reviews_nor_place_of_the_proposal(world):
    codes = submitted_by_oskar(world, ReviewState.DRAFT)
    with world.acting() as w:
        make_conflict(w, proposal_of(w, codes["p1"]), "jaan")
    assert world.client("jaan").get(f"/reviews/{codes['oskar1']}").status_code == 404
    for name in ("ranking", "assignment"):
        assert "Proposal 1" not in world.client("jaan").get(f"/rounds/{codes['round']}/{name}").text
        assert "Proposal 1" in world.client("kadri").get(f"/rounds/{codes['round']}/{name}").text
    with world.acting("system", writing=False) as w:
        assert len(queries.ranking(w, round_of(w, codes["round"]), Gate.FULL_PROPOSAL).rows) == 1


@pytest.mark.abuse(1)
def test_who_judges_in_a_round_does_not_run_it_at_the_same_time(world):
    codes = submitted_by_oskar(world, ReviewState.DRAFT)
    with world.acting() as w:
        w.add(Role(person_id=PEOPLE["lena"].id, name=RoleName.COORDINATOR))
    assert world.client("lena").get(f"/reviews/{codes['oskar1']}").status_code == 404
    assert world.client("lena").get(f"/rounds/{codes['round']}/ranking").status_code == 404
    assert world.client("lena").get(f"/reviews/{codes['lena1']}").status_code == 200
