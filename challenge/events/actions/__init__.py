"""What one does with events."""

from challenge.events.actions.coming import attend, fill, fill_all, leave, register
from challenge.events.actions.feeds import end_feed, open_feed
from challenge.events.actions.planning import ROUND_OVER, fire, plan, remind, revise

__all__ = [
    "ROUND_OVER",
    "attend",
    "end_feed",
    "fill",
    "fill_all",
    "fire",
    "leave",
    "open_feed",
    "plan",
    "register",
    "remind",
    "revise",
]
