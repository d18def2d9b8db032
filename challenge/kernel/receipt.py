"""Receipts: what was received when, against which deadline, signed so that anybody can check it offline."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlmodel import Field, col, select

from challenge.kernel import attachment
from challenge.kernel.codes import new_code
from challenge.kernel.columns import UtcDateTime, json_column
from challenge.kernel.journal import canonical
from challenge.kernel.record import Row
from challenge.kernel.revision import Revision
from challenge.kernel.triggers import append_only, register
from challenge.kernel.work import Work


class Receipt(Row, table=True):
    """Given at each submit. ``within_grace``: after the deadline but inside the published grace."""

    code: str = Field(default_factory=new_code, max_length=8, unique=True)
    workflow: str = Field(max_length=32)
    subject_code: str = Field(max_length=8, index=True)
    revision_number: int
    revision_hash: str = Field(max_length=64)
    file_hashes: list[str] = Field(default_factory=list, sa_type=json_column(), nullable=False)
    received_at: datetime = Field(sa_type=UtcDateTime)
    deadline: datetime = Field(sa_type=UtcDateTime)
    grace_seconds: int
    within_grace: bool
    rules_version: int
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    signature: str = Field(max_length=120)


for _trigger in append_only("receipt"):
    register(_trigger)


def content(receipt: Receipt) -> dict[str, Any]:
    """What is signed, as plain JSON; print it with ``journal.canonical``."""
    return {
        "receipt": receipt.code,
        "workflow": receipt.workflow,
        "subject": receipt.subject_code,
        "revision": receipt.revision_number,
        "sha256": receipt.revision_hash,
        "files": receipt.file_hashes,
        "received_at": receipt.received_at.isoformat(timespec="milliseconds"),
        "deadline": receipt.deadline.isoformat(timespec="milliseconds"),
        "grace_seconds": receipt.grace_seconds,
        "within_grace": receipt.within_grace,
        "rules_version": receipt.rules_version,
    }


def signing_key(secret: bytes) -> Ed25519PrivateKey:
    """The installation's receipt key, derived from its secret."""
    seed = HKDF(SHA256(), 32, b"challenge", b"receipts").derive(secret)
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_key(secret: bytes) -> str:
    """The public half, base64: published at /receipts/key."""
    raw = signing_key(secret).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def key_of(receipt: Receipt, secrets: tuple[bytes, ...]) -> str | None:
    """The public key this receipt was signed with, also when the installation's secret has changed since."""
    return next((key for key in map(public_key, secrets) if holds(receipt, key)), None)


def key_id(key: str) -> str:
    """The short name of a public key."""
    return hashlib.sha256(base64.b64decode(key)).hexdigest()[:16]


def sign(secret: bytes, said: dict[str, Any]) -> str:
    """The signature (base64) over the canonical JSON; the same for the same content and secret."""
    return base64.b64encode(signing_key(secret).sign(canonical(said).encode())).decode()


def fits(said: dict[str, Any], signature: str, key: str) -> bool:
    """Whether the signature is that of this content by the owner of the public key (both base64)."""
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key))
    try:
        public.verify(base64.b64decode(signature), canonical(said).encode())
    except InvalidSignature:
        return False
    return True


def issue(w: Work, secret: bytes, receipt: Receipt) -> Receipt:
    """Sign and keep it."""
    receipt.signature = sign(secret, content(receipt))
    return w.add(receipt)


def give(
    w: Work,
    workflow: str,
    record: Any,
    revision: Revision,
    *,
    deadline: datetime,
    grace_seconds: int,
    rules_version: int,
) -> Receipt:
    """The receipt of what was just handed in: of this revision, with the record's files, signed with ``w.secret``."""
    if not w.secret:
        message = "a receipt needs the installation's secret: open the work with it"
        raise ValueError(message)
    return issue(
        w,
        w.secret,
        Receipt(
            workflow=workflow, subject_code=record.code, revision_number=revision.number, revision_hash=revision.hash,
            file_hashes=[file.sha256 for file in attachment.of(w, workflow, record.code)],
            received_at=w.now, deadline=deadline, grace_seconds=grace_seconds, within_grace=w.now >= deadline,
            rules_version=rules_version, person_id=w.actor.id, signature="",
        ),
    )  # fmt: skip


def holds(receipt: Receipt, key: str) -> bool:
    """Whether the signature fits content and public key (base64)."""
    return fits(content(receipt), receipt.signature, key)


def every(w: Work, workflow: str, subject_code: str) -> list[Receipt]:
    """All receipts of a record, newest first."""
    found = select(Receipt).where(Receipt.workflow == workflow, Receipt.subject_code == subject_code)
    return list(w.session.exec(found.order_by(col(Receipt.id).desc())))


def latest(w: Work, workflow: str, subject_code: str) -> Receipt | None:
    """The newest receipt of a record."""
    found = select(Receipt).where(Receipt.workflow == workflow, Receipt.subject_code == subject_code)
    return w.session.exec(found.order_by(col(Receipt.id).desc())).first()
