"""The nights in which clocks change (36), and two nodes whose clocks disagree (37)."""

from __future__ import annotations

from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from pydantic_core import PydanticCustomError

from challenge.kernel import migrate
from challenge.kernel.ask import local_instant
from challenge.rounds.states import RoundState
from challenge.submissions.states import SubmissionState
from tests.factories.rounds import make_round
from tests.factories.submissions import submission_in
from tests.rounds.browsing import values_of
from tests.world import Client, World

ZONES = ["Europe/Tallinn", "Europe/Dublin", "Europe/Lisbon", "America/New_York", "Pacific/Auckland",
         "Australia/Lord_Howe"]  # fmt: skip
SECOND = timedelta(seconds=1)
SKIPPED, TWICE = "The clock skips this time", "This time happens twice"


def changes(zone):
    """(the last clock time before a change, the first after it) of 2024–2040, found by halving days of UTC."""
    days = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=number) for number in range(17 * 365 + 5)]
    for day, next_day in pairwise(days):
        before = day.astimezone(zone).utcoffset()
        if before != next_day.astimezone(zone).utcoffset():
            seconds = range(24 * 60 * 60)
            first = bisect_left(seconds, 1, key=lambda n: (day + n * SECOND).astimezone(zone).utcoffset() != before)
            yield tuple((day + n * SECOND).astimezone(zone).replace(tzinfo=None) for n in (first - 1, first))


def tried(local, zone):
    """Why a clock time is refused, or the clock time that is shown of what was stored."""
    try:
        return local_instant(local, zone).astimezone(zone).replace(tzinfo=None)
    except PydanticCustomError as error:
        return error.type


@pytest.mark.abuse(36)
@pytest.mark.parametrize("name", ZONES)
def test_every_night_of_a_change_is_exact_to_the_second(name):
    zone, nights = ZoneInfo(name), list(changes(ZoneInfo(name)))
    assert len(nights) == 34  # two a year
    for last, first in nights:
        if first > last:  # the clock jumps ahead
            begins, ends, why = last + SECOND, first, "time_missing"
        else:  # and back
            begins, ends, why = first, last + SECOND, "time_twice"
        assert timedelta(minutes=30) <= ends - begins <= timedelta(hours=1)
        assert [tried(local, zone) for local in (begins - SECOND, ends)] == [begins - SECOND, ends]
        refused = {
            tried(begins + minutes * timedelta(minutes=1), zone) for minutes in range((ends - begins).seconds // 60)
        }
        assert refused | {tried(begins, zone), tried(ends - SECOND, zone)} == {why}


@pytest.mark.abuse(36)
@pytest.mark.parametrize("name", ZONES)
def test_what_is_typed_is_stored_and_shown_or_refused_with_the_reason(world, name):
    with world.acting() as w:
        code = make_round(w, state=RoundState.DRAFT, zone=name).code
    jaan, path, zone = world.client("jaan"), f"/rounds/{code}/edit/windows", ZoneInfo(name)
    nights = [night for night in changes(zone) if night[0].year == 2028]

    for last, first in nights:
        jumps = first > last
        hole = (last + SECOND if jumps else first) + timedelta(minutes=10)
        sent = {**values_of(jaan.get(path)), "jury_closes_at": hole.strftime("%Y-%m-%dT%H:%M")}
        refused = jaan.post(path, data=sent)
        assert refused.status_code == 422
        assert f'<a href="#jury_closes_at">{SKIPPED if jumps else TWICE}' in refused.text
        outside = (min(last + SECOND, first) - timedelta(minutes=1), max(last + SECOND, first))
        for local in outside:
            typed = local.strftime("%Y-%m-%dT%H:%M")
            sent = {**values_of(jaan.get(path)), "jury_closes_at": typed}
            assert jaan.post(path, data=sent).status_code == 303
            assert values_of(jaan.get(path))["jury_closes_at"] == [typed]


@pytest.mark.abuse(37)
@pytest.mark.parametrize("seconds", [5, -5, 1.5])
def test_a_node_with_a_wrong_clock_takes_nobody_and_the_other_goes_on(world, seconds):
    from alembic import command  # noqa: PLC0415 -- slow, and only here

    with world.database.engine.execution_options(writing=True).begin() as connection:
        command.stamp(migrate.config(connection), "head")
    wrong = World(world.database, world.settings.model_copy(update={"clock_shift_seconds": seconds}), world.now)
    code = submission_in(world, SubmissionState.DRAFT)
    mari = world.client("mari")

    ready = [node.client().get("/readyz") for node in (wrong, world)]

    one_clock = world.database.is_sqlite  # the file's clock is the node's
    assert [answer.status_code for answer in ready] == ([200, 200] if one_clock else [503, 200])
    assert ready[0].json()["checks"]["clock"] is one_clock
    assert mari.post(f"/submissions/{code}/transitions/submit", data={}).status_code == 303
    kept = Client(wrong.app, mari.token).get(f"/submissions/{code}/receipt.json").json()["content"]
    assert datetime.fromisoformat(kept["received_at"]) == world.now
