"""What one may know of partner cities that could be. Scope first: what one may not know of is Missing."""

from challenge.partners.queries.candidates import Candidate, Found, Known, Wanted, candidates, known_cities
from challenge.partners.queries.invitations import Shown, invitation, invitations, shown
from challenge.partners.queries.matching import (
    Pair,
    Seen,
    inputs,
    known,
    latest,
    matching,
    progress,
    round_to_match,
    seen,
    unpaired,
)

__all__ = [
    "Candidate", "Found", "Known", "Pair", "Seen", "Shown", "Wanted", "candidates", "inputs", "invitation",
    "invitations", "known", "known_cities", "latest", "matching", "progress", "round_to_match", "seen", "shown",
    "unpaired",
]  # fmt: skip
