"""What cities promise: the sign-off of exactly one revision, or the formal decision of their body."""

from __future__ import annotations

from sqlmodel import col, select

from challenge.kernel import attachment, revision
from challenge.kernel.attachment import Stored
from challenge.kernel.errors import Forbidden, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.proposals import content, rules
from challenge.proposals.actions.permits import permit, require
from challenge.proposals.actions.tasks import follow_gate
from challenge.proposals.asks import Decision, Ended, Signature
from challenge.proposals.content import City
from challenge.proposals.models import Commitment, Proposal
from challenge.proposals.queries import partner_city
from challenge.proposals.states import CommitmentKind, CommitmentState
from challenge.proposals.workflow import COMMITMENT, LIVE

CHANGED = Problem(
    "content_changed", _("The proposal was changed after you opened it. Read what changed, then sign this version.")
)


def ask_commitment(w: Work, proposal: Proposal, city_code: str, kind: CommitmentKind) -> Commitment:
    """Ask a city for its sign-off or its formal decision; asking again after it became void is the same act."""
    permit(w, proposal, rules.runs_team)
    require(w, proposal, rules.is_live)
    city = partner_city(w, proposal, city_code)
    if live(w, proposal, city, kind) is not None:
        raise Refused(Problem("asked_already", _("%(city)s is asked already, or has signed.", city=city.name)))
    asked = _asked(w, proposal, city, kind)
    w.note(content.WORKFLOW, proposal, "city_asked", {"city": city.code, "kind": str(kind), "comment": city.name})
    return asked


def ask_sign_off(w: Work, proposal: Proposal, city_code: str) -> Commitment:
    """Ask a city to sign the current version."""
    return ask_commitment(w, proposal, city_code, CommitmentKind.SIGN_OFF)


def sign_off(w: Work, proposal: Proposal, city_code: str, given: Signature) -> Commitment:
    """The lead or deputy of a partner city signs exactly what they have seen."""
    city = partner_city(w, proposal, city_code)
    commitment = _for(w, proposal, city, CommitmentKind.SIGN_OFF)
    if problem := rules.is_signer(w, commitment):
        raise Forbidden(problem)
    require(w, proposal, rules.is_live)
    if content.current(w, proposal).hash != given.revision_hash:
        raise Refused(CHANGED)
    kept = content.keep(w, proposal)
    exact = Signature(revision_number=kept.number, revision_hash=kept.hash)
    COMMITMENT.fire(w, commitment, "sign", exact)
    said = str(_("%(city)s, version %(number)s", city=city.name, number=kept.number))
    w.note(content.WORKFLOW, proposal, "city_signed", {"city": city.code, "comment": said})
    follow_gate(w, proposal)
    return commitment


def record_decision(
    w: Work, proposal: Proposal, city_code: str, given: Decision, document: Stored | None = None
) -> Commitment:
    """The lead of a partner city records what its body decided, with the document where there is one."""
    city = partner_city(w, proposal, city_code)
    commitment = _for(w, proposal, city, CommitmentKind.FORMAL_DECISION)
    if problem := rules.is_city_lead(w, commitment):
        raise Forbidden(problem)
    require(w, proposal, rules.is_live)
    now = content.keep(w, proposal)
    commitment.revision_number, commitment.revision_hash = now.number, now.hash
    commitment.scope_hash = content.scope_hash(now.content, city)
    if document is not None:
        commitment.attachment_code = attachment.attach(w, COMMITMENT.name, commitment, document).code
    COMMITMENT.fire(w, commitment, "record", given)
    said = f"{city.name}, {given.body}"
    w.note(content.WORKFLOW, proposal, "city_decided", {"city": city.code, "comment": said})
    follow_gate(w, proposal)
    return commitment


def withdraw_commitment(w: Work, proposal: Proposal, commitment: Commitment, given: Ended) -> None:
    """A city takes its promise back and stays a partner."""
    COMMITMENT.fire(w, commitment, "withdraw", given)
    w.note(content.WORKFLOW, proposal, "city_withdrew", {"reason": given.why})
    proposal.saved_at = w.now
    w.session.flush()
    follow_gate(w, proposal)


def live(w: Work, proposal: Proposal, city: City, kind: CommitmentKind) -> Commitment | None:
    """The asked or signed commitment of this kind."""
    return w.session.exec(
        select(Commitment).where(
            Commitment.proposal_id == proposal.id, Commitment.city_id == city.id, Commitment.kind == kind,
            col(Commitment.state).in_(LIVE),
        )
    ).first()  # fmt: skip


def _for(w: Work, proposal: Proposal, city: City, kind: CommitmentKind) -> Commitment:
    """The open request; a city may commit itself without having been asked."""
    found = live(w, proposal, city, kind)
    if found is not None and found.state is CommitmentState.SIGNED:
        raise Refused(Problem("signed_already", _("%(city)s has signed already.", city=city.name)))
    return found or _asked(w, proposal, city, kind)


def _asked(w: Work, proposal: Proposal, city: City, kind: CommitmentKind) -> Commitment:
    asked = w.add(Commitment(proposal_id=proposal.id, round_code=proposal.round_code, city_id=city.id, kind=kind))
    w.note(COMMITMENT.name, asked, "ask", {"proposal": proposal.code, "city": city.code, "kind": str(kind)})
    return asked


def last_signed(w: Work, proposal: Proposal, city: City) -> revision.Revision | None:
    """The revision this city signed last, whether or not the signature still counts."""
    number = w.session.exec(
        select(Commitment.revision_number)
        .where(
            Commitment.proposal_id == proposal.id, Commitment.city_id == city.id,
            col(Commitment.signed_at).is_not(None),
        )
        .order_by(col(Commitment.signed_at).desc(), col(Commitment.id).desc())
        .limit(1)
    ).first()  # fmt: skip
    return revision.at(w, content.WORKFLOW, proposal.code, number) if number else None
