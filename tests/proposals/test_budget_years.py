"""A budget by partner, kind of cost and year, with own shares: it adds up, and says the same wherever it is read."""

from __future__ import annotations

import io
from decimal import Decimal

import openpyxl
import pytest

from challenge.kernel.errors import Invalid
from challenge.kernel.journal import digest
from challenge.proposals import actions, content, money
from challenge.proposals.money import Line, Own, funded, sheet, years_of
from challenge.proposals.rules import budget_fits
from challenge.proposals.states import BudgetCategory
from challenge.proposals.states import ProposalState as S
from tests.cast import PLACES
from tests.factories.proposals import code_of, get, proposal_in
from tests.files_read import said_in

STAFF, EQUIPMENT = BudgetCategory.STAFF, BudgetCategory.EQUIPMENT


@pytest.fixture
def code(world):
    """36 months: Tartu spends 300,000.50 in two years and pays a tenth of the first; TalTech spends 100,000."""
    made = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting("ravi") as w:
        tartu, taltech = code_of(w, "tartu"), code_of(w, "taltech")
        costs = {
            (tartu, STAFF, 1): 10_000_050, (tartu, EQUIPMENT, 1): 10_000_000, (tartu, STAFF, 2): 10_000_000,
            (taltech, STAFF, 3): 10_000_000,
        }  # fmt: skip
        actions.set_budget(w, get(w, made), costs, {(tartu, 1): 2_000_000})
    return made


def test_the_page_json_pdf_and_spreadsheet_say_the_same(world, code):
    ravi = world.client("ravi")
    page = ravi.get(f"/proposals/{code}/budget").text
    for said in ("Year 3", "300,000.50", "400,000.50", "380,000.50", "95\u00a0%", "93.3\u00a0%"):
        assert said in page, said

    found = ravi.get(f"/api/v1/proposals/{code}").json()
    everybody = found["budget_sums"][-1]
    assert everybody == {
        "partner": None, "total_cents": 40_000_050, "own_cents": 2_000_000, "asked_cents": 38_000_050,
        "funding_rate": 95.0,
    }  # fmt: skip
    for key in ("total_cents", "own_cents", "asked_cents"):
        assert sum(one[key] for one in found["budget_sums"][:-1]) == everybody[key]
    assert {line["year"] for line in found["budget"]} == {1, 2, 3}

    printed = said_in(ravi.get(f"/proposals/{code}/print.pdf").content)
    for said in ("€300,000.50", "€400,000.50", "€380,000.50", "Funding rate", "95"):
        assert said in printed, said

    book = openpyxl.load_workbook(io.BytesIO(ravi.get(f"/proposals/{code}/budget.xlsx").content))
    rows = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows()]
    assert rows[0][2:] == ["Year 1", "Year 2", "Year 3", "Total", "Own share", "Asked for", "Funding rate, %"]
    assert rows[-1][2:] == [200_000.5, 100_000, 100_000, 400_000.5, 20_000, 380_000.5, 95]
    lines = list(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert sum(row[9] for row in lines) == 400_000.5
    assert sum(row[8] for row in lines) == 20_000


def test_json_sets_what_json_says(world, code):
    ravi = world.client("ravi")
    found = ravi.get(f"/api/v1/proposals/{code}")
    given = {"lines": found.json()["budget"], "own_shares": found.json()["own_shares"]}
    given["own_shares"][0]["cents"] = 1_500_000
    headers = {"If-Match": found.headers["etag"]}
    sent = ravi.put(f"/api/v1/proposals/{code}/budget", json=given, headers=headers)
    assert sent.status_code == 200
    assert sent.json()["budget"] == given["lines"]
    assert sent.json()["budget_sums"][-1]["asked_cents"] == 38_500_050


def test_own_shares_are_kept_from_the_form_and_are_at_most_the_costs(world, code):
    ravi = world.client("ravi")
    with world.acting() as w:
        tartu = code_of(w, "tartu")
    sent = {f"{tartu}-staff-2": "5 000", f"{tartu}-own-2": "5000,01"}
    refused = ravi.post(f"/proposals/{code}/budget", data=sent)
    assert refused.status_code == 422
    assert "In year 2 this is €0.01 more than the partner spends." in refused.text
    assert 'value="5000,01"' in refused.text
    assert ravi.post(f"/proposals/{code}/budget", data={**sent, f"{tartu}-own-2": "5000"}).status_code == 303
    with world.acting() as w:
        sums = money.sheet_of(w, get(w, code)).all
        assert (sums.total, sums.own, sums.asked, sums.rate) == (500_000, 500_000, 0, Decimal(0))


def test_money_after_the_end_of_the_pilot_is_not_handed_in(world, code):
    with world.acting("ravi") as w:
        proposal = get(w, code)
        assert budget_fits(w, proposal) is None
        actions.revise(w, proposal, {"months": "24"})
        problem = budget_fits(w, proposal)
    assert str(problem.text) == (
        "The pilot takes 24 months, and €100,000 of its budget lie after its end. Move them, or make it longer."
    )
    assert "€100,000 of its budget lie after its end" in world.client("ravi").get(f"/proposals/{code}/budget").text


def test_a_file_of_a_longer_pilot_names_the_years(world, code):
    with world.acting() as w:
        tartu = code_of(w, "tartu")
    files = {"file": ("budget.csv", f"Code;Staff\n{tartu};5\n".encode())}
    page = world.client("ravi").post(f"/proposals/{code}/budget/file", files=files)
    assert page.status_code == 422
    assert "the file must have the column “Year”" in page.text
    files = {"file": ("budget.csv", f"Code;Year;Staff;Own share\n{tartu};2;5;1\n{tartu};9;7;\n".encode())}
    page = world.client("ravi").post(f"/proposals/{code}/budget/file", files=files)
    assert "“9” is no year of this pilot" in page.text
    assert f'name="{tartu}-own-2" inputmode="decimal" value="1"' in page.text


def test_the_fingerprint_of_a_budget_without_years_and_shares_is_what_it_was(world):
    made = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting() as w:
        kept = content.snapshot(w, get(w, made))
        assert kept["budget"] == [
            {"partner": code_of(w, "taltech"), "name": "TalTech", "category": "staff", "cents": 120_000_000}
        ]
        assert "own_shares" not in kept
        city = content.cities(w, get(w, made))[0]
        scope = [str(city.role), 0, kept["size_class"], kept["months"], kept["challenges"]]
        assert content.scope_hash(kept, city) == digest(scope)


def test_a_partner_that_goes_takes_its_own_share_along(world, code):
    with world.acting("ravi") as w:
        actions.remove_city(w, get(w, code), code_of(w, "tartu"))
        assert [(one.code, one.cents) for one in money.own_shares(w, get(w, code))] == []
        assert money.asked(w, get(w, code)) == 10_000_000


def test_a_year_no_pilot_has_is_refused(world, code):
    with world.acting("ravi") as w, pytest.raises(Invalid):
        actions.set_budget(w, get(w, code), {(code_of(w, "tartu"), STAFF, 11): 5})


def test_what_is_asked_for_lies_on_the_costs_to_the_cent():
    tartu = PLACES["tartu"].id
    lines = [Line(tartu, "T", "Tartu", STAFF, 1_000, 1), Line(tartu, "T", "Tartu", EQUIPMENT, 500, 1),
             Line(tartu, "T", "Tartu", STAFF, 100, 2)]  # fmt: skip
    found = funded(lines, [Own(tartu, "T", "Tartu", 100, 1)])
    assert found == {(tartu, STAFF): 933 + 100, (tartu, EQUIPMENT): 467}
    assert funded(lines, []) == {(tartu, STAFF): 1_100, (tartu, EQUIPMENT): 500}
    assert funded([Line(tartu, "T", "Tartu", STAFF, 0, 1)], []) == {(tartu, STAFF): 0}


def test_years_begin_after_twelve_months_and_hold_all_that_is_written_down():
    assert [years_of(months) for months in (None, 1, 12, 13, 36, 37)] == [1, 1, 1, 2, 3, 4]
    assert sheet([("T", "Tartu", "staff", 4, 5)], [], 3).last_year == 4
    assert sheet([], [("T", "Tartu", 2, 5)]).last_year == 2
    assert sheet([], []).all.rate is None
