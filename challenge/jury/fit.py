"""What jurors and proposals say of themselves, and how much each part of their fit counts."""

from __future__ import annotations

from dataclasses import dataclass

# How much each part counts; a decision of ours, said on the page and in docs/deciding.md
THEME, TEXT, LANGUAGE = 0.5, 0.3, 0.2


@dataclass(frozen=True, slots=True)
class Said:
    """What a juror or a proposal says: keys of themes, words, and the languages a juror reviews in."""

    themes: frozenset[str]
    words: str
    languages: frozenset[str] = frozenset()
