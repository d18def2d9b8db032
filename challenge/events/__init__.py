"""Events of a round: webinars, trainings, workshops, the matchmaking day; who comes to them, and calendars."""
