"""The rehearsal of an announcement: its mails are those that are sent, and looking at it writes nothing."""

import pytest
from sqlmodel import select

from challenge.kernel.journal import Step
from challenge.kernel.letter import Letter
from challenge.notifications import actions
from challenge.notifications.models import Message
from challenge.notifications.rehearsal import rehearse
from challenge.people.models import Membership, Person
from challenge.people.states import Seat
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.selection.models import Outcome, Release
from challenge.selection.states import Verdict
from tests.cast import PEOPLE, PLACES
from tests.factories.jury import make_conflict
from tests.selection.steps import announce, codes, decided

URL = "http://127.0.0.1:8000"
FUND, RESERVE, DECLINE, INELIGIBLE = Verdict


@pytest.fixture
def batch(world):
    """One outcome of each kind, and one proposal without any; mari and eero read Estonian."""
    round_id, *ids = decided(world, FUND, RESERVE, DECLINE, INELIGIBLE, None, budget_cents=300_000_000)
    with world.acting() as w:
        for name in ("mari", "eero"):
            w.session.get_one(Person, PEOPLE[name].id).locale = "et"
    return round_id, ids


def rehearsed(world, round_id, who="jaan"):
    with world.acting(who, writing=False) as w:
        return rehearse(w, w.session.get_one(Round, round_id), URL)


def written(found):
    return sorted((mail.person.id, mail.subject, mail.text) for one in found.told for mail in one.mails)


def sent(world):
    """Every mail in the outbox, after the job has run."""
    with world.acting() as w:
        while actions.tell(w, URL):
            pass
    with world.acting(writing=False) as w:
        return sorted((row.person_id, row.subject, row.text) for row in w.session.exec(select(Letter)))


def test_what_is_rehearsed_is_what_is_sent_letter_by_letter(world, batch):
    round_id, _ids = batch
    assert sent(world) == []
    before = rehearsed(world, round_id)
    world.move(minutes=30)
    announce(world, round_id)
    world.move(hours=1)
    assert sent(world) == written(before)
    languages = {mail.person.locale: mail.text for one in before.told for mail in one.mails}
    assert sorted(languages) == before.languages == ["en", "et"]
    assert "Lugupeetud" in languages["et"]
    assert "Dear" in languages["en"]


def test_looking_writes_nothing(world, batch):
    round_id, _ids = batch
    code, *_more = codes(world, round_id)
    tables = (Step, Letter, Message, Release, Outcome)

    def rows():
        with world.acting(writing=False) as w:
            return [[row.model_dump() for row in w.session.exec(select(table).order_by(table.id))] for table in tables]

    before = rows()
    for path in (f"/rounds/{code}/announce/preview", f"/api/v1/rounds/{code}/announce/preview"):
        assert world.client("jaan").get(path).status_code == 200
    assert rows() == before


def test_whoever_turns_the_key_and_is_concerned_is_told_too(world, batch):
    round_id, ids = batch
    with world.acting() as w:
        w.add(Membership(person_id=PEOPLE["kadri"].id, organisation_id=PLACES["tartu"].id, seat=Seat.DEPUTY))
        make_conflict(w, w.session.get_one(Proposal, ids[0]), "kadri")
    before = written(rehearsed(world, round_id))
    announce(world, round_id)
    assert sent(world) == before
    assert PEOPLE["kadri"].id in {person for person, _subject, _text in before}


def test_the_page_shows_the_letters_counts_checks_and_what_waits(world, batch):
    round_id, ids = batch
    code, *proposals = codes(world, round_id, *ids)
    page = world.client("jaan").get(f"/rounds/{code}/announce/preview").text
    found = rehearsed(world, round_id)
    assert f"<b>{found.count}</b>" in page
    for one in found.told:
        for mail in one.mails:
            assert f"/outcomes/{one.item.outcome.code}/letters#to-{mail.person.code}" in page
    assert "All 1 awards" not in page
    assert "The one award keeps the pairing rule." in page
    assert "of €3,000,000 are awarded" in page
    assert "One proposal is held back" in page
    letters = world.client("jaan").get(f"/outcomes/{found.told[0].item.outcome.code}/letters").text
    assert "Lugupeetud" in letters
    assert f"{URL}/proposals/{proposals[0]}/outcome" in letters
    assert "Next:" in letters


def test_json_holds_the_same_mails(world, batch):
    round_id, _ids = batch
    code, *_more = codes(world, round_id)
    found = rehearsed(world, round_id)
    answer = world.client("olev").get(f"/api/v1/rounds/{code}/announce/preview").json()
    said = [(mail["subject"], mail["text"]) for one in answer["told"] for mail in one["mails"]]
    assert sorted(said) == sorted((subject, text) for _person, subject, text in written(found))
    assert answer["mail_count"] == sum(one["count"] for one in answer["kinds"]) == found.count
    assert [one["key"] for one in answer["checks"]] == ["budget", "pairing", "cities", "reserve"]
    assert answer["held"][0]["why"] == "No outcome is proposed yet."


def test_of_a_proposal_one_has_a_conflict_with_only_the_number_of_letters_is_told(world, batch):
    round_id, ids = batch
    code, hidden, *_others = codes(world, round_id, *ids)
    with world.acting() as w:
        make_conflict(w, w.session.get_one(Proposal, ids[0]), "kadri")
    for path in (f"/rounds/{code}/announce/preview", f"/api/v1/rounds/{code}/announce/preview"):
        assert "Proposal 0" in world.client("jaan").get(path).text
        theirs = world.client("kadri").get(path).text
        assert "Proposal 0" not in theirs
        assert hidden not in theirs
    answer = world.client("kadri").get(f"/api/v1/rounds/{code}/announce/preview").json()
    assert [(one["verdict"], one["mail_count"] > 0) for one in answer["told"]][-1] == (None, True)
    assert "fund" not in {one["verdict"] for one in answer["kinds"]}
    assert answer["mail_count"] == rehearsed(world, round_id).count


def test_nobody_else_gets_there(world, batch):
    round_id, _ids = batch
    code, *_more = codes(world, round_id)
    for who in ("mari", "ravi", "lena", "anna"):
        for path in (f"/rounds/{code}/announce/preview", f"/api/v1/rounds/{code}/announce/preview"):
            assert world.client(who).get(path).status_code == 404
