"""By keyboard alone: the focus is always seen, an error takes it to its field, digits give marks."""

from __future__ import annotations

import pytest

from challenge.jury.states import ReviewState
from challenge.rounds.schemas import Rules, Scale
from tests.browser.acting import Person
from tests.factories import home as scenes
from tests.factories.jury import JURY, make_judged, make_juror, make_review
from tests.factories.rounds import make_round
from tests.submissions.marks import on_sqlite

pytestmark = [pytest.mark.browser]
# Name of the field in focus, and whether it or its label looks different from when it is not: a line, or a shadow.
FOCUS = """() => {
  const here = document.activeElement
  const lit = (one, pseudo) => {
    const look = getComputedStyle(one, pseudo)
    return look.boxShadow !== 'none' || (look.outlineStyle !== 'none' && look.outlineWidth !== '0px')
  }
  const label = here.labels?.[0]
  return [here.tagName, here.id || here.name || here.textContent.trim(),
    lit(here) || Boolean(label && (lit(label) || lit(label, '::before')))]
}"""
MOST_TABS = 90


@on_sqlite
def test_a_challenge_is_begun_and_written_by_keyboard(stage):
    stage.world.now = scenes.CHALLENGES
    with stage.world.acting() as w:
        make_round(w)
    mari = Person(stage, "mari")
    page = mari.go("/submissions/new").page
    reach(page, "BUTTON", "Begin")
    enter(page)
    assert "govuk-error-summary" in page.evaluate("document.activeElement.closest('[class]').className")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate(FOCUS)[:2] == ["INPUT", "title"]
    page.keyboard.type("Quiet junctions at night")
    enter(page)
    mari.go(f"/submissions/{mari.code()}/edit?part=problem")
    reach(page, "TEXTAREA", "problem")
    page.keyboard.type("Tram wheels squeal after ten.")
    reach(page, "BUTTON")


@on_sqlite
def test_a_review_is_scored_by_keyboard(stage):
    scenes.autumn(stage.world)
    lena = Person(stage, "lena")
    page = lena.go("/reviews").page
    lena.go(page.locator("main a[href^='/reviews/']").first.get_attribute("href"))
    if page.locator('main [name="answer"]').count():
        reach(page, "INPUT", "answer")
        page.keyboard.press("Space")
        reach(page, "BUTTON")
        enter(page)
    reach(page, "INPUT", "impact-mark")
    for key, mark in (("4", "4"), (".", "4.5"), ("ArrowLeft", "4"), ("0", "0")):
        page.keyboard.press(key)
        assert page.locator('[name="impact-mark"]:checked').input_value() == mark
    reach(page, "TEXTAREA", "impact-mark-comment")


@on_sqlite
def test_marks_above_nine_are_typed_and_marks_are_given_without_javascript(stage):
    stage.world.now = JURY
    with stage.world.acting() as w:
        round_ = make_round(w, rules=Rules(scale=Scale(maximum=10, step=1)))
        review = make_review(w, make_judged(w, round_), make_juror(w, round_), state=ReviewState.DECLARED).code
    lena = Person(stage, "lena")
    page = lena.go(f"/reviews/{review}").page
    reach(page, "INPUT", "impact-mark")
    for key, mark in (("7", "7"), ("1", "1"), ("0", "10"), ("3", "3")):
        page.keyboard.press(key)
        assert page.locator('[name="impact-mark"]:checked').input_value() == mark
    page.close()

    plain = stage.page("lena", script=False)
    plain.goto(f"{stage.url}/reviews/{review}")
    plain.get_by_role("radio", name="8 of 10").first.check()
    plain.locator('[name="impact-mark_comment"]').fill("Costed.")
    plain.get_by_role("button", name="Save and leave").click()
    plain.goto(f"{stage.url}/reviews/{review}")
    assert plain.locator('[name="impact-mark"]:checked').input_value() == "8"


@on_sqlite
def test_signing_out_by_keyboard_and_on_a_phone_without_javascript(stage):
    page = Person(stage, "mari").go("/home").page
    reach(page, "BUTTON", "Sign out", within="header")
    enter(page)
    assert page.get_by_role("link", name="Sign in", exact=True).is_visible()

    plain = stage.page("mari", width=390, script=False)
    plain.goto(f"{stage.url}/home")
    plain.get_by_role("button", name="Sign out", exact=True).click()
    assert plain.get_by_role("link", name="Sign in", exact=True).is_visible()


def reach(page, tag: str, name: str = "", within: str = "main") -> None:
    """Tab until the element has the focus; on the way the focus is always seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        where, called, seen = page.evaluate(FOCUS)
        assert seen or where == "BODY", (where, called)
        is_there = page.evaluate("where => Boolean(document.activeElement.closest(where))", within)
        if is_there and where == tag and name in ("", called):
            return
    raise AssertionError(f"{tag} {name} is not reached")


def enter(page) -> None:
    """Enter, and the page that follows."""
    with page.expect_navigation():
        page.keyboard.press("Enter")
