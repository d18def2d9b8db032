"""Since when browsers are known again that have signed in as somebody"""

from alembic import op

revision = '0029'
down_revision = '0028'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # plain ADD COLUMN: batch mode would drop the triggers of person
    kind = 'TIMESTAMP WITH TIME ZONE' if op.get_bind().dialect.name == 'postgresql' else 'DATETIME'
    op.execute(f'ALTER TABLE person ADD COLUMN known_since {kind}')


def downgrade() -> None:
    op.execute('ALTER TABLE person DROP COLUMN known_since')
