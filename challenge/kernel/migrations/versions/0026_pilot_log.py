"""Meetings and decisions of pilots, notes of mentors; they stay as they were once the pilot has ended"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = '0026'
down_revision = '0025'
branch_labels = None
depends_on = None

TABLES = ('pilot_meeting', 'pilot_decision', 'mentor_note')
REFUSES = 'pilot_archived: this pilot has ended'
OVER = "p.state IN ('completed', 'terminated')"


def upgrade() -> None:
    op.create_table('pilot_meeting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('present', sa.String(600), nullable=False),
    sa.Column('noted', sa.String(8000), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("present <> '' AND noted <> ''", name=op.f('ck_pilot_meeting_says_something')),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_pilot_meeting_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_pilot_meeting_by_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pilot_meeting')),
    sa.UniqueConstraint('code', name=op.f('uq_pilot_meeting_code'))
    )
    op.create_table('pilot_decision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(1000), nullable=False),
    sa.Column('who_id', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.CheckConstraint("text <> ''", name=op.f('ck_pilot_decision_says_something')),
    sa.CheckConstraint("due_on IS NULL OR who_id IS NOT NULL", name=op.f('ck_pilot_decision_due_has_somebody')),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_pilot_decision_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['meeting_id'], ['pilot_meeting.id'], name=op.f('fk_pilot_decision_meeting_id_pilot_meeting'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['who_id'], ['person.id'], name=op.f('fk_pilot_decision_who_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pilot_decision')),
    sa.UniqueConstraint('code', name=op.f('uq_pilot_decision_code'))
    )
    op.create_table('mentor_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('text', sa.String(4000), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('shared_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("text <> ''", name=op.f('ck_mentor_note_says_something')),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_mentor_note_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_mentor_note_by_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mentor_note')),
    sa.UniqueConstraint('code', name=op.f('uq_mentor_note_code'))
    )
    for table, columns in (
        ('pilot_meeting', ('pilot_id', 'by_id')), ('pilot_decision', ('pilot_id', 'meeting_id', 'who_id')),
        ('mentor_note', ('pilot_id', 'by_id')),
    ):
        for column in columns:
            op.create_index(op.f(f'ix_{table}_{column}'), table, [column], unique=False)
    for statement in _archived():
        op.execute(statement)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION pilot_archived()')


def _archived() -> Iterator[str]:
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    if not is_sqlite:
        yield (
            "CREATE FUNCTION pilot_archived() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE whose integer; BEGIN "
            "IF TG_OP = 'INSERT' THEN whose := NEW.pilot_id; ELSE whose := OLD.pilot_id; END IF; "
            f"IF EXISTS (SELECT 1 FROM pilot p WHERE p.id = whose AND {OVER}) THEN "
            f"RAISE EXCEPTION '{REFUSES}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
        )
    for table in TABLES:
        for act, row in (('insert', 'NEW'), ('update', 'OLD'), ('delete', 'OLD')):
            made = f"CREATE TRIGGER {table}_archived_{act} BEFORE {act.upper()} ON {table} "
            if is_sqlite:
                yield (f"{made}WHEN EXISTS (SELECT 1 FROM pilot p WHERE p.id = {row}.pilot_id AND {OVER}) "
                       f"BEGIN SELECT RAISE(ABORT, '{REFUSES}'); END")
            else:
                yield f"{made}FOR EACH ROW EXECUTE FUNCTION pilot_archived()"
