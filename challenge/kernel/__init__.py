"""What two or more packages need and what knows no domain word: work, workflow, journal, database."""
