"""The archive: every route that writes in a pilot refuses once it has ended, and says why; what stays open is named.

The list is read off the router: a new route is asked for here, or this fails until somebody says how it is written.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlmodel import select

from challenge.kernel.attachment import Attachment
from challenge.kernel.record import metadata
from challenge.people.models import Organisation
from challenge.pilots.money.models import ChangeRequest
from challenge.pilots.money.states import ChangeKind, ChangeState, ClaimState
from challenge.pilots.money.workflow import CHANGE, CLAIM, TRANCHE
from challenge.pilots.results.models import News, Output, OutputKind, Reuse
from challenge.pilots.states import PilotState, ReportState
from challenge.pilots.workflow import PILOT, REPORT
from tests.cast import PEOPLE, PLACES
from tests.factories.money import ANSWERS as CLAIMED
from tests.factories.money import make_change, make_claim, make_funded
from tests.factories.pilots import (
    make_decision,
    make_indicator,
    make_meeting,
    make_milestone,
    make_note,
    make_report,
    make_risk,
    make_tranche,
)
from tests.pilots.ready import ANSWERS, get
from tests.policy.crawl import every_route

S = PilotState
SENTENCE = "This pilot has ended: its records are kept as they are."
WORKFLOWS = {"pilots": PILOT, "reports": REPORT, "claims": CLAIM, "tranches": TRANCHE, "changes": CHANGE}

# What stays open, and why.
MONEY = "what was spent and paid is settled after the end: late final payments, what is owed back"
OTHERS = "others begin when the pilot is over: who uses what it made, which cities wish to do the same"
OPEN = {
    "/claims/": MONEY, "/tranches/": MONEY,
    "/pilots/{code}/claims": f"{MONEY}; begun only by a partner who was paid and has not accounted for all of it",
    "/pilots/{code}/reuses": OTHERS, "/pilots/{code}/interest": OTHERS,
    "/pilots/{code}/log/{item}/erasure": "words about somebody are removed at any time: that is their right",
    "/pilots/{code}/contact": "whoever may be asked says so, and takes it back, at any time",
}  # fmt: skip

# What each route is sent, by the end of its address, and by whom: as a rule by a coordinator.
MILESTONE = {"title": "Sensors", "starts_on": "2027-02-01", "due_on": "2027-03-01"}
MEETING = {"held_on": "2027-01-08", "present": "All", "noted": "Ice."}
RISK = {"kind": "risk", "title": "Ice", "likelihood": "1", "impact": "1"}
OUTPUT = {"kind": "software", "title": "Watcher", "licence": "EUPL-1.2"}
TRANCHE_IN = {"label": "One", "cents": "100", "due_on": "2027-03-01"}
REPORT_IN = {"kind": "interim", "due_on": "2027-07-31"}
BODIES: dict[str, Any] = {
    "milestones": MILESTONE, "indicators": {"title": "Hours", "baseline": "1", "target": "2"}, "reports": REPORT_IN,
    "tranches": TRANCHE_IN, "risks": RISK, "outputs": OUTPUT, "log": MEETING, "decisions": {"text": "Buy."},
    "news": {"title": "Begun", "text": "It begins.", "published_on": "2027-01-09"}, "notes": {"text": "A note."},
    "measure": {"actual": "3", "measured_on": "2027-01-09"}, "close": {"ending": "Spring."},
    "kit": {"lessons": "Begin."},
    "agreement": {"agreement": "Together."}, "sign": {"revision": "1"}, "results": {"public_summary": "It worked."},
    "site": {"site": "The bay."}, "leave": {"reason": "Money."}, "role": {"role": "follower"},
    "edit": {"title": "Bays", "summary": "Warned.", "mentor": "lena@example.org", "months": 36,
             "starts_on": "2027-01-04", "ends_on": "2030-01-03"},
    "dates": {"ends_on": "2031-01-01", "reason": "Ice."}, "scope": {"scope": "Two bays.", "reason": "Ice."},
    "reuses": {"who": "Pärnu", "since": "2027-01-05"}, "interest": {"reason": "Us too."}, "contact": {"agrees": "yes"},
}  # fmt: skip
BODIES[""] = {}
BODIES["measurements"] = BODIES["measure"]
WHO = {
    "sign": "ravi", "leave": "niamh", "contact": "ravi", "interest": "katrin", "withdrawal": "katrin", "notes": "lena",
    "sharing": "lena", "changes": "ravi", "claims": "mari", "reports/": "ravi",
}  # fmt: skip
STATES = ("/pilots/{code}/transitions/", "/changes/{code}/transitions/")  # whose own state is an end
QUIET = {("POST", "/reports/{code}/conflict"): "no text waits there: it leads back to the form, which refuses"}
LAST = ("drop", "remove", "leave", "removal", "replace", "role", "completion", "close", "sharing")


def writing_routes():
    """(method, address with braces) of everything that writes in a pilot; of pages of transitions, one a name."""
    for method, path in every_route():
        parts = path.removeprefix("/api/v1").split("/")
        if method in {"GET", "HEAD"} or parts[1] not in WORKFLOWS or "{code}" not in path:
            continue
        if path.endswith("/transitions/{name}"):
            yield from ((method, path.replace("{name}", name)) for name in WORKFLOWS[parts[1]].names)
        elif path.endswith("/changes/{name}"):
            yield from ((method, path.replace("{name}", kind)) for kind in ("dates", "scope"))
        else:
            yield method, path


def is_open(path):
    return any(path.removeprefix("/api/v1").startswith(known) for known in OPEN)


def body_of(path, places):
    """What is sent; of cities and people the codes are found in the world."""
    parts = [part for part in path.split("/") if part]
    last = parts[-1]
    if "transitions" in parts:
        asks = next((row.asks for row in WORKFLOWS[parts[-4]].rows if row.name == last), None)
        given = {"reason": "Ice.", "points": "More.", "cure_until": "2027-09-01T10:00", "paid_on": "2027-01-09",
                 "reference": "1"}  # fmt: skip
        return {name: given[name] for name in (asks.model_fields if asks else ())}
    if "changes" in parts and last in {"members", "money"}:
        money = {"source": f"{places['tartu']}:equipment", "target": f"{places['fingal']}:services", "cents": 1000}
        return {"reason": "Ice.", **(money if last == "money" else {"goes": places["dlr"]})}
    if last == "members":
        return {"city": places["helsinki"], "role": "follower"}
    if last == "replace":
        return {"city": places["helsinki"]}
    if last == "edit" and parts[0] in {"reports", "claims"}:
        return ANSWERS if parts[0] == "reports" else CLAIMED
    if last == "edit" and ("agreement" in parts or "log" in parts):
        return BODIES[parts[2]]
    if last in {"edit", "{code}"} and "pilots" in parts:
        return {**BODIES["edit"], "budget_cents": 120_000_000 if path.startswith("/api") else "1200000"}
    named = [part for part in parts if part in BODIES]
    return BODIES[named[-1] if named else ""]


@pytest.fixture
def rooms(world):
    """A running pilot with something of everything: what each address is filled with."""
    with world.acting() as w:
        pilot = make_funded(w, S.RUNNING, mentor_id=PEOPLE["lena"].id)
        meeting = make_meeting(w, pilot)
        due, handed_in = make_report(w, pilot), make_report(w, pilot, state=ReportState.SUBMITTED, submitted_at=w.now,
                                                            revision=1, answers=ANSWERS)  # fmt: skip
        draft = make_claim(w, pilot, state=ClaimState.DRAFT)
        day = date(2027, 1, 9)
        told: dict[str, Any] = {
            "outputs": Output(pilot_id=pilot.id, kind=OutputKind.DATA, title="T", licence="L"),
            "news": News(pilot_id=pilot.id, title="T", text="X", published_on=day, by_id=PEOPLE["ravi"].id),
            "reuses": Reuse(pilot_id=pilot.id, who="Pärnu", since=day, by_id=PEOPLE["ravi"].id),
        }  # fmt: skip
        items = {noun: w.add(row).code for noun, row in told.items()} | {
            "milestones": make_milestone(w, pilot).code, "indicators": make_indicator(w, pilot).code,
            "tranches": make_tranche(w, pilot, cents=1).code, "reports": make_report(w, pilot).code,
            "risks": make_risk(w, pilot).code, "log": meeting.code, "notes": make_note(w, pilot, "lena").code,
            "decisions": make_decision(w, meeting, "mari").code,
        }  # fmt: skip
        change = make_change(w, pilot, ChangeKind.SCOPE, by="ravi")
        files = {
            workflow: w.add(
                Attachment(workflow=workflow, subject_code=row.code, sha256="0" * 64, size=1, name="a.pdf", at=w.now,
                           content_type="application/pdf", by_id=PEOPLE["ravi"].id)
            ).code
            for workflow, row in (("report", due), ("claim", draft))
        }  # fmt: skip
        places = {name: w.session.get_one(Organisation, place.id).code for name, place in PLACES.items()}
        records = {"pilots": pilot.code, "claims": draft.code, "tranches": items["tranches"], "changes": change.code}
        return {"items": items, "files": files, "places": places, "records": records,
                "reports": {"accept": handed_in.code, "send_back": handed_in.code}, "report": due.code}  # fmt: skip


def address(path, rooms):
    """The address of a route in this pilot."""
    parts = path.removeprefix("/api/v1").split("/")
    noun = parts[1]
    code = rooms["reports"].get(parts[-1], rooms["report"]) if noun == "reports" else rooms["records"][noun]
    held = next((rooms["items"][part] for part in parts if part and f"{part}/{{item}}" in path), "")
    city = "narva" if "interests" in parts else "dlr"
    return path.format(code=code, item=held, city=rooms["places"][city], file=rooms["files"].get(noun[:-1], ""))


def ask(world, method, path, rooms):
    """Send what would do it, by who may do it; a refusal comes as JSON, which is quicker."""
    parts = path.removeprefix("/api/v1").split("/")
    who = next((name for part, name in WHO.items() if part in parts), "jaan")
    if parts[-1] in {"accept", "send_back", "grant", "refuse"}:
        who = "jaan"
    elif parts[1] == "reports":
        who = "ravi"
    client, body = world.client(who), body_of(path, rooms["places"])
    client.is_strict = False
    head = {"accept": "application/json", "if-match": "*"}
    if path.startswith("/api"):
        return client.request(method, address(path, rooms), json=body, headers=head)
    files = {"file": ("a.csv", b"a,b", "text/csv")} if parts[-1] == "files" else None
    return client.request(method, address(path, rooms), data=body, files=files, headers=head)


def tables(w):
    """Every row of every table that holds something of a pilot."""
    held = [table for table in metadata.sorted_tables if table.name == "pilot" or "pilot_id" in table.columns]
    return {table.name: w.session.execute(select(table).order_by(table.c.id)).all() for table in held}


def closed():
    """The routes that refuse, those last after which others are not there any more."""
    found = [route for route in writing_routes() if not is_open(route[1]) and route not in QUIET]
    return sorted(found, key=lambda route: (route[0] == "DELETE", route[1].split("/")[-1] in LAST, route))


@pytest.mark.parametrize("ending", [S.COMPLETED, S.TERMINATED])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_everything_that_writes_refuses_once_the_pilot_has_ended_and_says_why(world, rooms, ending):
    with world.acting() as w:
        pilot = get(w, rooms["records"]["pilots"])
        pilot.state, pilot.ended_at = ending, w.now
        change = w.session.exec(select(ChangeRequest)).one()
        change.state, change.answer, change.decided_at = ChangeState.REFUSED, "Over.", w.now  # as the end leaves it
        w.session.flush()
        before = tables(w)
    assert len(closed()) > 80
    wrong = {}
    for method, path in closed():
        answer = ask(world, method, path, rooms)
        said = "the state is" if path.removeprefix("/api/v1").startswith(STATES) else SENTENCE
        if answer.status_code != 409 or said not in answer.text:
            wrong[f"{method} {path}"] = answer.status_code, answer.text[:300]
    assert not wrong, "\n".join(f"{route}: {what}" for route, what in wrong.items())
    with world.acting(writing=False) as w:
        assert tables(w) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_same_is_written_or_refused_for_another_reason_while_the_pilot_runs(world, rooms):
    wrong = {}
    for method, path in closed():
        answer = ask(world, method, path, rooms)
        gone = answer.status_code == 404 and path.split("/")[-1] in (*LAST, "{city}")
        if SENTENCE in answer.text or (answer.status_code in {401, 403, 404, 422} and not gone):
            wrong[f"{method} {path}"] = answer.status_code, answer.text[:300]
    assert not wrong, "\n".join(f"{route}: {what}" for route, what in wrong.items())


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_stays_open_is_not_refused_as_an_archive(world, rooms):
    with world.acting() as w:
        get(w, rooms["records"]["pilots"]).state = S.COMPLETED
    refused = []
    for method, path in writing_routes():
        if is_open(path) and not path.endswith("/pilots/{code}/claims"):
            answer = ask(world, method, path, rooms)
            if SENTENCE in answer.text or answer.status_code in {401, 403}:
                refused.append((method, path, answer.status_code))
    assert refused == []
