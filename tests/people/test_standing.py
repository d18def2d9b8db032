"""A member stands in for the lead of an organisation: for some days, with a deputy's rights, shown as such."""

from datetime import timedelta

import pytest
from sqlmodel import select

from challenge.kernel.errors import Forbidden, Invalid, Refused
from challenge.kernel.journal import Step, StepText
from challenge.notifications import actions as notifications
from challenge.notifications.audiences import people_of
from challenge.people import actions, rules
from challenge.people.models import Membership, Organisation
from challenge.people.standing.actions import end_stand_in, name_stand_in
from challenge.people.standing.models import StandIn
from challenge.people.states import Seat
from challenge.submissions.states import SubmissionState
from challenge.submissions.workflow import SUBMISSION
from tests.cast import PEOPLE, PLACES
from tests.factories.people import another_browser, person_of, steps
from tests.factories.rounds import make_round
from tests.factories.submissions import make_submission
from tests.factories.yearly import grow_old, told

TARTU = PLACES["tartu"].id


def place(w):
    return w.session.get_one(Organisation, TARTU)


@pytest.fixture
def tartu_of_katrin(world, tartu):
    """Katrin is a member of Tartu, which mari leads and peeter is deputy of; the address of its page."""
    with world.acting() as w:
        w.add(Membership(person_id=PEOPLE["katrin"].id, organisation_id=TARTU, seat=Seat.MEMBER))
    return tartu


@pytest.fixture
def away(world, tartu_of_katrin):
    """Katrin stands in for mari, from the day after tomorrow for three days."""
    with world.acting("mari") as w:
        first = (w.now + timedelta(days=2)).date()
        name_stand_in(w, place(w), person_of(w, "katrin"), first, first + timedelta(days=2))
    return tartu_of_katrin


def is_deputy(world, name="katrin"):
    with world.acting(name, writing=False) as w:
        return rules.represents(w, place(w)) is None


def test_it_begins_and_ends_by_itself(world, away):
    found = []
    for _day in range(7):
        found.append(is_deputy(world))
        world.move(days=1)

    assert found == [False, False, True, True, True, False, False]


def test_the_day_is_that_of_tallinn(world, away):
    with world.acting(writing=False) as w:
        begins_at = w.session.exec(select(StandIn.begins_at)).one()
    world.now = begins_at - timedelta(seconds=1)
    assert not is_deputy(world)
    world.now = begins_at
    assert is_deputy(world)
    assert (begins_at.hour, begins_at.minute) == (22, 0)  # midnight in Tallinn, in winter


def test_it_is_a_deputys_seat_and_no_more(world, away):
    world.move(days=3)
    with world.acting("katrin", writing=False) as w:
        assert rules.represents(w, place(w)) is None
        assert rules.leads(w, place(w)) is not None
        assert rules.may_run(w, place(w)) is not None
        problem = rules.represents_in_person(w, place(w))
    assert "Who stands in does not do this" in str(problem.text)
    with world.acting("peeter", writing=False) as w:
        assert rules.represents_in_person(w, place(w)) is None


@pytest.mark.parametrize("how", ["ended", "left", "handed over", "suspended", "erased"])
def test_it_is_over_at_once(world, away, how):
    world.move(days=3)
    assert is_deputy(world)
    if how == "ended":
        code = another_browser(world, "mari").get(away).text.split("/stand-ins/")[1].split("/")[0]
        assert another_browser(world, "mari").post(f"{away}/stand-ins/{code}/end").status_code == 303
    with world.acting("katrin" if how == "left" else "system") as w:
        if how == "left":
            actions.remove_member(w, place(w), person_of(w, "katrin"))
        if how == "handed over":
            actions.change_seat(w, place(w), person_of(w, "peeter"), Seat.LEAD)
        if how == "suspended":
            grow_old(w.session.exec(select(Membership).where(Membership.person_id == PEOPLE["mari"].id)).one())
            w.session.flush()
            actions.review(w)
        if how == "erased":
            w.session.delete(w.session.exec(select(StandIn)).one())  # as the register says (tests/privacy)
    assert not is_deputy(world)


def test_what_is_done_is_shown_as_done_for_the_lead(world, away):
    world.move(days=3)
    with world.acting() as w:
        submission = make_submission(w, make_round(w))
    with world.acting("katrin") as w:
        SUBMISSION.fire(w, w.session.get_one(type(submission), submission.id), "submit")
    with world.acting("katrin", writing=False) as w:
        code = place(w).code
        assert w.in_place(place(w), None) == {"for": PEOPLE["mari"].id}  # the page of the city
        assert w.in_place(submission, {"city": code}) == {"city": code, "for": PEOPLE["mari"].id}
        assert w.in_place(submission, {"city": "ZZZZZZZZ"})["for"] == PEOPLE["mari"].id  # their own challenge
        assert w.in_place(make_round, None) == {}
    with world.acting("peeter") as w:
        assert w.in_place(submission, None) == {}

    with world.acting(writing=False) as w:
        step = w.session.exec(select(Step).where(Step.transition == "submit")).one()
        given = w.session.exec(select(StepText.given).where(StepText.step_id == step.id)).one()
    assert (step.actor_id, given["for"]) == (PEOPLE["katrin"].id, PEOPLE["mari"].id)
    assert "Katrin Kivi for Mari Maasikas" in another_browser(world, "mari").get(f"/submissions/{submission.code}").text
    assert "Katrin Kivi for Mari Maasikas" in another_browser(world, "jaan").get("/journal").text
    assert list(steps(world, "submission")) != []  # and the chain verifies


def test_what_only_the_lead_does_stays_with_the_lead(world, away):
    world.move(days=3)
    with world.acting() as w:
        submission = make_submission(w, make_round(w), state=SubmissionState.SUBMITTED)
    for name, offered in (("katrin", False), ("mari", True)):
        with world.acting(name, writing=False) as w:
            record = w.session.get_one(type(submission), submission.id)
            assert ("recall" in {offer.row.name for offer in SUBMISSION.offers(w, record)}) is offered


def test_who_stands_in_is_written_to_like_a_deputy(world, away):
    with world.acting() as w:
        notifications.tell(w, "http://127.0.0.1:8000")
        assert PEOPLE["katrin"].id not in people_of(w, [TARTU])
    assert told(world, "katrin") == [("name_stand_in", away)]
    world.move(days=3)
    with world.acting(writing=False) as w:
        assert PEOPLE["katrin"].id in people_of(w, [TARTU])
        assert PEOPLE["katrin"].id not in people_of(w, [TARTU], Seat.LEAD)


@pytest.mark.parametrize(
    ("who", "status"), [("mari", 303), ("jaan", 303), ("peeter", 403), ("katrin", 403), ("sofia", 404)]
)
def test_the_lead_or_the_programme_names_who_stands_in(world, tartu_of_katrin, who, status):
    with world.acting(writing=False) as w:
        katrin = person_of(w, "katrin").code
    sent = {"person": katrin, "first": "2027-01-12", "last": "2027-01-14"}
    client = another_browser(world, who)

    assert client.post(f"{tartu_of_katrin}/stand-ins", data=sent).status_code == status

    page = another_browser(world, "mari").get(tartu_of_katrin).text
    assert ("for Mari Maasikas, 12 January 2027 to 14 January 2027" in page) is (status == 303)


def test_both_see_it_on_their_account_and_either_ends_it(world, away):
    assert "Katrin Kivi stands in for you in Tartu" in another_browser(world, "mari").get("/account").text
    assert "You stand in for Mari Maasikas in Tartu" in another_browser(world, "katrin").get("/account").text
    page = another_browser(world, "peeter").get(away).text
    assert "Katrin Kivi" in page
    assert "/stand-ins/" not in page  # a colleague sees it and leaves it
    with world.acting(writing=False) as w:
        code = w.session.exec(select(StandIn.code)).one()
    assert another_browser(world, "peeter").post(f"{away}/stand-ins/{code}/end").status_code == 403
    assert another_browser(world, "katrin").post(f"{away}/stand-ins/{code}/end").status_code == 303
    assert another_browser(world, "katrin").post(f"{away}/stand-ins/{code}/end").status_code == 404
    assert steps(world, "organisation") == ["name_stand_in", "end_stand_in"]


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"first": "2027-01-14", "last": "2027-01-12"}, "The last day is before the first one."),
        ({"first": "2027-01-01", "last": "2027-01-05"}, "This day is over."),
        ({"first": "2027-01-12", "last": "2027-12-31"}, "At most half a year."),
        ({"first": "2027-01-12"}, "Say until which day"),
        ({"first": "2027-01-12", "last": "2027-01-14", "person": "ZZZZZZZZ"}, "Choose from the list"),
    ],
)
def test_a_wrong_answer_is_told_at_its_field(world, tartu_of_katrin, sent, says):
    with world.acting(writing=False) as w:
        katrin = person_of(w, "katrin").code
    answer = another_browser(world, "mari").post(f"{tartu_of_katrin}/stand-ins", data={"person": katrin, **sent})

    assert answer.status_code == 422
    assert says in answer.text


def test_a_deputy_needs_none_and_without_a_lead_there_is_none(world, tartu_of_katrin):
    with world.acting("mari") as w:
        day = w.now.date()
        with pytest.raises(Invalid):
            name_stand_in(w, place(w), person_of(w, "peeter"), day, day)
    with world.acting("sofia") as w, pytest.raises(Forbidden):
        name_stand_in(w, place(w), person_of(w, "katrin"), day, day)
    with world.acting() as w:
        w.session.delete(w.session.exec(select(Membership).where(Membership.person_id == PEOPLE["mari"].id)).one())
        w.session.flush()
        with pytest.raises(Refused):
            name_stand_in(w, place(w), person_of(w, "katrin"), day, day)


def test_it_is_ended_once(world, away):
    with world.acting("mari") as w:
        end_stand_in(w, place(w), w.session.exec(select(StandIn)).one())
    with world.acting(writing=False) as w:
        assert w.session.exec(select(StandIn.ended_at)).one() == world.now
