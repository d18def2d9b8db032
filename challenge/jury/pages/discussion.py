"""The discussion of a proposal: reviews side by side, notes, who writes the consensus, the minutes of the meeting."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.jury.consensus import actions, facts, queries, reports
from challenge.jury.consensus.facts import Member
from challenge.jury.consensus.reports import Report
from challenge.jury.consensus.schemas import MinutesIn, ModeratorIn, NoteIn
from challenge.jury.consensus.states import LABELS
from challenge.jury.pages.acts import MARK
from challenge.jury.ranking import Standing
from challenge.jury.rules import Titled
from challenge.jury.scale import TENTHS, shown
from challenge.kernel import diff
from challenge.kernel.errors import Forbidden, Invalid
from challenge.kernel.i18n import _
from challenge.people.queries import names
from challenge.rounds.states import GATES, Gate

if TYPE_CHECKING:
    from challenge.proposals.models import Proposal

router = APIRouter(include_in_schema=False)


@router.get("/proposals/{code}/discussion")
def show(request: Request, code: str, gate: str = "") -> Response:
    """What the panel says of a proposal."""
    with work(request) as w:
        return _show(w, *queries.visible(w, code, gate))


@router.post("/proposals/{code}/discussion")
def write(request: Request, code: str, sent: Sent, gate: str = "") -> Response:
    """Say something to the panel."""
    with work(request) as w:
        proposal, at = queries.visible(w, code, gate)
        form = Form.sent(NoteIn, sent)
        if not form.valid:
            return _show(w, proposal, at, note=form, status=422)
        actions.add_note(w, proposal, at, form.value)
        return see_other(w, f"{_here(proposal, at)}#notes", say=_("Your note is there."))


@router.post("/proposals/{code}/moderator")
def moderator(request: Request, code: str, sent: Sent, gate: str = "") -> Response:
    """Name who writes the consensus."""
    with work(request) as w:
        proposal, at = queries.visible(w, code, gate)
        form = Form.sent(ModeratorIn, sent, choices=_choices(facts.members(w, proposal.id, at)))
        if form.valid:
            try:
                actions.name_moderator(w, proposal, at, form.value.juror)
            except Invalid as refusal:
                form.say_problem(refusal.problem)
        if not form.valid:
            return _show(w, proposal, at, naming=form, status=422)
        return see_other(w, _here(proposal, at), say=_("The moderator is named and told."))


@router.get("/proposals/{code}/minutes")
def minutes(request: Request, code: str, gate: str = "") -> Response:
    """The minutes, to write them."""
    with work(request) as w:
        return _minutes(w, *queries.visible(w, code, gate))


@router.post("/proposals/{code}/minutes")
def keep(request: Request, code: str, sent: Sent, gate: str = "") -> Response:
    """Keep the minutes; where somebody was faster, both texts are shown."""
    with work(request) as w:
        proposal, at = queries.visible(w, code, gate)
        form, kept = Form.sent(MinutesIn, sent), facts.minutes(w, proposal.id, at)
        if not form.valid:
            return _minutes(w, proposal, at, form, status=422)
        if sent.version is not None and sent.version != (kept.version if kept else 0):
            return _minutes(w, proposal, at, form, differs=True, status=409)
        actions.save_minutes(w, proposal, at, form.value)
        return see_other(
            w, f"/rounds/{proposal.round_code}/meeting?gate={at}#{proposal.code}", say=_("The minutes are kept.")
        )


def _minutes(
    w: WebWork, proposal: Proposal, at: Gate, form: Form[MinutesIn] | None = None, *, differs: bool = False,
    status: int = 200,
) -> Response:  # fmt: skip
    if problem := actions.may_run(w, proposal):
        raise Forbidden(problem)
    kept = facts.minutes(w, proposal.id, at)
    text = kept.text if kept else ""
    typed = str(form.data.get("text", "")) if form else ""
    return page(
        w, "jury/minutes.html", status=status, proposal=proposal, gate=at, gate_word=GATES[at],
        round=facts.round_of(w, proposal), form=form or Form(MinutesIn, {"text": text}), kept=text,
        version=kept.version if kept else 0, pieces=diff.words(text, typed) if differs else None,
    )  # fmt: skip


# The page


@dataclass(frozen=True, slots=True)
class Given:
    """What one juror gave for a criterion."""

    name: str
    mark: str
    comment: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A criterion with everybody's marks. ``agreed`` is empty until there is a consensus."""

    title: Titled
    mean: str
    agreed: str
    is_far: bool
    span: str
    given: tuple[Given, ...]


def criteria_of(
    w: WebWork, proposal: Proposal, at: Gate, found: list[Report], standing: Standing, agreed: dict[str, int]
) -> list[CriterionView]:
    """The criteria in the round's order."""
    views = []
    for criterion in facts.gate_rules(w, proposal, at).criteria:
        marks = [one.marks[criterion.key] for one in found if criterion.key in one.marks]
        low, high = min(marks, default=0), max(marks, default=0)
        views.append(CriterionView(
            title=Titled(criterion.title),
            mean=MARK.shown(Fraction(sum(marks), TENTHS * len(marks))) if marks else "–",
            agreed=written(agreed[criterion.key]) if criterion.key in agreed else "",
            is_far=criterion.key in standing.spread,
            span=f"{written(low)}–{written(high)}" if marks else "–",
            given=tuple(
                Given(
                    one.name, written(one.marks[criterion.key]) if criterion.key in one.marks else "–",
                    one.comments.get(criterion.key, ""), one.is_own,
                )
                for one in found
            ),
        ))  # fmt: skip
    return views


def written(tenths: int) -> str:
    """A mark with the decimal sign of the reader."""
    return shown(tenths).replace(".", MARK.point)


def _here(proposal: Proposal, at: Gate) -> str:
    return f"/proposals/{proposal.code}/discussion?gate={at}"


def _choices(members: list[Member]) -> dict[str, list[tuple[str, object]]]:
    return {"juror": [(one.juror_code, one.name) for one in members]}


def _show(
    w: WebWork,
    proposal: Proposal,
    at: Gate,
    *,
    note: Form[NoteIn] | None = None,
    naming: Form[ModeratorIn] | None = None,
    status: int = 200,
) -> Response:
    round_ = facts.round_of(w, proposal)
    members, runs = facts.members(w, proposal.id, at), actions.may_run(w, proposal) is None
    missing = facts.missing(w, proposal, at)
    common: dict[str, Any] = {
        "proposal": proposal, "round": round_, "gate": at, "gate_word": GATES[at], "runs": runs,
        "insider": queries.sees_as_insider(w, proposal), "missing": missing, "name": queries.title(w, proposal, at),
    }  # fmt: skip
    if missing > 0:
        return page(w, "jury/discussion_closed.html", status=status, **common)
    found, standing = reports.reports(w, proposal, members), facts.standing_of(w, proposal, at)
    consensus, reaction = facts.live(w, proposal.id, at), facts.reaction(w, proposal.id, at)
    minutes = facts.minutes(w, proposal.id, at)
    marks = facts.marks(w, consensus) if consensus else {}
    is_agreed = consensus is not None and consensus.agreed_at is not None
    moderating = next((one for one in members if consensus and one.juror_id == consensus.moderator_id), None)
    return page(
        w, "jury/discussion.html", status=status, **common, reports=found, standing=standing, consensus=consensus,
        label=LABELS[consensus.state] if consensus else None, moderating=moderating,
        criteria=criteria_of(
            w, proposal, at, found, standing, {key: row.tenths for key, row in marks.items()} if is_agreed else {}
        ),
        notes=queries.notes(w, proposal, at), may_write=any(one.person_id == w.actor.id for one in members),
        is_moderator=moderating is not None and moderating.person_id == w.actor.id,
        note=note or Form(NoteIn), wrong=note or naming, reaction=reaction,
        naming=naming or Form(
            ModeratorIn, {"juror": moderating.juror_code if moderating else ""}, choices=_choices(members)
        ),
        minutes=queries.as_read(w, proposal, at, minutes.text) if minutes else "",
        answered=queries.as_read(w, proposal, at, reaction.text) if reaction else "",
        by=names(w, [reaction.answered_by_id]).get(reaction.answered_by_id or 0, "") if reaction else "",
    )  # fmt: skip
