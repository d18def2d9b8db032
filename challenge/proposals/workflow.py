"""The life of a proposal and of a commitment: one table each."""

from __future__ import annotations

from challenge.kernel.i18n import _
from challenge.kernel.workflow import Transition as T  # noqa: N817 -- a table of them
from challenge.kernel.workflow import Variant, Workflow
from challenge.proposals import effects as does
from challenge.proposals import rules
from challenge.proposals.asks import Decision, Declined, Ended, Ineligible, Reason, Screening, Signature, Until, Voided
from challenge.proposals.content import WORKFLOW, gates_of
from challenge.proposals.models import Commitment, Proposal
from challenge.proposals.rules import is_city_lead, is_coordinator, is_lead, is_signer, runs_dates
from challenge.proposals.states import (
    COMMITMENT_ENDS,
    COMMITMENT_LABELS,
    ENDS,
    LABELS,
    CommitmentKind,
    CommitmentState,
)
from challenge.proposals.states import ProposalState as S
from challenge.rounds.states import Gate

IDEA, PILOT, FULL = Gate.IDEA, Gate.PILOT_PROPOSAL, Gate.FULL_PROPOSAL


# Variants: the gates on the proposal's way, and for a declined one the state in which it was declined


def variant(proposal: Proposal) -> Variant:
    """The gates that are on, and where a declined proposal stood."""
    stood = {S(proposal.stood_at)} if proposal.state is S.DECLINED and proposal.stood_at else set()
    return frozenset(gates_of(proposal)) | stood


def has_idea(v: frozenset[object]) -> bool:
    """The idea gate is on."""
    return IDEA in v


def has_pilot(v: frozenset[object]) -> bool:
    """The pilot-proposal gate is on."""
    return PILOT in v


def has_full(v: frozenset[object]) -> bool:
    """The full-proposal gate is on."""
    return FULL in v


def starts_at_pilot(v: frozenset[object]) -> bool:
    """The pilot proposal is the first gate."""
    return IDEA not in v and PILOT in v


def starts_at_full(v: frozenset[object]) -> bool:
    """The full proposal is the only gate."""
    return IDEA not in v and PILOT not in v


def idea_then_pilot(v: frozenset[object]) -> bool:
    """After the idea comes the pilot proposal."""
    return IDEA in v and PILOT in v


def idea_then_full(v: frozenset[object]) -> bool:
    """After the idea comes the full proposal."""
    return IDEA in v and PILOT not in v and FULL in v


def idea_only(v: frozenset[object]) -> bool:
    """The idea is the only gate."""
    return v & {IDEA, PILOT, FULL} == {IDEA}


def pilot_then_full(v: frozenset[object]) -> bool:
    """After the pilot proposal comes the full one."""
    return PILOT in v and FULL in v


def pilot_is_last(v: frozenset[object]) -> bool:
    """The pilot proposal is the last gate."""
    return PILOT in v and FULL not in v


def stood_in_review(v: frozenset[object]) -> bool:
    """It was declined in review."""
    return S.IN_REVIEW in v


def stood_in_shortlisting(v: frozenset[object]) -> bool:
    """It was declined in shortlisting."""
    return S.SHORTLISTING in v


def stood_in_jury(v: frozenset[object]) -> bool:
    """It was turned away by the jury."""
    return S.IN_JURY in v


HANDED_IN = (
    rules.due_date_not_over, rules.gate_has_opened, rules.answers_accepted_challenge, rules.is_complete,
)  # fmt: skip
WITH_CITIES = (*HANDED_IN, rules.pairing_holds, rules.budget_fits, rules.commitments_live)
EVALUATED = (rules.quorum, rules.spread_is_settled)
JUDGED = (*EVALUATED, rules.over_thresholds)
UNREAD = (rules.due_date_not_over, rules.before_first_review)

# fmt: off
PROPOSAL = Workflow(WORKFLOW, S.DRAFT, ENDS, LABELS, (
    T("submit", (S.DRAFT, S.RETURNED), S.SUBMITTED, is_lead, _("Submit idea"), HANDED_IN,
      effects=(does.received, does.evaluated_anew), when=has_idea, told=_("Idea submitted"), tone="primary"),
    T("begin", (S.DRAFT,), S.CO_DEVELOPMENT, is_lead, _("Begin the pilot proposal"),
      (rules.answers_accepted_challenge,), when=starts_at_pilot,
      told=_("Pilot proposal begun"), tone="primary"),
    T("begin", (S.DRAFT,), S.FINALIST, is_lead, _("Begin the full proposal"),
      (rules.answers_accepted_challenge,), when=starts_at_full,
      told=_("Full proposal begun"), tone="primary"),
    T("screen_in", (S.SUBMITTED,), S.IN_REVIEW, is_coordinator, _("Screen in"), asks=Screening,
      effects=(does.screened,), when=has_idea, told=_("Found eligible"), tone="primary"),
    T("send_back", (S.SUBMITTED,), S.RETURNED, is_coordinator, _("Send back"), asks=Until, when=has_idea,
      told=_("Sent back to the team")),
    T("find_ineligible", (S.SUBMITTED, S.IN_REVIEW, S.SHORTLISTING), S.INELIGIBLE, is_coordinator,
      _("Find ineligible"), asks=Ineligible, told=_("Found ineligible"), tone="warning",
      warns=_("The proposal leaves the round. The team reads which points failed and why.")),
    T("find_ineligible", (S.IN_JURY,), S.INELIGIBLE, is_coordinator, _("Find ineligible"), offered=False,
      told=_("Found ineligible")),
    T("invite", (S.IN_REVIEW,), S.CO_DEVELOPMENT, is_coordinator, _("Invite to co-development"), EVALUATED,
      effects=(does.evaluated_anew,), when=idea_then_pilot, told=_("Invited to co-development"), tone="primary"),
    T("invite_to_full", (S.IN_REVIEW,), S.FINALIST, is_coordinator, _("Invite to the full proposal"),
      EVALUATED, effects=(does.evaluated_anew,), when=idea_then_full,
      told=_("Invited to the full proposal"), tone="primary"),
    T("submit_pilot_proposal", (S.CO_DEVELOPMENT,), S.SHORTLISTING, is_lead, _("Submit pilot proposal"),
      WITH_CITIES, effects=(does.received, does.evaluated_anew), when=has_pilot, told=_("Pilot proposal submitted"),
      tone="primary"),
    T("name_finalist", (S.SHORTLISTING,), S.FINALIST, is_coordinator, _("Name finalist"), JUDGED,
      effects=(does.evaluated_anew,), when=pilot_then_full, told=_("Named finalist"), tone="primary"),
    T("to_jury", (S.IN_REVIEW,), S.IN_JURY, is_coordinator, _("Hand to the jury"), JUDGED,
      when=idea_only, told=_("Handed to the jury"), tone="primary"),
    T("to_jury", (S.SHORTLISTING,), S.IN_JURY, is_coordinator, _("Hand to the jury"), JUDGED,
      when=pilot_is_last, told=_("Handed to the jury"), tone="primary"),
    T("submit_full", (S.FINALIST,), S.IN_JURY, is_lead, _("Submit full proposal"), WITH_CITIES,
      effects=(does.received, does.evaluated_anew), when=has_full, told=_("Full proposal submitted"), tone="primary"),
    T("recall", (S.SUBMITTED,), S.DRAFT, is_lead, _("Take back"), UNREAD, effects=(does.recalled,), when=has_idea,
      told=_("Taken back by the team")),
    T("recall", (S.SHORTLISTING,), S.CO_DEVELOPMENT, is_lead, _("Take back"), UNREAD, when=has_pilot,
      told=_("Taken back by the team")),
    T("recall", (S.IN_JURY,), S.FINALIST, is_lead, _("Take back"), UNREAD, when=has_full,
      told=_("Taken back by the team")),
    T("reopen", (S.SHORTLISTING,), S.CO_DEVELOPMENT, is_coordinator, _("Open again"),
      (rules.before_first_review,), asks=Until, when=has_pilot, told=_("Opened again")),
    T("reopen", (S.IN_JURY,), S.FINALIST, is_coordinator, _("Open again"), (rules.before_first_review,), asks=Until,
      when=has_full, told=_("Opened again")),
    T("decline", (S.IN_REVIEW,), S.DECLINED, is_coordinator, _("Decline"), (rules.spread_is_settled,), asks=Declined,
      effects=(does.declined_at(S.IN_REVIEW),), told=_("Declined"), tone="warning",
      warns=_("The proposal goes no further in this round. The team reads your reasons.")),
    T("decline", (S.SHORTLISTING,), S.DECLINED, is_coordinator, _("Decline"), (rules.spread_is_settled,), asks=Declined,
      effects=(does.declined_at(S.SHORTLISTING),), told=_("Declined"), tone="warning",
      warns=_("The proposal goes no further in this round. The team reads your reasons.")),
    T("award", (S.IN_JURY,), S.SELECTED, is_coordinator, _("Award"),
      (*EVALUATED, rules.award_is_set, rules.pairing_holds, rules.commitments_live),
      offered=False, told=_("Selected")),
    T("put_on_reserve", (S.IN_JURY,), S.RESERVE, is_coordinator, _("Put on the reserve list"), EVALUATED,
      offered=False, told=_("Put on the reserve list")),
    T("turn_away", (S.IN_JURY,), S.DECLINED, is_coordinator, _("Decline"), EVALUATED,
      effects=(does.declined_at(S.IN_JURY),), offered=False, told=_("Declined")),
    T("promote", (S.RESERVE,), S.SELECTED, is_coordinator, _("Promote from the reserve list"),
      (rules.award_is_set, rules.pairing_holds), offered=False, told=_("Promoted from the reserve list")),
    T("turn_down", (S.SELECTED, S.RESERVE), S.WITHDRAWN, is_lead, _("Turn down"), asks=Reason, effects=(does.freed,),
      told=_("Turned down by the team"), tone="warning",
      warns=_("You give up the offer or the place on the reserve list. This cannot be taken back.")),
    T("expire", (S.SELECTED, S.RESERVE), S.LAPSED, runs_dates, _("Let the offer expire"), (rules.offer_is_over,),
      effects=(does.freed,), told=_("The offer expired"), tone="warning",
      warns=_("The offer ends, and its money and its place are free for another proposal. This cannot be taken back.")),
    T("start_pilot", (S.SELECTED,), S.PILOTED, is_coordinator, _("Start the pilot"), offered=False,
      told=_("The pilot was agreed")),
    T("merge", (S.IN_REVIEW, S.CO_DEVELOPMENT), S.MERGED, is_coordinator, _("Merge"),
      (rules.leads_agreed_to_merge,), effects=(does.merged,), told=_("Merged into another proposal"),
      tone="warning",
      warns=_("This proposal ends and goes on as part of the other one. They cannot be taken apart again.")),
    T("lapse", (S.DRAFT, S.RETURNED, S.CO_DEVELOPMENT, S.FINALIST), S.LAPSED, runs_dates, _("Let it lapse"),
      (rules.due_date_over,), told=_("Lapsed: the deadline passed"), tone="warning",
      warns=_("The proposal ends here: its deadline has passed. This cannot be taken back.")),
    T("withdraw", (S.SUBMITTED, S.RETURNED, S.IN_REVIEW, S.CO_DEVELOPMENT), S.WITHDRAWN, is_lead, _("Withdraw"),
      told=_("Withdrawn by the team"), tone="warning",
      warns=_("The proposal leaves the round, and its partner cities are free again. This cannot be taken back.")),
    T("withdraw", (S.SHORTLISTING, S.FINALIST, S.IN_JURY), S.WITHDRAWN, is_lead, _("Withdraw"), asks=Reason,
      told=_("Withdrawn by the team"), tone="warning",
      warns=_("The proposal leaves the round, and its partner cities are free again. This cannot be taken back.")),
    T("reinstate", (S.INELIGIBLE,), S.SUBMITTED, is_coordinator, _("Reinstate"), (rules.appeal_was_upheld,),
      effects=(does.brought_back,), when=has_idea, told=_("Reinstated after an appeal")),
    T("reinstate", (S.INELIGIBLE,), S.SHORTLISTING, is_coordinator, _("Reinstate"), (rules.appeal_was_upheld,),
      effects=(does.brought_back,), when=starts_at_pilot, told=_("Reinstated after an appeal")),
    T("reinstate", (S.DECLINED,), S.IN_REVIEW, is_coordinator, _("Reinstate"), (rules.appeal_was_upheld,),
      effects=(does.brought_back,), when=stood_in_review, told=_("Reinstated after an appeal")),
    T("reinstate", (S.DECLINED,), S.SHORTLISTING, is_coordinator, _("Reinstate"), (rules.appeal_was_upheld,),
      effects=(does.brought_back,), when=stood_in_shortlisting, told=_("Reinstated after an appeal")),
    T("reinstate", (S.DECLINED,), S.IN_JURY, is_coordinator, _("Reinstate"), (rules.appeal_was_upheld,),
      effects=(does.brought_back,), when=stood_in_jury, told=_("Reinstated after an appeal")),
), variant)
# fmt: on


# Commitments: the two kinds differ in who may give them and in what they say


def kind_of(commitment: Commitment) -> Variant:
    """Which kind of commitment it is."""
    return commitment.kind


def is_sign_off(kind: object) -> bool:
    """The sign-off of a revision."""
    return kind is CommitmentKind.SIGN_OFF


def is_formal_decision(kind: object) -> bool:
    """The decision of a city's body."""
    return kind is CommitmentKind.FORMAL_DECISION


C = CommitmentState
LIVE = (C.ASKED, C.SIGNED)

# fmt: off
COMMITMENT = Workflow("commitment", C.ASKED, COMMITMENT_ENDS, COMMITMENT_LABELS, (
    T("sign", (C.ASKED,), C.SIGNED, is_signer, _("Sign"), (rules.proposal_is_open,), asks=Signature,
      effects=(does.signed,), when=is_sign_off, told=_("Signed"), tone="primary"),
    T("record", (C.ASKED,), C.SIGNED, is_city_lead, _("Record the formal decision"), (rules.proposal_is_open,),
      asks=Decision, effects=(does.decided,), when=is_formal_decision, told=_("Formal decision recorded"),
      tone="primary"),
    T("void", LIVE, C.VOIDED, is_signer, _("Make void"), asks=Voided, effects=(does.voided,), offered=False,
      told=_("No longer counts")),
    T("withdraw", LIVE, C.WITHDRAWN, is_city_lead, _("Withdraw the commitment"), (rules.proposal_is_open,),
      asks=Ended, effects=(does.ended,), told=_("Commitment withdrawn"), tone="warning",
      warns=_("Your city no longer stands behind this proposal, which may not go on without it.")),
), kind_of)
# fmt: on
