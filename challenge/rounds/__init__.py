"""A run of the programme: its rules, windows, deadlines and news."""
