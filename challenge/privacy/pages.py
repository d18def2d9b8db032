"""What is kept about oneself: to see, to take away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from challenge.http.pages import page
from challenge.http.work import WebWork, work
from challenge.kernel import proof
from challenge.people import queries
from challenge.privacy import export, periods

router = APIRouter(include_in_schema=False)
IN_MEMORY = 8 << 20


@router.get("/account/data")
def show(request: Request) -> Response:
    """What is kept, by purpose, and what one may do about it."""
    with work(request) as w:
        return _data_page(w)


@router.post("/account/data")
def download(request: Request) -> Response:
    """A copy to take away: packed outside of the unit of work."""
    with work(request) as w:
        me, years = queries.person(w, w.actor.id), periods.in_force(w).years
        found, files = export.take(w, me, years)
        content = export.data(found, w.now)
        template = request.app.state.templates.get_template("privacy/summary.html")
        summary = template.render(parts=found, files=files, me=me, now=w.now)
        name = f"{me.code}.zip"
    packed = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- closed when it has been sent
    export.pack(packed, content, summary, files, request.app.state.settings.files)
    packed.seek(0)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(_blocks(packed), media_type="application/zip", headers=headers)


def _blocks(packed: IO[bytes]) -> Iterator[bytes]:
    with packed:
        while block := packed.read(export.BLOCK):
            yield block


def _data_page(w: WebWork) -> Response:
    me = queries.person(w, w.actor.id)
    return page(
        w, "privacy/data.html", me=me, parts=export.parts(w, me, periods.in_force(w).years),
        unproven=proof.missing(w),
    )  # fmt: skip
