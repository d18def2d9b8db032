"""A portfolio that is run by two coordinators, and what everybody finds of a pilot: figures, kit, files, a PDF."""

import csv
import io
import json
from datetime import date

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader
from sqlmodel import select

from challenge.kernel.letter import Letter
from challenge.notifications import actions as notifications
from challenge.people import passwords
from challenge.people.models import Person as Account
from challenge.pilots.results import actions as results
from challenge.pilots.results.models import OutputKind
from challenge.pilots.results.schemas import KitIn, OutputIn
from challenge.pilots.states import PilotState, ReportState, TrancheState
from tests.browser.acting import Person
from tests.cast import PEOPLE
from tests.factories.money import make_funded
from tests.factories.people import PASSWORD
from tests.factories.pilots import (
    make_indicator,
    make_measurement,
    make_milestone,
    make_pilot,
    make_report,
    make_tranche,
)
from tests.files_read import said_in
from tests.pilots.ready import ANSWERS, get

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_coordinators_see_what_is_late_remind_return_a_report_and_approve_a_payment(stage):
    kept = passwords.hashed(PASSWORD)
    with stage.world.acting() as w:
        w.session.get_one(Account, PEOPLE["kadri"].id).password_hash = kept
        late = make_funded(w, title="Late bays")
        make_milestone(w, late, title="Nets hang", starts_on=date(2026, 10, 1), due_on=date(2026, 12, 1))
        known = {"state": ReportState.SUBMITTED, "submitted_at": w.now, "revision": 1, "answers": ANSWERS}
        report = make_report(w, late, due_on=date(2027, 1, 5), **known)
        tranche = make_tranche(
            w, late, label="Spring", cents=5_000_000, report_id=report.id, state=TrancheState.PLANNED
        )
        report, tranche = f"/reports/{report.code}", f"/tranches/{tranche.code}"
        fine = make_pilot(w, state=PilotState.RUNNING, title="Fine nights")
        make_milestone(w, fine, due_on=date(2028, 1, 1))
    jaan, kadri, ravi = (Person(stage, name) for name in ("jaan", "kadri", "ravi"))

    jaan.go("/pilots/overview").sees("Milestone “Nets hang” is 40 days over.")
    assert jaan.page.locator("tbody th a").all_text_contents() == ["Late bays", "Fine nights"]
    jaan.press("See the reminders for the ticked ones").sees("Nobody to remind", "Tick pilots that are late")
    jaan.press("Back to the portfolio").page.get_by_label("Remind the people of Late bays").check(force=True)
    jaan.press("See the reminders for the ticked ones").sees(
        "Nothing has been sent yet.", "ravi@example.org", "Nets hang"
    )
    previewed = jaan.page.locator("main section.card").count()
    jaan.press(f"Send {previewed} mails")
    with stage.world.acting() as w:
        notifications.tell(w, stage.world.settings.public_url)
        letters = w.session.exec(select(Letter)).all()
    assert len([one for one in letters if "Nets hang" in one.text]) == previewed

    jaan.go(tranche).sees("Nothing is paid before this report is accepted")
    jaan.go(report).press("Send back").fill(points="The numbers of December are missing.").press("Send back")
    ravi.go(report).sees("The numbers of December are missing.").press("Write the report")
    ravi.fill(measured="December: 12 h.").press("Save and leave").press("Submit the report")
    jaan.go(report).sees("December: 12 h.").press("Accept the report")
    jaan.go(tranche).press("Put up for payment").press("Approve the payment").press("Approve the payment")
    jaan.sees("You asked for this. A second person must approve it.")

    page = kadri.go(tranche).page
    stage.world.move(minutes=20)
    page.reload()
    expect(page.locator("main")).to_contain_text("Confirm that it is you first.")
    page.get_by_role("link", name="Confirm now").click()
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.get_by_role("link", name="Approve: Approve the payment").click()
    page.get_by_role("button", name="Approve", exact=True).click()
    expect(page.locator("main")).to_contain_text("Payment approved by two")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_public_reads_results_and_takes_them_along_and_a_city_would_like_the_same(stage):
    """The visitor reads Estonian; a member city keeps its agreement."""
    with stage.world.acting() as w:
        pilot = make_funded(w, title="Clean bays")
        for city, value in (("tartu", "12.5"), ("fingal", "20")):
            row = make_indicator(w, pilot, city=city, title="Closed days")
            make_measurement(w, row, "40", date(2027, 1, 5))
            make_measurement(w, row, value, date(2027, 1, 9), source="Buoys")
        code, place = pilot.code, f"/pilots/{pilot.code}"
    with stage.world.acting("ravi") as w:
        output = OutputIn(kind=OutputKind.DATA, title="Water of three bays", licence="CC BY 4.0")
        results.add(w, get(w, code), "output", output)
        results.write_kit(w, get(w, code), KitIn(lessons="Hang the nets in April.", costs="2,000 euros a bay."))
    visitor, sofia, mari = (Person(stage, name) for name in ("nobody", "sofia", "mari"))

    visitor.page.goto(f"{stage.url}/language/et")
    visitor.go("/pilots").press("Clean bays").press("Tulemused, tulemid ja kuidas teha sama")
    visitor.sees("Water of three bays", "CC BY 4.0", "Hang the nets in April.", "2,000 euros a bay.", "Õppetunnid")
    figure = visitor.page.locator("figure", has_text="Closed days")
    assert figure.locator("svg polyline, svg path").count() >= 2
    assert "12,5" in figure.locator("table").first.inner_text()
    rows = list(csv.DictReader(io.StringIO(visitor.saves("Kõik väärtused CSV-na").decode("utf-8-sig"))))
    assert [row["value"] for row in rows if row["city"] == "Tartu" and row["indicator"] == "Closed days"] == [
        "40",
        "12.5",
    ]
    visitor.page.get_by_role("link", name="Tulemused JSON-ina").click()
    told = json.loads(visitor.page.locator("body").inner_text())
    assert (told["title"], told["interested_cities"]) == ("Clean bays", 0)
    answer = visitor.page.goto(f"{stage.url}{place}/agreement")
    assert "/sign-in" in answer.url

    sofia.go(f"{place}/showcase").press("We would like to do the same").press("Save", refused=True).sees("Say why")
    sofia.fill(reason="Our beaches close as often.").press("Save").sees(
        "Your city would like to do the same.", "Change or take back"
    )
    visitor.go(f"{place}/showcase").sees("linn sooviks teha sama")

    sent = mari.go(f"{place}/agreement").saves("Keep this version as PDF")
    reader = PdfReader(io.BytesIO(sent))
    root = reader.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"], "/StructTreeRoot" in root) == (True, "en", True)
    for word in ("Clean bays", "We try it together.", "Tartu", "Signatures", "SHA-256"):
        assert word in said_in(sent), word
