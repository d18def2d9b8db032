"""Case 26 of the threat list: what a lying provider, a forged token or a stolen answer gets. Always: no sign-in."""

import pytest
from sqlmodel import select

from challenge.people.oidc.models import OidcFlow
from tests.oidc import hostile as lying
from tests.oidc.browsing import Browser, asked, come_back, link, refused, sessions, sqlite_only


def test_the_honest_answer_signs_in(world, liar):
    """So that the refusals below are not refusals of everything."""
    browser = Browser(world)

    assert come_back(world, liar, browser).status_code == 303
    assert browser.is_signed_in
    assert "code_verifier" in liar.forms[0]


@pytest.mark.abuse(26)
def test_an_answer_in_the_name_of_another_issuer_is_refused(world, liar):
    refused(world, come_back(world, liar, iss="https://accounts.example.org"))
    assert "/token" not in liar.asked  # the code goes to nobody


@pytest.mark.abuse(26)
@sqlite_only
def test_an_issuer_that_says_it_names_itself_must_do_so(world, liar):
    liar.described = {"authorization_response_iss_parameter_supported": True}

    refused(world, come_back(world, liar))
    assert come_back(world, liar, iss=liar.issuer).status_code == 303


@pytest.mark.abuse(26)
@sqlite_only
def test_a_description_of_another_issuer_is_refused(world, liar):
    liar.described = {"issuer": "https://accounts.example.org"}

    answer = Browser(world).get("/sign-in/with/liar")

    refused(world, answer)


@pytest.mark.abuse(26)
def test_an_answer_meant_for_one_provider_does_not_count_at_another(make_world, liar):
    with lying.running() as honest:
        world = make_world(
            {"key": "honest", "title": "Honest", "issuer": honest.issuer},
            {"key": "liar", "title": "Liar", "issuer": liar.issuer},
        )
        link(world, "mari", honest.issuer, "s-1")
        browser = Browser(world)
        state = asked(browser.begin("honest"))["state"]

        answer = browser.get(f"/sign-in/with/liar/back?code=c&state={state}")

        refused(world, answer, "was not begun in this browser")
        assert "/token" not in liar.asked


@pytest.mark.abuse(26)
def test_a_subject_of_one_issuer_is_nobody_at_another(make_world, liar):
    world = make_world({"key": "liar", "title": "Liar", "issuer": liar.issuer})
    link(world, "mari", "https://accounts.example.org", "s-1")
    liar.now = int(world.now.timestamp())

    answer = come_back(world, liar)

    assert "not linked yet" in answer.text
    assert sessions(world) == 0


@pytest.mark.abuse(26)
def test_the_same_address_under_a_new_subject_is_nobody(world, liar):
    liar.claims = {"sub": "s-2"}  # email is that of Mari, verified

    answer = come_back(world, liar)

    assert answer.status_code == 200
    assert "not linked yet" in answer.text
    assert sessions(world) == 0


@pytest.mark.abuse(26)
@pytest.mark.parametrize("flow", ["unknown", "of another browser", "of somebody signed in", "too old", "twice"])
def test_a_state_that_does_not_belong_here_signs_nobody_in(world, liar, flow):
    browser, other = Browser(world), Browser(world)
    sent = asked(browser.begin("liar"))
    state, liar.nonce = sent["state"], sent["nonce"]
    back = f"/sign-in/with/liar/back?code=c&state={state}"
    if flow == "unknown":
        back = back.replace(state, "unknown")
    elif flow == "of another browser":
        other.begin("liar")
        browser = other
    elif flow == "of somebody signed in":
        with world.acting() as w:
            w.session.exec(select(OidcFlow)).one().person_id = 1
    elif flow == "too old":
        world.move(minutes=10)
    else:
        back += f"&state={state}"

    refused(world, browser.get(back), "was not begun in this browser")
    assert "/token" not in liar.asked


@pytest.mark.abuse(26)
@sqlite_only
def test_without_the_cookie_nothing_counts(world, liar):
    browser = Browser(world)
    state = asked(browser.begin("liar"))["state"]
    browser.client.more_cookies.clear()

    refused(world, browser.get(f"/sign-in/with/liar/back?code=c&state={state}"), "was not begun in this browser")


@pytest.mark.abuse(26)
def test_a_failed_answer_uses_the_state_up(world, liar):
    browser = Browser(world)
    sent = asked(browser.begin("liar"))
    back = f"/sign-in/with/liar/back?code=c&state={sent['state']}"
    refused(world, browser.get(back))  # the nonce of the token is another
    liar.nonce = sent["nonce"]

    refused(world, browser.get(back), "was not begun in this browser")


@pytest.mark.abuse(21)
@sqlite_only
@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/token", "/jwks"])
@pytest.mark.parametrize(
    ("status", "headers", "body"),
    [
        (500, {}, b"{}"),
        (302, {"location": "http://127.0.0.1:1/"}, b""),
        (200, {}, b"<html>"),
        (200, {}, b"[]"),
        (200, {}, b"x" * 300_000),
        (200, {"content-encoding": "gzip"}, b"{}"),
    ],
    ids=["500", "redirect", "html", "list", "large", "compressed"],
)
def test_a_provider_that_is_not_well_ends_in_words(world, liar, path, status, headers, body):
    liar.answers[path] = status, headers, body
    browser = Browser(world)
    begun = browser.get("/sign-in/with/liar")
    answer = begun if begun.status_code != 303 else come_back(world, liar, browser)

    refused(world, answer, "Liar cannot be reached at the moment", 502)


@sqlite_only
@pytest.mark.parametrize("endpoint", ["javascript:alert(1)", "ftp://example.org/", "", 7])
def test_no_browser_is_sent_to_an_address_that_is_none(world, liar, endpoint):
    liar.described = {"authorization_endpoint": endpoint}

    refused(world, Browser(world).get("/sign-in/with/liar"), "cannot be reached", 502)


@sqlite_only
def test_an_unknown_provider_is_no_page(world):
    browser = Browser(world)

    assert browser.get("/sign-in/with/unknown").status_code == 404
    assert browser.get("/sign-in/with/unknown/back?code=c&state=s").status_code == 404
