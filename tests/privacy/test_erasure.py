"""Erasing: the person is gone from every table, what was decided stays true, the journal verifies."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from challenge.kernel import journal
from challenge.kernel.approval import Approval
from challenge.kernel.errors import Forbidden, Invalid, Refused
from challenge.kernel.journal import Step
from challenge.people.actions import invite_person
from challenge.people.models import Membership, Person
from challenge.privacy import erasure, holds, traces
from challenge.privacy.holding import Fate
from challenge.privacy.models import Erasure
from challenge.privacy.register import holdings
from tests.cast import PEOPLE
from tests.factories.home import ask_for
from tests.factories.jury import make_judged, make_juror, make_review
from tests.factories.people import another_browser, person_of, steps
from tests.factories.pilots import make_pilot
from tests.factories.proposals import make_proposal
from tests.factories.rounds import make_round
from tests.factories.submissions import make_submission
from tests.privacy import scenes
from tests.privacy.scenes import EMAIL, NAME, SECRET_WORDS


def erase(world, code, by="anna", typed=NAME):
    with world.acting(by) as w:
        person = w.session.execute(select(Person).where(Person.code == code)).scalar_one()
        erasure.erase(w, person, typed)


def test_nothing_is_left_of_the_person_in_any_table(world):
    code = scenes.everywhere(world)
    before = scenes.traces(world, NAME, EMAIL, SECRET_WORDS)
    assert {
        "person", "team_member", "seat_invitation", "message", "letter", "step_text", "attachment", "approval",
        "aside", "juror", "conflict", "api_token", "sign_in_session",
    } <= before  # fmt: skip

    erase(world, code)

    assert scenes.traces(world, NAME, EMAIL, SECRET_WORDS, "Kanaarilind") == set()


def test_what_was_decided_stays_true(world):
    code = scenes.everywhere(world)
    counted = ("review", "score", "step", "revision", "receipt", "approval", "juror", "conflict", "outcome", "person")
    before = {name: scenes.dump(world)[name] for name in ("score", "review", "revision")}
    with world.acting(writing=False) as w:
        rows = {name: len(w.session.execute(select(journal.Step.metadata.tables[name])).all()) for name in counted}

    erase(world, code)

    with world.acting(writing=False) as w:
        assert list(journal.faults(w.session)) == []
        now = {name: len(w.session.execute(select(journal.Step.metadata.tables[name])).all()) for name in counted}
        assert now == rows | {"step": rows["step"] + 2}  # erased, and left the team
        kaarel = w.session.execute(select(Person).where(Person.code == code)).scalar_one()
        approval = w.session.execute(select(Approval)).scalar_one()
        assert (approval.asked_by, approval.approved_by) == (kaarel.id, PEOPLE["jaan"].id)
        assert w.session.execute(select(Step).where(Step.actor_id == kaarel.id)).all() != []
        assert w.session.execute(select(Erasure)).scalar_one().person_code == code
    assert {name: scenes.dump(world)[name] for name in before} == before


def test_nothing_signs_in_any_more_and_the_address_is_free(world):
    code = scenes.everywhere(world)
    with scenes.actor(world, code) as w:
        erasure.erase(w, person_by(w, code), NAME)

    world.client().post("/sign-in", data={"email": EMAIL})
    assert scenes.traces(world, EMAIL) == set()
    with world.acting("anna") as w:
        assert invite_person(w, "Another Kaarel", EMAIL).code != code


def person_by(w, code):
    return w.session.execute(select(Person).where(Person.code == code)).scalar_one()


def test_pages_show_somebody_who_left(world):
    code = scenes.everywhere(world)
    erase(world, code)
    client = world.client("jaan")
    with world.acting(writing=False) as w:
        proposal = w.session.execute(select(Step.subject_code).where(Step.transition == "invite_member")).scalar_one()
        round_code = w.session.execute(select(Step.metadata.tables["round"].c.code)).scalar_one()
    for path in (
        "/people", "/journal", f"/proposals/{proposal}", f"/proposals/{proposal}/team", f"/rounds/{round_code}/jurors",
        f"/rounds/{round_code}/conflicts", f"/rounds/{round_code}", "/inbox",
    ):  # fmt: skip
        page = client.get(path)
        assert page.status_code == 200, path
        assert "Kanaarilind" not in page.text, path
    assert client.get(f"/people/{code}").status_code == 404
    assert "somebody who left" in client.get("/journal").text


def test_one_erases_oneself_with_the_name_and_a_fresh_proof(world):
    client = another_browser(world, "ravi")
    with world.acting() as w:
        w.session.delete(person_seat(w, "ravi"))
    page = client.get("/account/erasure").text
    assert "two different people remain two different people" in page
    assert client.post("/account/erasure", data={"name": "Ravi"}).status_code == 422
    world.move(minutes=16)
    assert client.post("/account/erasure", data={"name": "ravi rao"}).status_code == 403
    world.move(minutes=-16)

    answer = client.post("/account/erasure", data={"name": "ravi  rao"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert client.get("/account").status_code == 303
    assert steps(world, "person") == ["erase"]
    assert scenes.traces(world, "Ravi Rao", "ravi@example.org") == set()


def person_seat(w, name):
    return w.session.execute(select(Membership).where(Membership.person_id == PEOPLE[name].id)).scalar_one()


def test_an_administrator_erases_from_the_page(world):
    with world.acting(writing=False) as w:
        code = person_of(w, "peeter").code
    client = world.client("anna")
    assert client.post(f"/people/{code}/erasure", data={"name": "Somebody"}).status_code == 422
    assert world.client("jaan").post(f"/people/{code}/erasure", data={"name": "Peeter Paju"}).status_code == 403
    assert world.client("jaan").get(f"/people/{code}/data").status_code == 403

    assert client.post(f"/people/{code}/erasure", data={"name": "Peeter Paju"}).status_code == 303

    assert scenes.traces(world, "Peeter Paju") == set()


def test_nobody_erases_another(world):
    with pytest.raises(Forbidden), world.acting("jaan") as w:
        erasure.erase(w, person_of(w, "peeter"), "Peeter Paju")


def test_once_is_enough(world):
    with world.acting("anna") as w:
        erasure.erase(w, person_of(w, "peeter"), "Peeter Paju")
    with pytest.raises(Refused), world.acting("anna") as w:
        erasure.erase(w, person_of(w, "peeter"), "—")


def leads_proposal(w):
    make_proposal(w, make_round(w), title="Listening rails", challenges=[])
    return "ravi"


def leads_pilot(w):
    make_pilot(w, imported=True, lead_id=PEOPLE["eero"].id)
    w.session.delete(person_seat(w, "eero"))
    return "eero"


def mentors_pilot(w):
    make_pilot(w, imported=True, mentor_id=PEOPLE["olev"].id)
    return "olev"


def open_review(w):
    round_ = make_round(w)
    make_review(w, make_judged(w, round_), make_juror(w, round_, "lena"))
    return "lena"


def open_approval(w):
    ask_for(w, "round", make_round(w), "cancel", by="kadri")
    return "kadri"


DUTIES = [
    ("leads_organisation", lambda _w: "mari"), ("leads_proposal", leads_proposal), ("leads_pilot", leads_pilot),
    ("leads_pilot", mentors_pilot), ("open_reviews", open_review), ("open_approval", open_approval),
    ("last_administrator", lambda _w: "anna"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "scene"), DUTIES, ids=[f"{code}-{n}" for n, (code, _) in enumerate(DUTIES)])
def test_a_live_duty_keeps_somebody_and_names_the_next_step(world, code, scene):
    with world.acting() as w:
        name = scene(w)

    page = world.client(name).get("/account/erasure").text

    assert "Not yet. This must be done first:" in page
    with pytest.raises(Refused) as refused, world.acting(name) as w:
        erasure.erase(w, person_of(w, name), PEOPLE[name].name)
    assert refused.value.problem.code == code
    assert scenes.traces(world, PEOPLE[name].email) != set()


def test_a_duty_that_is_over_keeps_nobody(world):
    with world.acting() as w:
        round_ = make_round(w)
        ask_for(w, "round", round_, "cancel", by="kadri")
        make_submission(w, round_).contact_id = PEOPLE["peeter"].id
    world.now += timedelta(days=15)  # what kadri asked for has expired
    for name in ("kadri", "peeter"):
        with world.acting("anna") as w:
            erasure.erase(w, person_of(w, name), PEOPLE[name].name)


def test_a_hold_blocks_until_it_is_lifted(world):
    with world.acting(writing=False) as w:
        code = person_of(w, "peeter").code
    anna, peeter = world.client("anna"), world.client("peeter")
    assert world.client("jaan").post(f"/people/{code}/hold", data={"reason": "Case 3-27-1"}).status_code == 403
    assert anna.post(f"/people/{code}/hold", data={"reason": ""}).status_code == 422
    assert anna.post(f"/people/{code}/hold", data={"reason": "Case 3-27-1"}).status_code == 303
    assert anna.post(f"/people/{code}/hold", data={"reason": "Twice"}).status_code == 409

    assert "Reason: Case 3-27-1" in peeter.get("/account/data").text
    assert "A legal hold stands: Case 3-27-1." in peeter.get("/account/erasure").text
    assert peeter.post("/account/erasure", data={"name": "Peeter Paju"}).status_code == 409

    assert anna.post(f"/people/{code}/hold/lift", data={"reason": "Case closed"}).status_code == 303
    assert anna.post(f"/people/{code}/hold/lift", data={"reason": "Again"}).status_code == 404
    assert "Lifted on" in anna.get(f"/people/{code}/data").text
    assert peeter.post("/account/erasure", data={"name": "Peeter Paju"}).status_code == 303
    assert scenes.traces(world, "Case 3-27-1", "Case closed") == set()
    assert steps(world, "person") == ["set_hold", "lift_hold", "erase"]


def test_setting_a_hold_needs_a_fresh_proof(world):
    client = world.client("anna")
    with world.acting(writing=False) as w:
        code = person_of(w, "peeter").code
    world.move(minutes=16)
    assert client.post(f"/people/{code}/hold", data={"reason": "Case 3-27-1"}).status_code == 403
    with world.acting(writing=False) as w:
        assert holds.standing(w, PEOPLE["peeter"].id) is None


def test_a_name_is_wiped_as_a_word_only(world):
    with world.acting() as w:
        w.step("thing", "TH1NG001", "act", old=None, new=None, given={"comment": "Paul was here"})
        w.step("thing", "TH1NG001", "act", old=None, new=None, given={"comment": "Pauline was here"})
        w.finish()
        traces.wipe(w, ["Paul"])
    assert "Pauline was here" in scenes.dump(world)["step_text"]
    assert "Paul was" not in scenes.dump(world)["step_text"].replace("Pauline", "")


def test_wrong_name_is_refused(world):
    with pytest.raises(Invalid), world.acting("anna") as w:
        erasure.erase(w, person_of(w, "peeter"), "Peeter")


def test_every_emptied_table_is_emptied_somewhere():
    by_hand = {"person", "seat_invitation", "submission", "question", "team_member", "conflict", "approval",
               "legal_hold"}  # fmt: skip
    emptied = {one.table for one in holdings() if one.fate is Fate.EMPTIED and not one.emptied}
    assert emptied == by_hand
