"""A score on a scale of step zero is refused by the scale's own rule, not by a division by zero"""

from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

ON_THE_SCALE = "tenths IS NULL OR (tenths >= 0 AND tenths <= max_tenths AND tenths % {step} = 0)"


def upgrade() -> None:
    _rewrite("nullif(step_tenths, 0)")


def downgrade() -> None:
    _rewrite("step_tenths")


def _rewrite(step: str) -> None:
    with op.batch_alter_table("score") as batch:  # the table has no trigger that batch mode could drop
        batch.drop_constraint(op.f("ck_score_on_the_scale"), type_="check")
        batch.create_check_constraint(op.f("ck_score_on_the_scale"), ON_THE_SCALE.format(step=step))
