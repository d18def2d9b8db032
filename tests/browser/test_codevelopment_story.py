"""From an idea to a submitted full proposal: a researcher, a colleague abroad, and two cities, in two languages.

What is kept along the way is read back: the calendar, the budget as a spreadsheet, the proposal as PDF.
"""

import io
from datetime import UTC, datetime

import icalendar
import openpyxl
import pytest
from pypdf import PdfReader

from challenge.kernel.i18n import gettext, speaking
from challenge.proposals.states import ProposalState as S
from challenge.proposals.workflow import PROPOSAL
from tests.browser.acting import Person
from tests.browser.round_story import AT, IDEA, LATER, PARTS, write
from tests.factories.proposals import get, given_for, make_challenge, rules_with
from tests.factories.rounds import make_round
from tests.files_read import said_in

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]
TITLE = "Hourly water"
CITIES = (("Tartu", "lead"), ("Helsinki", "pilot"))


def estonian(words, **names):
    with speaking("et"):
        return gettext(words) % names


def file_at(person, path):
    answer = person.page.request.get(person.stage.url + path)
    assert answer.status == 200, (path, answer.status)
    return answer.body()


def programme(world, code, name):
    """What coordinators do in between is told elsewhere (test_whole_round.py)."""
    with world.acting("jaan") as w:
        proposal = get(w, code)
        proposal.reviews_eligible, proposal.below_threshold = 3, False
        PROPOSAL.fire(w, proposal, name, given_for(world, proposal, name))


def signs(person, code, city, *, language="en"):
    """The lead of a city looks at the version and signs it."""
    person.go(f"/proposals/{code}")
    link = person.page.locator('main a[href*="/commitments/"]').first
    person.go(link.get_attribute("href"))
    words = "What %(city)s signs"
    person.sees(estonian(words, city=city) if language == "et" else words % {"city": city})
    with person.page.expect_navigation():
        person.page.locator('main form[action$="/signature"] button').click()
    kept = person.page.locator('main a[href*="print.pdf"]').get_attribute("href")
    return said_in(file_at(person, kept))


def test_four_people_write_and_sign_one_proposal(stage):  # noqa: PLR0915 -- as long as the way is
    world = stage.world
    world.now = AT["ideas"]
    with world.acting() as w:
        round_ = make_round(w, rules=rules_with())
        challenge, round_code = make_challenge(w, round_).code, round_.code
    ravi, eero, mari, sofia = (Person(stage, name) for name in ("ravi", "eero", "mari", "sofia"))

    calendar = icalendar.Calendar.from_ical(file_at(ravi, f"/rounds/{round_code}/calendar.ics"))
    ends = {str(event["summary"]): event["dtend"].dt if "dtend" in event else event["dtstart"].dt
            for event in calendar.walk("VEVENT")}  # fmt: skip
    assert any(at > datetime(2027, 2, 22, tzinfo=UTC) for at in ends.values())
    assert len(ends) >= 3

    ravi.go(f"/proposals/new?challenge={challenge}").fill(title=TITLE).press("Begin")
    code = ravi.code()
    ravi.go(f"/proposals/{code}/team").fill(name="Eero Eskola", email="eero@example.org", role="researcher")
    ravi.press("Send the invitation")
    eero.go(f"/proposals/{code}").press("Join the team")
    write(ravi, code, {part: PARTS[part] for part in IDEA[:2]})
    write(eero, code, {IDEA[2]: PARTS[IDEA[2]]})
    ravi.go(f"/proposals/{code}/check").press("Submit idea").sees("Submitted")
    for name in ("screen_in", "invite"):
        programme(world, code, name)

    world.now = AT["pilot_proposals"]
    write(eero, code, {part: answers for part, answers in PARTS.items() if part not in IDEA})
    for city, role in CITIES:
        ravi.go(f"/proposals/{code}/cities?q={city}")
        found = ravi.page.locator('main form:has(input[type="hidden"][name="q"])').first
        found.locator('[name="role"]').select_option(role)
        with ravi.page.expect_navigation():
            found.locator("button").click()
    ravi.go(f"/proposals/{code}").sees("Met")

    book = openpyxl.load_workbook(io.BytesIO(file_at(eero, f"/proposals/{code}/budget.xlsx")))
    rows = {line[1].value: line for line in book.active.iter_rows(min_row=2) if line[2].value == 1}
    rows["TalTech"][3].value, rows["Tartu"][4].value, rows["Helsinki"][4].value = 800_000, 250_000, "150 000,50"
    made = io.BytesIO()
    book.save(made)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    eero.go(f"/proposals/{code}/budget")
    eero.page.locator('main input[type="file"]').set_input_files(
        {"name": "budget.xlsx", "mimeType": kind, "buffer": made.getvalue()}
    )
    eero.press("Read the file into the table").sees("Nothing is saved yet").press("Save and add up")
    eero.sees("€1,200,000.50")

    mari.page.goto(f"{stage.url}/language/et?next=/home")
    first = signs(mari, code, "Tartu", language="et")
    assert estonian("Signed by the cities") in first
    write(ravi, code, {"risks": {**PARTS["risks"], "risks": "Ice may break the buoys."}})
    mari.go(f"/proposals/{code}")
    mari.go(mari.page.locator('main a[href*="/commitments/"]').first.get_attribute("href"))
    mari.sees("Ice may break the buoys.", estonian("Risks"))  # asked again, with what changed
    again = [signs(mari, code, "Tartu", language="et"), signs(sofia, code, "Helsinki")]
    ravi.go(f"/proposals/{code}").press("Submit pilot proposal").sees("Shortlisting")
    programme(world, code, "name_finalist")

    world.now = AT["full_proposals"]
    ravi.go(f"/proposals/{code}/edit?part=risks").sees("Ice may break the buoys.")  # carried on, not asked twice
    write(eero, code, LATER)
    signs(mari, code, "Tartu", language="et")
    last = signs(sofia, code, "Helsinki")
    assert "Ice may break the buoys." in last
    ravi.go(f"/proposals/{code}").press("Submit full proposal").sees("In jury")
    file = file_at(ravi, f"/proposals/{code}/print.pdf")
    with world.acting() as w:
        proposal = get(w, code)
        assert proposal.state is S.IN_JURY
    said = said_in(file)
    assert PdfReader(io.BytesIO(file)).trailer["/Root"]["/MarkInfo"]["/Marked"]
    for words in (TITLE, "€1,200,000.50", "Tartu", "Helsinki", "Signed by the cities", "Ice may break the buoys."):
        assert words in said, words
    assert {text.rsplit("SHA-256 ", 1)[1][:64] for text in again} != {said.rsplit("SHA-256 ", 1)[1][:64]}
    assert last.rsplit("SHA-256 ", 1)[1][:64] == said.rsplit("SHA-256 ", 1)[1][:64]
    mari.page.set_viewport_size({"width": 390, "height": 900})
    mari.go(f"/proposals/{code}")
    assert mari.page.evaluate("document.documentElement.scrollWidth") <= 390
