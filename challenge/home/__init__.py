"""The front page, each person's home page, the journal, the pages of words, and what machines ask."""
