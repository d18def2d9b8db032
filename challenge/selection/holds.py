"""What the database itself holds about outcomes, on both databases, and how its refusals read.

The money: current awards of a round never exceed its budget. PostgreSQL takes the round's row lock first
(``FOR NO KEY UPDATE``, as for pairing: design.md §4.1), then sums; SQLite has one writer and sums. Awards of proposals
that have withdrawn or lapsed are free again, and so is what a pilot that ended early gave back. The words: an outcome’s
content is never changed, nor its row removed. Selections and remarks about scenarios are only ever added.
"""

from __future__ import annotations

from challenge.kernel.constraints import refuses
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.triggers import Trigger, append_only, register

BUDGET = "outcome_within_budget"
FIXED = "outcome_content_is_fixed"
FREED = "('withdrawn', 'lapsed')"
AWARDS = (
    "SELECT coalesce(sum(o.amount_cents - coalesce(p.released_cents, 0)), 0)"
    " FROM outcome o JOIN proposal p ON p.id = o.proposal_id"
    f" WHERE o.round_id = {{round}} AND o.state IN ('approved', 'announced') AND p.state NOT IN {FREED}"
)
TAKEN_AGAIN = "coalesce(NEW.released_cents, 0) < coalesce(OLD.released_cents, 0)"
BINDS = "NEW.amount_cents IS NOT NULL AND NEW.state IN ('approved', 'announced')"
CONTENT = (
    "round_id", "round_code", "proposal_id", "verdict", "amount_cents", "reserve_rank", "reasons", "note", "deviation",
    "accept_by", "revision_number", "revision_hash", "proposed_by", "code", "created_at",
)  # fmt: skip


def _over_budget(name: str, table: str, event: str, when: str, round_id: str) -> Trigger:
    over = f"(SELECT budget_cents FROM round WHERE id = {round_id}) < ({AWARDS.format(round=round_id)})"
    raises = "USING ERRCODE = 'integrity_constraint_violation'"
    return Trigger(
        name,
        sqlite=(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, '{BUDGET}') WHERE {over}; END",
        ),
        postgresql=(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"PERFORM 1 FROM round WHERE id = {round_id} FOR NO KEY UPDATE; "
            f"IF {over} THEN RAISE EXCEPTION '{BUDGET}' {raises}; END IF; RETURN NULL; END $$",
            f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()",
        ),
    )


def _fixed(name: str, table: str, event: str, sqlite_when: str, postgresql_when: str) -> Trigger:
    return Trigger(
        name,
        sqlite=(
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} {sqlite_when} BEGIN SELECT RAISE(ABORT, '{FIXED}'); END",
        ),
        postgresql=(
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{FIXED}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
            f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW {postgresql_when} EXECUTE FUNCTION {name}()",
        ),
    )


def _changed(columns: tuple[str, ...], comparison: str) -> str:
    return " OR ".join(f"NEW.{column} {comparison} OLD.{column}" for column in columns)


def _no_change(name: str, table: str, columns: tuple[str, ...], also: str = "") -> Trigger:
    return _fixed(
        name, table, "UPDATE",
        sqlite_when=f"WHEN {also}{_changed(columns, 'IS NOT')}",
        postgresql_when=f"WHEN ({also}{_changed(columns, 'IS DISTINCT FROM')})",
    )  # fmt: skip


TRIGGERS = (
    _over_budget("outcome_budget_on_insert", "outcome", "INSERT", BINDS, "NEW.round_id"),
    _over_budget(
        "outcome_budget_on_update", "outcome", "UPDATE OF state, amount_cents, round_id", BINDS, "NEW.round_id"
    ),
    _over_budget(
        "outcome_budget_on_round", "round", "UPDATE OF budget_cents", "NEW.budget_cents IS NOT NULL", "NEW.id"
    ),
    _over_budget(
        "outcome_budget_on_proposal", "proposal", "UPDATE OF state, released_cents",
        f"(OLD.state IN {FREED} AND NEW.state NOT IN {FREED}) OR {TAKEN_AGAIN}", "NEW.round_id",
    ),
    _no_change("outcome_no_rewrite", "outcome", CONTENT, also="OLD.state = 'superseded' OR "),
    _fixed("outcome_no_delete", "outcome", "DELETE", "", ""),
    _no_change("outcome_condition_no_rewrite", "outcome_condition", ("outcome_id", "place", "text")),
    _fixed("outcome_condition_no_delete", "outcome_condition", "DELETE", "", ""),
    *append_only("selection"),
    *append_only("kept_ranking"),
    *append_only("scenario_remark"),
)  # fmt: skip


def register_all() -> None:
    """Have the triggers made with the schema, and the refusals read as reasons."""
    for trigger in TRIGGERS:
        register(trigger)
    refuses(
        BUDGET,
        Problem("over_budget", _("The round’s budget does not cover this award. Lower it, or withdraw another award.")),
    )
    refuses(FIXED, Problem("outcome_fixed", _("An outcome is never rewritten. Withdraw it and propose a new one.")))
    refuses(
        "uq_scenario_adopted",
        Problem("scenario_adopted", _("Somebody else has just adopted another scenario. Look at it first.")),
        columns="scenario.round_id",
    )
    refuses(
        "ck_outcome_two_people", Problem("second_person", _("You proposed this. Another coordinator must approve it."))
    )
    for name in ("uq_outcome_pending", "uq_outcome_told"):
        refuses(
            name,
            Problem(
                "outcome_pending", _("Somebody else has just decided on this proposal. Look at their outcome first.")
            ),
            columns="outcome.proposal_id",
        )
    refuses(
        "uq_outcome_reserve_rank",
        Problem(
            "reserve_rank_taken", _("Another proposal has this place on the reserve list."),
            {"reserve_rank": _("Choose a place that is free")},
        ),
        columns="outcome.round_id, outcome.reserve_rank",
    )  # fmt: skip
    refuses(
        "ck_appeal_handler_took_no_part",
        Problem("handler_took_part", _("Whoever took part in the decision cannot handle the appeal against it.")),
    )
    for name, column in (("proposal", "appeal.proposal_id"), ("submission", "appeal.submission_id")):
        refuses(
            f"uq_appeal_open_{name}",
            Problem("appeal_open", _("There is an open appeal already. Its handler will answer it.")),
            columns=column,
        )
    refuses(
        "ck_result_release_two_people",
        Problem("second_person", _("You asked for this. A second person must approve it.")),
    )
