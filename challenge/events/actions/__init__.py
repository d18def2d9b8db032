"""What one does with events."""

from challenge.events.actions.coming import attend, fill, fill_all, leave, register
from challenge.events.actions.feeds import end_feed, open_feed
from challenge.events.actions.planning import ROUND_OVER, fire, plan, remind, revise
from challenge.events.actions.talks import (
    Found,
    add_talk,
    computed,
    demand,
    drop_talk,
    keep,
    move_talk,
    send,
    to_plan,
)

__all__ = [
    "ROUND_OVER", "Found", "add_talk", "attend", "computed", "demand", "drop_talk", "end_feed", "fill", "fill_all",
    "fire", "keep", "leave", "move_talk", "open_feed", "plan", "register", "remind", "revise", "send", "to_plan",
]  # fmt: skip
