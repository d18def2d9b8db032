"""What one may know of events."""

from challenge.events.queries.dates import of_event, of_person, of_round, of_talks
from challenge.events.queries.events import events_of, in_sight, visible
from challenge.events.queries.feeds import feed, reader_of
from challenge.events.queries.people import Count, Guest, counted, guests, waiting
from challenge.events.queries.taking import hidden, seated_ids, sides
from challenge.events.queries.talks import TalkRow, all_talks, hours, own_talks, plan_of, talk

__all__ = [
    "Count", "Guest", "TalkRow", "all_talks", "counted", "events_of", "feed", "guests", "hidden", "hours", "in_sight",
    "of_event", "of_person", "of_round", "of_talks", "own_talks", "plan_of", "reader_of", "seated_ids", "sides", "talk",
    "visible", "waiting",
]  # fmt: skip
