"""How well a juror fits a proposal, from what both say of themselves: a part for each reason, between 0 and 1."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from challenge.optimise.similarity import index

THEME, TEXT = 0.6, 0.4  # how much each part counts; a decision of ours, said on the page and in docs/deciding.md


@dataclass(frozen=True, slots=True)
class Said:
    """What a juror or a proposal says: keys of themes, and words."""

    themes: frozenset[str]
    words: str


@dataclass(frozen=True, slots=True)
class Parts:
    """Jurors × proposals: the share of the proposal's themes the juror knows, and the likeness of their words."""

    theme: npt.NDArray[np.float64]
    text: npt.NDArray[np.float64]

    @property
    def fit(self) -> npt.NDArray[np.float64]:
        """Both together, each by its weight."""
        return THEME * self.theme + TEXT * self.text


def parts(jurors: Sequence[Said], proposals: Sequence[Said]) -> Parts:
    """The parts of every pair. A proposal without a theme fits nobody and everybody alike by theme: 0."""
    theme = np.array(
        [[_known(juror.themes, proposal.themes) for proposal in proposals] for juror in jurors], dtype=np.float64
    ).reshape(len(jurors), len(proposals))
    alike = index([one.words for one in proposals]).matrix(one.words for one in jurors)
    return Parts(theme, alike.astype(np.float64))


def _known(own: frozenset[str], wanted: frozenset[str]) -> float:
    return len(own & wanted) / len(wanted) if wanted else 0.0
