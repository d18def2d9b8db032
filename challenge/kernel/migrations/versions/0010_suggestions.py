"""Suggestions of who reads what; lists of proposals by state"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade() -> None:
    op.create_table('suggestion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('gate', sa.Enum('idea', 'pilot_proposal', 'full_proposal', name='gate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'ready', 'impossible', 'failed', name='suggestionstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('inputs', JSON, nullable=False),
    sa.Column('result', JSON, nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(finished_at IS NULL) = (state = 'waiting')", name=op.f('ck_suggestion_finished_unless_waiting')),
    sa.CheckConstraint("claimed_until IS NULL OR state = 'waiting'", name=op.f('ck_suggestion_claimed_while_waiting')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_suggestion_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_suggestion_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suggestion')),
    sa.UniqueConstraint('code', name=op.f('uq_suggestion_code'))
    )
    op.create_index(op.f('ix_suggestion_round_id'), 'suggestion', ['round_id'], unique=False)
    op.create_index('ix_proposal_round_state_title', 'proposal', ['round_id', 'state', 'title_key'], unique=False)


def downgrade() -> None:
    op.drop_index('ix_proposal_round_state_title', table_name='proposal')
    op.drop_index(op.f('ix_suggestion_round_id'), table_name='suggestion')
    op.drop_table('suggestion')
