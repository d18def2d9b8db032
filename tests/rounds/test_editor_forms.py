"""Each field of the editor. What the database does with it is tested on both in test_editor_pages and test_actions."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from challenge.rounds import queries
from challenge.rounds.document import prepared
from challenge.rounds.schemas import Rules
from challenge.rounds.states import Gate, RoundState, WindowName
from tests.factories.rounds import make_round
from tests.rounds.browsing import text_of, values_of

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@pytest.fixture
def draft(world):
    with world.acting() as w:
        return make_round(w, state=RoundState.DRAFT).code


@pytest.fixture
def code(world):
    with world.acting() as w:
        return make_round(w).code


def document(world, code):
    with world.acting() as w:
        return prepared(w, queries.visible(w, code))


def test_every_field_has_a_label_a_hint_and_its_default(world, draft):
    words = text_of(world.client("jaan").get(f"/rounds/{draft}/edit/fairness"))
    assert "Seconds of grace after a deadline" in words
    assert "Default of this service, not a FinEst rule: 120." in words
    words = text_of(world.client("jaan").get(f"/rounds/{draft}/edit/cities"))
    assert "At most this many. Default, as in the FinEst round of 2023: 3." in words


def test_what_is_typed_is_kept_when_something_is_wrong(world, draft):
    client = world.client("jaan")
    sent = values_of(client.get(f"/rounds/{draft}/edit/fairness")) | {"grace_seconds": "ninety", "appeal_days": "21"}
    answer = client.post(f"/rounds/{draft}/edit/fairness", data=sent)
    assert answer.status_code == 422
    assert 'value="ninety"' in answer.text
    assert 'value="21"' in answer.text
    assert '<a href="#grace_seconds">Enter a whole number</a>' in answer.text
    assert document(world, draft).rules.appeal_days == 14


def test_an_emptied_answer_is_asked_for_not_replaced_by_a_default(world, draft):
    client = world.client("jaan")
    sent = values_of(client.get(f"/rounds/{draft}/edit/fairness")) | {"grace_seconds": ""}
    answer = client.post(f"/rounds/{draft}/edit/fairness", data=sent)
    assert answer.status_code == 422
    assert "Fill in: Seconds of grace after a deadline" in answer.text


def test_dates_are_typed_on_the_clock_of_the_round(world, draft):
    client = world.client("jaan")
    page = client.get(f"/rounds/{draft}/edit/windows")
    assert 'value="2027-03-31T17:00"' in page.text
    sent = values_of(page) | {"ideas_closes_at": "2027-04-05T17:30"}
    assert client.post(f"/rounds/{draft}/edit/windows", data=sent).status_code == 303
    with world.acting() as w:
        ideas = queries.windows(w, queries.visible(w, draft))[WindowName.IDEAS]
        assert ideas.closes_at == datetime(2027, 4, 5, 14, 30, tzinfo=UTC)


@pytest.mark.abuse(36)
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"ideas_closes_at": "2027-03-28T03:30"}, "The clock skips this time when summer time starts"),
        ({"jury_closes_at": "2027-10-31T03:30"}, "This time happens twice when summer time ends"),
        ({"ideas_closes_at": "tomorrow"}, "Enter a date and a time"),
        ({"ideas_closes_at": "2027-01-01T10:00"}, "A window opens before it closes."),
        ({"ideas_closes_at": ""}, "Give both dates, or neither"),
    ],
    ids=["skipped", "twice", "words", "order", "half"],
)
def test_dates_that_cannot_be_are_refused_at_their_field(world, draft, typed, words):
    client = world.client("jaan")
    sent = values_of(client.get(f"/rounds/{draft}/edit/windows")) | typed
    answer = client.post(f"/rounds/{draft}/edit/windows", data=sent)
    (name, value) = next(iter(typed.items()))
    assert answer.status_code == 422
    assert f'<a href="#{name}">{words}' in answer.text
    assert f'name="{name}" type="datetime-local" value="{value}"' in answer.text


def test_a_window_without_dates_is_left_out(world, draft):
    client = world.client("jaan")
    sent = values_of(client.get(f"/rounds/{draft}/edit/windows")) | {
        "interests_opens_at": "",
        "interests_closes_at": "",
    }
    assert client.post(f"/rounds/{draft}/edit/windows", data=sent).status_code == 303
    assert WindowName.INTERESTS not in {window.name for window in document(world, draft).windows}
    words = text_of(client.get(f"/rounds/{draft}/edit"))
    assert "Publish" in words
    sent |= {"ideas_opens_at": "", "ideas_closes_at": ""}
    client.post(
        f"/rounds/{draft}/edit/windows",
        data=sent | {"seen": values_of(client.get(f"/rounds/{draft}/edit/windows"))["seen"]},
    )
    words = text_of(client.get(f"/rounds/{draft}/edit"))
    assert "Give dates for “Ideas”." in words


def test_rows_are_added_moved_and_removed_without_losing_anything(world, draft):
    client = world.client("jaan")
    url = f"/rounds/{draft}/edit/full-proposal"
    sent = values_of(client.get(url)) | {"reviews": "seven", "criteria-0-title": "Need"}

    page = client.post(url, data=sent | {"add": "criteria"})
    assert page.status_code == 200
    assert "There is a problem" not in page.text
    assert "answers need you" not in page.text
    sent = values_of(page)
    assert (sent["reviews"], sent["criteria-0-title"], sent["criteria-5-title"]) == (["seven"], ["Need"], [""])

    sent |= {"criteria-5-title": "Résumé of São Tomé", "criteria-5-weight": "2,5", "criteria-5-threshold": "0"}
    sent = values_of(client.post(url, data=sent | {"up": "criteria-5"}))
    assert (sent["criteria-4-title"], sent["criteria-4-weight"]) == (["Résumé of São Tomé"], ["2,5"])
    sent = values_of(client.post(url, data=sent | {"remove": "criteria-5"}))
    assert "criteria-5-title" not in sent
    assert document(world, draft).rules == Rules()

    assert client.post(url, data=sent | {"reviews": "5"}).status_code == 303
    gate = document(world, draft).rules.gates[Gate.FULL_PROPOSAL]
    assert gate.reviews == 5
    assert [criterion.key for criterion in gate.criteria] == [
        "impact", "science", "transfer", "team", "resume_of_sao_tome",
    ]  # fmt: skip
    assert (gate.criteria[0].title, str(gate.criteria[4].weight)) == ("Need", "2.5")


def test_a_row_that_is_wrong_says_so_at_its_field(world, draft):
    client = world.client("jaan")
    url = f"/rounds/{draft}/edit/money"
    sent = values_of(client.get(url)) | {"size_classes-1-months": "0", "size_classes-1-title": ""}
    answer = client.post(url, data=sent)
    assert answer.status_code == 422
    assert '<a href="#size_classes-1-months">Enter at least 1</a>' in answer.text
    assert '<a href="#size_classes-1-title">Name the size</a>' in answer.text


def test_an_empty_row_is_no_row(world, draft):
    client = world.client("jaan")
    url = f"/rounds/{draft}/edit/money"
    sent = values_of(client.post(url, data=values_of(client.get(url)) | {"add": "size_classes"}))
    assert client.post(url, data=sent).status_code == 303
    assert document(world, draft).rules == Rules()


def test_money_is_typed_in_euros(world, draft):
    client = world.client("jaan")
    url = f"/rounds/{draft}/edit/money"
    sent = values_of(client.get(url))
    assert sent["size_classes-0-budget_cents"] == ["1260000"]
    client.post(url, data=sent | {"size_classes-0-budget_cents": "1 300 000,50"})
    assert document(world, draft).rules.size_classes[0].budget_cents == 130_000_050


def test_rules_that_do_not_hang_together_are_said_on_top(world, draft):
    client = world.client("jaan")
    url = f"/rounds/{draft}/edit/full-proposal"
    sent = {name: value for name, value in values_of(client.get(url)).items() if not name.startswith("criteria-")}
    answer = client.post(url, data=sent)
    assert answer.status_code == 422
    assert "A gate judged by jurors needs at least one criterion." in answer.text


def test_the_tie_ladder_is_a_list_of_known_words(world, draft):
    client = world.client("jaan")
    url = f"/rounds/{draft}/edit/fairness"
    sent = values_of(client.get(url))
    assert [sent[f"tie_ladder-{number}-rung"] for number in range(5)] == [[word] for word in Rules().tie_ladder]
    answer = client.post(url, data=sent | {"tie_ladder-0-rung": "submitted_at"})
    assert answer.status_code == 422
    assert '<a href="#tie_ladder-0-rung">Choose from the list</a>' in answer.text
    sent = values_of(client.post(url, data=sent | {"up": "tie_ladder-4"}))
    sent = values_of(client.post(url, data=sent | {"add": "host_organisations"}))
    assert client.post(url, data=sent | {"host_organisations-0-host": "FinEst Centre"}).status_code == 303
    rules = document(world, draft).rules
    assert rules.tie_ladder[3:] == ["panel", "countries"]
    assert rules.host_organisations == ["FinEst Centre"]
