"""Long forms as PDF at any time: as it stands now, or exactly the revision somebody signed or handed in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import Response

from challenge.http.conflicts import said
from challenge.http.drafts import Drafts
from challenge.http.forms import Form
from challenge.http.papers import may_edit
from challenge.http.sheets import sent_as
from challenge.http.templates import moment
from challenge.http.work import work
from challenge.kernel import revision
from challenge.kernel.errors import Missing
from challenge.kernel.i18n import Text, _, locale
from challenge.kernel.journal import canonical
from challenge.kernel.typeset import Attached, Document, Part, Section, pdf
from challenge.kernel.typeset import Text as Answer
from challenge.kernel.work import Work


@dataclass(frozen=True, slots=True)
class Content:
    """What is printed. ``number`` is that of the revision; None: it is kept under none yet."""

    content: Mapping[str, Any]
    number: int | None = None
    hash: str | None = None


def _nothing(_w: Work, _record: Any, _content: Content) -> Sequence[Section]:
    return ()


@dataclass(frozen=True, slots=True)
class Printing:
    """How a workflow's long form is printed; the sister of ``Drafts``.

    ``now(w, record)`` is what stands in the record (as a rule: the answers while they are written, then the last
    revision), ``more(w, record, content)`` what follows the answers; ``columns``
    are answers that a revision holds beside the others, ``elsewhere`` those that are not printed under their question.
    """

    drafts: Drafts
    kicker: Text
    now: Callable[[Work, Any], Content] | None = None
    model: Callable[[Work, Any], type[BaseModel]] | None = None
    columns: tuple[str, ...] = ()
    elsewhere: frozenset[str] = frozenset({"title", "summary"})
    more: Callable[[Work, Any, Content], Sequence[Section]] = _nothing


def add_print_page(router: APIRouter, printing: Printing) -> None:
    """Route ``GET /{noun}/{code}/print.pdf``; ``revision`` asks for one that is kept."""
    noun = printing.drafts.acts.noun

    @router.get(f"/{noun}/{{code}}/print.pdf", include_in_schema=False, name=f"{noun}.print")
    def print_(request: Request, code: str, number: int = 0) -> Response:
        with work(request) as w:
            record = printing.drafts.acts.find(w, code)
            content = _kept(printing, w, record, number) if number else _now(printing, w, record)
            document = document_of(printing, w, record, content)
        return send_pdf(document, f"{noun.rstrip('s')}-{code}{f'-{content.number}' if content.number else ''}")


def send_pdf(document: Document, name: str) -> Response:
    """Set outside the unit of work, and sent to be kept: ``name`` has no ending."""
    return sent_as(pdf(document), f"{name}.pdf", "application/pdf")


def _now(printing: Printing, w: Work, record: Any) -> Content:
    if printing.now is not None:
        return printing.now(w, record)
    if record.revision and not may_edit(printing.drafts, w, record):
        return _kept(printing, w, record, record.revision)
    return Content({"answers": record.answers})


def _kept(printing: Printing, w: Work, record: Any, number: int) -> Content:
    found = revision.at(w, printing.drafts.workflow, record.code, number)
    if found is None:
        raise Missing
    return Content(found.content, found.number, found.hash)


def document_of(printing: Printing, w: Work, record: Any, content: Content) -> Document:
    """The document, in the reader's language."""
    drafts, zone, kept = printing.drafts, printing.drafts.acts.zone(w, record), content.content
    given = {**kept.get("answers", {}), **{name: kept.get(name) for name in printing.columns}}
    model = (printing.model or drafts.model)(w, record)
    form: Form[Any] = Form(model, given, choices=drafts.choices(w, record), zone=zone)
    asked = [field for field in form.fields if field.name not in printing.elsewhere]
    sections = []
    for key, title in drafts.parts.items():
        answers: list[Part] = [
            Answer(text, field.label) for field in asked if field.part == key and (text := said(field))
        ]
        sections += [Section(str(title), answers)] if answers else []
    if content.number:
        version = str(_("Version %(number)s", number=content.number))
    else:
        version = str(_("As it stood on %(at)s, kept under no version", at=moment(w.now, zone)))
    return Document(
        title=str(given.get("title") or drafts.acts.title(record)), lead=str(given.get("summary") or ""),
        language=locale(), kicker=f"{printing.kicker} {record.code} · {version}",
        attached=_attached(content),
        foot=f"SHA-256 {content.hash}" if content.hash else version,
        sections=[*sections, *printing.more(w, record, content)],
    )  # fmt: skip


def _attached(content: Content) -> list[Attached]:
    if content.hash is None:
        return []
    said = _("What the fingerprint at the foot of the pages is of: SHA-256 over exactly these bytes")
    return [Attached("content.json", canonical(dict(content.content)), str(said))]
