"""What the database refuses by itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from challenge.kernel.constraints import problem_of
from challenge.rounds.models import Announcement, Round, Window
from challenge.rounds.schemas import Rules
from challenge.rounds.states import RoundState, WindowName
from tests.factories.rounds import make_round

SOONER, LATER = datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)
OTHER = Rules(grace_seconds=0).model_dump(mode="json")


def refused(world, change):
    """What the database said to this change."""
    with pytest.raises((IntegrityError, OperationalError)) as said:
        attempt(world, change)
    return said.value


def attempt(world, change):
    with world.acting() as w:
        change(w)
        w.session.flush()


def test_rules_are_frozen_from_publish(world):
    for state in set(RoundState) - {RoundState.DRAFT}:
        with world.acting() as w:
            round_id = make_round(w, title=f"Round {state}", state=state).id

        def change(w, round_id=round_id):
            w.session.get_one(Round, round_id).rules = OTHER

        assert problem_of(refused(world, change)).code == "rules_frozen"


def test_rules_are_frozen_for_raw_sql_too(world):
    with world.acting() as w:
        round_id = make_round(w).id
    statement = text("UPDATE round SET rules = :rules, version = version + 1 WHERE id = :id")

    def change(w):
        w.session.connection().execute(statement, {"rules": "{}", "id": round_id})

    assert problem_of(refused(world, change)).code == "rules_frozen"


def test_the_version_of_rules_never_falls(world):
    with world.acting() as w:
        round_id = make_round(w, rules_version=3).id

    def change(w):
        w.session.get_one(Round, round_id).rules_version = 2

    assert problem_of(refused(world, change)).code == "rules_frozen"


def test_a_higher_version_frees_the_rules_and_a_draft_is_free(world):
    with world.acting() as w:
        published, draft = make_round(w), make_round(w, title="Draft", state=RoundState.DRAFT)
        published.rules, published.rules_version = OTHER, 2
        draft.rules = OTHER
    with world.acting() as w:
        assert w.session.get_one(Round, published.id).rules["grace_seconds"] == 0
        assert w.session.get_one(Round, draft.id).rules["grace_seconds"] == 0


def test_the_rest_of_a_published_round_may_change(world):
    with world.acting() as w:
        round_ = make_round(w)
        round_.summary = "Wider roads."
        w.session.flush()
        assert round_.version == 2


def test_a_window_opens_before_it_closes(world):
    with world.acting() as w:
        round_id = make_round(w, windows={}).id
    for opens_at, closes_at in ((LATER, SOONER), (SOONER, SOONER)):

        def change(w, opens_at=opens_at, closes_at=closes_at):
            w.add(Window(round_id=round_id, name=WindowName.IDEAS, opens_at=opens_at, closes_at=closes_at))

        assert problem_of(refused(world, change)).code == "window_order"


def test_a_round_has_each_window_once(world):
    with world.acting() as w:
        round_id = make_round(w).id

    def change(w):
        w.add(Window(round_id=round_id, name=WindowName.IDEAS, opens_at=SOONER, closes_at=LATER))

    assert isinstance(refused(world, change), IntegrityError)


def test_a_title_stands_once(world):
    with world.acting() as w:
        make_round(w, title="Twice")

    problem = problem_of(refused(world, lambda w: make_round(w, title="Twice")))
    assert (problem.code, set(problem.fields)) == ("title_taken", {"title"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"budget_cents": -1},
        {"rules_version": 0},
        {"open_matters": -1},
        {"state": RoundState.CLOSED, "open_matters": 1},
        {"state": RoundState.DRAFT, "amendment": {"title": "x"}},
    ],
    ids=str,
)
def test_numbers_that_cannot_be(world, wrong):
    assert isinstance(refused(world, lambda w: make_round(w, **wrong)), IntegrityError)


def test_published_has_a_date(world):
    def change(w):
        w.add(Round(title="Never told", rules={}, state=RoundState.PUBLISHED))

    assert isinstance(refused(world, change), IntegrityError)


def test_a_version_of_the_rules_is_announced_once(world):
    def change(w):
        round_ = make_round(w)
        for _ in range(2):
            w.add(
                Announcement(
                    round_id=round_.id, round_code=round_.code, title="Rules", text="Why", rules_version=2,
                    published_at=w.now,
                )
            )  # fmt: skip

    assert isinstance(refused(world, change), IntegrityError)
