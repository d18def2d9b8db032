"""A role can be given until a day: for a colleague who fills in. It ends by itself, at the minute, everywhere."""

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from challenge.kernel.errors import Invalid
from challenge.people import actions
from challenge.people.models import Role
from challenge.people.states import RoleName
from tests.cast import PEOPLE
from tests.factories.people import another_browser, person_of, steps
from tests.factories.yearly import holds, run_jobs

LAST = date(2027, 1, 14)  # the world begins on the 10th


def give(world, last, role="coordinator", who="anna"):
    with world.acting(writing=False) as w:
        path = f"/people/{person_of(w, 'katrin').code}"
    return another_browser(world, who).post(f"{path}/roles", data={"role": role, "round": "", "last": str(last or "")})


def rows(world):
    with world.acting(writing=False) as w:
        return w.session.exec(select(Role).where(Role.person_id == PEOPLE["katrin"].id)).all()


def test_it_ends_with_the_day_in_the_next_request(world):
    assert give(world, LAST).status_code == 303
    client = another_browser(world, "katrin")
    assert client.get("/journal").status_code == 200
    found = []
    for _day in range(7):
        found.append(holds(world, "katrin", "coordinator"))
        world.move(days=1)
    assert found == [True] * 5 + [False] * 2
    assert another_browser(world, "katrin").get("/journal").status_code == 403


def test_the_job_clears_it_away_and_the_journal_says_so(world):
    give(world, LAST)
    world.move(days=4)
    run_jobs(world)
    assert len(rows(world)) == 1
    world.move(hours=13)  # midnight in Tallinn is over
    run_jobs(world)
    assert rows(world) == []
    assert [step for step in steps(world, "person") if "role" in step] == ["give_role", "end_role"]


def test_pages_say_until_when(world):
    give(world, LAST)
    with world.acting(writing=False) as w:
        path = f"/people/{person_of(w, 'katrin').code}"
    assert "ends by itself after 14 January 2027" in another_browser(world, "anna").get(path).text
    assert "ends by itself after 14 January 2027" in another_browser(world, "katrin").get("/account").text


def test_giving_it_again_moves_the_end(world):
    give(world, LAST)
    give(world, LAST)
    give(world, date(2027, 2, 1))
    assert [row.until.date() for row in rows(world)] == [date(2027, 2, 1)]
    give(world, None)
    assert [row.until for row in rows(world)] == [None]
    assert steps(world, "person") == ["give_role"] * 3


@pytest.mark.parametrize(
    ("last", "role", "says"),
    [
        (date(2027, 1, 9), "coordinator", "This day is over."),
        (date(2027, 12, 31), "coordinator", "At most half a year."),
        (LAST, "administrator", "An administrator is one without an end."),
        ("soon", "coordinator", "Enter a date"),
    ],
)
def test_a_wrong_day_is_told_at_its_field(world, last, role, says):
    answer = give(world, last, role)
    assert answer.status_code == 422
    assert says in answer.text
    assert rows(world) == []


def test_the_database_knows_no_administrator_with_an_end(world):
    with world.acting("anna") as w, pytest.raises(Invalid):
        actions.give_role(w, person_of(w, "katrin"), RoleName.ADMINISTRATOR, None, LAST)
    with pytest.raises(IntegrityError), world.acting() as w:
        w.add(Role(person_id=PEOPLE["katrin"].id, name=RoleName.ADMINISTRATOR, until=w.now))
