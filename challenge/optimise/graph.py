"""Which proposals and jurors hang together through scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Component:
    """Indices of proposals and jurors that chains of scores link with each other and with nobody else."""

    proposals: tuple[int, ...]
    jurors: tuple[int, ...]


def components(proposal: Ints, juror: Ints) -> tuple[Component, ...]:
    """The connected parts of the graph whose edges are (proposal, juror), two equally long arrays; largest first.

    Every vertex takes the least label among its neighbours until nothing changes.
    """
    of_proposal = np.arange(int(proposal.max(initial=-1)) + 1)
    of_juror = np.full(int(juror.max(initial=-1)) + 1, len(of_proposal))
    while True:
        np.minimum.at(of_juror, juror, of_proposal[proposal])
        before = of_proposal.copy()
        np.minimum.at(of_proposal, proposal, of_juror[juror])
        of_proposal = of_proposal[of_proposal]
        if (of_proposal == before).all():
            break
    parts = [
        Component(
            tuple(np.unique(proposal[of_proposal[proposal] == label]).tolist()),
            tuple(np.flatnonzero(of_juror == label).tolist()),
        )
        for label in np.unique(of_proposal[proposal])
    ]
    return tuple(sorted(parts, key=lambda part: -len(part.proposals) - len(part.jurors)))
