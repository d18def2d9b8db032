"""A pilot: member cities, plan, reports, from agreement to completion."""
