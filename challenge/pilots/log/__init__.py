"""What a pilot's people agree on when they meet, who does it by when, and what its mentor notes."""
