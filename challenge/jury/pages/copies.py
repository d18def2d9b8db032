"""What jurors will read: the copy without names of a proposal, its words and files, and the confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http import papers
from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.turns import Turn
from challenge.http.work import WebWork, work
from challenge.jury import rules
from challenge.jury.blind import actions, copies
from challenge.jury.blind.schemas import Names
from challenge.jury.pages.reading import budget_of, pair_of, parts_of
from challenge.jury.queries import Reading
from challenge.kernel import attachment
from challenge.kernel.errors import Forbidden, Missing, Problem, Refused
from challenge.kernel.i18n import _, _n
from challenge.policy.redaction import BAR
from challenge.proposals import content
from challenge.proposals.content import gate_of
from challenge.rounds.states import GATES

if TYPE_CHECKING:
    from challenge.proposals.models import Proposal

router = APIRouter(include_in_schema=False)


@router.get("/proposals/{code}/copy")
def show(request: Request, code: str) -> Response:
    """The copy as jurors read it, or would."""
    with work(request) as w:
        return _show(w, actions.of_proposal(w, code))


@router.post("/proposals/{code}/copy")
def name(request: Request, code: str, sent: Sent) -> Response:
    """Hide more words, or fewer."""
    with work(request) as w:
        proposal = actions.of_proposal(w, code)
        form = Form.sent(Names, sent)
        if not form.valid:
            return _show(w, proposal, form, status=422)
        actions.set_names(w, proposal, form.value)
        return see_other(w, _here(proposal), say=_("Marked anew. Read the copy, then confirm it."))


@router.post("/proposals/{code}/copy/confirmation")
def confirm(request: Request, code: str, sent: Sent) -> Response:
    """From here on jurors may be given it."""
    with work(request) as w:
        proposal = actions.of_proposal(w, code)
        try:
            copy = actions.confirm(w, proposal, sent.version)
        except Refused as refusal:
            if refusal.problem is not actions.STALE:
                raise
            return _show(w, proposal, problem=refusal.problem, status=409)
        say = _n("Confirmed: one name is hidden. Jurors can be assigned now.",
                 "Confirmed: %(n)s names are hidden. Jurors can be assigned now.", copy.marked)  # fmt: skip
        return see_other(w, _here(proposal), say=say)


@router.get("/proposals/{code}/copy/files/{file}")
def download(request: Request, code: str, file: str) -> Response:
    """A file of the copy, as jurors get it."""
    with work(request) as w:
        found = copies.prepared(w, _blind(w, actions.of_proposal(w, code)))
        shown = [one.shown for one in found.files if one.shown is not None] if found else []
        sent = next((one for one in shown if one.code == file), None)
        if sent is None:
            raise Missing
    return papers.send_file(request, sent)


@router.post("/proposals/{code}/copy/files/{file}")
def attach(request: Request, code: str, file: str, sent: Sent, _turn: Turn) -> Response:
    """A file without names is sent, or the file itself is free of them; either way its properties are taken out."""
    with work(request, writing=False) as w:
        proposal = actions.of_proposal(w, code)
        if problem := actions.why_not_prepare(w, proposal):
            raise Forbidden(problem)
        original = _original(w, proposal, file)
    root = request.app.state.settings.files
    is_free = sent.get("act") == "free"
    given = None if is_free else sent.files.get("file")
    stored, problem = None, None if is_free or given else papers.CHOOSE
    if is_free or given is not None:
        try:
            raw = given.scanned(request) if given else attachment.path_of(root, original.sha256).read_bytes()
            stored = attachment.store(root, raw, original.name, anonymous=True)
        except Refused as refusal:
            problem = refusal.problem
    with work(request) as w:
        proposal = actions.of_proposal(w, code)
        if stored is None:
            return _show(w, proposal, problem=problem, status=422)
        actions.put_file(w, proposal, original.sha256, stored)
        return see_other(w, f"{_here(proposal)}#files", say=_("Jurors will see this file. Confirm the copy."))


@router.post("/proposals/{code}/copy/files/{file}/removal")
def remove(request: Request, code: str, file: str) -> Response:
    """Jurors do not see this file."""
    with work(request) as w:
        proposal = actions.of_proposal(w, code)
        actions.drop_file(w, proposal, _original(w, proposal, file).sha256)
        return see_other(w, f"{_here(proposal)}#files", say=_("Jurors will not see this file. Confirm the copy."))


def _original(w: WebWork, proposal: Proposal, code: str) -> attachment.Attachment:
    found = copies.prepared(w, _blind(w, proposal))
    for choice in found.files if found else ():
        if choice.file.code == code:
            return choice.file
    raise Missing


def _blind(w: WebWork, proposal: Proposal) -> Proposal:
    if not copies.stands_blind(w, proposal):
        raise Refused(actions.NOT_BLIND)
    return proposal


def _here(proposal: Proposal) -> str:
    return f"/proposals/{proposal.code}/copy"


def _show(
    w: WebWork, proposal: Proposal, form: Form[Names] | None = None, *, problem: Problem | None = None,
    status: int = 200,
) -> Response:  # fmt: skip
    found = copies.prepared(w, _blind(w, proposal))
    if found is None:
        raise Refused(actions.NO_VERSION)
    gate, round_, all_rules = gate_of(proposal), rules.round_of(w, proposal), rules.rules_of(w, proposal)
    reading = Reading(
        number=found.number, at=found.copy.confirmed_at if found.copy else None, content=found.content,
        files=tuple(choice.shown for choice in found.files if choice.shown is not None),
        challenges=tuple(content.challenges(w, proposal)), newest=found.number, is_blind=True,
    )  # fmt: skip
    rows, total = budget_of(reading)
    kept = {"words": "\n".join(found.words), "spared": "\n".join(found.spared)}
    return page(
        w, "jury/copy.html", status=status, proposal=proposal, round=round_, gate=gate, gate_word=GATES[gate],
        found=found, form=form or Form(Names, kept), reading=reading, problem=problem, bar=BAR,
        parts=parts_of(reading, gate), pair=pair_of(reading, all_rules), budget=rows, budget_total=total,
        size=all_rules.size_class(reading.content.get("size_class")), zone=round_.zone, team=(), team_roles={},
        files_url=f"{_here(proposal)}/files", is_preview=True, accept=papers.ACCEPT,
        version=found.copy.version if found.copy else 0,
        may_prepare=actions.why_not_prepare(w, proposal) is None, runs=actions.runs(w, proposal),
        may_confirm=actions.why_not_confirm(w, proposal) is None,
    )  # fmt: skip
