"""Suggestions that were kept without what was there already are asked for anew"""

from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM suggestion")


def downgrade() -> None:
    op.execute("DELETE FROM suggestion")
