"""Hostile texts and files in a real browser: nothing runs, nothing is blocked that should not have been there."""

from __future__ import annotations

import pytest
from sqlmodel import select

from challenge.kernel.attachment import Attachment
from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState
from tests.factories.submissions import submission_in
from tests.http.test_markdown import CORPUS
from tests.submissions.marks import on_sqlite
from tests.submissions.test_hostile_files import HEADS, HTML
from tests.submissions.test_papers import upload

pytestmark = pytest.mark.browser


@on_sqlite
@pytest.mark.abuse(18)
def test_a_page_full_of_hostile_text_runs_nothing(stage):
    """No dialogue opens, no script is refused (there is none), nothing is asked of another site."""
    code = submission_in(stage.world, SubmissionState.ACCEPTED)
    with stage.world.acting() as w:
        made = w.session.exec(select(Submission).where(Submission.code == code)).one()
        made.answers = {**made.answers, "problem": "\n\n".join(CORPUS), "outcome": "\n\n".join(CORPUS)}
    page, dialogues, asked = stage.page("mari"), [], []
    page.on("dialog", lambda dialogue: (dialogues.append(dialogue.message), dialogue.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    for path in (f"/challenges/{code}", f"/submissions/{code}"):
        page.goto(stage.url + path)  # the stage fails at anything the console says of the content security policy
        assert "alert(1)" in page.content()
    assert dialogues == []
    assert [url for url in asked if not url.startswith(stage.url)] == []


@on_sqlite
@pytest.mark.abuse(19)
def test_a_hostile_file_is_saved_and_never_shown(stage):
    code = submission_in(stage.world, SubmissionState.DRAFT)
    for head, hidden_in in HEADS.items():
        assert upload(stage.world, code, f"{head}.html", hidden_in(HTML)).status_code in {303, 422}
    with stage.world.acting() as w:
        files = w.session.exec(select(Attachment.code)).all()
    assert len(files) > 1  # pictures and office files with a page in them
    page, dialogues = stage.page("mari"), []
    page.on("dialog", lambda dialogue: (dialogues.append(dialogue.message), dialogue.dismiss()))
    page.goto(f"{stage.url}/submissions/{code}")
    for file in files:
        with page.expect_download() as found:
            page.evaluate("path => { location.href = path }", f"/submissions/{code}/files/{file}")
        assert found.value.url.startswith(stage.url)
    assert dialogues == []
    assert page.url == f"{stage.url}/submissions/{code}"
