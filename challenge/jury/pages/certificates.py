"""A juror's certificate: a page, a PDF, and signed JSON (within the PDF too) that anybody can check."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from challenge.http.pages import page
from challenge.http.printed import send_pdf
from challenge.http.templates import day
from challenge.http.work import WebWork, work
from challenge.jury import queries
from challenge.kernel import receipt
from challenge.kernel.i18n import Text as Words
from challenge.kernel.i18n import _, _n, locale
from challenge.kernel.journal import canonical
from challenge.kernel.typeset import Attached, Document, Section, Text, row
from challenge.rounds.states import GATES

router = APIRouter(include_in_schema=False)


@router.get("/jurors/{code}/certificate")
def show(request: Request, code: str) -> Response:
    """How many proposals one has read in a round, signed with the key of the receipts."""
    with work(request) as w:
        found = queries.certificate(w, code)
        return page(
            w, "jury/certificate.html", certificate=found, said=_said(found), round=found.round, gates=GATES,
            content=canonical(found.content), signature=receipt.sign(w.secret, found.content),
        )  # fmt: skip


@router.get("/jurors/{code}/certificate.json")
def save(request: Request, code: str) -> Response:
    """To keep and to hand on."""
    with work(request) as w:
        body = _signed(w, queries.certificate(w, code))
    return JSONResponse(body, headers={"content-disposition": f'attachment; filename="certificate-{code}.json"'})


@router.get("/jurors/{code}/certificate.pdf")
def save_pdf(request: Request, code: str) -> Response:
    """To print; it carries the signed JSON within it."""
    with work(request) as w:
        found = queries.certificate(w, code)
        document = _document(found, canonical(_signed(w, found)))
    return send_pdf(document, f"certificate-{code}")


def _signed(w: WebWork, found: queries.Certificate) -> dict[str, Any]:
    key = receipt.public_key(w.secret)
    return {
        "content": found.content,
        "algorithm": "Ed25519 over the canonical JSON of content: keys sorted, no spaces, UTF-8",
        "signature": receipt.sign(w.secret, found.content),
        "key_id": receipt.key_id(key),
        "public_key": key,
    }


def _said(found: queries.Certificate) -> Words:
    return _n(
        "%(name)s was a juror of %(round)s and read and scored one proposal.",
        "%(name)s was a juror of %(round)s and read and scored %(n)s proposals.",
        found.proposals, name=found.name, round=found.round.title,
    )  # fmt: skip


def _document(found: queries.Certificate, signed: str) -> Document:
    facts = [row(_("Reviews at the gate “%(gate)s”", gate=GATES[gate]), count) for gate, count in found.reviews.items()]
    facts += [
        row(_("The last of them was handed in"), day(found.at, found.round.zone)),
        row(_("Number of the certificate"), found.juror.code),
    ]
    check = _("This file carries certificate.json: the same in figures, signed with Ed25519 by this service, with the"
              " public key. Anybody can check it without asking the service.")  # fmt: skip
    return Document(
        title=str(_("Certificate")), language=locale(), kicker=found.round.title, foot=found.juror.code,
        lead=str(_said(found)),
        sections=[Section(str(_("How anybody can check it")), [Text(str(check))])], facts=facts,
        attached=[Attached("certificate.json", signed, str(_("The certificate, signed")))],
    )  # fmt: skip
