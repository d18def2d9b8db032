"""Budgets by year with own shares

What was written down before is of the first year: nobody said more.
"""

import sqlalchemy as sa
from alembic import op

revision = '0027'
down_revision = '0025'
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


def downgrade() -> None:
    op.drop_table('own_share')
    op.execute("DELETE FROM budget_line WHERE year > 1")
    with op.batch_alter_table('budget_line') as batch:
        batch.drop_constraint(op.f('ck_budget_line_year_of_a_pilot'), type_='check')
        batch.drop_constraint(op.f('uq_budget_line_proposal_id_organisation_id_category_year'), type_='unique')
        batch.create_unique_constraint(op.f('uq_budget_line_proposal_id_organisation_id_category'), NARROW)
        batch.drop_column('year')
