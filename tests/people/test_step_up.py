"""Acts about money, roles and secrets need a proof that is minutes old, on the page, in the API and in the action."""

from datetime import timedelta

import pytest
from sqlmodel import select

from challenge import wiring
from challenge.kernel import proof
from challenge.kernel.errors import Forbidden
from challenge.people import actions, passwords
from challenge.people.models import Person, SignInSession
from challenge.people.queries import token_hash
from challenge.pilots.states import PilotState
from challenge.rounds.models import Round
from challenge.selection import actions as deciding
from challenge.selection.models import Outcome
from challenge.selection.states import OutcomeState
from tests.cast import PEOPLE
from tests.factories.people import PASSWORD, cookie_of, mailed_token, signed_in
from tests.factories.rounds import make_round
from tests.factories.selection import make_candidate, make_outcome
from tests.pilots.ready import make_ready
from tests.world import Client

LATER = timedelta(minutes=15, seconds=1)
OUTCOME = {"verdict": "decline", "reasons": "Too early for the cities."}


def test_the_transitions_that_need_it_are_reviewed():
    found = {f"{flow.name}.{row.name}" for flow in wiring.workflows() for row in flow.rows if row.fresh}

    assert found == {
        "change_request.grant", "claim.accept", "consensus.reopen", "outcome.approve", "outcome.announce",
        "pilot.terminate", "review.reopen", "round.amend", "round.cancel", "tranche.approve", "tranche.pay",
    }  # fmt: skip


def test_every_act_of_two_people_needs_it():
    assert [row.name for flow in wiring.workflows() for row in flow.rows if row.keys > 1 and not row.fresh] == []


@pytest.fixture
def scene(world):
    """Where the acts are: path of the page, path of the API, and what each is sent; kadri is signed in."""
    with world.acting() as w:
        round_ = make_round(w)
        proposal = make_candidate(w, round_)
        proposed = make_outcome(w, make_candidate(w, round_, title="Second"))
        make_outcome(w, make_candidate(w, round_, title="Third"), state=OutcomeState.APPROVED, amount_cents=50_000_000)
        pilot = make_ready(w, PilotState.RUNNING)
        ravi = w.session.get_one(Person, PEOPLE["ravi"].id)
        reason, form = {"reason": "It does not work."}, {**OUTCOME, "revision": "1"}
        acts = {
            "approve": (f"/outcomes/{proposed.code}/transitions/approve", {}, None, None),
            "propose": (f"/proposals/{proposal.code}/outcomes/new", form, f"/rounds/{round_.code}/outcomes",
                        {**OUTCOME, "proposal": proposal.code}),
            "announce": (f"/rounds/{round_.code}/announce", {}, f"/rounds/{round_.code}/announce", {}),
            "terminate": (f"/pilots/{pilot.code}/transitions/terminate", reason, None, None),
            "cancel": (f"/rounds/{round_.code}/transitions/cancel", reason, None, None),
            "invite_juror": (f"/rounds/{round_.code}/jurors",
                             {"name": "Uku Uus", "email": "uku@example.org", "locale": "en", "load_max": "5"},
                             f"/rounds/{round_.code}/jurors",
                             {"name": "Uku Uus", "email": "uku@example.org", "locale": "en", "load_max": 5}),
            "give_role": (f"/people/{ravi.code}/roles", {"role": "juror", "round": round_.code}, None, None),
            "create_token": ("/account/tokens", {"name": "Export", "days": "30"}, None, None),
        }  # fmt: skip
    world.client("kadri")
    return acts


ACTS = ("approve", "propose", "announce", "terminate", "cancel", "invite_juror", "give_role", "create_token")


def state_of(world):
    """What the acts would change."""
    with world.acting(writing=False) as w:
        rows = [w.session.exec(select(table)).all() for table in (Outcome, Round, Person)]
        return [[row.model_dump(exclude={"id"}) for row in found] for found in rows]


@pytest.mark.abuse(34)
@pytest.mark.parametrize("act", ACTS)
def test_a_stale_session_is_refused_on_the_page(world, scene, act):
    page, sent, _api, _body = scene[act]
    world.now += LATER
    before = state_of(world)

    answer = world.client("kadri").post(page, data=sent)

    assert answer.status_code == 403
    assert "Confirm that it is you" in answer.text
    assert "/confirm?next=" in answer.text
    assert state_of(world) == before


@pytest.mark.abuse(34)
@pytest.mark.parametrize("act", [act for act in ACTS if act not in {"give_role", "create_token"}])
def test_a_stale_session_is_refused_in_the_api(world, scene, act):
    page, sent, api, body = scene[act]
    world.now += LATER
    before = state_of(world)

    answer = world.client("kadri").post(f"/api/v1{api or page}", json=sent if body is None else body)

    assert (answer.status_code, answer.json()["code"]) == (403, "confirm_first")
    assert state_of(world) == before


@pytest.mark.abuse(34)
@pytest.mark.parametrize("act", [act for act in ACTS if act not in {"give_role", "create_token"}])
def test_a_token_never_is_a_fresh_proof(world, scene, act):
    page, sent, api, body = scene[act]
    with world.acting("kadri") as w:
        token = actions.create_token(w, PEOPLE["kadri"].id, "a script", 30)

    answer = world.client().post(
        f"/api/v1{api or page}", json=sent if body is None else body, headers={"authorization": f"Bearer {token}"}
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "not_by_token")


@pytest.mark.parametrize("act", ACTS)
def test_a_fresh_session_does_it(world, scene, act):
    page, sent, _api, _body = scene[act]
    world.now += proof.FRESH

    answer = world.client("kadri").post(page, data=sent)

    assert answer.status_code in {200, 303, 409}, answer.text  # 409: announcing asks for the batch that was seen
    assert "Confirm that it is you" not in answer.text


def test_the_button_stays_with_its_reason_and_the_way_back(world, scene):
    page = scene["approve"][0]
    show = page.removesuffix("/transitions/approve")
    world.now += LATER

    text = world.client("kadri").get(show).text

    assert "Confirm that it is you first." in text
    assert f'href="/confirm?next={show.replace("/", "%2F")}"' in text
    offered = world.client("kadri").get(f"/api/v1{page.removesuffix('/approve')}").json()["transitions"]
    assert {"name": "approve", "blocked_because": "Confirm that it is you first."}.items() <= offered[0].items()


def test_what_was_typed_is_not_lost(world, scene):
    world.now += LATER
    page, sent, _api, _body = scene["terminate"]

    answer = world.client("kadri").post(page, data=sent)

    assert sent["reason"] in answer.text
    assert "opens in a new tab" in answer.text
    answer = world.client("kadri").post(scene["propose"][0], data=scene["propose"][1])
    assert OUTCOME["reasons"] in answer.text
    assert "opens in a new tab" in answer.text


def test_a_caused_step_is_held_too(world, scene):
    with world.acting(writing=False) as w:
        round_id = w.session.exec(select(Round.id).order_by(Round.id)).first()
    stale = world.actor("kadri")
    world.now += LATER
    with world.acting("kadri") as w:
        w.actor, round_ = stale, w.session.get_one(Round, round_id)
        with pytest.raises(Forbidden):
            deciding.announce(w, round_)


@pytest.fixture
def with_password(world):
    kept = passwords.hashed(PASSWORD)
    with world.acting() as w:
        w.session.get_one(Person, PEOPLE["kadri"].id).password_hash = kept
    world.client("kadri")
    world.now += LATER
    return world


@pytest.mark.abuse(25)
def test_confirming_by_password_renews_the_session_and_leads_back(with_password):
    world, client = with_password, with_password.client("kadri")
    old = client.token

    answer = client.post("/confirm/password", data={"password": PASSWORD, "next": "/people?q=mari"})

    assert (answer.status_code, answer.headers["location"]) == (303, "/people?q=mari")
    assert cookie_of(answer) != old
    assert client.get("/account").status_code == 303  # the old id is worth nothing
    renewed = signed_in(world, answer)
    assert renewed.post("/account/tokens", data={"name": "Export", "days": "30"}).status_code == 200
    with world.acting(writing=False) as w:
        (session,) = w.session.exec(select(SignInSession)).all()
        assert session.started_at == world.now - LATER  # twelve hours from the sign-in, not from here
        assert session.token_hash == token_hash(cookie_of(answer))


def test_a_wrong_password_confirms_nothing(with_password):
    client = with_password.client("kadri")

    answer = client.post("/confirm/password", data={"password": "not the right one", "next": "/people"})

    assert answer.status_code == 422
    assert "This is not your password." in answer.text
    assert client.post("/account/tokens", data={"name": "Export", "days": "30"}).status_code == 403


def test_guesses_while_confirming_are_limited(with_password):
    guess = {"password": "not the right one"}

    answers = [with_password.client("kadri").post("/confirm/password", data=guess).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_confirming_by_link_leads_back(world):
    client = world.client("kadri")
    world.now += LATER
    page = client.get("/confirm?next=%2Fpeople").text
    assert "We send a link to kadri@example.org" in page
    assert 'action="/confirm/password"' not in page  # she has none

    client.post("/sign-in", data={"email": "kadri@example.org", "next": "/people"})
    answer = client.post(f"/sign-in/{mailed_token(world, 'kadri@example.org')}")

    assert answer.headers["location"] == "/people"
    assert signed_in(world, answer).get("/confirm?next=%2Fpeople").headers["location"] == "/people"


@pytest.mark.abuse(23)
@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_confirming_leads_to_pages_of_ours_only(with_password, elsewhere):
    answer = with_password.client("kadri").post("/confirm/password", data={"password": PASSWORD, "next": elsewhere})

    assert answer.headers["location"] == "/home"


def test_a_refusal_leads_back_to_the_page_one_came_from(world, scene):
    page, sent, _api, _body = scene["give_role"]
    world.now += LATER
    person = page.removesuffix("/roles")

    answers = [
        world.client("kadri").post(page, data=sent, headers={"referer": referer}).text
        for referer in (f"http://127.0.0.1:8000{person}", "https://evil.example/people")
    ]

    assert f'href="/confirm?next={person.replace("/", "%2F")}"' in answers[0]
    assert 'href="/confirm?next=%2Fhome"' in answers[1]


def test_nobody_confirms_who_is_not_signed_in(world):
    answer = Client(world.app, "no such session").post("/confirm/password", data={"password": PASSWORD})

    assert answer.status_code == 401
