"""Budgets by year with own shares, tasks of teams

What was written down before is of the first year: nobody said more.
"""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0026'
branch_labels = None
depends_on = None

NARROW = ['proposal_id', 'organisation_id', 'category']


def upgrade() -> None:
    with op.batch_alter_table('budget_line') as batch:  # the table has no trigger that batch mode could drop
        batch.add_column(sa.Column('year', sa.Integer(), nullable=False, server_default='1'))
        batch.drop_constraint(op.f('uq_budget_line_proposal_id_organisation_id_category'), type_='unique')
        batch.create_unique_constraint(op.f('uq_budget_line_proposal_id_organisation_id_category_year'), [*NARROW, 'year'])
        batch.create_check_constraint(op.f('ck_budget_line_year_of_a_pilot'), 'year BETWEEN 1 AND 10')
    with op.batch_alter_table('budget_line') as batch:
        batch.alter_column('year', server_default=None)
    op.create_table('own_share',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('cents >= 0', name=op.f('ck_own_share_cents_not_negative')),
    sa.CheckConstraint('year BETWEEN 1 AND 10', name=op.f('ck_own_share_year_of_a_pilot')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_own_share_organisation_id_organisation'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_own_share_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_own_share')),
    sa.UniqueConstraint('proposal_id', 'organisation_id', 'year', name=op.f('uq_own_share_proposal_id_organisation_id_year'))
    )
    op.create_table('team_task',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proposal_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(32), nullable=True),
    sa.Column('title', sa.String(160), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(key IS NULL) = (title <> '')", name=op.f('ck_team_task_key_or_title')),
    sa.CheckConstraint('done_by_id IS NULL OR done_at IS NOT NULL', name=op.f('ck_team_task_done_at_a_time')),
    sa.CheckConstraint('key IS NULL OR done_by_id IS NULL', name=op.f('ck_team_task_gate_says_it_is_done')),
    sa.ForeignKeyConstraint(['done_by_id'], ['person.id'], name=op.f('fk_team_task_done_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_team_task_person_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['proposal_id'], ['proposal.id'], name=op.f('fk_team_task_proposal_id_proposal'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team_task')),
    sa.UniqueConstraint('code', name=op.f('uq_team_task_code')),
    sa.UniqueConstraint('proposal_id', 'key', name=op.f('uq_team_task_proposal_id_key'))
    )
    for name in ('proposal_id', 'person_id', 'done_by_id'):
        op.create_index(op.f(f'ix_team_task_{name}'), 'team_task', [name], unique=False)


def downgrade() -> None:
    op.drop_table('team_task')
    op.drop_table('own_share')
    op.execute("DELETE FROM budget_line WHERE year > 1")
    with op.batch_alter_table('budget_line') as batch:
        batch.drop_constraint(op.f('ck_budget_line_year_of_a_pilot'), type_='check')
        batch.drop_constraint(op.f('uq_budget_line_proposal_id_organisation_id_category_year'), type_='unique')
        batch.create_unique_constraint(op.f('uq_budget_line_proposal_id_organisation_id_category'), NARROW)
        batch.drop_column('year')
