"""What every section of a dossier is built from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.selection.models import Outcome


@dataclass(frozen=True, slots=True)
class Scene:
    """The round, the proposals the dossier is about, their outcomes. ``titles`` are those the reader may be told.

    ``is_hiding``: the reader has a conflict with a proposal of the round; places and what scores could be read from
    are left out.
    """

    round: Round
    proposals: tuple[Proposal, ...]
    outcomes: tuple[Outcome, ...]
    names: Mapping[int, str]
    titles: Mapping[int, str]
    is_whole: bool
    is_hiding: bool = False

    @property
    def ids(self) -> list[int]:
        """The proposals by id."""
        return [one.id for one in self.proposals]

    @property
    def codes(self) -> list[str]:
        """The proposals by code."""
        return [one.code for one in self.proposals]

    def title(self, proposal_id: int) -> str:
        """A proposal by its title."""
        return self.titles.get(proposal_id, "")

    def listed(self, ids: Iterable[int]) -> list[str]:
        """Titles of those that may be told."""
        return [self.titles[key] for key in ids if key in self.titles]

    def person(self, person_id: int | None) -> str | None:
        """Who decided."""
        return None if person_id is None else self.names.get(person_id)
