"""The migrations lead from nothing to exactly the models, and back."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect

from challenge.kernel import migrate, schema
from challenge.kernel.record import metadata
from challenge.kernel.triggers import existing, registered


@pytest.fixture
def migrated(database):
    """The test's database is made by the migrations (tests/conftest.py)."""
    schema.load_models()
    return database


def test_they_lead_to_the_models(migrated):
    with migrated.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_every_check_of_the_models_is_in_the_database(migrated):
    inspector = inspect(migrated.engine)
    for table in metadata.sorted_tables:
        wanted = {str(c.name) for c in table.constraints if isinstance(c, CheckConstraint)}
        wanted = {name if name.startswith("ck_") else f"ck_{table.name}_{name}" for name in wanted}
        assert {row["name"] for row in inspector.get_check_constraints(table.name)} == wanted


def test_every_trigger_of_the_models_is_in_the_database(migrated):
    dialect = "sqlite" if migrated.is_sqlite else "postgresql"
    with migrated.engine.connect() as connection:
        assert existing(connection) == {trigger.name for trigger in registered() if getattr(trigger, dialect)}


def test_they_go_down_to_nothing_and_up_again(migrated):
    migrate.downgrade(migrated, "base")
    assert set(inspect(migrated.engine).get_table_names()) == {"alembic_version"}
    migrate.upgrade(migrated)
    assert migrate.is_current(migrated)
