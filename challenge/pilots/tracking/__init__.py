"""How a pilot is doing: measurements over time, risks and issues, and the health computed from all of it."""
