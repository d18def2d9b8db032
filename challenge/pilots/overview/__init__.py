"""All pilots of the rounds one runs or observes: health, what is over, time, indicators."""
