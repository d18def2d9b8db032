"""A consensus: its moderator writes it, the panel answers, and it is recorded as agreed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent, SentBody
from challenge.http.timeline import history
from challenge.http.transitions import Acts, add_pages, buttons
from challenge.http.work import WebWork, work
from challenge.jury.consensus import actions, facts, queries, reports, rules
from challenge.jury.consensus.schemas import LONGEST, ConsensusIn, ReplyIn
from challenge.jury.consensus.states import LABELS, ConsensusState
from challenge.jury.consensus.workflow import CONSENSUS
from challenge.jury.pages.discussion import CriterionView, criteria_of, written
from challenge.jury.scale import scale_of
from challenge.kernel.errors import Forbidden, Invalid
from challenge.kernel.i18n import Text, _
from challenge.people.queries import names
from challenge.rounds.queries import rules_of
from challenge.rounds.states import GATES

if TYPE_CHECKING:
    from challenge.jury.consensus.models import Consensus, Reply

router = APIRouter(include_in_schema=False)
ACTED: dict[str, Text] = {
    "name_moderator": _("Moderator named"),
    "confirm": _("Confirmed by a juror"),
    "object": _("Objected to by a juror"),
}
CONSENSUSES = Acts(
    workflow=CONSENSUS, noun="consensus", find=queries.one, fire=actions.fire,
    show=lambda consensus: f"/consensus/{consensus.code}", title=lambda _consensus: str(_("Consensus")),
    zone=lambda w, consensus: str(facts.round_of(w, consensus).zone),
)  # fmt: skip
add_pages(router, CONSENSUSES)


@router.get("/consensus/{code}")
def show(request: Request, code: str) -> Response:
    """The form for its moderator while it is a draft, else what it says and who answered what."""
    with work(request) as w:
        return _show(w, queries.one(w, code))


@router.post("/consensus/{code}")
def save(request: Request, code: str, sent: Sent) -> Response:
    """Keep the draft."""
    with work(request) as w:
        consensus = queries.one(w, code)
        if problem := rules.is_moderator(w, consensus):
            raise Forbidden(problem)
        typed = _typed(w, consensus, sent)
        if consensus.state is ConsensusState.DRAFT and sent.version not in (None, consensus.version):
            return _show(w, consensus, typed, stale=True, status=409)
        if typed.errors:
            return _show(w, consensus, typed, status=422)
        try:
            actions.save_consensus(w, consensus, typed.given)
        except Invalid as refusal:
            typed.errors.update({_field(key): str(text) for key, text in refusal.problem.fields.items()})
            return _show(w, consensus, typed, status=422)
        return see_other(w, f"/consensus/{code}", say=_("Saved"))


@router.post("/consensus/{code}/replies")
def reply(request: Request, code: str, sent: Sent) -> Response:
    """Confirm or object."""
    with work(request) as w:
        consensus = queries.one(w, code)
        form = Form.sent(ReplyIn, sent, choices=ANSWERS)
        if not form.valid:
            return _show(w, consensus, answer=form, status=422)
        actions.reply(w, consensus, form.value)
        return see_other(w, f"/consensus/{code}", say=_("Your answer is recorded."))


ANSWERS: dict[str, list[tuple[str, object]]] = {
    "answer": [("confirm", _("Yes, I confirm it")), ("object", _("No, I object"))]
}
CONFIRMED, OBJECTED, WAITING = (_("confirms"), "moss"), (_("objects"), "sun"), (_("not answered yet"), "off")


def _field(key: str) -> str:
    return key if key in ("note", "statement") else f"{key}-mark"


@dataclass(slots=True)
class Typed:
    """What stands in the form: as it is kept, or as it was sent with what is wrong with it."""

    marks: dict[str, str]
    note: str
    statement: str
    errors: dict[str, str]

    @property
    def given(self) -> ConsensusIn:
        """To be kept."""
        marks = {key: Decimal(mark) if mark else None for key, mark in self.marks.items()}
        return ConsensusIn(marks=marks, note=self.note, statement=self.statement)


def _typed(w: WebWork, consensus: Consensus, sent: SentBody) -> Typed:
    criteria = facts.gate_rules(w, rules.proposal_of(w, consensus), consensus.gate).criteria
    marks = {criterion.key: sent.get(f"{criterion.key}-mark").replace(",", ".") for criterion in criteria}
    errors = {_field(key): str(_("Choose a mark from the list")) for key, mark in marks.items() if not _is_mark(mark)}
    texts = {name: sent.get(name).strip() for name in ("note", "statement")}
    too_long = _("Shorten this to %(limit)s characters", limit=LONGEST)
    errors |= {name: str(too_long) for name, text in texts.items() if len(text) > LONGEST}
    return Typed(marks, texts["note"], texts["statement"], errors)


def _is_mark(mark: str) -> bool:
    try:
        return mark == "" or Decimal(mark).is_finite()
    except InvalidOperation:
        return False


@dataclass(frozen=True, slots=True)
class Answer:
    """What a juror of the panel says to it."""

    name: str
    word: Any
    tone: str
    reason: str = ""


def _show(
    w: WebWork,
    consensus: Consensus,
    typed: Typed | None = None,
    answer: Form[ReplyIn] | None = None,
    *,
    stale: bool = False,
    status: int = 200,
) -> Response:
    proposal, round_ = rules.proposal_of(w, consensus), facts.round_of(w, consensus)
    members, answers = facts.members(w, proposal.id, consensus.gate), facts.replies(w, consensus)
    found = reports.reports(w, proposal, members)
    standing = facts.standing_of(w, proposal, consensus.gate)
    marks = {key: row.tenths for key, row in facts.marks(w, consensus).items()}
    views = criteria_of(w, proposal, consensus.gate, found, standing, marks)
    keys = [criterion.key for criterion in facts.gate_rules(w, proposal, consensus.gate).criteria]
    writes = rules.is_moderator(w, consensus) is None and consensus.state is ConsensusState.DRAFT
    own = answers.get(rules.own_place(w, consensus) or 0)
    insider = queries.sees_as_insider(w, proposal)
    scale = scale_of(rules_of(round_))
    return page(
        w, "jury/consensus.html", status=status, consensus=consensus, proposal=proposal, round=round_,
        name=queries.title(w, proposal, consensus.gate),
        gate=consensus.gate, gate_word=GATES[consensus.gate], label=LABELS[consensus.state], standing=standing,
        criteria=list(zip(keys, views, strict=True)), writes=writes, stale=stale,
        typed=typed or Typed({key: _plain(tenths) for key, tenths in marks.items()}, consensus.note,
                             consensus.statement, {}),
        marks=[(_plain(tenths), _worded(tenths, scale.words)) for tenths in scale.marks],
        acts=[] if consensus.state is ConsensusState.SUPERSEDED else buttons(CONSENSUSES, w, consensus),
        answers=[_answer(one.name, one.juror_id == consensus.moderator_id, answers.get(one.juror_id))
                 for one in members],
        may_answer=rules.is_member(w, consensus) is None and consensus.state is ConsensusState.PROPOSED,
        answer=answer or Form(
            ReplyIn, {"answer": ("confirm" if own.agrees else "object"), "reason": own.reason} if own else {},
            choices=ANSWERS,
        ),
        problems=[(f"#{key}", text) for key, text in typed.errors.items()] if typed else [],
        wrong=answer, version=consensus.version, spread=_spread(views),
        timeline=history(w, CONSENSUS, consensus.code, names_of=names, zone=round_.zone, acts=ACTED)
        if insider else [],
    )  # fmt: skip


def _spread(views: list[CriterionView]) -> str:
    return ", ".join(str(view.title) for view in views if view.is_far)


def _plain(tenths: int) -> str:
    return written(tenths).replace(",", ".")


def _worded(tenths: int, words: dict[int, Text]) -> str:
    return f"{written(tenths)} · {words[tenths]}" if tenths in words else written(tenths)


def _answer(name: str, is_moderator: bool, given: Reply | None) -> Answer:  # noqa: FBT001 -- read at its one call
    if is_moderator:
        return Answer(name, _("moderates"), "")
    word, tone = WAITING if given is None else CONFIRMED if given.agrees else OBJECTED
    return Answer(name, word, tone, given.reason if given else "")
