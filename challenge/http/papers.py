"""What a record carries along: its files, its revisions with what changed between them, its receipts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response

from challenge.http.conflicts import said
from challenge.http.drafts import Drafts
from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent, SentBody
from challenge.http.turns import Turn
from challenge.http.work import WebWork, work
from challenge.kernel import attachment, diff, receipt, revision
from challenge.kernel.attachment import Attachment, Stored
from challenge.kernel.errors import Forbidden, Missing, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.journal import canonical
from challenge.kernel.work import Work

SANDBOX = {"content-security-policy": "default-src 'none'; sandbox", "x-content-type-options": "nosniff"}
UNKNOWN = "juror"  # who holds this role leaves no trace in any file
ACCEPT = ".pdf,.png,.jpg,.jpeg,.docx,.xlsx,.csv"
CHOOSE = Problem("no_file", _("Choose a file first."))


def add_paper_pages(router: APIRouter, drafts: Drafts) -> None:
    """Routes under ``/{noun}/{code}/``: ``files``, ``files/{file}``, ``revisions``, ``receipt``, ``receipt.json``."""
    _add_files(router, drafts)
    noun, base = drafts.acts.noun, f"/{drafts.acts.noun}/{{code}}"

    @router.get(f"{base}/revisions", include_in_schema=False, name=f"{noun}.revisions")
    def revisions(request: Request, code: str, old: int | None = None, new: int | None = None) -> Response:
        with work(request) as w:
            return _revisions_page(drafts, w, drafts.acts.find(w, code), old, new)

    @router.get(f"{base}/receipt", include_in_schema=False, name=f"{noun}.receipt")
    def show_receipt(request: Request, code: str, number: str = "") -> Response:
        with work(request) as w:
            record = drafts.acts.find(w, code)
            found, older = _receipts(drafts, w, record, number)
            return page(
                w, "problems/receipt.html", record=record, title=drafts.acts.title(record), receipt=found, older=older,
                content=canonical(receipt.content(found)), zone=drafts.acts.zone(w, record),
                base_url=drafts.url(record), who=drafts.names_of(w, [found.person_id]).get(found.person_id or 0, ""),
            )  # fmt: skip

    @router.get(f"{base}/receipt.json", include_in_schema=False, name=f"{noun}.receipt_json")
    def save_receipt(request: Request, code: str, number: str = "") -> Response:
        with work(request) as w:
            found, _older = _receipts(drafts, w, drafts.acts.find(w, code), number)
            kept = revision.at(w, found.workflow, found.subject_code, found.revision_number)
            key = receipt.key_of(found, w.secrets)
            body = {
                "content": receipt.content(found),
                "algorithm": "Ed25519 over the canonical JSON of content: keys sorted, no spaces, UTF-8",
                "signature": found.signature,
                "key_id": receipt.key_id(key) if key else None,
                "public_key": key,
                "revision": kept.content if kept else None,
            }
        name = f"receipt-{found.code}.json"
        return JSONResponse(body, headers={"content-disposition": f'attachment; filename="{name}"'})


def add_receipt_key(router: APIRouter) -> None:
    """Route ``GET /receipts/key``: the public half of the key that signs receipts; below it, those of before."""

    @router.get("/receipts/key", include_in_schema=False, name="receipts.key")
    def key(request: Request) -> Response:
        settings = request.app.state.settings
        keys = map(receipt.public_key, (settings.secret, *settings.previous_secrets))
        return PlainTextResponse("".join(f"{key}\n" for key in keys))


def send_file(request: Request, file: Attachment) -> Response:
    """The bytes as a download: never shown inside our pages, never guessed to be something else. Outside of work."""
    path = attachment.path_of(request.app.state.settings.files, file.sha256)
    return FileResponse(path, media_type=file.content_type, filename=file.name, headers=SANDBOX)


def received(drafts: Drafts, request: Request, code: str, sent: SentBody) -> Stored | Problem:
    """The file that was sent, checked and on disk, or what is wrong with it. Outside of work."""
    with work(request, writing=False) as w:  # whoever may not add a file writes no byte to the disk
        drafts.editable(w, code)
        anonymous = w.actor.holds_anywhere(UNKNOWN)
    if (file := sent.files.get("file")) is None:
        return CHOOSE
    try:
        content = file.scanned(request)
        return attachment.store(request.app.state.settings.files, content, file.name, anonymous=anonymous)
    except Refused as refusal:
        return refusal.problem


def attach_to(drafts: Drafts, w: Work, record: Any, stored: Stored) -> Attachment:
    """Give it to the record. Raises Refused when it has its ten files."""
    w.session.refresh(record, with_for_update={"key_share": True})  # one at a time: ten files at most
    made = attachment.attach(w, drafts.workflow, record, stored)
    drafts.filed(w, record)
    return made


def file_of(w: Work, workflow: str, record: Any, file: str) -> Attachment:
    """One file of the record. Raises Missing."""
    for found in attachment.of(w, workflow, record.code):
        if found.code == file:
            return found
    raise Missing


def may_edit(drafts: Drafts, w: Work, record: Any) -> bool:
    """Whether the actor may change the record's form now."""
    try:
        drafts.editable(w, record.code)
    except (Refused, Forbidden):
        return False
    return True


def _add_files(router: APIRouter, drafts: Drafts) -> None:
    noun, base = drafts.acts.noun, f"/{drafts.acts.noun}/{{code}}/files"

    @router.get(base, include_in_schema=False, name=f"{noun}.files")
    def index(request: Request, code: str) -> Response:
        with work(request) as w:
            return _files_page(drafts, w, drafts.acts.find(w, code))

    @router.post(base, include_in_schema=False, name=f"{noun}.attach")
    def attach(request: Request, code: str, sent: Sent, _turn: Turn) -> Response:
        stored = received(drafts, request, code, sent)
        with work(request) as w:
            record = drafts.editable(w, code)
            if isinstance(stored, Problem):
                return _files_page(drafts, w, record, stored)
            try:
                made = attach_to(drafts, w, record, stored)
            except Refused as refusal:
                return _files_page(drafts, w, record, refusal.problem)
            return see_other(w, drafts.url(record, "files"), say=_("Added: %(name)s", name=made.name))

    @router.get(f"{base}/{{file}}", include_in_schema=False, name=f"{noun}.file")
    def download(request: Request, code: str, file: str) -> Response:
        with work(request) as w:
            found = file_of(w, drafts.workflow, drafts.acts.find(w, code), file)
        return send_file(request, found)

    @router.post(f"{base}/{{file}}/removal", include_in_schema=False, name=f"{noun}.detach")
    def remove(request: Request, code: str, file: str) -> Response:
        with work(request) as w:
            record = drafts.editable(w, code)
            found = file_of(w, drafts.workflow, record, file)
            attachment.remove(w, drafts.workflow, record, found)
            drafts.filed(w, record)
            return see_other(w, drafts.url(record, "files"), say=_("Removed: %(name)s", name=found.name))


def _files_page(drafts: Drafts, w: WebWork, record: Any, problem: Problem | None = None) -> Response:
    return page(
        w, "problems/files.html", status=422 if problem else 200, record=record, title=drafts.acts.title(record),
        files=attachment.of(w, drafts.workflow, record.code), can_edit=may_edit(drafts, w, record), problem=problem,
        base_url=drafts.url(record), accept=ACCEPT, zone=drafts.acts.zone(w, record), hint=drafts.files_hint,
    )  # fmt: skip


def _receipts(drafts: Drafts, w: Work, record: Any, number: str) -> tuple[receipt.Receipt, list[receipt.Receipt]]:
    """The receipt asked for (the newest where none is named), and the others. Raises Missing."""
    given = receipt.every(w, drafts.workflow, record.code)
    found = next((one for one in given if number in {"", one.code}), None)
    if found is None:
        raise Missing
    return found, [one for one in given if one is not found]


def _revisions_page(drafts: Drafts, w: WebWork, record: Any, old: int | None, new: int | None) -> Response:
    every = revision.every(w, drafts.workflow, record.code)
    by_number = {one.number: one for one in every}
    last = every[0].number if every else 0
    after, before = by_number.get(new or last), by_number.get(old or max(last - 1, 1))
    changes = _changes(drafts, w, record, before.content, after.content) if before and after else []
    return page(
        w, "problems/revisions.html", record=record, title=drafts.acts.title(record), revisions=every,
        before=before, after=after, changes=changes, zone=drafts.acts.zone(w, record), base_url=drafts.url(record),
        names=drafts.names_of(w, [one.by_id for one in every]),
    )  # fmt: skip


def _changes(
    drafts: Drafts, w: Work, record: Any, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[tuple[str, list[diff.Piece]]]:
    """(label, word diff) of everything that differs, answers in the order of the form, the rest as it stands."""
    form = drafts.form(w, record)

    def shown(content: Mapping[str, Any]) -> dict[str, str]:
        answers = content.get("answers", {})
        seen: Form[Any] = Form(form.model, answers, choices=form.choices, zone=form.zone)
        texts = {field.label: said(field) for field in seen.fields if field.name in answers}
        rest = {name: content[name] for name in content if name in drafts.content_labels}
        return {**texts, **{str(drafts.content_labels[name]): _readable(value) for name, value in rest.items()}}

    return list(diff.changes(shown(before), shown(after)).items())


def _readable(value: Any) -> str:
    """A fact of a revision that is no answer (files, cities), one per line."""
    if isinstance(value, list) and all(isinstance(entry, dict) for entry in value):
        return "\n".join(", ".join(diff.plain(part) for part in entry.values()) for entry in value)
    return diff.plain(value) if not isinstance(value, dict) else json.dumps(value, ensure_ascii=False, sort_keys=True)
