"""The history of the schema (Alembic). Triggers and CHECKs are written by hand: autogenerate does not see them."""
