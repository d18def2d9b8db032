"""A team invites a city; the city's lead or deputy answers by a date; nothing more is told before that."""

from datetime import timedelta

import pytest
from sqlmodel import select

from challenge.kernel.errors import Forbidden, Invalid, Missing, Refused
from challenge.notifications.models import Message
from challenge.partners import actions, queries
from challenge.partners.rules import OPEN_AT_ONCE
from challenge.partners.schemas import Refusal
from challenge.partners.workflow import INVITATION
from challenge.proposals import content
from challenge.proposals import queries as proposals
from challenge.rounds.states import CityRole
from tests.cast import PEOPLE
from tests.factories.proposals import code_of, get
from tests.partners.steps import SECRET, invitation, invited, only_tartu
from tests.ticking import tick


def answer(world, code, name, by="sofia", **fields):
    with world.acting(by) as w:
        actions.fire(w, queries.invitation(w, code), name, Refusal(**fields) if fields else None)


def test_who_accepts_is_a_partner_city_and_reads_the_proposal(world):
    code = only_tartu(world)
    asked = invited(world, code)
    with world.acting("sofia", writing=False) as w, pytest.raises(Missing):
        proposals.visible(w, code)
    answer(world, asked, "accept")
    with world.acting("sofia", writing=False) as w:
        proposal = proposals.visible(w, code)
        assert [(city.name, city.role) for city in content.cities(w, proposal)] == [
            ("Tartu", CityRole.LEAD), ("Helsinki", CityRole.PILOT),
        ]  # fmt: skip
        kept = invitation(w, asked)
        assert (kept.state, kept.answered_by_id, kept.answered_at) == ("accepted", PEOPLE["sofia"].id, world.now)


def test_who_declines_says_why_and_is_not_asked_again(world):
    code = only_tartu(world)
    asked = invited(world, code)
    answer(world, asked, "decline", reason="No staff this year.")
    with world.acting("ravi", writing=False) as w:
        assert queries.invitation(w, asked).reason == "No staff this year."
        assert [city.name for city in content.cities(w, get(w, code))] == ["Tartu"]
    with pytest.raises(Refused) as refused:
        invited(world, code)
    assert refused.value.problem.code == "city_declined"


def test_only_the_lead_or_the_deputy_of_the_city_answers(world):
    asked = invited(world, only_tartu(world))
    for name in ("ravi", "jaan"):
        with pytest.raises(Forbidden):
            answer(world, asked, "accept", by=name)
    for name in ("aoife", "eero", "lena", "nobody"):
        with pytest.raises(Missing):
            answer(world, asked, "accept", by=name)


def test_only_who_runs_the_team_or_the_round_invites_and_takes_back(world):
    code = only_tartu(world)
    for name in ("mari", "olev", "sofia"):
        with pytest.raises(Forbidden):
            invited(world, code, by=name)
    asked = invited(world, code)
    with pytest.raises(Forbidden):
        answer(world, asked, "take_back")
    answer(world, asked, "take_back", by="ravi")
    with pytest.raises(Refused):
        answer(world, asked, "accept")
    again = invited(world, code, by="jaan")
    assert again != asked
    answer(world, again, "take_back", by="kadri")


def test_nobody_answers_after_the_date_and_then_it_lapses(world):
    code = only_tartu(world)
    asked = invited(world, code)
    world.move(days=10)
    for name, fields in (("accept", {}), ("decline", {"reason": "Late."})):
        with pytest.raises(Refused) as refused:
            answer(world, asked, name, **fields)
        assert refused.value.problem.code == "answer_over"
    tick(world)
    with world.acting() as w:
        assert invitation(w, asked).state == "lapsed"
    invited(world, code)


def test_nothing_lapses_before_its_date(world):
    asked = invited(world, only_tartu(world))
    with world.acting() as w, pytest.raises(Refused):
        INVITATION.cause(w, invitation(w, asked), "lapse")
    with world.acting() as w:
        actions.lapse_overdue(w)
        assert invitation(w, asked).state == "asked"


@pytest.mark.parametrize(("days", "fits"), [(0, False), (60, True), (61, False)])
def test_the_date_is_ahead_and_not_far(world, days, fits):
    code = only_tartu(world)
    if fits:
        invited(world, code, answer_by=world.now + timedelta(days=days))
        return
    with pytest.raises(Invalid) as refused:
        invited(world, code, answer_by=world.now + timedelta(days=days))
    assert "answer_by" in refused.value.problem.fields


def test_a_city_is_asked_once_at_a_time_and_a_team_asks_few_at_a_time(world):
    code = only_tartu(world)
    invited(world, code)
    with pytest.raises(Refused) as refused:
        invited(world, code)
    assert refused.value.problem.code == "asked_already"
    for place in ("fingal", "dlr", "tallinn", "narva"):
        invited(world, code, place)
    with world.acting("ravi", writing=False) as w:
        assert len(queries.invitations(w, get(w, code))) == OPEN_AT_ONCE
    with pytest.raises(Refused) as refused:
        invited(world, code, "helsinki")
    assert refused.value.problem.code == "many_invitations"


def test_a_proposal_invites_at_most_ten_cities_a_day(world):
    code = only_tartu(world)
    for _turn in range(10):
        answer(world, invited(world, code), "take_back", by="ravi")
    with pytest.raises(Refused) as refused:
        invited(world, code)
    assert refused.value.problem.code == "invitations_a_day"
    world.move(days=1)
    invited(world, code)


def test_partners_and_organisations_that_are_no_city_are_not_invited(world):
    code = only_tartu(world)
    for place in ("tartu", "taltech"):
        with pytest.raises(Invalid):
            invited(world, code, place)


def test_one_lead_city_also_by_invitation(world):
    code = only_tartu(world)
    with pytest.raises(Invalid) as refused:
        invited(world, code, role=CityRole.LEAD)
    assert "role" in refused.value.problem.fields


def test_a_proposal_that_is_handed_in_takes_nobody_in(world):
    code = only_tartu(world)
    asked = invited(world, code)
    with world.acting() as w:
        get(w, code).state = "in_review"
    with pytest.raises(Refused) as refused:
        answer(world, asked, "accept")
    assert refused.value.problem.code == "handed_in"
    with pytest.raises(Refused):
        invited(world, code, "fingal")


def test_both_sides_hear_of_it_and_only_they(world):
    code = only_tartu(world)
    asked = invited(world, code)
    tick(world)
    answer(world, asked, "decline", reason="No staff this year.")
    tick(world)
    with world.acting() as w:
        told = {(row.person_id, row.subject) for row in w.session.exec(select(Message)) if "invited" in row.subject}
        title = get(w, code).title
        answers = [row for row in w.session.exec(select(Message)) if "declined" in row.subject]
    assert told == {(PEOPLE["sofia"].id, f"Helsinki is invited to take part in “{title}”")}
    assert {row.person_id for row in answers} == {PEOPLE["ravi"].id}
    assert all("No staff this year." in row.text for row in answers)


# On the web


def test_the_city_sees_what_the_team_wrote_and_nothing_of_the_proposal(world):
    code = only_tartu(world, months=23)
    with world.acting("ravi") as w:
        proposals.visible(w, code).answers = {"problem": SECRET}
    asked = invited(world, code, message="Join us by the sea.")
    page = world.client("sofia").get(f"/partner-invitations/{asked}")
    assert "Join us by the sea." in page.text
    assert "Accept the invitation" in page.text
    assert SECRET not in page.text
    assert f"/proposals/{code}" not in page.text
    assert PEOPLE["ravi"].email not in page.text
    assert SECRET in world.client("ravi").get(f"/proposals/{code}/check").text  # it is there to be leaked
    assert world.client("aoife").get(f"/partner-invitations/{asked}").status_code == 404
    assert f"/partner-invitations/{asked}" in world.client("sofia").get("/home").text


def test_from_the_finder_to_a_partner_on_the_pages(world):
    code = only_tartu(world)
    ravi, sofia = world.client("ravi"), world.client("sofia")
    with world.acting() as w:
        helsinki = code_of(w, "helsinki")
    finder = ravi.get(f"/proposals/{code}/partners")
    assert f"/proposals/{code}/partners/{helsinki}/invitation" in finder.text
    form = ravi.get(f"/proposals/{code}/partners/{helsinki}/invitation")
    assert "Hourly bathing water" in form.text
    wrong = ravi.post(
        f"/proposals/{code}/partners/{helsinki}/invitation", data={"role": "pilot", "message": "Kept words"}
    )
    assert wrong.status_code == 422
    assert "Kept words" in wrong.text
    late = {"role": "pilot", "message": "Kept words", "answer_by": "2020-01-01T10:00"}
    assert "Kept words" in ravi.post(f"/proposals/{code}/partners/{helsinki}/invitation", data=late).text
    sent = ravi.post(f"/proposals/{code}/partners/{helsinki}/invitation", data=late | {"answer_by": "2027-01-20T10:00"})
    assert sent.status_code == 303
    asked = sent.headers["location"]
    assert "Waits for an answer" in ravi.get(f"/proposals/{code}/partners").text
    assert sofia.post(f"{asked}/transitions/accept", data={"version": "1"}).status_code == 303
    assert "Helsinki" in sofia.get(f"/proposals/{code}/cities").text


def test_the_finder_is_for_the_team_and_the_programme(world):
    code = only_tartu(world)
    assert world.client("jaan").get(f"/proposals/{code}/partners").status_code == 200
    assert world.client("mari").get(f"/proposals/{code}/partners").status_code == 403
    assert world.client("sofia").get(f"/proposals/{code}/partners").status_code == 404


def test_in_json_points_add_up_and_an_invitation_is_sent_once(world):
    code = only_tartu(world)
    ravi = world.client("ravi")
    items = ravi.get(f"/api/v1/proposals/{code}/partners").json()["items"]
    assert items[0]["closes_gap"]
    assert all(sum(one["tenths"] for one in item["points"]) == item["score"] for item in items)
    body = {"role": "pilot", "message": "Join us.", "answer_by": "2027-01-20T10:00:00Z"}
    path = f"/api/v1/proposals/{code}/partners/{items[0]['code']}/invitation"
    first, again = (ravi.post(path, json=body, headers={"Idempotency-Key": "k1"}) for _turn in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json()["code"] == again.json()["code"]
    asked = f"/api/v1/partner-invitations/{first.json()['code']}"
    assert ravi.get(asked).json()["message"] == "Join us."
    assert world.client("eero").get(asked).status_code == 404
