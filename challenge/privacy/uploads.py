"""The files somebody uploaded: which, when, to what. The titles of the records are not told: one may have left them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from challenge.kernel.attachment import Attachment
from challenge.kernel.errors import Missing
from challenge.kernel.i18n import Text, _
from challenge.kernel.paging import PAGE, Page, after, cursor
from challenge.kernel.work import Work

RECORDS: dict[str, Text] = {
    "submission": _("Challenge"),
    "proposal": _("Proposal"),
    "review": _("Review"),
    "report": _("Report"),
    "claim": _("Claim"),
    "redacted_copy": _("Copy without names"),
}


@dataclass(frozen=True, slots=True)
class Upload:
    """One file, as its uploader sees it."""

    code: str
    name: str
    size: int
    at: datetime
    removed_at: datetime | None
    record: Text | str
    href: str


def mine(w: Work, following: str | None = None) -> Page[Upload]:
    """What the actor uploaded, newest first; what was taken off its record too."""
    rows = select(Attachment).where(Attachment.by_id == w.actor.id).order_by(col(Attachment.id).desc())
    if keys := after(following, int):
        rows = rows.where(col(Attachment.id) < keys[0])
    found = list(w.session.exec(rows.limit(PAGE + 1)))
    shown = [
        Upload(
            file.code, file.name, file.size, file.at, file.removed_at,
            _("%(kind)s %(code)s", kind=RECORDS.get(file.workflow, file.workflow), code=file.subject_code),
            f"/proposals/{file.subject_code}/copy" if file.workflow == "redacted_copy"
            else f"/{file.workflow}s/{file.subject_code}",
        )
        for file in found[:PAGE]
    ]  # fmt: skip
    return Page(shown, cursor(found[PAGE - 1].id) if len(found) > PAGE else None)


def one(w: Work, code: str) -> Attachment:
    """A file the actor uploaded that is still kept."""
    found = w.session.exec(
        select(Attachment).where(
            Attachment.code == code, Attachment.by_id == w.actor.id, col(Attachment.removed_at).is_(None)
        )
    ).first()
    if found is None:
        raise Missing
    return found
