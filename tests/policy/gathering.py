"""Events of the scene: who has a seat, who waits, what is not told yet."""

from __future__ import annotations

from challenge.events.states import EventState
from challenge.kernel.work import Work
from challenge.rounds.models import Round
from tests.factories.events import make_event, make_registration
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
