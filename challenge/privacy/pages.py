"""What is kept about oneself: to see, to take away, to have erased."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.papers import send_file
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel import proof
from challenge.kernel.errors import Invalid
from challenge.kernel.i18n import _
from challenge.people import queries
from challenge.people.browser import sign_out_here
from challenge.privacy import duties, erasure, export, holds, periods, person_pages, uploads
from challenge.privacy.activities import ACTIVITIES
from challenge.privacy.schemas import ErasureAsk

router = APIRouter(include_in_schema=False)
router.routes.extend(person_pages.router.routes)  # flat, so that whoever lists the routes sees every one
IN_MEMORY = 8 << 20


@router.get("/account/data")
def show(request: Request) -> Response:
    """What is kept, by purpose, and what one may do about it."""
    with work(request) as w:
        me = queries.person(w, w.actor.id)
        return page(
            w, "privacy/data.html", me=me, parts=export.parts(w, me, periods.in_force(w).years),
            unproven=proof.missing(w), hold=holds.standing(w, me.id),
        )  # fmt: skip


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


@router.get("/account/files")
def files(request: Request) -> Response:
    """Which files one uploaded."""
    with work(request) as w:
        following = request.query_params.get("after")
        return page(w, "privacy/files.html", found=uploads.mine(w, following), is_first=not following)


@router.get("/account/files/{file}")
def file(request: Request, file: str) -> Response:
    """A copy of one of them."""
    with work(request) as w:
        found = uploads.one(w, file)
    return send_file(request, found)


@router.get("/account/erasure")
def ask(request: Request) -> Response:
    """What will be destroyed, what stays and why, and what must be handed over first."""
    with work(request) as w:
        return _erasure_page(w, Form(ErasureAsk))


@router.post("/account/erasure")
def erase(request: Request, sent: Sent) -> Response:
    """Erase oneself: it cannot be undone."""
    with work(request) as w:
        form = Form.sent(ErasureAsk, sent)
        if not form.valid:
            return _erasure_page(w, form)
        try:
            erasure.erase(w, queries.person(w, w.actor.id), form.value.name)
        except Invalid as error:
            form.say_problem(error.problem)
            return _erasure_page(w, form)
        said = _("You are erased. This was number %(code)s; nothing more is kept under your name.", code=w.actor.code)
        return sign_out_here(see_other(w, "/", say=said))


def _blocks(packed: IO[bytes]) -> Iterator[bytes]:
    with packed:
        while block := packed.read(export.BLOCK):
            yield block


def _erasure_page(w: WebWork, form: Form[ErasureAsk]) -> Response:
    me = queries.person(w, w.actor.id)
    return page(
        w, "privacy/erasure.html", status=422 if form.show_errors else 200, me=me, form=form,
        reasons=duties.reasons(w, me), activities=ACTIVITIES, unproven=proof.missing(w),
    )  # fmt: skip
