"""How alike texts are: TF-IDF and the cosine, over sparse arrays of our own.

A term weighs 1 + ln(how often it stands in the text), times ln((1 + documents) / documents with it); a document is a
vector of length 1 (Salton and Buckley 1988, *Term-weighting approaches in automatic text retrieval*; Manning, Raghavan
and Schütze 2008, *Introduction to Information Retrieval*, ch. 6). Documents are kept by term, so that a question only
looks at those it shares a term with; terms that many documents have are kept as full rows, which adds up faster.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from challenge.optimise.words import stem, words

Singles = NDArray[np.float32]
Ints = NDArray[np.int64]

FREQUENT = 1 / 16  # share of the documents from which on a term is kept as a full row


@dataclass(frozen=True, slots=True)
class Hit:
    """A document, by its place in what was indexed, and how alike it is (0 to 1)."""

    document: int
    similarity: float


@dataclass(frozen=True, slots=True)
class Index:
    """Texts made ready to be compared with. ``count`` is how many there are."""

    count: int
    _terms: dict[str, int] = field(repr=False)
    _rarity: list[float] = field(repr=False)  # by term
    _starts: list[int] = field(repr=False)  # by term, where its documents begin; one more at the end
    _documents: NDArray[np.int32] = field(repr=False)
    _weights: Singles = field(repr=False)
    _row: list[int] = field(repr=False)  # by term, its full row or -1
    _rows: Singles = field(repr=False)  # frequent terms × documents

    def similarities(self, text: str) -> Singles:
        """How alike ``text`` is to every document (documents; 0 to 1, 0 where they share no term)."""
        total = np.zeros(self.count, np.float32)
        slices, weights, length = [], [], 0.0
        for word, times in Counter(map(stem, words(text))).items():
            term = self._terms.get(word)
            weight = (1 + math.log(times)) * (math.log1p(self.count) if term is None else self._rarity[term])
            length += weight**2
            if term is None:
                continue
            if self._row[term] >= 0:
                total += np.float32(weight) * self._rows[self._row[term]]
            else:
                slices.append(slice(self._starts[term], self._starts[term + 1]))
                weights.append(weight)
        if slices:
            documents = np.concatenate([self._documents[where] for where in slices])
            each = np.concatenate([self._weights[where] for where in slices])
            each *= np.repeat(np.array(weights, np.float32), [where.stop - where.start for where in slices])
            total += np.bincount(documents, each, self.count).astype(np.float32)
        similar: Singles = np.minimum(total / np.float32(math.sqrt(length) or 1), np.float32(1))
        return similar

    def query(self, text: str, most: int = 10) -> tuple[Hit, ...]:
        """The ``most`` documents most alike to ``text``, best first, equals in their order; none without a term."""
        similarity = self.similarities(text)
        most = min(most, self.count)
        if most <= 0:
            return ()
        worst = np.partition(similarity, -most)[-most]
        found = np.flatnonzero((similarity >= worst) & (similarity > 0))
        ranked = found[np.argsort(-similarity[found], kind="stable")][:most]
        return tuple(Hit(int(document), float(similarity[document])) for document in ranked)

    def matrix(self, texts: Iterable[str]) -> Singles:
        """How alike each of ``texts`` is to every document (texts × documents)."""
        rows = [self.similarities(text) for text in texts]
        return np.array(rows, np.float32).reshape(len(rows), self.count)


def index(texts: Sequence[str]) -> Index:
    """Makes ``texts`` ready; languages may be mixed. A text without a word is like nothing."""
    terms, term, document, times = _counted(texts)
    count = len(texts)
    having = np.bincount(term, minlength=len(terms))
    rarity = np.log((1 + count) / np.maximum(having, 1))
    weight = (1 + np.log(times)) * rarity[term]
    weight /= np.sqrt(np.bincount(document, weight**2, count))[document]
    frequent = np.flatnonzero(having > FREQUENT * count)
    row = np.full(len(terms), -1)
    row[frequent] = np.arange(len(frequent))
    rows = np.zeros((len(frequent), count), np.float32)
    full = row[term] >= 0
    rows[row[term[full]], document[full]] = weight[full]
    return Index(
        count=count,
        _terms=terms,
        _rarity=rarity.tolist(),
        _starts=[0, *np.cumsum(having).tolist()],
        _documents=document.astype(np.int32),
        _weights=weight.astype(np.float32),
        _row=row.tolist(),
        _rows=rows,
    )


class _Pieces(dict[str, int]):
    """Numbers of the pieces between blanks; each different piece is taken apart into terms only once."""

    def __init__(self) -> None:
        super().__init__()
        self.terms: dict[str, int] = {}
        self.parts = array("i")  # terms of one piece after the other
        self.sizes = array("i")

    def __missing__(self, piece: str) -> int:
        found = [self.terms.setdefault(stem(word), len(self.terms)) for word in words(piece)]
        self.parts.extend(found)
        self.sizes.append(len(found))
        number = self[piece] = len(self)
        return number


def _counted(texts: Sequence[str]) -> tuple[dict[str, int], Ints, Ints, Ints]:
    """The numbers of the terms, and how often each stands in each document: term, document, times, by term."""
    pieces, stream, lengths = _Pieces(), array("i"), []
    for text in texts:
        before = len(stream)
        stream.extend(map(pieces.__getitem__, text.split()))
        lengths.append(len(stream) - before)
    read = np.array(stream, np.int64)
    sizes = np.array(pieces.sizes, np.int64)
    starts = np.concatenate([[0], np.cumsum(sizes)])[:-1]
    held = sizes[read] if len(read) else read
    within = np.arange(held.sum()) - np.repeat(np.cumsum(held) - held, held)
    term = np.array(pieces.parts, np.int64)[np.repeat(starts[read] if len(read) else read, held) + within]
    place = np.repeat(np.repeat(np.arange(len(texts)), lengths), held)
    keys, times = np.unique(term * max(len(texts), 1) + place, return_counts=True)
    of, document = np.divmod(keys, max(len(texts), 1))
    return pieces.terms, of, document, times
