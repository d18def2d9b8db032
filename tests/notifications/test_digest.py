"""The daily mail about comments: numbers only, once, to those who may read them and have not."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from challenge.jobs import comments, ticker
from challenge.kernel import comment
from challenge.kernel.journal import Step
from challenge.kernel.letter import Letter
from challenge.kernel.looking import Looked
from challenge.notifications import digest
from challenge.people import actions as people
from challenge.people.models import Membership
from challenge.proposals import actions
from challenge.proposals.models import TeamMember
from challenge.proposals.states import ProposalState as S
from tests.cast import PEOPLE, PLACES
from tests.factories.people import person_of
from tests.factories.proposals import get, proposal_in
from tests.proposals.test_tasks import joins
from tests.ticking import tick

SECRET = "Zirkonium"
TEAM = {"ravi", "oskar"}
CITIES = {"mari", "peeter", "sofia"}  # lead and deputy of Tartu, lead of Helsinki


@pytest.fixture
def code(world):
    """Ravi leads, Oskar is in the team, Tartu and Helsinki are partners; what the way here set off is told."""
    made = proposal_in(world, S.CO_DEVELOPMENT, title="Hourly water")
    with world.acting() as w:
        joins(w, get(w, made), "oskar")
    tick(world)
    return made


def says(world, code, by, question="summary"):
    with world.acting(by) as w:
        made = comment.add(w, "proposal", get(w, code), question, text=f"{SECRET} one", proposed=None, base="")
    world.move(minutes=1)
    return made.code


def posts(world, code, by, question="summary"):
    sent = {"text": f"{SECRET} one"}
    assert world.client(by).post(f"/proposals/{code}/answers/{question}", data=sent).status_code == 303
    world.move(minutes=1)


def suggests(world, code, by, question="summary"):
    page = world.client(by).get(f"/proposals/{code}/answers/{question}").text
    base = page.split('name="base" value="')[1].split('"')[0]
    sent = {"text": "", "proposed": f"{SECRET} instead", "base": base}
    assert world.client(by).post(f"/proposals/{code}/answers/{question}", data=sent).status_code == 303
    world.move(minutes=1)


def morning(world):
    """The next one, after the hour of the digest; who was told then, with their letter."""
    next_day = (world.now + timedelta(days=1)).replace(hour=comments.HOUR, minute=0, second=5)
    world.now = next_day
    tick(world)
    with world.acting(writing=False) as w:
        steps = select(Step.id).where(Step.transition == digest.ACT)
        rows = w.session.exec(select(Letter).where(Letter.step_id.in_(steps), Letter.created_at == next_day)).all()
        by_id = {who.id: name for name, who in PEOPLE.items()}
        return {by_id[row.person_id]: row for row in rows}


def test_two_comments_and_a_suggestion_of_others_are_one_mail_with_numbers_and_no_word_of_them(world, code):
    posts(world, code, "ravi")
    posts(world, code, "oskar", "risks")
    suggests(world, code, "mari")
    found = morning(world)
    assert set(found) == TEAM | CITIES
    peeter = found["peeter"]
    assert peeter.subject == "3 new comments where you work"
    assert "– “Hourly water”: 2 comments, one suggested text" in peeter.text
    assert f"Hourly water: {world.settings.public_url}/proposals/{code}/check" in peeter.text
    assert "one comment, one suggested text" in found["ravi"].text  # without their own
    assert "“Hourly water”: one comment\n" in found["mari"].text  # who read the other one, and suggested the text
    for letter in found.values():
        assert SECRET not in letter.subject + letter.text + (letter.html or "")
    assert SECRET in world.client("peeter").get(f"/proposals/{code}/answers/summary").text  # who reads it there
    assert "2 comments" in world.client("peeter").get("/inbox").text
    assert SECRET not in world.client("peeter").get("/inbox").text


def test_the_next_day_and_the_next_tick_say_nothing_again(world, code):
    says(world, code, "ravi")
    assert set(morning(world)) == {"oskar"} | CITIES
    tick(world)
    world.move(hours=3)
    tick(world)
    with world.acting(writing=False) as w:
        assert len(w.session.exec(select(Step).where(Step.transition == digest.ACT)).all()) == 1
    assert morning(world) == {}
    says(world, code, "oskar")
    assert set(morning(world)) == {"ravi"} | CITIES


def test_of_ones_own_comment_one_is_not_told(world, code):
    says(world, code, "ravi")
    assert "ravi" not in morning(world)


def test_what_was_read_or_settled_in_the_meantime_is_not_told(world, code):
    says(world, code, "ravi")
    settled = says(world, code, "ravi", "risks")
    for question in ("summary", "risks"):
        world.client("oskar").get(f"/proposals/{code}/answers/{question}")
    world.client("mari").get(f"/proposals/{code}/answers/risks")
    says(world, code, "ravi", "needs")
    resolved = world.client("oskar").post(
        f"/proposals/{code}/answers/risks/comments/{settled}", data={"act": "resolve"}
    )
    assert resolved.status_code == 303
    found = morning(world)
    assert set(found) == {"oskar"} | CITIES
    assert "one comment" in found["oskar"].text  # of the needs
    assert "2 comments" in found["mari"].text  # and of the summary
    assert "2 comments" in found["peeter"].text


def test_looking_is_noted_once_until_something_is_new(world, code):
    says(world, code, "ravi")
    ats = []
    for _turn in range(2):
        world.move(minutes=5)
        world.client("oskar").get(f"/proposals/{code}/answers/summary")
        world.client("ravi").get(f"/proposals/{code}/answers/summary")
        with world.acting(writing=False) as w:
            [row] = w.session.exec(select(Looked)).all()
            ats.append((row.person_id, row.at))
    assert ats == [ats[0]] * 2
    says(world, code, "ravi")
    world.client("oskar").get(f"/proposals/{code}/answers/summary")
    with world.acting(writing=False) as w:
        assert w.session.exec(select(Looked.at)).one() > ats[0][1]


def test_whoever_lost_access_before_the_mail_is_not_told(world, code):
    says(world, code, "ravi")
    says(world, code, "oskar")
    with world.acting("oskar") as w:
        actions.leave(w, get(w, code))
    with world.acting() as w:
        w.session.delete(
            w.session.exec(
                select(Membership).where(
                    Membership.person_id == PEOPLE["mari"].id, Membership.organisation_id == PLACES["tartu"].id
                )
            ).one()
        )
    assert set(morning(world)) == {"ravi", "peeter", "sofia"}


def test_whoever_took_part_and_belongs_to_it_no_more_is_asked_of_the_policy(world, code):
    says(world, code, "mari")
    with world.acting() as w:
        for row in w.session.exec(select(Membership).where(Membership.organisation_id == PLACES["tartu"].id)).all():
            w.session.delete(row)
    says(world, code, "ravi")
    assert set(morning(world)) == {"ravi", "oskar", "sofia"}


def test_nobody_else_is_told(world, code):
    says(world, code, "ravi")
    with world.acting() as w:
        row = w.session.exec(select(TeamMember).where(TeamMember.person_id == PEOPLE["oskar"].id)).one()
        row.person_id, row.accepted_at = None, None  # invited, not joined
    found = morning(world)
    assert set(found) == CITIES  # not the coordinators, who read the proposal and not what is said of it


def test_who_wants_no_such_mail_gets_none_until_they_want_it_again(world, code):
    oskar, mine = world.client("oskar"), {"name": "Oskar Olsen", "locale": "en"}
    assert 'name="digest"' in oskar.get("/account").text
    assert oskar.post("/account", data={**mine, "digest": "true"}).status_code == 303
    assert "checked" in oskar.get("/account").text.split('name="digest"')[1].split(">")[0]
    assert oskar.post("/account", data=mine).status_code == 303
    assert "checked" not in oskar.get("/account").text.split('name="digest"')[1].split(">")[0]
    says(world, code, "ravi")
    assert set(morning(world)) == CITIES
    with world.acting("oskar") as w:
        people.revise(w, person_of(w, "oskar"), "Oskar Olsen", "en", digest=True)
    says(world, code, "ravi")
    found = morning(world)
    assert set(found) == {"oskar"} | CITIES
    assert "one comment" in found["oskar"].text  # not what was said while they wanted none


def test_nothing_new_is_not_even_journalled(world, code):
    assert morning(world) == {}
    with world.acting(writing=False) as w:
        assert w.session.exec(select(Step).where(Step.transition == digest.ACT)).all() == []


def test_what_is_still_being_written_is_told_the_next_day(world, code):
    world.now = world.now.replace(hour=comments.HOUR, minute=0, second=0) + timedelta(days=1) - comments.MARGIN / 2
    says(world, code, "ravi")
    world.now = world.now.replace(hour=comments.HOUR, minute=0, second=5)
    tick(world)
    with world.acting(writing=False) as w:
        assert w.session.exec(select(Step).where(Step.transition == digest.ACT)).all() == []
    assert set(morning(world)) == {"oskar"} | CITIES


def test_two_tickers_send_one_mail(world, code):
    says(world, code, "ravi")
    world.now = (world.now + timedelta(days=1)).replace(hour=comments.HOUR, minute=1)
    barrier, wrong = threading.Barrier(2), []

    def node():
        barrier.wait()
        try:
            ticker.tick(world.database, world.settings, world.clock)
        except Exception as error:  # noqa: BLE001 -- told in the main thread
            wrong.append(error)

    nodes = [threading.Thread(target=node) for _ in range(2)]
    for one in nodes:
        one.start()
    for one in nodes:
        one.join()
    assert wrong == []
    with world.acting(writing=False) as w:
        steps = select(Step.id).where(Step.transition == digest.ACT)
        told = [row.person_id for row in w.session.exec(select(Letter).where(Letter.step_id.in_(steps)))]
    assert sorted(told) == sorted(PEOPLE[name].id for name in {"oskar"} | CITIES)


def test_a_slot_has_the_day_in_its_key(world):
    with world.acting() as w:
        [(key, at)] = comments.due(w)
    assert (at.hour, datetime.fromisoformat(key.split(":", 1)[1])) == (comments.HOUR, at)
    world.now = world.now.replace(hour=comments.HOUR - 1)
    with world.acting() as w:
        assert list(comments.due(w)) == []
