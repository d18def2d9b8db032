"""A city's challenge, from draft to pilot."""
