"""The item everybody on a panel marks first"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade() -> None:
    op.create_table('common_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('gate', sa.Enum('idea', 'pilot_proposal', 'full_proposal', name='gate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('words', JSON, nullable=False),
    sa.Column('content', JSON, nullable=False),
    sa.Column('title', sa.String(800), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('shown_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("shown_at IS NULL OR opened_at IS NOT NULL", name=op.f('ck_common_item_shown_was_opened')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_common_item_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_common_item_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_common_item_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_common_item')),
    sa.UniqueConstraint('code', name=op.f('uq_common_item_code'))
    )
    op.create_index(op.f('ix_common_item_proposal_id'), 'common_item', ['proposal_id'], unique=False)
    op.create_index(op.f('ix_common_item_round_id'), 'common_item', ['round_id'], unique=False)
    op.create_index('uq_common_item_live', 'common_item', ['round_id', 'gate'], unique=True,
                    sqlite_where=sa.text('dropped_at IS NULL'), postgresql_where=sa.text('dropped_at IS NULL'))

    op.create_table('common_review',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('juror_id', sa.Integer(), nullable=False),
    sa.Column('marks', JSON, nullable=False),
    sa.Column('comment', sa.String(8000), nullable=False),
    sa.Column('confidence', sa.Integer(), nullable=True),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['item_id'], ['common_item.id'], name=op.f('fk_common_review_item_id_common_item'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['juror_id'], ['juror.id'], name=op.f('fk_common_review_juror_id_juror'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_common_review')),
    sa.UniqueConstraint('code', name=op.f('uq_common_review_code')),
    sa.UniqueConstraint('item_id', 'juror_id', name=op.f('uq_common_review_item_id_juror_id'))
    )
    op.create_index(op.f('ix_common_review_juror_id'), 'common_review', ['juror_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_common_review_juror_id'), table_name='common_review')
    op.drop_table('common_review')
    op.drop_index('uq_common_item_live', table_name='common_item')
    op.drop_index(op.f('ix_common_item_round_id'), table_name='common_item')
    op.drop_index(op.f('ix_common_item_proposal_id'), table_name='common_item')
    op.drop_table('common_item')
