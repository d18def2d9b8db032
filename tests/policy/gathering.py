"""Events of the scene: who has a seat, who waits, what is not told yet."""

from __future__ import annotations

from sqlmodel import select

from challenge.events.states import EventKind, EventState
from challenge.kernel.work import Work
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from tests.factories.events import make_event, make_registration, make_talk
from tests.policy.people import Scene


def gathered(w: Work, scene: Scene, here: Round) -> None:
    """One seat, which the city has; the partner city waits for it. A draft; one that was cancelled before."""
    cx = scene.aviary
    for about, state in (
        ("draft event", EventState.DRAFT), ("event", EventState.ANNOUNCED), ("dropped event", EventState.CANCELLED)
    ):  # fmt: skip
        kind = "published" if state is EventState.ANNOUNCED else "event_draft"
        words = {name: cx(kind, f"event.{name}", about) for name in ("title", "text", "place")}
        if state is EventState.CANCELLED:
            words |= {"reason": cx(kind, "event.reason", about), "announced_at": None}
        link = f"https://{cx('event_link', 'event.link', about)}.example.org/"
        made = scene.code("events", make_event(w, here, state, link=link, seats=1, **words))
        if state is EventState.ANNOUNCED:
            make_registration(w, made, "mari", slot=1)
            make_registration(w, made, "sofia")


def talking(w: Work, scene: Scene, here: Round) -> None:
    """A city talks with the team of the draft, and knows; another does not know yet with whom it will."""
    draft, idea, *_rest = scene.codes["proposals"]
    for code, city, who, sent_at in (
        (draft, "narva", ("ravi", "katrin"), w.now), (idea, "helsinki", ("eero", "sofia"), None)
    ):  # fmt: skip
        event = scene.code("events", make_event(w, here, kind=EventKind.MATCHMAKING, title="Matchmaking day"))
        proposal = w.session.exec(select(Proposal).where(Proposal.code == code)).one()
        scene.code("talks", make_talk(w, event, proposal, city, who, sent_at=sent_at))
