"""What is decided: outcomes, approvals, the announcement, appeals."""
