"""Until when somebody has read comments; who wants no mail about new ones"""

import sqlalchemy as sa
from alembic import op

revision = '0030'
down_revision = '0028'
branch_labels = None
depends_on = None


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
    op.add_column('person', sa.Column('digest_off_at', sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column('person', 'digest_off_at')
    op.drop_table('looked')
