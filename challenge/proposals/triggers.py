"""What the database itself holds of budgets, on both engines: a partner pays itself at most what it spends in a year.

Whoever writes takes the old own shares out first and puts the new ones in last. PostgreSQL takes the row lock of the
proposal before it sums (``FOR NO KEY UPDATE``, as for pairing: design.md §4.1); SQLite has one writer.
"""

from __future__ import annotations

from challenge.kernel.triggers import Trigger

OWN = "own_share_within_costs"


def _held(name: str, event: str, table: str, row: str) -> Trigger:
    """The own shares of the partner and year of ``row`` are within its costs when the event is over."""
    same = " AND ".join(f"{{0}}.{column} = {row}.{column}" for column in ("proposal_id", "organisation_id", "year"))
    costs = f"(SELECT coalesce(sum(l.cents), 0) FROM budget_line l WHERE {same.format('l')})"
    over = f"EXISTS (SELECT 1 FROM own_share o WHERE {same.format('o')} AND o.cents > {costs})"
    return Trigger(
        name,
        sqlite=(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} BEGIN SELECT RAISE(ABORT, '{OWN}') WHERE {over}; END",
        ),
        postgresql=(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"PERFORM 1 FROM proposal WHERE id = {row}.proposal_id FOR NO KEY UPDATE; "
            f"IF {over} THEN RAISE EXCEPTION '{OWN}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
            "RETURN NULL; END $$",
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ),
    )


TRIGGERS = (
    _held("own_share_on_insert", "INSERT", "own_share", "NEW"),
    _held("own_share_on_update", "UPDATE", "own_share", "NEW"),
    _held("budget_line_on_update", "UPDATE", "budget_line", "OLD"),
    _held("budget_line_on_delete", "DELETE", "budget_line", "OLD"),
)
