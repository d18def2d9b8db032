"""What jurors and proposals say of themselves, and how much each part of their fit counts."""

from __future__ import annotations

from dataclasses import dataclass

THEME, TEXT = 0.6, 0.4  # how much each part counts; a decision of ours, said on the page and in docs/deciding.md


@dataclass(frozen=True, slots=True)
class Said:
    """What a juror or a proposal says: keys of themes, and words."""

    themes: frozenset[str]
    words: str
