"""The files of a record in JSON: what there is, a file sent as multipart, its bytes, and taking it off again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from challenge.http.api import PREFIX, PROBLEMS, once
from challenge.http.drafts import Drafts
from challenge.http.papers import attach_to, file_of, received, send_file
from challenge.http.sent import Sent
from challenge.http.turns import Turn
from challenge.http.work import work
from challenge.kernel import attachment, scanning
from challenge.kernel.attachment import ALLOWED, Attachment
from challenge.kernel.errors import Invalid, Problem
from challenge.kernel.work import Work

BINARY = {"schema": {"type": "string", "format": "binary"}}
BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": dict.fromkeys(ALLOWED.values(), BINARY), "description": "The bytes as they were sent"},
    **PROBLEMS,
}
BODY = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "required": ["file"], "properties": {"file": BINARY["schema"]}}
            }
        },
    }
}


class FileOut(BaseModel):
    """A file of a record."""

    code: str
    name: str
    content_type: str
    size: int
    sha256: str
    at: datetime


class FilesOut(BaseModel):
    """The files of a record, the oldest first."""

    items: list[FileOut]


def add_file_api(router: APIRouter, drafts: Drafts, tag: str) -> None:
    """``GET, POST /api/v1/{noun}/{code}/files`` and ``GET, DELETE …/files/{file}``."""
    noun, base = drafts.acts.noun, f"{PREFIX}/{drafts.acts.noun}/{{code}}/files"

    @router.get(base, tags=[tag], name=f"api.{noun}.files", response_model=FilesOut, responses=PROBLEMS)
    def index(request: Request, code: str) -> Response:
        """Its files."""
        with work(request) as w:
            return _sent(_shown(w, drafts, code))

    @router.post(
        base, tags=[tag], name=f"api.{noun}.attach", status_code=201, response_model=FileOut, responses=PROBLEMS,
        openapi_extra=BODY,
    )  # fmt: skip
    def attach(request: Request, code: str, sent: Sent, _turn: Turn) -> Response:
        """Add a file: PDF, PNG, JPEG, DOCX, XLSX or CSV, at most 20 MB, ten files in all."""
        stored = received(drafts, request, code, sent)
        if stored is scanning.UNCHECKED:
            raise scanning.Unchecked
        if isinstance(stored, Problem):
            raise Invalid(Problem(stored.code, stored.text, {"file": stored.text}))
        with work(request) as w:

            def act() -> Response:
                record = drafts.editable(w, code)
                return _sent(FileOut.model_validate(attach_to(drafts, w, record, stored), from_attributes=True), 201)

            return once(w, {"sha256": stored.sha256, "name": stored.name}, act)

    @router.get(f"{base}/{{file}}", tags=[tag], name=f"api.{noun}.file", response_class=Response, responses=BYTES)
    def download(request: Request, code: str, file: str) -> Response:
        """The bytes of a file."""
        with work(request) as w:
            found = file_of(w, drafts.workflow, drafts.acts.find(w, code), file)
        return send_file(request, found)

    @router.delete(
        f"{base}/{{file}}", tags=[tag], name=f"api.{noun}.detach", response_model=FilesOut, responses=PROBLEMS
    )
    def remove(request: Request, code: str, file: str) -> Response:
        """Take a file off; revisions that named it keep its hash."""
        with work(request) as w:
            record = drafts.editable(w, code)
            attachment.remove(w, drafts.workflow, record, file_of(w, drafts.workflow, record, file))
            drafts.filed(w, record)
            w.session.flush()
            return _sent(_shown(w, drafts, code))


def _shown(w: Work, drafts: Drafts, code: str) -> FilesOut:
    rows: list[Attachment] = attachment.of(w, drafts.workflow, drafts.acts.find(w, code).code)
    return FilesOut(items=[FileOut.model_validate(row, from_attributes=True) for row in rows])


def _sent(body: BaseModel, status: int = 200) -> Response:
    return JSONResponse(jsonable_encoder(body), status)
