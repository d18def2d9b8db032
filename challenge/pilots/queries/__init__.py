"""What one may know of pilots."""

from challenge.pilots.queries.lists import Filters, Listed, choosable, cures_over, listed, of_city, unpaired
from challenge.pilots.queries.scope import in_sight, inside, told
from challenge.pilots.queries.single import (
    Happened,
    Kinds,
    Solved,
    challenges,
    history,
    is_inside,
    item,
    member,
    named_items,
    pilot_of,
    report,
    signatures,
    visible,
    whole,
)

__all__ = [
    "Filters",
    "Happened",
    "Kinds",
    "Listed",
    "Solved",
    "challenges",
    "choosable",
    "cures_over",
    "history",
    "in_sight",
    "inside",
    "is_inside",
    "item",
    "listed",
    "member",
    "named_items",
    "of_city",
    "pilot_of",
    "report",
    "signatures",
    "told",
    "unpaired",
    "visible",
    "whole",
]
