"""Who could read what: the best that the rules allow, computed from a snapshot, with its proof or why there is none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from challenge.jury.fit import LANGUAGE, TEXT, THEME, Said
from challenge.optimise.assignment import Infeasible, Quota, assign
from challenge.optimise.embedding import Encoder
from challenge.optimise.similarity import index
from challenge.optimise.words import language

DIGITS = 4  # of a fit as it is used and kept: more would differ between machines
SECONDS = 60.0  # for rules that need a search; then what was found so far, with its bound
NOT_SAID = 0.5  # the language part of a juror who named none
WANTED = 3  # themes named where somebody must be invited
TERMS, MEANING = "terms", "meaning"  # how words were compared
READABLE = frozenset({"", "en"})  # languages the model reads, or that cannot be told
Loads = Callable[[], Encoder | None]  # the model is read only when it is needed


def computed(
    inputs: dict[str, Any], jurors: list[Said], proposals: list[Said], encoder: Loads = lambda: None
) -> tuple[bool, dict[str, Any]]:  # fmt: skip
    """The answer to ``inputs`` (queries.suggestions.inputs): whether there is one, and what is kept of it.

    Pairs name positions in ``inputs``, those that are there already included; ``value`` is the sum of their fits,
    ``bound`` what no assignment can exceed that keeps as many, ``before`` the sum over those that are there now.
    ``words_by``: whether texts were compared by the terms they share or by what they mean.
    """
    people, works = inputs["jurors"], inputs["proposals"]
    found = parts(jurors, proposals, encoder)
    fit = np.round(found.fit, DIGITS)
    fixed, keep = _marked(inputs["fixed"], fit.shape), _marked(inputs["keep"], fit.shape)
    named = _theme_quotas(inputs["per_theme"], proposals, fixed)
    try:
        best = assign(
            fit,
            np.array([one["needs"] for one in works]),
            np.array([one["most"] for one in people]),
            np.array([one["least"] for one in people]),
            forbidden=_marked(inputs["forbidden"], fit.shape),
            fixed=fixed,
            keep=keep,
            quotas=[quota for _theme, quota in named],
            panel_limit=inputs["same_panel"],
            time_limit=SECONDS,
        )
    except Infeasible as why:
        return False, {
            "cause": why.cause, "jurors": list(why.jurors), "proposals": list(why.proposals), "short": why.shortfall,
            "quotas": [{"juror": named[at][1].jurors[0], "theme": named[at][0]} for at in why.quotas],
            "same_panel": why.panel_limit, "wanted": _wanted([proposals[at] for at in why.proposals]),
        }  # fmt: skip
    except TimeoutError:
        return False, {"cause": "time", "jurors": [], "proposals": [], "short": 0, "quotas": [], "same_panel": False,
                       "wanted": _wanted([])}  # fmt: skip
    pairs = [
        {"juror": int(juror), "proposal": int(proposal)}
        | {name: round(float(matrix[juror, proposal]), DIGITS) for name, matrix in found.named(fit).items()}
        for juror, proposal in best.pairs
    ]
    return True, {
        "pairs": pairs,
        "value": round(float(best.value), DIGITS),
        "bound": round(float(best.bound), DIGITS),
        "optimal": bool(best.optimal),
        "before": round(float(fit[fixed | keep].sum()), DIGITS),
        "words_by": found.words_by,
    }


def _marked(pairs: Iterable[Sequence[int]], shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    marks = np.zeros(shape, dtype=bool)
    for juror, proposal in pairs:
        marks[juror, proposal] = True
    return marks


def _theme_quotas(most: int | None, proposals: Sequence[Said], fixed: npt.NDArray[np.bool_]) -> list[tuple[str, Quota]]:
    """For each juror and theme with more proposals than a juror may read of it; begun reviews count, and stay."""
    if most is None:
        return []
    found = []
    for theme in sorted({theme for one in proposals for theme in one.themes}):
        of_theme = [at for at, one in enumerate(proposals) if theme in one.themes]
        if len(of_theme) > most:
            found += [
                (theme, Quota([juror], of_theme, most=max(most, int(fixed[juror, of_theme].sum()))))
                for juror in range(len(fixed))
            ]
    return found


def _wanted(proposals: Sequence[Said]) -> dict[str, list[str]]:
    """What somebody should know who would help: the commonest themes, and the languages of what they would read."""
    themes = Counter(theme for one in proposals for theme in sorted(one.themes))
    languages = {language(one.words) for one in proposals} - {""}
    return {"themes": [theme for theme, _times in themes.most_common(WANTED)], "languages": sorted(languages)}


@dataclass(frozen=True, slots=True)
class Parts:
    """Jurors × proposals: share of the themes known, likeness of the words, whether the language is read."""

    theme: npt.NDArray[np.float64]
    text: npt.NDArray[np.float64]
    language: npt.NDArray[np.float64]
    words_by: str = TERMS

    @property
    def fit(self) -> npt.NDArray[np.float64]:
        """All together, each by its weight."""
        return THEME * self.theme + TEXT * self.text + LANGUAGE * self.language

    def named(self, fit: npt.NDArray[np.float64]) -> dict[str, npt.NDArray[np.float64]]:
        """The parts and the fit by name."""
        return {"theme": self.theme, "text": self.text, "language": self.language, "fit": fit}


def parts(jurors: Sequence[Said], proposals: Sequence[Said], encoder: Loads = lambda: None) -> Parts:
    """The parts of every pair, each between 0 and 1. A proposal without a theme fits everybody alike by theme: 0.

    Words are compared by meaning where there is a model and nothing is in another language than it reads, so that all
    pairs are measured alike; else by the terms they share.
    """
    shape = len(jurors), len(proposals)
    theme = [[_known(juror.themes, proposal.themes) for proposal in proposals] for juror in jurors]
    written = [language(one.words) for one in proposals]
    model = encoder() if READABLE.issuperset((*written, *(language(one.words) for one in jurors))) else None
    own, theirs = [one.words for one in jurors], [one.words for one in proposals]
    alike = index(theirs).matrix(own) if model is None else model.matrix(own, theirs)
    alike = alike * np.array([bool(text.strip()) for text in own]).reshape(-1, 1)  # who says nothing is like nothing
    spoken = [[_spoken(juror.languages, wanted) for wanted in written] for juror in jurors]
    return Parts(
        np.array(theme, dtype=np.float64).reshape(shape), alike.astype(np.float64),
        np.array(spoken, dtype=np.float64).reshape(shape), TERMS if model is None else MEANING,
    )  # fmt: skip


def _known(own: frozenset[str], wanted: frozenset[str]) -> float:
    return len(own & wanted) / len(wanted) if wanted else 0.0


def _spoken(own: frozenset[str], wanted: str) -> float:
    """Where the language cannot be told it fits everybody."""
    if not wanted or wanted in own:
        return 1.0
    return 0.0 if own else NOT_SAID
