"""Everything a decision rested on, as one plain structure: page, JSON and whatever else shows it read the same."""

from challenge.dossier.scope import of_proposal, of_round
from challenge.dossier.shape import Dossier, Section, plain, words

__all__ = ["Dossier", "Section", "of_proposal", "of_round", "plain", "words"]
