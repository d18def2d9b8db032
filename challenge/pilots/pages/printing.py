"""The agreement as PDF: the version somebody signed or is asked to sign, its fingerprint, and who has signed it."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from datetime import date
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.printed import send_pdf
from challenge.http.templates import day, moment
from challenge.http.work import work
from challenge.kernel import revision
from challenge.kernel.errors import Missing
from challenge.kernel.i18n import LANGUAGES, _, _n, locale, speaking
from challenge.kernel.journal import canonical
from challenge.kernel.money import euros
from challenge.kernel.revision import Revision
from challenge.kernel.typeset import Attached, Document, Facts, Part, Section, Table, row
from challenge.kernel.typeset import Text as Words
from challenge.kernel.work import Work
from challenge.people.queries import names, organisations
from challenge.pilots import queries, rules
from challenge.pilots.content import WORKFLOW
from challenge.pilots.pages.portfolio import zone_of
from challenge.rounds import queries as rounds
from challenge.rounds.pairing import COUNTING
from challenge.rounds.states import CITY_ROLES, CityRole
from challenge.rounds.words import Country
from challenge.selection import queries as selection

if TYPE_CHECKING:
    from challenge.pilots.models import Pilot

router = APIRouter(include_in_schema=False)


@router.get("/pilots/{code}/agreement.pdf")
def agreement(request: Request, code: str, number: int = 0, lang: str = "") -> Response:
    """A version of it, the newest unless ``number`` asks for another, in the language asked for."""
    with work(request) as w, speaking(lang) if lang in LANGUAGES else nullcontext():
        pilot = queries.whole(w, code)
        kept = revision.at(w, WORKFLOW, pilot.code, number or pilot.revision)
        if kept is None:
            raise Missing
        document = document_of(w, pilot, kept)
    return send_pdf(document, f"agreement-{code}-{kept.number}")


def document_of(w: Work, pilot: Pilot, kept: Revision) -> Document:
    """The document, in the language that is spoken now."""
    said, zone = kept.content, zone_of(w, pilot)
    fingerprint = _("What the fingerprint at the foot of the pages is of: SHA-256 over exactly these bytes")
    parts: list[tuple[str, list[Part]]] = [
        (str(_("Parties")), [_cities(said), Facts(_parties(w, pilot))]),
        (str(_("Money and time")), [Facts(_money(said))]),
        (str(_("Conditions of the award")), [_conditions(w, pilot)] if pilot.proposal_id else []),
        (str(_("Agreement")), [Words(plain(said["text"]))]),
        (str(_("Signatures")), [_signatures(w, pilot, kept, zone)]),
    ]
    return Document(
        title=said["title"], language=locale(),
        kicker=str(_("Agreement of the pilot %(code)s · version %(number)s of %(at)s", code=pilot.code,
                     number=kept.number, at=moment(kept.at, zone))),
        sections=[Section(title, found) for title, found in parts if found], foot=f"SHA-256 {kept.hash}",
        attached=[Attached("content.json", canonical(dict(said)), str(fingerprint))],
    )  # fmt: skip


def plain(text: str) -> str:
    """The text as it is read: the signs of headings are left out, everything else stays."""
    return "\n".join(line.lstrip("#").lstrip() if line.startswith("#") else line for line in text.splitlines())


def _cities(said: Mapping[str, Any]) -> Table:
    roles = {str(role): str(text) for role, text in CITY_ROLES.items()}
    return Table(
        str(_("Cities")), row(_("City"), _("Country"), _("Role")),
        [row(city["name"], Country(city["country"]), roles[city["role"]]) for city in said["cities"]],
    )  # fmt: skip


def _parties(w: Work, pilot: Pilot) -> list[list[str]]:
    owner = organisations(w, [pilot.organisation_id]).get(pilot.organisation_id or 0)
    found = [row(_("Round"), rounds.get(w, pilot.round_id).title)]
    return [*([row(_("Lead organisation"), owner.name)] if owner else []), *found]


def _money(said: Mapping[str, Any]) -> list[list[str]]:
    unknown = _("not set")
    months = said["months"]
    budget = said["budget_cents"]
    return [
        row(_("Budget"), unknown if budget is None else euros(budget)),
        row(_("Length"), _n("%(n)s month", "%(n)s months", months) if months else unknown),
        row(_("Starts"), _day(said["starts_on"]) or unknown),
        row(_("Ends"), _day(said["ends_on"]) or unknown),
    ]


def _day(value: str | None) -> str:
    return str(day(date.fromisoformat(value))) if value else ""


def _conditions(w: Work, pilot: Pilot) -> Part:
    proposal = rules.proposal_of(w, pilot)
    outcome = None if proposal is None else selection.announced(w, proposal)
    found = [] if outcome is None else selection.conditions(w, outcome)
    lines = [
        row(one.text, _("met") if one.met_at is not None else _("not met yet")) for one in found
    ]  # fmt: skip
    if not lines:
        return Words(str(_("The award has no conditions.")))
    return Table(str(_("Conditions of the award")), row(_("Condition"), _("State")), lines)


def _signatures(w: Work, pilot: Pilot, kept: Revision, zone: str) -> Table:
    """Who has signed exactly this version, and who has not."""
    found = queries.signatures(w, pilot, kept.number)
    who = names(w, [by for _at, by in found.values()])

    def signed(code: str) -> str:
        if code not in found:
            return str(_("not signed"))
        at, by = found[code]
        return f"{moment(at, zone)}, {who.get(by or 0, '')}"

    counting = [city for city in kept.content["cities"] if CityRole(city["role"]) in COUNTING]
    lines = [row(city["name"], signed(city["city"])) for city in counting]
    owner = organisations(w, [pilot.organisation_id]).get(pilot.organisation_id or 0)
    if owner is not None:
        lines.append(row(owner.name, signed("")))
    return Table(str(_("Signatures under this version")), row(_("Party"), _("Signed")), lines)
