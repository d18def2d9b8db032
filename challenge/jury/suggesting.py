"""Who could read what: the best that the rules allow, computed from a snapshot, with its proof or why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from challenge.jury.fit import TEXT, THEME, Said
from challenge.optimise.assignment import Infeasible, assign
from challenge.optimise.similarity import index

DIGITS = 4  # of a fit as it is used and kept: more would differ between machines


def computed(inputs: dict[str, Any], jurors: list[Said], proposals: list[Said]) -> tuple[bool, dict[str, Any]]:
    """The answer to ``inputs`` (queries.suggestions.Inputs): whether there is one, and what is kept of it.

    Pairs name positions in ``inputs``; ``value`` is the sum of their fits, ``bound`` what no assignment can exceed.
    """
    people, works = inputs["jurors"], inputs["proposals"]
    found = parts(jurors, proposals)
    fit = np.round(found.fit, DIGITS)
    forbidden = np.zeros(fit.shape, dtype=bool)
    for juror, proposal in inputs["forbidden"]:
        forbidden[juror, proposal] = True
    try:
        best = assign(
            fit,
            np.array([one["needs"] for one in works]),
            np.array([one["most"] for one in people]),
            np.array([one["least"] for one in people]),
            forbidden=forbidden,
        )
    except Infeasible as why:
        return False, {
            "cause": why.cause,
            "jurors": [int(one) for one in why.jurors],
            "proposals": [int(one) for one in why.proposals],
            "short": int(why.shortfall),
        }
    pairs = [
        {
            "juror": int(juror),
            "proposal": int(proposal),
            "theme": round(float(found.theme[juror, proposal]), DIGITS),
            "text": round(float(found.text[juror, proposal]), DIGITS),
            "fit": round(float(fit[juror, proposal]), DIGITS),
        }
        for juror, proposal in best.pairs
    ]
    return True, {
        "pairs": pairs,
        "value": round(float(best.value), DIGITS),
        "bound": round(float(best.bound), DIGITS),
        "optimal": bool(best.optimal),
    }


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
    """The parts of every pair, each between 0 and 1. A proposal without a theme fits everybody alike by theme: 0."""
    theme = np.array(
        [[_known(juror.themes, proposal.themes) for proposal in proposals] for juror in jurors], dtype=np.float64
    ).reshape(len(jurors), len(proposals))
    alike = index([one.words for one in proposals]).matrix(one.words for one in jurors)
    return Parts(theme, alike.astype(np.float64))


def _known(own: frozenset[str], wanted: frozenset[str]) -> float:
    return len(own & wanted) / len(wanted) if wanted else 0.0
