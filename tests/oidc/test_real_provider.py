"""The whole way through a real provider: npm's oidc-provider, its own forms, over HTTP."""

import pytest
from sqlmodel import select

from challenge.people.models import Person, SignInSession
from challenge.people.oidc.models import OidcFlow, OidcIdentity
from tests.cast import PEOPLE
from tests.factories.people import letters_to, steps
from tests.oidc.browsing import Browser, asked, link, own, sessions
from tests.oidc.real import Visitor

MARI = "mari@example.org"


@pytest.fixture
def world(make_world, provider):
    return make_world({"key": "real", "title": "City account", "title_et": "Linna konto", "issuer": provider})


@pytest.fixture
def open_world(make_world, provider):
    return make_world({"key": "real", "title": "City account", "issuer": provider, "new_people": True})


def through(browser, login, wanted="", visitor=None):
    """There and back; the answer to the browser's return."""
    return browser.get(own((visitor or Visitor()).sign_in(browser.begin("real", wanted), login)))


def test_an_unknown_account_is_linked_by_its_owner_and_signs_in_from_then_on(world):
    browser = Browser(world)
    assert "Sign in with City account" in browser.get("/sign-in").text

    unknown = through(browser, "mari")
    assert unknown.status_code == 200
    assert "This account is not linked yet" in unknown.text
    assert not browser.is_signed_in

    browser.take_session("sofia")  # signed in as she usually does, in the same browser
    assert "City account" in browser.get("/account/identities").text
    assert browser.post("/account/identities").status_code == 303
    assert "Unlink" in browser.get("/account/identities").text
    browser.post("/sign-out")

    back = through(Browser(world), "mari", "/rounds")
    assert (back.status_code, back.headers["location"]) == (303, "/rounds")
    assert steps(world, "person").count("link_identity") == 1
    with world.acting(writing=False) as w:
        linked = w.session.exec(select(OidcIdentity)).one()
        assert (linked.person_id, linked.subject) == (PEOPLE["sofia"].id, "mari")
        assert "City account" in letters_to(w, "sofia@example.org")[0].text


@pytest.mark.abuse(26)
def test_the_same_address_links_nothing_by_itself(open_world):
    browser = Browser(open_world)

    answer = through(browser, "mari")  # whose verified address is that of Mari here

    assert "This account is not linked yet" in answer.text
    assert sessions(open_world) == 0
    with open_world.acting(writing=False) as w:
        assert w.session.exec(select(OidcIdentity)).all() == []


def test_the_request_carries_pkce_a_nonce_and_a_state_that_are_new_each_time(world):
    first, second = (asked(Browser(world).begin("real")) for _ in range(2))

    assert first["code_challenge_method"] == "S256"
    assert first["redirect_uri"] == "http://127.0.0.1:8000/sign-in/with/real/back"
    assert not {first[name] for name in ("state", "nonce", "code_challenge")} & set(second.values())


def test_of_the_secrets_only_hashes_are_kept(world):
    browser = Browser(world)
    sent = asked(browser.begin("real"))

    with world.acting(writing=False) as w:
        kept = " ".join(map(str, w.session.exec(select(OidcFlow)).one().model_dump().values()))

    for secret in (sent["state"], sent["nonce"], browser.client.more_cookies["__Host-oidc"]):
        assert secret not in kept


def test_a_verified_address_nobody_has_makes_an_account_where_that_is_allowed(open_world):
    browser = Browser(open_world)

    answer = through(browser, "uku")

    assert answer.status_code == 303
    assert browser.is_signed_in
    with open_world.acting(writing=False) as w:
        made = w.session.exec(select(Person).where(Person.email == "uku@example.org")).one()
        assert made.name == "Account uku"
        assert w.session.exec(select(OidcIdentity.person_id)).all() == [made.id]
    again = through(Browser(open_world), "uku")
    assert again.status_code == 303


def test_an_address_that_is_not_verified_makes_none(open_world):
    assert "not linked yet" in through(Browser(open_world), "unsure").text
    with open_world.acting(writing=False) as w:
        assert w.session.exec(select(Person).where(Person.email == "unsure@example.org")).all() == []


def test_without_leave_nobody_new_is_made(world):
    assert "not linked yet" in through(Browser(world), "uku").text
    assert sessions(world) == 0


@pytest.mark.abuse(26)
def test_a_second_return_with_the_same_answer_is_refused(world, provider):
    link(world, "mari", provider, "ann")
    browser = Browser(world)
    back = own(Visitor().sign_in(browser.begin("real"), "ann"))
    assert browser.get(back).status_code == 303
    browser.post("/sign-out")

    answer = browser.get(back)

    assert answer.status_code == 403
    assert "finished already" in answer.text
    assert sessions(world) == 1


@pytest.mark.abuse(26)
def test_a_code_counts_once_also_with_a_new_state(world, provider):
    link(world, "mari", provider, "ann")
    browser = Browser(world)
    used = own(Visitor().sign_in(browser.begin("real"), "ann"))
    browser.get(used)
    browser.post("/sign-out")
    fresh = asked(browser.begin("real"))["state"]

    answer = browser.get(f"/sign-in/with/real/back?code={asked(used)['code']}&state={fresh}&iss={provider}")

    assert answer.status_code == 403
    assert "did not pass our checks" in answer.text
    assert sessions(world) == 1


def test_a_code_stolen_on_its_way_is_worth_nothing_in_another_browser(world, provider):
    link(world, "mari", provider, "ann")
    victim, thief = Browser(world), Browser(world)
    stolen = asked(Visitor().sign_in(victim.begin("real"), "ann"))
    own_state = asked(thief.begin("real"))["state"]

    with_her_state = thief.get(f"/sign-in/with/real/back?code={stolen['code']}&state={stolen['state']}&iss={provider}")
    with_own_state = thief.get(f"/sign-in/with/real/back?code={stolen['code']}&state={own_state}&iss={provider}")

    assert (with_her_state.status_code, with_own_state.status_code) == (403, 403)
    assert sessions(world) == 0


def test_saying_no_there_ends_in_words(world):
    browser = Browser(world)
    back = own(Visitor().sign_in(browser.begin("real"), "ann", cancel=True))

    answer = browser.get(back)

    assert answer.status_code == 403
    assert "City account did not say who you are" in answer.text
    assert "/sign-in?next=" in answer.text


def test_words_are_in_the_language_of_the_reader(world):
    browser = Browser(world)
    browser.client.more_cookies["__Host-language"] = "et"

    assert "Linna konto" in browser.get("/sign-in").text


def test_who_is_signed_in_confirms_there_and_goes_on(world, provider):
    link(world, "mari", provider, "ann")
    browser, visitor = Browser(world), Visitor()
    through(browser, "ann", visitor=visitor)
    grow_old(world)
    assert "Confirm with City account" in browser.get("/confirm").text

    answer = through(browser, "ann", "/account", visitor)

    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert browser.get("/confirm?next=/account").status_code == 303  # fresh: nothing is asked


def test_signing_in_by_an_old_sign_in_there_is_no_fresh_proof(world, provider):
    link(world, "mari", provider, "ann")
    browser, visitor = Browser(world), Visitor()
    through(browser, "ann", visitor=visitor)
    browser.post("/sign-out")

    through(browser, "ann", visitor=visitor)  # without being asked there

    assert browser.is_signed_in
    assert "Confirm that it is you" in browser.get("/confirm").text


def test_the_account_of_somebody_else_changes_nothing(world, provider):
    link(world, "mari", provider, "ann")
    browser = Browser(world, "sofia")

    answer = through(browser, "ann")

    assert answer.status_code == 409
    assert "signs in somebody else here" in answer.text
    assert "Sofia Salo" in browser.get("/account").text


def test_a_disabled_person_is_told_and_stays_out(world, provider):
    link(world, "mari", provider, "ann")
    with world.acting() as w:
        w.session.get_one(Person, PEOPLE["mari"].id).disabled_at = world.now

    answer = through(Browser(world), "ann")

    assert answer.status_code == 403
    assert "Your account here is closed" in answer.text
    assert sessions(world) == 0


def grow_old(world):
    """Sessions that were proven some time ago."""
    with world.acting() as w:
        for session in w.session.exec(select(SignInSession)):
            session.proven_at = session.started_at.replace(year=2020)
