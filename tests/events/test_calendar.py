"""Calendars are read back: right instants over a change of the clock, names that stay, sequences that grow."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
from sqlmodel import select

from challenge.events import actions
from challenge.events.models import CalendarFeed
from challenge.events.schemas import Cancellation
from challenge.kernel import freeze
from challenge.kernel.freeze import FreezeScope
from challenge.people.models import Person, Role
from challenge.people.queries import token_hash
from challenge.people.states import RoleName
from challenge.rounds.models import Extension, Round
from challenge.rounds.states import WindowName
from tests.cast import PEOPLE
from tests.events.steps import act, get, planned
from tests.factories.events import given_of, make_event
from tests.factories.proposals import make_proposal
from tests.factories.rounds import WINDOWS, make_round
from tests.policy.canaries import Aviary
from tests.policy.parties import expected
from tests.policy.people import PERSONAS
from tests.policy.scene import build


def read(answer):
    """Key without the host → the component."""
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    found = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(one["uid"]).removesuffix("@127.0.0.1"): one for one in found}


def address(world, name):
    page = world.client(name).post("/account/calendar").text
    return "/calendar/" + page.split("/calendar/")[1].split("<")[0]


def test_an_event_over_the_night_the_clock_changes_lasts_as_long_as_it_does(world):
    zone = ZoneInfo("Europe/Tallinn")
    begins, ends = datetime(2027, 3, 28, 1, 30, tzinfo=zone), datetime(2027, 3, 28, 5, 0, tzinfo=zone)
    code = planned(world, begins_at=begins, ends_at=ends)
    (one,) = read(world.client().get(f"/events/{code}/event.ics")).values()
    assert one["dtend"].dt - one["dtstart"].dt == timedelta(hours=2, minutes=30)
    assert one["dtstart"].dt == datetime(2027, 3, 27, 23, 30, tzinfo=UTC)
    assert [str(one[n].dt.astimezone(zone).time()) for n in ("dtstart", "dtend")] == ["01:30:00", "05:00:00"]
    assert (str(one["summary"]), str(one["location"]), str(one["status"])) == (
        "What a good challenge says", "Raekoda, room 3", "CONFIRMED",
    )  # fmt: skip
    assert str(one["url"]) == f"http://127.0.0.1:8000/events/{code}"


def test_a_change_keeps_the_name_and_raises_the_sequence_and_a_cancelled_event_says_so(world):
    code = planned(world)
    seen = []

    def look():
        ((key, one),) = read(world.client().get(f"/events/{code}/event.ics")).items()
        seen.append((key, int(one["sequence"]), str(one["status"])))

    look()
    act(world, "mari", code, actions.register)
    look()
    with world.acting("jaan") as w:
        actions.revise(w, get(w, code), given_of(w, place="Town hall"))
    look()
    with world.acting("jaan") as w:
        actions.fire(w, get(w, code), "cancel", Cancellation(reason="No room."))
    look()
    assert {key for key, _sequence, _state in seen} == {f"event-{code}"}
    assert [state for _key, _sequence, state in seen] == ["CONFIRMED", "CONFIRMED", "CONFIRMED", "CANCELLED"]
    sequences = [sequence for _key, sequence, _state in seen]
    assert sequences[0] == sequences[1] < sequences[2] < sequences[3]


def test_the_deadlines_of_a_round_are_for_everybody(world):
    with world.acting() as w:
        round_ = make_round(w)
        make_event(w, round_, title="City webinar")
        code = round_.code
    found = read(world.client().get(f"/rounds/{code}/calendar.ics"))
    assert {key: one["dtstart"].dt for key, one in found.items() if key.startswith("window-")} == {
        f"window-{code}-{name}": closes_at for name, (_opens_at, closes_at) in WINDOWS.items()
    }
    assert "City webinar" in {str(one["summary"]) for one in found.values()}
    with world.acting() as w:
        w.session.exec(select(Round)).one().title = "Renamed"
    again = read(world.client().get(f"/rounds/{code}/calendar.ics"))
    assert set(again) == set(found)
    key = f"window-{code}-{WindowName.IDEAS}"
    assert again[key]["sequence"] > found[key]["sequence"]


def test_a_persons_calendar_has_what_concerns_them(world):
    with world.acting() as w:
        round_ = make_round(w)
        going, other = make_event(w, round_, seats=1), make_event(w, round_, title="Not mine")
        proposal = make_proposal(w, round_)
        codes = (round_.code, going.code, other.code, proposal.code)
        w.add(Extension(workflow="proposal", subject_code=proposal.code, until=w.now + timedelta(days=3), at=w.now,
                        reason="Ill."))  # fmt: skip
        w.add(Role(person_id=PEOPLE["oskar"].id, name=RoleName.JUROR, round_id=round_.id))
    round_, going, other, proposal = codes
    for name in ("mari", "ravi"):
        act(world, name, going, actions.register)
    windows = {}
    for name in ("mari", "ravi", "oskar", "jaan"):
        found = read(world.client().get(address(world, name)))
        windows[name] = {key.rsplit("-", 1)[1] for key in found if key.startswith("window-")}
        assert (f"event-{going}" in found) is (name != "oskar")
        assert (f"event-{other}" in found) is (name == "jaan")
        assert (f"due-{proposal}" in found) is (name == "ravi")
        if name in {"mari", "ravi"}:
            seated = name == "mari"
            assert str(found[f"event-{going}"]["status"]) == ("CONFIRMED" if seated else "TENTATIVE")
            assert ("https://meet.example.org/abc" in str(found[f"event-{going}"]["description"])) is seated
    assert windows == {
        "mari": {"challenges", "interests", "preferences"}, "oskar": {"jury"},
        "ravi": {"ideas", "pilot_proposals", "full_proposals"}, "jaan": {str(name) for name in WindowName},
    }  # fmt: skip


def test_an_address_is_renewed_and_ended_and_kept_only_as_a_hash(world):
    first = address(world, "mari")
    assert "no-referrer" in world.client().get(first).headers["referrer-policy"]
    second = address(world, "mari")
    assert (world.client().get(first).status_code, world.client().get(second).status_code) == (404, 200)
    token = second.removeprefix("/calendar/").removesuffix(".ics")
    with world.acting(writing=False) as w:
        assert w.session.exec(select(CalendarFeed.token_hash)).all() == [token_hash(token)]
    page = world.client("mari").get("/account/calendar").text
    assert token not in page
    assert "cannot be shown again" in page
    assert world.client("mari").post("/account/calendar/end").status_code == 303
    assert world.client().get(second).status_code == 404
    assert world.client("mari").post("/account/calendar/end").status_code == 404


def test_a_closed_account_and_a_closed_service_answer_nobody(world):
    mine = address(world, "mari")
    with world.acting() as w:
        freeze.freeze(w, FreezeScope.ALL, "Repairs.")
    world.move(seconds=30)
    assert world.client().get(mine).status_code == 503
    with world.acting() as w:
        freeze.unfreeze(w, FreezeScope.ALL)
    world.move(seconds=30)
    assert world.client().get(mine).status_code == 200
    with world.acting() as w:
        w.session.get_one(Person, PEOPLE["mari"].id).disabled_at = w.now
    assert world.client().get(mine).status_code == 404


def test_an_address_only_reads(world):
    mine = address(world, "mari")
    assert {world.client().request(how, mine).status_code for how in ("POST", "PUT", "PATCH", "DELETE")} == {405}


def test_reading_in_estonian(world):
    with world.acting() as w:
        make_round(w)
        w.session.get_one(Person, PEOPLE["mari"].id).locale = "et"
    titles = {str(one["summary"]) for one in read(world.client().get(address(world, "mari"))).values()}
    assert any(title.startswith("Väljakutsete") for title in titles), titles


def test_a_calendar_tells_its_owner_no_more_than_the_pages_and_never_who_judges(world):
    scene = build(world)
    seen = {}
    for persona, name in PERSONAS.items():
        if name != "nobody":
            text = world.client().get(address(world, name)).content.replace(b"\r\n ", b"").decode()
            seen[persona] = scene.aviary.seen_in(text)
    told: Aviary = scene.aviary
    assert [
        (persona, str(told.by_token[token])) for persona, tokens in seen.items() for token in tokens
        if persona not in expected(told.by_token[token])
    ] == []  # fmt: skip
    kinds = {told.by_token[token].kind for tokens in seen.values() for token in tokens}
    assert kinds == {"published", "event_link", "submission", "submission_face", "proposal_face"}
    links = {
        persona for persona, tokens in seen.items() for token in tokens if told.by_token[token].kind == "event_link"
    }
    assert {"city", "coordinator"} <= links
    assert not {"partner city", "juror", "other juror"} & links
