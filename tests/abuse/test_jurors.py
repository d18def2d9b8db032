"""A juror who would change a mark after looking, or judge what they are part of (cases 2, 9)."""

from __future__ import annotations

import pytest
from sqlmodel import select

from challenge.jury.models import Conflict, Review
from tests.abuse.rows import changed, rows
from tests.cast import PEOPLE, PLACES
from tests.factories.jury import CRITERIA, FULL, juror_of, jury_of, make_submitted, proposal_of
from tests.factories.people import make_seat

MARKS = {key: {"mark": "5", "comment": "Changed my mind."} for key in CRITERIA}


@pytest.mark.abuse(2)
def test_after_handing_in_nothing_of_the_review_changes(world):
    codes = jury_of(world, "lena", "oskar", state=None)
    with world.acting() as w:
        proposal = proposal_of(w, codes["p1"])
        made = {name: make_submitted(w, proposal, juror_of(w, codes[f"juror_{name}"])) for name in ("lena", "oskar")}
        code = made["lena"].code
    lena = world.client("lena")
    version = lena.get(f"/api/v1/reviews/{code}").headers["etag"]
    before = rows(world.database)

    assert (
        lena.patch(f"/api/v1/reviews/{code}", json={"marks": MARKS}, headers={"if-match": version}).status_code == 409
    )
    assert lena.post(f"/reviews/{code}", data={f"mark-{key}": "5" for key in CRITERIA}).status_code == 409
    assert lena.post(f"/api/v1/reviews/{code}/declaration", json={"answer": "none"}).status_code == 409
    assert lena.post(f"/api/v1/reviews/{code}/transitions/submit").status_code == 409
    assert lena.post(f"/api/v1/reviews/{code}/transitions/reopen", json={"reason": "x"}).status_code == 403
    assert changed(before, rows(world.database)) == set()


@pytest.mark.abuse(9)
def test_nobody_is_given_a_proposal_of_their_own_city(world):
    """mari leads Tartu, a partner city, and sits on the panel too."""
    codes = jury_of(world, "mari", state=None)
    asked = {"proposal": codes["p1"], "juror": codes["juror_mari"], "gate": FULL}

    answer = world.client("jaan").post(f"/api/v1/rounds/{codes['round']}/assignment", json=asked)

    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    with world.acting(writing=False) as w:
        assert w.session.exec(select(Review)).all() == []


@pytest.mark.abuse(9)
def test_who_took_a_seat_in_a_partner_city_since_judges_no_more(world):
    """Also before anybody has looked for conflicts; and once it is recorded the review is not there at all."""
    codes = jury_of(world, "lena")
    lena, address = world.client("lena"), f"/api/v1/reviews/{codes['lena1']}"
    assert lena.post(f"{address}/declaration", json={"answer": "none"}).status_code == 204
    version = lena.get(address).headers["etag"]
    assert lena.patch(address, json={"marks": MARKS}, headers={"if-match": version}).status_code == 200
    with world.acting() as w:
        make_seat(w, PEOPLE["lena"].id, PLACES["helsinki"].id)

    version = lena.get(address).headers["etag"]
    before = rows(world.database)
    saved = lena.patch(address, json={"marks": MARKS}, headers={"if-match": version})
    assert (saved.status_code, saved.json()["code"]) == (409, "conflict")
    submitted = lena.post(f"{address}/transitions/submit")
    assert (submitted.status_code, submitted.json()["code"]) == (409, "conflict")
    assert changed(before, rows(world.database)) == set()

    assert world.client("jaan").post(f"/rounds/{codes['round']}/conflicts/inferred").status_code == 303
    for answer in (
        lena.get(address), lena.get(f"/reviews/{codes['lena1']}"), lena.get(f"{address}/transitions"),
        lena.patch(address, json={"marks": MARKS}, headers={"if-match": version}),
        lena.post(f"{address}/transitions/submit"), lena.post(f"/reviews/{codes['lena1']}", data={}),
    ):  # fmt: skip
        assert answer.status_code == 404


@pytest.mark.abuse(9)
def test_what_a_coordinator_lifted_does_not_stand_in_the_way_again(world):
    codes = jury_of(world, "lena")
    with world.acting() as w:
        make_seat(w, PEOPLE["lena"].id, PLACES["helsinki"].id)
    jaan, lena = world.client("jaan"), world.client("lena")
    address = f"/api/v1/reviews/{codes['lena1']}"
    assert lena.post(f"{address}/declaration", json={"answer": "none"}).status_code == 409
    jaan.post(f"/rounds/{codes['round']}/conflicts/inferred")
    with world.acting(writing=False) as w:
        conflict = w.session.exec(select(Conflict)).one().code
    lifted = jaan.post(f"/api/v1/conflicts/{conflict}/transitions/lift", json={"reason": "A seat in name only."})
    assert lifted.status_code == 200
    assert lena.post(f"{address}/declaration", json={"answer": "none"}).status_code == 204
