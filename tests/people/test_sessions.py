from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlmodel import select

from challenge.kernel.limits import Attempt
from challenge.people import actions
from challenge.people.models import ApiToken, Person, SignInLink, SignInSession
from challenge.people.queries import COOKIE, identify, token_hash
from challenge.people.states import RoleName
from challenge.privacy import retention
from tests.cast import PEOPLE
from tests.factories.people import another_browser, mailed_token
from tests.world import Client

MARI = PEOPLE["mari"].id


def only_session(world):
    with world.acting(writing=False) as w:
        return w.session.exec(select(SignInSession)).one()


@pytest.mark.abuse(25)
def test_sign_out_ends_the_session_itself(world):
    client = world.client("mari")
    assert client.get("/account").status_code == 200

    answer = client.post("/sign-out")

    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cleared = [value for value in answer.headers.get_list("set-cookie") if value.startswith(f'{COOKIE}=""')]
    assert len(cleared) == 1
    assert answer.headers["clear-site-data"] == '"storage"'  # what autosave keeps of forms
    assert client.get("/account").status_code == 303  # the client still sends the old cookie


def test_every_page_of_who_is_signed_in_offers_to_sign_out(world):
    mari, nobody = world.client("mari"), world.client()
    for path in (
        "/",
        "/home",
        "/account",
        "/challenges",
        "/privacy",
        "/account/second-factor",
        "/sign-in",
        "/submissions/ZZZZZZZZ",
    ):
        assert mari.get(path).text.split("</header>")[0].count('action="/sign-out"') == 1, path
        assert 'action="/sign-out"' not in nobody.get(path).text, path


def test_sign_out_without_a_session_is_no_error(world):
    assert world.client().post("/sign-out").status_code == 303


def test_sign_out_needs_a_post(world):
    assert world.client("mari").get("/sign-out").status_code == 405
    assert world.client("mari").get("/account").status_code == 200


def test_an_idle_hour_signs_out(world):
    client = world.client("mari")
    world.move(hours=1)
    assert client.get("/account").status_code == 200  # seen just in time: the hour begins again

    world.move(hours=1, seconds=1)

    assert client.get("/account").status_code == 303


@pytest.mark.parametrize("who", ["jaan", "anna"])
def test_half_an_hour_signs_out_who_runs_the_programme(world, who):
    client = world.client(who)
    world.move(minutes=30)
    assert client.get("/account").status_code == 200

    world.move(minutes=30, seconds=1)

    assert client.get("/account").status_code == 303
    assert "this browser" in another_browser(world, who).get("/account").text
    assert another_browser(world, who).get("/account").text.count("Sign out there") == 1  # not the one that is over


def test_who_becomes_a_coordinator_has_half_an_hour_from_then_on(world):
    client = world.client("mari")
    world.move(minutes=40)
    assert client.get("/account").status_code == 200
    world.move(minutes=40)
    with world.acting("anna") as w:
        actions.give_role(w, w.session.get_one(Person, MARI), RoleName.COORDINATOR)

    assert client.get("/account").status_code == 303


@pytest.mark.abuse(25)
def test_twelve_hours_sign_out_even_who_is_busy(world):
    client = world.client("mari")
    for _ in range(24):
        world.move(minutes=30)
        assert client.get("/account").status_code == 200
        actions.mark_seen(world.database, only_session(world).id, world.now)

    world.move(seconds=1)

    assert client.get("/account").status_code == 303


def asked_with(world, token):
    state = SimpleNamespace(received_at=world.now)
    app = SimpleNamespace(state=SimpleNamespace(settings=world.settings))
    return SimpleNamespace(headers={}, cookies={COOKIE: token}, state=state, app=app)


def test_session_in_use_is_marked_at_most_every_five_minutes(world):
    with world.acting() as w:
        token = actions.create_session(w, MARI)
    started = world.now
    world.move(minutes=5)
    early = asked_with(world, token)
    with world.database.session(writing=False) as session:
        identify(session, early)
    world.move(seconds=1)
    late = asked_with(world, token)
    with world.database.session(writing=False) as session:
        identify(session, late)

    assert not hasattr(early.state, "session_to_mark")
    assert only_session(world).seen_at == started
    actions.mark_seen(world.database, late.state.session_to_mark, world.now)
    assert only_session(world).seen_at == world.now


@pytest.mark.abuse(25)
def test_marking_does_not_bring_an_ended_session_back(world):
    with world.acting() as w:
        actions.create_session(w, MARI)
    session_id = only_session(world).id
    with world.acting() as w:
        actions.end_session(w, session_id)
    world.move(minutes=10)

    actions.mark_seen(world.database, session_id, world.now)

    assert only_session(world).seen_at == world.now - timedelta(minutes=10)


@pytest.mark.abuse(25)
def test_signing_in_again_replaces_the_session_of_this_browser(world):
    client = world.client("mari")
    client.post("/sign-in", data={"email": "mari@example.org"})

    client.post(f"/sign-in/{mailed_token(world, 'mari@example.org')}")

    assert client.get("/account").status_code == 303  # the old token was not adopted
    with world.acting(writing=False) as w:
        live = w.session.exec(select(SignInSession).where(SignInSession.ended_at == None)).all()  # noqa: E711
    assert len(live) == 1


@pytest.mark.abuse(25)
def test_a_cookie_from_elsewhere_is_not_adopted(world):
    fixed = Client(world.app, "fixed-by-an-attacker")
    fixed.post("/sign-in", data={"email": "mari@example.org"})

    fixed.post(f"/sign-in/{mailed_token(world, 'mari@example.org')}")

    assert fixed.get("/account").status_code == 303


@pytest.mark.abuse(25)
def test_disabled_person_is_nobody_at_once(world):
    client = world.client("mari")
    token = bearer(world)
    with world.acting("anna") as w:
        actions.disable(w, w.session.get_one(Person, MARI))

    assert client.get("/account").status_code == 303
    assert world.client().get("/organisations", headers={"authorization": f"Bearer {token}"}).status_code == 303
    with world.acting("anna") as w:
        actions.enable(w, w.session.get_one(Person, MARI))
    assert client.get("/account").status_code == 303  # what ended does not come back
    assert another_browser(world).get("/account").status_code == 200


@pytest.mark.abuse(25)
def test_role_taken_away_is_gone_with_the_next_request(world):
    client = world.client("jaan")
    assert client.get("/people").status_code == 200

    with world.acting("anna") as w:
        actions.take_role(w, w.session.get_one(Person, PEOPLE["jaan"].id), "coordinator")

    assert client.get("/people").status_code == 403


def bearer(world, days=30):
    with world.acting("mari") as w:
        return actions.create_token(w, MARI, "a script", days)


def test_bearer_token_acts_for_its_person_until_it_ends(world):
    token = bearer(world)
    headers = {"authorization": f"Bearer {token}"}

    assert world.client().get("/organisations", headers=headers).status_code == 200
    world.move(days=30)
    assert world.client().get("/organisations", headers=headers).status_code == 303
    with world.acting(writing=False) as w:
        assert w.session.exec(select(ApiToken.token_hash)).one() == token_hash(token)


def test_sessions_are_listed_and_ended_one_by_one(world):
    here = world.client("mari")
    other = another_browser(world, agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    page = here.get("/account").text

    assert "Firefox, Linux" in page
    path = page.split('action="/account/sessions/')[1].split('"')[0]
    assert here.post(f"/account/sessions/{path}").status_code == 303
    assert other.get("/account").status_code == 303
    assert here.get("/account").status_code == 200


def test_sessions_elsewhere_end_together(world):
    here, others = world.client("mari"), [another_browser(world) for _ in range(3)]

    here.post("/account/sessions/end")

    assert [client.get("/account").status_code for client in others] == [303] * 3
    assert here.get("/account").status_code == 200


@pytest.mark.parametrize("what", ["sessions", "tokens"])
@pytest.mark.abuse(11)
def test_what_belongs_to_somebody_else_cannot_be_ended(world, what):
    world.client("mari")
    bearer(world)
    with world.acting(writing=False) as w:
        table = SignInSession if what == "sessions" else ApiToken
        handle = w.session.exec(select(table.token_hash)).first()[:12]

    answers = [
        world.client("sofia").post(f"/account/{what}/{given}/end").status_code
        for given in (handle, "0" * 12, "%", "_" * 12, "")
    ]

    assert answers[:4] == [404] * 4
    assert answers[4] in {404, 405}
    with world.acting(writing=False) as w:
        assert w.session.exec(select(table).where(table.ended_at != None)).all() == []  # noqa: E711


def test_sweep_removes_what_is_over_and_nothing_else(world):
    world.client("mari").post("/sign-in", data={"email": "mari@example.org"})
    world.client("mari").post("/sign-out")
    bearer(world, days=1)
    world.move(days=1)
    with world.acting() as w:
        retention.run(w)
        assert [len(w.session.exec(select(t)).all()) for t in (Attempt, SignInLink, SignInSession, ApiToken)] == [
            2, 1, 1, 1]  # fmt: skip
    world.move(days=31)
    another_browser(world)
    with world.acting() as w:
        retention.run(w)
        assert [len(w.session.exec(select(t)).all()) for t in (Attempt, SignInLink, SignInSession, ApiToken)] == [
            0, 0, 1, 0]  # fmt: skip
