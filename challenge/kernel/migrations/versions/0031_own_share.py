"""A partner pays itself at most what it spends in a year"""

from alembic import op

revision = '0031'
down_revision = '0030'
branch_labels = None
depends_on = None

EVENTS = (  # name, event, table, row
    ('own_share_on_insert', 'INSERT', 'own_share', 'NEW'),
    ('own_share_on_update', 'UPDATE', 'own_share', 'NEW'),
    ('budget_line_on_update', 'UPDATE', 'budget_line', 'OLD'),
    ('budget_line_on_delete', 'DELETE', 'budget_line', 'OLD'),
)
MORE = ('own_share o WHERE o.cents > (SELECT coalesce(sum(l.cents), 0) FROM budget_line l WHERE '
        'l.proposal_id = o.proposal_id AND l.organisation_id = o.organisation_id AND l.year = o.year)')


def upgrade() -> None:
    # none can be there: the action has refused it since own shares exist
    if op.get_bind().exec_driver_sql(f'SELECT count(*) FROM {MORE}').scalar():
        raise RuntimeError('own shares above the costs of their partner: correct them first')
    for name, event, table, row in EVENTS:
        same = ' AND '.join(f'{{0}}.{column} = {row}.{column}' for column in ('proposal_id', 'organisation_id', 'year'))
        over = (f"EXISTS (SELECT 1 FROM own_share o WHERE {same.format('o')} AND o.cents > "
                f"(SELECT coalesce(sum(l.cents), 0) FROM budget_line l WHERE {same.format('l')}))")
        if op.get_bind().dialect.name == 'sqlite':
            op.execute(f"CREATE TRIGGER {name} AFTER {event} ON {table} "
                       f"BEGIN SELECT RAISE(ABORT, 'own_share_within_costs') WHERE {over}; END")
            continue
        op.execute(f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                   f"PERFORM 1 FROM proposal WHERE id = {row}.proposal_id FOR NO KEY UPDATE; IF {over} THEN "
                   "RAISE EXCEPTION 'own_share_within_costs' USING ERRCODE = 'integrity_constraint_violation'; "
                   "END IF; RETURN NULL; END $$")
        op.execute(f'CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()')


def downgrade() -> None:
    for name, _event, table, _row in EVENTS:
        if op.get_bind().dialect.name == 'sqlite':
            op.execute(f'DROP TRIGGER {name}')
        else:
            op.execute(f'DROP TRIGGER {name} ON {table}')
            op.execute(f'DROP FUNCTION {name}()')
