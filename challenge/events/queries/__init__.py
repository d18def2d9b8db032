"""What one may know of events."""

from challenge.events.queries.dates import of_event, of_person, of_round
from challenge.events.queries.events import events_of, in_sight, visible
from challenge.events.queries.feeds import feed, reader_of
from challenge.events.queries.people import Count, Guest, counted, guests, waiting

__all__ = [
    "Count", "Guest", "counted", "events_of", "feed", "guests", "in_sight", "of_event", "of_person", "of_round",
    "reader_of", "visible", "waiting",
]  # fmt: skip
