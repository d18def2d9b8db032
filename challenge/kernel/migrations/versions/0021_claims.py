"""Claims of partners; change requests"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def _category(name: str) -> sa.Enum:
    return sa.Enum('staff', 'equipment', 'services', 'travel', 'other', name=name, native_enum=False, create_constraint=True, length=32)


def upgrade() -> None:
    op.create_table('change_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('kind', sa.Enum('dates', 'money', 'scope', 'members', name='changekind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('state', sa.Enum('asked', 'granted', 'refused', 'withdrawn', name='changestate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('reason', sa.String(2000), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('scope', sa.String(4000), nullable=False),
    sa.Column('goes_id', sa.Integer(), nullable=True),
    sa.Column('comes_id', sa.Integer(), nullable=True),
    sa.Column('role', sa.Enum('lead', 'pilot', 'follower', name='cityrole', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('from_id', sa.Integer(), nullable=True),
    sa.Column('from_category', _category('from_category'), nullable=True),
    sa.Column('to_id', sa.Integer(), nullable=True),
    sa.Column('to_category', _category('to_category'), nullable=True),
    sa.Column('cents', sa.BigInteger(), nullable=True),
    sa.Column('by_two', sa.Boolean(), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=False),
    sa.Column('answer', sa.String(2000), nullable=False),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state IN ('granted', 'refused')) = (decided_at IS NOT NULL)", name=op.f('ck_change_request_decided_at')),
    sa.CheckConstraint("kind <> 'dates' OR ends_on IS NOT NULL", name=op.f('ck_change_request_dates_say_when')),
    sa.CheckConstraint("kind <> 'members' OR goes_id IS NOT NULL OR comes_id IS NOT NULL", name=op.f('ck_change_request_members_say_who')),
    sa.CheckConstraint("kind <> 'money' OR (cents IS NOT NULL AND from_id IS NOT NULL AND from_category IS NOT NULL AND to_id IS NOT NULL AND to_category IS NOT NULL)", name=op.f('ck_change_request_money_says_lines')),
    sa.CheckConstraint("kind <> 'scope' OR scope <> ''", name=op.f('ck_change_request_scope_says_what')),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_change_request_has_reason')),
    sa.CheckConstraint("state <> 'refused' OR answer <> ''", name=op.f('ck_change_request_refused_says_why')),
    sa.CheckConstraint('cents IS NULL OR cents > 0', name=op.f('ck_change_request_cents_positive')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['person.id'], name=op.f('fk_change_request_asked_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['comes_id'], ['organisation.id'], name=op.f('fk_change_request_comes_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['from_id'], ['organisation.id'], name=op.f('fk_change_request_from_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['goes_id'], ['organisation.id'], name=op.f('fk_change_request_goes_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_change_request_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_change_request_round_id_round'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['to_id'], ['organisation.id'], name=op.f('fk_change_request_to_id_organisation'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_change_request')),
    sa.UniqueConstraint('code', name=op.f('uq_change_request_code'))
    )
    op.create_index(op.f('ix_change_request_pilot_id'), 'change_request', ['pilot_id'], unique=False)
    op.create_index('uq_change_request_open', 'change_request', ['pilot_id', 'kind'], unique=True, sqlite_where=sa.text("state = 'asked'"), postgresql_where=sa.text("state = 'asked'"))
    op.create_table('claim',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'submitted', 'returned', 'accepted', 'withdrawn', name='claimstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('answers', JSON, nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('category', _category('budgetcategory'), nullable=True),
    sa.Column('cents', sa.BigInteger(), nullable=True),
    sa.Column('currency', sa.String(3), nullable=False),
    sa.Column('minor', sa.BigInteger(), nullable=True),
    sa.Column('rate', sa.Numeric(precision=14, scale=6), nullable=True),
    sa.Column('rate_on', sa.Date(), nullable=True),
    sa.Column('rate_source', sa.String(200), nullable=False),
    sa.Column('points', sa.String(4000), nullable=False),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("currency = 'EUR' OR (rate IS NOT NULL AND rate_on IS NOT NULL AND rate_source <> '')", name=op.f('ck_claim_foreign_has_rate')),
    sa.CheckConstraint("state <> 'returned' OR points <> ''", name=op.f('ck_claim_returned_has_points')),
    sa.CheckConstraint("state IN ('draft', 'withdrawn') OR (cents IS NOT NULL AND category IS NOT NULL)", name=op.f('ck_claim_submitted_has_amount')),
    sa.CheckConstraint('cents IS NULL OR cents > 0', name=op.f('ck_claim_cents_positive')),
    sa.CheckConstraint('rate IS NULL OR rate > 0', name=op.f('ck_claim_rate_positive')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_claim_organisation_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_claim_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_claim_round_id_round'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['submitted_by_id'], ['person.id'], name=op.f('fk_claim_submitted_by_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claim')),
    sa.UniqueConstraint('code', name=op.f('uq_claim_code'))
    )
    op.create_index(op.f('ix_claim_organisation_id'), 'claim', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_claim_pilot_id'), 'claim', ['pilot_id'], unique=False)


def downgrade() -> None:
    op.drop_table('claim')
    op.drop_table('change_request')
