"""What a pilot that ends early gives back is free for the reserve list"""

from alembic import op

revision = '0028'
down_revision = '0027'
branch_labels = None
depends_on = None

CHECK = 'released_cents IS NULL OR (award_cents IS NOT NULL AND released_cents BETWEEN 0 AND award_cents)'
NAME = 'ck_proposal_released_of_the_award'
BINDS = "NEW.amount_cents IS NOT NULL AND NEW.state IN ('approved', 'announced')"
BACK = "OLD.state IN ('withdrawn', 'lapsed') AND NEW.state NOT IN ('withdrawn', 'lapsed')"
TAKEN_AGAIN = 'coalesce(NEW.released_cents, 0) < coalesce(OLD.released_cents, 0)'
BUDGETS = (  # name, table, event, when, the round
    ('outcome_budget_on_insert', 'outcome', 'INSERT', BINDS, 'NEW.round_id'),
    ('outcome_budget_on_update', 'outcome', 'UPDATE OF state, amount_cents, round_id', BINDS, 'NEW.round_id'),
    ('outcome_budget_on_round', 'round', 'UPDATE OF budget_cents', 'NEW.budget_cents IS NOT NULL', 'NEW.id'),
)


def upgrade() -> None:
    # plain ADD COLUMN: batch mode would drop the triggers of proposal
    op.execute(f'ALTER TABLE proposal ADD COLUMN released_cents BIGINT CONSTRAINT {NAME} CHECK ({CHECK})')
    _judge('o.amount_cents - coalesce(p.released_cents, 0)', 'UPDATE OF state, released_cents', f'({BACK}) OR {TAKEN_AGAIN}')


def downgrade() -> None:
    _judge('o.amount_cents', 'UPDATE OF state', BACK)
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f'ALTER TABLE proposal DROP CONSTRAINT {NAME}')
    op.execute('ALTER TABLE proposal DROP COLUMN released_cents')


def _judge(bound: str, event: str, when: str) -> None:
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    for name, table, event_, when_, whose in (*BUDGETS, ('outcome_budget_on_proposal', 'proposal', event, when, 'NEW.round_id')):
        over = (f"(SELECT budget_cents FROM round WHERE id = {whose}) < (SELECT coalesce(sum({bound}), 0) "
                f"FROM outcome o JOIN proposal p ON p.id = o.proposal_id WHERE o.round_id = {whose} "
                "AND o.state IN ('approved', 'announced') AND p.state NOT IN ('withdrawn', 'lapsed'))")
        if is_sqlite:
            op.execute(f'DROP TRIGGER {name}')
            op.execute(f"CREATE TRIGGER {name} AFTER {event_} ON {table} WHEN {when_} "
                       f"BEGIN SELECT RAISE(ABORT, 'outcome_within_budget') WHERE {over}; END")
            continue
        op.execute(f'DROP TRIGGER {name} ON {table}')
        op.execute(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                   f"PERFORM 1 FROM round WHERE id = {whose} FOR NO KEY UPDATE; IF {over} THEN "
                   "RAISE EXCEPTION 'outcome_within_budget' USING ERRCODE = 'integrity_constraint_violation'; "
                   "END IF; RETURN NULL; END $$")
        op.execute(f'CREATE TRIGGER {name} AFTER {event_} ON {table} FOR EACH ROW WHEN ({when_}) EXECUTE FUNCTION {name}()')
