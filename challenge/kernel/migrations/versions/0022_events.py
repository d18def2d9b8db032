"""Events of a round and who comes to them; calendars at a secret address"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('title', sa.String(160), nullable=False),
    sa.Column('kind', sa.Enum('webinar', 'training', 'workshop', 'matchmaking', name='eventkind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('guests', sa.Enum('cities', 'researchers', 'everybody', name='guests', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('text', sa.String(5000), nullable=False),
    sa.Column('zone', sa.String(40), nullable=False),
    sa.Column('begins_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('place', sa.String(200), nullable=False),
    sa.Column('link', sa.String(500), nullable=True),
    sa.Column('seats', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('draft', 'announced', 'cancelled', name='eventstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reason', sa.String(2000), nullable=True),
    sa.CheckConstraint("begins_at < ends_at", name=op.f('ck_event_begins_before_it_ends')),
    sa.CheckConstraint("seats >= 1", name=op.f('ck_event_seats_from_one')),
    sa.CheckConstraint("state <> 'announced' OR announced_at IS NOT NULL", name=op.f('ck_event_announced_at')),
    sa.CheckConstraint("(state = 'cancelled') = (reason IS NOT NULL)", name=op.f('ck_event_cancelled_has_reason')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_event_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event')),
    sa.UniqueConstraint('code', name=op.f('uq_event_code')),
    sa.UniqueConstraint('id', 'seats', name=op.f('uq_event_id_seats'))
    )
    op.create_index(op.f('ix_event_round_id'), 'event', ['round_id'], unique=False)

    op.create_table('registration',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=True),
    sa.Column('slot_cap', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('left_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attended', sa.Boolean(), nullable=True),
    sa.CheckConstraint("slot >= 1 AND slot <= slot_cap", name=op.f('ck_registration_within_seats')),
    sa.CheckConstraint("left_at IS NULL OR slot IS NULL", name=op.f('ck_registration_who_left_has_no_seat')),
    sa.CheckConstraint("attended IS NULL OR slot IS NOT NULL", name=op.f('ck_registration_attended_with_a_seat')),
    sa.ForeignKeyConstraint(['event_id', 'slot_cap'], ['event.id', 'event.seats'], name=op.f('fk_registration_event_id_slot_cap_event'), onupdate='CASCADE'),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_registration_event_id_event'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_registration_person_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_registration')),
    sa.UniqueConstraint('event_id', 'slot', name=op.f('uq_registration_event_id_slot'))
    )
    op.create_index(op.f('ix_registration_person_id'), 'registration', ['person_id'], unique=False)
    op.create_index('uq_registration_live', 'registration', ['event_id', 'person_id'], unique=True,
                    sqlite_where=sa.text("left_at IS NULL"), postgresql_where=sa.text("left_at IS NULL"))

    op.create_table('calendar_feed',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(64), nullable=False),
    sa.Column('made_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_calendar_feed_person_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feed')),
    sa.UniqueConstraint('person_id', name=op.f('uq_calendar_feed_person_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_calendar_feed_token_hash'))
    )

    op.create_table('talk_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('tables', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("minutes >= 1", name=op.f('ck_talk_plan_minutes_from_one')),
    sa.CheckConstraint("tables >= 1", name=op.f('ck_talk_plan_tables_from_one')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_talk_plan_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_talk_plan_event_id_event'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_talk_plan')),
    sa.UniqueConstraint('event_id', name=op.f('uq_talk_plan_event_id'))
    )

    op.create_table('talk',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('city_id', sa.Integer(), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.Column('worth', sa.Integer(), nullable=False),
    sa.CheckConstraint("slot >= 1", name=op.f('ck_talk_slot_from_one')),
    sa.CheckConstraint("place >= 1", name=op.f('ck_talk_place_from_one')),
    sa.ForeignKeyConstraint(['city_id'], ['organisation.id'], name=op.f('fk_talk_city_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_talk_event_id_event'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_talk_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_talk')),
    sa.UniqueConstraint('code', name=op.f('uq_talk_code')),
    sa.UniqueConstraint('event_id', 'proposal_id', 'city_id', name=op.f('uq_talk_event_id_proposal_id_city_id')),
    sa.UniqueConstraint('event_id', 'slot', 'place', name=op.f('uq_talk_event_id_slot_place')),
    sa.UniqueConstraint('id', 'event_id', 'slot', name=op.f('uq_talk_id_event_id_slot'))
    )
    op.create_index(op.f('ix_talk_proposal_id'), 'talk', ['proposal_id'], unique=False)

    op.create_table('talk_person',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('talk_id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_talk_person_person_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['talk_id', 'event_id', 'slot'], ['talk.id', 'talk.event_id', 'talk.slot'], name=op.f('fk_talk_person_talk_id_event_id_slot_talk'), onupdate='CASCADE', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_talk_person')),
    sa.UniqueConstraint('event_id', 'slot', 'person_id', name=op.f('uq_talk_person_event_id_slot_person_id'))
    )
    op.create_index(op.f('ix_talk_person_person_id'), 'talk_person', ['person_id'], unique=False)
    op.create_index(op.f('ix_talk_person_talk_id'), 'talk_person', ['talk_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_talk_person_talk_id'), table_name='talk_person')
    op.drop_index(op.f('ix_talk_person_person_id'), table_name='talk_person')
    op.drop_table('talk_person')
    op.drop_index(op.f('ix_talk_proposal_id'), table_name='talk')
    op.drop_table('talk')
    op.drop_table('talk_plan')
    op.drop_table('calendar_feed')
    op.drop_index('uq_registration_live', table_name='registration')
    op.drop_index(op.f('ix_registration_person_id'), table_name='registration')
    op.drop_table('registration')
    op.drop_index(op.f('ix_event_round_id'), table_name='event')
    op.drop_table('event')
