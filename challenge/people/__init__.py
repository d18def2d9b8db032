"""People, organisations, what they hold, and how they sign in."""
