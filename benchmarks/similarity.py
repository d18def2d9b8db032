"""How alike texts are: the index of ten thousand documents, and one question to it (performance.md P10)."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np

from benchmarks import expertise
from benchmarks.ranks import median, percentile
from benchmarks.result import Plan, Result
from challenge.optimise.embedding import installed, load
from challenge.optimise.similarity import index

INDEX_SECONDS, QUERY_SECONDS = 1.0, 0.001
WORDS, VOCABULARY, QUESTION = 200, 20_000, 40  # of a document, of all, of a question
PUBLISHED, PUBLISHED_TO = (0.0677, 0.0635, 0.0487, 0.0793), 1e-4  # the first numbers on the card of the model
SYLLABLES = [a + b for a in "bdfghjklmnprstv" for b in "aeiouõäöü"]


def measure(plan: Plan) -> Iterator[Result]:
    """Documents whose words are as frequent as those of a language (Zipf)."""
    count = plan.of(10_000, 500)
    documents = texts(count, WORDS, seed=1)
    began = time.perf_counter()
    made = index(documents)
    took = time.perf_counter() - began
    yield Result(
        "similarity", f"P10 index of {count:,} documents of {WORDS} words", f"{took:.2f} s", f"≤ {INDEX_SECONDS} s",
        holds=took <= INDEX_SECONDS, raw={"seconds": took},
    )  # fmt: skip
    for words in (QUESTION, WORDS):
        times = []
        for question in texts(plan.of(200, 20), words, seed=2):
            began = time.perf_counter()
            made.query(question)
            times.append(time.perf_counter() - began)
        middle, slow = median(times), percentile(times, 0.95)
        yield Result(
            "similarity", f"P10 a question of {words} words to them", f"{middle * 1000:.2f} ms",
            f"≤ {QUERY_SECONDS * 1000:.0f} ms", holds=middle <= QUERY_SECONDS, against=f"p95 {slow * 1000:.2f} ms",
            raw={"seconds": middle, "p95": slow},
        )  # fmt: skip

    yield from _meaning(plan)
    if plan.gold:
        yield from expertise.measure(plan.gold)


def _meaning(plan: Plan) -> Iterator[Result]:
    """The optional model: one text, and whether two sentences of its authors get the vector they published."""
    folder = installed()
    if folder is None:
        return
    encoder = load(folder)
    text = texts(1, WORDS, seed=3)[0]
    times = []
    for _turn in range(plan.of(20, 3)):
        began = time.perf_counter()
        encoder.embed([text])
        times.append(time.perf_counter() - began)
    off = float(np.abs(encoder.embed(["This is an example sentence"])[0, : len(PUBLISHED)] - PUBLISHED).max())
    yield Result(
        "similarity", f"P10 MiniLM, a text of {WORDS} words", f"{median(times) * 1000:.0f} ms", "as published",
        holds=off < PUBLISHED_TO, against=f"{off:.0e} from the published vector", raw={"seconds": median(times)},
    )  # fmt: skip


def texts(count: int, words: int, seed: int) -> list[str]:
    """Texts of so many words, the same for the same seed."""
    vocabulary = np.array([_word(number) for number in range(VOCABULARY)])
    share = 1 / np.arange(1, VOCABULARY + 1)
    draw = np.random.default_rng(seed)
    drawn = vocabulary[draw.choice(VOCABULARY, (count, words), p=share / share.sum())]
    return [" ".join(row) for row in drawn]


def _word(number: int) -> str:
    """A different word for each number, of two to four syllables."""
    parts: list[str] = []
    while number or len(parts) <= 1:
        number, at = divmod(number, len(SYLLABLES))
        parts.append(SYLLABLES[at])
    return "".join(parts)
