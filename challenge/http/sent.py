"""What was sent, read once by the only async dependency; it touches no database."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from challenge.kernel.errors import Invalid, Problem
from challenge.kernel.i18n import _
from challenge.kernel.scanning import Scanner

MAX_FIELDS = 1_000
MAX_FILES = 10
MAX_PART_BYTES = 256 * 1024


@dataclass(slots=True)
class SentFile:
    """An uploaded file, read whole (the body cap bounds it). There is no way to its bytes but past the scanner."""

    name: str
    _content: bytes

    def scanned(self, request: Request) -> bytes:
        """The bytes, once the scanner has seen them. Outside of any unit of work. Raises Refused."""
        actor = getattr(request.state, "actor", None)
        scanner: Scanner = request.app.state.scanner
        scanner.look_at(self._content, actor.code if actor is not None else "-")
        return self._content


@dataclass(slots=True)
class SentBody:
    """The fields of a form (names may repeat) or the object of a JSON body, and the files."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, SentFile] = field(default_factory=dict)
    json: dict[str, Any] | None = None

    def get(self, name: str, default: str = "") -> str:
        """The last value of a form field, stripped."""
        return self.fields.get(name, [default])[-1].strip()

    @property
    def version(self) -> int | None:
        """The version of the record the form was made from."""
        value = self.get("version")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None  # noqa: PLR2004


async def read_sent(request: Request) -> SentBody:
    """Parse the body by its content type. Raises Invalid when it is not what it says."""
    kind = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind == "application/json":
        return SentBody(json=read_json(await request.body()))
    body = SentBody()
    if kind not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return body
    try:
        form = await request.form(max_files=MAX_FILES, max_fields=MAX_FIELDS, max_part_size=MAX_PART_BYTES)
    except MultiPartException as error:
        raise Invalid(Problem("form", _("The form could not be read. Go back and send it again."))) from error
    try:
        for name, value in form.multi_items():
            if isinstance(value, UploadFile):
                if value.filename:
                    body.files[name] = SentFile(value.filename, await value.read())
            else:
                body.fields.setdefault(name, []).append(value.replace("\r\n", "\n").replace("\x00", ""))
    finally:
        await form.close()
    request.state.sent = body  # a refusal may have to give it back (pages.signed_out_page)
    return body


def read_json(content: bytes) -> dict[str, Any]:
    """The object of a JSON body (the guard has looked how deep it is). Raises Invalid."""
    try:
        found = json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Invalid(Problem("json", _("This is not JSON."))) from error
    if not isinstance(found, dict):
        raise Invalid(Problem("json", _("A JSON object is expected.")))
    return found


def _no_number(name: str) -> None:
    message = f"{name} is not JSON"
    raise ValueError(message)


Sent = Annotated[SentBody, Depends(read_sent)]
