"""Writing the ledger. Whoever calls has locked the pilot; each act books one entry whose postings add up to nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import case, func
from sqlmodel import col, select

from challenge.kernel.errors import Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.money import split
from challenge.kernel.work import Work
from challenge.pilots.content import WORKFLOW
from challenge.pilots.models import Pilot, Tranche
from challenge.pilots.money.models import ChangeRequest, Claim, LedgerEntry, Posting
from challenge.pilots.money.states import Account, EntryKind
from challenge.proposals.money import budgets_of, funded, own_shares_of
from challenge.proposals.states import BudgetCategory

A = Account
Line = tuple[int, BudgetCategory]


@dataclass(frozen=True, slots=True)
class Move:
    """A posting to be: on which account, whose, for what, how much."""

    account: Account
    cents: int
    organisation_id: int | None = None
    category: BudgetCategory | None = None


def book(
    w: Work, pilot: Pilot, kind: EntryKind, moves: Iterable[Move], *, subject: str, on: date, note: str = ""
) -> LedgerEntry:
    """Write an entry: its postings first, then the entry that closes them. The step names every posting."""
    moves = [move for move in moves if move.cents]
    entry = LedgerEntry(
        pilot_id=pilot.id, round_code=pilot.round_code, kind=kind, subject_code=subject, booked_on=on, note=note[:200],
        by_id=w.actor.id,
    )  # fmt: skip
    for move in moves:
        w.session.add(
            Posting(
                entry_code=entry.code, account=move.account, cents=move.cents, organisation_id=move.organisation_id,
                category=move.category,
            )
        )  # fmt: skip
    w.session.flush()
    w.add(entry)
    told = [[str(move.account), move.organisation_id, move.category and str(move.category), move.cents]
            for move in moves]  # fmt: skip
    w.note(WORKFLOW, pilot, "book", {"entry": entry.code, "kind": str(kind), "about": subject, "postings": told})
    return entry


# What stands in it


def balances(w: Work, pilot: Pilot) -> dict[tuple[Account, int | None, BudgetCategory | None], int]:
    """(account, partner, category) → cents."""
    rows = w.session.exec(
        select(Posting.account, Posting.organisation_id, Posting.category, func.sum(Posting.cents))
        .join(LedgerEntry, col(LedgerEntry.code) == Posting.entry_code)
        .where(LedgerEntry.pilot_id == pilot.id)
        .group_by(col(Posting.account), col(Posting.organisation_id), col(Posting.category))
    )
    return {
        (Account(account), whose, BudgetCategory(category) if category is not None else None): int(cents)
        for account, whose, category, cents in rows
    }


def on(w: Work, pilot: Pilot, account: Account) -> int:
    """What stands on an account of the pilot, over all partners and categories."""
    return sum(cents for key, cents in balances(w, pilot).items() if key[0] is account)


def paid(w: Work, pilot_ids: Collection[int]) -> dict[int, int]:
    """Pilot id → the cents that left the bank, less what came back; a pilot without a ledger is not in it."""
    left_bank = case((col(Posting.account) == A.BANK, -col(Posting.cents)), else_=0)
    rows = w.session.exec(
        select(LedgerEntry.pilot_id, func.sum(left_bank))
        .join(Posting, col(Posting.entry_code) == LedgerEntry.code)
        .where(col(LedgerEntry.pilot_id).in_(pilot_ids))
        .group_by(col(LedgerEntry.pilot_id))
    )
    return {pilot_id: int(cents) for pilot_id, cents in rows}


def awarded(w: Work, pilot: Pilot) -> int | None:
    """What may be paid in all; before the award is booked, the budget. None: not known."""
    is_open = _is_open(w, pilot)
    return -on(w, pilot, A.AWARDED) if is_open else pilot.budget_cents


def lines(w: Work, pilot: Pilot) -> dict[Line, int]:
    """The budget lines as they stand: (partner, category) → cents."""
    if not _is_open(w, pilot):
        return drafted(w, pilot)
    return {
        (whose, category): cents
        for (account, whose, category), cents in balances(w, pilot).items()
        if account is A.PLANNED and whose is not None and category is not None
    }


def left(w: Work, pilot: Pilot, line: Line) -> int:
    """What a budget line still holds."""
    spent = balances(w, pilot).get((A.COST, *line), 0)
    return lines(w, pilot).get(line, 0) - spent


def owes(w: Work, pilot: Pilot, whose: int | None) -> int:
    """What a partner was paid and has not accounted for."""
    return max(balances(w, pilot).get((A.ADVANCE, whose, None), 0), 0)


def _is_open(w: Work, pilot: Pilot) -> bool:
    found = select(LedgerEntry.id).where(LedgerEntry.pilot_id == pilot.id, LedgerEntry.kind == EntryKind.AWARD)
    return w.session.exec(found).first() is not None


def drafted(w: Work, pilot: Pilot) -> dict[Line, int]:
    """The budget as it will be booked: what was asked for; cut or raised in proportion where the award differs."""
    if pilot.budget_cents is None or pilot.organisation_id is None:
        return {}
    ids = [pilot.proposal_id] if pilot.proposal_id is not None else []
    costs, paid = budgets_of(w, ids), own_shares_of(w, ids)
    asked = [funded(costs[key], paid.get(key, ())) for key in costs]
    found = sorted((line, cents) for line, cents in (asked[0] if asked else {}).items() if cents)
    if not found:
        return {(pilot.organisation_id, BudgetCategory.OTHER): pilot.budget_cents} if pilot.budget_cents else {}
    cents = split(pilot.budget_cents, [asked_for for _line, asked_for in found])
    return {line: part for (line, _asked), part in zip(found, cents, strict=True) if part}


def history_of(w: Work, pilot: Pilot, change: ChangeRequest) -> tuple[int, int]:
    """Of the line a change takes from: what was planned at first, and what has been moved out of it since.

    A release is no move: the pilot has ended then.
    """
    if change.from_id is None or change.from_category is None:
        return 0, 0
    line = (change.from_id, change.from_category)
    if not _is_open(w, pilot):
        return drafted(w, pilot).get(line, 0), 0
    rows = w.session.exec(
        select(LedgerEntry.kind, Posting.cents)
        .join(Posting, col(Posting.entry_code) == LedgerEntry.code)
        .where(
            LedgerEntry.pilot_id == pilot.id, Posting.account == A.PLANNED,
            Posting.organisation_id == line[0], Posting.category == line[1],
        )
    ).all()  # fmt: skip
    first = sum(cents for kind, cents in rows if kind is EntryKind.AWARD)
    return first, -sum(cents for kind, cents in rows if kind is EntryKind.TRANSFER and cents < 0)


# What is booked


def open_ledger(w: Work, pilot: Pilot) -> None:
    """Book the award on its budget lines, once. Pilots from before there was a ledger get theirs when it is needed."""
    planned = {} if _is_open(w, pilot) else drafted(w, pilot)
    if planned:
        moves = [Move(A.AWARDED, -sum(planned.values()))]
        moves += [Move(A.PLANNED, cents, *line) for line, cents in planned.items()]
        book(w, pilot, EntryKind.AWARD, moves, subject=pilot.code, on=w.now.date())


def payee_of(pilot: Pilot, tranche: Tranche) -> int:
    """To whom, or from whom, a tranche goes."""
    found = tranche.recovers_from_id or tranche.payee_id or pilot.organisation_id
    if found is None:
        raise Refused(NO_PAYEE)
    return found


NO_PAYEE = Problem("no_payee", _("Nobody is named to whom this is paid."))


def pay(w: Work, pilot: Pilot, tranche: Tranche, day: date) -> None:
    """Money went to a partner, or came back from one."""
    open_ledger(w, pilot)
    back = tranche.recovers_from_id is not None
    cents = -tranche.cents if back else tranche.cents
    moves = [Move(A.BANK, -cents), Move(A.ADVANCE, cents, payee_of(pilot, tranche))]
    kind = EntryKind.RECOVERY if back else EntryKind.PAYMENT
    book(w, pilot, kind, moves, subject=tranche.code, on=day, note=tranche.label)


def accept(w: Work, pilot: Pilot, claim: Claim) -> None:
    """What a partner spent is accepted: less of what it was paid is still to be accounted for."""
    open_ledger(w, pilot)
    whose, category, cents = claim.organisation_id, claim.category, claim.cents or 0
    moves = [Move(A.ADVANCE, -cents, whose), Move(A.COST, cents, whose, category)]
    book(w, pilot, EntryKind.CLAIM, moves, subject=claim.code, on=w.now.date())


def transfer(w: Work, pilot: Pilot, change: ChangeRequest) -> None:
    """Move money between two budget lines."""
    open_ledger(w, pilot)
    cents = change.cents or 0
    moves = [
        Move(A.PLANNED, -cents, change.from_id, change.from_category),
        Move(A.PLANNED, cents, change.to_id, change.to_category),
    ]
    book(w, pilot, EntryKind.TRANSFER, moves, subject=change.code, on=w.now.date())


def settle(w: Work, pilot: Pilot) -> int:
    """A pilot ends early: what is neither paid nor spent is free; what is paid and not accounted for is asked back.

    The lines shrink in proportion to what they still hold; each recovery is a tranche the other way, which two people
    approve as any other. Returns the cents given back to the round.
    """
    if not _is_open(w, pilot):
        return 0
    now = balances(w, pilot)
    room = {line: cents - now.get((A.COST, *line), 0) for line, cents in lines(w, pilot).items()}
    free = max(min(sum(room.values()), -on(w, pilot, A.AWARDED) + on(w, pilot, A.BANK)), 0)
    if free:
        cut = split(free, list(room.values()))
        moves: list[Move] = [Move(A.AWARDED, free)]
        moves += [Move(A.PLANNED, -part, *line) for line, part in zip(room, cut, strict=True)]
        book(w, pilot, EntryKind.RELEASE, moves, subject=pilot.code, on=w.now.date())
    for (account, whose, _category), cents in sorted(now.items(), key=lambda entry: entry[0][1] or 0):
        if account is A.ADVANCE and cents > 0:
            ask_back(w, pilot, whose, cents)
    return free


def ask_back(w: Work, pilot: Pilot, whose: int | None, cents: int) -> Any:
    """Plan what a partner has to pay back."""
    label, due_on = str(_("Paid and not accounted for")), w.now.date()
    return w.add(
        Tranche(
            pilot_id=pilot.id, round_code=pilot.round_code, label=label, cents=cents, due_on=due_on,
            recovers_from_id=whose,
        )
    )  # fmt: skip
