"""How well likeness of texts agrees with what people say of their own expertise (performance.md P10, quality).

Reads the public gold-standard set of Stelmakh and others (2023, *A Gold Standard Dataset for the Reviewer Assignment
Problem*) from a folder: 58 researchers rated papers they had read, and their own papers are known. The loss is theirs:
of all pairs of papers one person rated differently, each as heavy as the ratings differ, the share put in the wrong
order; half where the likeness is equal.
"""

from __future__ import annotations

import csv
import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.result import Result
from challenge.optimise.embedding import installed, load
from challenge.optimise.similarity import index

Likeness = NDArray[np.float32]
BY_TERMS, BY_MEANING = 0.27, 0.22
BETWEEN = "\n\n"
PAPERS = 10  # columns of the ratings


@dataclass(frozen=True, slots=True)
class Gold:
    """``rated``: for each person (paper, rating) as positions in ``papers``; ``own``: their own papers' texts."""

    papers: list[str]
    own: list[list[str]]
    rated: list[list[tuple[int, float]]]


def read(folder: Path) -> Gold:
    """The set as its authors publish it: ``evaluations.csv``, ``papers``, ``participants``."""
    known = {path.stem: json.loads(path.read_text()) for path in (folder / "papers").glob("*.json")}
    texts = {
        code: " ".join(f"{one.get('title') or ''} {one.get('abstract') or ''}".split()) for code, one in known.items()
    }
    with (folder / "evaluations.csv").open() as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    marks = [
        {row[f"Paper{n}"]: float(row[f"Expertise{n}"]) for n in range(1, PAPERS + 1) if row[f"Expertise{n}"]}
        for row in rows
    ]
    asked = sorted({code for given in marks for code in given if code in texts})
    place = {code: at for at, code in enumerate(asked)}
    own = []
    for row in rows:
        person = json.loads((folder / "participants" / f"{row['ParticipantID']}.json").read_text())
        own.append([texts[one["paperId"]] for one in person["papers"] if one["paperId"] in texts])
    rated = [[(place[code], mark) for code, mark in given.items() if code in place] for given in marks]
    return Gold([texts[code] for code in asked], own, rated)


def loss(gold: Gold, likeness: Likeness) -> float:
    """The weighted share of pairs in the wrong order; ``likeness`` is people × papers."""
    wrong = weight = 0.0
    for person, rated in enumerate(gold.rated):
        for (one, mine), (other, theirs) in itertools.combinations(rated, 2):
            heavy, agree = abs(mine - theirs), (likeness[person, one] - likeness[person, other]) * (mine - theirs)
            weight += heavy
            wrong += heavy * (0.5 if agree == 0 else float(agree < 0))
    return wrong / weight


def measure(folder: Path) -> Iterator[Result]:
    """The default, as jurors are compared with proposals; and the optional model, where its weights are installed."""
    gold = read(folder)
    found = loss(gold, index(gold.papers).matrix([BETWEEN.join(texts) for texts in gold.own]))
    said = f"P10 likeness of {len(gold.own)} people and {len(gold.papers)} papers they rated: loss"
    yield Result("similarity", f"{said} by terms", f"{found:.3f}", f"≤ {BY_TERMS}", holds=found <= BY_TERMS,
                 raw={"loss": found})  # fmt: skip
    if (weights := installed()) is None:
        return
    encoder = load(weights)
    began = time.perf_counter()
    likeness = encoder.matrix([BETWEEN.join(texts) for texts in gold.own], gold.papers)
    seconds = time.perf_counter() - began
    found = loss(gold, likeness)
    yield Result("similarity", f"{said} by meaning", f"{found:.3f}", f"≤ {BY_MEANING}", holds=found <= BY_MEANING,
                 against=f"{seconds:.0f} s for all vectors", raw={"loss": found, "seconds": seconds})  # fmt: skip
