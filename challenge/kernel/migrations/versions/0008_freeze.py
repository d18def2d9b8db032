"""Parts of the service that are closed for a while"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('freeze',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('scope', sa.Enum('reviews', 'sign-in', 'submissions', 'all', name='freezescope', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('reason', sa.String(300), nullable=False),
    sa.Column('since', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('until IS NULL OR until > since', name=op.f('ck_freeze_until_later')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_freeze')),
    sa.UniqueConstraint('scope', name=op.f('uq_freeze_scope'))
    )


def downgrade() -> None:
    op.drop_table('freeze')
