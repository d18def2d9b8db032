"""Ledger of pilots; what a tranche rests on, whom it goes to and when it was paid"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None

CATEGORY = sa.Enum('staff', 'equipment', 'services', 'travel', 'other', name='budgetcategory', native_enum=False, create_constraint=True, length=32)
COLUMNS = (
    ('milestone_id', sa.Integer()), ('payee_id', sa.Integer()), ('recovers_from_id', sa.Integer()),
    ('paid_on', sa.Date()), ('reference', sa.String(80)),
)
POINTS_TO = {'milestone_id': 'milestone', 'payee_id': 'organisation', 'recovers_from_id': 'organisation'}
CHECKS = {
    'ck_tranche_one_way': 'payee_id IS NULL OR recovers_from_id IS NULL',
    'ck_tranche_paid_on_a_day': "state <> 'paid' OR paid_on IS NOT NULL",
}
OF_PILOT = "FROM posting p JOIN ledger_entry e ON e.code = p.entry_code WHERE e.pilot_id = {pilot}"
BROKEN = {
    "ledger_unbalanced": "(SELECT coalesce(sum(cents), 1) FROM posting WHERE entry_code = {code}) <> 0",
    "ledger_above_award": f"(SELECT sum(p.cents) {OF_PILOT} AND p.account = 'bank')"
                          f" < (SELECT coalesce(sum(p.cents), 0) {OF_PILOT} AND p.account = 'awarded')",
    "ledger_line_overdrawn": f"EXISTS (SELECT 1 {OF_PILOT} AND p.account IN ('planned', 'cost')"
                             " GROUP BY p.organisation_id, p.category"
                             " HAVING sum(CASE p.account WHEN 'planned' THEN p.cents ELSE -p.cents END) < 0)",
}
IS_CLOSED = "EXISTS (SELECT 1 FROM ledger_entry WHERE code = NEW.entry_code)"
KEPT = ("ledger_entry", "posting")


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _made_anew([sa.Column(name, kind, nullable=True) for name, kind in COLUMNS], _constraints())
    else:
        for name, kind in COLUMNS:
            op.add_column('tranche', sa.Column(name, kind, nullable=True))
        for name, table in POINTS_TO.items():
            op.create_foreign_key(op.f(f'fk_tranche_{name}_{table}'), 'tranche', table, [name], ['id'], ondelete='RESTRICT')
        for name, text in CHECKS.items():
            op.create_check_constraint(op.f(name), 'tranche', text)
    op.create_table('ledger_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('kind', sa.Enum('award', 'payment', 'claim', 'transfer', 'release', 'recovery', name='entrykind', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('subject_code', sa.String(8), nullable=False),
    sa.Column('booked_on', sa.Date(), nullable=False),
    sa.Column('note', sa.String(200), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['by_id'], ['person.id'], name=op.f('fk_ledger_entry_by_id_person'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_ledger_entry_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_entry')),
    sa.UniqueConstraint('code', name=op.f('uq_ledger_entry_code'))
    )
    op.create_index(op.f('ix_ledger_entry_pilot_id'), 'ledger_entry', ['pilot_id'], unique=False)
    op.create_index('uq_ledger_entry_once', 'ledger_entry', ['kind', 'subject_code'], unique=True)
    op.create_table('posting',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_code', sa.String(8), nullable=False),
    sa.Column('account', sa.Enum('awarded', 'planned', 'bank', 'advance', 'cost', name='account', native_enum=False, create_constraint=True, length=32), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=True),
    sa.Column('category', CATEGORY, nullable=True),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("(category IS NOT NULL) = (account IN ('planned', 'cost'))", name=op.f('ck_posting_category_on_budget_lines')),
    sa.CheckConstraint("(organisation_id IS NOT NULL) = (account IN ('planned', 'advance', 'cost'))", name=op.f('ck_posting_partner_where_it_is_a_partners')),
    sa.CheckConstraint('cents <> 0', name=op.f('ck_posting_moves_money')),
    sa.ForeignKeyConstraint(['entry_code'], ['ledger_entry.code'], name=op.f('fk_posting_entry_code_ledger_entry'), initially='DEFERRED', deferrable=True),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_posting_organisation_id_organisation'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_posting'))
    )
    op.create_index(op.f('ix_posting_entry_code'), 'posting', ['entry_code'], unique=False)
    for statement in (_on_sqlite() if op.get_bind().dialect.name == "sqlite" else _on_postgresql()):
        op.execute(statement)


def downgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    op.drop_table('posting')
    op.drop_table('ledger_entry')
    if not is_sqlite:
        for name in (
            "ledger_holds", "posting_before_its_entry",
            *(f"{table}_no_{act}" for table in KEPT for act in ("update", "delete", "truncate")),
        ):
            op.execute(f"DROP FUNCTION {name}()")
        for name, _kind in COLUMNS:
            op.drop_column('tranche', name)
        return
    _made_anew([], [])


def _constraints() -> list[sa.Constraint]:
    points = [
        sa.ForeignKeyConstraint([name], [f'{table}.id'], name=op.f(f'fk_tranche_{name}_{table}'), ondelete='RESTRICT')
        for name, table in POINTS_TO.items()
    ]
    return [*points, *(sa.CheckConstraint(text, name=op.f(name)) for name, text in CHECKS.items())]


def _made_anew(columns: list[sa.Column[Any]], constraints: list[sa.Constraint]) -> None:
    """SQLite adds and drops no column that a constraint names: the table is written once more. It has no triggers."""
    op.create_table('tranche_anew',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(8), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('pilot_id', sa.Integer(), nullable=False),
    sa.Column('round_code', sa.String(8), nullable=False),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.String(32), nullable=False),
    sa.Column('label', sa.String(120), nullable=False),
    sa.Column('cents', sa.BigInteger(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    *columns,
    sa.CheckConstraint("state IN ('planned', 'due', 'approved', 'paid', 'cancelled')", name=op.f('ck_tranche_tranchestate')),
    sa.CheckConstraint("label <> ''", name=op.f('ck_tranche_has_label')),
    sa.CheckConstraint('cents > 0', name=op.f('ck_tranche_cents_positive')),
    sa.ForeignKeyConstraint(['pilot_id'], ['pilot.id'], name=op.f('fk_tranche_pilot_id_pilot'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['report_id'], ['report.id'], name=op.f('fk_tranche_report_id_report'), ondelete='RESTRICT'),
    *constraints,
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tranche')),
    sa.UniqueConstraint('code', name=op.f('uq_tranche_code'))
    )
    kept = "id, code, version, created_at, pilot_id, round_code, report_id, state, label, cents, due_on"
    op.execute(f"INSERT INTO tranche_anew ({kept}) SELECT {kept} FROM tranche")
    op.drop_table('tranche')
    op.rename_table('tranche_anew', 'tranche')
    op.create_index(op.f('ix_tranche_pilot_id'), 'tranche', ['pilot_id'], unique=False)


def _on_sqlite() -> Iterator[str]:
    judged = " ".join(
        f"SELECT RAISE(ABORT, '{name}') WHERE {broken.format(code='NEW.code', pilot='NEW.pilot_id')};"
        for name, broken in BROKEN.items()
    )
    yield f"CREATE TRIGGER ledger_entry_holds AFTER INSERT ON ledger_entry BEGIN {judged} END"
    yield (f"CREATE TRIGGER posting_before_its_entry BEFORE INSERT ON posting WHEN {IS_CLOSED} "
           "BEGIN SELECT RAISE(ABORT, 'ledger_entry_closed'); END")
    for table in KEPT:
        for act in ("update", "delete"):
            yield (f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} "
                   f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")


def _on_postgresql() -> Iterator[str]:
    judged = " ".join(
        f"IF {broken.format(code='which', pilot='whose')} THEN RAISE EXCEPTION '{name}'"
        f" USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{name}'; END IF;"
        for name, broken in BROKEN.items()
    )
    yield (
        "CREATE OR REPLACE FUNCTION ledger_holds() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE which varchar; whose integer; BEGIN "
        "IF TG_TABLE_NAME = 'posting' THEN which := NEW.entry_code; ELSE which := NEW.code; END IF; "
        "SELECT pilot_id INTO whose FROM ledger_entry WHERE code = which; "
        "PERFORM 1 FROM pilot WHERE id = whose FOR NO KEY UPDATE; "
        f"{judged} RETURN NULL; END $$"
    )
    for table in KEPT:
        yield (f"CREATE CONSTRAINT TRIGGER {table}_holds AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED "
               "FOR EACH ROW EXECUTE FUNCTION ledger_holds()")
    raises = "USING ERRCODE = 'integrity_constraint_violation'"
    yield ("CREATE OR REPLACE FUNCTION posting_before_its_entry() RETURNS trigger LANGUAGE plpgsql AS "
           f"$$ BEGIN IF {IS_CLOSED} THEN RAISE EXCEPTION 'ledger_entry_closed' {raises}; END IF; RETURN NEW; END $$")
    yield ("CREATE TRIGGER posting_before_its_entry BEFORE INSERT ON posting "
           "FOR EACH ROW EXECUTE FUNCTION posting_before_its_entry()")
    for table in KEPT:
        for act, each in (("update", "ROW"), ("delete", "ROW"), ("truncate", "STATEMENT")):
            name = f"{table}_no_{act}"
            yield (f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                   f"$$ BEGIN RAISE EXCEPTION '{table} is append-only' {raises}; END $$")
            yield f"CREATE TRIGGER {name} BEFORE {act.upper()} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"
