"""Lists, the workspace of a team, and what everybody else may read."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from challenge.http.drafts import part_views
from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.timeline import history
from challenge.http.together import here_too
from challenge.http.work import WebWork, work
from challenge.kernel import attachment, receipt
from challenge.kernel.errors import Forbidden, Missing, Problem, Refused, SignInNeeded
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people.queries import names, organisations
from challenge.people.rules import is_coordinator, is_observer, may_not
from challenge.proposals import actions, content, facts, queries, rules
from challenge.proposals.asks import POINTS
from challenge.proposals.pages.budget import table_of
from challenge.proposals.pages.commitments import may_open
from challenge.proposals.pages.forms import (
    AMONG_THEMSELVES,
    DRAFTS,
    NOUN,
    TOLD,
    answers_by_part,
    due_clock,
    is_editable,
    shown_buttons,
)
from challenge.proposals.pages.next_step import next_step
from challenge.proposals.pages.tables import rows_of, time_plan
from challenge.proposals.schemas import NewProposal, Rating
from challenge.proposals.states import CATEGORIES, ENDS, LABELS, TEAM_ROLES, ProposalState
from challenge.proposals.workflow import PROPOSAL
from challenge.rounds.queries import current, get, visible
from challenge.rounds.states import CITY_ROLES, GATES

router = APIRouter()
S = ProposalState
NO_ORGANISATION = may_not(_("A proposal is led by an organisation. Ask a coordinator to add you to yours."))
NO_ROUND = Problem("no_round", _("No round is under way. The next one will be announced on the front page."))
TOLD_IN = (S.SELECTED, S.RESERVE, S.DECLINED, S.INELIGIBLE, S.PILOTED)
RATINGS = [(str(number), str(number)) for number in range(1, 6)]


@router.get("/proposals", include_in_schema=False)
def index(
    request: Request,
    of_round: Annotated[str, Query(alias="round")] = "",
    state: str = "",
    q: str = "",
    after: str = "",
) -> Response:
    """One's own; for those who run or watch a round, the round's; for visitors, what has been announced."""
    with work(request) as w:
        if not w.actor.signed_in:
            return _published(w, after)
        round_ = visible(w, of_round) if of_round else current(w)
        if round_ is not None and (is_coordinator(w, round_) is None or is_observer(w, round_) is None):
            return _round_list(w, round_, state, q[:120], after)
        mine = queries.mine(w).rows
        known = {row.code for row in mine}
        of_cities = [row for row in queries.of_my_cities(w).rows if row.code not in known]
        return page(
            w, "proposals/index.html", mine=mine, of_cities=of_cities, labels=LABELS,
            problem=_may_not_begin(w, round_), published=queries.all_published(w).rows,
        )  # fmt: skip


def _published(w: WebWork, following: str) -> Response:
    rows = queries.all_published(w, following or None)
    more = f"/proposals?{urlencode({'after': rows.following})}" if rows.following else None
    return page(w, "proposals/published.html", rows=rows.rows, labels=LABELS, following=more)


def _round_list(w: WebWork, round_: Any, state: str, text: str, following: str) -> Response:
    wanted = ProposalState(state) if state in set(ProposalState) else None
    rows = queries.listed(w, round_id=round_.id, state=wanted, text=text, following=following or None)
    kept = {"round": round_.code, **{key: value for key, value in {"state": state, "q": text}.items() if value}}
    more = f"/proposals?{urlencode({**kept, 'after': rows.following})}" if rows.following else None
    return page(
        w, "proposals/round.html", round=round_, rows=rows.rows, labels=LABELS, state=state, text=text,
        counts=queries.funnel(w, round_.id), following=more, zone=round_.zone,
        first=f"/proposals?{urlencode(kept)}" if following else None,
    )  # fmt: skip


# Beginning


def _may_not_begin(w: Work, round_: Any) -> Problem | None:
    if not w.actor.organisations():
        return NO_ORGANISATION
    return NO_ROUND if round_ is None else rules.may_start(w, round_)


def _new_form(w: Work, sent: Any = None, challenge: str = "", carried_from: str = "") -> Form[NewProposal]:
    held, round_ = organisations(w, w.actor.organisations()), current(w)
    choices: dict[str, list[tuple[str, object]]] = {
        "organisation": [(str(found.id), found.name) for found in held.values()],
        "challenges": queries.to_answer(w, round_) if round_ is not None else [],
    }
    if sent is not None:
        return Form.sent(NewProposal, sent, choices=choices)
    only = str(next(iter(held))) if len(held) == 1 else ""
    given: dict[str, Any] = {"organisation": only, "challenges": [challenge]}
    if carried_from and round_ is not None:
        old = actions.to_carry(w, round_, carried_from)
        given |= {
            "title": old.title, "organisation": str(old.organisation_id), "carried_from": old.code,
            "challenges": [found.code for found in content.challenges(w, old)],
        }  # fmt: skip
    return Form(NewProposal, given, choices=choices)


@router.get("/proposals/new", include_in_schema=False)
def new(request: Request, challenge: str = "", carried_from: str = "") -> Response:
    """Where a proposal begins, or an ended one goes on."""
    with work(request) as w:
        return _new_page(w, _new_form(w, challenge=challenge, carried_from=carried_from))


def _new_page(w: WebWork, form: Form[NewProposal], status: int = 200) -> Response:
    round_ = current(w)
    problem = _may_not_begin(w, round_)
    if problem is NO_ORGANISATION:
        raise Forbidden(NO_ORGANISATION)
    return page(w, "proposals/new.html", status=status, form=form, round=round_, problem=problem)


@router.post("/proposals", include_in_schema=False)
def create(request: Request, sent: Sent) -> Response:
    """Begin a draft and go on to its workspace."""
    with work(request) as w:
        form = _new_form(w, sent)
        if not form.valid:
            return _new_page(w, form, status=422)
        round_ = current(w)
        if round_ is None:
            raise Refused(NO_ROUND)
        made = actions.begin(w, round_, form.value)
        return see_other(w, f"/{NOUN}/{made.code}", say=_("Your proposal is begun. Only your team sees it."))


# One proposal


@router.get("/proposals/{code}", include_in_schema=False)
def show(request: Request, code: str) -> Response:
    """The team's workspace; a reading view for cities and the programme; for everybody what was announced."""
    with work(request) as w:
        try:
            proposal = queries.visible(w, code)
        except Missing:
            return _public_page(w, code)
        return _workspace(w, proposal)


def _told(w: Work, proposal: Any, cities: list[Any]) -> bool:
    """Whether there is a decision the actor is told (its page belongs to those who decide)."""
    if proposal.state not in TOLD_IN:
        return False
    places = w.actor.organisations()
    return (
        rules.is_team(w, proposal) is None or any(city.id in places for city in cities) or queries.oversees(w, proposal)
    )


def _public_page(w: WebWork, code: str) -> Response:
    try:
        proposal = queries.published(w, code)
    except Missing:
        if not w.actor.signed_in:  # whoever may read it must say who they are: the same for a code that does not exist
            raise SignInNeeded from None
        raise
    return page(
        w, "proposals/public.html", proposal=proposal, label=LABELS[proposal.state], round=get(w, proposal.round_id),
        cities=content.cities(w, proposal), challenges=content.challenges(w, proposal),
        organisation=organisations(w, [proposal.organisation_id])[proposal.organisation_id], city_roles=CITY_ROLES,
        pairing=facts.pairing(w, proposal, content.cities(w, proposal)),
    )  # fmt: skip


def _has_copy(w: WebWork, proposal: Any) -> bool:
    """Whether the reader may see the copy without names that jurors read."""
    inside = rules.role_in_team(w, proposal) is not None or queries.oversees(w, proposal)
    return inside and facts.is_read_without_names(w, proposal)


def _workspace(w: WebWork, proposal: Any, rating: Form[Rating] | None = None, status: int = 200) -> Response:
    round_, cities = get(w, proposal.round_id), content.cities(w, proposal)
    promises = facts.promises(w, proposal, cities)
    is_team, edits = rules.is_team(w, proposal) is None, rules.may_write(w, proposal) is None and is_editable(proposal)
    form = DRAFTS.form(w, proposal)
    known = names(w, [proposal.lead_id])
    has_rated = queries.preferences(w, proposal)
    may_rate = bool(rules.cities_to_rate(w, proposal)) and rules.may_be_rated(w, proposal) is None
    return page(
        w, "proposals/show.html", status=status, proposal=proposal, round=round_, zone=round_.zone,
        label=LABELS[proposal.state], is_told=_told(w, proposal, cities), has_copy=_has_copy(w, proposal),
        gate=GATES[content.gate_of(proposal)], is_team=is_team, edits=edits,
        next=next_step(w, proposal, promises), returned=queries.said_with(w, proposal, "send_back")
        if proposal.state is S.RETURNED else {},
        invited=actions.invitation(w, proposal), roles=TEAM_ROLES, city_roles=CITY_ROLES,
        parts=part_views(DRAFTS, form, proposal) if edits else [],
        tasks=facts.outside_the_form(w, proposal) if edits else [],
        answers=[] if edits else answers_by_part(w, proposal),
        indicators=rows_of(proposal, "indicators") if "indicators" in form.model.model_fields else [],
        work_plan=rows_of(proposal, "work_plan") if "work_plan" in form.model.model_fields else [],
        plan=time_plan(proposal.answers.get("work_plan")),
        challenges=content.challenges(w, proposal), promises=promises, current=content.current(w, proposal),
        budget=table_of(w, proposal), categories=CATEGORIES, pairing=facts.pairing(w, proposal, cities),
        deadline=due_clock(w, proposal) if proposal.state not in ENDS else None,
        buttons=shown_buttons(w, proposal), team=queries.team(w, proposal), lead=known.get(proposal.lead_id, ""),
        there=[one.name for one in here_too(DRAFTS, w, proposal)] if is_team else [], saved_at=proposal.saved_at,
        files=attachment.of(w, content.WORKFLOW, proposal.code), ended=proposal.state in ENDS,
        receipt=receipt.latest(w, content.WORKFLOW, proposal.code), preferences=has_rated, may_rate=may_rate,
        rating=rating or _rating_form(has_rated), runs_team=rules.runs_team(w, proposal) is None,
        opens={city.id for city in cities if may_open(w, proposal, city.id)},
        leads_cities={city.id for city in cities if rules.leads_city(w, city) is None},
        asking=actions.asking_to_merge(w, proposal) if rules.is_lead(w, proposal) is None else [],
        can_merge=rules.is_lead(w, proposal) is None and rules.can_merge(w, proposal) is None,
        merging_into=proposal.merge_into_id is not None, points=_points(w, proposal),
        timeline=history(
            w, PROPOSAL, proposal.code, names_of=names, zone=round_.zone, acts=TOLD, without=AMONG_THEMSELVES, most=12
        ),
        lives=actions.lives(w, proposal) if is_team else [], may_carry=_may_carry(w, proposal),
    )  # fmt: skip


def _may_carry(w: Work, proposal: Any) -> str:
    """The round its lead may carry it into now."""
    round_ = current(w) if proposal.state in ENDS and rules.is_lead(w, proposal) is None else None
    return round_.title if round_ is not None and rules.may_be_carried(w, proposal, round_) is None else ""


def _points(w: Work, proposal: Any) -> list[tuple[Any, Any]]:
    """The checklist, for the coordinator who screens."""
    if proposal.state is not S.SUBMITTED or rules.is_coordinator(w, proposal) is not None:
        return []
    found = facts.checklist(w, proposal)
    return [(text, found[point]) for point, text in POINTS.items()]


def _rating_form(rated: list[Any]) -> Form[Rating]:
    given = {"rating": rated[0][1].rating, "comment": rated[0][1].comment} if rated else {}
    return Form(Rating, given, choices={"rating": RATINGS})


@router.post("/proposals/{code}/rating", include_in_schema=False)
def rate(request: Request, code: str, sent: Sent) -> Response:
    """A city rates an idea that answers its challenge."""
    with work(request) as w:
        proposal = queries.visible(w, code)
        form = Form.sent(Rating, sent, choices={"rating": RATINGS})
        if not form.valid:
            return _workspace(w, proposal, form, status=422)
        actions.rate(w, proposal, form.value)
        return see_other(w, f"/{NOUN}/{code}", say=_("Your rating is kept. You can change it until the window closes."))
