"""Half an hour at a long text: one is signed out, signs in again in another tab, and every word is there."""

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from challenge.submissions.models import Submission
from tests.factories.rounds import make_round
from tests.factories.submissions import make_submission

pytestmark = pytest.mark.browser
WORDS = "Mothers with prams cannot cross the bridge in winter."


@pytest.fixture
def draft(stage):
    with stage.world.acting() as w:
        return f"/submissions/{make_submission(w, make_round(w)).code}/edit"


def kept(stage):
    with stage.world.acting(writing=False) as w:
        return WORDS in str(w.session.exec(select(Submission.answers)).one())


def test_text_typed_after_the_session_was_over_is_saved_on_coming_back(stage, draft):
    page = stage.page("mari")
    page.goto(stage.url + draft)
    stage.world.move(hours=1, minutes=1)
    field = page.locator("main textarea").first
    field.fill(WORDS)
    field.blur()
    link = page.get_by_role("link", name="You are signed out. Sign in in a new tab")
    expect(link).to_have_attribute("target", "_blank")
    assert not kept(stage)

    page.context.add_cookies([stage.cookie("mari")])  # signed in in the other tab
    page.evaluate("dispatchEvent(new Event('focus'))")

    expect(page.locator("[data-saved]").first).to_contain_text("Saved")
    assert kept(stage)


def test_without_script_it_is_sent_again(stage, draft):
    page = stage.page("mari", script=False)
    page.goto(stage.url + draft)
    page.locator("main textarea").first.fill(WORDS)
    stage.world.move(hours=1, minutes=1)
    page.get_by_role("button", name="Save and leave").click()
    expect(page.locator("main")).to_contain_text(WORDS)
    expect(page.get_by_role("link", name="Sign in in a new tab")).to_be_visible()

    page.context.add_cookies([stage.cookie("mari")])
    page.get_by_role("button", name="Send it again").click()

    assert kept(stage)
