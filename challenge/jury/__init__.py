"""Who judges what, without conflict: jurors, conflicts, reviews, ranking."""
