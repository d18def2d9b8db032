"""Partner cities and challenges: found, added, changed, dropped."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.cities.queries import search
from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Forbidden, Invalid, Problem
from challenge.kernel.i18n import _
from challenge.proposals import actions, content, facts, queries, rules
from challenge.proposals.asks import Reason
from challenge.proposals.pages.forms import NOUN, due_clock
from challenge.rounds.queries import get
from challenge.rounds.states import CITY_ROLES, CityRole

router = APIRouter()
BASE = "/proposals/{code}"
FOUND = 12


@router.get(f"{BASE}/cities", include_in_schema=False)
def index(request: Request, code: str, q: str = "") -> Response:
    """The partner cities, the pairing rule, and the search for more."""
    with work(request) as w:
        return _cities_page(w, queries.visible(w, code), q[:80])


def _cities_page(
    w: WebWork, proposal: Any, text: str = "", problem: Problem | None = None, status: int = 200
) -> Response:
    cities = content.cities(w, proposal)
    known = {city.code for city in cities}
    kinds = rules.rules_of(w, proposal).city_kinds
    rows = search(w, text, FOUND + len(known)) if text.strip() else []
    can_change = rules.runs_team(w, proposal) is None
    blocked = rules.may_change_cities(w, proposal)
    return page(
        w, "proposals/cities.html", status=status, proposal=proposal, text=text, problem=problem,
        promises=facts.promises(w, proposal, cities), city_roles=CITY_ROLES,
        role_choices=[(str(role), label) for role, label in CITY_ROLES.items()], runs_team=can_change,
        found=[row for row in rows if row.code not in known and row.kind in kinds][:FOUND],
        can_change=can_change and blocked is None, blocked=blocked if can_change else None,
        pairing=facts.pairing(w, proposal, cities), current=content.current(w, proposal),
        leads_cities={city.id for city in cities if rules.leads_city(w, city) is None},
        live=rules.is_live(w, proposal) is None, deadline=due_clock(w, proposal),
    )  # fmt: skip


@router.post(f"{BASE}/cities", include_in_schema=False)
def add(request: Request, code: str, sent: Sent) -> Response:
    """Take a city in."""
    with work(request) as w:
        proposal = queries.visible(w, code)
        role = CityRole(sent.get("role")) if sent.get("role") in set(CityRole) else CityRole.PILOT
        try:
            actions.ask_city(w, proposal, sent.get("city"), role)
        except Invalid as refusal:
            return _cities_page(w, proposal, sent.get("q"), refusal.problem, status=422)
        return see_other(w, f"/{NOUN}/{code}/cities", say=_("The city is a partner now; its people see the proposal."))


@router.post(f"{BASE}/cities/{{city}}/role", include_in_schema=False)
def change(request: Request, code: str, city: str, sent: Sent) -> Response:
    """Another role for a partner city."""
    with work(request) as w:
        proposal = queries.visible(w, code)
        role = CityRole(sent.get("role")) if sent.get("role") in set(CityRole) else None
        try:
            if role is not None:
                actions.change_city_role(w, proposal, city, role)
        except Invalid as refusal:
            return _cities_page(w, proposal, "", refusal.problem, status=422)
        return see_other(w, f"/{NOUN}/{code}/cities", say=_("The role is changed."))


@router.post(f"{BASE}/cities/{{city}}/removal", include_in_schema=False)
def remove(request: Request, code: str, city: str) -> Response:
    """Go on without a city."""
    with work(request) as w:
        actions.remove_city(w, queries.visible(w, code), city)
        return see_other(w, f"/{NOUN}/{code}/cities", say=_("The team goes on without this city."))


@router.get(f"{BASE}/cities/{{city}}/leaving", include_in_schema=False)
def ask_leave(request: Request, code: str, city: str) -> Response:
    """Ask a city's lead why, before it leaves."""
    with work(request) as w:
        return _leave_page(w, queries.visible(w, code), city, Form(Reason))


def _leave_page(w: WebWork, proposal: Any, city: str, form: Form[Reason], status: int = 200) -> Response:
    leaving = queries.partner_city(w, proposal, city)
    if (problem := rules.leads_city(w, leaving)) is not None:
        raise Forbidden(problem)
    return page(w, "proposals/leave.html", status=status, proposal=proposal, city=leaving, form=form)


@router.post(f"{BASE}/cities/{{city}}/leaving", include_in_schema=False)
def leave(request: Request, code: str, city: str, sent: Sent) -> Response:
    """A city leaves; its commitment ends."""
    with work(request) as w:
        proposal, form = queries.visible(w, code), Form.sent(Reason, sent)
        if not form.valid:
            return _leave_page(w, proposal, city, form, status=422)
        actions.leave_as_city(w, proposal, city, form.value.reason)
        return see_other(w, f"/{NOUN}", say=_("Your city has left the proposal."))


# Challenges


@router.get(f"{BASE}/challenges", include_in_schema=False)
def challenges(request: Request, code: str) -> Response:
    """The challenges it answers, and those it could."""
    with work(request) as w:
        return _challenges_page(w, queries.visible(w, code))


def _challenges_page(w: WebWork, proposal: Any, problem: Problem | None = None, status: int = 200) -> Response:
    answered = content.challenges(w, proposal)
    known = {found.code for found in answered}
    blocked = rules.may_change_challenges(w, proposal)
    return page(
        w, "proposals/challenges.html", status=status, proposal=proposal, answered=answered, problem=problem,
        others=[row for row in queries.to_answer(w, get(w, proposal.round_id)) if row[0] not in known],
        can_change=rules.is_lead(w, proposal) is None and blocked is None, blocked=blocked,
        is_last=len(answered) == 1, answerable=content.ANSWERABLE,
        may_consent=rules.is_coordinator(w, proposal) is None and rules.is_live(w, proposal) is None
        and rules.answers_accepted_challenge(w, proposal) is not None,
    )  # fmt: skip


@router.post(f"{BASE}/challenges", include_in_schema=False)
def answer(request: Request, code: str, sent: Sent) -> Response:
    """Answer one more challenge."""
    with work(request) as w:
        proposal = queries.visible(w, code)
        try:
            actions.answer_challenge(w, proposal, sent.get("challenge"))
        except Invalid as refusal:
            return _challenges_page(w, proposal, refusal.problem, status=422)
        return see_other(w, f"/{NOUN}/{code}/challenges", say=_("The challenge is added."))


@router.get(f"{BASE}/consent", include_in_schema=False)
def ask_consent(request: Request, code: str) -> Response:
    """Ask a coordinator why a proposal may go on although its challenge was withdrawn."""
    with work(request) as w:
        return _consent_page(w, queries.visible(w, code), Form(Reason))


def _consent_page(w: WebWork, proposal: Any, form: Form[Reason], status: int = 200) -> Response:
    if (problem := rules.is_coordinator(w, proposal)) is not None:
        raise Forbidden(problem)
    return page(w, "proposals/consent.html", status=status, proposal=proposal, form=form)


@router.post(f"{BASE}/consent", include_in_schema=False)
def consent(request: Request, code: str, sent: Sent) -> Response:
    """Record it."""
    with work(request) as w:
        proposal, form = queries.visible(w, code), Form.sent(Reason, sent)
        if not form.valid:
            return _consent_page(w, proposal, form, status=422)
        actions.go_on_without(w, proposal, form.value)
        return see_other(w, f"/{NOUN}/{code}", say=_("Recorded: the proposal goes on without a challenge."))


@router.post(f"{BASE}/challenges/{{challenge}}/removal", include_in_schema=False)
def drop(request: Request, code: str, challenge: str) -> Response:
    """No longer answer a challenge."""
    with work(request) as w:
        actions.drop_challenge(w, queries.visible(w, code), challenge)
        return see_other(w, f"/{NOUN}/{code}/challenges", say=_("The challenge is dropped."))
