"""What the database itself holds about the ledger, on both databases.

Every entry's postings add up to nothing; no more is paid than was awarded; no budget line is overdrawn. Postings stand
first, each referring to an entry that must be there at the end of the transaction; the entry closes them: from then on
none can be added. SQLite has one writer and judges when the entry closes. PostgreSQL judges at the end of the
transaction, with the pilot's row locked, as for pairing (``FOR NO KEY UPDATE``, design.md §4.1).
"""

from __future__ import annotations

from challenge.kernel.constraints import refuses
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.triggers import Trigger, append_only

UNBALANCED, ABOVE, OVERDRAWN, CLOSED = (
    "ledger_unbalanced", "ledger_above_award", "ledger_line_overdrawn", "ledger_entry_closed",
)  # fmt: skip
OF_PILOT = "FROM posting p JOIN ledger_entry e ON e.code = p.entry_code WHERE e.pilot_id = {pilot}"
BROKEN = {
    UNBALANCED: "(SELECT coalesce(sum(cents), 1) FROM posting WHERE entry_code = {code}) <> 0",
    ABOVE: f"(SELECT sum(p.cents) {OF_PILOT} AND p.account = 'bank')"
           f" < (SELECT coalesce(sum(p.cents), 0) {OF_PILOT} AND p.account = 'awarded')",
    OVERDRAWN: f"EXISTS (SELECT 1 {OF_PILOT} AND p.account IN ('planned', 'cost')"
               " GROUP BY p.organisation_id, p.category"
               " HAVING sum(CASE p.account WHEN 'planned' THEN p.cents ELSE -p.cents END) < 0)",
}  # fmt: skip


def _sqlite() -> str:
    judged = " ".join(
        f"SELECT RAISE(ABORT, '{name}') WHERE {broken.format(code='NEW.code', pilot='NEW.pilot_id')};"
        for name, broken in BROKEN.items()
    )
    return f"CREATE TRIGGER ledger_entry_holds AFTER INSERT ON ledger_entry BEGIN {judged} END"


def _postgresql() -> str:
    judged = " ".join(
        f"IF {broken.format(code='which', pilot='whose')} THEN RAISE EXCEPTION '{name}'"
        f" USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = '{name}'; END IF;"
        for name, broken in BROKEN.items()
    )
    return (
        "CREATE OR REPLACE FUNCTION ledger_holds() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "DECLARE which varchar; whose integer; BEGIN "
        "IF TG_TABLE_NAME = 'posting' THEN which := NEW.entry_code; ELSE which := NEW.code; END IF; "
        "SELECT pilot_id INTO whose FROM ledger_entry WHERE code = which; "
        "PERFORM 1 FROM pilot WHERE id = whose FOR NO KEY UPDATE; "
        f"{judged} RETURN NULL; END $$"
    )


def _deferred(table: str) -> Trigger:
    name = f"{table}_holds"
    return Trigger(
        name,
        sqlite=(_sqlite(),) if table == "ledger_entry" else (),
        postgresql=(
            _postgresql(),
            f"CREATE CONSTRAINT TRIGGER {name} AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED "
            "FOR EACH ROW EXECUTE FUNCTION ledger_holds()",
        ),
    )


IS_CLOSED = "EXISTS (SELECT 1 FROM ledger_entry WHERE code = NEW.entry_code)"
TRIGGERS = (
    _deferred("ledger_entry"),
    _deferred("posting"),
    Trigger(
        "posting_before_its_entry",
        sqlite=(
            f"CREATE TRIGGER posting_before_its_entry BEFORE INSERT ON posting WHEN {IS_CLOSED} "
            f"BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END",
        ),
        postgresql=(
            "CREATE OR REPLACE FUNCTION posting_before_its_entry() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN IF {IS_CLOSED} THEN RAISE EXCEPTION '{CLOSED}' "
            "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
            "CREATE TRIGGER posting_before_its_entry BEFORE INSERT ON posting "
            "FOR EACH ROW EXECUTE FUNCTION posting_before_its_entry()",
        ),
    ),
    *append_only("ledger_entry"),
    *append_only("posting"),
)

refuses(ABOVE, Problem("above_budget", _("This is more than was awarded. Nothing was paid.")))
refuses(OVERDRAWN, Problem("line_overdrawn", _("The budget line does not hold that much.")))
refuses(
    "uq_ledger_entry_once",
    Problem("booked_already", _("This stands in the ledger already. It is booked once only.")),
    columns="ledger_entry.kind, ledger_entry.subject_code",
)
refuses(
    "uq_change_request_open",
    Problem("change_open", _("A change of this kind is asked for already. Withdraw it first, or wait for the answer.")),
    columns="change_request.pilot_id, change_request.kind",
)
