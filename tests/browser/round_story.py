"""What the people of the story write, and the steps that several of them take."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from tests.browser.acting import Person

AT = {
    "challenges": datetime(2027, 1, 12, 9, tzinfo=UTC),
    "interests": datetime(2027, 2, 3, 9, tzinfo=UTC),
    "ideas": datetime(2027, 2, 22, 9, tzinfo=UTC),
    "pilot_proposals": datetime(2027, 5, 3, 9, tzinfo=UTC),
    "full_proposals": datetime(2027, 7, 5, 9, tzinfo=UTC),
    "jury": datetime(2027, 10, 4, 9, tzinfo=UTC),
}
TEXT = "Sensors in the water measure every hour, and residents see the forecast at the beach."
CHALLENGE: dict[str, Any] = {
    "title": "Know when the water is clean", "summary": "Bathers learn of bad water two days late.",
    "themes": ["environment"],
    "problem": "The laboratory needs 48 hours. Beaches closed eleven times last summer, each time too late.",
    "since": "2015", "affected": "40000", "affected_who": "bathers of three beaches", "evidence": TEXT,
    "tried": "Nothing yet.",
    "outcome": "A warning within two hours.", "measure": "hours until a warning", "measure_now": "48",
    "measure_wished": "2", "site": "Three beaches.", "data": "Ten years of samples.", "limits": "None.",
    "departments": "Environment.", "brings": "200 hours.", "residents": "A panel of bathers.",
    "partner": "A city by the sea.", "consent": True,
}  # fmt: skip
PARTS: dict[str, dict[str, Any]] = {
    "summary": {"summary": "We measure bathing water every hour and forecast tomorrow.", "publish": True},
    "problem": {"problem": TEXT, "cities_helped": TEXT},
    "answer": {"answer": TEXT, "novelty": TEXT, "needs": TEXT},
    "plan": {"method": TEXT, "milestones": "Month 6: sensors stand", "size_class": "large", "months": "36"},
    "people": {"team_work": TEXT},
    "impact": {"impact": TEXT},
    "risks": {"risks": TEXT, "data_protection": TEXT},
    "interoperability": {"interoperability": TEXT, "people_checks": ["equity"], "people_centred": TEXT},
}
LATER: dict[str, dict[str, Any]] = {
    "plan": {"detailed_plan": TEXT},
    "afterwards": {"validation": TEXT, "market": TEXT, "running_costs": TEXT},
    "transfer": {"replication": TEXT, "ip_terms": TEXT},
}
IDEA = ("summary", "problem", "answer")


def write(person: Person, code: str, parts: dict[str, dict[str, Any]]) -> None:
    """Fill in the parts of a proposal, each on its page."""
    for part, answers in parts.items():
        person.go(f"/proposals/{code}/edit?part={part}")
        if part == "impact":
            for cell, words in enumerate(("Hours until a warning", "48", "2", "laboratory")):
                person.page.locator('main [id^="indicator-"]').nth(cell).fill(words)
        person.fill(**answers).press("Save and leave")


def judge(stage: Any, names: tuple[str, ...], title: str) -> None:
    """Each juror answers the conflict question, scores every criterion with a comment, checks and submits."""
    for name in names:
        person = Person(stage, name).go("/reviews").press(title, exact=True)
        person.fill(answer="none").press("Answer")
        page = person.page
        marks = page.locator('main input[type="radio"][value="4"]:not([name="confidence"])')
        for place in range(marks.count()):  # by keyboard: a digit chooses the mark
            marks.nth(place).focus()
            page.keyboard.press("4")
            assert marks.nth(place).is_checked()
        comments = page.locator('main form.card textarea[name$="_comment"]')
        for place in range(comments.count()):
            comments.nth(place).fill("Clear, and costed for the cities.")
        person.press("Check and submit").press("Submit review")


def sign(stage: Any, code: str, names: dict[str, str]) -> None:
    """Each city's lead signs the proposal as it is."""
    for name, city in names.items():
        person = Person(stage, name).go(f"/proposals/{code}")
        person.press(f"Sign or record a decision for {city}").press("Sign")
