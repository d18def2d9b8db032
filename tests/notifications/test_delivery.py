import pytest
from sqlmodel import select

from challenge.kernel import letter as letters
from challenge.kernel.letter import Letter
from challenge.notifications.delivery import deliver
from tests import smtp


@pytest.fixture
def sink(world):
    with smtp.serving() as (url, made):
        world.settings = world.settings.model_copy(update={"smtp_url": url})
        yield made


def post(world, *addresses, **fields):
    with world.acting() as w:
        for address in addresses:
            letters.post(w, address=address, locale="et", subject="Tähtaeg läheneb", text="Õhtu jõuab.", **fields)


def run(world):
    return deliver(world.database, world.settings, world.clock)


def rows(world):
    with world.acting(writing=False) as w:
        return list(w.session.exec(select(Letter).order_by(Letter.id)))


@pytest.mark.abuse(7)
def test_a_letter_goes_out_once_to_one_person(world, sink):
    post(world, "mari@example.org", "sofia@example.org")
    assert run(world) == 2
    assert run(world) == 0
    assert [to for _from, to, _content in sink.taken] == [["mari@example.org"], ["sofia@example.org"]]
    first = sink.mails[0]
    assert (first["Subject"], first.get_content().strip()) == ("Tähtaeg läheneb", "Õhtu jõuab.")
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Cc"] is None
    assert len({mail["Message-ID"] for mail in sink.mails}) == 2


def test_without_a_server_letters_wait(world):
    post(world, "mari@example.org")
    assert run(world) == 0
    assert rows(world)[0].attempts == 0


def test_a_server_that_is_down_loses_nothing(world):
    with smtp.serving() as (url, _sink):
        pass  # the address of a server that has gone
    world.settings = world.settings.model_copy(update={"smtp_url": url})
    post(world, "mari@example.org")
    assert run(world) == 0
    with smtp.serving() as (url, sink):
        world.settings = world.settings.model_copy(update={"smtp_url": url})
        assert run(world) == 0  # not before its next try
        world.move(minutes=2)
        assert run(world) == 1
    assert len(sink.taken) == 1


def test_a_refused_address_is_given_up_and_holds_nobody_back(world, sink):
    sink.answers["gone@example.org"] = "550 no such user"
    post(world, "gone@example.org", "mari@example.org")
    assert run(world) == 1
    gone, fine = rows(world)
    assert gone.failed_at == world.now
    assert "550" in gone.error
    assert fine.sent_at == world.now


def test_a_busy_server_is_tried_again_later_and_longer(world, sink):
    sink.answers["mari@example.org"] = "451 later"
    post(world, "mari@example.org")
    for minutes in (1, 2, 4):
        run(world)
        assert (rows(world)[0].next_try_at - world.now).total_seconds() == minutes * 60
        world.move(minutes=minutes)
    sink.answers.clear()
    assert run(world) == 1


def test_a_letter_claimed_by_a_deliverer_that_died_is_taken_over_after_the_lease(world, sink):
    post(world, "mari@example.org")
    with world.acting() as w:
        assert letters.claim(w) is not None
    assert run(world) == 0
    world.move(minutes=6)
    assert run(world) == 1


def test_the_inbox_and_the_outbox_are_pages(world):
    assert world.client("mari").get("/inbox").status_code == 200
    post(world, "mari@example.org")
    page = world.client().get("/outbox")
    assert page.status_code == 200
    assert "Tähtaeg läheneb" in page.text
