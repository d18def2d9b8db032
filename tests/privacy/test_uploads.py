"""Everybody sees which files they uploaded, and nobody sees those of others."""

from datetime import timedelta

import pytest
from sqlmodel import select

from challenge.kernel import attachment
from challenge.kernel.attachment import Attachment
from challenge.submissions.models import Submission
from tests.cast import PEOPLE
from tests.counting import counted
from tests.factories.people import another_browser
from tests.factories.rounds import make_round
from tests.factories.submissions import make_submission

PLAN = b"%PDF-1.7 the plan"


@pytest.fixture
def uploaded(world):
    """Mari added a plan to a challenge of Tartu, and a picture that was taken off again; peeter added a table."""
    root = world.settings.files
    with world.acting() as w:
        submission = make_submission(w, make_round(w), title="Secret wish")
    for name, file, content in (
        ("mari", "plan.pdf", PLAN), ("mari", "old.csv", b"a,b"), ("peeter", "table.csv", b"c,d"),
    ):  # fmt: skip
        with world.acting(name) as w:
            record = w.session.get_one(Submission, submission.id)
            made = attachment.attach(w, "submission", record, attachment.store(root, content, file))
            if file == "old.csv":
                attachment.remove(w, "submission", record, made)
    return submission.code


def code_of(world, name):
    with world.acting(writing=False) as w:
        return w.session.exec(select(Attachment.code).where(Attachment.name == name)).one()


def test_one_sees_ones_own_files_and_where_they_belong(world, uploaded):
    page = another_browser(world, "mari").get("/account/files").text

    assert "plan.pdf" in page
    assert "old.csv" in page
    assert "taken off" in page
    assert f"/submissions/{uploaded}" in page
    assert "table.csv" not in page
    assert "table.csv" in another_browser(world, "peeter").get("/account/files").text
    assert "/account/files" in another_browser(world, "mari").get("/account/data").text


def test_a_copy_is_saved_by_its_uploader_only(world, uploaded):
    plan = code_of(world, "plan.pdf")

    answer = another_browser(world, "mari").get(f"/account/files/{plan}")

    assert (answer.status_code, answer.content) == (200, PLAN)
    assert "attachment" in answer.headers["content-disposition"]
    for who in ("peeter", "sofia", "jaan", "anna"):
        assert another_browser(world, who).get(f"/account/files/{plan}").status_code == 404
    assert another_browser(world, "mari").get(f"/account/files/{code_of(world, 'old.csv')}").status_code == 404


def test_titles_of_records_one_has_left_are_not_told(world, uploaded):
    assert "Secret wish" in another_browser(world, "mari").get(f"/submissions/{uploaded}").text
    assert "Secret wish" not in another_browser(world, "mari").get("/account/files").text


def test_many_files_come_page_by_page_in_as_many_queries_as_few(world, uploaded):
    client = another_browser(world, "mari")
    with counted(world) as few:
        client.get("/account/files")
    with world.acting() as w:
        for number in range(60):
            w.add(
                Attachment(
                    workflow="submission", subject_code=uploaded, sha256="0" * 64, size=1, content_type="text/csv",
                    name=f"{number}.csv", at=w.now + timedelta(minutes=number), by_id=PEOPLE["mari"].id,
                )
            )  # fmt: skip
    with counted(world) as many:
        page = client.get("/account/files").text

    assert len(many) == len(few)
    assert "59.csv" in page
    assert "plan.pdf" not in page
    following = page.split('href="/account/files?', 1)[1].split('"')[0]
    assert "plan.pdf" in client.get(f"/account/files?{following}").text
