"""The life of a tranche, of a claim and of a change request: one table each."""

from __future__ import annotations

from typing import Any

from challenge.kernel import editing, revision
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.kernel.workflow import Transition as T  # noqa: N817 -- a table of them
from challenge.kernel.workflow import Workflow
from challenge.pilots.asks import Points, Reason
from challenge.pilots.models import Tranche
from challenge.pilots.money import rules, schemas
from challenge.pilots.money.asks import Payment
from challenge.pilots.money.models import ChangeRequest, Claim
from challenge.pilots.money.states import CHANGE_LABELS, CLAIM_LABELS, ChangeKind, ChangeState, ClaimState
from challenge.pilots.rules import is_coordinator, of_its_pilot
from challenge.pilots.states import TRANCHE_LABELS
from challenge.pilots.states import TrancheState as S

PLANNED = (S.PLANNED, S.DUE, S.APPROVED)
runs_it = of_its_pilot(is_coordinator)


def paid(_w: Work, tranche: Tranche, given: Payment) -> None:
    """When, and where it stands in the accounts."""
    tranche.paid_on, tranche.reference = given.paid_on, given.reference


# fmt: off
TRANCHE = Workflow("tranche", S.PLANNED, frozenset({S.PAID, S.CANCELLED}), TRANCHE_LABELS, (
    T("put_up", (S.PLANNED,), S.DUE, runs_it, _("Put up for payment"), rules.PAYABLE,
      told=_("Was put up for payment"), tone="primary"),
    T("approve", (S.DUE,), S.APPROVED, runs_it, _("Approve the payment"), rules.PAYABLE, keys=2, fresh=True,
      told=_("Payment approved by two"), tone="primary"),
    T("pay", (S.APPROVED,), S.PAID, runs_it, _("Record the payment"), rules.PAYABLE, asks=Payment, effects=(paid,),
      fresh=True, told=_("Paid"), tone="primary"),
    T("hold_back", (S.DUE, S.APPROVED), S.PLANNED, runs_it, _("Hold back"), asks=Reason, told=_("Held back")),
    T("cancel", PLANNED, S.CANCELLED, runs_it, _("Cancel"), offered=False, told=_("Tranche cancelled"),
      tone="warning"),
))
# fmt: on


C = ClaimState
OPEN_CLAIM = (C.DRAFT, C.RETURNED)


def claimed(w: Work, claim: Claim, _given: Any) -> dict[str, Any]:
    """The columns as the form says them; what was handed in is kept as a revision."""
    form = schemas.read(claim.answers)
    claim.category, claim.cents, claim.currency, claim.minor = form.category, form.cents, form.currency, form.amount
    claim.rate, claim.rate_on, claim.rate_source = form.rate, form.rate_on, form.rate_source
    claim.submitted_at, claim.submitted_by_id, claim.points = w.now, w.actor.id, ""
    kept = revision.revise(w, rules.CLAIMING, claim, {"answers": claim.answers, "cents": claim.cents})
    editing.end(w, rules.CLAIMING, claim)
    return revision.named(kept)


def returned(_w: Work, claim: Claim, given: Points) -> None:
    """What must be put right."""
    claim.points = given.points


# fmt: off
CLAIM = Workflow(rules.CLAIMING, C.DRAFT, frozenset({C.ACCEPTED, C.WITHDRAWN}), CLAIM_LABELS, (
    T("submit", OPEN_CLAIM, C.SUBMITTED, rules.claims_for_partner, _("Submit the claim"),
      (rules.pilot_began, rules.claim_is_complete, rules.has_receipt), effects=(claimed,),
      told=_("Claim submitted"), tone="primary"),
    T("accept", (C.SUBMITTED,), C.ACCEPTED, rules.checks_claims, _("Accept the claim"), (rules.is_within_line,),
      fresh=True, told=_("Claim accepted"), tone="primary"),
    T("send_back", (C.SUBMITTED,), C.RETURNED, rules.checks_claims, _("Send back"), asks=Points, effects=(returned,),
      told=_("Claim sent back")),
    T("withdraw", (*OPEN_CLAIM, C.SUBMITTED), C.WITHDRAWN, rules.claims_for_partner, _("Withdraw the claim"),
      told=_("Claim withdrawn"), tone="warning",
      warns=_("The claim ends. The cost can be claimed again in a new one.")),
))
# fmt: on


A = ChangeState
PLAIN, MONEY, BY_TWO = "plain", "money", "by two"


def weight(change: ChangeRequest) -> str:
    """How heavy a change is: of money, and of more than one person may move."""
    if change.kind is not ChangeKind.MONEY:
        return PLAIN
    return BY_TWO if change.by_two else MONEY


def _is(*weights: str) -> Any:
    return lambda variant: variant in weights


def decided(w: Work, change: ChangeRequest, given: Reason | None) -> None:
    """When, and with which words."""
    change.decided_at = w.now
    change.answer = given.reason if given is not None else ""


# fmt: off
GRANTABLE = (
    rules.pilot_is_open, rules.end_is_possible, rules.agreement_has_room, rules.cities_would_do, rules.line_holds_it,
    rules.is_within_one_key,
)
CHANGE = Workflow(rules.CHANGING, A.ASKED, frozenset({A.GRANTED, A.REFUSED, A.WITHDRAWN}), CHANGE_LABELS, (
    T("grant", (A.ASKED,), A.GRANTED, rules.decides_changes, _("Grant"), GRANTABLE, effects=(decided,),
      told=_("Granted"), tone="primary", when=_is(PLAIN)),
    T("grant", (A.ASKED,), A.GRANTED, rules.decides_changes, _("Grant"), GRANTABLE, effects=(decided,), fresh=True,
      told=_("Granted"), tone="primary", when=_is(MONEY)),
    T("grant", (A.ASKED,), A.GRANTED, rules.decides_changes, _("Grant"), GRANTABLE, effects=(decided,), keys=2,
      fresh=True, told=_("Granted by two"), tone="primary", when=_is(BY_TWO)),
    T("refuse", (A.ASKED,), A.REFUSED, rules.decides_changes, _("Refuse"), asks=Reason, effects=(decided,),
      told=_("Refused")),
    T("withdraw", (A.ASKED,), A.WITHDRAWN, rules.asked_it, _("Withdraw the request"), told=_("Withdrawn")),
), variant=weight)
VARIANTS = (PLAIN, MONEY, BY_TWO)
# fmt: on
