"""Calibrations of a gate; rank bands for applicants"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade() -> None:
    op.create_table('calibration',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('gate', sa.Enum('idea', 'pilot_proposal', 'full_proposal', name='gate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'ready', 'failed', name='calibrationstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('mark', sa.String(64), nullable=False),
    sa.Column('inputs_hash', sa.String(64), nullable=True),
    sa.Column('inputs', JSON, nullable=False),
    sa.Column('result', JSON, nullable=False),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.Column('versions', JSON, nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(finished_at IS NULL) = (state = 'waiting')", name=op.f('ck_calibration_finished_unless_waiting')),
    sa.CheckConstraint("claimed_until IS NULL OR state = 'waiting'", name=op.f('ck_calibration_claimed_while_waiting')),
    sa.CheckConstraint("(inputs_hash IS NOT NULL) = (state = 'ready')", name=op.f('ck_calibration_ready_names_inputs')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_calibration_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calibration')),
    sa.UniqueConstraint('code', name=op.f('uq_calibration_code'))
    )
    op.create_index(op.f('ix_calibration_round_id'), 'calibration', ['round_id'], unique=False)
    op.create_index('uq_calibration_waiting', 'calibration', ['round_id', 'gate'], unique=True, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
    op.create_table('rank_band',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('gate', sa.Enum('idea', 'pilot_proposal', 'full_proposal', name='gate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('quarter', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('quarter BETWEEN 1 AND 4', name=op.f('ck_rank_band_quarter_one_to_four')),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_rank_band_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rank_band')),
    sa.UniqueConstraint('proposal_id', 'gate', name=op.f('uq_rank_band_proposal_id_gate'))
    )


def downgrade() -> None:
    op.drop_table('rank_band')
    op.drop_index('uq_calibration_waiting', table_name='calibration')
    op.drop_index(op.f('ix_calibration_round_id'), table_name='calibration')
    op.drop_table('calibration')
