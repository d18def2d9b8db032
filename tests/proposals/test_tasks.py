"""What a team has to do: what the gate misses and its own tasks; who does it, by when; told to nobody else."""

from __future__ import annotations

from datetime import date

import icalendar
import pytest
from sqlmodel import select

from challenge.kernel.errors import Forbidden, Invalid, Missing
from challenge.notifications.actions import tell
from challenge.notifications.models import Message
from challenge.people.models import Person
from challenge.proposals import actions
from challenge.proposals.asks import Assigned, NewTask
from challenge.proposals.models import TeamMember, TeamTask
from challenge.proposals.states import ProposalState as S
from challenge.proposals.states import TeamRole
from challenge.proposals.tasks import KEYS, tasks_of
from tests.cast import PEOPLE
from tests.factories.proposals import get, proposal_in

ALL_TOLD = 500


@pytest.fixture
def code(world):
    """Ravi leads, Oskar is in the team; the risks are not written and there is no budget."""
    made = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting() as w:
        joins(w, get(w, made), "oskar")
    with world.acting("ravi") as w:
        actions.revise(w, get(w, made), {"risks": ""})
        actions.set_budget(w, get(w, made), {})
    return made


def joins(w, proposal, name, role=TeamRole.RESEARCHER):
    who = w.session.get_one(Person, PEOPLE[name].id)
    w.add(TeamMember(proposal_id=proposal.id, person_id=who.id, name=who.name, email=who.email,
                     email_key=who.email_key, role=role, invited_at=w.now, accepted_at=w.now))  # fmt: skip


def who(world, name):
    with world.acting() as w:
        return w.session.get_one(Person, PEOPLE[name].id).code


def keys(w, code):
    return [item.key for item in tasks_of(w, get(w, code)) if not item.is_own]


def assigned(world, code, key, name="oskar", due="2027-03-01", by="ravi"):
    person = who(world, name)
    sent = {"act": "assign", "person": person, "due_on": due}
    return world.client(by).post(f"/proposals/{code}/tasks/{key}", data=sent)


def told(world):
    with world.acting() as w:
        tell(w, "https://x", ALL_TOLD)
        rows = w.session.exec(select(Message).where(Message.template.contains("_task."))).all()
        return [(next(n for n, p in PEOPLE.items() if p.id == row.person_id), row.text, row.path) for row in rows]


def test_what_is_missing_is_listed_given_and_gone_when_it_is_there(world, code):
    with world.acting() as w:
        assert keys(w, code) == ["part-risks", "budget", "commitments"]
        assert set(keys(w, code)) <= set(KEYS)
    assert assigned(world, code, "part-risks").status_code == 303
    page = world.client("oskar").get(f"/proposals/{code}/tasks").text
    assert "Risks and data protection" in page
    assert "by 1 March 2027" in page
    assert "Your task, still missing: Risks and data protection" in world.client("oskar").get("/home").text
    assert "Your task" not in world.client("ravi").get("/home").text

    with world.acting("ravi") as w:
        actions.revise(w, get(w, code), {"risks": "Rain."})
        assert keys(w, code) == ["budget", "commitments"]
    assert "Your task" not in world.client("oskar").get("/home").text
    with world.acting("ravi") as w:
        actions.revise(w, get(w, code), {"risks": ""})
    assert "Your task" in world.client("oskar").get("/home").text


def test_whom_it_is_given_to_hears_of_it_once_and_nobody_else(world, code):
    assigned(world, code, "budget")
    assigned(world, code, "budget", due="2027-04-01")
    [(name, text, path)] = told(world)
    assert (name, path) == ("oskar", f"/proposals/{code}/tasks")
    assert text.endswith("this is yours to do: Budget by partner")


def test_a_task_of_the_team_is_written_down_done_opened_and_taken_off(world, code):
    ravi, path = world.client("ravi"), f"/proposals/{code}/tasks"
    assert ravi.post(path, data={"title": "", "person": "", "due_on": ""}).status_code == 422
    given = {"title": "Ask the harbour master", "person": who(world, "oskar"), "due_on": "2027-01-05"}
    assert ravi.post(path, data=given).status_code == 303
    assert "Late" in ravi.get(path).text  # the world's day is later
    assert "Your task: Ask the harbour master" in world.client("oskar").get("/home").text
    with world.acting() as w:
        own = w.session.exec(select(TeamTask)).one()
    oskar = world.client("oskar")
    assert oskar.post(f"{path}/{own.code}", data={"act": "done"}).status_code == 303
    assert "harbour master" not in oskar.get("/home").text
    assert oskar.post(f"{path}/{own.code}", data={"act": "reopen"}).status_code == 303
    assert assigned(world, code, own.code, "ravi").status_code == 303
    assert oskar.post(f"{path}/{own.code}", data={"act": "drop"}).status_code == 303
    assert oskar.post(f"{path}/{own.code}", data={"act": "done"}).status_code == 404
    assert oskar.post(f"{path}/{own.code}", data={"act": "sing"}).status_code == 404


def test_a_wrong_day_is_said_at_its_task(world, code):
    page = assigned(world, code, "budget", due="soon")
    assert page.status_code == 422
    assert "Enter a date, for example 2027-03-31" in page.text
    assert 'value="soon"' in page.text


def test_dated_tasks_are_in_the_calendar_of_whoever_does_them(world, code):
    assigned(world, code, "budget", "ravi")
    ravi = world.client("ravi")
    address = ravi.post("/account/calendar").text.split("/calendar/")[1].split(".ics")[0]
    file = icalendar.Calendar.from_ical(world.client("nobody").get(f"/calendar/{address}.ics").content)
    found = {str(one["summary"]): one for one in file.walk("VEVENT")}
    task = next(one for title, one in found.items() if title.startswith("Budget by partner: "))
    assert task["dtstart"].dt.date() == date(2027, 3, 1)
    assert any("Pilot proposals close" in title for title in found)


def test_nobody_outside_the_team_is_given_a_task_or_learns_of_one(world, code):
    oskar, mari = who(world, "oskar"), who(world, "mari")
    with world.acting("ravi") as w:
        actions.add_task(w, get(w, code), NewTask(title="Secret talk", person=oskar))
    assert "Secret talk" in world.client("oskar").get(f"/proposals/{code}/tasks").text
    for name in ("mari", "jaan"):  # a partner city and the coordinator read the proposal, and not this
        assert world.client(name).get(f"/proposals/{code}").status_code == 200
        assert world.client(name).get(f"/proposals/{code}/tasks").status_code == 403
        shown = world.client(name).get(f"/proposals/{code}").text
        assert "Answers changed" in shown
        assert "Secret talk" not in shown
        assert "task" not in shown.casefold().replace("tasks and their months", "")
    assert world.client("eero").get(f"/proposals/{code}/tasks").status_code == 404
    refused = assigned(world, code, "budget", "mari")
    assert refused.status_code == 422
    with world.acting("ravi") as w, pytest.raises(Invalid):
        actions.assign_task(w, get(w, code), "budget", Assigned(person=mari))
    with world.acting("ravi") as w, pytest.raises(Missing):
        actions.assign_task(w, get(w, code), "part-summary", Assigned())
    with world.acting("mari") as w, pytest.raises(Forbidden):
        actions.add_task(w, get(w, code), NewTask(title="Of a city"))


def test_whoever_leaves_hears_nothing_more_and_leaves_the_task_to_the_others(world, code):
    assigned(world, code, "budget")
    with world.acting("oskar") as w:
        actions.leave(w, get(w, code))
    assert told(world) == []
    with world.acting() as w:
        assert [row.person_id for row in w.session.exec(select(TeamTask))] == [None]


def test_a_mentor_reads_the_list(world, code):
    with world.acting() as w:
        joins(w, get(w, code), "lena", TeamRole.MENTOR)
    page = world.client("lena").get(f"/proposals/{code}/tasks")
    assert page.status_code == 200
    assert "Put it on the list" not in page.text
    assert assigned(world, code, "budget", by="lena").status_code == 403
