"""What one may know of outcomes, announcements, results and appeals."""

from challenge.selection.queries.appeals import (
    Filed,
    appeal,
    appealed,
    appeals,
    handlers,
    may_read,
    open_appeal,
    rejected_at,
    subject,
)
from challenge.selection.queries.batch import ANNOUNCE, STEPS, Batch, Held, Item, Keys, batch, held_back
from challenge.selection.queries.board import Board, Line, Money, Places, board
from challenge.selection.queries.gates import GateBoard, Waiting, forward, gate
from challenge.selection.queries.matters import Matters, matters, releasable
from challenge.selection.queries.outcomes import (
    Decision,
    announced,
    conditions,
    decidable,
    decision,
    excluded,
    heard,
    history,
    inside,
    is_insider,
    is_party,
    pending,
    recipients,
    unmet,
    visible,
)

__all__ = [
    "ANNOUNCE", "STEPS", "Batch", "Board", "Decision", "Filed", "GateBoard", "Held", "Item", "Keys", "Line", "Matters",
    "Money", "Places", "Waiting", "announced", "appeal", "appealed", "appeals", "batch", "board", "conditions",
    "decidable", "decision", "excluded", "forward", "gate", "handlers", "heard", "held_back", "history", "inside",
    "is_insider", "is_party", "matters", "may_read", "open_appeal", "pending", "recipients", "rejected_at",
    "releasable", "subject", "unmet", "visible",
]  # fmt: skip
