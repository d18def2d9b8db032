"""Past pilots from a table: 200 rows of which 20 are bad, in both formats, by page, command line and JSON."""

from __future__ import annotations

import csv
import io
import re
from datetime import date

import pytest
from sqlmodel import func, select
from typer.testing import CliRunner

from challenge import cli
from challenge.kernel import sheets
from challenge.pilots.models import MemberCity, Pilot
from challenge.pilots.past.columns import COLUMNS, NAMES
from challenge.pilots.past.models import PastPilot
from challenge.rounds.schemas import Rules, Theme
from challenge.rounds.states import Pairing
from tests.counting import counted
from tests.factories.rounds import make_round

ROUND = "Old Challenge"
GOOD = {
    "round": ROUND, "state": "completed", "cities": "Tartu (EE); Fingal (IE)", "months": "24",
    "budget_eur": "860 000", "starts_on": "2021-04", "sources": "https://example.org/a; https://example.org/b",
}  # fmt: skip
BAD = {  # what is wrong, and a word of the reason
    "round": ("No such round", "There is no round"),
    "state": ("finished", "is no state"),
    "cities": ("Tartu", "write the city with its country"),
    "months": ("two years", "no number of months"),
    "budget_eur": ("much", "no amount in euros"),
    "starts_on": ("2021-02-30", "no day, month or year"),
    "themes": ("Fishing", "No theme of this round"),
    "sources": ("see the archive", "no address"),
    "title": ("", "This is missing"),
    "key": ("K001", "stands in several rows"),
}


def rows(bad: int = 20) -> list[dict[str, str]]:
    """200 rows; every tenth of the first ``bad`` × 10 has one fault, each of its own kind."""
    kinds = list(BAD)
    made = []
    for number in range(1, 201):
        row = {**GOOD, "key": f"K{number:03}", "title": f"Old pilot {number}"}
        if number % 10 == 0 and number // 10 <= bad:
            name = kinds[(number // 10 - 1) % len(kinds)]
            row[name] = BAD[name][0]
        made.append(row)
    return made


def as_csv(given) -> bytes:
    return sheets.plain_csv(NAMES, [[row.get(name, "") for name in NAMES] for row in given]).encode()


def as_xlsx(given) -> bytes:
    return sheets.write_xlsx([("pilots", NAMES, [[row.get(name, "") for name in NAMES] for row in given])])


FORMATS = {"csv": as_csv, "xlsx": as_xlsx}


@pytest.fixture
def old(world):
    """A past round with one theme."""
    rules = Rules(pairing=Pairing.OPTIONAL, min_cities=1, themes=[Theme(key="energy", title="Energy")])
    with world.acting() as w:
        return make_round(w, title=ROUND, rules=rules, imported=True).code


def send(world, content: bytes, act: str = "check", who: str = "jaan"):
    return world.client(who).post("/pilots/import", data={"act": act}, files={"file": ("old.csv", content)})


def how_many(world, table=Pilot) -> int:
    with world.acting(writing=False) as w:
        return w.session.exec(select(func.count()).select_from(table)).one()


@pytest.mark.parametrize("kind", FORMATS)
def test_twenty_bad_rows_of_two_hundred_are_named_and_nothing_is_imported_until_they_are_mended(world, old, kind):
    made = FORMATS[kind]

    for act in ("check", "import"):
        answer = send(world, made(rows()), act)
        assert answer.status_code == 422
        named = [int(number) for number in re.findall(r">Row (\d+)<", answer.text)]
        assert named == sorted({number + 1 for number in range(10, 201, 10)} | {2})  # K001 stands in rows 2, 101, 201
        for _cell, reason in BAD.values():
            assert reason in answer.text, reason
        assert how_many(world) == how_many(world, PastPilot) == 0

    looked = send(world, made(rows(bad=0)))
    assert looked.status_code == 200
    assert "200 new pilots" in looked.text
    assert how_many(world) == 0
    kept = re.search(r'<textarea name="rows" hidden>\n(.*?)</textarea>', looked.text, re.DOTALL)[1]
    done = world.client("jaan").post("/pilots/import", data={"rows": kept, "act": "import"})
    assert (done.status_code, how_many(world), how_many(world, MemberCity)) == (303, 200, 400)

    again = send(world, made(rows(bad=0)), "import")
    assert (again.status_code, how_many(world)) == (303, 200)
    assert "200 there already" in send(world, made(rows(bad=0))).text


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_on_the_command_line(world, old, kind, tmp_path):
    def run(given, *more):
        file = tmp_path / f"old.{kind}"
        file.write_bytes(FORMATS[kind](given))
        address = world.database.engine.url.render_as_string(hide_password=False)
        result = CliRunner().invoke(
            cli.app, ["import-pilots", str(file), *more], env={"CHALLENGE_DATABASE_URL": address}
        )
        return result.exit_code, result.output

    code, said = run(rows(), "--dry-run")
    assert code == 1
    assert len(re.findall(r"^row \d+ ", said, re.MULTILINE)) == 21  # the row whose key is given again is named too
    assert "row 11  K010  Old pilot 10  round: There is no round “No such round”." in said
    assert run(rows())[0] == 1
    assert how_many(world) == 0
    assert run(rows(bad=0), "--dry-run")[1].endswith("200 new, 0 there already, 0 not right; would be imported.\n")
    assert how_many(world) == 0
    assert run(rows(bad=0))[0] == 0
    assert how_many(world) == 200
    assert "0 new, 200 there already" in run(rows(bad=0))[1]


def test_unknown_stays_unknown_and_is_shown_as_not_known(world, old):
    row = {"key": "P", "round": old.lower(), "title": "=HYPERLINK(1)", "state": "Completed", "cities": "Tartu (ee)",
           "budget_eur": "?", "months": "not known", "ends_on": "2023"}  # fmt: skip
    assert send(world, as_xlsx([row]), "import").status_code == 303

    with world.acting(writing=False) as w:
        pilot = w.session.exec(select(Pilot)).one()
        assert (pilot.budget_cents, pilot.months, pilot.starts_on, pilot.ends_on) == (None, None, None, None)
        assert (pilot.title, pilot.facts["end"], pilot.imported) == ("=HYPERLINK(1)", "2023", True)
    text = world.client().get(f"/pilots/{pilot.code}").text
    assert text.count("not known") >= 3
    assert "2023" in text


def test_days_themes_followers_and_lists_are_read(world, old):
    row = {**GOOD, "key": "P", "title": "Read", "themes": "energy", "starts_on": "01.04.2021", "ends_on": "2023-3-31",
           "followers": "Helsinki (FI)", "products": "A; B"}  # fmt: skip
    assert send(world, as_csv([row]), "import").status_code == 303

    with world.acting(writing=False) as w:
        pilot = w.session.exec(select(Pilot)).one()
        roles = sorted(str(role) for role in w.session.exec(select(MemberCity.role)))
    assert (pilot.starts_on, pilot.ends_on, pilot.themes) == (date(2021, 4, 1), date(2023, 3, 31), ["energy"])
    assert (pilot.budget_cents, pilot.facts["products"], roles) == (
        86_000_000,
        ["A", "B"],
        ["follower", "lead", "pilot"],
    )


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"cities": "Helsinki (FI); Fingal (IE)"}, "home country"),
        ({"cities": "Nowhere (EE)"}, "There is no city Nowhere (EE)"),
        ({"cities": "Tartu (EE); Tartu (EE)"}, "Tartu is there twice"),
        ({"starts_on": "2023-05-01", "ends_on": "2023-04-01"}, "lies before the first day"),
        ({"title": "x" * 121}, "Shorten this to 120 characters"),
        ({"title": "Old pilot"}, "pilot of this title already"),
        ({"key": "FIRST", "title": "Other"}, "imported with other values"),
        ({"round": ""}, "This is missing"),
    ],
)
def test_what_the_service_would_refuse_is_said_in_the_dry_run(world, old, changed, reason):
    first = {**GOOD, "key": "FIRST", "title": "Old pilot"}
    assert send(world, as_csv([first]), "import").status_code == 303

    answer = send(world, as_csv([{**GOOD, "key": "NEXT", "title": "Next pilot", **changed}]))

    assert answer.status_code == 422
    assert reason in answer.text
    assert how_many(world) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"key,title\nP,x\n", "Columns are missing: round, state, cities"),
        (b"key,round,title,state,cities,colour\n", "Unknown columns: colour"),
        (b"key,round,title,state,cities,key\n", "Columns are there twice: key"),
        (b"key,round,title,state,cities\n", "There is no row under the column names"),
        (b"", "The file is empty"),
    ],
)
def test_a_file_that_is_no_table_of_pilots_is_refused_in_words(world, content, reason):
    answer = send(world, content)

    assert answer.status_code == 422
    assert reason in answer.text


def test_coordinators_import_into_their_own_rounds_only(world, old):
    row = as_csv([{**GOOD, "key": "P", "title": "Mine"}])
    for who in ("mari", "ravi", "lena", "olev", "anna"):
        assert send(world, row, "import", who).status_code == 403, who
        assert world.client(who).get("/pilots/import").status_code == 403, who
    with world.acting() as w:
        other = make_round(w, title="Another round")
        from challenge.people import actions as people  # noqa: PLC0415
        from challenge.people.models import Person  # noqa: PLC0415
        from challenge.people.states import RoleName  # noqa: PLC0415
        from tests.cast import PEOPLE  # noqa: PLC0415

        people.give_role(w, w.session.get_one(Person, PEOPLE["eero"].id), RoleName.COORDINATOR, other.id)
    refused = send(world, row, "import", "eero")
    assert refused.status_code == 422
    assert "Only a coordinator of this round can do this." in refused.text
    assert how_many(world) == 0
    assert send(world, row, "import", "jaan").status_code == 303


def test_the_template_is_what_the_import_takes(world, old):
    client = world.client("jaan")
    sent = client.get("/pilots/import/template.csv").content
    table = list(csv.DictReader(io.StringIO(sent.decode("utf-8-sig"))))
    assert list(table[0]) == list(NAMES)
    assert sheets.read(client.get("/pilots/import/template.xlsx").content)[0] == list(NAMES)
    page = client.get("/pilots/import").text
    assert all(column.name in page for column in COLUMNS)
    assert send(world, sent).status_code == 422  # the round and the cities of the example are not here
    assert client.get("/pilots").text.count("/pilots/import") == 1
    assert "/pilots/import" not in world.client("mari").get("/pilots").text


def test_the_same_in_json(world, old):
    def post(given, who="jaan", *, dry_run=True, **head):
        body = {"rows": given, "dry_run": dry_run}
        return world.client(who).post("/api/v1/pilots/import", json=body, headers=head)

    looked = post(rows()[:20])
    assert looked.status_code == 200
    assert [row["row"] for row in looked.json()["rows"] if row["verdict"] == "bad"] == [11, 21]
    assert "round" in looked.json()["rows"][9]["reasons"]
    assert post(rows()[:20], dry_run=False).status_code == 422
    assert how_many(world) == 0
    key = {"idempotency-key": "k1"}
    assert post(rows(0)[:2], dry_run=False, **key).json()["imported"] == 2
    assert post(rows(0)[:2], dry_run=False, **key).json()["imported"] == 2  # the kept answer
    assert post(rows(0)[:2], dry_run=False).json()["imported"] == 0
    assert how_many(world) == 2
    assert post([{"colour": "red"}]).status_code == 422
    assert post(rows(0)[:1], who="mari").status_code == 403


def test_looking_costs_the_same_for_one_row_and_for_two_hundred(world, old):
    costs = []
    for given in (rows(0)[:1], rows(0)):
        content = as_csv(given)
        send(world, content)
        with counted(world) as seen:
            send(world, content)
        costs.append(len(seen))

    assert costs[0] == costs[1]
