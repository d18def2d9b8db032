from __future__ import annotations

import re
from datetime import UTC, datetime

import html5lib
import pytest

from challenge.rounds import queries
from challenge.rounds.document import in_force, prepared
from challenge.rounds.editor import PARTS
from challenge.rounds.schemas import Rules
from challenge.rounds.states import Gate, RoundState, WindowName
from tests.factories.rounds import make_round
from tests.rounds.test_reading_pages import text_of

SLUGS = [part.slug for part in PARTS]


def values_of(response):
    """What a browser would send back: every field of the page's main form, as it stands."""
    tree = html5lib.parse(response.text, namespaceHTMLElements=False)
    (form,) = [found for found in tree.iter("form") if found.get("action", "").startswith("/rounds")]
    sent: dict[str, list[str]] = {}
    for field in form.iter():
        name = field.get("name")
        if field.tag == "input" and name and field.get("type") != "file":
            if field.get("type") not in {"checkbox", "radio"} or field.get("checked") is not None:
                sent.setdefault(name, []).append(field.get("value", ""))
        elif field.tag == "textarea" and name:
            sent.setdefault(name, []).append((field.text or "").removeprefix("\n"))
        elif field.tag == "select" and name:
            chosen = [option.get("value", "") for option in field.iter("option") if option.get("selected") is not None]
            sent.setdefault(name, []).append(chosen[0] if chosen else "")
    return sent


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


def test_saving_what_is_shown_changes_nothing(world, draft):
    before = document(world, draft)
    client = world.client("jaan")
    for slug in SLUGS:
        page = client.get(f"/rounds/{draft}/edit/{slug}")
        answer = client.post(f"/rounds/{draft}/edit/{slug}", data=values_of(page))
        assert (slug, answer.status_code) == (slug, 303)
        assert document(world, draft) == before


def test_every_field_has_a_label_a_hint_and_its_default(world, draft):
    words = text_of(world.client("jaan").get(f"/rounds/{draft}/edit/fairness"))
    assert "Seconds of grace after a deadline" in words
    assert "Default of this service, not a FinEst rule: 120." in words
    words = text_of(world.client("jaan").get(f"/rounds/{draft}/edit/cities"))
    assert "At most this many. Default, as in the FinEst round of 2023: 3." in words


def test_who_may_not_edit(world, code):
    for name, status in (("nobody", 303), ("mari", 403), ("lena", 403), ("olev", 403), ("anna", 403), ("jaan", 200)):
        for path in ("/edit", "/edit/basics", "/import"):
            assert world.client(name).get(f"/rounds/{code}{path}").status_code == status
    assert world.client("mari").post(f"/rounds/{code}/edit/basics", data={"title": "Mine"}).status_code == 403
    assert world.client("jaan").get(f"/rounds/{code}/edit/nonsense").status_code == 404


def test_a_round_that_is_over_is_not_edited(world):
    with world.acting() as w:
        code = make_round(w, state=RoundState.CLOSED).code
    assert world.client("jaan").get(f"/rounds/{code}/edit").status_code == 409
    assert world.client("jaan").post(f"/rounds/{code}/edit/basics", data={}).status_code == 409


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


def test_two_coordinators_in_one_part(world, draft):
    url = f"/rounds/{draft}/edit/fairness"
    jaan, kadri = world.client("jaan"), world.client("kadri")
    first, second = values_of(jaan.get(url)), values_of(kadri.get(url))
    assert jaan.post(url, data=first | {"grace_seconds": "60"}).status_code == 303

    answer = kadri.post(url, data=second | {"grace_seconds": "30", "appeal_days": "20"})
    assert answer.status_code == 409
    words = text_of(answer)
    assert "Somebody else has changed this part since you opened it." in words
    assert "Seconds of grace after a deadline 60 30" in words
    assert 'value="30"' in answer.text
    assert document(world, draft).rules.grace_seconds == 60

    assert kadri.post(url, data=values_of(answer)).status_code == 303
    rules = document(world, draft).rules
    assert (rules.grace_seconds, rules.appeal_days) == (30, 20)


def test_two_coordinators_in_two_parts(world, draft):
    jaan, kadri = world.client("jaan"), world.client("kadri")
    first = values_of(jaan.get(f"/rounds/{draft}/edit/fairness"))
    second = values_of(kadri.get(f"/rounds/{draft}/edit/money"))
    assert jaan.post(f"/rounds/{draft}/edit/fairness", data=first | {"grace_seconds": "60"}).status_code == 303
    assert kadri.post(f"/rounds/{draft}/edit/money", data=second | {"offer_days": "10"}).status_code == 303
    rules = document(world, draft).rules
    assert (rules.grace_seconds, rules.offer_days) == (60, 10)


def test_save_and_go_on(world, draft):
    client = world.client("jaan")
    sent = values_of(client.get(f"/rounds/{draft}/edit/basics")) | {"then": "next"}
    assert client.post(f"/rounds/{draft}/edit/basics", data=sent).headers["location"] == f"/rounds/{draft}/edit/windows"


def test_a_published_round_is_changed_by_an_amendment(world, code):
    jaan, kadri = world.client("jaan"), world.client("kadri")
    sent = values_of(jaan.get(f"/rounds/{code}/edit/fairness")) | {"grace_seconds": "300"}
    assert jaan.post(f"/rounds/{code}/edit/fairness", data=sent).status_code == 303
    assert "Seconds of grace after a deadline 120 300" in text_of(jaan.get(f"/rounds/{code}/edit"))
    assert "within 120 seconds" in text_of(world.client().get(f"/rounds/{code}"))
    assert "within 300 seconds" in text_of(jaan.get(f"/rounds/{code}/preview"))

    amend = f"/rounds/{code}/transitions/amend"
    page = jaan.get(amend)
    assert "Seconds of grace after a deadline 120 300" in text_of(page)
    empty = jaan.post(amend, data=values_of(page))
    assert empty.status_code == 422
    assert "Say why the rules or dates change" in empty.text
    assert jaan.post(amend, data=values_of(page) | {"reason": "Slow network."}).status_code == 303
    assert "You asked for this. A second person must approve it." in text_of(jaan.get(f"/rounds/{code}"))
    assert jaan.post(amend, data=values_of(page) | {"reason": "Slow network."}).status_code == 409

    page = kadri.get(amend)
    assert "Seconds of grace after a deadline 120 300" in text_of(page)
    assert "Slow network." in text_of(page)
    assert kadri.post(amend, data=values_of(page)).status_code == 303
    assert "within 300 seconds" in text_of(world.client().get(f"/rounds/{code}"))
    words = text_of(world.client().get(f"/rounds/{code}/news"))
    assert "Slow network. Seconds of grace after a deadline: 300 (before: 120)" in words
    assert "Rules version 2" in words


def test_an_approval_made_for_another_version_is_refused(world, code):
    jaan, kadri = world.client("jaan"), world.client("kadri")
    url, amend = f"/rounds/{code}/edit/fairness", f"/rounds/{code}/transitions/amend"
    jaan.post(url, data=values_of(jaan.get(url)) | {"grace_seconds": "300"})
    jaan.post(amend, data=values_of(jaan.get(amend)) | {"reason": "Slow network."})
    held = values_of(kadri.get(amend))
    jaan.post(url, data=values_of(jaan.get(url)) | {"grace_seconds": "3600"})
    assert kadri.post(amend, data=held).status_code == 409
    with world.acting() as w:
        assert in_force(w, queries.visible(w, code)).rules.grace_seconds == 120


def test_what_cannot_be_amended_is_said_in_the_editor(world, code):
    client = world.client("jaan")
    url = f"/rounds/{code}/edit/idea"
    sent = values_of(client.get(url))
    del sent["on"]
    answer = client.post(url, data=sent)
    assert answer.status_code == 422
    assert "Gates cannot be switched on or off any more" in answer.text
    url = f"/rounds/{code}/edit/windows"
    answer = client.post(url, data=values_of(client.get(url)) | {"challenges_closes_at": "2027-01-10T10:00"})
    assert answer.status_code == 422
    assert re.search(
        r'<a href="#challenges_closes_at">“Cities submit challenges” cannot close in the past', answer.text
    )


def test_a_prepared_amendment_can_be_dropped(world, code):
    client = world.client("jaan")
    url = f"/rounds/{code}/edit/fairness"
    client.post(url, data=values_of(client.get(url)) | {"grace_seconds": "300"})
    assert client.post(f"/rounds/{code}/amendment/drop").status_code == 303
    assert document(world, code).rules == Rules()
    assert "Drop what is prepared" not in client.get(f"/rounds/{code}/edit").text
