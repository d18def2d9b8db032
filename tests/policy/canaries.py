"""Canaries: values that occur nowhere else, so that whoever is shown one is shown exactly that field of that record."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field

PATTERN = re.compile(r"cx[0-9a-f]{10}zz")


@dataclass(frozen=True)
class Canary:
    """``column`` is where it stands, ``kind`` what the policy calls it, ``about`` the scene's record it belongs to."""

    token: str
    column: str
    kind: str
    about: str

    def __str__(self) -> str:
        return f"{self.kind} · {self.column} · {self.about}"


@dataclass
class Aviary:
    """Every canary that was let loose in a world."""

    by_token: dict[str, Canary] = field(default_factory=dict)

    def __call__(self, kind: str, column: str, about: str) -> str:
        """A new one; the same three words give the same canary."""
        token = f"cx{hashlib.sha256(f'{kind}/{column}/{about}'.encode()).hexdigest()[:10]}zz"
        self.by_token[token] = Canary(token, column, kind, about)
        return token

    def seen_in(self, text: str) -> set[str]:
        """The tokens that stand in a text, however they are spelt."""
        return {token for token in PATTERN.findall(text.lower()) if token in self.by_token}
