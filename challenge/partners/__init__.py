"""Partner finder: which cities fit a proposal and why, and the invitation a city accepts or declines."""
