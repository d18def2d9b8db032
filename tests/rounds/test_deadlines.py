from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from challenge.kernel.ask import local_instant
from challenge.kernel.errors import Invalid
from challenge.rounds import actions, queries
from challenge.rounds.pages import clock_of
from challenge.rounds.rules import due_at, extended_until, is_open, not_over
from challenge.rounds.schemas import Rules
from challenge.rounds.states import RoundState, WindowName
from challenge.rounds.words import Moment
from tests.factories.rounds import WINDOWS, make_round

IDEAS_OPEN, IDEAS_CLOSE = WINDOWS[WindowName.IDEAS]
MS = timedelta(milliseconds=1)
GRACE = timedelta(seconds=120)


def record_of(round_, code="PRP00001"):
    """Any record with a code in a round."""
    return SimpleNamespace(code=code, round_id=round_.id, round_code=round_.code)


def test_due_at_is_the_close_of_the_window(world):
    with world.acting() as w:
        round_ = make_round(w)
        assert due_at(w, record_of(round_), "proposal", WindowName.IDEAS) == IDEAS_CLOSE


def test_an_extension_moves_one_record_of_one_workflow(world):
    until = IDEAS_CLOSE + timedelta(days=5)
    with world.acting() as w:
        round_ = make_round(w)
        mine, other = record_of(round_), record_of(round_, "PRP00002")
        actions.extend(w, mine, "proposal", until, "The server of the city was down.")

        assert due_at(w, mine, "proposal", WindowName.IDEAS) == until
        assert due_at(w, mine, "submission", WindowName.IDEAS) == IDEAS_CLOSE
        assert due_at(w, other, "proposal", WindowName.IDEAS) == IDEAS_CLOSE


def test_the_last_extension_stands_and_none_takes_time_away(world):
    with world.acting() as w:
        round_ = make_round(w)
        record = record_of(round_)
        actions.extend(w, record, "proposal", IDEAS_CLOSE + timedelta(days=9), "First.")
        actions.extend(w, record, "proposal", IDEAS_CLOSE + timedelta(days=3), "Second.")
        assert due_at(w, record, "proposal", WindowName.IDEAS) == IDEAS_CLOSE + timedelta(days=3)

        actions.extend(w, record, "proposal", IDEAS_CLOSE - timedelta(days=3), "Earlier than everybody's.")
        assert extended_until(w, record, "proposal") == IDEAS_CLOSE - timedelta(days=3)
        assert due_at(w, record, "proposal", WindowName.IDEAS) == IDEAS_CLOSE


def test_an_extension_is_journalled_and_lies_ahead(world):
    with world.acting("jaan") as w:
        record = record_of(make_round(w))
        with pytest.raises(Invalid) as refused:
            actions.extend(w, record, "proposal", w.now, "Too late.")
        assert set(refused.value.problem.fields) == {"until"}
        made = actions.extend(w, record, "proposal", w.now + MS, "In time.")
        assert (made.by_id, made.at) == (w.actor.id, w.now)


def test_without_a_window_nothing_is_due_and_nothing_is_open(world):
    with world.acting() as w:
        round_ = make_round(w, windows={})
        record = record_of(round_)
        assert due_at(w, record, "proposal", WindowName.IDEAS) is None
        assert not_over(w, record, "proposal", WindowName.IDEAS).code == "no_window"
        assert is_open(w, round_, WindowName.IDEAS).code == "no_window"
        assert queries.deadline(w, round_, WindowName.IDEAS) is None


@pytest.mark.parametrize(
    ("at", "accepted"),
    [
        (IDEAS_CLOSE - MS, True),
        (IDEAS_CLOSE, True),
        (IDEAS_CLOSE + GRACE - MS, True),
        (IDEAS_CLOSE + GRACE, False),
    ],
    ids=["D-1ms", "D", "D+G-1ms", "D+G"],
)
def test_accepted_until_and_without_deadline_and_grace(world, at, accepted):
    world.now = at
    with world.acting() as w:
        round_ = make_round(w)
        assert (not_over(w, record_of(round_), "proposal", WindowName.IDEAS) is None) is accepted
        assert (is_open(w, round_, WindowName.IDEAS) is None) is accepted


@pytest.mark.parametrize(("at", "accepted"), [(IDEAS_CLOSE - MS, True), (IDEAS_CLOSE, False)])
def test_grace_of_zero_ends_at_the_deadline(world, at, accepted):
    world.now = at
    with world.acting() as w:
        round_ = make_round(w, rules=Rules(grace_seconds=0))
        assert (not_over(w, record_of(round_), "proposal", WindowName.IDEAS) is None) is accepted


@pytest.mark.parametrize(("at", "accepted"), [(timedelta(), True), (GRACE - MS, True), (GRACE, False)])
def test_an_extension_has_the_same_grace(world, at, accepted):
    until = IDEAS_CLOSE + timedelta(days=5)
    with world.acting() as w:
        round_ = make_round(w)
        actions.extend(w, record_of(round_), "proposal", until, "Why.")
        code = round_.code
    world.now = until + at
    with world.acting() as w:
        record = record_of(queries.visible(w, code))
        assert (not_over(w, record, "proposal", WindowName.IDEAS) is None) is accepted


def test_a_window_opens_at_its_instant(world):
    world.now = IDEAS_OPEN - MS
    with world.acting() as w:
        problem = is_open(w, make_round(w), WindowName.IDEAS)
        assert problem.code == "not_open_yet"
        assert str(problem.text) == "“Ideas” opens Fri 19 February 2027, 09:00 (Tallinn)."
    world.now = IDEAS_OPEN
    with world.acting() as w:
        assert is_open(w, make_round(w, title="Another"), WindowName.IDEAS) is None


def test_a_closed_window_says_when_and_who_can_help(world):
    world.now = IDEAS_CLOSE + GRACE
    with world.acting() as w:
        round_ = make_round(w)
        problem = not_over(w, record_of(round_), "proposal", WindowName.IDEAS)
        assert "The deadline was Wed 31 March 2027, 17:00 (Tallinn)." in str(problem.text)
        assert is_open(w, round_, WindowName.IDEAS).code == "window_closed"


def test_deadline_as_data(world):
    until = IDEAS_CLOSE + timedelta(days=5)
    with world.acting() as w:
        round_ = make_round(w)
        record = record_of(round_)
        due = queries.deadline(w, round_, WindowName.IDEAS)
        assert (str(due.label), due.at, due.zone, due.grace_seconds, due.extended) == (
            "Ideas close", IDEAS_CLOSE, "Europe/Tallinn", 120, False,
        )  # fmt: skip
        actions.extend(w, record, "proposal", until, "Why.")
        due = queries.deadline(w, round_, WindowName.IDEAS, record, "proposal")
        assert (due.at, due.extended) == (until, True)


def test_a_clock_for_any_page(world):
    until = IDEAS_CLOSE + timedelta(days=5)
    with world.acting() as w:
        round_ = make_round(w)
        code = round_.code
        actions.extend(w, record_of(round_), "proposal", until, "Why.")
        clock = clock_of(w, round_, WindowName.IDEAS)
        assert (clock.label, clock.local, clock.grace_seconds) == ("Ideas close", "Wed 31 March 2027, 17:00", 120)
        assert clock_of(w, round_, WindowName.IDEAS, record_of(round_), "proposal").at == until
    world.now = IDEAS_CLOSE + timedelta(days=2)
    with world.acting() as w:
        clock = clock_of(w, queries.visible(w, code), WindowName.IDEAS)
        assert (clock.label, clock.distance, clock.state) == ("Ideas closed", "2 days ago", "closed")


@pytest.mark.parametrize(
    ("at", "label", "instant"),
    [
        (datetime(2027, 1, 1, tzinfo=UTC), "Challenges open", WINDOWS[WindowName.CHALLENGES][0]),
        (datetime(2027, 1, 10, tzinfo=UTC), "Challenges close", WINDOWS[WindowName.CHALLENGES][1]),
        (datetime(2027, 1, 31, 20, tzinfo=UTC), "Interests open", WINDOWS[WindowName.INTERESTS][0]),
        (datetime(2027, 12, 1, tzinfo=UTC), "The jury ends", WINDOWS[WindowName.JURY][1]),
    ],
)
def test_next_date(world, at, label, instant):
    world.now = at
    with world.acting() as w:
        due = queries.next_date(w, make_round(w))
        assert (str(due.label), due.at) == (label, instant)


def test_next_date_of_a_round_that_is_over_or_not_yet_told_is_none(world):
    world.now = datetime(2028, 1, 1, tzinfo=UTC)
    with world.acting() as w:
        assert queries.next_date(w, make_round(w)) is None
        assert queries.next_date(w, make_round(w, title="Draft", state=RoundState.DRAFT)) is None


def test_current_is_the_newest_published_round(world):
    with world.acting() as w:
        assert queries.current(w) is None
        make_round(w, title="Draft", state=RoundState.DRAFT)
        make_round(w, title="Closed", state=RoundState.CLOSED)
        make_round(w, title="First")
        newest = make_round(w, title="Second")
        assert queries.current(w).id == newest.id


ZONES = st.sampled_from(["Europe/Tallinn", "Europe/Dublin", "Europe/Lisbon", "America/New_York", "Pacific/Auckland"])
LOCAL = st.datetimes(datetime(2024, 1, 1), datetime(2035, 12, 31))  # noqa: DTZ001 -- wall-clock times


@pytest.mark.abuse(36)
@given(LOCAL, ZONES)
def test_a_local_time_is_one_instant_or_refused(local, zone_name):
    """Whatever is accepted shows the same clock again; whatever is refused is skipped or happens twice."""
    zone = ZoneInfo(zone_name)
    minutes = [local.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    shown = {instant.astimezone(zone).replace(tzinfo=None) for instant in minutes}

    kind, instant = tried(local, zone)

    assert kind == (None if minutes[0] == minutes[1] else "time_twice" if shown == {local} else "time_missing")
    assert instant is None or instant.astimezone(zone).replace(tzinfo=None) == local


def tried(local, zone):
    """(why not, None), or (None, the instant)."""
    try:
        return None, local_instant(local, zone)
    except PydanticCustomError as error:
        return error.type, None


@pytest.mark.abuse(36)
@given(st.integers(2024, 2035), st.sampled_from(["Europe/Tallinn", "Europe/Helsinki"]))
def test_each_year_refuses_the_hour_skipped_and_the_hour_twice(year, zone_name):
    zone = ZoneInfo(zone_name)
    last_sundays = []
    for month in (3, 10):
        day = datetime(year, month, 31)  # noqa: DTZ001 -- a wall-clock day
        last_sundays.append(day - timedelta(days=(day.weekday() + 1) % 7))
    for local, kind in zip(last_sundays, ("time_missing", "time_twice"), strict=True):
        with pytest.raises(PydanticCustomError) as refused:
            local_instant(local.replace(hour=3, minute=30), zone)
        assert refused.value.type == kind


def test_a_moment_is_said_on_the_clock_of_its_zone():
    assert str(Moment(IDEAS_CLOSE, "Europe/Dublin")) == "Wed 31 March 2027, 15:00 (Dublin)"
