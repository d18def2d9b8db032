"""Scenarios with their selections and remarks"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
KEPT = ("selection", "scenario_remark")


def upgrade() -> None:
    op.create_table('scenario',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(80), nullable=False),
    sa.Column('changes', JSON, nullable=False),
    sa.Column('state', sa.Enum('waiting', 'ready', 'impossible', 'failed', name='scenariostate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('clash', JSON, nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('adopted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('adopted_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("name <> ''", name=op.f('ck_scenario_has_name')),
    sa.CheckConstraint("(finished_at IS NULL) = (state = 'waiting')", name=op.f('ck_scenario_finished_unless_waiting')),
    sa.CheckConstraint("claimed_until IS NULL OR state = 'waiting'", name=op.f('ck_scenario_claimed_while_waiting')),
    sa.CheckConstraint("adopted_at IS NULL OR state = 'ready'", name=op.f('ck_scenario_adopted_when_ready')),
    sa.CheckConstraint('(adopted_at IS NULL) = (adopted_by IS NULL)', name=op.f('ck_scenario_adopted_at_with_by')),
    sa.ForeignKeyConstraint(['adopted_by'], ['person.id'], name=op.f('fk_scenario_adopted_by_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_scenario_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_scenario_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scenario')),
    sa.UniqueConstraint('code', name=op.f('uq_scenario_code'))
    )
    op.create_index(op.f('ix_scenario_round_id'), 'scenario', ['round_id'], unique=False)
    op.create_index('uq_scenario_adopted', 'scenario', ['round_id'], unique=True,
                    sqlite_where=sa.text('adopted_at IS NOT NULL'), postgresql_where=sa.text('adopted_at IS NOT NULL'))
    op.create_table('selection',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('scenario_id', sa.Integer(), nullable=False),
    sa.Column('inputs', JSON, nullable=False),
    sa.Column('inputs_hash', sa.String(64), nullable=False),
    sa.Column('constraints', JSON, nullable=False),
    sa.Column('solver', sa.String(32), nullable=False),
    sa.Column('solver_version', sa.String(32), nullable=False),
    sa.Column('objective', sa.BigInteger(), nullable=False),
    sa.Column('bound', sa.BigInteger(), nullable=False),
    sa.Column('chosen', JSON, nullable=False),
    sa.Column('reserve', JSON, nullable=False),
    sa.Column('reasons', JSON, nullable=False),
    sa.CheckConstraint('objective >= 0 AND bound >= objective', name=op.f('ck_selection_bound_over_objective')),
    sa.CheckConstraint("inputs_hash <> ''", name=op.f('ck_selection_has_inputs_hash')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_selection_round_id_round'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['scenario_id'], ['scenario.id'], name=op.f('fk_selection_scenario_id_scenario'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_selection')),
    sa.UniqueConstraint('code', name=op.f('uq_selection_code')),
    sa.UniqueConstraint('scenario_id', name=op.f('uq_selection_scenario_id'))
    )
    op.create_index(op.f('ix_selection_round_id'), 'selection', ['round_id'], unique=False)
    op.create_table('scenario_remark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scenario_id', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.String(2000), nullable=False),
    sa.CheckConstraint("text <> ''", name=op.f('ck_scenario_remark_has_text')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_scenario_remark_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['scenario_id'], ['scenario.id'], name=op.f('fk_scenario_remark_scenario_id_scenario'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scenario_remark'))
    )
    op.create_index(op.f('ix_scenario_remark_scenario_id'), 'scenario_remark', ['scenario_id'], unique=False)
    for table in KEPT:
        for statement in _append_only(table):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(KEPT):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            for act in ("update", "delete", "truncate"):
                op.execute(f"DROP FUNCTION {table}_no_{act}()")
    op.drop_table('scenario')


def _append_only(table: str) -> Iterator[str]:
    refuse = f"{table} is append-only"
    if op.get_bind().dialect.name == "sqlite":
        for act in ("update", "delete"):
            yield (f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                   f"BEGIN SELECT RAISE(ABORT, '{refuse}'); END")
        return
    for act, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
        name = f"{table}_no_{act}"
        yield (f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
               f"$$ BEGIN RAISE EXCEPTION '{refuse}' USING ERRCODE = 'integrity_constraint_violation'; END $$")
        yield f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"
