"""The register of processing (GDPR Art. 30): for what, on which ground, how long, who reads it, in which tables.

One register, read by the public page, by what a person may take away, by erasure and by the data-protection officer's
document. A test compares it with the schema: every table stands here or in ``NOTHING_PERSONAL``.
"""

from __future__ import annotations

from collections.abc import Iterator

from challenge.privacy.activities import ACTIVITIES
from challenge.privacy.holding import Holding


def holdings() -> Iterator[Holding]:
    """Every table with data about people."""
    for activity in ACTIVITIES:
        yield from activity.holdings


NOTHING_PERSONAL: dict[str, str] = {
    "budget_line": "money of organisations",
    "own_share": "money of organisations",
    "city_profile": "facts about cities; who may edit them is in membership",
    "consensus_mark": "marks a panel agreed on; who took part is in consensus and consensus_reply",
    "event": "what a round invites to; who comes is in registration",
    "freeze": "which part of the service is closed; who closed it is in the journal",
    "indicator": "what a pilot measures",
    "learning_link": "links a round recommends",
    "milestone": "what a pilot plans",
    "organisation": "organisations; who belongs to them is in membership",
    "partner_city": "cities of a proposal",
    "output": "what pilots made",
    "past_pilot": "under which key a past pilot was imported",
    "pilot_challenge": "which challenges a pilot works on",
    "proposal_challenge": "which challenges a proposal answers",
    "rank_band": "which quarter of the field a proposal stood in",
    "replication_kit": "lessons of pilots",
    "risk": "what may go wrong in a pilot",
    "round": "rules and dates",
    "kept_ranking": "marks without who gave them, and places, as they stood at an announcement",
    "selection": "what was computed from scores and money; who asked for it is in scenario",
    "sight_of": "which records a read was of; who read is in sight",
    "slot": "when a job is due",
    "step_delivery": "whether a step has been told",
    "submission_city": "further cities of a challenge",
    "posting": "money of a pilot; who booked it is in ledger_entry",
    "talk": "which proposal and city talk at a matchmaking day; who sits there is in talk_person",
    "tranche": "money of a pilot",
    "window": "dates of a round",
}
"""Tables that hold nothing about people, and why they do not."""
