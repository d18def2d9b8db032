"""The ranking is kept at each announcement; letters keep a fingerprint"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
TABLE = "kept_ranking"


def upgrade() -> None:
    op.create_table(TABLE,
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('release_id', sa.Integer(), nullable=False),
    sa.Column('gate', sa.Enum('idea', 'pilot_proposal', 'full_proposal', name='gate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('inputs', JSON, nullable=False),
    sa.Column('inputs_hash', sa.String(64), nullable=False),
    sa.Column('places', JSON, nullable=False),
    sa.CheckConstraint("inputs_hash <> ''", name=op.f('ck_kept_ranking_has_inputs_hash')),
    sa.ForeignKeyConstraint(['release_id'], ['result_release.id'], name=op.f('fk_kept_ranking_release_id_result_release'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_kept_ranking_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kept_ranking')),
    sa.UniqueConstraint('release_id', name=op.f('uq_kept_ranking_release_id'))
    )
    op.create_index(op.f('ix_kept_ranking_round_id'), TABLE, ['round_id'], unique=False)
    for statement in _append_only(TABLE):
        op.execute(statement)
    op.add_column('letter', sa.Column('fingerprint', sa.String(64), nullable=True))


def downgrade() -> None:
    op.drop_column('letter', 'fingerprint')
    op.drop_table(TABLE)
    if op.get_bind().dialect.name == "postgresql":
        for act in ("update", "delete", "truncate"):
            op.execute(f"DROP FUNCTION {TABLE}_no_{act}()")


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
