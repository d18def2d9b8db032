from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from sqlmodel import select

from challenge.kernel import journal
from challenge.kernel.errors import Forbidden, Invalid, Refused
from challenge.rounds import actions, queries
from challenge.rounds.asks import News
from challenge.rounds.document import in_force
from challenge.rounds.models import Round
from challenge.rounds.schemas import Rules, WindowIn
from challenge.rounds.states import RoundState, WindowName
from tests.factories.rounds import make_round
from tests.rounds.documents import any_rules, document

TALLINN = ZoneInfo("Europe/Tallinn")


def test_a_round_begins_as_a_draft(world):
    with world.acting("jaan") as w:
        made = actions.start(w, document())
        assert (made.state, made.rules_version, made.published_at) == (RoundState.DRAFT, 1, None)
        assert in_force(w, made) == document()
    with world.acting() as w:
        (step,) = w.session.exec(select(journal.Step)).all()
        assert (step.transition, step.old_state, step.new_state, step.scope) == ("start", None, "draft", made.code)


def test_only_a_coordinator_of_all_rounds_begins_one(world):
    acts = [
        lambda w: actions.start(w, document()),
        lambda w: actions.import_yaml(w, "title: Mine\n"),
        lambda w: actions.import_past(w, document(), {}),
    ]
    for name in ["mari", "lena", "olev", "anna", "nobody"]:
        for act in acts:
            with world.acting(name) as w, pytest.raises(Forbidden):
                act(w)


def test_a_title_is_used_once(world):
    with world.acting("jaan") as w:
        first = actions.start(w, document("First"))
        second = actions.start(w, document("Second"))
        for act in (
            lambda: actions.start(w, document("First")),
            lambda: actions.clone(w, second, "First"),
            lambda: actions.revise(w, second, document("First")),
        ):
            with pytest.raises(Invalid) as refused:
                act()
            assert set(refused.value.problem.fields) == {"title"}
        actions.revise(w, first, document("First", summary="The same title is fine."))


def test_revise_writes_a_draft_and_raises_its_version(world):
    with world.acting() as w:
        code = make_round(w, state=RoundState.DRAFT).code
    new = document("New", rules=Rules(grace_seconds=30), windows=document().windows[:3], budget_cents=None)
    with world.acting("jaan") as w:
        round_ = queries.visible(w, code)
        before = round_.version
        actions.revise(w, round_, new)
        assert round_.version == before + 1
    with world.acting("jaan") as w:
        round_ = queries.visible(w, code)
        assert in_force(w, round_) == new
        only_dates = new.model_copy(update={"windows": new.windows[:2]})
        before = round_.version
        actions.revise(w, round_, only_dates)
        assert round_.version == before + 1
        assert in_force(w, round_) == only_dates


def test_who_may_revise(world):
    with world.acting() as w:
        code = make_round(w).code
    for name in ["mari", "olev", "anna", "nobody"]:
        with world.acting(name) as w, pytest.raises(Forbidden):
            actions.revise(w, queries.visible(w, code), document())
    with world.acting() as w:
        over = make_round(w, title="Over", state=RoundState.CLOSED)
        with pytest.raises(Refused) as refused:
            actions.revise(w, over, document())
        assert refused.value.problem.code == "round_over"


def test_preparing_what_is_in_force_prepares_nothing(world):
    with world.acting() as w:
        round_ = make_round(w)
        actions.revise(w, round_, in_force(w, round_))
        assert round_.amendment is None


@given(rules=any_rules())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_rules_go_through_the_database_and_yaml(world, rules):
    with world.acting() as w:
        for old in w.session.exec(select(Round)):
            old.title = old.code
        made = actions.start(w, document(rules=rules))
        code = made.code
    with world.acting() as w:
        round_ = queries.visible(w, code)
        assert queries.rules_of(round_) == rules
        text = actions.export_yaml(w, round_)
        round_.title = code
        w.session.flush()
        assert in_force(w, actions.import_yaml(w, text)) == document(rules=rules)


def test_import_says_what_is_wrong(world):
    with world.acting("jaan") as w:
        with pytest.raises(Invalid) as refused:
            actions.import_yaml(w, "title: A\nrules:\n  min_cities: 0\n")
        assert str(refused.value.problem.fields["rules.min_cities"]) == (
            "Line 3, rules.min_cities: Enter at least 1"
        )  # fmt: skip


def cloned(world, source, **how):
    with world.acting() as w:
        made = actions.start(w, document("Source", windows=[source]))
        clone = actions.clone(w, made, "Clone", **how)
        assert clone.cloned_from_id == made.id
        assert queries.rules_of(clone) == queries.rules_of(made)
        (window,) = in_force(w, clone).windows
        return window


def local(*parts):
    return datetime(*parts, tzinfo=TALLINN).astimezone(UTC)


def test_a_clone_keeps_day_and_hour_on_the_clock(world):
    source = WindowIn(
        name=WindowName.IDEAS, opens_at=local(2027, 2, 19, 9, 0), closes_at=local(2027, 4, 1, 17, 0)
    )  # fmt: skip
    window = cloned(world, source, years=3)
    assert window.dates == (local(2030, 2, 19, 9, 0), local(2030, 4, 1, 17, 0))


def test_a_clone_of_a_leap_day_closes_a_day_earlier(world):
    source = WindowIn(name=WindowName.IDEAS, opens_at=local(2028, 1, 1, 9, 0), closes_at=local(2028, 2, 29, 17, 0))
    assert cloned(world, source).closes_at == local(2029, 2, 28, 17, 0)


def test_a_clone_moves_an_hour_the_clock_skips(world):
    source = WindowIn(name=WindowName.IDEAS, opens_at=local(2027, 1, 1, 9, 0), closes_at=local(2027, 3, 26, 3, 30))
    closes_at = cloned(world, source).closes_at  # 26 March 2028 has no 03:30 in Tallinn
    assert closes_at.astimezone(TALLINN).replace(tzinfo=None) == datetime(2028, 3, 26, 4, 30)  # noqa: DTZ001 -- a clock


def test_a_clone_can_open_on_a_day(world):
    source = WindowIn(name=WindowName.IDEAS, opens_at=local(2027, 2, 19, 9, 0), closes_at=local(2027, 4, 1, 17, 0))
    window = cloned(world, source, opens_on=date(2028, 2, 18))
    assert window.dates == (local(2028, 2, 18, 9, 0), local(2028, 3, 30, 17, 0))


def test_a_past_round_has_no_rules_to_clone(world):
    with world.acting() as w:
        past = actions.import_past(w, document("Past"), {"year": 2020})
        assert (past.state, past.imported, past.published_at) == (RoundState.CLOSED, True, None)
        with pytest.raises(Refused):
            actions.clone(w, past, "Clone")


def test_a_draft_has_no_news(world):
    with world.acting() as w:
        round_ = make_round(w, state=RoundState.DRAFT)
        with pytest.raises(Refused) as refused:
            actions.announce(w, round_, News(title="Soon", text="It begins."))
        assert refused.value.problem is actions.NOT_PUBLISHED


def test_rules_are_parsed_once_and_never_stale(world):
    with world.acting() as w:
        round_ = make_round(w, state=RoundState.DRAFT)
        first = queries.rules_of(round_)
        assert queries.rules_of(round_) is first
        round_.rules = Rules(grace_seconds=1).model_dump(mode="json")
        assert queries.rules_of(round_).grace_seconds == 1


def test_news_is_newest_first_and_never_before_its_time(world):
    with world.acting("jaan") as w:
        code = make_round(w).code
    for title in ("First", "Second"):
        world.move(hours=1)
        with world.acting("jaan") as w:
            actions.announce(w, queries.visible(w, code), News(title=title, text="…"))
    with world.acting() as w:
        round_ = queries.visible(w, code)
        assert [item.title for item in queries.news(w, round_)] == ["Second", "First"]
        assert [item.title for item in queries.news(w, round_, limit=1)] == ["Second"]
    world.now -= timedelta(minutes=30)
    with world.acting() as w:
        assert [item.title for item in queries.news(w, queries.visible(w, code))] == ["First"]
