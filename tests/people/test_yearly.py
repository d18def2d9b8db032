"""Roles and seats nobody confirms within a year are suspended, after everybody was told."""

from datetime import timedelta

from sqlmodel import select

from challenge.http.templates import day
from challenge.kernel.journal import Step, StepText
from challenge.notifications.models import Message
from challenge.people import actions
from challenge.people.models import Membership, Organisation, Role, Suspension
from challenge.people.states import RoleName, Seat
from tests.cast import PEOPLE, PLACES
from tests.factories.people import another_browser, person_of, seats, steps
from tests.factories.yearly import DUE, confirm, grow_old, holds, let_lapse, role_key, run_jobs, seat_key, told

# Reminders


def test_a_month_before_the_person_and_who_confirms_are_told_once(world):
    world.move(days=DUE - 1)
    run_jobs(world)
    assert told(world, "lena") == []
    world.move(days=1)
    run_jobs(world)
    assert told(world, "lena") == [("role_due", "/account")]
    assert told(world, "peeter") == [("seat_due", "/account")]
    assert told(world, "anna") == [("role_due", "/account"), ("confirmations_due", "/roles")]
    assert told(world, "mari") == [("seat_due", "/account"), ("confirmations_due", "/roles")]  # she leads Tartu
    world.move(days=1)
    run_jobs(world)
    assert len(told(world, "lena")) == 1
    world.move(days=29)
    run_jobs(world)
    assert told(world, "lena") == [("role_due", "/account")] * 2  # and again when the year is over


def test_the_message_says_until_when(world):
    world.move(days=DUE)
    run_jobs(world)
    until = day(world.now + timedelta(days=60))
    with world.acting(writing=False) as w:
        (text,) = w.session.exec(select(Message.text).where(Message.person_id == PEOPLE["lena"].id))
    assert f"by {until}" in text


def test_coordinators_hear_of_their_rounds_only(world, round_of_kadri):
    _own, other = round_of_kadri
    world.move(days=DUE)
    with world.acting() as w:
        for role in w.session.exec(select(Role).where(Role.round_id.is_not(None))):
            if role.person_id != PEOPLE["ilse"].id:
                role.confirmed_at = w.now
    run_jobs(world)  # what is due in a round is due in the other one
    assert ("confirmations_due", "/roles") not in told(world, "kadri")
    assert ("confirmations_due", "/roles") in told(world, "jaan")  # who coordinates every round
    with world.acting(writing=False) as w:
        step = w.session.exec(select(Step.id).where(Step.transition == "confirmations_due")).one()
        given = w.session.exec(select(StepText.given).where(StepText.step_id == step)).one()
    assert given["rounds"] == [other]


# Suspending


def test_what_nobody_confirms_ends_everywhere_at_once(world):
    for days in (DUE, 30, 29):
        world.move(days=days)
        run_jobs(world)
        assert holds(world, "lena", "juror")
    world.move(days=1)
    run_jobs(world)

    assert not holds(world, "lena", "juror")
    assert PEOPLE["peeter"].id not in seats(world, PLACES["tartu"].id)
    assert told(world, "lena")[-1] == ("suspend_role", "/account")
    assert told(world, "peeter")[-1] == ("suspend_seat", "/account")
    assert "suspend_role" in steps(world, "person")
    assert "suspend_seat" in steps(world, "organisation")
    assert "suspended since" in another_browser(world, "lena").get("/account").text


def test_nothing_is_suspended_of_which_nobody_was_told(world):
    world.move(days=1_000)  # the jobs stood still
    run_jobs(world)
    assert holds(world, "lena", "juror")
    assert told(world, "lena") == [("role_due", "/account")]
    with world.acting(writing=False) as w:
        (text,) = w.session.exec(select(Message.text).where(Message.person_id == PEOPLE["lena"].id))
    assert f"by {day(world.now + timedelta(days=30))}" in text
    world.move(days=29)
    run_jobs(world)
    assert holds(world, "lena", "juror")
    world.move(days=1)
    run_jobs(world)
    assert not holds(world, "lena", "juror")


def test_a_suspended_role_is_nothing_in_the_next_request(world):
    world.client("olev")
    with world.acting() as w:
        grow_old(w.session.exec(select(Role).where(Role.person_id == PEOPLE["olev"].id)).one())
    assert world.client("olev").get("/journal").status_code == 200
    run_jobs(world)
    assert world.client("olev").get("/journal").status_code == 403


def test_the_last_administrator_is_told_instead(world):
    let_lapse(world)
    assert holds(world, "anna", "administrator")
    assert not holds(world, "jaan", "coordinator")
    assert ("role_overdue", "/account") in told(world, "anna")
    world.move(days=30)
    run_jobs(world)
    assert told(world, "anna").count(("role_overdue", "/account")) == 2


def test_of_two_administrators_one_stays(world, two_administrators):
    let_lapse(world)
    assert [holds(world, name, "administrator") for name in ("anna", "tiina")].count(True) == 1


# Confirming


def test_confirming_gives_another_year(world, two_administrators):
    world.move(days=DUE)
    key = role_key(world, "lena", "juror")
    answer = confirm(world, "anna", key)
    assert (answer.status_code, answer.headers["location"]) == (303, "/roles")
    for _month in range(2):
        run_jobs(world)
        world.move(days=30)
    run_jobs(world)
    assert holds(world, "lena", "juror")
    assert not holds(world, "oskar", "juror")
    assert "confirm_role" in steps(world, "person")


def test_confirming_gives_back_what_was_suspended(world):
    let_lapse(world)
    confirm(world, "anna", role_key(world, "lena", "juror"))
    confirm(world, "anna", seat_key(world, "mari", "tartu"))
    assert holds(world, "lena", "juror")
    assert seats(world, PLACES["tartu"].id) == {PEOPLE["mari"].id: "lead"}
    with world.acting(writing=False) as w:
        left = w.session.exec(select(Suspension.person_id)).all()
    assert PEOPLE["lena"].id not in left
    assert PEOPLE["peeter"].id in left


def test_a_lead_who_comes_back_late_is_a_deputy(world):
    with world.acting() as w:
        grow_old(w.session.exec(select(Membership).where(Membership.person_id == PEOPLE["mari"].id)).one())
    run_jobs(world)
    with world.acting("jaan") as w:
        tartu = w.session.get_one(Organisation, PLACES["tartu"].id)
        actions.change_seat(w, tartu, person_of(w, "peeter"), Seat.LEAD)
    confirm(world, "jaan", seat_key(world, "mari", "tartu"))
    assert seats(world, PLACES["tartu"].id) == {PEOPLE["mari"].id: "deputy", PEOPLE["peeter"].id: "lead"}


def test_giving_anew_or_taking_away_ends_a_suspension(world):
    let_lapse(world)
    with world.acting("anna") as w:
        actions.give_role(w, person_of(w, "lena"), RoleName.JUROR)
        actions.take_role(w, person_of(w, "oskar"), RoleName.JUROR)
        tartu = w.session.get_one(Organisation, PLACES["tartu"].id)
        actions.remove_member(w, tartu, person_of(w, "peeter"))
    with world.acting() as w:
        tartu = w.session.get_one(Organisation, PLACES["tartu"].id)
        actions.add_member(w, tartu, person_of(w, "mari"), Seat.LEAD)
    with world.acting(writing=False) as w:
        left = set(w.session.exec(select(Suspension.person_id)))
    assert not left & {PEOPLE[name].id for name in ("lena", "oskar", "peeter", "mari")}
    assert PEOPLE["ilse"].id in left


def test_two_who_confirm_at_once_make_one_step(world):
    world.move(days=DUE)
    with world.acting("anna") as w:
        assert actions.confirm_role(w, person_of(w, "lena"), RoleName.JUROR) is True
    with world.acting("jaan") as w:
        assert actions.confirm_role(w, person_of(w, "lena"), RoleName.JUROR) is False
    assert steps(world, "person").count("confirm_role") == 1
