"""The team: who is in it, who is invited, who leads; and two proposals becoming one."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Forbidden, Invalid
from challenge.kernel.i18n import _
from challenge.proposals import actions, queries, rules
from challenge.proposals.asks import MergeInto
from challenge.proposals.pages.forms import NOUN
from challenge.proposals.schemas import Invitation
from challenge.proposals.states import TEAM_ROLES, TeamRole

router = APIRouter()
BASE = "/proposals/{code}"
ROLES = [(str(role), text) for role, text in TEAM_ROLES.items() if role is not TeamRole.LEAD]


def _form(sent: Any = None) -> Form[Invitation]:
    choices = {"role": ROLES}
    return Form(Invitation, choices=choices) if sent is None else Form.sent(Invitation, sent, choices=choices)


@router.get(f"{BASE}/team", include_in_schema=False)
def index(request: Request, code: str) -> Response:
    """The team, and the form that invites."""
    with work(request) as w:
        return _team_page(w, queries.visible(w, code), _form())


def _team_page(w: WebWork, proposal: Any, form: Form[Invitation], status: int = 200) -> Response:
    if (problem := rules.is_team(w, proposal)) is not None and not queries.oversees(w, proposal):
        raise Forbidden(problem)
    members = queries.team(w, proposal)
    codes = queries.codes_of(w, members)
    live = rules.is_live(w, proposal) is None
    rows = [(member, codes.get(member.email_key, "")) for member in members]
    return page(
        w, "proposals/team.html", status=status, proposal=proposal, rows=rows, form=form, roles=TEAM_ROLES,
        role_choices=ROLES, runs_team=rules.runs_team(w, proposal) is None and live,
        hands_over=rules.may_hand_over(w, proposal) is None and live, lead=TeamRole.LEAD, co_lead=TeamRole.CO_LEAD,
        is_me=w.actor.id, may_leave=rules.is_team(w, proposal) is None and rules.is_lead(w, proposal) is not None,
    )  # fmt: skip


@router.post(f"{BASE}/team", include_in_schema=False)
def invite(request: Request, code: str, sent: Sent) -> Response:
    """Invite somebody."""
    with work(request) as w:
        proposal, form = queries.visible(w, code), _form(sent)
        if form.valid:
            try:
                made = actions.invite_member(w, proposal, form.value)
            except Invalid as refusal:
                form.say_problem(refusal.problem)
            else:
                say = _("%(name)s is invited. The invitation goes to %(email)s.", name=made.name, email=made.email)
                return see_other(w, f"/{NOUN}/{code}/team", say=say)
        return _team_page(w, proposal, form, status=422)


@router.post(f"{BASE}/team/{{person}}/role", include_in_schema=False)
def change(request: Request, code: str, person: str, sent: Sent) -> Response:
    """Give another role."""
    with work(request) as w:
        proposal = queries.visible(w, code)
        member = actions.member_of(w, proposal, person)
        if sent.get("role") in set(TeamRole):
            actions.change_role(w, proposal, member, TeamRole(sent.get("role")))
        return see_other(w, f"/{NOUN}/{code}/team", say=_("%(name)s has a new role.", name=member.name))


@router.post(f"{BASE}/team/{{person}}/removal", include_in_schema=False)
def remove(request: Request, code: str, person: str) -> Response:
    """Take somebody out, or an invitation back."""
    with work(request) as w:
        proposal = queries.visible(w, code)
        member = actions.member_of(w, proposal, person)
        actions.remove(w, proposal, member)
        return see_other(w, f"/{NOUN}/{code}/team", say=_("%(name)s is no longer in the team.", name=member.name))


@router.post(f"{BASE}/team/{{person}}/lead", include_in_schema=False)
def hand_over(request: Request, code: str, person: str) -> Response:
    """Hand the lead over."""
    with work(request) as w:
        proposal = queries.visible(w, code)
        member = actions.member_of(w, proposal, person)
        actions.hand_over(w, proposal, member)
        return see_other(w, f"/{NOUN}/{code}/team", say=_("%(name)s leads the proposal now.", name=member.name))


@router.post(f"{BASE}/leaving", include_in_schema=False)
def leave(request: Request, code: str) -> Response:
    """Leave the team."""
    with work(request) as w:
        actions.leave(w, queries.visible(w, code))
        return see_other(w, f"/{NOUN}", say=_("You have left the team."))


@router.post(f"{BASE}/invitation", include_in_schema=False)
def answer(request: Request, code: str, sent: Sent) -> Response:
    """Accept one's invitation, or decline it."""
    with work(request) as w:
        proposal = queries.visible(w, code)
        if sent.get("answer") == "decline":
            actions.decline_invitation(w, proposal)
            return see_other(w, f"/{NOUN}", say=_("You have declined the invitation."))
        actions.accept_invitation(w, proposal)
        return see_other(w, f"/{NOUN}/{code}", say=_("You are in the team now."))


# Merging


@router.get(f"{BASE}/merger", include_in_schema=False)
def merger(request: Request, code: str) -> Response:
    """Ask to become part of another proposal."""
    with work(request) as w:
        return _merger_page(w, queries.visible(w, code), Form(MergeInto))


def _merger_page(w: WebWork, proposal: Any, form: Form[MergeInto], status: int = 200) -> Response:
    if (problem := rules.is_lead(w, proposal)) is not None:
        raise Forbidden(problem)
    return page(
        w, "proposals/merger.html", status=status, proposal=proposal, form=form, problem=rules.can_merge(w, proposal),
        is_asked=proposal.merge_into_id is not None, is_agreed=proposal.merge_agreed_at is not None,
    )  # fmt: skip


@router.post(f"{BASE}/merger", include_in_schema=False)
def ask_to_merge(request: Request, code: str, sent: Sent) -> Response:
    """Name the other proposal, or call it off."""
    with work(request) as w:
        proposal = queries.visible(w, code)
        if sent.get("answer") == "off":
            actions.call_merge_off(w, proposal)
            return see_other(w, f"/{NOUN}/{code}", say=_("The merger is called off."))
        form = Form.sent(MergeInto, _without(sent))
        if form.valid:
            try:
                actions.ask_to_merge(w, proposal, form.value)
            except Invalid as refusal:
                form.say_problem(refusal.problem)
            else:
                return see_other(w, f"/{NOUN}/{code}", say=_("Asked. The lead of the other proposal must agree."))
        return _merger_page(w, proposal, form, status=422)


def _without(sent: Any) -> Any:
    sent.fields.pop("answer", None)
    return sent


@router.post(f"{BASE}/mergers/{{other}}", include_in_schema=False)
def agree(request: Request, code: str, other: str) -> Response:
    """Agree to take another proposal in."""
    with work(request) as w:
        into = queries.visible(w, code)
        actions.agree_to_merge(w, into, other)
        return see_other(w, f"/{NOUN}/{code}", say=_("You have agreed. A coordinator merges the two proposals."))
