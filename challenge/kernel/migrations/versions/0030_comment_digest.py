"""Until when somebody has read comments; who wants no mail about new ones; words are struck out of a log that has ended"""

import sqlalchemy as sa
from alembic import op

revision = '0030'
down_revision = '0029'
branch_labels = None
depends_on = None

REMOVED = '[removed]'
OVER = "EXISTS (SELECT 1 FROM pilot p WHERE p.id = OLD.pilot_id AND p.state IN ('completed', 'terminated'))"
ENDED = 'pilot_archived: this pilot has ended'


def _same(*names: str) -> str:
    return ' AND '.join(f'NEW.{name} IS NOT DISTINCT FROM OLD.{name}' for name in names)


def _marked(text: str) -> str:
    return f"replace({text}, '{REMOVED}', '') <> {text}"


STRUCK = {
    'revision': f"OLD.workflow IN ('pilot_meeting', 'pilot_decision') AND "
                f"{_same('id', 'workflow', 'subject_code', 'number', 'hash', 'at', 'by_id')} "
                f"AND {_marked('CAST(NEW.content AS TEXT)')}",
    'pilot_meeting': f"{_same('id', 'code', 'created_at', 'pilot_id', 'held_on', 'by_id', 'revision')} "
                     f"AND {_marked('NEW.present || NEW.noted')}",
    'pilot_decision': f"{_same('id', 'code', 'created_at', 'pilot_id', 'meeting_id', 'who_id', 'due_on', 'done_on', 'revision')} "
                      f"AND {_marked('NEW.text')}",
}


def _guard(struck: dict[str, str]) -> None:
    """The triggers that refuse changes, but for those that only strike words out."""
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    for table in STRUCK:
        name, but = ('revision_no_update', '') if table == 'revision' else (f'{table}_archived_update', OVER)
        refuse, call = ('revision is append-only', name) if table == 'revision' else (ENDED, 'pilot_archived')
        allowed = f'NOT ({struck[table]})' if table in struck else ''
        op.execute(f'DROP TRIGGER {name}' if is_sqlite else f'DROP TRIGGER {name} ON {table}')
        if is_sqlite:
            when = ' AND '.join(part for part in (but, allowed) if part)
            op.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} {f'WHEN {when} ' if when else ''}"
                       f"BEGIN SELECT RAISE(ABORT, '{refuse}'); END")
        else:
            op.execute(f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW "
                       f"{f'WHEN ({allowed}) ' if allowed else ''}EXECUTE FUNCTION {call}()")


def upgrade() -> None:
    op.create_table('looked',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workflow', sa.String(32), nullable=False),
    sa.Column('subject_code', sa.String(8), nullable=False),
    sa.Column('question', sa.String(48), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_looked_person_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_looked')),
    sa.UniqueConstraint('workflow', 'subject_code', 'question', 'person_id', name=op.f('uq_looked_workflow_subject_code_question_person_id'))
    )
    op.create_index(op.f('ix_looked_person_id'), 'looked', ['person_id'], unique=False)
    _guard(STRUCK)
    op.add_column('person', sa.Column('digest_off_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    _guard({})
    op.drop_column('person', 'digest_off_at')
    op.drop_table('looked')
