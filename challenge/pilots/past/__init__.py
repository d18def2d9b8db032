"""Pilots from before the service, taken in from a table: checked row by row, imported all or not at all."""
