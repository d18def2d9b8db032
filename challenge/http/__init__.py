"""Web plumbing without domain words: one request, one unit of work, one page."""
