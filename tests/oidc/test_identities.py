"""Linked accounts: who may link, what they are worth, and how they go."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy.exc import IntegrityError
from sqlmodel import select

from challenge.kernel.errors import Busy
from challenge.kernel.work import open_work
from challenge.people import actions
from challenge.people.models import Authenticator, SignInSession
from challenge.people.oidc.models import OidcFlow, OidcIdentity
from challenge.privacy import retention
from tests.cast import PEOPLE
from tests.factories.people import letters_to, steps
from tests.oidc.browsing import Browser, asked, come_back, link, sqlite_only

STRONG = {"acr": "high"}


@pytest.fixture
def eid(make_world, liar):
    """A provider whose sign-in counts as two factors when it says so, in production."""
    made = make_world(
        {
            "key": "liar", "title": "eID", "issuer": liar.issuer, "second_factor_acr": ["high"],
            "second_factor_amr": ["mID"], "acr_values": "high", "always_asks": True,
        },
        env="production",
    )  # fmt: skip
    liar.now = int(made.now.timestamp())
    return made


def with_app(world, name):
    """As if the person had set up an app for codes."""
    with world.acting() as w:
        w.add(
            Authenticator(
                person_id=PEOPLE[name].id, sealed_secret="sealed", started_at=world.now, confirmed_at=world.now
            )
        )  # fmt: skip


def grow_old(world, **fields):
    with world.acting() as w:
        for session in w.session.exec(select(SignInSession)):
            session.proven_at = session.started_at.replace(year=2020)


def test_an_account_waits_only_in_the_browser_it_came_back_to(world, liar):
    liar.claims = {"sub": "s-2"}
    browser, other = Browser(world), Browser(world, "sofia")
    come_back(world, liar, browser)

    assert other.post("/account/identities").status_code == 404
    browser.take_session("sofia")
    assert "Link this account?" in browser.get("/account/identities").text
    assert browser.post("/account/identities").status_code == 303
    assert browser.post("/account/identities").status_code == 404  # once


def test_it_waits_for_half_an_hour(world, liar):
    liar.claims = {"sub": "s-2"}
    browser = Browser(world)
    come_back(world, liar, browser)
    world.move(minutes=30)
    browser.take_session("sofia")

    assert browser.post("/account/identities").status_code == 404


def test_it_can_be_left_alone(world, liar):
    liar.claims = {"sub": "s-2"}
    browser = Browser(world, "sofia")
    assert come_back(world, liar, browser).headers["location"] == "/account/identities"

    browser.post("/account/identities/forget")

    assert "Link this account?" not in browser.get("/account/identities").text
    with world.acting(writing=False) as w:
        assert [flow.subject for flow in w.session.exec(select(OidcFlow))] == [None]


def test_what_waits_for_one_person_is_not_offered_to_the_next(world, liar):
    liar.claims = {"sub": "s-2"}
    browser = Browser(world, "sofia")
    come_back(world, liar, browser)
    browser.take_session("mari")

    assert browser.post("/account/identities").status_code == 404


def test_linking_needs_a_fresh_proof(world, liar):
    liar.claims = {"sub": "s-2"}
    browser = Browser(world, "sofia")
    come_back(world, liar, browser)
    grow_old(world)

    assert "Confirm that it is you" in browser.get("/account/identities").text
    assert browser.post("/account/identities").status_code == 403


def test_another_site_cannot_link(world, liar):
    liar.claims = {"sub": "s-2"}
    browser = Browser(world, "sofia")
    come_back(world, liar, browser)

    answer = browser.client.post("/account/identities", headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    with world.acting(writing=False) as w:
        assert len(w.session.exec(select(OidcIdentity)).all()) == 1  # Mari's


def test_linking_renews_the_session_and_is_told(world, liar):
    liar.claims = {"sub": "s-2"}
    browser = Browser(world, "sofia")
    come_back(world, liar, browser)
    before = browser.client.token

    browser.post("/account/identities")

    assert browser.client.token != before
    assert steps(world, "person") == ["link_identity"]
    with world.acting(writing=False) as w:
        assert "An account of Liar was linked." in letters_to(w, "sofia@example.org")[0].text


def test_unlinking_signs_out_elsewhere_and_it_signs_in_no_more(world, liar):
    browser, elsewhere = Browser(world, "mari"), Browser(world)
    come_back(world, liar, elsewhere)
    with world.acting(writing=False) as w:
        code = w.session.exec(select(OidcIdentity.code)).one()

    assert Browser(world, "sofia").post(f"/account/identities/{code}/end").status_code == 404
    assert browser.post(f"/account/identities/{code}/end").status_code == 303

    assert (browser.is_signed_in, elsewhere.is_signed_in) == (True, False)
    assert "not linked yet" in come_back(world, liar).text


@sqlite_only
def test_one_account_belongs_to_one_person(world, liar):
    with pytest.raises(IntegrityError):
        link(world, "sofia", liar.issuer, "s-1")


def test_the_database_keeps_identities_whole(world):
    with pytest.raises(IntegrityError):
        link(world, "sofia", "", "s-1")
    with pytest.raises(IntegrityError):
        link(world, "sofia", "https://accounts.example.org", "")


def test_the_database_keeps_no_answer_before_it_came(world):
    with pytest.raises(IntegrityError), world.acting() as w:
        w.add(
            OidcFlow(
                provider="liar", state_hash="a" * 64, nonce_hash="b" * 64, browser_hash="c" * 64, begun_at=world.now,
                subject="s-1",
            )
        )  # fmt: skip


def test_with_a_second_factor_here_one_factor_there_signs_in_half(world, liar):
    with_app(world, "mari")
    browser = Browser(world)

    answer = come_back(world, liar, browser)

    assert answer.headers["location"].startswith("/sign-in/code?next=")
    assert not browser.is_signed_in


@pytest.mark.parametrize("said", [STRONG, {"amr": ["mID"]}], ids=["acr", "amr"])
def test_two_factors_there_are_two_factors_here(eid, liar, said):
    link(eid, "jaan", liar.issuer, "s-1")
    with_app(eid, "jaan")
    liar.claims = said
    browser = Browser(eid)

    come_back(eid, liar, browser)

    assert browser.is_signed_in
    assert asked(browser.begin("liar"))["acr_values"] == "high"


@sqlite_only
@pytest.mark.parametrize("said", [{}, {"acr": "low"}, {"acr": ["high"]}, {"amr": "mID"}, {"amr": [["mID"]]}], ids=str)
def test_less_does_not_count_as_two(eid, liar, said):
    link(eid, "jaan", liar.issuer, "s-1")
    with_app(eid, "jaan")
    liar.claims = said
    browser = Browser(eid)

    assert come_back(eid, liar, browser).headers["location"].startswith("/sign-in/code")
    assert not browser.is_signed_in


def test_a_role_is_held_by_two_factors_there_and_not_by_one(eid, liar):
    link(eid, "jaan", liar.issuer, "s-1")
    weak, strong = Browser(eid), Browser(eid)
    come_back(eid, liar, weak)
    liar.claims = STRONG
    come_back(eid, liar, strong)

    assert weak.get("/people").headers["location"].startswith("/account/second-factor")
    assert strong.get("/people").status_code == 200


def test_who_must_set_up_a_second_factor_may_link_one_instead(eid, liar):
    liar.claims = {"sub": "s-2", **STRONG}
    browser = Browser(eid, "jaan")
    assert browser.get("/people").status_code == 303
    come_back(eid, liar, browser)

    assert browser.post("/account/identities").status_code == 303

    assert browser.get("/people").status_code == 200


def test_confirming_with_one_factor_there_is_not_enough_for_who_has_two(eid, liar):
    link(eid, "mari", liar.issuer, "s-1")
    with_app(eid, "mari")
    browser = Browser(eid, "mari")
    grow_old(eid)

    weak = come_back(eid, liar, browser)
    liar.claims = STRONG
    strong = come_back(eid, liar, browser)

    assert weak.status_code == 403
    assert "Confirm another way" in weak.text
    assert strong.status_code == 303
    assert browser.get("/confirm").status_code == 303


def test_an_old_sign_in_there_confirms_nothing(world, liar):
    browser = Browser(world, "mari")
    grow_old(world)
    liar.claims = {"auth_time": liar.now - 3_600}

    assert come_back(world, liar, browser).status_code == 403
    assert "Confirm that it is you" in browser.get("/confirm").text
    liar.claims = {"auth_time": liar.now}
    assert come_back(world, liar, browser).status_code == 303


@sqlite_only
def test_who_is_signed_in_is_asked_there_again(world):
    again = asked(Browser(world, "mari").begin("liar"))

    assert (again["prompt"], again["max_age"]) == ("login", "600")
    assert "prompt" not in asked(Browser(world).begin("liar"))


@pytest.mark.abuse(26)
def test_fifty_returns_at_once_sign_in_once(world, liar):
    browser = Browser(world)
    state = asked(browser.begin("liar"))["state"]
    secret, provider = browser.client.more_cookies["__Host-oidc"], world.app.app.state.oidc["liar"].provider

    def take(_number):
        try:
            with open_work(world.database, world.now) as w:
                return actions.take_oidc(w, provider, state, secret) is not None
        except Busy:
            return False

    with ThreadPoolExecutor(20) as pool:
        assert list(pool.map(take, range(50))).count(True) == 1


def test_what_was_begun_long_ago_is_swept_away(world, liar):
    come_back(world, liar)
    world.move(days=3)

    with world.acting() as w:
        retention.run(w)
        assert w.session.exec(select(OidcFlow)).all() == []
        assert len(w.session.exec(select(OidcIdentity)).all()) == 1
