"""A juror's certificate: a page to print, and the same as signed JSON that anybody can check without the service."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from challenge.http.pages import page
from challenge.http.work import work
from challenge.jury import queries
from challenge.kernel import receipt
from challenge.kernel.journal import canonical
from challenge.rounds.states import GATES

router = APIRouter(include_in_schema=False)


@router.get("/jurors/{code}/certificate")
def show(request: Request, code: str) -> Response:
    """How many proposals one has read in a round, signed with the key of the receipts."""
    with work(request) as w:
        found = queries.certificate(w, code)
        return page(
            w, "jury/certificate.html", certificate=found, round=found.round, gates=GATES,
            content=canonical(found.content), signature=receipt.sign(w.secret, found.content),
        )  # fmt: skip


@router.get("/jurors/{code}/certificate.json")
def save(request: Request, code: str) -> Response:
    """To keep and to hand on."""
    with work(request) as w:
        found = queries.certificate(w, code)
        key = receipt.public_key(w.secret)
        body = {
            "content": found.content,
            "algorithm": "Ed25519 over the canonical JSON of content: keys sorted, no spaces, UTF-8",
            "signature": receipt.sign(w.secret, found.content),
            "key_id": receipt.key_id(key),
            "public_key": key,
        }
    return JSONResponse(body, headers={"content-disposition": f'attachment; filename="certificate-{code}.json"'})
