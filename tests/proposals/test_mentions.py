"""Naming somebody of the team in a comment: picked or written, told once, and to nobody outside the team."""

from __future__ import annotations

import pytest
from sqlmodel import select

from challenge.http.mentions import named_in
from challenge.kernel.comment import Comment
from challenge.notifications.actions import tell
from challenge.notifications.models import Message
from challenge.people.models import Person
from challenge.proposals import actions
from challenge.proposals.states import ProposalState as S
from tests.cast import PEOPLE
from tests.factories.proposals import get, proposal_in
from tests.proposals.test_tasks import joins

ALL_TOLD = 500


@pytest.fixture
def code(world):
    made = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting() as w:
        joins(w, get(w, made), "oskar")
        joins(w, get(w, made), "eero")
    return made


def code_of_person(world, name):
    with world.acting() as w:
        return w.session.get_one(Person, PEOPLE[name].id).code


def says(world, code, text, *tell_, by="ravi"):
    sent = {"text": text, "tell": [code_of_person(world, name) for name in tell_]}
    return world.client(by).post(f"/proposals/{code}/answers/summary", data=sent)


def told(world):
    with world.acting() as w:
        tell(w, "https://x", ALL_TOLD)
        rows = w.session.exec(select(Message).where(Message.template == "proposal.mention.teammates")).all()
        return {next(n for n, p in PEOPLE.items() if p.id == row.person_id): (row.text, row.path) for row in rows}


def test_picked_or_written_with_an_at_they_hear_of_it(world, code):
    assert says(world, code, "@Oskar, is this the right number?", "eero").status_code == 303
    assert set(told(world)) == {"oskar", "eero"}
    text, path = told(world)["oskar"]
    assert text.startswith("Ravi Rao names you in a comment on “Summary”, in “Hourly water")
    assert "right number" not in text  # what was said stays in the service
    assert path == f"/proposals/{code}/answers/summary"
    assert "right number" in world.client("oskar").get(path).text


def test_a_person_of_a_partner_city_can_name_the_team(world, code):
    assert says(world, code, "@ravi rao: we agree", by="mari").status_code == 303
    assert set(told(world)) == {"ravi"}


def test_nobody_outside_the_team_can_be_named_or_hears_of_it(world, code):
    says(world, code, "@Mari Maasikas and @Jaan and @Tiina Tamm and @Oskar")
    assert set(told(world)) == {"oskar"}
    for name in ("mari", "jaan", "tiina", "ravi"):  # a partner city, the coordinator, a stranger, oneself
        refused = says(world, code, "Look", name)
        assert refused.status_code == 422, name
        assert "Choose from the list" in refused.text
    assert set(told(world)) == {"oskar"}
    for name in ("mari", "jaan"):
        assert "mention" not in world.client(name).get(f"/proposals/{code}").text.casefold()
    page = world.client("ravi").get(f"/proposals/{code}/answers/summary").text
    assert "Oskar Olsen" in page
    assert code_of_person(world, "jaan") not in page


def test_whoever_has_left_before_the_mail_goes_hears_nothing(world, code):
    says(world, code, "@Oskar and @Eero")
    with world.acting("oskar") as w:
        actions.leave(w, get(w, code))
    assert set(told(world)) == {"eero"}


def test_a_refused_comment_names_nobody(world, code):
    assert says(world, code, "", "oskar").status_code == 422
    assert says(world, code, "@Oskar " + "x" * 4_001).status_code == 422
    assert told(world) == {}
    with world.acting() as w:
        assert w.session.exec(select(Comment)).all() == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@Ravi Rao, look", {"1"}),
        ("@ravi  rao", {"1"}),
        ("@Ravi", set()),  # two have this name
        ("@Mari!", {"3"}),
        ("mail mari@mari.example", set()),
        ("@Marina", set()),
        ("Mari", set()),
        ("@Ravi Raun", {"2"}),
    ],
)
def test_a_name_after_an_at(text, found):
    assert named_in(text, {"1": "Ravi Rao", "2": "Ravi Raun", "3": "Mari Maasikas"}) == found
