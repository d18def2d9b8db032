"""A synthetic programme of any size, written quickly: to measure, and to try pages on many rows. Nobody in it exists.

Rows are inserted through the real schema without the acts that would make them; the journal says *import* for each
record, and its chain verifies. Every window of the round is open, so that every form can be tried.
"""

from challenge.seed.programme import Seeded, fill

__all__ = ["Seeded", "fill"]
