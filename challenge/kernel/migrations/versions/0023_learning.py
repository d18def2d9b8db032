"""What cities that are new can learn from"""

import sqlalchemy as sa
from alembic import op

revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('learning_link',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(160), nullable=False),
    sa.Column('href', sa.String(500), nullable=False),
    sa.Column('language', sa.String(2), nullable=False),
    sa.Column('note', sa.String(500), nullable=False),
    sa.CheckConstraint("place >= 1", name=op.f('ck_learning_link_place_from_one')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_learning_link_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_learning_link')),
    sa.UniqueConstraint('code', name=op.f('uq_learning_link_code'))
    )
    op.create_index(op.f('ix_learning_link_round_id'), 'learning_link', ['round_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_learning_link_round_id'), table_name='learning_link')
    op.drop_table('learning_link')
