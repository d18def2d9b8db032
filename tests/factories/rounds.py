from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from challenge.kernel.work import Work
from challenge.rounds.models import Round, Window
from challenge.rounds.schemas import Rules
from challenge.rounds.states import RoundState, WindowName

# NOW of the tests is 10 January 2027: challenges are open.
WINDOWS = {
    WindowName.CHALLENGES: (datetime(2027, 1, 4, 7, tzinfo=UTC), datetime(2027, 1, 31, 15, tzinfo=UTC)),
    WindowName.INTERESTS: (datetime(2027, 2, 1, 7, tzinfo=UTC), datetime(2027, 2, 18, 15, tzinfo=UTC)),
    WindowName.IDEAS: (datetime(2027, 2, 19, 7, tzinfo=UTC), datetime(2027, 3, 31, 14, tzinfo=UTC)),
    WindowName.PREFERENCES: (datetime(2027, 4, 1, 7, tzinfo=UTC), datetime(2027, 4, 30, 14, tzinfo=UTC)),
    WindowName.PILOT_PROPOSALS: (datetime(2027, 5, 1, 7, tzinfo=UTC), datetime(2027, 6, 30, 14, tzinfo=UTC)),
    WindowName.FULL_PROPOSALS: (datetime(2027, 7, 1, 7, tzinfo=UTC), datetime(2027, 9, 30, 14, tzinfo=UTC)),
    WindowName.JURY: (datetime(2027, 10, 1, 7, tzinfo=UTC), datetime(2027, 12, 15, 15, tzinfo=UTC)),
}


def make_round(
    w: Work,
    *,
    title: str = "Round 2027",
    state: RoundState = RoundState.PUBLISHED,
    rules: Rules | None = None,
    budget_cents: int | None = 400_000_000,
    windows: dict[WindowName, tuple[datetime, datetime]] | None = None,
    **fields: Any,
) -> Round:
    """A round with every window of ``WINDOWS``."""
    made = w.add(
        Round(
            title=title, state=state, rules=(rules or Rules()).model_dump(mode="json"), budget_cents=budget_cents,
            published_at=None if state is RoundState.DRAFT else w.now, **fields,
        )
    )  # fmt: skip
    for name, (opens_at, closes_at) in (WINDOWS if windows is None else windows).items():
        w.add(Window(round_id=made.id, name=name, opens_at=opens_at, closes_at=closes_at))
    w.session.flush()
    return made
