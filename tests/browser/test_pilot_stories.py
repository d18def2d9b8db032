"""A pilot's own people, through pages: who spends, who researches, who mentors. Each meets a refusal that helps on."""

from datetime import date

import pytest
from playwright.sync_api import expect
from sqlmodel import select

from challenge.people.models import Person as Account
from challenge.pilots.models import Pilot
from tests.browser.acting import Person
from tests.cast import PEOPLE
from tests.factories.files import pdf
from tests.factories.money import make_funded
from tests.factories.pilots import make_indicator, make_measurement, make_milestone, make_report

pytestmark = pytest.mark.browser
TITLE = "Clean bays"
on_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
on_postgres = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def place(stage) -> str:
    """The address of a running pilot with money, a step under way, and an indicator measured once in Tartu."""
    with stage.world.acting() as w:
        pilot = make_funded(w, title=TITLE, mentor_id=PEOPLE["eero"].id)
        make_milestone(w, pilot, title="Nets hang", starts_on=date(2027, 1, 4), due_on=date(2027, 2, 1))
        make_measurement(w, make_indicator(w, pilot, city="tartu", title="Closed days"), "40", date(2027, 1, 8))
        return f"/pilots/{pilot.code}"


@on_sqlite
def test_a_finance_officer_claims_mends_what_came_back_and_finds_it_in_the_ledger(stage, place):
    """In Estonian; the coordinator reads English."""
    with stage.world.acting() as w:
        w.session.get_one(Account, PEOPLE["peeter"].id).locale = "et"
    peeter, kadri = Person(stage, "peeter"), Person(stage, "kadri")

    peeter.go(f"{place}/money").press("Alusta kulutaotlust: Tartu")
    peeter.fill(spent_on="Kaksteist andurit", category="equipment", spent_from="2027-01-04", spent_to="2027-01-09")
    peeter.fill(amount="1 234,50").press("Kontrolli vastuseid")
    claim = f"/claims/{peeter.code()}"
    submit = peeter.page.get_by_role("button", name="Esita kulutaotlus")
    expect(submit).to_have_attribute("aria-disabled", "true")
    peeter.sees("Lisage kulutaotluse failide hulka vähemalt üks kuludokument.")
    peeter.press("Failid").attach("arve.exe", b"MZ\x00").press("Lisa", exact=True, refused=True)
    peeter.sees("Seda liiki faile ei võeta vastu.").attach("arve.pdf", pdf()).press("Lisa", exact=True).sees("arve.pdf")
    peeter.go(claim).press("Esita kulutaotlus").sees("Kulutaotlus esitatud", "234,50")

    kadri.go(claim).press("Send back").press("Send back", refused=True).sees("Say what must be put right")
    kadri.fill(points="The invoice names thirteen sensors.").press("Send back").sees("Claim sent back")

    peeter.go(claim).sees("Parandada:", "The invoice names thirteen sensors.").press("Kirjuta kulutaotlus")
    peeter.fill(spent_on="Kolmteist andurit", amount="1 300").press("Salvesta ja välju").press("Esita kulutaotlus")
    kadri.go(claim).sees("€1,300").press("Accept the claim").sees("Claim accepted")

    peeter.go(f"{place}/money").sees("1\u00a0300").press("Kulutaotlus vastu võetud")
    peeter.sees("Kolmteist andurit", "Vastu võetud")


@on_postgres
def test_a_researcher_measures_shows_a_milestone_and_reports(stage, place):
    with stage.world.acting() as w:
        pilot = w.session.exec(select(Pilot).where(Pilot.title == TITLE)).one()
        report = f"/reports/{make_report(w, pilot, due_on=date(2027, 1, 20)).code}"
    ravi = Person(stage, "ravi")

    ravi.go("/home").sees(TITLE).go(f"{place}/plan").press("Measure Closed days")
    ravi.fill(actual="12,5", measured_on="2027-01-20", source="Buoys").press("Save", refused=True)
    ravi.sees("This day is still to come").fill(measured_on="2027-01-10").press("Save").sees("Measured.", "12.5")

    ravi.press("Nets hang").fill(done_on="2027-01-10").press("Save", refused=True)
    ravi.sees("Say what shows that the milestone is done.")
    ravi.fill(evidence="Photographs of the three bays.").press("Save").sees("Done")

    ravi.go(report).press("Begin with what is known")
    assert "Photographs of the three bays." in ravi.page.locator('[name="done"]').input_value()
    assert "Closed days, h, Tartu: 12.5 on 10 January 2027" in ravi.page.locator('[name="measured"]').input_value()
    ravi.press("Check your answers")
    expect(ravi.page.get_by_role("button", name="Submit the report")).to_have_attribute("aria-disabled", "true")
    ravi.sees("Look again at: What comes next").press("Go on editing")
    ravi.fill(follows="The second summer.").press("Check your answers").press("Submit the report")
    ravi.sees("Report submitted", "The second summer.")
    assert ravi.saves("Keep as PDF").startswith(b"%PDF")


@on_sqlite
def test_a_mentor_reads_everything_writes_where_they_may_and_is_told_who_does_the_rest(stage, place):
    eero, visitor = Person(stage, "eero"), Person(stage, "nobody")

    eero.go("/home").press(TITLE).sees("You see the members’ view", "Eero Eskola", "Nothing waits for you here.")
    eero.press("Risks and issues").go(f"{place}/money").sees("Budget burn", "€1,200,000")
    for path in ("plan", "money", "risks", "changes", "agreement"):
        eero.go(f"{place}/{path}")
        assert eero.page.locator("main form").count() == 0, path
    answer = eero.page.goto(f"{stage.url}{place}/edit")
    assert answer.status == 403
    eero.sees("Only")

    eero.go(f"{place}/outputs").press("I agree to be asked").sees("stand on the page now")
    visitor.go(f"{place}/showcase").sees("Whom to ask", "Eero Eskola")
    eero.press("Take me off the page").sees("gone from the page")
    visitor.go(f"{place}/showcase")
    expect(visitor.page.locator("main")).not_to_contain_text("Eero Eskola")
