"""A turn of the ticker, as the service takes it."""

from challenge.jobs import ticker


def tick(world):
    """Everything that is due is done, told and mailed."""
    ticker.tick(world.database, world.settings, world.clock)
