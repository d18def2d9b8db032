"""Cities for everybody, and the pages on which they describe themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.cities import actions, queries, rules, words
from challenge.cities.extras import extras_of
from challenge.cities.schemas import Facts, Profile
from challenge.cities.states import NETWORKS, THEMES
from challenge.http.forms import Choices, Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent, SentBody
from challenge.http.templates import number
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Forbidden, Stale
from challenge.kernel.i18n import _, _n
from challenge.people.countries import countries, country_name
from challenge.people.states import KINDS, PLACES

if TYPE_CHECKING:
    from challenge.cities.queries import City

router = APIRouter(include_in_schema=False)


@router.get("/cities")
def index(request: Request) -> Response:
    """Search by name or country."""
    with work(request) as w:
        asked = request.query_params
        text, country, after = asked.get("q", "")[:80], asked.get("country", "")[:2], asked.get("after")
        found = queries.found(w, text, country=country, after=after)
        total = queries.count(w, text, country=country)
        return page(
            w, "cities/index.html", found=found, q=text, country=country, is_first=not after,
            total=_n("one city", "%(count)s cities", total, count=number(total)),
            countries=queries.countries_with_cities(w),
            country_name=country_name, may_add=rules.may_correct(w, None) is None,
        )  # fmt: skip


@router.get("/cities/new")
def new(request: Request) -> Response:
    """A city that is not in the list."""
    with work(request) as w:
        _only_programme(w)
        return page(w, "cities/new.html", form=Form(Facts, choices=_fact_choices()))


@router.post("/cities/new")
def create(request: Request, sent: Sent) -> Response:
    """Add it."""
    with work(request) as w:
        _only_programme(w)
        form = Form.sent(Facts, sent, choices=_fact_choices())
        if not form.valid:
            return page(w, "cities/new.html", status=422, form=form)
        made = actions.create_city(w, form.value)
        return see_other(w, f"/cities/{made.code}", say=_("%(name)s is added.", name=made.name))


@router.get("/cities/{code}")
def show(request: Request, code: str) -> Response:
    """Facts, what the city offers and looks for, and what higher packages know of it."""
    with work(request) as w:
        city = queries.city(w, code)
        profile = city.profile
        place = None
        if profile.latitude is not None and profile.longitude is not None:
            place = words.coordinates(profile.latitude, profile.longitude)
        return page(
            w, "cities/show.html", city=city, profile=profile, kind=KINDS[city.kind], place=place,
            country=country_name(city.country), themes=[words.theme_label(key) for key in profile.themes],
            networks=[words.network_label(key) for key in profile.networks],
            languages=[words.language_label(language) for language in profile.languages],
            extras=extras_of(w, city, request.app.state.templates.globals),
            is_described=bool(profile.offers or profile.wants or profile.themes or profile.networks),
            may_describe=rules.may_describe(w, city.organisation) is None,
            may_correct=w.actor.signed_in and rules.may_correct(w, city.organisation) is None,
            sits_here=w.actor.sits_in(city.id),
        )  # fmt: skip


@router.get("/cities/{code}/edit")
def edit(request: Request, code: str) -> Response:
    """Describe the city."""
    with work(request) as w:
        city = _to_describe(w, code)
        return _edit_page(w, city, Form(Profile, _known(city), choices=_choices()))


@router.post("/cities/{code}/edit")
def update(request: Request, code: str, sent: Sent) -> Response:
    """Keep the description."""
    with work(request) as w:
        city = _to_describe(w, code)
        form = Form.sent(Profile, sent, choices=_choices())
        if not form.valid:
            return _edit_page(w, city, form)
        _ask_version(city, sent)
        actions.describe(w, city, form.value)
        return see_other(w, f"/cities/{code}", say=_("Saved. This is how others see the city."))


@router.get("/cities/{code}/facts")
def facts(request: Request, code: str) -> Response:
    """Name, country, population: for who runs the programme."""
    with work(request) as w:
        city = queries.city(w, code)
        _only_programme(w)
        known = {
            "kind": city.kind, "name": city.name, "country": city.country, "region": city.profile.region,
            "population": city.profile.population, "latitude": city.profile.latitude,
            "longitude": city.profile.longitude,
        }  # fmt: skip
        return page(w, "cities/facts.html", city=city, form=Form(Facts, known, choices=_fact_choices()))


@router.post("/cities/{code}/facts")
def correct(request: Request, code: str, sent: Sent) -> Response:
    """Correct them."""
    with work(request) as w:
        city = queries.city(w, code)
        _only_programme(w)
        form = Form.sent(Facts, sent, choices=_fact_choices())
        if not form.valid:
            return page(w, "cities/facts.html", status=422, city=city, form=form)
        _ask_version(city, sent)
        actions.correct(w, city, form.value)
        return see_other(w, f"/cities/{code}", say=_("Saved."))


def _edit_page(w: WebWork, city: City, form: Form[Profile]) -> Response:
    return page(w, "cities/edit.html", status=422 if form.show_errors else 200, city=city, form=form)


def _to_describe(w: WebWork, code: str) -> City:
    city = queries.city(w, code)
    if problem := rules.may_describe(w, city.organisation):
        raise Forbidden(problem)
    return city


def _only_programme(w: WebWork) -> None:
    if problem := rules.may_correct(w, None):
        raise Forbidden(problem)


def _ask_version(city: City, sent: SentBody) -> None:
    """Somebody else may have saved since the form was shown."""
    if sent.version is not None and sent.version != city.profile.version:
        raise Stale


def _known(city: City) -> dict[str, object]:
    """The profile as its form holds it."""
    profile = city.profile
    return {
        "offers": profile.offers, "wants": profile.wants,
        "themes": [key for key in profile.themes if key in THEMES],
        "other_themes": ", ".join(words.theme_label(key) for key in profile.themes if key not in THEMES),
        "networks": profile.networks, "languages": profile.languages, "capacity": profile.capacity,
        "website": city.organisation.website,
    }  # fmt: skip


def _choices() -> dict[str, Choices]:
    return {
        "themes": list(THEMES.items()),
        "networks": list(NETWORKS.items()),
        "languages": words.language_choices(),
    }


def _fact_choices() -> dict[str, Choices]:
    return {"kind": [(str(kind), KINDS[kind]) for kind in KINDS if kind in PLACES], "country": countries()}
