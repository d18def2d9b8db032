"""By keyboard alone: the focus is always seen, an error takes it to its field, digits give marks."""

from __future__ import annotations

import pytest

from tests.browser.acting import Person
from tests.factories import home as scenes
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


def reach(page, tag: str, name: str = "") -> None:
    """Tab until the element has the focus; on the way the focus is always seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        where, called, seen = page.evaluate(FOCUS)
        assert seen or where == "BODY", (where, called)
        in_main = page.evaluate("Boolean(document.activeElement.closest('main'))")
        if in_main and where == tag and name in ("", called):
            return
    raise AssertionError(f"{tag} {name} is not reached")


def enter(page) -> None:
    """Enter, and the page that follows."""
    with page.expect_navigation():
        page.keyboard.press("Enter")
