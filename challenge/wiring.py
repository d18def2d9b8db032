"""What the application is made of: which routers, who is asking, what the header shows."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute

from challenge.cities import api as cities_api
from challenge.cities import pages as cities_pages
from challenge.cities.queries import country_name
from challenge.dossier import api as dossier_api
from challenge.dossier import pages as dossier_pages
from challenge.events import api as events_api
from challenge.events import pages as events_pages
from challenge.events.pages.reading import round_events
from challenge.events.workflow import EVENT
from challenge.home import api as home_api
from challenge.home import pages as home_pages
from challenge.home.cities import city_extras
from challenge.home.nav import nav
from challenge.jury import api as jury_api
from challenge.jury import pages as jury_pages
from challenge.jury.consensus import api as consensus_api
from challenge.jury.consensus.workflow import CONSENSUS
from challenge.jury.workflow import CONFLICT, REVIEW
from challenge.kernel.i18n import _
from challenge.kernel.workflow import Workflow
from challenge.notifications import api as notification_api
from challenge.notifications import pages as notification_pages
from challenge.notifications import rehearsal_pages, reminder_pages
from challenge.partners import api as partners_api
from challenge.partners import pages as partners_pages
from challenge.partners.workflow import INVITATION
from challenge.people import pages as people_pages
from challenge.people.actions import alarm, look_up, mark_seen
from challenge.people.oidc import providers
from challenge.people.oidc.remote import Remote
from challenge.people.queries import identify
from challenge.pilots import api as pilots_api
from challenge.pilots import pages as pilots_pages
from challenge.pilots.money import api as money_api
from challenge.pilots.money.workflow import CHANGE, CLAIM, TRANCHE
from challenge.pilots.workflow import PILOT, REPORT
from challenge.privacy import pages as privacy_pages
from challenge.proposals import api as proposals_api
from challenge.proposals import pages as proposals_pages
from challenge.proposals import tasks_api
from challenge.proposals.workflow import COMMITMENT, PROPOSAL
from challenge.rounds import api as rounds_api
from challenge.rounds import learning_api
from challenge.rounds import pages as rounds_pages
from challenge.rounds.workflow import ROUND
from challenge.selection import api as selection_api
from challenge.selection import pages as selection_pages
from challenge.selection.actions import fire_round
from challenge.selection.workflow import APPEAL, OUTCOME
from challenge.settings import Settings
from challenge.submissions import api as submissions_api
from challenge.submissions import pages as submissions_pages
from challenge.submissions.workflow import SUBMISSION

__all__ = [
    "alarm",
    "demo_note",
    "identify",
    "look_up",
    "mark_seen",
    "nav",
    "oidc",
    "routers",
    "routes",
    "template_globals",
    "workflows",
]


def routers() -> list[APIRouter]:
    """Every package's pages and API."""
    return [
        cities_api.router, submissions_api.router, rounds_api.routes(fire_round), proposals_api.router,
        partners_api.router, events_api.router, jury_api.router, consensus_api.router, selection_api.router,
        pilots_api.router, tasks_api.router, learning_api.router,
        notification_api.router, dossier_api.router, money_api.router, home_api.router,
        notification_pages.router, rehearsal_pages.router, reminder_pages.router, dossier_pages.router,
        *home_pages.routers, people_pages.router, privacy_pages.router, cities_pages.router,
        submissions_pages.router, proposals_pages.router, partners_pages.router, events_pages.router,
        pilots_pages.router, *jury_pages.routers, selection_pages.router, rounds_pages.router,
        rounds_pages.transitions(fire_round),
    ]  # fmt: skip


@functools.cache
def routes() -> list[APIRoute]:
    """What they answer, made ready once in a process: several applications share it, as they share the code.

    Side by side: each router FastAPI includes in another is asked twice for every request, and hundreds of routes
    are (measured: half of what finding a route takes).
    """
    return [route for router in routers() for route in _each(router)]


def _each(router: APIRouter) -> Iterator[APIRoute]:
    """The routes of a router and of those it includes, none of which adds a prefix or a dependency."""
    for route in router.routes:
        if isinstance(route, APIRoute):
            yield route
        else:
            yield from _each(route.original_router)  # type: ignore[attr-defined] # FastAPI names no type for it


def workflows() -> list[Workflow]:
    """Every workflow, in the order a round meets them."""
    return [
        ROUND, SUBMISSION, PROPOSAL, COMMITMENT, INVITATION, EVENT, REVIEW, CONFLICT, CONSENSUS, OUTCOME, APPEAL,
        PILOT, REPORT, TRANCHE, CLAIM, CHANGE,
    ]  # fmt: skip


def oidc(settings: Settings) -> dict[str, Remote]:
    """The providers people may sign in with, by key. Raises Misconfigured naming every fault of the settings."""
    return {provider.key: Remote(provider, settings.public_url) for provider in providers.read(settings)}


def demo_note() -> str:
    """Marks example content."""
    return str(
        _("Past rounds and pilots are real and sourced; the round marked “example” and its people are invented.")
    )


def template_globals() -> dict[str, Any]:
    """More names for every template."""
    return {"country": country_name, "city_extras": city_extras, "round_events": round_events}
