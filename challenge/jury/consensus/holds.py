"""What the database itself holds about a consensus, on both databases: notes stay, what is agreed is never changed."""

from __future__ import annotations

from challenge.kernel.constraints import refuses
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.triggers import Trigger, append_only, register

FIXED = "consensus_is_fixed"
CONTENT = (
    "code", "created_at", "round_id", "round_code", "proposal_id", "gate", "moderator_id", "revision", "note",
    "statement", "saved_at", "agreed_at",
)  # fmt: skip
DONE = "('agreed', 'superseded')"
RAISES = f"RAISE EXCEPTION '{FIXED}' USING ERRCODE = 'integrity_constraint_violation'"


def _no_rewrite() -> Trigger:
    """An agreed row moves on to superseded, and to published; nothing else of it changes."""
    name = "consensus_no_rewrite"
    moves = f"OLD.state IN {DONE} AND (NEW.state NOT IN (OLD.state, 'superseded')"

    def when(comparison: str) -> str:
        return moves + "".join(f" OR NEW.{column} {comparison} OLD.{column}" for column in CONTENT) + ")"

    return Trigger(
        name,
        sqlite=(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON consensus WHEN {when('IS NOT')} "
            f"BEGIN SELECT RAISE(ABORT, '{FIXED}'); END",
        ),
        postgresql=(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {RAISES}; END $$",
            f"CREATE TRIGGER {name} BEFORE UPDATE ON consensus FOR EACH ROW WHEN ({when('IS DISTINCT FROM')}) "
            f"EXECUTE FUNCTION {name}()",
        ),
    )


def _no_delete() -> Trigger:
    name = "consensus_no_delete"
    return Trigger(
        name,
        sqlite=(f"CREATE TRIGGER {name} BEFORE DELETE ON consensus BEGIN SELECT RAISE(ABORT, '{FIXED}'); END",),
        postgresql=(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {RAISES}; END $$",
            f"CREATE TRIGGER {name} BEFORE DELETE ON consensus FOR EACH ROW EXECUTE FUNCTION {name}()",
        ),
    )


def _of_agreed(table: str, event: str, row: str) -> Trigger:
    """Marks and answers of what is agreed stay as they are, and none is added."""
    name = f"{table}_fixed_on_{event.lower()}"
    held = f"(SELECT state FROM consensus WHERE id = {row}.consensus_id) IN {DONE}"
    return Trigger(
        name,
        sqlite=(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {held} BEGIN SELECT RAISE(ABORT, '{FIXED}'); END",
        ),
        postgresql=(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF {held} THEN {RAISES}; END IF; RETURN {row}; END $$",
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()",
        ),
    )


TRIGGERS = (
    *append_only("discussion_note"),
    _no_rewrite(),
    _no_delete(),
    *(
        _of_agreed(table, event, "OLD" if event == "DELETE" else "NEW")
        for table in ("consensus_mark", "consensus_reply")
        for event in ("INSERT", "UPDATE", "DELETE")
    ),
)


def register_all() -> None:
    """Have the triggers made with the schema, and the refusals read as reasons."""
    for trigger in TRIGGERS:
        register(trigger)
    refuses(
        FIXED,
        Problem("consensus_agreed", _("The consensus is agreed and locked. Two coordinators can open it again.")),
    )
    refuses(
        "uq_consensus_live",
        Problem("consensus_exists", _("There is a consensus for this proposal already. Look at that one.")),
        columns="consensus.gate, consensus.proposal_id",
    )
