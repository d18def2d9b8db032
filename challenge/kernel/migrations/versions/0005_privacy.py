"""Legal holds and the list of who was erased"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('erasure',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_code', sa.String(8), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure')),
    sa.UniqueConstraint('person_code', name=op.f('uq_erasure_person_code'))
    )
    op.create_table('legal_hold',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(1000), nullable=False),
    sa.Column('set_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('set_by', sa.Integer(), nullable=True),
    sa.Column('lift_reason', sa.String(1000), nullable=False),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lifted_by', sa.Integer(), nullable=True),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_legal_hold_has_reason')),
    sa.CheckConstraint("(lifted_at IS NULL) = (lift_reason = '')", name=op.f('ck_legal_hold_lifted_with_reason')),
    sa.ForeignKeyConstraint(['lifted_by'], ['person.id'], name=op.f('fk_legal_hold_lifted_by_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_legal_hold_person_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['set_by'], ['person.id'], name=op.f('fk_legal_hold_set_by_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_hold')),
    sa.UniqueConstraint('code', name=op.f('uq_legal_hold_code'))
    )
    op.create_index(op.f('ix_legal_hold_person_id'), 'legal_hold', ['person_id'], unique=False)
    op.create_index('uq_legal_hold_standing', 'legal_hold', ['person_id'], unique=True, sqlite_where=sa.text('lifted_at IS NULL'), postgresql_where=sa.text('lifted_at IS NULL'))


def downgrade() -> None:
    op.drop_index('uq_legal_hold_standing', table_name='legal_hold', sqlite_where=sa.text('lifted_at IS NULL'), postgresql_where=sa.text('lifted_at IS NULL'))
    op.drop_index(op.f('ix_legal_hold_person_id'), table_name='legal_hold')
    op.drop_table('legal_hold')
    op.drop_table('erasure')
