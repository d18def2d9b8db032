"""Words of the ledger, of claims and of change requests."""

from enum import StrEnum

from challenge.kernel.i18n import Text, _
from challenge.kernel.workflow import Label


class Account(StrEnum):
    """Where money stands. What leaves one account enters others: the postings of an entry add up to nothing."""

    AWARDED = "awarded"  # what the programme has promised, as a debt of the programme
    PLANNED = "planned"  # what a partner may spend in a category
    BANK = "bank"  # the programme's account: what was paid, and what came back
    ADVANCE = "advance"  # what a partner was paid, less what it has accounted for
    COST = "cost"  # what a partner has accounted for in a category


ACCOUNTS: dict[Account, Text] = {
    Account.AWARDED: _("Sum awarded"),
    Account.PLANNED: _("Budget line"),
    Account.BANK: _("Programme’s account"),
    Account.ADVANCE: _("Paid, not yet accounted for"),
    Account.COST: _("Accepted costs"),
}


class EntryKind(StrEnum):
    """What an entry of the ledger says."""

    AWARD = "award"
    PAYMENT = "payment"
    CLAIM = "claim"
    TRANSFER = "transfer"
    RELEASE = "release"
    RECOVERY = "recovery"


ENTRIES: dict[EntryKind, Text] = {
    EntryKind.AWARD: _("Sum awarded"),
    EntryKind.PAYMENT: _("Tranche paid"),
    EntryKind.CLAIM: _("Claim accepted"),
    EntryKind.TRANSFER: _("Moved between budget lines"),
    EntryKind.RELEASE: _("Not paid, back to the programme"),
    EntryKind.RECOVERY: _("Paid back by a partner"),
}


class ClaimState(StrEnum):
    """From the receipts to the accepted cost."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"


C = ClaimState
CLAIM_LABELS: dict[ClaimState, Label] = {
    C.DRAFT: Label(_("Draft"), _("Draft"), "off"),
    C.SUBMITTED: Label(_("Submitted"), _("Submitted"), "sea"),
    C.RETURNED: Label(_("Returned"), _("Submitted"), "sun"),
    C.ACCEPTED: Label(_("Accepted"), _("Accepted"), "moss"),
    C.WITHDRAWN: Label(_("Withdrawn"), _("Withdrawn"), "off"),
}


class ChangeKind(StrEnum):
    """What is to be otherwise."""

    DATES = "dates"
    MONEY = "money"
    SCOPE = "scope"
    MEMBERS = "members"


CHANGES: dict[ChangeKind, Text] = {
    ChangeKind.DATES: _("Other dates"),
    ChangeKind.MONEY: _("Money between budget lines"),
    ChangeKind.SCOPE: _("Other work"),
    ChangeKind.MEMBERS: _("Other cities"),
}


class ChangeState(StrEnum):
    """From the wish to the answer."""

    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


A = ChangeState
CHANGE_LABELS: dict[ChangeState, Label] = {
    A.ASKED: Label(_("Requested"), _("Requested"), "sea"),
    A.GRANTED: Label(_("Granted"), _("Granted"), "moss"),
    A.REFUSED: Label(_("Refused"), _("Refused"), "rose"),
    A.WITHDRAWN: Label(_("Withdrawn"), _("Withdrawn"), "off"),
}
