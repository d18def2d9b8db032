"""Pages of words: help, accessibility, privacy, contact, open data. They say what is so, and nothing that is not."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.home import problems
from challenge.home.queries import texts as queries
from challenge.http.pages import page
from challenge.http.work import work
from challenge.privacy import periods
from challenge.privacy.activities import ACTIVITIES
from challenge.privacy.holding import BASES

router = APIRouter()
API = "/api/v1/"


@router.get("/help", include_in_schema=False)
def tour(request: Request) -> Response:
    """A tour by role, and the words of the service."""
    with work(request) as w:
        return page(w, "home/help.html")


@router.get("/help/problems", include_in_schema=False)
def reasons(request: Request) -> Response:
    """Every reason the service gives, at the anchor that its JSON answers name."""
    with work(request) as w:
        return page(w, "home/problems.html", problems=problems.explained())


@router.get("/accessibility", include_in_schema=False)
def accessibility(request: Request) -> Response:
    """The statement: how it is built, how it is tested, what is not, how to report."""
    with work(request) as w:
        return page(w, "home/accessibility.html", email=request.app.state.settings.contact_email)


@router.get("/privacy", include_in_schema=False)
def privacy(request: Request) -> Response:
    """What is kept, why and how long."""
    with work(request) as w:
        email = request.app.state.settings.contact_email
        return page(
            w, "home/privacy.html", hosts=queries.hosts(w), kept=periods.in_force(w), activities=ACTIVITIES,
            bases=BASES, email=email,
        )  # fmt: skip


@router.get("/contact", include_in_schema=False)
def contact(request: Request) -> Response:
    """How to reach the coordinators."""
    with work(request) as w:
        email = request.app.state.settings.contact_email
        return page(w, "home/contact.html", hosts=queries.hosts(w), email=email)


@router.get("/open-data", include_in_schema=False)
def open_data(request: Request) -> Response:
    """What can be taken away today, read off the routes there are."""
    with work(request) as w:
        url = request.app.state.settings.public_url
        return page(w, "home/open_data.html", collections=collections(request), public_url=url)


def collections(request: Request) -> list[str]:
    """The collections the JSON API can list."""
    paths = request.app.openapi()["paths"]
    listed = [path for path, methods in paths.items() if path.startswith(API) and "get" in methods]
    return sorted(path for path in listed if "/" not in path.removeprefix(API))
