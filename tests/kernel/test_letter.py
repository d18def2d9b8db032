from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select, update

from challenge.kernel import letter
from challenge.kernel.errors import Busy, Missing
from challenge.kernel.letter import Letter
from challenge.kernel.work import open_work


def post(w, subject="Hello", **more):
    return letter.post(
        w, address="mari@example.org", locale="en", subject=subject, text="words", html="<p>words", **more
    )


def only(world):
    with world.acting(writing=False) as w:
        return w.session.exec(select(Letter)).one()


def test_letter_is_posted_with_the_work_or_not_at_all(world):
    with pytest.raises(Missing), world.acting() as w:
        refuse_after(post(w))
    with world.acting() as w:
        assert letter.claim(w) is None


def refuse_after(_posted):
    raise Missing


def test_claimed_letter_is_held_until_the_lease_ends(world):
    with world.acting() as w:
        post(w)
    with world.acting() as w:
        held = letter.claim(w)
        assert letter.claim(w) is None
    world.move(minutes=5)
    with world.acting() as w:
        again = letter.claim(w)

    assert (held.id, held.message_id) == (again.id, again.message_id)
    assert again.attempts == 2


def test_sent_letter_is_done(world):
    with world.acting() as w:
        post(w)
        letter.sent(w, letter.claim(w))
    world.move(days=1)
    with world.acting() as w:
        assert letter.claim(w) is None
    assert only(world).text == "words"


def test_failed_letter_is_tried_later_and_later_and_given_up(world):
    with world.acting() as w:
        post(w)
    waits = []
    while only(world).failed_at is None:
        with world.acting() as w:
            letter.failed(w, letter.claim(w), "421 come back later")
        waits.append(only(world).next_try_at - world.now)
        world.now = max(world.now, only(world).next_try_at)

    assert len(waits) == letter.TRIES
    assert waits[:4] == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert only(world).error == "421 come back later"
    with world.acting() as w:
        assert letter.claim(w) is None


def test_refused_address_is_given_up_at_once(world):
    with world.acting() as w:
        post(w)
        letter.failed(w, letter.claim(w), "550 no such user", final=True)

    assert only(world).failed_at == world.now


def test_oldest_due_letter_goes_first(world):
    with world.acting() as w:
        post(w, "first")
        post(w, "second")
        assert [letter.claim(w).subject, letter.claim(w).subject, letter.claim(w)] == ["first", "second", None]
        assert [found.subject for found in letter.newest(w)] == ["second", "first"]


def test_secret_is_erased_when_it_was_sent(world):
    with world.acting() as w:
        post(w, not_after=world.now + timedelta(minutes=10))
        letter.sent(w, letter.claim(w))

    assert (only(world).text, only(world).html, only(world).subject) == ("", None, "Hello")


def test_secret_that_is_too_late_is_not_sent_but_erased(world):
    with world.acting() as w:
        post(w, not_after=world.now + timedelta(minutes=10))
    world.move(minutes=10)
    with world.acting() as w:
        assert letter.claim(w) is None
        assert letter.expire(w) == 1
        assert letter.expire(w) == 0

    assert (only(world).text, only(world).error) == ("", "too late")


def test_subject_stays_on_one_line(world):
    with world.acting() as w:
        assert post(w, "One\r\nBcc: all@example.org").subject == "One Bcc: all@example.org"


def test_many_deliverers_never_hold_the_same_letter(world):
    with world.acting() as w:
        for number in range(10):
            post(w, str(number))

    def deliver(_number):
        try:
            with open_work(world.database, world.now) as w:
                held = letter.claim(w)
        except Busy:
            return None
        return held.id if held else None

    with ThreadPoolExecutor(8) as pool:
        held = [letter_id for letter_id in pool.map(deliver, range(40)) if letter_id is not None]

    assert len(held) == len(set(held))


def test_database_knows_that_a_letter_is_sent_or_failed(world):
    with world.acting() as w:
        post(w)
    both = update(Letter).values(sent_at=world.now, failed_at=world.now)
    with pytest.raises(IntegrityError), world.acting() as w:
        w.session.exec(both)
