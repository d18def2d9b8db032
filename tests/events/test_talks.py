"""A matchmaking day: the best timetable is proposed, changed by hand and sent; nobody is booked twice; who may know."""

import threading
from datetime import timedelta

import icalendar
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from challenge.events import actions, queries
from challenge.events.models import Event, Talk, TalkPerson
from challenge.events.schemas import PlanIn, TalkIn
from challenge.events.states import EventKind
from challenge.kernel.errors import Forbidden, Invalid, Refused
from challenge.notifications.models import Message
from challenge.people.models import Person
from challenge.proposals.models import Exclusion, Proposal
from challenge.rounds.states import CityRole
from tests.cast import PEOPLE
from tests.events.steps import act, get
from tests.factories.events import given_of, make_event, make_registration
from tests.factories.proposals import make_proposal
from tests.factories.rounds import make_round
from tests.partners.steps import describe
from tests.ticking import tick

PLAN = PlanIn(minutes=20, tables=2)
COMING = ("ravi", "eero", "mari", "sofia", "aoife", "peeter")


def a_day(world, *coming, **fields):
    """Two proposals, four cities' people with a seat; Tartu is ravi's partner already. The event's code."""
    with world.acting() as w:
        round_ = make_round(w)
        make_proposal(w, round_, title="Buoys", cities={"tartu": CityRole.LEAD})
        make_proposal(w, round_, title="Meters", lead="eero", cities={})
        for place in ("tartu", "helsinki", "fingal"):
            describe(w, place, themes=["energy"], offers="We measure bathing water hourly with buoys.")
        event = make_event(w, round_, kind=EventKind.MATCHMAKING, title="Matchmaking day", **fields)
        for slot, name in enumerate(coming or COMING, 1):
            make_registration(w, event, name, slot=slot)
        return event.code


def planned(world, code, plan=PLAN, by="jaan"):
    with world.acting(by, writing=False) as w:
        event = get(w, code)
        found, known = actions.to_plan(w, event, plan)
        w.session.expunge(event)
    talks = actions.computed(found, known, event, plan)
    act(world, by, code, actions.keep, plan, talks)


def talks_of(world, code, name="jaan"):
    """(proposal, city, slot, table) as this person sees them."""
    with world.acting(name, writing=False) as w:
        event = get(w, code)
        rows = queries.all_talks(w, event) if name == "jaan" else queries.own_talks(w, event)
        return [(row.proposal, row.city, row.talk.slot, row.talk.place) for row in rows]


def named(w, *pair):
    proposal, city = pair
    rows = {row.proposal + row.city: row.talk for row in queries.all_talks(w, w.session.exec(select(Event)).one())}
    return rows[proposal + city]


def test_proposals_and_cities_meet_except_where_they_work_together_already(world):
    code = a_day(world)
    planned(world, code)
    met = {row[:2] for row in talks_of(world, code)}
    assert met == {("Buoys", "Helsinki"), ("Buoys", "Fingal"), ("Meters", "Tartu"), ("Meters", "Helsinki"),
                   ("Meters", "Fingal")}  # fmt: skip
    with world.acting(writing=False) as w:
        booked = w.session.exec(select(TalkPerson.slot, TalkPerson.person_id)).all()
        assert len(booked) == len(set(booked)) == 10
        assert PEOPLE["peeter"].id not in {person for _slot, person in booked}, "one person speaks for a city"


def test_who_has_no_seat_or_a_closed_account_does_not_talk(world):
    code = a_day(world, "ravi", "sofia", "aoife")
    with world.acting() as w:
        make_registration(w, get(w, code), "mari")
        w.session.get_one(Person, PEOPLE["aoife"].id).disabled_at = w.now
    planned(world, code)
    assert [row[:2] for row in talks_of(world, code)] == [("Buoys", "Helsinki")]


def test_nobody_to_meet_and_a_day_too_short_are_said(world):
    code = a_day(world, "ravi")
    for plan, why in ((PLAN, Refused), (PlanIn(minutes=120, tables=1), Refused)):
        with pytest.raises(why):
            planned(world, code, plan)
    with world.acting() as w:
        event = get(w, code)
        event.ends_at = event.begins_at + timedelta(minutes=15)
    with pytest.raises(Invalid):
        planned(world, code)


def test_only_coordinators_plan_and_not_one_with_a_conflict(world):
    code = a_day(world)
    for name in ("mari", "olev"):
        with pytest.raises(Forbidden):
            planned(world, code, by=name)
    with world.acting() as w:
        buoys = w.session.exec(select(Proposal).where(Proposal.title == "Buoys")).one()
        w.add(Exclusion(proposal_id=buoys.id, person_id=PEOPLE["kadri"].id))
    with pytest.raises(Refused) as refused:
        planned(world, code, by="kadri")
    assert refused.value.problem.code == "others_plan"
    planned(world, code)
    page = world.client("kadri").get(f"/events/{code}/talks").text
    assert "Meters" in page
    assert "Buoys" not in page
    with world.acting() as w:
        webinar = make_event(w, make_round(w, title="Round 2028")).code
    assert world.client("jaan").get(f"/events/{webinar}/talks").status_code == 404


def test_each_sees_their_own_once_it_is_sent(world):
    code = a_day(world)
    planned(world, code)
    assert talks_of(world, code, "sofia") == []
    assert "Buoys" not in world.client("sofia").get(f"/events/{code}").text
    assert act(world, "jaan", code, actions.send) == 5
    assert {row[:2] for row in talks_of(world, code, "sofia")} == {("Buoys", "Helsinki"), ("Meters", "Helsinki")}
    page = world.client("sofia").get(f"/events/{code}").text
    assert "You meet Ravi Rao" in page
    assert "Fingal" not in page
    found = icalendar.Calendar.from_ical(world.client("sofia").get(f"/events/{code}/event.ics").content).walk("VEVENT")
    assert [str(one["uid"]).split("-")[0] for one in found] == ["event", "talk", "talk"]
    assert found[1]["dtend"].dt - found[1]["dtstart"].dt == timedelta(minutes=20)
    tick(world)
    with world.acting(writing=False) as w:
        told = w.session.exec(select(Message.person_id).where(Message.template.like("event.send_talks%"))).all()
    assert sorted(told) == sorted(PEOPLE[name].id for name in ("ravi", "eero", "mari", "sofia", "aoife"))


def test_a_talk_is_moved_added_and_removed_and_only_whom_it_concerns_is_told(world):
    code = a_day(world)
    planned(world, code)
    act(world, "jaan", code, actions.send)
    with world.acting("jaan") as w:
        actions.move_talk(w, get(w, code), named(w, "Buoys", "Fingal"), 6, 2)
    assert ("Buoys", "Fingal", 6, 2) in talks_of(world, code, "aoife")
    with world.acting("jaan") as w:
        actions.drop_talk(w, get(w, code), named(w, "Buoys", "Fingal"))
    assert "Buoys" not in {row[0] for row in talks_of(world, code, "aoife")}
    with world.acting("jaan") as w:
        sides = queries.sides(w, get(w, code))
        given = TalkIn(proposal=sides.proposals[0].code, city=sides.cities[-1].code, slot=5, place=1)
        made = actions.add_talk(w, get(w, code), given)
        assert made.slot == 5
    tick(world)
    with world.acting(writing=False) as w:
        rows = w.session.exec(select(Message.template, Message.person_id).where(Message.template.like("event.%"))).all()
    moved = {person for template, person in rows if "move_talk" in template}
    assert moved == {PEOPLE["ravi"].id, PEOPLE["aoife"].id}
    assert {person for template, person in rows if "drop_talk" in template} == moved


def test_who_gives_the_seat_back_frees_the_tables_and_the_others_are_told(world):
    code = a_day(world)
    planned(world, code)
    act(world, "jaan", code, actions.send)
    act(world, "eero", code, actions.leave)
    assert {row[0] for row in talks_of(world, code)} == {"Buoys"}
    tick(world)
    with world.acting(writing=False) as w:
        told = w.session.exec(select(Message.person_id).where(Message.template.like("event.drop_talk%"))).all()
    assert sorted(told) == sorted(PEOPLE[name].id for name in ("mari", "sofia", "aoife"))


def test_the_database_books_nobody_twice(world):
    code = a_day(world)
    planned(world, code)
    with world.acting(writing=False) as w:
        buoys = sorted(
            (row.talk.slot, row.talk.id) for row in queries.all_talks(w, get(w, code)) if row.proposal == "Buoys"
        )
        event_id = get(w, code).id
    (slot, first), (_other_slot, second) = buoys
    with pytest.raises(IntegrityError), world.acting() as w:
        w.session.execute(sa.update(Talk).where(Talk.id == second).values(slot=slot, place=5))
    with pytest.raises(IntegrityError), world.acting() as w:
        w.session.execute(sa.insert(TalkPerson).values(talk_id=second, event_id=event_id, slot=slot,
                                                       person_id=PEOPLE["mari"].id))  # fmt: skip
    with world.acting() as w:
        w.session.execute(sa.update(Talk).where(Talk.id == first).values(slot=6, place=5))
        moved = w.session.exec(select(TalkPerson.slot).where(TalkPerson.talk_id == first)).all()
        assert moved == [6, 6]


def test_two_coordinators_who_move_talks_at_once_book_nobody_twice(world):
    code = a_day(world)
    planned(world, code)
    barrier, wrong = threading.Barrier(2), []

    def move(who, place, *pair):
        barrier.wait()
        try:
            with world.acting(who) as w:
                actions.move_talk(w, get(w, code), named(w, *pair), 6, place)
        except IntegrityError as error:
            wrong.append(error)

    threads = [threading.Thread(target=move, args=("jaan", 1, "Buoys", "Helsinki")),
               threading.Thread(target=move, args=("kadri", 2, "Buoys", "Fingal"))]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(wrong) == 1
    assert len([row for row in talks_of(world, code) if row[2] == 6]) == 1


def test_the_day_is_not_cut_short_below_its_talks(world):
    code = a_day(world)
    planned(world, code)
    with world.acting("jaan") as w:
        event = get(w, code)
        was = {name: getattr(event, name) for name in given_of(w).model_dump()}
        shorter = given_of(w, **{**was, "ends_at": event.begins_at + timedelta(minutes=20)})
        with pytest.raises(Invalid) as refused:
            actions.revise(w, event, shorter)
    assert list(refused.value.problem.fields) == ["ends_at"]


def test_a_coordinator_plans_changes_and_sends_on_the_pages(world):
    code = a_day(world)
    jaan, base = world.client("jaan"), f"/events/{code}/talks"
    assert world.client("mari").get(base).status_code == 404
    assert "No talk is planned yet" in jaan.get(base).text
    assert "Enter at least 5" in jaan.post(f"{base}/plan", data={"minutes": "1", "tables": "2"}).text
    assert jaan.post(f"{base}/plan", data={"minutes": "20", "tables": "2"}).status_code == 303
    page = jaan.get(base).text
    assert "5 talks" in page
    assert "11:00–11:20" in page
    item = page.split(f"{base}/")[1].split("/")[0]
    assert jaan.post(f"{base}/{item}/time", data={"slot": "6", "place": "1"}).status_code == 303
    assert jaan.post(f"{base}/{item}/time", data={"slot": "7", "place": "1"}).status_code == 422
    other = next(one for one in jaan.get(base).text.split(f"{base}/")[1:] if one[8:10] == "/t" and one[:8] != item)[:8]
    clash = jaan.post(f"{base}/{other}/time", data={"slot": "6", "place": "1"})
    assert (clash.status_code, "Choose another" in clash.text) == (409, True)
    assert jaan.post(f"{base}/{item}/removal").status_code == 303
    assert "Choose a proposal" in jaan.post(base, data={"slot": "6", "place": "1"}).text
    assert jaan.post(f"{base}/send").status_code == 303
    assert "Send again" in jaan.get(base).text
    assert "Send again" not in world.client("olev").get(base).text
    assert "5 talks" not in world.client("olev").get(base).text
