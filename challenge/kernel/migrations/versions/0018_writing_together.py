"""Writing together: the history of each answer, texts set aside, comments and suggestions"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
REFUSE = 'patch is append-only'


def upgrade() -> None:
    op.create_table('patch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workflow', sa.String(32), nullable=False),
    sa.Column('subject_code', sa.String(8), nullable=False),
    sa.Column('question', sa.String(48), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('suggested_by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sitting', sa.String(32), nullable=False),
    sa.Column('base', sa.String(16), nullable=False),
    sa.Column('token', sa.String(16), nullable=False),
    sa.Column('head', sa.Integer(), nullable=False),
    sa.Column('tail', sa.Integer(), nullable=False),
    sa.Column('put', JSON, nullable=True),
    sa.CheckConstraint('number >= 1', name=op.f('ck_patch_number_from_one')),
    sa.CheckConstraint('head >= 0 AND tail >= 0', name=op.f('ck_patch_stays_not_negative')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_patch_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['suggested_by_id'], ['person.id'], name=op.f('fk_patch_suggested_by_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_patch')),
    sa.UniqueConstraint('workflow', 'subject_code', 'question', 'number', name=op.f('uq_patch_workflow_subject_code_question_number'))
    )
    op.create_index(op.f('ix_patch_by_id'), 'patch', ['by_id'], unique=False)
    op.create_index(op.f('ix_patch_suggested_by_id'), 'patch', ['suggested_by_id'], unique=False)
    if op.get_bind().dialect.name == 'sqlite':
        op.execute(f"CREATE TRIGGER patch_no_update BEFORE UPDATE ON patch BEGIN SELECT RAISE(ABORT, '{REFUSE}'); END")
    else:
        op.execute("CREATE OR REPLACE FUNCTION patch_no_update() RETURNS trigger LANGUAGE plpgsql AS "
                   f"$$ BEGIN RAISE EXCEPTION '{REFUSE}' USING ERRCODE = 'integrity_constraint_violation'; END $$")
        op.execute("CREATE TRIGGER patch_no_update BEFORE UPDATE ON patch FOR EACH ROW EXECUTE FUNCTION patch_no_update()")
    op.create_table('aside',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('workflow', sa.String(32), nullable=False),
    sa.Column('subject_code', sa.String(8), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('question', sa.String(48), nullable=False),
    sa.Column('sitting', sa.String(32), nullable=False),
    sa.Column('base', sa.String(16), nullable=False),
    sa.Column('text', JSON, nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('settled_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_aside_person_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_aside')),
    sa.UniqueConstraint('workflow', 'subject_code', 'person_id', 'question', 'sitting', name=op.f('uq_aside_workflow_subject_code_person_id_question_sitting'))
    )
    op.create_index(op.f('ix_aside_person_id'), 'aside', ['person_id'], unique=False)
    op.create_table('comment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('workflow', sa.String(32), nullable=False),
    sa.Column('subject_code', sa.String(8), nullable=False),
    sa.Column('question', sa.String(48), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(4000), nullable=False),
    sa.Column('proposed', sa.String(20000), nullable=True),
    sa.Column('base', sa.String(16), nullable=False),
    sa.Column('accepted', sa.Boolean(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("text <> '' OR proposed IS NOT NULL", name=op.f('ck_comment_says_something')),
    sa.CheckConstraint('(ended_at IS NULL) = (ended_by_id IS NULL)', name=op.f('ck_comment_ended_by_somebody')),
    sa.CheckConstraint('NOT accepted OR (ended_at IS NOT NULL AND proposed IS NOT NULL)', name=op.f('ck_comment_accepted_suggests')),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_comment_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['ended_by_id'], ['person.id'], name=op.f('fk_comment_ended_by_id_person'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment')),
    sa.UniqueConstraint('code', name=op.f('uq_comment_code'))
    )
    op.create_index(op.f('ix_comment_by_id'), 'comment', ['by_id'], unique=False)
    op.create_index(op.f('ix_comment_ended_by_id'), 'comment', ['ended_by_id'], unique=False)
    op.create_index('ix_comment_subject', 'comment', ['workflow', 'subject_code'], unique=False)
    _keep_what_waits()
    # plain ADD and DROP COLUMN: SQLite would make the table anew otherwise
    op.add_column('editing', sa.Column('question', sa.String(48), nullable=True))
    for name in ('base_version', 'base', 'kept'):
        op.drop_column('editing', name)


def _keep_what_waits() -> None:
    """Texts that wait to be chosen become a row for each question; what they began from is not known."""
    columns: list[sa.ColumnClause[str]] = [sa.column(name) for name in ('workflow', 'subject_code', 'person_id')]
    old = sa.table('editing', *columns, sa.column('kept', JSON), sa.column('seen_at', sa.DateTime(timezone=True)))
    new = sa.table('aside', *(sa.column(name) for name in ('workflow', 'subject_code', 'person_id', 'question', 'sitting', 'base')),
                   sa.column('text', JSON), sa.column('at', sa.DateTime(timezone=True)))
    for workflow, subject_code, person_id, kept, at in op.get_bind().execute(sa.select(old).where(old.c.kept.is_not(sa.null()))).all():
        for question, text in kept.items():
            op.get_bind().execute(sa.insert(new).values(
                workflow=workflow, subject_code=subject_code, person_id=person_id, question=question, sitting='', base='?',
                text=text, at=at))


def downgrade() -> None:
    op.add_column('editing', sa.Column('kept', JSON, nullable=True))
    op.add_column('editing', sa.Column('base', JSON, nullable=False, server_default='{}'))
    op.add_column('editing', sa.Column('base_version', sa.Integer(), nullable=True))
    op.drop_column('editing', 'question')
    op.drop_table('comment')
    op.drop_table('aside')
    op.drop_table('patch')
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION patch_no_update()')
