"""Who reads what: assigning by hand, one or many at once; and the panel's decision on a tie."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlmodel import col, select

from challenge.jury import queries, rules
from challenge.jury.actions.conflicts import infer, speaks_for_a_conflict
from challenge.jury.actions.pushing import lock_all, locked, push
from challenge.jury.blind import copies
from challenge.jury.models import Juror, Review, TieDecision
from challenge.jury.schemas import NoReason, PanelOrder
from challenge.jury.states import LIVE, ReviewState
from challenge.jury.workflow import REVIEW
from challenge.kernel.errors import Forbidden, Invalid, Missing, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people import queries as people_queries
from challenge.people import rules as people
from challenge.people.models import Person
from challenge.proposals.models import Proposal
from challenge.proposals.queries import in_sight
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.rounds.states import GATES, Gate, Judge
from challenge.rounds.words import Country

R = TypeVar("R", Proposal, Juror)


def assign(w: Work, proposal: Proposal, juror: Juror, gate: Gate, due_at: datetime | None = None) -> Review:
    """Give a proposal to a juror, who is asked about conflicts first. Raises Forbidden, Refused.

    Under the proposal's and the juror's lock: neither a conflict nor the load is overrun by two at once.
    """
    made = Review(
        round_id=proposal.round_id, round_code=proposal.round_code, proposal_id=proposal.id, juror_id=juror.id,
        gate=gate, due_at=due_at,
    )  # fmt: skip
    if problem := rules.runs_the_jury(w, made):
        raise Forbidden(problem)
    if problem := _gate_has_jury(w, proposal, gate):
        raise Refused(problem)
    proposal, juror = locked(w, proposal.id), _locked_juror(w, juror.id)
    before = w.session.exec(
        select(Review).where(Review.gate == gate, Review.proposal_id == proposal.id, Review.juror_id == juror.id)
    ).first()
    if problem := _may_get(w, proposal, juror, gate, before):
        raise Refused(problem)
    if before is None:
        made = w.add(made)
    else:
        made, before.due_at = before, due_at
        REVIEW.cause(w, before, "reinstate")
    w.note(REVIEW.name, made, "assign")  # what the juror is written to for
    push(w, proposal)
    return made


def _gate_has_jury(w: Work, proposal: Proposal, gate: Gate) -> Problem | None:
    gate_rules = rules.rules_of(w, proposal).gates[gate]
    if not gate_rules.on or Judge.JURORS not in gate_rules.judges:
        return Problem("no_jury", _("Jurors do not judge at this gate (%(gate)s).", gate=GATES[gate]))
    return None


def _may_get(w: Work, proposal: Proposal, juror: Juror, gate: Gate, before: Review | None) -> Problem | None:
    if juror.round_id != proposal.round_id:
        return Problem("not_on_panel", _("This juror is not on the panel."))
    if before is not None and before.state in LIVE:
        return Problem("assigned", _("This juror has the proposal already."))
    if rules.has_live_conflict(w, juror.person_id, proposal.id):
        return rules.IN_CONFLICT
    if problem := rules.may_be_assigned(w, juror, proposal, gate):
        return problem
    if copies.is_blind(rules.rules_of(w, proposal), gate) and (problem := _why_not_blind(w, proposal, juror)):
        return problem
    countries = queries.shared_countries(w, rules.round_of(w, proposal), [juror.person_id], [proposal.id])
    if country := countries.get((juror.person_id, proposal.id)):
        text = _("The rules of this round keep jurors from proposals of their own country (%(country)s).",
                 country=Country(country))  # fmt: skip
        return Problem("own_country", text)
    if not speaks_for_a_conflict(w, proposal, juror):
        return None
    return Problem(
        "conflict",
        _("The service sees a conflict of interest: look for conflicts, then confirm or lift it."),
    )


def _why_not_blind(w: Work, proposal: Proposal, juror: Juror) -> Problem | None:
    """The copy without names is confirmed, and nothing but the copy is open to the juror."""
    if copies.confirmed(w, proposal.id, proposal.revision) is None:
        return rules.NO_COPY
    person = w.session.get_one(Person, juror.person_id)
    as_juror = Work(w.session, people_queries.actor_of(w.session, person, w.now), w.now)
    if w.session.exec(select(Proposal.id).where(Proposal.id == proposal.id, in_sight(as_juror))).first() is None:
        return None
    text = _("This juror can read the proposal with its names, as coordinator, observer, city or team. Choose another.")
    return Problem("sees_names", text)


def _locked_juror(w: Work, juror_id: int) -> Juror:
    return w.session.exec(
        select(Juror)
        .where(Juror.id == juror_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()


@dataclass(slots=True)
class Assigned:
    """What came of assigning many: how many were given out, and what was refused, in words."""

    done: int = 0
    released: int = 0
    refused: list[tuple[str, str, Problem]] = field(default_factory=list)  # proposal, juror, why


def assign_all(
    w: Work, round_: Round, gate: Gate, pairs: Iterable[tuple[str, str]], due_at: datetime | None = None,
    released: Iterable[tuple[str, str]] = (),
) -> Assigned:  # fmt: skip
    """Many (proposal code, juror code) at once: what may be is done, the rest comes back with its reason.

    Conflicts are inferred and recorded first, so that what is refused for one can be seen and decided. ``released``
    are taken back before that, which makes room for the others; never what has begun.
    """
    lock_all(w, round_)
    infer(w, round_)
    found = Assigned()
    wanted, back = sorted(set(pairs)), sorted(set(released))
    proposals, jurors = _by_code(w, Proposal, round_, wanted + back, 0), _by_code(w, Juror, round_, wanted + back, 1)
    names = people_queries.names(w, [juror.person_id for juror in jurors.values()])
    for act, asked in ((_release, back), (assign, wanted)):
        for proposal_code, juror_code in asked:
            if proposal_code not in proposals or juror_code not in jurors:
                raise Missing
            proposal, juror = proposals[proposal_code], jurors[juror_code]
            try:
                act(w, proposal, juror, gate, due_at)
            except Refused as refusal:
                found.refused.append((proposal.title, names[juror.person_id], refusal.problem))
            else:
                found.done += act is assign
                found.released += act is _release
    return found


def _by_code(w: Work, kind: type[R], round_: Round, pairs: Iterable[tuple[str, str]], at: int) -> dict[str, R]:
    wanted = select(kind).where(kind.round_id == round_.id, col(kind.code).in_({pair[at] for pair in pairs}))
    return {record.code: record for record in w.session.exec(wanted)}


def _release(w: Work, proposal: Proposal, juror: Juror, gate: Gate, _due_at: datetime | None) -> None:
    """Take back what the juror has not begun, so that another one reads it."""
    found = w.session.exec(
        select(Review).where(Review.gate == gate, Review.proposal_id == proposal.id, Review.juror_id == juror.id)
    ).first()
    if found is None or found.state is not ReviewState.ASSIGNED:
        raise Refused(Problem("begun", _("This juror has begun, or does not have the proposal any more.")))
    proposal = locked(w, proposal.id)
    REVIEW.fire(w, found, "release", NoReason())
    push(w, proposal)


def settle_tie(w: Work, round_: Round, gate: Gate, given: PanelOrder) -> TieDecision:
    """Record how the panel orders those whom the ladder leaves equal. Raises Forbidden, Invalid, Refused."""
    if problem := people.is_coordinator(w, round_):
        raise Forbidden(problem)
    ranking = queries.ranking(w, round_, gate)
    if ranking.barred:
        text = _("You have a conflict of interest with a proposal of this round. Another coordinator can do this.")
        raise Forbidden(people.may_not(text))
    by_code = {row.code: row for row in ranking.rows}
    rows = [by_code[code] for code in given.order if code in by_code]
    equals = {row.id for row in rows}
    are_equals = rows and all(row.standing.is_shared and equals == row.equals(ranking) for row in rows)
    if len(rows) != len(given.order) or len(equals) != len(rows) or not are_equals:
        text = _("Give each of the equals one place of its own.")
        raise Invalid(Problem("not_equals", text, {"order": text}))
    if "panel" not in rules_of(round_).tie_ladder:
        raise Refused(Problem("no_panel", _("The rules of this round leave equals equal.")))
    if w.actor.id is None:
        raise Forbidden(people.may_not(_("Sign in to do this.")))
    made = w.add(
        TieDecision(
            round_id=round_.id, gate=gate, best_first=[row.id for row in rows], reason=given.reason, at=w.now,
            by_id=w.actor.id,
        )
    )  # fmt: skip
    w.note("round", round_, "settle_tie", {"gate": str(gate), "order": given.order, "reason": given.reason})
    return made
