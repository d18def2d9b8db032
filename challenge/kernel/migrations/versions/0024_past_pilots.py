"""Under which key past pilots were imported"""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('past_pilot',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(60), nullable=False),
    sa.Column('digest', sa.String(64), nullable=False),
    sa.CheckConstraint("key <> ''", name=op.f('ck_past_pilot_has_key')),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_past_pilot_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_past_pilot')),
    sa.UniqueConstraint('key', name=op.f('uq_past_pilot_key')),
    sa.UniqueConstraint('pilot_id', name=op.f('uq_past_pilot_pilot_id'))
    )


def downgrade() -> None:
    op.drop_table('past_pilot')
