"""The rules as they are known from real rounds (domain.md §6), as a program outside meets them: HTTP only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from challenge.people.models import Organisation
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.schemas import Rules
from challenge.rounds.states import Pairing, WindowName
from challenge.selection.states import Verdict
from challenge.submissions.states import SubmissionState as S
from tests.api.test_api import Caller
from tests.cast import PLACES
from tests.factories.proposals import ALL, LEADS, PAIR, proposal_in, rules_with
from tests.factories.rounds import WINDOWS, make_round
from tests.factories.submissions import make_submission
from tests.selection.steps import decided

INTERESTS = WINDOWS[WindowName.INTERESTS][0] + timedelta(days=1)
OCTOBER = {
    WindowName.CHALLENGES: (datetime(2023, 8, 23, 6, tzinfo=UTC), datetime(2023, 9, 30, 20, 59, tzinfo=UTC)),
    WindowName.INTERESTS: (datetime(2023, 9, 30, 21, tzinfo=UTC), datetime(2023, 10, 18, 21, tzinfo=UTC)),
}


def place(world, name: str) -> str:
    with world.acting(writing=False) as w:
        return w.session.get_one(Organisation, PLACES[name].id).code


def submissions(world, *places: str, state: S, **fields) -> list[str]:
    """A round with one submission for each city named; their codes."""
    with world.acting() as w:
        round_ = make_round(w, **fields)
        return [
            make_submission(w, round_, city=PLACES[name], state=state, title=f"Number {number}").code
            for number, name in enumerate(places)
        ]


def handed_in(world, cities, pairing) -> tuple[int, dict]:
    """Ravi exchanges the cities of his pilot proposal, all of them sign, he submits: the answer to that."""
    code = proposal_in(world, ProposalState.CO_DEVELOPMENT, rules=rules_with(ALL, pairing=pairing))
    world.now = WINDOWS[WindowName.PILOT_PROPOSALS][0] + timedelta(days=1)
    ravi, path = Caller(world, "ravi"), f"/proposals/{code}"
    for name in PAIR:
        assert ravi("DELETE", f"{path}/cities/{place(world, name)}").status_code == 200
    for number, name in enumerate(cities):
        asked = {"city": place(world, name), "role": "pilot" if number else "lead"}
        assert ravi("POST", f"{path}/cities", json=asked).status_code == 201
    for name in cities:
        city = Caller(world, LEADS[name])
        now = city("GET", path).json()
        signed = {"revision_number": now["revision"], "revision_hash": now["revision_hash"]}
        answer = city("POST", f"{path}/commitments/{place(world, name)}/signature", json=signed)
        assert answer.status_code in {200, 201}, answer.text
    answer = ravi("POST", f"{path}/transitions/submit_pilot_proposal")
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("cities", "pairing", "missing"),
    [
        (("tartu", "fingal", "dlr"), Pairing.MANDATORY, ""),  # UrbanSplash
        (("fingal", "dlr"), Pairing.MANDATORY, "home country (Estonia)"),
        (("tallinn", "tartu"), Pairing.MANDATORY, "a country other than the home country"),
        (("tallinn", "tartu"), Pairing.OPTIONAL, ""),
    ],
    ids=["UrbanSplash", "two-Irish", "two-Estonian-mandatory", "two-Estonian-optional"],
)
def test_pairing(world, cities, pairing, missing):
    code, answer = handed_in(world, cities, pairing)

    if missing:
        assert (code, answer["code"]) == (409, "pairing")
        assert missing in str(answer)
    else:
        assert (code, answer["state"]) == (200, "shortlisting")


def test_a_fourth_challenge_is_refused(world):
    submissions(world, *["tartu"] * 3, state=S.SUBMITTED)
    with world.acting() as w:
        fourth = make_submission(w, w.session.exec(select(Round)).one(), title="One more").code

    answer = Caller(world, "mari")("POST", f"/submissions/{fourth}/transitions/submit")

    assert (answer.status_code, answer.json()["code"]) == (409, "cap_reached")
    assert "at most 3 challenges" in answer.text


def test_a_sixth_interest_is_refused(world):
    *five, sixth = submissions(world, *["tartu"] * 3, *["tallinn"] * 3, state=S.ACCEPTED)
    world.now = INTERESTS
    sofia, helsinki = Caller(world, "sofia"), place(world, "helsinki")
    for code in five:
        answer = sofia("PUT", f"/submissions/{code}/interests/{helsinki}", json={"reason": "Ours too."})
        assert answer.status_code == 200, answer.text

    answer = sofia("PUT", f"/submissions/{sixth}/interests/{helsinki}", json={"reason": "Ours too."})

    assert answer.status_code == 409
    assert "at most 5 challenges" in answer.text


def test_interest_in_ones_own_challenge_is_refused(world):
    (code,) = submissions(world, "tartu", state=S.ACCEPTED)
    world.now = INTERESTS

    answer = Caller(world, "mari")(
        "PUT", f"/submissions/{code}/interests/{place(world, 'tartu')}", json={"reason": "x"}
    )

    assert answer.status_code == 409
    assert "challenges of other cities" in answer.text


@pytest.mark.parametrize(("now", "status"), [(datetime(2023, 10, 18, 20, 59, tzinfo=UTC), 200),
                                             (datetime(2023, 10, 19, 7, tzinfo=UTC), 409)])  # fmt: skip
def test_interest_on_19_october_2023_is_refused(world, now, status):
    world.now = datetime(2023, 9, 1, tzinfo=UTC)
    (code,) = submissions(world, "tartu", state=S.ACCEPTED, windows=OCTOBER)
    world.now = now

    answer = Caller(world, "sofia")(
        "PUT", f"/submissions/{code}/interests/{place(world, 'helsinki')}", json={"reason": "x"}
    )

    assert answer.status_code == status
    assert ("closed Thu 19 October 2023" in answer.text) == (status == 409)


def test_thirty_seven_months_in_the_large_class_warn_and_do_not_block(world):
    code = proposal_in(world, ProposalState.CO_DEVELOPMENT, rules=rules_with(ALL))
    ravi = Caller(world, "ravi")
    etag = ravi("GET", f"/proposals/{code}").headers["etag"]

    answer = ravi("PATCH", f"/proposals/{code}", json={"answers": {"months": "37"}}, headers={"if-match": etag})

    assert (answer.status_code, answer.json()["months"]) == (200, 37)
    assert "one month longer than this class" in world.client("ravi").get(f"/proposals/{code}/budget").text


def test_four_planned_and_one_awarded_is_valid(world):
    round_id, funded, *_declined = decided(world, Verdict.FUND, *[Verdict.DECLINE] * 3)
    with world.acting(writing=False) as w:
        code = w.session.get_one(Round, round_id).code
        proposal = w.session.get_one(Proposal, funded).code

    for name in ("jaan", "kadri"):
        page = world.client(name).get(f"/rounds/{code}/announce").text
        batch = page.split('name="batch" value="')[1].split('"')[0]
        assert world.client(name).post(f"/rounds/{code}/announce", data={"batch": batch}).status_code == 303
    planned = sum(size.planned for size in Rules().size_classes)
    assert (planned, Caller(world, "jaan")("GET", f"/proposals/{proposal}").json()["state"]) == (4, "selected")
