"""A panel that has handed in, its consensus in a state, the applicants' reaction: plain rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlmodel import select

from challenge.jury.actions import push
from challenge.jury.consensus.models import Consensus, ConsensusMark, Note, Reaction, Reply
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.models import Juror
from challenge.kernel.work import Work
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.states import Gate
from tests.cast import PEOPLE
from tests.factories.jury import FULL, JURY, PANEL, make_judged, make_juror, make_submitted, proposal_of
from tests.factories.rounds import make_round

FAR = {"lena": 20, "oskar": 40, "ilse": 40}
NEAR = {"lena": 40, "oskar": 40, "ilse": 45}


def seat(w: Work, round_: Round, name: str) -> Juror:
    """The person's place on the panel, made if need be."""
    found = w.session.exec(
        select(Juror).where(Juror.round_id == round_.id, Juror.person_id == PEOPLE[name].id)
    ).first()  # fmt: skip
    return found or make_juror(w, round_, name)


def make_panel(
    w: Work, round_: Round, marks: Mapping[str, int | Sequence[int]] = FAR, *, comment: str = "Clear.", **fields: Any
) -> Proposal:
    """A proposal on which these jurors have handed in these marks; the comments name who wrote them."""
    proposal = make_judged(w, round_, **fields)
    for name, given in marks.items():
        made = make_submitted(w, proposal, seat(w, round_, name), given, comment=f"{comment} by-{name}")
        made.comment = f"As a whole by-{name}"
    w.session.flush()
    return proposal


def make_consensus(
    w: Work, proposal: Proposal, moderator: str = "lena", *, state: ConsensusState = ConsensusState.DRAFT,
    marks: int | None = 35, gate: Gate = FULL, **fields: Any,
) -> Consensus:  # fmt: skip
    """A consensus as a row, complete unless told otherwise; it is put into its state last."""
    round_ = w.session.get_one(Round, proposal.round_id)
    made = w.add(
        Consensus(
            round_id=round_.id, round_code=round_.code, proposal_id=proposal.id, gate=gate,
            moderator_id=seat(w, round_, moderator).id,
            **{"note": "Two had read the budget otherwise.", "statement": "Strong cities, weak plan."} | fields,
        )
    )  # fmt: skip
    for criterion in rules_of(round_).gates[gate].criteria if marks is not None else ():
        w.add(
            ConsensusMark(
                consensus_id=made.id, criterion=criterion.key, tenths=marks or 0, max_tenths=50, step_tenths=5
            )
        )
    made.state = state
    if state is ConsensusState.AGREED:
        made.agreed_at = w.now
    w.session.flush()
    return made


def answer(w: Work, consensus: Consensus, name: str, *, agrees: bool = True, reason: str = "") -> Reply:
    """A juror's answer."""
    round_ = w.session.get_one(Round, consensus.round_id)
    return w.add(
        Reply(consensus_id=consensus.id, juror_id=seat(w, round_, name).id, agrees=agrees, reason=reason, at=w.now)
    )


def make_note(w: Work, proposal: Proposal, name: str, text: str) -> Note:
    """Something a juror said."""
    place = seat(w, w.session.get_one(Round, proposal.round_id), name)
    return w.add(Note(proposal_id=proposal.id, gate=FULL, juror_id=place.id, text=text, at=w.now))


def make_reaction(w: Work, proposal: Proposal, *, days: int = 7, text: str = "", **fields: Any) -> Reaction:
    """The comments opened now, and answered where there is a text."""
    said = {"text": text, "answered_at": w.now, "answered_by_id": proposal.lead_id} if text else {}
    return w.add(
        Reaction(
            round_id=proposal.round_id, round_code=proposal.round_code, proposal_id=proposal.id, gate=FULL,
            opened_at=w.now, opened_by_id=PEOPLE["jaan"].id, until=w.now + timedelta(days=days),
            **{"comments": [{"criterion": "impact", "text": "Clear."}]} | said | fields,
        )
    )  # fmt: skip


def panel_of(world: Any, marks: Mapping[str, int | Sequence[int]] = FAR, **fields: Any) -> dict[str, str]:
    """A round at jury time with one proposal on which the panel has handed in: its codes by name."""
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w)
        proposal = make_panel(w, round_, marks, **{"title": "Proposal 1"} | fields)
        places = {f"juror_{name}": seat(w, round_, name).code for name in PANEL}
        return {"round": round_.code, "p1": proposal.code, **places}


def consensus_in(
    world: Any,
    state: ConsensusState = ConsensusState.DRAFT,
    given: Mapping[str, int | Sequence[int]] = FAR,
    **fields: Any,
) -> dict[str, str]:
    """A panel with its consensus in a state, lena moderates; the others have confirmed and the team has answered."""
    codes = panel_of(world, given)
    with world.acting() as w:
        proposal = proposal_of(w, codes["p1"])
        consensus = make_consensus(w, proposal, **fields)
        if state is not ConsensusState.DRAFT:
            for name in ("oskar", "ilse"):
                answer(w, consensus, name)
            make_reaction(w, proposal, text="We answer.")
            consensus.state = state
            consensus.agreed_at = w.now if state is ConsensusState.AGREED else None
        push(w, proposal)
        return codes | {"consensus": consensus.code}


def consensus_of(w: Work, code: str) -> Consensus:
    """A consensus, whoever acts."""
    return w.session.exec(select(Consensus).where(Consensus.code == code)).one()
