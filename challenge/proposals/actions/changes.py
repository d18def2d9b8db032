"""What an edit means for those who have signed."""

from __future__ import annotations

from typing import Any

from sqlmodel import select

from challenge.kernel import revision
from challenge.kernel.work import Work
from challenge.proposals import content
from challenge.proposals.actions.tasks import follow_gate
from challenge.proposals.asks import Voided
from challenge.proposals.models import Commitment, Proposal
from challenge.proposals.states import CommitmentKind, CommitmentState
from challenge.proposals.workflow import COMMITMENT


def content_changed(w: Work, proposal: Proposal) -> list[Commitment]:
    """After an edit: signatures under another content are void, with what changed; gives back those.

    A formal decision carries forward unless the role, the money or the scope of its city changed.
    """
    proposal.saved_at = w.now
    w.session.flush()
    follow_gate(w, proposal)
    signed = w.session.exec(
        select(Commitment).where(Commitment.proposal_id == proposal.id, Commitment.state == CommitmentState.SIGNED)
    ).all()
    if not signed:
        return []
    now = content.current(w, proposal)
    cities = {city.id: city for city in content.cities(w, proposal)}
    void = []
    for commitment in signed:
        city = cities.get(commitment.city_id)
        if commitment.kind is CommitmentKind.SIGN_OFF:
            holds = commitment.revision_hash == now.hash
        else:
            holds = city is not None and commitment.scope_hash == content.scope_hash(now.content, city)
        if not holds:
            void.append(commitment)
    if void:
        content.keep(w, proposal)
    if void:
        names = sorted({cities[row.city_id].name for row in void if row.city_id in cities})
        w.note(content.WORKFLOW, proposal, "signatures_void", {"comment": ", ".join(names)})
    for commitment in void:
        COMMITMENT.cause(w, commitment, "void", Voided(changed=_since(w, proposal, commitment, now.content)))
    return void


def _since(w: Work, proposal: Proposal, commitment: Commitment, now: dict[str, Any]) -> list[str]:
    """Which questions and lists differ from what was signed."""
    kept = revision.at(w, content.WORKFLOW, proposal.code, commitment.revision_number or 0)
    return differing(kept.content, now) if kept is not None else []


def differing(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Keys of the content that differ; the questions by their names."""
    old, new = {**before, **before["answers"]}, {**after, **after["answers"]}
    return sorted(key for key in old.keys() | new.keys() if key != "answers" and old.get(key) != new.get(key))
