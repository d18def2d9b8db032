"""Dossiers as pages and as PDF."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge import dossier
from challenge.dossier.shape import Dossier, Section
from challenge.http.pages import page
from challenge.http.printed import send_pdf
from challenge.http.templates import moment
from challenge.http.work import WebWork, work
from challenge.kernel.i18n import _, locale
from challenge.kernel.journal import canonical
from challenge.kernel.typeset import Attached, Document, Facts, Part, Table, row
from challenge.kernel.typeset import Section as Typeset
from challenge.kernel.typeset import Text as Answer
from challenge.rounds import queries as rounds
from challenge.selection.pages.shared import Tab, tabs

router = APIRouter(include_in_schema=False)
ZONE = "Europe/Tallinn"


@router.get("/rounds/{code}/dossier")
def of_round(request: Request, code: str) -> Response:
    """Everything the decisions of a round rested on."""
    with work(request) as w:
        found = dossier.of_round(w, code)
        round_ = rounds.visible(w, code)
        return _page(w, found, round_.zone, back=(f"/rounds/{code}", round_.title), tabs=tabs(round_, "dossier"))


@router.get("/rounds/{code}/dossier.pdf")
def print_round(request: Request, code: str) -> Response:
    """The same to keep."""
    with work(request) as w:
        document = _document(dossier.of_round(w, code), rounds.visible(w, code).zone)
    return send_pdf(document, f"dossier-{code}")


@router.get("/proposals/{code}/dossier")
def of_proposal(request: Request, code: str) -> Response:
    """Everything the decisions on a proposal rested on, as far as one may read it."""
    with work(request) as w:
        found = dossier.of_proposal(w, code)
        return _page(w, found, ZONE, back=(f"/proposals/{code}", found.title), tabs=[])


@router.get("/proposals/{code}/dossier.pdf")
def print_proposal(request: Request, code: str) -> Response:
    """The same to keep, as far as one may read it."""
    with work(request) as w:
        document = _document(dossier.of_proposal(w, code), ZONE)
    return send_pdf(document, f"dossier-{code}")


def _page(w: WebWork, found: Dossier, zone: str, *, back: tuple[str, str], tabs: list[Tab]) -> Response:
    def words(cell: object) -> str:
        return dossier.words(cell, lambda at: moment(at, zone))

    return page(w, "dossier/show.html", found=found, words=words, back=back, tabs=tabs)


def _document(found: Dossier, zone: str) -> Document:
    """As it is read, with its JSON inside; the fingerprint is of that."""

    def words(cell: object) -> str:
        return dossier.words(cell, lambda at: moment(at, zone))

    inside = canonical(dossier.plain(found))
    sections = [Typeset(str(one.title), list(_parts(one, words))) for one in found.sections]
    said = _("What the fingerprint at the foot of the pages is of: SHA-256 over exactly these bytes")
    return Document(
        title=found.title, language=locale(), kicker=f"{_('Dossier')} {found.code} · {moment(found.at, zone)}",
        foot=f"SHA-256 {hashlib.sha256(inside.encode()).hexdigest()}", sections=sections,
        is_wide=True, attached=[Attached("dossier.json", inside, str(said))],
    )  # fmt: skip


def _parts(section: Section, words: Callable[[object], str]) -> Iterator[Part]:
    if section.note:
        yield Answer(str(section.note))
    if not section.rows:
        yield Answer(str(_("Nothing yet.")))
        return
    head = row(*(column.title for column in section.columns))
    if not section.is_wide:
        yield Table("", head, [[*map(words, one.cells)] for one in section.rows])
        return
    for one in section.rows:
        yield Facts([(name, words(cell)) for name, cell in zip(head, one.cells, strict=True) if cell not in NOTHING])


NOTHING: tuple[object, ...] = (None, "", [], ())
