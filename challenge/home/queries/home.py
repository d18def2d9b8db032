"""A person's home page: what asks something of them, then what is theirs, by what they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from challenge.home.queries import duties, needs, room
from challenge.home.queries.asking import Asked, asked
from challenge.home.queries.mine import (
    MyCity,
    MyInterest,
    MyProposal,
    MySubmission,
    interests,
    my_cities,
    pilots,
    proposals,
    submissions,
)
from challenge.home.queries.programme import WATCHING, Glance, glances
from challenge.home.queries.scene import Stand, in_play
from challenge.home.queries.upkeep import Upkeep, upkeep
from challenge.jury.queries import Queue, queue
from challenge.kernel.work import Work
from challenge.people.states import RoleName
from challenge.pilots.queries.lists import Listed


@dataclass(frozen=True, slots=True)
class Home:
    """Sections that are not for this person are None."""

    now: datetime
    stands: list[Stand]
    asked: list[Asked]
    cities: list[MyCity]
    submissions: list[MySubmission]
    interests: list[MyInterest]
    pilots: list[Listed]
    proposals: list[MyProposal] | None
    queue: Queue | None
    rounds: list[Glance] | None
    upkeep: Upkeep | None
    watches: bool

    @property
    def current(self) -> Stand | None:
        """The round under way."""
        return next((stand for stand in self.stands if stand.windows and stand.is_public), None)

    def stand(self, round_id: int | None) -> Stand | None:
        """The round of this id, when it is in play."""
        return next((stand for stand in self.stands if stand.id == round_id), None)


def home(w: Work) -> Home:
    """Everything of it; how many queries depends on what the person is, never on how much there is."""
    runs = w.actor.holds_anywhere(RoleName.COORDINATOR)
    staff = any(w.actor.holds_anywhere(role) for role in RoleName)
    stands = in_play(w)
    branches = [*needs.of_person(w), *room.of_person(w)]
    branches += [*duties.of_rounds(w), *room.of_rounds(w)] if runs else []
    cities = my_cities(w) if w.actor.seats else []
    ids = [city.id for city in cities]
    return Home(
        now=w.now,
        stands=stands,
        asked=asked(w, branches),
        cities=cities,
        submissions=submissions(w, ids) if cities else [],
        interests=interests(w, ids, [stand.id for stand in stands]) if cities else [],
        pilots=pilots(w, ids) if w.actor.seats or not staff else [],
        proposals=proposals(w) if w.actor.seats or not staff else None,
        queue=queue(w) if w.actor.holds_anywhere(RoleName.JUROR) else None,
        rounds=glances(w, stands) if any(w.actor.holds_anywhere(role) for role in WATCHING) else None,
        upkeep=upkeep(w) if w.actor.holds_anywhere(RoleName.ADMINISTRATOR) else None,
        watches=w.actor.holds_anywhere(RoleName.OBSERVER),
    )
