"""The public page of results, its frame for other sites, and the pages on which it is written."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from challenge.http.forms import Choices, Form
from challenge.http.pages import embedded_page, page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel import sheets
from challenge.kernel.errors import Forbidden, Missing
from challenge.kernel.i18n import LANGUAGES, Text, _, speaking
from challenge.people.models import Organisation
from challenge.pilots import queries as pilots
from challenge.pilots.pages.shared import form_page, permit, take
from challenge.pilots.pages.views import role_and_country
from challenge.pilots.results import actions, queries, rules
from challenge.pilots.results.queries import Kinds
from challenge.pilots.results.schemas import KINDS, KitIn, NewsIn, OutputIn, ReuseIn, WishIn
from challenge.pilots.results.views import HEAD, showcase, table
from challenge.pilots.rules import has_not_ended
from challenge.pilots.states import LABELS

router = APIRouter(include_in_schema=False)
KIT, WISH = _("Lessons and kit"), _("We would like to do the same")


@router.get("/pilots/{code}/showcase")
def show(request: Request, code: str) -> Response:
    """What came of it, for everybody; those inside see the cities that would like to do the same by name."""
    with work(request) as w:
        pilot = pilots.visible(w, code)
        is_inside, own = pilots.is_inside(w, pilot), rules.cities_of_actor(w)
        return page(
            w, "pilots/showcase.html", shown=showcase(w, pilot), pilot=pilot, label=LABELS[pilot.state], kinds=KINDS,
            in_country=role_and_country, is_inside=is_inside, may_tell=is_inside and rules.may_tell(w, pilot) is None,
            wishing=queries.wishes(w, pilot) if is_inside else [], frame_url=_frame_url(w, code),
            wishes=any(queries.wish_of(w, pilot, city.id) is not None for city in own),
            may_wish=any(rules.may_wish(w, pilot, city) is None for city in own),
        )  # fmt: skip


def _frame_url(w: WebWork, code: str) -> str:
    return f"{w.request.app.state.settings.public_url}/pilots/{code}/embed"


@router.get("/pilots/{code}/embed")
def embed(request: Request, code: str, lang: str = "") -> Response:
    """The same in short, for a frame on another site: what nobody who is signed out may read is not in it."""
    with work(request) as w, speaking(lang) if lang in LANGUAGES else nullcontext():
        shown = showcase(w, queries.public(w, code))
        url = f"{request.app.state.settings.public_url}/pilots/{code}/showcase"
        return embedded_page(w, "pilots/embed.html", shown=shown, label=LABELS[shown.pilot.state], url=url)


@router.get("/pilots/{code}/showcase.csv")
def as_csv(request: Request, code: str) -> Response:
    """The indicators with baseline, target and actual."""
    with work(request) as w:
        rows = table(w, pilots.visible(w, code))
    head = {"content-disposition": f'attachment; filename="pilot-{code}-results.csv"'}
    return Response(sheets.write_csv(HEAD, rows), media_type=sheets.CSV, headers=head)


# Writing it


@router.get("/pilots/{code}/outputs")
def manage(request: Request, code: str) -> Response:
    """Everything that stands on the public page, to be changed."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        return page(
            w, "pilots/outputs.html", pilot=pilot, shown=showcase(w, pilot), kinds=KINDS,
            may_tell=rules.may_tell(w, pilot) is None and has_not_ended(w, pilot) is None,
            may_note=rules.may_tell(w, pilot) is None, may_be_asked=rules.may_be_asked(w, pilot) is None,
            is_contact=queries.is_contact(w, pilot),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that is added, changed and taken out the same way."""

    noun: str
    table: Kinds
    model: type[BaseModel]
    new: Text
    edit: Text
    choices: Mapping[str, Choices]
    after_end: bool = False  # whether it goes on when the pilot is over


PARTS = (
    Kind("outputs", "output", OutputIn, _("New output"), _("Output"),
         {"kind": [(str(kind), text) for kind, text in KINDS.items()]}),
    Kind("news", "news", NewsIn, _("News"), _("News"), {}),
    Kind("reuses", "reuse", ReuseIn, _("Somebody uses it"), _("Somebody uses it"), {}, after_end=True),
)  # fmt: skip


def _add(kind: Kind) -> None:
    base = f"/pilots/{{code}}/{kind.noun}"

    @router.get(f"{base}/new", name=f"pilots.{kind.noun}.new")
    def new(request: Request, code: str) -> Response:
        with work(request) as w:
            pilot = pilots.whole(w, code)
            permit(w, pilot, rules.may_tell)
            form = Form(kind.model, choices=kind.choices)
            return form_page(
                w, pilot, form, kind.new, f"/pilots/{code}/{kind.noun}/new", f"/pilots/{code}/outputs",
                after_end=kind.after_end,
            )  # fmt: skip

    @router.post(f"{base}/new", name=f"pilots.{kind.noun}.create")
    def create(request: Request, code: str, sent: Sent) -> Response:
        with work(request) as w:
            pilot = pilots.whole(w, code)
            return take(
                w, pilot, sent, kind.model, lambda draft: actions.add(w, pilot, kind.table, draft), heading=kind.new,
                url=f"/pilots/{code}/{kind.noun}/new", back=f"/pilots/{code}/outputs", say=_("Added."),
                choices=kind.choices, after_end=kind.after_end,
            )  # fmt: skip

    @router.get(f"{base}/{{item}}", name=f"pilots.{kind.noun}.edit")
    def edit(request: Request, code: str, item: str) -> Response:
        with work(request) as w:
            pilot = pilots.whole(w, code)
            permit(w, pilot, rules.may_tell)
            row = queries.item(w, kind.table, pilot, item)
            form = Form(
                kind.model, {name: getattr(row, name) for name in kind.model.model_fields}, choices=kind.choices
            )
            return form_page(w, pilot, form, kind.edit, **_places(kind, code, item))

    @router.post(f"{base}/{{item}}", name=f"pilots.{kind.noun}.update")
    def update(request: Request, code: str, item: str, sent: Sent) -> Response:
        with work(request) as w:
            pilot = pilots.whole(w, code)
            row = queries.item(w, kind.table, pilot, item)
            return take(
                w, pilot, sent, kind.model, lambda draft: actions.change(w, pilot, kind.table, row, draft),
                heading=kind.edit, say=_("Saved."), choices=kind.choices, **_places(kind, code, item),
            )  # fmt: skip

    @router.post(f"{base}/{{item}}/drop", name=f"pilots.{kind.noun}.drop")
    def drop(request: Request, code: str, item: str) -> Response:
        with work(request) as w:
            pilot = pilots.whole(w, code)
            actions.drop(w, pilot, kind.table, queries.item(w, kind.table, pilot, item))
            return see_other(w, f"/pilots/{code}/outputs", say=_("Taken out."))


def _places(kind: Kind, code: str, item: str) -> dict[str, Any]:
    url = f"/pilots/{code}/{kind.noun}/{item}"
    return {
        "url": url, "back": f"/pilots/{code}/outputs", "drop_url": f"{url}/drop", "drop_label": _("Take it out"),
        "after_end": kind.after_end,
    }  # fmt: skip


for _kind in PARTS:
    _add(_kind)


@router.get("/pilots/{code}/kit")
def kit(request: Request, code: str) -> Response:
    """Lessons and kit."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        permit(w, pilot, rules.may_tell)
        found = queries.kit(w, pilot)
        known = {} if found is None else {name: getattr(found, name) for name in KitIn.model_fields}
        return form_page(w, pilot, Form(KitIn, known), KIT, f"/pilots/{code}/kit", f"/pilots/{code}/outputs")


@router.post("/pilots/{code}/kit")
def write_kit(request: Request, code: str, sent: Sent) -> Response:
    """Write them."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        return take(
            w, pilot, sent, KitIn, lambda draft: actions.write_kit(w, pilot, draft), heading=KIT,
            url=f"/pilots/{code}/kit", back=f"/pilots/{code}/outputs", say=_("Saved."),
        )  # fmt: skip


@router.post("/pilots/{code}/contact")
def contact(request: Request, code: str, sent: Sent) -> Response:
    """Agree to be named with one's address, or take it back."""
    with work(request) as w:
        pilot = pilots.visible(w, code)
        if sent.get("agrees") == "yes":
            actions.be_contact(w, pilot)
            return see_other(w, f"/pilots/{code}/outputs", say=_("Your name and e-mail address stand on the page now."))
        actions.no_contact(w, pilot)
        return see_other(w, f"/pilots/{code}/showcase", say=_("Your name and e-mail address are gone from the page."))


# Cities that would like to do the same


@router.get("/pilots/{code}/interest")
def ask_wish(request: Request, code: str) -> Response:
    """Why a city would like to do the same."""
    with work(request) as w:
        pilot = pilots.visible(w, code)
        city = _city(w)
        found = queries.wish_of(w, pilot, city.id)
        if found is None and (problem := rules.may_wish(w, pilot, city)):
            raise Forbidden(problem)
        return form_page(
            w, pilot, Form(WishIn, {"reason": found.reason if found else ""}), WISH, f"/pilots/{code}/interest",
            f"/pilots/{code}/showcase", note=_("You speak for %(city)s.", city=city.name),
            drop_url=f"/pilots/{code}/interest/withdrawal" if found else "", drop_label=_("We no longer would"),
            after_end=True,
        )  # fmt: skip


@router.post("/pilots/{code}/interest")
def wish(request: Request, code: str, sent: Sent) -> Response:
    """Say it."""
    with work(request) as w:
        pilot = pilots.visible(w, code)
        city = _city(w)
        return take(
            w, pilot, sent, WishIn, lambda draft: actions.wish(w, pilot, city, draft), heading=WISH,
            url=f"/pilots/{code}/interest", back=f"/pilots/{code}/showcase",
            say=_("The coordinators and the lead of the pilot are told."), after_end=True,
        )  # fmt: skip


@router.post("/pilots/{code}/interest/withdrawal")
def take_back(request: Request, code: str) -> Response:
    """It no longer would."""
    with work(request) as w:
        actions.take_back_wish(w, pilots.visible(w, code), _city(w))
        return see_other(w, f"/pilots/{code}/showcase", say=_("Taken back."))


def _city(w: WebWork) -> Organisation:
    """The city the actor speaks for. Missing for who speaks for none."""
    found = rules.cities_of_actor(w)
    if not found:
        raise Missing
    return found[0]
