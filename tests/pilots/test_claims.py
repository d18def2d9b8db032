"""Claims: written by the partner, shown by receipts, converted once, checked by somebody who is not the partner."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import select

from challenge.kernel.attachment import Attachment
from challenge.pilots.money import queries
from challenge.pilots.money.models import Claim
from challenge.pilots.money.states import ClaimState
from challenge.pilots.states import PilotState
from tests.cast import PEOPLE, PLACES
from tests.factories.files import pdf
from tests.factories.money import ANSWERS, make_claim, make_funded
from tests.pilots.ready import get

KRONOR = {
    "currency": "sek", "amount": "1 234,56", "rate": "11,2345", "rate_on": "2027-01-08", "rate_source": "ECB",
}  # fmt: skip


@pytest.fixture
def pilot(world) -> str:
    with world.acting() as w:
        return make_funded(w).code


def partner(world, place: str, code: str) -> str:
    with world.acting(writing=False) as w:
        return queries.partners(w, get(w, code))[PLACES[place].id].code


def test_a_city_claims_in_another_currency_with_a_receipt_and_it_is_accepted(world, pilot):
    mari, jaan = world.client("mari"), world.client("jaan")
    begun = mari.post(f"/pilots/{pilot}/claims", data={"partner": partner(world, "tartu", pilot)})
    path = begun.headers["location"].removesuffix("/edit")
    code = path.rsplit("/", 1)[1]
    assert mari.get(f"{path}/edit").status_code == 200
    assert mari.post(f"{path}/edit", data={**ANSWERS, **KRONOR, "version": "1"}).status_code == 303
    refused = mari.post(f"/api/v1{path}/transitions/submit")
    assert (refused.status_code, refused.json()["code"]) == (409, "no_receipt")
    assert mari.post(f"{path}/files", files={"file": ("invoice.pdf", pdf())}).status_code == 303
    assert mari.post(f"{path}/transitions/submit").status_code == 303

    assert jaan.post(f"{path}/transitions/send_back", data={"points": "The invoice is unreadable."}).status_code == 303
    assert "The invoice is unreadable." in mari.get(path).text
    assert mari.post(f"{path}/transitions/submit").status_code == 303
    assert jaan.post(f"{path}/transitions/accept").status_code == 303

    with world.acting(writing=False) as w:
        claim = w.session.exec(select(Claim).where(Claim.code == code)).one()
        assert (claim.currency, claim.minor, claim.cents) == ("SEK", 123_456, 10_989)
        assert (claim.rate, claim.rate_on, claim.rate_source) == (Decimal("11.2345"), date(2027, 1, 8), "ECB")
    page = mari.get(path).text
    assert "1234.56 SEK at 11.2345 for one euro" in page
    assert "€109.89" in mari.get(f"/pilots/{pilot}/money").text


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"currency": "SEK"}, "the rate, its day and where it was read are needed"),
        ({"rate": "1.1"}, "For euros there is no exchange rate"),
        ({"spent_to": "2026-12-31"}, "The last day lies before the first day."),
        ({"amount": "-5"}, "Look again at: Amount"),
        ({"category": ""}, "Look again at: Kind of cost"),
        (KRONOR | {"amount": "0,01", "rate": "9999"}, "less than half a cent"),
    ],
)
def test_what_does_not_hang_together_is_not_handed_in(world, pilot, answers, words):
    with world.acting() as w:
        code = make_claim(w, get(w, pilot), answers=ANSWERS | answers).code

    answer = world.client("mari").post(f"/api/v1/claims/{code}/transitions/submit")

    assert answer.status_code == 409
    assert words in answer.text
    assert world.client("mari").get(f"/claims/{code}").status_code == 200


def test_who_writes_hands_in_and_checks(world, pilot):
    with world.acting() as w:
        found = get(w, pilot)
        draft = make_claim(w, found).code
        handed = make_claim(w, found, state=ClaimState.SUBMITTED).code
        own = make_claim(w, found, state=ClaimState.SUBMITTED, submitted_by_id=PEOPLE["jaan"].id).code

    def answer(who, code, act):
        return world.client(who).post(f"/api/v1/claims/{code}/transitions/{act}").status_code

    assert [answer(who, draft, "submit") for who in ("aoife", "ravi", "jaan", "katrin")] == [403, 403, 403, 404]
    assert [answer(who, handed, "accept") for who in ("mari", "ravi", "olev")] == [403, 403, 403]
    assert [answer(who, own, "accept") for who in ("jaan", "kadri")] == [403, 200]
    assert world.client("aoife").get(f"/claims/{draft}/edit").status_code == 403


def test_a_line_that_does_not_hold_it_says_so_and_a_pilot_that_has_not_begun_has_no_costs(world, pilot):
    with world.acting() as w:
        much = make_claim(w, get(w, pilot), state=ClaimState.SUBMITTED, cents=40_000_001).code
        early = make_funded(w, PilotState.AGREED).code

    answer = world.client("jaan").post(f"/api/v1/claims/{much}/transitions/accept")
    assert (answer.status_code, answer.json()["code"]) == (409, "above_line")
    assert "The budget line holds €400,000." in answer.text
    begun = world.client("mari").post(f"/pilots/{early}/claims", data={"partner": partner(world, "tartu", early)})
    assert (begun.status_code, "has not started" in begun.text) == (409, True)


def test_a_claim_in_json(world, pilot):
    mari = world.client("mari")
    given = {"partner": partner(world, "tartu", pilot), "answers": {"spent_on": "Sensors"}}
    begun = mari.post(f"/api/v1/pilots/{pilot}/claims", json=given)
    path = begun.headers["location"]

    assert (begun.status_code, begun.json()["answers"]) == (201, {"spent_on": "Sensors"})
    assert mari.patch(path, json={"answers": ANSWERS}).status_code == 428
    changed = mari.patch(path, json={"answers": ANSWERS}, headers={"if-match": begun.headers["etag"]})
    assert changed.json()["answers"]["amount"] == "1234,50"
    assert [row["code"] for row in mari.get(f"/api/v1/pilots/{pilot}/claims").json()["items"]] == [begun.json()["code"]]
    other = mari.post(f"/api/v1/pilots/{pilot}/claims", json=given | {"partner": partner(world, "fingal", pilot)})
    assert other.status_code == 403
    with world.acting(writing=False) as w:
        assert w.session.exec(select(Attachment)).all() == []


def test_receipts_go_and_come_over_the_api(world, pilot):
    with world.acting() as w:
        code = make_claim(w, get(w, pilot), receipt=False).code
    mari, path = world.client("mari"), f"/api/v1/claims/{code}/files"

    for sent, said in (({}, "no_file"), ({"file": ("run.exe", b"MZ\x00")}, "file_type")):
        wrong = mari.post(path, files=sent)
        assert (wrong.status_code, wrong.json()["code"], "file" in wrong.json()["errors"]) == (422, said, True)
    key = {"idempotency-key": "once"}
    added, again = (mari.post(path, files={"file": ("invoice.txt", pdf())}, headers=key) for _time in range(2))
    assert (added.status_code, added.json()["name"], again.json()) == (201, "invoice.pdf", added.json())
    (listed,) = mari.get(path).json()["items"]
    assert listed == added.json()
    sent = world.client("jaan").get(f"{path}/{listed['code']}")
    assert (sent.content, sent.headers["content-type"]) == (pdf(), "application/pdf")
    assert "attachment" in sent.headers["content-disposition"]

    for who, reads, writes in (("ravi", 200, 403), ("olev", 200, 403), ("katrin", 404, 404), ("nobody", 401, 401)):
        client = world.client(who)
        assert client.get(path).status_code == reads, who
        assert client.get(f"{path}/{listed['code']}").status_code == reads, who
        assert client.post(path, files={"file": ("x.pdf", pdf())}).status_code == writes, who
        assert client.delete(f"{path}/{listed['code']}").status_code == writes, who
    assert mari.delete(f"{path}/{listed['code']}").json() == {"items": []}
    assert mari.get(f"{path}/{listed['code']}").status_code == 404


def test_what_was_handed_in_takes_no_other_receipt(world, pilot):
    with world.acting() as w:
        code = make_claim(w, get(w, pilot), state=ClaimState.SUBMITTED).code
    mari, path = world.client("mari"), f"/api/v1/claims/{code}/files"
    (listed,) = mari.get(path).json()["items"]

    late = mari.post(path, files={"file": ("x.pdf", pdf())})

    assert (late.status_code, late.json()["code"]) == (409, "submitted")
    assert mari.delete(f"{path}/{listed['code']}").status_code == 409
    assert mari.get(path).json()["items"] == [listed]
