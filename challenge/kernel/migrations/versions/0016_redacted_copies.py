"""Copies without names, for double-blind review"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade() -> None:
    op.create_table('redacted_copy',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('revision_number', sa.Integer(), nullable=False),
    sa.Column('words', JSON, nullable=False),
    sa.Column('spared', JSON, nullable=False),
    sa.Column('files', JSON, nullable=False),
    sa.Column('content', JSON, nullable=False),
    sa.Column('title', sa.String(800), nullable=False),
    sa.Column('marked', sa.Integer(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(confirmed_at IS NULL) = (confirmed_by_id IS NULL)", name=op.f('ck_redacted_copy_confirmed_by_somebody')),
    sa.CheckConstraint("confirmed_at IS NULL OR title <> ''", name=op.f('ck_redacted_copy_confirmed_has_title')),
    sa.CheckConstraint("marked >= 0", name=op.f('ck_redacted_copy_marked_not_negative')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['person.id'], name=op.f('fk_redacted_copy_confirmed_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_redacted_copy_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_redacted_copy_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_redacted_copy')),
    sa.UniqueConstraint('code', name=op.f('uq_redacted_copy_code')),
    sa.UniqueConstraint('proposal_id', 'revision_number', name=op.f('uq_redacted_copy_proposal_id_revision_number'))
    )
    op.create_index(op.f('ix_redacted_copy_proposal_id'), 'redacted_copy', ['proposal_id'], unique=False)
    op.create_index(op.f('ix_redacted_copy_round_id'), 'redacted_copy', ['round_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_redacted_copy_round_id'), table_name='redacted_copy')
    op.drop_index(op.f('ix_redacted_copy_proposal_id'), table_name='redacted_copy')
    op.drop_table('redacted_copy')
