"""What one does with partner cities that could be."""

from challenge.partners.actions.inviting import fire, invite, lapse_overdue
from challenge.partners.actions.matching import Sent, ask_for_matching, claim_matching, invite_all, keep_matching

__all__ = [
    "Sent", "ask_for_matching", "claim_matching", "fire", "invite", "invite_all", "keep_matching", "lapse_overdue",
]  # fmt: skip
