"""The item everybody on a panel marks first, so that a mark means the same to all. It counts for nothing."""
