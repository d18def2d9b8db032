"""What a person takes away: all of theirs, nothing of others, the same bytes for the same data."""

import io
import json
import zipfile

import pytest
from sqlmodel import select

from challenge.kernel import attachment
from challenge.kernel.journal import Step, StepText
from challenge.people.models import SignInLink
from challenge.privacy import export
from challenge.privacy.finding import Subject
from challenge.privacy.register import holdings
from tests.cast import PEOPLE
from tests.factories.home import autumn, spring
from tests.factories.people import another_browser, app_of, person_of, recovery_codes, steps
from tests.factories.proposals import make_proposal
from tests.factories.rounds import make_round
from tests.factories.submissions import make_submission
from tests.world import parse

PDF = b"%PDF-1.4\nhello\n%%EOF"


def archive_of(world, name="ravi"):
    answer = world.client(name).post("/account/data")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == f'attachment; filename="{world.actor(name).code}.zip"'
    assert answer.headers["cache-control"] == "no-store"
    return zipfile.ZipFile(io.BytesIO(answer.content))


def data_of(archive):
    content = json.loads(archive.read("data.json"))
    return {table: rows for part in content["activities"] for table, rows in part["tables"].items()}


def with_file(world, name="ravi"):
    stored = attachment.store(world.settings.files, PDF, "plan of ours.pdf")
    with world.acting(name) as w:
        round_ = make_round(w)
        proposal = make_proposal(w, round_, title="Listening rails", challenges=[make_submission(w, round_)])
        attachment.attach(w, "proposal", proposal, stored)
    return proposal


def test_copy_holds_what_is_theirs(world):
    proposal = with_file(world)

    archive = archive_of(world)

    data = data_of(archive)
    assert data["person"][0]["name"] == "Ravi Rao"
    assert data["membership"][0]["seat"] == "lead"
    assert [row["title"] for row in data["proposal"]] == ["Listening rails"]
    assert data["team_member"][0]["proposal_id"] == proposal.code
    assert {"attach"} <= {row["transition"] for row in data["step"]}
    name = next(entry for entry in archive.namelist() if entry.startswith("files/"))
    assert name.endswith("-plan of ours.pdf")
    assert archive.read(name) == PDF


def test_page_in_it_is_valid_and_says_why(world):
    with_file(world)

    page = archive_of(world).read("summary.html").decode()

    parse(page, "summary.html")
    assert "Ravi Rao, ravi@example.org." in page
    assert "A task in the public interest" in page


def test_same_data_makes_the_same_bytes(world):
    with_file(world)
    with world.acting(writing=False) as w:
        me = person_of(w, "ravi")
        found, files = export.parts(w, me, export.Retention()), export.files_of(w, me)
    made = []
    for _time in range(2):
        out = io.BytesIO()
        export.pack(out, export.data(found, world.now), "<p>", files, world.settings.files)
        made.append(out.getvalue())
    assert made[0] == made[1]
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(made[0])).infolist()} == {export.EPOCH}


@pytest.mark.parametrize("scene", [spring, autumn])
def test_nobody_else_is_in_it(world, scene):
    scene(world)
    others = {member.email for name, member in PEOPLE.items() if name != "lena"}
    names = {member.name for name, member in PEOPLE.items() if name != "lena"}

    archive = archive_of(world, "lena")

    whole = "".join(archive.read(name).decode() for name in ("data.json", "summary.html"))
    assert "Lena Lind" in whole
    assert [one for one in others | names if one in whole] == []


def test_secrets_stay(world):
    app_of(world, "ravi")
    another_browser(world, "ravi", "Firefox")
    codes = recovery_codes(world, "ravi")
    world.client().post("/sign-in", data={"email": "ravi@example.org"})
    with world.acting(writing=False) as w:
        link = w.session.exec(select(SignInLink.token_hash)).one()

    archive = archive_of(world)

    whole = archive.read("data.json").decode()
    data = data_of(archive)
    assert {"authenticator", "recovery_code", "sign_in_link", "sign_in_session"} <= set(data)
    assert link not in whole
    assert "/sign-in/" not in whole
    assert [code for code in codes if code in whole] == []


def test_undecided_is_not_told(world):
    autumn(world)
    data = data_of(archive_of(world))
    assert "outcome" not in data
    assert {key for row in data["proposal"] for key in row} == {
        "code", "title", "summary", "answers", "created_at", "submitted_at",
    }  # fmt: skip


def test_taking_it_needs_a_fresh_proof_and_is_journalled(world):
    client = world.client("ravi")
    assert client.post("/account/data").status_code == 200
    assert steps(world, "person") == ["export"]
    world.move(minutes=16)

    assert "Confirm that it is you" in client.get("/account/data").text
    assert client.post("/account/data").status_code == 403
    assert steps(world, "person") == ["export"]


def test_ten_copies_an_hour(world):
    client = world.client("ravi")
    answers = [client.post("/account/data").status_code for _time in range(11)]
    assert answers == [200] * 10 + [429]


def test_page_counts_what_is_kept(world):
    page = world.client("ravi").get("/account/data").text
    assert "one entry" in page
    assert 'href="/account/data"' in world.client("ravi").get("/account").text


def test_rows_are_found_through_other_tables(world):
    with world.acting("mari") as w:
        w.step("thing", "TH1NG001", "act", old=None, new=None, given={"reason": "mine"})
    with world.acting("jaan") as w:
        w.note("person", person_of(w), "seen", {"reason": "about mari"})
        w.step("thing", "TH1NG001", "act", old=None, new=None, given={"reason": "not hers"})
    with world.acting(writing=False) as w:
        subject = Subject.of(person_of(w))
        texts = next(one for one in holdings() if one.table == "step_text")
        found = w.session.exec(select(StepText.given).where(texts.rows_of(subject))).all()
        assert sorted(row["reason"] for row in found) == ["about mari", "mine"]
        assert len(w.session.exec(select(Step)).all()) == 3
