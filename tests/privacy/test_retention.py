"""Every class on both sides of its date; holds keep; the preview says what the run does."""

import os
from datetime import timedelta

import pytest
from sqlmodel import select

from challenge.jobs import ticker
from challenge.kernel import attachment, journal
from challenge.kernel.editing import Aside, Editing
from challenge.kernel.idempotency import IdempotencyKey
from challenge.kernel.journal import Step
from challenge.kernel.letter import Letter, post
from challenge.kernel.limits import Attempt
from challenge.kernel.looking import Looked
from challenge.notifications.models import Message
from challenge.people.models import ApiToken, PasskeyChallenge, SeatInvitation, SignInLink, SignInSession
from challenge.people.oidc.models import OidcFlow
from challenge.people.states import Seat
from challenge.privacy import drafts, holds, periods, retention
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.pieces import Retention
from challenge.rounds.states import RoundState
from challenge.submissions.models import Submission
from tests.cast import PEOPLE, PLACES
from tests.factories.home import ask_to_team, tell
from tests.factories.people import person_of
from tests.factories.proposals import make_proposal, rules_with
from tests.factories.rounds import make_round
from tests.factories.submissions import make_submission

MARI = PEOPLE["mari"].id


def letter(w):
    post(w, address="mari@example.org", locale="en", subject="s", text="t", person_id=MARI).sent_at = w.now


def message(w):
    tell(w, make_round(w), "mari")


def editing(w):
    w.add(Editing(workflow="proposal", subject_code="ZZZZZZZZ", person_id=MARI, seen_at=w.now))


def looks(w):
    w.add(Looked(workflow="proposal", subject_code="ZZZZZZZZ", question="risks", person_id=MARI, at=w.now))


def aside(w):
    w.add(
        Aside(
            workflow="proposal", subject_code="ZZZZZZZZ", person_id=MARI, question="risks", base="", text="b", at=w.now
        )
    )


def session(w):
    w.add(
        SignInSession(person_id=MARI, token_hash="a", started_at=w.now, seen_at=w.now, proven_at=w.now, ended_at=w.now)
    )


def token(w):
    w.add(ApiToken(person_id=MARI, name="n", token_hash="a", created_at=w.now, expires_at=w.now))


def link(w):
    w.add(SignInLink(person_id=MARI, token_hash="a", sent_at=w.now, expires_at=w.now))


def question(w):
    w.add(PasskeyChallenge(browser_hash="a", challenge="c", ceremony="confirm", person_id=MARI, expires_at=w.now))


def visit(w):
    w.add(OidcFlow(provider="tara", state_hash="s", nonce_hash="n", browser_hash="b", begun_at=w.now))


def attempt(w):
    w.add(Attempt(key="k", at=w.now))


def answer(w):
    w.add(IdempotencyKey(actor_id=MARI, key="k", request_hash="h", status=201, at=w.now))


def invitation(w):
    w.add(
        SeatInvitation(
            organisation_id=PLACES["narva"].id, person_id=MARI, seat=Seat.DEPUTY, name="Mari", email="mari@example.org",
            ended_at=w.now,
        )
    )  # fmt: skip


def words(table):
    return lambda w: [row for row in w.session.exec(select(table)) if row.text]


def rows(table):
    return lambda w: w.session.exec(select(table)).all()


CASES = [
    ("texts", aside, periods.DRAFTS, rows(Aside)), ("presence", editing, periods.DRAFTS, rows(Editing)),
    ("looks", looks, periods.DRAFTS, rows(Looked)),
    ("mail", letter, periods.MAIL, words(Letter)),
    ("messages", message, periods.MAIL, words(Message)), ("sessions", session, periods.SESSIONS, rows(SignInSession)),
    ("tokens", token, periods.SESSIONS, rows(ApiToken)), ("links", link, periods.TRIES, rows(SignInLink)),
    ("passkeys", question, timedelta(0), rows(PasskeyChallenge)),
    ("providers", visit, periods.TRIES, rows(OidcFlow)),
    ("tries", attempt, periods.TRIES, rows(Attempt)), ("answers", answer, periods.TRIES, rows(IdempotencyKey)),
    ("invitations", invitation, periods.DRAFTS, rows(SeatInvitation)),
]  # fmt: skip
NOT_HELD = {"links", "passkeys", "providers", "tries", "answers"}  # minutes of security, nothing a court would ask for


def due(w):
    return {one.key: found for one, found in retention.preview(w) if found.count or found.on_hold}


@pytest.mark.parametrize(("key", "make", "period", "kept"), CASES, ids=[case[0] for case in CASES])
def test_kept_until_its_date_and_removed_after(world, key, make, period, kept):
    with world.acting() as w:
        make(w)
    world.now += period
    with world.acting() as w:
        assert key not in due(w)
        assert key not in retention.run(w)
        assert len(kept(w)) == 1
    world.move(milliseconds=1)
    with world.acting() as w:
        assert due(w)[key].count == 1
        assert retention.run(w)[key] == 1
        assert kept(w) == []
        assert key not in due(w)


@pytest.mark.parametrize(
    ("key", "make", "period", "kept"), [case for case in CASES if case[0] not in NOT_HELD],
    ids=[case[0] for case in CASES if case[0] not in NOT_HELD],
)  # fmt: skip
def test_a_hold_keeps_it(world, key, make, period, kept):
    with world.acting() as w:
        make(w)
    world.now += period + timedelta(seconds=1)
    with world.acting("anna") as w:
        holds.set_hold(w, person_of(w, "mari"), "Case 3-27-1")
        assert (due(w)[key].count, due(w)[key].on_hold) == (0, 1)
        assert key not in retention.run(w)
        assert len(kept(w)) == 1
        holds.lift(w, person_of(w, "mari"), "Over")
        assert retention.run(w)[key] == 1


def test_every_class_is_tested():
    assert {one.key for one in retention.CLASSES} == {"drafts", *(case[0] for case in CASES)}


def drafts_of(world, state=RoundState.CLOSED, years=2):
    """Never submitted, submitted, and one that another is carried from; the round ended now."""
    with world.acting() as w:
        round_ = make_round(w, rules=rules_with(retention_years=Retention(drafts=years)))
        code, never = round_.code, make_submission(w, round_, title="Never sent")
        proposal = make_proposal(w, round_, title="Never sent either", state=ProposalState.LAPSED, challenges=[])
        ask_to_team(w, proposal.id, "eero")
        make_proposal(w, round_, title="Sent", state=ProposalState.DECLINED, submitted_at=w.now, challenges=[])
        earlier = make_submission(w, round_, title="Carried on")
        w.add(make_submission(w, round_, title="Later")).carried_from_id = earlier.id
        stored = attachment.store(world.settings.files, b"%PDF-1.4\nhello\n%%EOF", "plan.pdf")
        attachment.attach(w, "submission", never, stored)
        w.note("submission", never, "revise", {"reason": "typed"})
        w.step("round", code, "close", old="published", new=str(state), scope=code)
        round_.state = state
        w.session.flush()
        path = attachment.path_of(world.settings.files, stored.sha256)
    return code, path


def titles(w):
    return {row.title for table in (Submission, Proposal) for row in w.session.exec(select(table))}


def test_drafts_are_kept_as_the_rules_of_their_round_say(world):
    drafts_of(world)
    world.now = world.now.replace(year=world.now.year + 2) - timedelta(milliseconds=1)
    with world.acting() as w:
        assert retention.run(w).get("drafts") is None
        assert len(titles(w)) == 5
    world.move(milliseconds=1)
    with world.acting() as w:
        assert due(w)["drafts"].count == 3
        assert retention.run(w)["drafts"] == 3
        assert titles(w) == {"Sent", "Carried on"}
        assert w.session.exec(select(attachment.Attachment)).all() == []
    with world.acting(writing=False) as w:
        assert list(journal.faults(w.session)) == []
        assert "typed" not in str(w.session.exec(select(journal.StepText.given)).all())
        last = w.session.exec(select(Step).order_by(Step.id.desc())).first()
        assert (last.workflow, last.transition) == ("service", "remove")


def test_drafts_of_a_cancelled_round_are_kept_for_half_a_year(world):
    drafts_of(world, RoundState.CANCELLED)
    world.now += periods.DRAFTS - timedelta(milliseconds=1)
    with world.acting() as w:
        assert "drafts" not in due(w)
    world.move(milliseconds=1)
    with world.acting() as w:
        assert retention.run(w)["drafts"] == 3


def test_drafts_of_an_open_round_stay(world):
    with world.acting() as w:
        make_submission(w, make_round(w))
    world.move(days=4000)
    with world.acting() as w:
        assert retention.run(w).get("drafts") is None


def test_a_hold_keeps_a_draft(world):
    drafts_of(world)
    world.move(days=800)
    with world.acting("anna") as w:
        holds.set_hold(w, person_of(w, "ravi"), "Audit 7")
        assert due(w)["drafts"].on_hold >= 1
        retention.run(w)
        assert "Never sent either" in titles(w)


def test_bytes_go_when_nothing_names_them(world):
    _code, path = drafts_of(world)
    world.move(days=800)
    with world.acting() as w:
        assert drafts.sweep_files(w, world.settings.files) == 0
        retention.run(w)
        assert drafts.sweep_files(w, world.settings.files) == 1
    assert not path.exists()


def test_bytes_that_are_sent_again_count_as_new(world):
    _code, path = drafts_of(world)
    os.utime(path, (0, 0))
    attachment.store(world.settings.files, path.read_bytes(), "again.pdf")
    assert path.stat().st_mtime > 0


def test_ticker_runs_it_once_a_night(world):
    with world.acting() as w:
        letter(w)
    world.move(days=91)
    for _turn in range(2):
        ticker.tick(world.database, world.settings, world.clock)
    with world.acting(writing=False) as w:
        assert words(Letter)(w) == []
        assert [step.transition for step in w.session.exec(select(Step).where(Step.workflow == "service"))] == [
            "remove"
        ]


def test_page_shows_what_the_next_run_does_to_administrators_only(world):
    with world.acting() as w:
        letter(w)
        session(w)
    world.move(days=91)
    with world.acting("anna") as w:
        holds.set_hold(w, person_of(w, "mari"), "Case 3-27-1")
    page = world.client("anna").get("/retention").text
    assert "one stays on hold" in page
    assert "Case 3-27-1" in page
    assert 'href="/retention"' in world.client("anna").get("/home").text
    assert world.client("jaan").get("/retention").status_code == 403
    with world.acting(writing=False) as w:
        assert len(words(Letter)(w)) == 1
        assert w.session.exec(select(Round)).all() == []
