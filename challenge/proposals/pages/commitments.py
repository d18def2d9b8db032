"""What a city signs: exactly this version, with what changed since its last signature; and its formal decision."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.conflicts import said
from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.papers import file_of, send_file
from challenge.http.sent import Sent
from challenge.http.turns import Turn
from challenge.http.work import WebWork, work
from challenge.kernel import attachment, diff
from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.kernel.i18n import _
from challenge.kernel.money import euros
from challenge.kernel.work import Work
from challenge.proposals import actions, content, facts, queries, rules
from challenge.proposals.asks import Decision, Ended, Signature
from challenge.proposals.pages.budget import table_of
from challenge.proposals.pages.forms import CONTENT, DRAFTS, NOUN, answers_by_part, zone_of
from challenge.proposals.pages.tables import rows_of, time_plan
from challenge.proposals.states import CATEGORIES, COMMITMENT_LABELS, CommitmentKind, CommitmentState
from challenge.rounds.states import CITY_ROLES
from challenge.rounds.words import Country

router = APIRouter()
BASE = "/proposals/{code}/commitments"
LIVE = (CommitmentState.ASKED, CommitmentState.SIGNED)


@router.post(BASE, include_in_schema=False)
def ask(request: Request, code: str, sent: Sent) -> Response:
    """Ask a city for its sign-off or its formal decision."""
    with work(request) as w:
        proposal = queries.visible(w, code)
        is_decision = sent.get("kind") == CommitmentKind.FORMAL_DECISION
        kind = CommitmentKind.FORMAL_DECISION if is_decision else CommitmentKind.SIGN_OFF
        actions.ask_commitment(w, proposal, sent.get("city"), kind)
        return see_other(w, f"/{NOUN}/{code}", say=_("The city is asked."))


@router.get(f"{BASE}/{{city}}", include_in_schema=False)
def show(request: Request, code: str, city: str) -> Response:
    """What this city signs, or has signed."""
    with work(request) as w:
        return _page(w, queries.visible(w, code), city)


def _page(
    w: WebWork,
    proposal: Any,
    city_code: str,
    decision: Form[Decision] | None = None,
    ending: Form[Ended] | None = None,
    status: int = 200,
) -> Response:
    partner = queries.partner_city(w, proposal, city_code)
    (promise,) = facts.promises(w, proposal, [partner])
    seat = _Seat(partner.id)
    signs, leads = rules.is_signer(w, seat) is None, rules.is_city_lead(w, seat) is None
    if not may_open(w, proposal, partner.id):
        raise Missing
    now, before = content.current(w, proposal), actions.last_signed(w, proposal, partner)
    live = rules.is_live(w, proposal) is None
    holds = promise.sign_off is not None and promise.sign_off.state is CommitmentState.SIGNED
    decided = promise.decision is not None and promise.decision.state is CommitmentState.SIGNED
    return page(
        w, "proposals/commitment.html", status=status, proposal=proposal, city=partner, promise=promise, now=now,
        before=before, changes=changes(w, proposal, before.content, now.content) if before else [],
        signs=signs and live and not holds, leads=leads and live, holds=holds, decided=decided,
        labels=COMMITMENT_LABELS, answers=answers_by_part(w, proposal),
        budget=table_of(w, proposal), categories=CATEGORIES,
        indicators=rows_of(proposal, "indicators"), work_plan=rows_of(proposal, "work_plan"),
        plan=time_plan(proposal.answers.get("work_plan")),
        city_roles=CITY_ROLES,
        cities=content.cities(w, proposal), challenges=content.challenges(w, proposal), zone=zone_of(w, proposal),
        changed=_names(w, proposal, promise), decision=decision or Form(Decision), ending=ending or Form(Ended),
        files=attachment.of(w, "commitment", promise.decision.code) if promise.decision else [],
        withdrawable=[row for row in (promise.sign_off, promise.decision) if row is not None and row.state in LIVE],
    )  # fmt: skip


def may_open(w: Work, proposal: Any, city_id: int) -> bool:
    """What a city signs is open to its own signers, to the team, and to those who oversee the round."""
    signs = rules.is_signer(w, _Seat(city_id)) is None
    return signs or rules.is_team(w, proposal) is None or queries.oversees(w, proposal)


class _Seat:
    """A city as the rules on commitments ask for it."""

    def __init__(self, city_id: int) -> None:
        self.city_id = city_id


def changes(
    w: Work, proposal: Any, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[tuple[str, list[diff.Piece]]]:
    """(label, word diff) of everything that differs between two contents."""
    old, new = _readable(w, proposal, before), _readable(w, proposal, after)
    return [
        (label, diff.words(old.get(label, ""), new.get(label, "")))
        for label in dict.fromkeys([*new, *old])
        if old.get(label, "") != new.get(label, "")
    ]


def _readable(w: Work, proposal: Any, kept: Mapping[str, Any]) -> dict[str, str]:
    """A content in words: the answers under their questions, cities, budget, challenges, files."""
    form = DRAFTS.form(w, proposal)
    given = {**kept["answers"], **{name: kept[name] for name in content.COLUMNS if kept[name] is not None}}
    seen: Form[Any] = Form(form.model, given, choices=form.choices, zone=form.zone)
    texts = {field.label: said(field) for field in seen.fields if field.name in given}
    roles = {str(role): text for role, text in CITY_ROLES.items()}
    cities = [f"{row['name']}, {Country(row['country'])}: {roles[row['role']]}" for row in kept["cities"]]
    money = [f"{_in_year(row, CATEGORIES[row['category']])}: {euros(row['cents'])}" for row in kept["budget"]]
    own = [f"{_in_year(row, _('Own share'))}: {euros(row['cents'])}" for row in kept.get("own_shares", ())]
    lists = {
        "challenges": kept["challenges"], "cities": cities, "budget": money, "own_shares": own, "files": kept["files"],
    }  # fmt: skip
    return {**texts, **{str(CONTENT[name]): "\n".join(lines) for name, lines in lists.items() if lines}}


def _in_year(row: Mapping[str, Any], what: object) -> str:
    return str(_("%(partner)s, %(what)s, year %(n)s", partner=row["name"], what=what, n=row.get("year", 1)))


def _names(w: Work, proposal: Any, promise: facts.Promise) -> list[str]:
    """What made the signature void, in the words of the form."""
    if promise.sign_off is None or promise.sign_off.state is not CommitmentState.VOIDED:
        return []
    labels = {field.name: field.label for field in DRAFTS.form(w, proposal).fields}
    return [str(CONTENT.get(name) or labels.get(name, name)) for name in promise.sign_off.changed]


@router.post(f"{BASE}/{{city}}/signature", include_in_schema=False)
def sign(request: Request, code: str, city: str, sent: Sent) -> Response:
    """Sign exactly what was shown."""
    with work(request) as w:
        proposal = queries.visible(w, code)
        form = Form.sent(Signature, sent)
        if not form.valid:
            return _page(w, proposal, city, status=422)
        signed = actions.sign_off(w, proposal, city, form.value)
        say = _("Signed: version %(number)s.", number=signed.revision_number)
        return see_other(w, f"/{NOUN}/{code}/commitments/{city}", say=say)


@router.post(f"{BASE}/{{city}}/decision", include_in_schema=False)
def decide(request: Request, code: str, city: str, sent: Sent, _turn: Turn) -> Response:
    """Record the formal decision, with its document."""
    with work(request, writing=False) as w:  # whoever may not decide writes no byte to the disk
        partner = queries.partner_city(w, queries.visible(w, code), city)
        if problem := rules.is_city_lead(w, _Seat(partner.id)):
            raise Forbidden(problem)
    form, stored = Form.sent(Decision, sent), None
    if form.valid and (file := sent.files.get("file")) is not None:
        try:
            stored = attachment.store(request.app.state.settings.files, file.scanned(request), file.name)
        except Refused as refusal:
            form.say("", refusal.problem.text)
    with work(request) as w:
        proposal = queries.visible(w, code)
        if not form.valid:
            return _page(w, proposal, city, decision=form, status=422)
        actions.record_decision(w, proposal, city, form.value, stored)
        return see_other(w, f"/{NOUN}/{code}/commitments/{city}", say=_("The formal decision is recorded."))


@router.post(f"{BASE}/{{city}}/withdrawal", include_in_schema=False)
def withdraw(request: Request, code: str, city: str, sent: Sent) -> Response:
    """Take a promise back and stay a partner."""
    with work(request) as w:
        proposal = queries.visible(w, code)
        (promise,) = facts.promises(w, proposal, [queries.partner_city(w, proposal, city)])
        is_decision = sent.fields.pop("kind", [""])[-1] == CommitmentKind.FORMAL_DECISION
        form = Form.sent(Ended, sent)
        if not form.valid:
            return _page(w, proposal, city, ending=form, status=422)
        row = promise.decision if is_decision else promise.sign_off
        if row is None:
            raise Missing
        actions.withdraw_commitment(w, proposal, row, form.value)
        return see_other(w, f"/{NOUN}/{code}/commitments/{city}", say=_("The commitment is withdrawn."))


@router.get(f"{BASE}/{{city}}/document/{{file}}", include_in_schema=False)
def document(request: Request, code: str, city: str, file: str) -> Response:
    """The document of a formal decision."""
    with work(request) as w:
        proposal = queries.visible(w, code)
        (promise,) = facts.promises(w, proposal, [queries.partner_city(w, proposal, city)])
        if promise.decision is None:
            raise Missing
        found = file_of(w, "commitment", promise.decision, file)
    return send_file(request, found)
