"""A session that was over when a form was sent costs nothing of what was typed."""

import re
from html import unescape

import pytest
from sqlmodel import select

from challenge.selection.models import Outcome
from challenge.submissions.models import Submission
from tests.factories.people import another_browser
from tests.factories.rounds import make_round
from tests.factories.selection import make_candidate
from tests.factories.submissions import make_submission
from tests.filling import over

REASONS = "Too early for the cities; “come back” <next year>.\nWe mean it."


@pytest.fixture
def outcome_form(world):
    """Where an outcome is proposed, by a coordinator whose half hour is over."""
    with world.acting() as w:
        path = f"/proposals/{make_candidate(w, make_round(w)).code}/outcomes/new"
    world.client("kadri")
    world.move(minutes=31)
    return path, {"verdict": "decline", "reasons": REASONS, "revision": "1"}


def given_back(answer):
    """The form on the page: its address and what it would send."""
    form = answer.text.split("<form", 1)[1].split("</form>")[0]
    fields = re.findall(r'name="([^"]*)" value="([^"]*)"', form)
    return re.search(r'action="([^"]*)"', form)[1], {unescape(name): unescape(value) for name, value in fields}


def test_what_was_typed_is_given_back_and_sent_again_by_who_signs_in(world, outcome_form):
    path, sent = outcome_form
    answer = world.client("kadri").post(path, data=sent)

    assert answer.status_code == 401
    assert "You were signed out" in answer.text
    assert "“come back” &lt;next year&gt;" in answer.text
    again, fields = given_back(answer)
    assert (again, fields) == (path, sent)
    assert another_browser(world, "kadri").post(again, data=fields).status_code == 303
    with world.acting(writing=False) as w:
        assert w.session.exec(select(Outcome.reasons)).one() == REASONS


def test_the_way_to_sign_in_leads_back_to_the_form(world, outcome_form):
    path, sent = outcome_form
    answer = world.client("kadri").post(path, data=sent, headers={"referer": f"http://127.0.0.1:8000{path}"})

    assert f'href="/sign-in?next={path}"' in answer.text.replace("%2F", "/")
    assert 'target="_blank"' in answer.text


def test_nothing_is_done_and_nothing_kept_for_somebody_signed_out(world, outcome_form):
    path, sent = outcome_form
    world.client("kadri").post(path, data=sent)

    with world.acting(writing=False) as w:
        assert w.session.exec(select(Outcome)).all() == []


def test_a_long_form_without_script_loses_no_word(world):
    with world.acting() as w:
        made = make_submission(w, make_round(w))
        code, shown = made.code, over(made.answers)
    client = world.client("mari")
    world.move(hours=1, seconds=1)
    answer = client.post(f"/submissions/{code}/edit?part=problem", data={**shown, "problem": REASONS})
    again, fields = given_back(answer)

    another_browser(world).post(unescape(again), data=fields)

    with world.acting(writing=False) as w:
        assert w.session.exec(select(Submission.answers)).one()["problem"] == REASONS


@pytest.mark.parametrize("path", ["/account/password", "/account/erasure", "/confirm/password", "/account"])
def test_secrets_and_the_account_itself_are_not_given_back(world, path):
    typed = "kolm rohelist kassi"
    answer = world.client().post(path, data={"password": typed, "current": typed, "name": typed})

    assert answer.status_code == 401
    assert typed not in answer.text


def test_programs_are_told_in_json(world, outcome_form):
    path, sent = outcome_form
    answer = world.client("kadri").post(path, data=sent, headers={"accept": "application/json"})

    assert (answer.status_code, answer.json()["code"]) == (401, "sign_in_needed")


def test_files_are_named_and_must_be_chosen_anew(world):
    with world.acting() as w:
        code = make_submission(w, make_round(w)).code
    answer = world.client().post(
        f"/submissions/{code}/files", files={"file": ("plan.pdf", b"%PDF-1.7", "application/pdf")}
    )

    assert answer.status_code == 401
    assert "Files must be chosen anew: plan.pdf" in answer.text
