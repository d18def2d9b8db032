"""An answer to challenges: it grows from idea to full proposal, with its team and cities."""
