"""The ledgers of pilots against the journal: every entry balances, and says what its step said when it was booked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select as sa_select
from sqlmodel import col, select

from challenge.kernel.journal import Step, StepText
from challenge.kernel.work import Work
from challenge.pilots.content import WORKFLOW
from challenge.pilots.money import queries
from challenge.pilots.money.models import LedgerEntry, Posting


def faults(w: Work) -> Iterator[str]:
    """Every entry that does not balance, that nobody booked, or that is not what was booked, in words.

    Where a person was erased, the words of their steps are gone: then an entry without its step is no fault.
    """
    yield from queries.faults(w)
    (told, silent), held = _told(w), _held(w)
    entries = w.session.exec(select(LedgerEntry.code).order_by(col(LedgerEntry.id))).all()
    for code in entries:
        if code in told and told[code] != held.get(code, []):
            yield f"ledger entry {code} is not what was booked"
        elif code not in told and not silent:
            yield f"ledger entry {code} is in no step of the journal"
    yield from (f"ledger entry {code} was booked and is gone" for code in told.keys() - set(entries))


def _told(w: Work) -> tuple[dict[str, list[list[Any]]], int]:
    """Entry → its postings as the step names them; and how many steps have lost their words."""
    rows = w.session.execute(
        sa_select(col(Step.id), col(StepText.given))
        .outerjoin(StepText, col(StepText.step_id) == Step.id)
        .where(col(Step.workflow) == WORKFLOW, col(Step.transition) == "book")
    ).all()
    kept = [given for _step, given in rows if given and "entry" in given]
    return {given["entry"]: sorted(given["postings"], key=str) for given in kept}, len(rows) - len(kept)


def _held(w: Work) -> dict[str, list[list[Any]]]:
    """Entry → its postings as they stand."""
    found: dict[str, list[list[Any]]] = {}
    for row in w.session.exec(select(Posting)):
        category = str(row.category) if row.category is not None else None
        found.setdefault(row.entry_code, []).append([str(row.account), row.organisation_id, category, row.cents])
    return {code: sorted(rows, key=str) for code, rows in found.items()}
