"""Files are examined a few at a time, and who waits for that holds no thread: the others go on reading meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Depends, Request

from challenge.kernel.errors import Busy
from challenge.kernel.sandbox import AT_ONCE

MOST_WAITING = 20  # each waits with its file in memory


@dataclass(slots=True)
class Turns:
    """Lives in the event loop's thread."""

    free: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))
    waiting: int = 0


async def turn(request: Request) -> AsyncIterator[None]:
    """Wait until one may have a file examined. Raises Busy when too many wait."""
    turns: Turns = request.app.state.turns
    if turns.waiting >= MOST_WAITING:
        raise Busy
    turns.waiting += 1
    try:
        await turns.free.acquire()
    finally:
        turns.waiting -= 1
    try:
        yield
    finally:
        turns.free.release()


# Named after ``Sent`` in a signature: the body is there before the turn comes.
Turn = Annotated[None, Depends(turn, scope="function")]
