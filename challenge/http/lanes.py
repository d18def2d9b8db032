"""How many requests are worked on at a time, with a lane that is kept for submitting."""

from __future__ import annotations

from dataclasses import dataclass

UNCOUNTED = ("/static/", "/healthz")  # answered from memory


def is_submit(path: str) -> bool:
    """Whether something is handed in here against a deadline: never turned away for lack of room."""
    return path.rsplit("/", 1)[-1].startswith("submit")


@dataclass(slots=True)
class Lanes:
    """Lives in the event loop's thread. ``most`` for all, ``reserved`` more for who submits."""

    most: int = 200
    reserved: int = 50
    busy: int = 0

    def enter(self, path: str) -> bool:
        """Take a place; False when there is none."""
        if self.busy >= self.most + (self.reserved if is_submit(path) else 0):
            return False
        self.busy += 1
        return True

    def leave(self) -> None:
        """Give the place back."""
        self.busy -= 1
