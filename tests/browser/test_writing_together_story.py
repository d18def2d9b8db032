"""Two browsers at one proposal: they see each other, lose the network, are closed, signed out, and keep every word."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from challenge.kernel import patch
from challenge.proposals import actions
from challenge.proposals.schemas import Invitation
from challenge.proposals.states import ProposalState as S
from challenge.proposals.states import TeamRole
from tests.factories.proposals import TEXT, get, proposal_in
from tests.submissions.marks import on_sqlite

pytestmark = pytest.mark.browser
SAVED = "[data-saved]"


@pytest.fixture
def code(stage):
    found = proposal_in(stage.world, S.CO_DEVELOPMENT)
    with stage.world.acting("ravi") as w:
        eero = Invitation(name="Eero", email="eero@example.org", role=TeamRole.CO_LEAD)
        actions.invite_member(w, get(w, found), eero)
    with stage.world.acting("eero") as w:
        actions.accept_invitation(w, get(w, found))
    return found


def texts(stage, code, question):
    with stage.world.acting(writing=False) as w:
        return [version.text for version in patch.versions(w, "proposal", code, question)]


def opened(stage, name, code, part="risks"):
    page = stage.page(name)
    page.goto(f"{stage.url}/proposals/{code}/edit?part={part}")
    return page


def type_in(page, question, text, *, saved=True):
    field = page.locator(f"#{question}")
    field.fill(text)
    if not saved:
        field.blur()
        return
    with page.expect_response(lambda answer: "/edit" in answer.url and answer.request.method == "POST") as answered:
        field.blur()
    assert answered.value.ok


@on_sqlite
def test_two_browsers_see_each_other_and_what_the_other_saved(stage, code):
    ravi, eero = opened(stage, "ravi", code), opened(stage, "eero", code)
    with ravi.expect_response(lambda answer: answer.url.endswith("/here") and "risks" in answer.request.post_data):
        ravi.locator("#risks").focus()
    eero.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(eero.locator("[data-here]")).to_contain_text("Ravi Rao is at: Risks")

    type_in(ravi, "risks", "Ice breaks the buoys.")
    type_in(eero, "data_protection", "No personal data.")  # the answer brings what Ravi wrote
    expect(eero.locator("#risks")).to_have_value("Ice breaks the buoys.")
    type_in(eero, "risks", "Ice breaks the buoys. Storms do too.")
    assert texts(stage, code, "risks") == [TEXT, "Ice breaks the buoys.", "Ice breaks the buoys. Storms do too."]


@on_sqlite
def test_offline_at_the_same_question_three_texts_are_shown_and_both_made_one(stage, code):
    ravi, eero = opened(stage, "ravi", code), opened(stage, "eero", code)
    ravi.context.set_offline(True)
    type_in(ravi, "risks", TEXT.replace("hour", "minute"), saved=False)
    type_in(ravi, "data_protection", "None at all.", saved=False)
    expect(ravi.locator(SAVED).first).to_contain_text("No connection")
    type_in(eero, "risks", TEXT.replace("ice", "snow"))
    ravi.context.set_offline(False)

    link = ravi.get_by_role("link", name="Somebody else changed the same answer")
    expect(link.first).to_be_visible()
    assert texts(stage, code, "data_protection")[-1] == "None at all."  # the other question was taken
    link.first.click()
    main = ravi.locator("main")
    for text in ("every minute", "under the snow", "What both began from"):
        expect(main).to_contain_text(text)
    ravi.get_by_text("Make one text of both").click()
    merged = TEXT.replace("hour", "minute").replace("ice", "snow")
    expect(ravi.get_by_label("One text of both")).to_have_value(merged)
    ravi.get_by_role("button", name="Save this text").click()
    expect(main).to_contain_text("Settled")
    assert texts(stage, code, "risks") == [TEXT, TEXT.replace("ice", "snow"), merged]


@on_sqlite
def test_a_page_that_was_closed_offline_is_sent_by_the_next_one(stage, code):
    first = opened(stage, "ravi", code)
    context = first.context
    context.set_offline(True)
    type_in(first, "risks", "Typed in a tunnel.", saved=False)
    expect(first.locator(SAVED).first).to_contain_text("No connection")
    kept = first.evaluate("Object.entries(localStorage).filter(([key]) => key.startsWith('unsent:'))")
    assert len(kept) == 1
    assert "tunnel" not in str(kept)  # sealed: whoever uses this computer next cannot read it
    first.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(f"{stage.url}/proposals/{code}/edit?part=risks")
    expect(again.locator("#risks")).to_have_value("Typed in a tunnel.")
    expect(again.locator("details", has_text="Text you typed here that was not saved")).to_be_visible()
    assert texts(stage, code, "risks")[-1] == "Typed in a tunnel."
    assert again.evaluate("Object.keys(localStorage)") == []


@on_sqlite
def test_signed_out_while_typing_somebody_else_gets_nothing_and_the_writer_everything(stage, code):
    page = opened(stage, "ravi", code)
    context = page.context
    stage.world.move(hours=1, minutes=1)
    type_in(page, "risks", "After the hour.", saved=False)
    expect(page.locator(SAVED).first).to_contain_text("You are signed out")
    page.close()

    context.add_cookies([stage.cookie("eero")])  # somebody else at the same computer
    other = context.new_page()
    other.goto(f"{stage.url}/proposals/{code}/edit?part=risks")
    expect(other.locator("#risks")).to_have_value(TEXT)
    other.close()

    context.add_cookies([stage.cookie("ravi")])
    again = context.new_page()
    again.goto(f"{stage.url}/proposals/{code}/edit?part=risks")
    expect(again.locator("#risks")).to_have_value("After the hour.")
    assert texts(stage, code, "risks") == [TEXT, "After the hour."]


@on_sqlite
def test_who_signs_out_with_text_unsaved_is_told_once_and_leaves_nothing_behind(stage, code):
    page = opened(stage, "ravi", code)
    account = page.context.new_page()
    account.goto(f"{stage.url}/account")
    page.context.set_offline(True)
    type_in(page, "risks", "Not sent.", saved=False)
    expect(page.locator(SAVED).first).to_contain_text("No connection")
    account.get_by_role("button", name="Sign out").click()
    expect(account.get_by_role("alert")).to_contain_text("not saved yet")
    page.close()
    account.context.set_offline(False)
    with account.expect_navigation():  # not by a second click: the button takes one a second
        account.locator("form[data-unsent]").evaluate("form => form.requestSubmit()")
    assert account.evaluate("Object.keys(localStorage)") == []


@on_sqlite
def test_without_script_two_texts_are_settled_on_a_page(stage, code):
    ravi, eero = (stage.page(name, script=False) for name in ("ravi", "eero"))
    for page in (ravi, eero):
        page.goto(f"{stage.url}/proposals/{code}/edit?part=risks")
    for page, text in ((ravi, "Ravi says ice."), (eero, "Eero says storms.")):
        page.locator("#risks").fill(text)
        page.get_by_role("button", name="Save and leave").click()
    expect(eero.locator("main")).to_contain_text("Ravi says ice.")
    eero.get_by_role("button", name="Keep my text").click()
    assert texts(stage, code, "risks") == [TEXT, "Ravi says ice.", "Eero says storms."]
