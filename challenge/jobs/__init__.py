"""The ticker and the slots it claims: shallow, calling actions."""
