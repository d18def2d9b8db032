"""Who may fire what from which state, by the who-rules alone; reviewed by hand, compared by a test."""

from __future__ import annotations

from typing import Any

from challenge.submissions.states import SubmissionState as S
from challenge.submissions.workflow import SUBMISSION
from tests.factories.rounds import make_round
from tests.factories.submissions import make_submission

CAST = ("mari", "peeter", "sofia", "ravi", "lena", "jaan", "olev", "anna", "system", "nobody")
# fmt: off
MATRIX = {
    "draft": {"submit": "mari peeter", "lapse": "jaan system", "withdraw": "mari"},
    "submitted": {"recall": "mari", "review": "jaan", "withdraw": "mari"},
    "in_review": {"accept": "jaan", "send_back": "jaan", "reject": "jaan", "withdraw": "mari"},
    "returned": {"submit": "mari peeter", "lapse": "jaan system", "withdraw": "mari"},
    "accepted": {
        "develop": "jaan system", "enter_selection": "jaan system", "pilot": "jaan", "release": "jaan system",
        "withdraw": "mari",
    },
    "co_development": {
        "enter_selection": "jaan system", "pilot": "jaan", "release": "jaan system", "withdraw": "mari",
    },
    "pilot_selection": {"pilot": "jaan", "release": "jaan system", "withdraw": "mari"},
    "rejected": {"reinstate": "jaan"},
}
# fmt: on


def computed(world: Any) -> dict[str, dict[str, str]]:
    """State → transition → the people who are let, as one line."""
    with world.acting() as w:
        record = make_submission(w, make_round(w))
        w.session.flush()
        w.session.expunge(record)
    found: dict[str, dict[str, str]] = {}
    for state in S:
        record.state = state
        for row in SUBMISSION.rows_from(record):
            found.setdefault(str(state), {})[row.name] = " ".join(
                name for name in CAST if lets(world, row, name, record)
            )
    return found


def lets(world: Any, row: Any, name: str, record: Any) -> bool:
    with world.acting(name, writing=False) as w:
        return row.who(w, record) is None
