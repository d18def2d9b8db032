"""A passkey in a real browser: Chromium's own virtual authenticator makes it and shows it."""

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from challenge.people.models import Passkey

pytestmark = pytest.mark.browser
DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def plug_in(page, **how):
    """A device with a lock, plugged into this page's browser."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": {**DEVICE, **how}})
    return session, made["authenticatorId"]


def test_passkey_is_added_signs_in_confirms_and_is_removed(named_stage):
    stage = named_stage
    page = stage.page("mari")
    session, device = plug_in(page)

    page.goto(f"{stage.url}/account/second-factor")
    page.get_by_label("Name of the passkey").fill("Laptop of Mari")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    assert len(page.locator("main pre").inner_text().split()) == 10
    (kept,) = session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert (kept["rpId"], kept["isResidentCredential"]) == ("localhost", True)

    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("main")).to_contain_text("Laptop of Mari")
    page.goto(f"{stage.url}/account")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto(f"{stage.url}/sign-in?next=/account")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()
    with stage.world.acting(writing=False) as w:
        assert w.session.exec(select(Passkey.last_used_at)).one() == stage.world.now

    stage.world.move(minutes=16)
    page.goto(f"{stage.url}/account/second-factor")
    page.get_by_role("link", name="Confirm now").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Second step at sign-in")).to_be_visible()
    page.get_by_role("button", name="Laptop of Mari").click()
    expect(page.locator("main")).to_contain_text("The passkey is removed.")
    with stage.world.acting(writing=False) as w:
        assert w.session.exec(select(Passkey)).all() == []


def test_device_that_stays_locked_says_so(named_stage):
    page = named_stage.page("mari")
    plug_in(page, isUserVerified=False)

    page.goto(f"{named_stage.url}/account/second-factor")
    page.get_by_role("button", name="Add a passkey").click()

    expect(page.get_by_role("alert").filter(has_text="No passkey was chosen")).to_be_visible()
    with named_stage.world.acting(writing=False) as w:
        assert w.session.exec(select(Passkey)).all() == []


def test_passkey_of_another_person_does_not_confirm_in_this_browser(named_stage):
    """The list of allowed passkeys is one's own: the device of somebody else stays silent."""
    page = named_stage.page("mari")
    plug_in(page)
    page.goto(f"{named_stage.url}/account/second-factor")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    other = named_stage.page("sofia")
    plug_in(other)
    other.goto(f"{named_stage.url}/sign-in")
    other.get_by_role("button", name="Sign in with a passkey").click()

    expect(other.get_by_role("alert").filter(has_text="No passkey was chosen")).to_be_visible()


def test_without_a_script_the_page_says_what_to_do(named_stage):
    page = named_stage.page("nobody", script=False)
    page.goto(f"{named_stage.url}/sign-in")

    expect(page.locator("main")).to_contain_text("Passkeys need JavaScript")
    assert page.get_by_role("button", name="Sign in with a passkey").count() == 0
    expect(page.get_by_role("button", name="Send the link")).to_be_visible()
