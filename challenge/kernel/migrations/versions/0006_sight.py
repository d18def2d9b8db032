"""Who saw what: reads of review identity"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

TABLES = ("sight", "sight_of")


def upgrade() -> None:
    op.create_table('sight',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reader_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(32), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['reader_id'], ['person.id'], name=op.f('fk_sight_reader_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sight'))
    )
    op.create_index(op.f('ix_sight_round_code'), 'sight', ['round_code'], unique=False)
    op.create_table('sight_of',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('sight_id', sa.Integer(), nullable=False),
    sa.Column('subject_code', sa.String(8), nullable=False),
    sa.ForeignKeyConstraint(['sight_id'], ['sight.id'], name=op.f('fk_sight_of_sight_id_sight'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sight_of'))
    )
    op.create_index(op.f('ix_sight_of_sight_id'), 'sight_of', ['sight_id'], unique=False)
    op.create_index(op.f('ix_sight_of_subject_code'), 'sight_of', ['subject_code'], unique=False)
    for table in TABLES:
        for statement in _append_only(table):
            op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
        if op.get_bind().dialect.name == "postgresql":
            for act in ("update", "delete", "truncate"):
                op.execute(f"DROP FUNCTION {table}_no_{act}()")


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
