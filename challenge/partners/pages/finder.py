"""Candidates for a proposal, inviting a city, and the page on which a city answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.cities.queries import city as city_of
from challenge.cities.queries import countries_with_cities
from challenge.cities.states import NETWORKS
from challenge.cities.words import language_choices, theme_label
from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.templates import Deadline
from challenge.http.transitions import Acts, buttons
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Forbidden, Invalid
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.partners import actions, queries, rules
from challenge.partners.queries import Wanted
from challenge.partners.reasons import MOST, TITLES
from challenge.partners.schemas import InvitationIn
from challenge.partners.states import LABELS, InvitationState
from challenge.partners.workflow import INVITATION
from challenge.people.rules import may_not
from challenge.proposals import content, facts
from challenge.proposals import queries as proposals
from challenge.proposals import rules as proposal_rules
from challenge.rounds.states import CITY_ROLES

router = APIRouter(include_in_schema=False)
TONES = dict(zip(MOST, ("moss", "sea", "plum", "sun", "clay", "rose", "edge", "ink"), strict=True))


def zone_of(w: Work, record: Any) -> str:
    """The time zone of the round."""
    return proposal_rules.round_of(w, record).zone


ACTS = Acts(
    workflow=INVITATION, noun="partner-invitations", find=queries.invitation, fire=actions.fire,
    show=lambda invitation: f"/partner-invitations/{invitation.code}", title=lambda _record: str(_("Invitation")),
    zone=zone_of,
)  # fmt: skip


def to_find_for(w: Work, code: str) -> Any:
    """A proposal, for its team and those who oversee its round. Raises Missing, Forbidden."""
    proposal = proposals.visible(w, code)
    if proposal_rules.is_team(w, proposal) is not None and not proposals.oversees(w, proposal):
        raise Forbidden(may_not(_("Only the team of this proposal and the programme look for partner cities.")))
    return proposal


@router.get("/proposals/{code}/partners")
def index(
    request: Request, code: str, country: str = "", theme: str = "", network: str = "", language: str = "",
    everywhere: str = "",
) -> Response:  # fmt: skip
    """Cities that fit, best first, and why."""
    with work(request) as w:
        proposal = to_find_for(w, code)
        wanted = Wanted(country[:2], theme[:32], network[:32], language[:2], everywhere=bool(everywhere))
        runs = rules.may_invite(w, proposal) is None
        return page(
            w, "partners/finder.html", proposal=proposal, found=queries.candidates(w, proposal, wanted), wanted=wanted,
            countries=countries_with_cities(w), themes=_themes(w, proposal), networks=list(NETWORKS.items()),
            languages=language_choices(), titles=TITLES, most=MOST, tones=TONES,
            labels=LABELS, waits=InvitationState.ASKED, invitations=_named(w, proposal), runs=runs,
            blocked=(proposal_rules.may_change_cities(w, proposal) or rules.room_to_ask(w, proposal)) if runs else None,
            pairing=facts.pairing(w, proposal, content.cities(w, proposal)), city_roles=CITY_ROLES,
        )  # fmt: skip


def _themes(w: Work, proposal: Any) -> list[tuple[str, str]]:
    return [(theme.key, theme_label(theme.key)) for theme in proposal_rules.rules_of(w, proposal).themes]


def _named(w: Work, proposal: Any) -> list[queries.Shown]:
    return [queries.shown(w, found) for found in queries.invitations(w, proposal)]


@router.get("/proposals/{code}/partners/{city}/invitation")
def ask(request: Request, code: str, city: str) -> Response:
    """Write an invitation; it begins with the summary and a fortnight."""
    with work(request) as w:
        proposal = to_find_for(w, code)
        given = {"role": "pilot", "message": proposal.summary, "answer_by": in_a_fortnight(w, zone_of(w, proposal))}
        return _ask_page(w, proposal, city, Form(InvitationIn, given, choices=_choices(), zone=zone_of(w, proposal)))


def in_a_fortnight(w: Work, zone: str) -> datetime:
    """At the end of a working day."""
    return (w.now.astimezone(ZoneInfo(zone)) + rules.USUAL).replace(hour=17, minute=0, second=0, microsecond=0)


@router.post("/proposals/{code}/partners/{city}/invitation")
def invite(request: Request, code: str, city: str, sent: Sent) -> Response:
    """Send it."""
    with work(request) as w:
        proposal = to_find_for(w, code)
        form = Form.sent(InvitationIn, sent, choices=_choices(), zone=zone_of(w, proposal))
        if not form.valid:
            return _ask_page(w, proposal, city, form, status=422)
        try:
            made = actions.invite(w, proposal, city, form.value)
        except Invalid as refusal:
            form.say_problem(refusal.problem)
            return _ask_page(w, proposal, city, form, status=422)
        return see_other(w, f"/partner-invitations/{made.code}", say=_("The city is invited. Its people get a mail."))


def _choices() -> dict[str, Any]:
    return {"role": [(str(role), label) for role, label in CITY_ROLES.items()]}


def _ask_page(w: WebWork, proposal: Any, city: str, form: Form[InvitationIn], status: int = 200) -> Response:
    if (problem := rules.may_invite(w, proposal)) is not None:
        raise Forbidden(problem)
    return page(
        w, "partners/invite.html", status=status, proposal=proposal, city=city_of(w, city), form=form,
        challenges=content.challenges(w, proposal),
    )  # fmt: skip


@router.get("/partner-invitations/{code}")
def show(request: Request, code: str) -> Response:
    """What the city is asked, by whom and until when; here it answers."""
    with work(request) as w:
        found = queries.invitation(w, code)
        return page(
            w, "partners/invitation.html", shown=queries.shown(w, found), invitation=found, labels=LABELS,
            buttons=buttons(ACTS, w, found), city_roles=CITY_ROLES, states=InvitationState,
            answers=rules.speaks_for_city(w, found) is None, deadline=_clock(w, found),
        )  # fmt: skip


def _clock(w: Work, found: Any) -> Deadline | None:
    if found.state is not InvitationState.ASKED:
        return None
    return Deadline(str(_("The answer is due")), found.answer_by, zone_of(w, found), w.now)
