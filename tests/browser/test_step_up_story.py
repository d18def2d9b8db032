"""Twenty minutes after signing in: the button says what comes first, and one is back where one was."""

import pytest
from playwright.sync_api import expect

from challenge.people import passwords
from challenge.people.models import Person
from tests.cast import PEOPLE
from tests.factories.people import PASSWORD
from tests.factories.rounds import make_round
from tests.factories.selection import make_candidate, make_outcome

pytestmark = pytest.mark.browser


def test_a_coordinator_confirms_and_goes_on_approving(stage):
    kept = passwords.hashed(PASSWORD)
    with stage.world.acting() as w:
        outcome = make_outcome(w, make_candidate(w, make_round(w)))
        w.session.get_one(Person, PEOPLE["kadri"].id).password_hash = kept
        path = f"/outcomes/{outcome.code}"
    page = stage.page("kadri")
    page.goto(stage.url + path)
    stage.world.move(minutes=20)
    page.reload()
    main = page.locator("main")
    approve = main.get_by_role("button", name="Approve")
    expect(approve).to_have_attribute("aria-disabled", "true")
    expect(main).to_contain_text("Confirm that it is you first.")

    main.get_by_role("link", name="Confirm now").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    expect(page).to_have_url(stage.url + path)
    approve.click()

    expect(main).to_contain_text("Outcome approved")
