"""What a panel says together: the discussion, the consensus, the applicants' reaction to the comments, the minutes."""
