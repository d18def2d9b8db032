"""Double-blind review: what jurors read instead of a proposal with its names."""
