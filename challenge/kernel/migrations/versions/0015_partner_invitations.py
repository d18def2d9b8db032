"""Invitations of cities to proposals; who could work with whom"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade() -> None:
    op.create_table('partner_invitation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('city_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('lead', 'pilot', 'follower', name='cityrole', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('message', sa.String(2000), nullable=False),
    sa.Column('state', sa.Enum('asked', 'accepted', 'declined', 'taken_back', 'lapsed', name='invitationstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('answer_by', sa.DateTime(timezone=True), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(2000), nullable=False),
    sa.CheckConstraint("(state IN ('accepted', 'declined')) = (answered_at IS NOT NULL)", name=op.f('ck_partner_invitation_answered_at')),
    sa.CheckConstraint("(answered_at IS NULL) = (answered_by_id IS NULL)", name=op.f('ck_partner_invitation_answered_by')),
    sa.CheckConstraint("state <> 'declined' OR reason <> ''", name=op.f('ck_partner_invitation_declined_has_reason')),
    sa.CheckConstraint("message <> ''", name=op.f('ck_partner_invitation_has_message')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_partner_invitation_answered_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_partner_invitation_asked_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['city_id'], ['organisation.id'], name=op.f('fk_partner_invitation_city_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_partner_invitation_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_partner_invitation_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_invitation')),
    sa.UniqueConstraint('code', name=op.f('uq_partner_invitation_code'))
    )
    op.create_index(op.f('ix_partner_invitation_city_id'), 'partner_invitation', ['city_id'], unique=False)
    op.create_index(op.f('ix_partner_invitation_proposal_id'), 'partner_invitation', ['proposal_id'], unique=False)
    op.create_index('uq_partner_invitation_waits', 'partner_invitation', ['proposal_id', 'city_id'], unique=True,
                    sqlite_where=sa.text("state = 'asked'"), postgresql_where=sa.text("state = 'asked'"))

    op.create_table('matching',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'ready', 'failed', name='matchingstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('inputs', JSON, nullable=False),
    sa.Column('result', JSON, nullable=False),
    sa.Column('claimed_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(finished_at IS NULL) = (state = 'waiting')", name=op.f('ck_matching_finished_unless_waiting')),
    sa.CheckConstraint("claimed_until IS NULL OR state = 'waiting'", name=op.f('ck_matching_claimed_while_waiting')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_matching_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_matching_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_matching')),
    sa.UniqueConstraint('code', name=op.f('uq_matching_code'))
    )
    op.create_index(op.f('ix_matching_round_id'), 'matching', ['round_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_matching_round_id'), table_name='matching')
    op.drop_table('matching')
    op.drop_index('uq_partner_invitation_waits', table_name='partner_invitation')
    op.drop_index(op.f('ix_partner_invitation_proposal_id'), table_name='partner_invitation')
    op.drop_index(op.f('ix_partner_invitation_city_id'), table_name='partner_invitation')
    op.drop_table('partner_invitation')
