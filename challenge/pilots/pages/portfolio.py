"""The portfolio of pilots, a pilot's own page, and pairing."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.figures import pair_map
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.templates import Deadline
from challenge.http.transitions import Acts, add_pages, buttons
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Forbidden
from challenge.kernel.i18n import _, locale
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.people.countries import country_name
from challenge.people.queries import names, organisations
from challenge.pilots import actions, content, queries, rules
from challenge.pilots.log.queries import has_notes
from challenge.pilots.log.rules import mentors
from challenge.pilots.pages import history, progress, views
from challenge.pilots.queries import Filters
from challenge.pilots.states import LABELS, REPORT_KINDS, REPORT_LABELS, TRANCHE_LABELS, PilotState
from challenge.pilots.tracking.health import RULES as HEALTH
from challenge.pilots.tracking.queries import health_of
from challenge.pilots.workflow import PILOT
from challenge.proposals import queries as proposals
from challenge.rounds import queries as rounds
from challenge.rounds.pairing import pairing_facts

if TYPE_CHECKING:
    from challenge.pilots.models import Pilot

router = APIRouter(include_in_schema=False)
TONES = ("primary", "secondary", "warning")  # the order of the buttons


def zone_of(w: Work, pilot: Pilot) -> str:
    """The time zone of its round."""
    return rounds.get(w, pilot.round_id).zone


ACTS = Acts(
    workflow=PILOT, noun="pilots", find=queries.visible, fire=actions.fire, show=lambda pilot: f"/pilots/{pilot.code}",
    title=lambda pilot: pilot.title, zone=zone_of,
)  # fmt: skip


@router.get("/pilots")
def index(request: Request) -> Response:
    """Every pilot one may know of, on the map and in the table that draws it."""
    asked = request.query_params
    filters = Filters(*(asked.get(name, "")[:32] for name in ("round", "state", "country", "theme")))
    with work(request) as w:
        found = queries.listed(w, filters, asked.get("after"))
        chosen = {name: value for name, value in asked.items() if name != "after" and value}
        cities = [city for row in found.rows for city in row.cities if city.counts]
        following = urlencode({**chosen, "after": found.following}) if found.following else ""
        return page(
            w, "pilots/index.html", rows=found.rows, cities=len({city.city_id for city in cities}),
            countries=len({city.country for city in cities}), abroad=sum(bool(row.away) for row in found.rows),
            map=pair_map(views.on_map(found.rows)), labels=LABELS,
            choices=_choices(w), filters=filters, narrowed=bool(chosen), following=following,
            is_first=not asked.get("after"), chosen=urlencode(chosen), waiting=len(queries.unpaired(w)),
            may_pair=people.is_some_coordinator(w, None) is None, cures=queries.cures_over(w),
        )  # fmt: skip


def _choices(w: Work) -> dict[str, list[tuple[str, str]]]:
    """What the list can be narrowed to, each with its word for everything."""
    found = queries.choosable(w)
    titles = {
        theme.key: theme.title_et if locale() == "et" and theme.title_et else theme.title
        for round_ in found.rounds
        for theme in rounds.rules_of(round_).themes
    }
    everything = ("", str(_("All")))
    return {
        "round": [everything, *((row.code, row.title) for row in found.rounds)],
        "state": [everything, *((str(state), str(LABELS[state].public)) for state in found.states)],
        "country": [everything, *((code, country_name(code)) for code in found.countries)],
        "theme": [everything, *((key, titles.get(key, key)) for key in found.themes)],
    }


# Pairing: registered before the page of a pilot, whose address would match


@router.get("/pilots/new")
def new(request: Request) -> Response:
    """Selected proposals that wait for their pilot, each with what stands in the way."""
    with work(request) as w:
        if problem := people.is_some_coordinator(w, None):
            raise Forbidden(problem)
        waiting = []
        for proposal in queries.unpaired(w):
            cities = proposals.partner_cities(w, proposal)
            own = rounds.rules_of(rounds.get(w, proposal.round_id))
            facts = pairing_facts((city.partner for city in cities), own)
            waiting.append((proposal, facts, rules.why_not_pair(w, proposal)))
        return page(w, "pilots/new.html", waiting=waiting)


@router.post("/pilots")
def create(request: Request, sent: Sent) -> Response:
    """Pair: make the pilot of a selected proposal."""
    with work(request) as w:
        made = actions.pair(w, proposals.visible(w, sent.get("proposal")))
        return see_other(w, f"/pilots/{made.code}", say=_("Paired. Next: the agreement."))


add_pages(router, ACTS)


@router.get("/pilots/{code}")
def show(request: Request, code: str) -> Response:
    """Two cities and what they try; for those inside also what is next, by when, and why not."""
    with work(request) as w:
        pilot = queries.visible(w, code)
        inside = queries.is_inside(w, pilot)
        as_public = not inside or request.query_params.get("as") == "public"
        return _show(w, pilot, is_inside=inside, as_public=as_public)


def _show(w: WebWork, pilot: Pilot, *, is_inside: bool, as_public: bool) -> Response:
    round_ = rounds.get(w, pilot.round_id)
    now, members = views.today(w.now, round_.zone), content.members(w, pilot)
    milestones = progress.milestone_rows(content.milestones(w, pilot), now)
    reports = content.reports(w, pilot)
    owner = organisations(w, [pilot.organisation_id]).get(pilot.organisation_id or 0)
    label = LABELS[pilot.state]
    return page(
        w, "pilots/show.html", pilot=pilot, round=round_, pair=views.pair_of(pilot, members), members=members,
        in_country=views.role_and_country, label=label.public if as_public else label.team, tone=label.tone,
        month=views.month_of(pilot, now), key_facts=views.key_facts(pilot),
        more_facts=views.more_facts(pilot, owner.name if owner else None), challenges=queries.challenges(w, pilot),
        indicators=progress.indicator_rows(pilot, content.indicators(w, pilot), members), milestones=milestones,
        plan=progress.plan_of(milestones, now), reports=reports, kinds=REPORT_KINDS,
        late=progress.late(reports, now), unknown=str(_("not known") if pilot.imported else _("not set yet")),
        report_labels=REPORT_LABELS, is_inside=is_inside, as_public=as_public,
        state_guess=bool(pilot.facts.get("status_is_guess")), round_guess=bool(pilot.facts.get("round_is_guess")),
        inside=None if as_public else _inside(w, pilot, members),
    )  # fmt: skip


def _inside(w: Work, pilot: Pilot, members: list[content.Member]) -> dict[str, object]:
    """What only those inside see: acts, pairing, money, people, history."""
    zone = zone_of(w, pilot)
    tranches = content.tranches(w, pilot)
    reports = {row.code: row.kind for row in content.reports(w, pilot)}
    cure = pilot.cure_until
    return {
        "acts": sorted(buttons(ACTS, w, pilot), key=lambda button: TONES.index(button.tone)),
        "facts": views.indicator_of_pairing(w, pilot),
        "tranches": tranches,
        "planned": content.planned_cents(tranches),
        "tranche_labels": TRANCHE_LABELS,
        "people": names(w, [pilot.lead_id, pilot.mentor_id]),
        "entries": list(
            history.entries(queries.history(w, pilot), zone, {row.code: row.name for row in members}, reports)
        ),
        "cure": Deadline(str(_("To be cured")), cure, zone, w.now) if cure is not None else None,
        "may_plan": rules.may_plan(w, pilot) is None and rules.has_not_ended(w, pilot) is None,
        "may_run": rules.is_coordinator(w, pilot) is None and rules.has_not_ended(w, pilot) is None,
        "is_preparing": pilot.state is PilotState.PREPARING,
        "archived": rules.has_not_ended(w, pilot),
        "shows_notes": has_notes(w, pilot) or mentors(w, pilot) is None,
        "health": health_of(w, pilot),
        "health_rules": [said for said, _rule in HEALTH.values()],
    }
