"""Full pages: rendered inside the unit of work, from a template and plain names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from challenge.http import flash
from challenge.http.compression import compress
from challenge.http.security import EMBEDDED
from challenge.http.sent import SentBody
from challenge.http.work import WebWork
from challenge.kernel.actor import NOBODY, Actor
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import LANGUAGES, Text, locale


@dataclass(frozen=True, slots=True)
class NavItem:
    """A noun in the header."""

    text: str
    href: str
    active: bool = False


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in, for the header."""

    name: str
    home_url: str = "/home"

    @property
    def initials(self) -> str:
        """First letters of the first and the last name."""
        words = self.name.split() or ["?"]
        return (words[0][:1] + (words[-1][:1] if len(words) > 1 else "")).upper()


@dataclass(slots=True)
class PageFrame:
    """What every layout needs, as ``page``."""

    locale: str
    path: str
    person: Me | None
    nav: list[NavItem] = field(default_factory=list)
    flashes: list[tuple[str, str]] = field(default_factory=list)
    footer_note: str = ""
    title: str = ""

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """(code, name, url) of the languages one may switch to."""
        back = quote(self.path, safe="")
        return [(code, name, f"/language/{code}?next={back}") for code, name in LANGUAGES.items()]


def frame(request: Request, actor: Actor) -> PageFrame:
    """The frame for this request; the application says what the navigation is."""
    state = request.app.state
    return PageFrame(
        locale=locale(),
        path=request.url.path,
        person=Me(actor.name) if actor.signed_in else None,
        nav=state.nav(actor, request.url.path),
        flashes=flash.read(request),
        footer_note=state.footer_note(request),
    )


def page(
    w: WebWork,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **names: Any,
) -> Response:
    """Render ``template`` with ``names``, the actor, and the frame."""
    return _render(w.request, w.actor, template, status, headers, {"w": w, **names})


def _render(
    request: Request, actor: Actor, template: str, status: int, headers: Mapping[str, str] | None, names: dict[str, Any]
) -> Response:
    names = {"actor": actor, "now": request.state.received_at, "page": frame(request, actor), **names}
    text = request.app.state.templates.get_template(template).render(names)
    response = HTMLResponse(text, status, dict(headers or {}))
    response.headers["Content-Language"] = locale()
    flash.clear(request, response)
    compress(request, response)
    return response


def embedded_page(w: WebWork, template: str, **names: Any) -> Response:
    """A page that other sites may show in a frame: the same for everybody, whoever is signed in here."""
    found = w.request.app.state.templates.get_template(template)
    return HTMLResponse(found.render(now=w.now, **names), headers={**EMBEDDED, "Content-Language": locale()})


def problem_page(request: Request, status: int, problem: Problem, headers: Mapping[str, str]) -> Response:
    """The page of a refusal: why, and where to go on."""
    actor = getattr(request.state, "actor", NOBODY)
    names = {"problem": problem, "status": status, "back": back_of(request)}
    return _render(request, actor, "problems/problem.html", status, headers, names)


def signed_out_page(request: Request, problem: Problem, sent: SentBody) -> Response:
    """The session is over and something was sent: it is given back, to be sent again once signed in."""
    names = {
        "problem": problem, "path": request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        "fields": [(name, value) for name, values in sent.fields.items() for value in values],
        "words": [value for values in sent.fields.values() for value in values if " " in value.strip()],
        "files": [file.name for file in sent.files.values()], "back": back_of(request),
    }  # fmt: skip
    return _render(request, NOBODY, "problems/signed_out.html", 401, {}, names)


def back_of(request: Request) -> str:
    """The page of ours somebody came from, or is at: where to come back to once a problem is put right."""
    came_from = urlsplit(request.headers.get("referer", ""))
    if f"{came_from.scheme}://{came_from.netloc}" != request.app.state.settings.origin:
        return request.url.path if request.method == "GET" else "/home"
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")


def see_other(w: WebWork, path: str, *, say: Text | None = None, tone: str = "success") -> Response:
    """After a change: go look at it (303). ``say`` is shown once on the next page."""
    response = RedirectResponse(path, 303)
    if say is not None:
        flash.put(w.request, response, tone, str(say))
    return response
