"""Change requests: what the pilot's people ask to be otherwise, and what the programme answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Choices, Form
from challenge.http.pages import page
from challenge.http.sent import Sent
from challenge.http.templates import day
from challenge.http.timeline import history
from challenge.http.transitions import Acts, add_pages, buttons
from challenge.http.work import work
from challenge.kernel.errors import Missing
from challenge.kernel.i18n import Text, _
from challenge.kernel.money import euros
from challenge.kernel.work import Work
from challenge.people.queries import names, organisations
from challenge.pilots import content
from challenge.pilots import queries as pilots
from challenge.pilots.money import actions, ledger, queries, rules
from challenge.pilots.money.changes import columns_of
from challenge.pilots.money.schemas import CHANGE_FORMS
from challenge.pilots.money.states import CHANGE_LABELS, CHANGES, ChangeKind
from challenge.pilots.money.workflow import CHANGE
from challenge.pilots.pages.portfolio import zone_of
from challenge.pilots.pages.shared import form_page, permit, take
from challenge.proposals.states import CATEGORIES, BudgetCategory
from challenge.rounds.states import CITY_ROLES

if TYPE_CHECKING:
    from challenge.pilots.models import Pilot
    from challenge.pilots.money.models import ChangeRequest

router = APIRouter(include_in_schema=False)
ACTS = Acts(
    workflow=CHANGE, noun="changes", find=queries.change, fire=actions.fire_change,
    show=lambda change: f"/changes/{change.code}", title=lambda change: str(CHANGES[change.kind]),
    zone=lambda w, change: zone_of(w, rules.pilot_of(w, change)),
)  # fmt: skip
ASK = _("Ask for it")
HEADINGS: Mapping[ChangeKind, Text] = {
    ChangeKind.DATES: _("Ask for other dates"),
    ChangeKind.MONEY: _("Ask to move money between budget lines"),
    ChangeKind.SCOPE: _("Ask for other work"),
    ChangeKind.MEMBERS: _("Ask for other cities"),
}


@router.get("/pilots/{code}/changes")
def index(request: Request, code: str) -> Response:
    """What was asked, and, for the pilot's people, what can be asked."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        rows = queries.changes(w, pilot)
        asks = rules.asks_changes(w, pilot) is None
        return page(
            w, "pilots/changes.html", pilot=pilot, rows=rows, kinds=CHANGES, labels=CHANGE_LABELS, asks=asks,
            problem=rules.is_agreed(w, pilot), headings=HEADINGS, what={row.id: what(w, row) for row in rows},
        )  # fmt: skip


def _kind(name: str) -> ChangeKind:
    if name not in set(ChangeKind):
        raise Missing
    return ChangeKind(name)


def choices(w: Work, pilot: Pilot, kind: ChangeKind) -> Mapping[str, Choices]:
    """What can be chosen: budget lines with what they hold; member cities."""
    if kind is ChangeKind.MEMBERS:
        goes = [("", _("None")), *((row.code, row.name) for row in content.members(w, pilot))]
        return {"goes": goes, "role": [(str(role), label) for role, label in CITY_ROLES.items()]}
    if kind is not ChangeKind.MONEY:
        return {}
    partners, lines = queries.partners(w, pilot), ledger.lines(w, pilot)
    source = [(f"{partners[whose].code}:{category}", _line(partners[whose].name, category,
                                                          ledger.left(w, pilot, (whose, category))))
              for whose, category in lines if whose in partners]  # fmt: skip
    target = [(f"{row.code}:{category}", _line(row.name, category, lines.get((key, category), 0)))
              for key, row in partners.items() for category in BudgetCategory]  # fmt: skip
    return {"source": source, "target": target}


def _line(name: str, category: BudgetCategory, cents: int) -> str:
    return f"{name}, {CATEGORIES[category]}: {euros(cents)}"


def _note(w: Work, pilot: Pilot, kind: ChangeKind) -> Text | str:
    if kind is not ChangeKind.MONEY:
        return ""
    share = rules.share_of(w, pilot)
    return _("One coordinator may move %(percent)s %% of a line; more needs two coordinators.", percent=share)


@router.get("/pilots/{code}/changes/{name}")
def new(request: Request, code: str, name: str) -> Response:
    """The form of a kind of change."""
    with work(request) as w:
        pilot, kind = pilots.whole(w, code), _kind(name)
        permit(w, pilot, rules.asks_changes)
        form: Form[Any] = Form(CHANGE_FORMS[kind], choices=choices(w, pilot, kind))
        url = f"/pilots/{code}/changes"
        return form_page(w, pilot, form, HEADINGS[kind], f"{url}/{name}", url, note=_note(w, pilot, kind), button=ASK)


@router.post("/pilots/{code}/changes/{name}")
def create(request: Request, code: str, name: str, sent: Sent) -> Response:
    """Ask for it."""
    with work(request) as w:
        pilot, kind = pilots.whole(w, code), _kind(name)
        url = f"/pilots/{code}/changes"
        return take(
            w, pilot, sent, CHANGE_FORMS[kind],
            lambda draft: actions.ask_change(w, pilot, kind, columns_of(w, pilot, draft)), heading=HEADINGS[kind],
            url=f"{url}/{name}", back=url, say=_("Asked for. The programme decides."),
            choices=choices(w, pilot, kind), note=_note(w, pilot, kind), button=ASK,
        )  # fmt: skip


def what(w: Work, change: ChangeRequest) -> str:
    """The change in one line."""
    found = organisations(w, [change.from_id, change.to_id, change.goes_id, change.comes_id])
    name = {key: row.name for key, row in found.items()}
    if change.kind is ChangeKind.DATES:
        return str(_("Last day: %(day)s", day=day(change.ends_on)))
    if change.kind is ChangeKind.MONEY and change.from_category is not None and change.to_category is not None:
        source = f"{name.get(change.from_id or 0, '')}, {CATEGORIES[change.from_category]}"
        target = f"{name.get(change.to_id or 0, '')}, {CATEGORIES[change.to_category]}"
        return f"{euros(change.cents or 0)}: {source} → {target}"
    if change.kind is ChangeKind.MEMBERS:
        goes, comes = name.get(change.goes_id or 0, "–"), name.get(change.comes_id or 0, "–")
        return f"{goes} → {comes}"
    return change.scope


@router.get("/changes/{code}")
def show(request: Request, code: str) -> Response:
    """What is asked, why, and the answer."""
    with work(request) as w:
        change = queries.change(w, code)
        pilot = rules.pilot_of(w, change)
        return page(
            w, "pilots/change.html", change=change, pilot=pilot, kind=CHANGES[change.kind],
            label=CHANGE_LABELS[change.state], what=what(w, change), acts=buttons(ACTS, w, change),
            who=names(w, [change.asked_by_id]).get(change.asked_by_id, ""), share=rules.share_of(w, pilot),
            entries=history(w, CHANGE, change.code, names_of=names, zone=ACTS.zone(w, change), acts=TOLD),
        )  # fmt: skip


TOLD: Mapping[str, Text] = {"ask": _("Requested")}
add_pages(router, ACTS)
