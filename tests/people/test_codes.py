"""Codes of an app and recovery codes: each once, and few guesses."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlmodel import select

from challenge.kernel.errors import Busy, TooMany
from challenge.kernel.limits import Attempt
from challenge.kernel.work import open_work
from challenge.people import actions, factors
from challenge.people.models import RecoveryCode
from tests.cast import PEOPLE
from tests.factories.people import (
    another_browser,
    app_of,
    cookie_of,
    guess,
    half_signed_in,
    letters_to,
    person_of,
    recovery_codes,
    shown_codes,
)
from tests.world import Client

MARI = PEOPLE["mari"].id
NEXT_CODE = 30  # seconds


def test_code_counts_once(world):
    app = app_of(world)
    world.move(seconds=NEXT_CODE)
    code = app.at(world.now)
    assert guess(half_signed_in(world), code).status_code == 303

    again = guess(half_signed_in(world), code)

    assert again.status_code == 422
    assert "was used already" in again.text


def test_code_of_the_setting_up_does_not_sign_in(world):
    app = app_of(world)

    assert guess(half_signed_in(world), app.at(world.now)).status_code == 422


@pytest.mark.parametrize(("off", "status"), [(-60, 422), (-30, 303), (0, 303), (30, 303), (60, 422)])
def test_clock_may_be_one_step_off(world, off, status):
    app = app_of(world)
    client = half_signed_in(world)
    world.move(minutes=5)

    assert guess(client, app.at(world.now.timestamp() + off)).status_code == status


def test_an_older_code_is_refused_once_a_newer_one_was_used(world):
    app = app_of(world)
    world.move(minutes=5)
    assert guess(half_signed_in(world), app.at(world.now)).status_code == 303

    assert guess(half_signed_in(world), app.at(world.now.timestamp() - NEXT_CODE)).status_code == 422


def test_code_of_somebody_else_does_not_sign_in(world):
    app_of(world)
    other = app_of(world, "sofia")
    world.move(seconds=NEXT_CODE)

    assert guess(half_signed_in(world), other.at(world.now)).status_code == 422


def taking(world, act):
    """Do it 50 times at once, as 50 requests would; how often it worked."""

    def take(_number):
        while True:
            try:
                with open_work(world.database, world.now, secret=world.settings.secret) as w:
                    return act(w)
            except Busy:
                continue

    with ThreadPoolExecutor(8) as pool:
        return sum(pool.map(take, range(50)))


def test_one_of_fifty_at_once_takes_the_code(world):
    app = app_of(world)
    world.move(seconds=NEXT_CODE)
    code = app.at(world.now)

    assert taking(world, lambda w: actions.matches(w, person_of(w), code)) == 1


def test_one_of_fifty_at_once_takes_the_recovery_code(world):
    app_of(world)
    code = recovery_codes(world)[0]

    assert taking(world, lambda w: actions.matches(w, person_of(w), code)) == 1


@pytest.mark.abuse(27)
def test_fifty_tries_at_once_are_five(world):
    def count(w):
        try:
            actions.count_try(w, MARI)
        except TooMany:
            return False
        return True

    assert taking(world, count) == 5


@pytest.mark.abuse(27)
def test_guesses_are_limited_and_a_right_code_waits_too(world):
    app = app_of(world)
    client = half_signed_in(world)
    with world.acting() as w:
        for attempt in w.session.exec(select(Attempt)).all():
            w.session.delete(attempt)

    answers = [guess(client, "000000").status_code for _ in range(5)]
    world.move(seconds=NEXT_CODE)
    refused = guess(client, app.at(world.now))

    assert answers == [422] * 5
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) == 270
    world.move(minutes=4, seconds=31)
    assert guess(client, app.at(world.now)).status_code == 303


@pytest.mark.abuse(27)
@pytest.mark.parametrize(("most", "every"), [(20, 6), (50, 16)])
def test_guesses_are_limited_over_the_hour_and_the_day(world, most, every):
    """Five at once, then a pause of so many minutes that only the longer limit is met."""
    for number in range(most):
        with world.acting() as w:
            actions.count_try(w, MARI)
        if number % 5 == 4:
            world.move(minutes=every)

    with world.acting() as w, pytest.raises(TooMany):
        actions.count_try(w, MARI)


def test_recovery_code_signs_in_once(world):
    app_of(world)
    code = recovery_codes(world)[3]

    answer = guess(half_signed_in(world), code.lower().replace("-", " "))
    again = guess(half_signed_in(world), code)

    assert (answer.status_code, again.status_code) == (303, 422)
    assert "Recovery codes left: 9" in Client(world.app, cookie_of(answer)).get(
        "/account", headers={"cookie": "; ".join(c.split(";")[0] for c in answer.headers.get_list("set-cookie"))}
    ).text  # fmt: skip
    with world.acting(writing=False) as w:
        assert factors.of(w, MARI).codes_left == 9
        assert "A recovery code was used." in letters_to(w, "mari@example.org")[1].text


def test_new_recovery_codes_make_the_old_ones_void(world):
    app_of(world)
    old = recovery_codes(world)[0]

    page = another_browser(world).post("/account/recovery-codes")

    assert len(shown_codes(page)) == 10
    assert guess(half_signed_in(world), old).status_code == 422


def test_recovery_codes_are_kept_as_hashes(world):
    app_of(world)
    code = recovery_codes(world)[0]

    with world.acting(writing=False) as w:
        kept = w.session.exec(select(RecoveryCode.code_hash)).all()
    assert len(code.replace("-", "")) == 24
    assert all(len(one) == 64 and code.replace("-", "") not in one for one in kept)


def test_recovery_code_of_somebody_else_does_not_sign_in(world):
    app_of(world)
    app_of(world, "sofia")
    theirs = recovery_codes(world, "sofia")[0]

    assert guess(half_signed_in(world), theirs).status_code == 422
