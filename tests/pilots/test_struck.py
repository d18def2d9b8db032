"""Words about somebody are struck out of a log for good, after the end too; nothing else of it can be changed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError
from sqlmodel import select

from challenge.kernel import journal
from challenge.kernel.journal import Step, StepText
from challenge.kernel.revision import REMOVED, Revision
from challenge.pilots.log.models import Decision, Meeting
from challenge.pilots.states import PilotState
from tests.factories.pilots import make_meeting, make_pilot
from tests.pilots.ready import get
from tests.privacy.scenes import traces

NAME = "Kaarel Kanaarilind"
MEETING = {"held_on": "2027-01-08", "present": f"Mari, {NAME}", "noted": f"{NAME} was ill. The ice comes early."}
STRIKE = {"words": NAME, "reason": "Asked for by the person."}


@pytest.fixture
def log(world):
    """(pilot, meeting) of a pilot that has ended since: noted, corrected, with a decision that was corrected too."""
    with world.acting() as w:
        code = make_pilot(w, state=PilotState.RUNNING, title="Clean Bays").code
    ravi, path = world.client("ravi"), f"/api/v1/pilots/{code}"
    item = ravi.post(f"{path}/log", json=MEETING).json()["code"]
    made = ravi.post(f"{path}/log/{item}/decisions", json={"text": f"{NAME} rests."}).json()["decisions"][0]
    etags = {"if-match": "*"}
    assert ravi.patch(f"{path}/decisions/{made['code']}", json={"text": "All rest."}, headers=etags).status_code == 200
    assert ravi.patch(f"{path}/log/{item}", json={**MEETING, "noted": f"{NAME} rests."}, headers=etags).is_success
    with world.acting() as w:
        get(w, code).state = PilotState.TERMINATED
        w.step("pilot", code, "terminate", old="running", new="terminated")
    return code, item


def struck(world, log, who="jaan", **given):
    code, item = log
    return world.client(who).post(f"/api/v1/pilots/{code}/log/{item}/erasure", json={**STRIKE, **given})


def test_the_words_are_gone_from_the_notes_the_decisions_and_every_wording(world, log):
    code, item = log
    assert {"pilot_meeting", "revision"} <= traces(world, NAME)
    with world.acting(writing=False) as w:
        before = w.session.exec(select(Revision.id, Revision.hash).order_by(Revision.id)).all()
    answer = struck(world, log)
    assert (answer.status_code, answer.json()["present"]) == (200, f"Mari, {REMOVED}")
    assert traces(world, NAME, "Kanaarilind") <= {"idempotency_key"}
    page = world.client("mari").get(f"/pilots/{code}/log/{item}").text
    assert NAME not in page
    assert f"{REMOVED} rests." in page
    with world.acting(writing=False) as w:
        assert w.session.exec(select(Revision.id, Revision.hash).order_by(Revision.id)).all() == before
        step = w.session.exec(select(Step).where(Step.transition == "strike_words")).one()
        given = w.session.exec(select(StepText.given).where(StepText.step_id == step.id)).one()
        assert (step.subject_code, given) == (code, {"item": item, "reason": STRIKE["reason"]})
        assert list(journal.faults(w.session)) == []
    assert "Words about somebody were removed" in world.client("mari").get(f"/pilots/{code}").text


def test_a_coordinator_does_it_on_the_page_too_and_nobody_else(world, log):
    code, item = log
    path = f"/pilots/{code}/log/{item}"
    for who in ("ravi", "mari", "olev"):
        assert world.client(who).get(f"{path}/erasure").status_code == 403, who
        assert world.client(who).post(f"{path}/erasure", data={**STRIKE, "version": "1"}).status_code in {403, 409}, who
        assert struck(world, log, who).status_code == 403, who
        assert "Remove words" not in world.client(who).get(path).text
    assert struck(world, log, "katrin").status_code == 403
    jaan = world.client("jaan")
    assert f"{path}/erasure" in jaan.get(path).text
    form = jaan.get(f"{path}/erasure").text
    version = form.split('name="version" value="')[1].split('"')[0]
    wrong = jaan.post(f"{path}/erasure", data={**STRIKE, "words": "Nobody", "version": version})
    assert (wrong.status_code, "do not stand there" in wrong.text) == (422, True)
    assert jaan.post(f"{path}/erasure", data={**STRIKE, "version": version}).status_code == 303
    assert traces(world, NAME) <= {"idempotency_key"}


def test_what_is_wrong_is_said_and_nothing_is_changed(world, log):
    for given in ({"words": "Nobody"}, {"words": "K"}, {"reason": ""}, {"noted": "x"}):
        answer = struck(world, log, **given)
        assert (answer.status_code, set(answer.json()["errors"])) == (422, set(given))
    assert "pilot_meeting" in traces(world, NAME)


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (Meeting, {"noted": "Other."}), (Meeting, {"noted": REMOVED, "held_on": "2027-01-01"}),
        (Decision, {"text": "Other."}), (Decision, {"text": REMOVED, "who_id": 1}),
        (Revision, {"content": {"noted": "Other."}}), (Revision, {"content": {"noted": REMOVED}, "hash": "0" * 64}),
        (Revision, {"content": {"noted": REMOVED}, "number": 9}),
    ],
)  # fmt: skip
def test_the_database_lets_nothing_else_be_changed(world, log, table, values):
    with world.acting() as w, pytest.raises(DatabaseError):
        w.session.connection().execute(sa.text(_update(table, values)))
    allowed = {"content": {"noted": REMOVED}} if table is Revision else {
        next(name for name in ("noted", "text") if name in values): REMOVED}  # fmt: skip
    with world.acting() as w:
        w.session.connection().execute(sa.text(_update(table, allowed)))


def test_a_revision_of_anything_else_is_never_changed(world):
    with world.acting() as w:
        w.add(Revision(workflow="proposal", subject_code="ZZZZZZZZ", number=1, content={"a": "b"}, hash="0", at=w.now))
    with world.acting() as w, pytest.raises(DatabaseError):
        w.session.connection().execute(sa.text(_update(Revision, {"content": {"a": REMOVED}})))


def _update(table, values):
    said = ", ".join(f"{name} = {_literal(value)}" for name, value in values.items())
    return f"UPDATE {table.__tablename__} SET {said}"


def _literal(value):
    if isinstance(value, dict):
        [(name, text)] = value.items()
        return f"""'{{"{name}"\\: "{text}"}}'"""
    return str(value) if isinstance(value, int) else f"'{value}'"


def test_what_would_become_too_long_is_left_as_it_is(world):
    with world.acting() as w:
        pilot = make_pilot(w, state=PilotState.RUNNING)
        first = make_meeting(w, pilot, present="ab", noted="ab " * 2_660)
        log = pilot.code, first.code
    answer = struck(world, log, words="ab")
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"words"})
    with world.acting(writing=False) as w:
        assert w.session.exec(select(Meeting.present)).one() == "ab"
