"""Standing in for the lead of an organisation while they are away: from one day to another, or until it is ended."""
