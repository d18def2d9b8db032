"""Cities in JSON. City data: GeoNames, CC BY 4.0."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from challenge.cities import actions, queries
from challenge.cities.queries import City
from challenge.cities.schemas import Profile
from challenge.http.api import PREFIX, PROBLEMS, listing
from challenge.http.work import work

TAG = "cities"
router = APIRouter()


class CityItem(BaseModel):
    """A city in a list."""

    code: str
    name: str
    country: str
    kind: str
    population: int | None


class CitiesOut(BaseModel):
    """A page of cities."""

    items: list[CityItem]
    next: str | None = None


class CityOut(CityItem):
    """A city with its profile."""

    latitude: float | None
    longitude: float | None
    website: str | None
    offers: str
    wants: str
    themes: list[str]
    networks: list[str]
    languages: list[str]
    capacity: int | None
    source: str = "City data: GeoNames, CC BY 4.0"


@router.get(f"{PREFIX}/cities", tags=[TAG], response_model=CitiesOut, responses=PROBLEMS)
def index(request: Request, q: str = "", country: str = "", cursor: str | None = None) -> Response:
    """Cities by name: the best matches first."""
    with work(request) as w:
        found = queries.found(w, q[:100], country=country[:2].upper(), after=cursor)
        return listing(
            request, found,
            lambda row: CityItem(
                code=row.code, name=row.name, country=row.country, kind=str(row.kind), population=row.population
            ),
        )  # fmt: skip


@router.get(f"{PREFIX}/cities/{{code}}", tags=[TAG], response_model=CityOut, responses=PROBLEMS)
def show(request: Request, code: str) -> Response:
    """A city."""
    with work(request) as w:
        return JSONResponse(shown(queries.city(w, code)).model_dump(mode="json"))


@router.patch(f"{PREFIX}/cities/{{code}}", tags=[TAG], response_model=CityOut, responses=PROBLEMS)
def update(request: Request, code: str, given: Profile) -> Response:
    """What the city says about itself; its name, country and population are not its own to change."""
    with work(request) as w:
        city = queries.city(w, code)
        actions.describe(w, city, given)
        return JSONResponse(shown(city).model_dump(mode="json"))


def shown(city: City) -> CityOut:
    """A city as JSON."""
    profile = city.profile
    return CityOut(
        code=city.code, name=city.name, country=city.country, kind=str(city.kind), population=profile.population,
        latitude=profile.latitude, longitude=profile.longitude, website=city.organisation.website,
        offers=profile.offers, wants=profile.wants, themes=profile.themes, networks=profile.networks,
        languages=profile.languages, capacity=profile.capacity,
    )  # fmt: skip
