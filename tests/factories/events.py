"""Events as rows, and one of each state for the tests of all workflows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import select

from challenge.events import actions, rules
from challenge.events.models import Event, Registration, Talk, TalkPerson, TalkPlan
from challenge.events.schemas import EventIn
from challenge.events.states import EventKind, EventState, Guests
from challenge.kernel.work import Work
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.rounds.states import RoundState
from tests.cast import PEOPLE, PLACES
from tests.factories.rounds import make_round

fire_event = actions.fire


def given_of(w: Work, **fields: Any) -> EventIn:
    """A webinar for everybody, in ten days, of two hours."""
    begins_at = fields.get("begins_at", w.now + timedelta(days=10))
    return EventIn(**{
        "title": "What a good challenge says", "kind": EventKind.WEBINAR, "guests": Guests.EVERYBODY,
        "text": "We read two challenges together.", "zone": "Europe/Tallinn", "begins_at": begins_at,
        "ends_at": begins_at + timedelta(hours=2), "place": "Raekoda, room 3", "link": "https://meet.example.org/abc",
        **fields,
    })  # fmt: skip


def make_event(w: Work, round_: Round, state: EventState = EventState.ANNOUNCED, **fields: Any) -> Event:
    """An event in any state."""
    held: dict[str, Any] = {"announced_at": w.now} if state is not EventState.DRAFT else {}
    if state is EventState.CANCELLED:
        held["reason"] = "The speaker is ill."
    own = {name: fields.pop(name) for name in list(fields) if name in {"announced_at", "reason"}}
    given = given_of(w, **fields).model_dump()
    return w.add(Event(round_id=round_.id, round_code=round_.code, state=state, **given, **held | own))


def make_registration(w: Work, event: Event, name: str, slot: int | None = None) -> Registration:
    """Somebody of the cast comes, or waits where no slot is given."""
    return w.add(Registration(event_id=event.id, person_id=PEOPLE[name].id, slot=slot, slot_cap=event.seats, at=w.now))


def make_talk(
    w: Work, event: Event, proposal: Proposal, city: str, who: Sequence[str], slot: int = 1, place: int = 1,
    sent_at: datetime | None = None,
) -> Talk:  # fmt: skip
    """A talk of these people of the cast, who have a seat; talks of twenty minutes at five tables."""
    if w.session.exec(select(TalkPlan).where(TalkPlan.event_id == event.id)).first() is None:
        w.add(TalkPlan(event_id=event.id, minutes=20, tables=5, by_id=PEOPLE["jaan"].id, sent_at=sent_at))
    for name in who:
        if rules.registration(w, event, PEOPLE[name].id) is None:
            taken = len(w.session.exec(select(Registration).where(Registration.event_id == event.id)).all())
            make_registration(w, event, name, slot=taken + 1)
    made = w.add(
        Talk(event_id=event.id, round_code=event.round_code, proposal_id=proposal.id, city_id=PLACES[city].id,
             slot=slot, place=place)
    )  # fmt: skip
    for name in who:
        w.add(TalkPerson(talk_id=made.id, event_id=event.id, slot=slot, person_id=PEOPLE[name].id))
    return made


def of_events(world: Any) -> list[Any]:
    """One in each state, one that is over, a draft whose time has passed, a draft of a round not published."""
    from tests.factories.cells import Cell  # noqa: PLC0415 -- which imports this

    with world.acting() as w:
        round_ = make_round(w)
        there = make_round(w, title="Round 2028", state=RoundState.DRAFT)
        cells = [Cell(str(state), make_event(w, round_, state).code, w.now) for state in EventState]
        over = make_event(w, round_)
        late = make_event(w, round_, EventState.DRAFT)
        early = make_event(w, there, EventState.DRAFT)
        return [
            Cell("announced, over", over.code, over.ends_at), Cell("draft, late", late.code, late.begins_at),
            Cell("draft, round not published", early.code, w.now), *cells,
        ]  # fmt: skip
