"""Roles and seats are confirmed once a year or suspended; members stand in for the lead of an organisation"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

ROLES = ('coordinator', 'juror', 'observer', 'administrator')
SEATS = ('lead', 'deputy', 'member')


def upgrade() -> None:
    for table in ('membership', 'role'):
        op.add_column(table, sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))
        op.add_column(table, sa.Column('reminded_at', sa.DateTime(timezone=True), nullable=True))
        op.execute(f"UPDATE {table} SET confirmed_at = CURRENT_TIMESTAMP")  # the first year begins now
        with op.batch_alter_table(table) as batch:  # these tables have no trigger that batch mode could drop
            batch.alter_column('confirmed_at', existing_type=sa.DateTime(timezone=True), nullable=False)
    with op.batch_alter_table('role') as batch:
        batch.add_column(sa.Column('until', sa.DateTime(timezone=True), nullable=True))
        batch.create_check_constraint(op.f('ck_role_administrator_without_end'), "until IS NULL OR name <> 'administrator'")
    op.create_table('suspension',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Enum(*ROLES, name='rolename', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('round_id', sa.Integer(), nullable=True),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('seat', sa.Enum(*SEATS, name='seat', native_enum=False, create_constraint=True, length=32), nullable=True),
    sa.Column('suspended_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(name IS NULL) <> (organisation_id IS NULL)', name=op.f('ck_suspension_role_or_seat')),
    sa.CheckConstraint('(seat IS NULL) = (organisation_id IS NULL)', name=op.f('ck_suspension_seat_of_organisation')),
    sa.CheckConstraint('round_id IS NULL OR name IS NOT NULL', name=op.f('ck_suspension_round_of_role')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_suspension_organisation_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_suspension_person_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_suspension_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suspension')),
    sa.UniqueConstraint('person_id', 'name', 'round_id', name=op.f('uq_suspension_person_id_name_round_id')),
    sa.UniqueConstraint('person_id', 'organisation_id', name=op.f('uq_suspension_person_id_organisation_id'))
    )
    op.create_index('uq_suspension_everywhere', 'suspension', ['person_id', 'name'], unique=True, sqlite_where=sa.text('round_id IS NULL'), postgresql_where=sa.text('round_id IS NULL'))

    op.create_table('stand_in',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('stands_for_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('begins_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('until > begins_at', name=op.f('ck_stand_in_ends_after_it_begins')),
    sa.CheckConstraint('person_id <> stands_for_id', name=op.f('ck_stand_in_two_people')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_stand_in_organisation_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_stand_in_person_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['stands_for_id'], ['person.id'], name=op.f('fk_stand_in_stands_for_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stand_in')),
    sa.UniqueConstraint('code', name=op.f('uq_stand_in_code'))
    )
    op.create_index(op.f('ix_stand_in_organisation_id'), 'stand_in', ['organisation_id'])
    op.create_index(op.f('ix_stand_in_person_id'), 'stand_in', ['person_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_stand_in_person_id'), table_name='stand_in')
    op.drop_index(op.f('ix_stand_in_organisation_id'), table_name='stand_in')
    op.drop_table('stand_in')
    op.drop_index('uq_suspension_everywhere', table_name='suspension')
    op.drop_table('suspension')
    with op.batch_alter_table('role') as batch:
        batch.drop_constraint(op.f('ck_role_administrator_without_end'), type_='check')
        batch.drop_column('until')
    for table in ('role', 'membership'):
        op.drop_column(table, 'reminded_at')
        op.drop_column(table, 'confirmed_at')
