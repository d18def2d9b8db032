"""A jury at work, through pages: 24 proposals, nine jurors; one steps aside, one leaves, one scores by keyboard."""

import re
from collections import Counter

import pytest
from sqlmodel import col, select

from challenge.jobs import ticker
from challenge.jury.models import Juror, Review
from challenge.jury.states import LIVE, ReviewState
from challenge.people.models import Role
from challenge.people.states import RoleName
from challenge.rounds.schemas import Rules
from tests.browser.acting import Person
from tests.browser.test_keyboard import enter, reach
from tests.cast import PEOPLE
from tests.factories.jury import CRITERIA, FULL, JURY, make_conflict, make_judged, make_juror
from tests.factories.people import make_person
from tests.factories.proposals import make_challenge
from tests.factories.rounds import make_round

pytestmark = pytest.mark.browser
THEMES = [theme.key for theme in Rules().themes[:4]]
PROPOSALS, REVIEWS, MOST, SCORED = 24, 3, 10, 3


def panel(w, round_):
    """Nine jurors, each of two themes; lena has a conflict with one proposal."""
    names = ["lena", "oskar", "ilse"]
    for number in range(6):
        person = make_person(w, f"Juror {number}", f"juror{number}@example.org")
        w.add(Role(person_id=person.id, name=RoleName.JUROR, round_id=round_.id))
        w.add(
            Juror(
                round_id=round_.id, round_code=round_.code, person_id=person.id, invited_at=w.now, accepted_at=w.now,
                load_max=MOST, themes=[THEMES[number % 4], THEMES[(number + 1) % 4]], languages=["en"],
            )
        )  # fmt: skip
    for number, name in enumerate(names):
        make_juror(w, round_, name, load_max=MOST, themes=[THEMES[number], THEMES[3]], languages=["en", "et"])


@pytest.fixture
def round_code(stage):
    stage.world.now = JURY
    gates = Rules().gates
    rules = Rules(gates={**gates, FULL: gates[FULL].model_copy(update={"reviews": REVIEWS})})
    with stage.world.acting() as w:
        round_ = make_round(w, rules=rules)
        panel(w, round_)
        challenges = [make_challenge(w, round_, themes=[theme]) for theme in THEMES]
        made = [
            make_judged(w, round_, title=f"Proposal {number + 1:02}", challenges=[challenges[number % 4]])
            for number in range(PROPOSALS)
        ]
        make_conflict(w, made[0], "lena")
        return round_.code


def assigned(world):
    """(proposal, person, state) of everything that is to do or done."""
    with world.acting(writing=False) as w:
        rows = w.session.exec(
            select(Review.proposal_id, Juror.person_id)
            .join(Juror, col(Juror.id) == Review.juror_id)
            .where(col(Review.state).in_(LIVE))
        )
        return set(rows)


def suggest_and_assign(stage, jaan, round_code):
    """Asked for, computed by the job, looked at and assigned; what the page says of it."""
    jaan.go(f"/rounds/{round_code}/assignment?gate={FULL}").press("Suggest who reads what")
    jaan.sees("being computed")
    ticker.tick(stage.world.database, stage.world.settings, stage.world.clock)
    jaan.go(jaan.page.url.removeprefix(stage.url)).sees("proven optimal", "Nothing is assigned yet")
    said = jaan.said()
    jaan.press("Assign what is ticked")
    jaan.sees("assigned")
    return said


def test_a_jury_is_assigned_loses_people_and_scores(stage, round_code):
    jaan, oskar, ilse, lena = (Person(stage, name) for name in ("jaan", "oskar", "ilse", "lena"))

    suggest_and_assign(stage, jaan, round_code)
    first = assigned(stage.world)
    assert set(Counter(proposal for proposal, _person in first).values()) == {REVIEWS}
    assert max(Counter(person for _proposal, person in first).values()) <= MOST
    assert len(first) == PROPOSALS * REVIEWS

    oskar.go("/reviews").press("Open the next one")
    oskar.fill(answer="family", explanation="My sister wrote it.").press("Answer")
    left = assigned(stage.world)
    (stepped_aside,) = first - left
    assert stepped_aside[1] == PEOPLE["oskar"].id
    said = suggest_and_assign(stage, jaan, round_code)
    second = assigned(stage.world)
    assert left < second
    assert [proposal for proposal, _person in second - left] == [stepped_aside[0]]
    assert stepped_aside not in second
    assert "nothing moves" in said

    begin(lena)
    with stage.world.acting(writing=False) as w:
        place = w.session.exec(select(Juror.code).where(Juror.person_id == PEOPLE["ilse"].id)).one()
    ilse.go(f"/jurors/{place}").page.get_by_text("I cannot go on").click()
    ilse.press("Leave the panel")
    suggest_and_assign(stage, jaan, round_code)
    third = assigned(stage.world)
    of_ilse = {pair for pair in second if pair[1] == PEOPLE["ilse"].id}
    assert second - third == of_ilse
    assert Counter(proposal for proposal, _person in third - second) == Counter(
        proposal for proposal, _person in of_ilse
    )

    score(lena)
    for _number in range(SCORED - 1):
        begin(lena)
        score(lena)
    lena.go("/reviews").sees(f"{SCORED} of ")
    with stage.world.acting(writing=False) as w:
        done = w.session.exec(select(Review).where(Review.state == ReviewState.SUBMITTED)).all()
        assert len(done) == SCORED


def begin(lena):
    """From the queue into the next proposal, by keyboard alone: no conflict of interest."""
    page = lena.go("/reviews").page
    reach(page, "A", "Open the next one")
    enter(page)
    reach(page, "INPUT", "answer")
    page.keyboard.press("Space")
    reach(page, "BUTTON")
    enter(page)


def score(lena):
    """A digit for each mark, a comment, on to the check, and in."""
    page = lena.page
    for number, criterion in enumerate(CRITERIA):
        reach(page, "INPUT", f"{criterion}-mark")
        page.keyboard.press(str(3 + number % 3))
        if number % 2:
            page.keyboard.press(".")
        page.keyboard.press("Tab")
        page.keyboard.type("Costed for both.")
    reach(page, "BUTTON", "step")
    enter(page)
    assert re.search(r"/reviews/\w{8}/check$", page.url)
    reach(page, "BUTTON")
    enter(page)
