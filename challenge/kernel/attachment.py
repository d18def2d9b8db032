"""Files: allow-listed by content, kept once by their hash, described by a row."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, col, select

from challenge.kernel import sandbox
from challenge.kernel.columns import UtcDateTime
from challenge.kernel.errors import Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.once import once
from challenge.kernel.record import Record
from challenge.kernel.sandbox import WRONG_TYPE
from challenge.kernel.work import Work

MAX_BYTES = 20 * 1024 * 1024
MAX_PER_RECORD = 10
ALLOWED = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
}
TOO_BIG = Problem("file_size", _("The file is too large: at most 20 MB."))
TOO_MANY = Problem("file_count", _("There are already 10 files. Remove one first."))
EMPTY = Problem("file_empty", _("The file is empty."))


class Attachment(Record, table=True):
    """One file of a record. The bytes stand under their SHA-256 in the files folder."""

    __table_args__ = (
        Index("ix_attachment_subject", "workflow", "subject_code"),
        CheckConstraint("size > 0", name="size_positive"),
    )

    workflow: str = Field(max_length=32)
    subject_code: str = Field(max_length=8)
    sha256: str = Field(max_length=64)
    size: int
    content_type: str = Field(max_length=120)
    name: str = Field(max_length=160)
    at: datetime = Field(sa_type=UtcDateTime)
    by_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Stored:
    """Bytes that are safely on disk, not yet belonging to a record."""

    sha256: str
    size: int
    kind: str
    name: str


def kind_of(content: bytes) -> str | None:
    """A key of ``ALLOWED``, or ``zip``, by how the bytes begin; the file's name is not asked."""
    if content.startswith(b"%PDF-"):
        return "pdf"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content.startswith(b"\xff\xd8\xff"):
        return "jpg"
    if content.startswith(b"PK\x03\x04"):
        return "zip"
    return "csv" if _is_plain_text(content) else None


def _is_plain_text(content: bytes) -> bool:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return False
    control = any(ord(char) < 32 and char not in "\t\r\n" for char in text)  # noqa: PLR2004 -- control characters
    return not control and "<" not in text[:1024]


def store(root: Path, content: bytes, name: str, *, anonymous: bool = False) -> Stored:
    """Check and write the bytes, synced to disk. Call it outside the unit of work. Raises Refused.

    ``anonymous``: nothing in the file or its name tells who made it.
    """
    if not content:
        raise Refused(EMPTY)
    if len(content) > MAX_BYTES:
        raise Refused(TOO_BIG)
    kind, content = _examined(kind_of(content), content, anonymous=anonymous)
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(root, sha256)
    if path.exists():
        path.touch()  # bytes nothing names are swept by their age: these will be named in a moment
    else:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)
    return Stored(sha256, len(content), kind, f"document-{sha256[:8]}.{kind}" if anonymous else clean_name(name, kind))


def _examined(kind: str | None, content: bytes, *, anonymous: bool) -> tuple[str, bytes]:
    """What the file is and the bytes to keep. Whatever must be parsed for it is parsed in a child."""
    if kind is None:
        raise Refused(WRONG_TYPE)
    if kind == "csv":
        return kind, content
    if anonymous:
        return sandbox.run("clean", kind, content)
    return (kind if kind == "pdf" else sandbox.run("look", kind, content)[0]), content


def clean_name(name: str, kind: str) -> str:
    """The name people see: no folders, no control characters, the ending its content has."""
    stem = Path(name.replace("\\", "/")).name.rsplit(".", 1)[0]
    safe = "".join(char for char in stem if char.isprintable() and char not in '<>:"/|?*')[:120].strip(" .")
    return f"{safe or 'file'}.{kind}"


def path_of(root: Path, sha256: str) -> Path:
    """Where the bytes of this hash stand."""
    return root / sha256[:2] / sha256


def attach(w: Work, workflow: str, record: Any, stored: Stored) -> Attachment:
    """Give stored bytes to a record. Raises Refused when it has its ten files."""
    if len(of(w, workflow, record.code)) >= MAX_PER_RECORD:
        raise Refused(TOO_MANY)
    made = w.add(
        Attachment(
            workflow=workflow, subject_code=record.code, sha256=stored.sha256, size=stored.size,
            content_type=ALLOWED[stored.kind], name=stored.name, at=w.now, by_id=w.actor.id,
        )
    )  # fmt: skip
    w.note(workflow, record, "attach", {"file": made.code, "sha256": stored.sha256})
    return made


def remove(w: Work, workflow: str, record: Any, attachment: Attachment) -> None:
    """Take a file off a record; revisions that named it keep its hash."""
    attachment.removed_at = w.now
    w.note(workflow, record, "detach", {"file": attachment.code, "sha256": attachment.sha256})


@once
def of(w: Work, workflow: str, subject_code: str) -> list[Attachment]:
    """The files of a record, oldest first."""
    found = select(Attachment).where(
        Attachment.workflow == workflow, Attachment.subject_code == subject_code, col(Attachment.removed_at).is_(None)
    )
    return list(w.session.exec(found.order_by(col(Attachment.id))))


def of_many(w: Work, workflow: str, codes: Iterable[str]) -> dict[str, list[str]]:
    """Code → the hashes of its files, for lists."""
    rows = select(Attachment.subject_code, Attachment.sha256).where(
        Attachment.workflow == workflow, col(Attachment.subject_code).in_(list(codes)),
        col(Attachment.removed_at).is_(None),
    )  # fmt: skip
    found: dict[str, list[str]] = {}
    for code, sha256 in w.session.exec(rows):
        found.setdefault(code, []).append(sha256)
    return found
