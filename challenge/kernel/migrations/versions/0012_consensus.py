"""Discussion, consensus, reaction of applicants, minutes of the panel"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
GATE = sa.Enum('idea', 'pilot_proposal', 'full_proposal', name='gate', native_enum=False, create_constraint=True, length=32)
FIXED = 'consensus_is_fixed'
CONTENT = (
    'code', 'created_at', 'round_id', 'round_code', 'proposal_id', 'gate', 'moderator_id', 'revision', 'note',
    'statement', 'saved_at', 'agreed_at',
)
DONE = "('agreed', 'superseded')"
NOTES = ('update', 'delete', 'truncate')
OF_AGREED = [(table, event) for table in ('consensus_mark', 'consensus_reply') for event in ('INSERT', 'UPDATE', 'DELETE')]


def upgrade() -> None:
    # plain ADD COLUMN: batch mode would drop the triggers of proposal
    op.add_column('proposal', sa.Column('consensus_missing', sa.Boolean(), nullable=True))
    op.add_column('proposal', sa.Column('reaction_until', sa.DateTime(timezone=True), nullable=True))
    op.create_table('consensus',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('gate', GATE, nullable=False),
    sa.Column('state', sa.Enum('draft', 'proposed', 'agreed', 'superseded', name='consensusstate', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('moderator_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('note', sa.String(4000), nullable=False),
    sa.Column('statement', sa.String(4000), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('agreed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state <> 'agreed' OR (agreed_at IS NOT NULL AND statement <> '')", name=op.f('ck_consensus_agreed_says_what')),
    sa.CheckConstraint('published_at IS NULL OR agreed_at IS NOT NULL', name=op.f('ck_consensus_published_was_agreed')),
    sa.ForeignKeyConstraint(['moderator_id'], ['juror.id'], name=op.f('fk_consensus_moderator_id_juror'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_consensus_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_consensus_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consensus')),
    sa.UniqueConstraint('code', name=op.f('uq_consensus_code'))
    )
    op.create_index(op.f('ix_consensus_proposal_id'), 'consensus', ['proposal_id'], unique=False)
    op.create_index(op.f('ix_consensus_round_id'), 'consensus', ['round_id'], unique=False)
    op.create_index('uq_consensus_live', 'consensus', ['gate', 'proposal_id'], unique=True, sqlite_where=sa.text("state <> 'superseded'"), postgresql_where=sa.text("state <> 'superseded'"))
    op.create_table('discussion_note',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('gate', GATE, nullable=False),
    sa.Column('juror_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(4000), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['juror_id'], ['juror.id'], name=op.f('fk_discussion_note_juror_id_juror'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_discussion_note_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_discussion_note'))
    )
    op.create_index('ix_discussion_note_proposal_gate', 'discussion_note', ['proposal_id', 'gate'], unique=False)
    op.create_table('panel_minutes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('gate', GATE, nullable=False),
    sa.Column('text', sa.String(20000), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_by_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_panel_minutes_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_panel_minutes_round_id_round'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['saved_by_id'], ['person.id'], name=op.f('fk_panel_minutes_saved_by_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_minutes')),
    sa.UniqueConstraint('code', name=op.f('uq_panel_minutes_code')),
    sa.UniqueConstraint('gate', 'proposal_id', name=op.f('uq_panel_minutes_gate_proposal_id'))
    )
    op.create_index(op.f('ix_panel_minutes_proposal_id'), 'panel_minutes', ['proposal_id'], unique=False)
    op.create_index(op.f('ix_panel_minutes_round_id'), 'panel_minutes', ['round_id'], unique=False)
    op.create_table('reaction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('gate', GATE, nullable=False),
    sa.Column('comments', JSON, nullable=False),
    sa.Column('opened_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('opened_by_id', sa.Integer(), nullable=False),
    sa.Column('until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('text', sa.String(40000), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(answered_at IS NULL) = (text = '')", name=op.f('ck_reaction_answered_has_text')),
    sa.CheckConstraint('(answered_at IS NULL) = (answered_by_id IS NULL)', name=op.f('ck_reaction_answered_by_somebody')),
    sa.CheckConstraint('until > opened_at', name=op.f('ck_reaction_ends_after_it_opens')),
    sa.ForeignKeyConstraint(['answered_by_id'], ['person.id'], name=op.f('fk_reaction_answered_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['opened_by_id'], ['person.id'], name=op.f('fk_reaction_opened_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_reaction_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_reaction_round_id_round'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reaction')),
    sa.UniqueConstraint('code', name=op.f('uq_reaction_code')),
    sa.UniqueConstraint('gate', 'proposal_id', name=op.f('uq_reaction_gate_proposal_id'))
    )
    op.create_index(op.f('ix_reaction_proposal_id'), 'reaction', ['proposal_id'], unique=False)
    op.create_index(op.f('ix_reaction_round_id'), 'reaction', ['round_id'], unique=False)
    op.create_table('consensus_mark',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consensus_id', sa.Integer(), nullable=False),
    sa.Column('criterion', sa.String(32), nullable=False),
    sa.Column('tenths', sa.Integer(), nullable=False),
    sa.Column('max_tenths', sa.Integer(), nullable=False),
    sa.Column('step_tenths', sa.Integer(), nullable=False),
    sa.CheckConstraint('step_tenths > 0', name=op.f('ck_consensus_mark_step_positive')),
    sa.CheckConstraint('tenths >= 0 AND tenths <= max_tenths AND tenths % nullif(step_tenths, 0) = 0', name=op.f('ck_consensus_mark_on_the_scale')),
    sa.ForeignKeyConstraint(['consensus_id'], ['consensus.id'], name=op.f('fk_consensus_mark_consensus_id_consensus'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consensus_mark')),
    sa.UniqueConstraint('consensus_id', 'criterion', name=op.f('uq_consensus_mark_consensus_id_criterion'))
    )
    op.create_table('consensus_reply',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('consensus_id', sa.Integer(), nullable=False),
    sa.Column('juror_id', sa.Integer(), nullable=False),
    sa.Column('agrees', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(2000), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("agrees OR reason <> ''", name=op.f('ck_consensus_reply_objection_has_reason')),
    sa.ForeignKeyConstraint(['consensus_id'], ['consensus.id'], name=op.f('fk_consensus_reply_consensus_id_consensus'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['juror_id'], ['juror.id'], name=op.f('fk_consensus_reply_juror_id_juror'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consensus_reply')),
    sa.UniqueConstraint('consensus_id', 'juror_id', name=op.f('uq_consensus_reply_consensus_id_juror_id'))
    )
    for statement in (_on_sqlite() if op.get_bind().dialect.name == 'sqlite' else _on_postgresql()):
        op.execute(statement)


def downgrade() -> None:
    for table in ('consensus_reply', 'consensus_mark', 'consensus', 'discussion_note', 'panel_minutes', 'reaction'):
        op.drop_table(table)
    op.drop_column('proposal', 'reaction_until')
    op.drop_column('proposal', 'consensus_missing')
    if op.get_bind().dialect.name == 'postgresql':
        for name in (
            *(f'discussion_note_no_{act}' for act in NOTES), 'consensus_no_rewrite', 'consensus_no_delete',
            *(f'{table}_fixed_on_{event.lower()}' for table, event in OF_AGREED),
        ):
            op.execute(f'DROP FUNCTION {name}()')


def _changes(comparison: str) -> str:
    changed = ''.join(f' OR NEW.{column} {comparison} OLD.{column}' for column in CONTENT)
    return f"OLD.state IN {DONE} AND (NEW.state NOT IN (OLD.state, 'superseded'){changed})"


def _on_sqlite() -> Iterator[str]:
    for act in ('update', 'delete'):
        yield (f"CREATE TRIGGER discussion_note_no_{act} BEFORE {act.upper()} ON discussion_note "
               "BEGIN SELECT RAISE(ABORT, 'discussion_note is append-only'); END")
    yield (f"CREATE TRIGGER consensus_no_rewrite BEFORE UPDATE ON consensus WHEN {_changes('IS NOT')} "
           f"BEGIN SELECT RAISE(ABORT, '{FIXED}'); END")
    yield f"CREATE TRIGGER consensus_no_delete BEFORE DELETE ON consensus BEGIN SELECT RAISE(ABORT, '{FIXED}'); END"
    for table, event in OF_AGREED:
        row = 'OLD' if event == 'DELETE' else 'NEW'
        yield (f"CREATE TRIGGER {table}_fixed_on_{event.lower()} BEFORE {event} ON {table} "
               f"WHEN (SELECT state FROM consensus WHERE id = {row}.consensus_id) IN {DONE} "
               f"BEGIN SELECT RAISE(ABORT, '{FIXED}'); END")


def _on_postgresql() -> Iterator[str]:
    for act in NOTES:
        each = 'STATEMENT' if act == 'truncate' else 'ROW'
        yield from _function(f'discussion_note_no_{act}', 'discussion_note is append-only')
        yield (f"CREATE TRIGGER discussion_note_no_{act} BEFORE {act.upper()} ON discussion_note "
               f"FOR EACH {each} EXECUTE FUNCTION discussion_note_no_{act}()")
    yield from _function('consensus_no_rewrite', FIXED)
    yield ("CREATE TRIGGER consensus_no_rewrite BEFORE UPDATE ON consensus FOR EACH ROW "
           f"WHEN ({_changes('IS DISTINCT FROM')}) EXECUTE FUNCTION consensus_no_rewrite()")
    yield from _function('consensus_no_delete', FIXED)
    yield ("CREATE TRIGGER consensus_no_delete BEFORE DELETE ON consensus FOR EACH ROW "
           "EXECUTE FUNCTION consensus_no_delete()")
    for table, event in OF_AGREED:
        name, row = f'{table}_fixed_on_{event.lower()}', 'OLD' if event == 'DELETE' else 'NEW'
        yield from _function(name, FIXED, f"(SELECT state FROM consensus WHERE id = {row}.consensus_id) IN {DONE}", row)
        yield f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def _function(name: str, refusal: str, when: str = '', row: str = '') -> Iterator[str]:
    raises = f"RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'"
    body = f"IF {when} THEN {raises}; END IF; RETURN {row}" if when else raises
    yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body}; END $$"
