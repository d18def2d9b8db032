"""What a city's page tells beyond the city: its public challenges, and its pilots as far as the reader may know."""

from __future__ import annotations

from challenge.cities.extras import Entry, Extra
from challenge.cities.queries import City
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.pilots import queries as pilots
from challenge.pilots.states import LABELS
from challenge.submissions import queries as submissions
from challenge.submissions.queries import Wanted


def city_extras(w: Work, city: City) -> list[Extra]:
    """Challenges (the newest page of them) and pilots of this city."""
    cards = submissions.challenges(w, Wanted(city_id=city.id)).rows
    challenges = [
        Entry(card.title, f"/challenges/{card.code}", card.round_title, str(card.label), card.tone) for card in cards
    ]
    rows = [
        Entry(
            row.title, f"/pilots/{row.code}", ", ".join(member.name for member in row.cities),
            str(LABELS[row.state].public), LABELS[row.state].tone,
        )
        for row in pilots.of_city(w, city.id)
    ]  # fmt: skip
    return [Extra("challenges", str(_("Challenges")), challenges), Extra("pilots", str(_("Pilots")), rows)]
