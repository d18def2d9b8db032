"""Linked accounts of elsewhere, and sign-ins begun there."""

from datetime import datetime

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field

from challenge.kernel.columns import UtcDateTime
from challenge.kernel.constraints import refuses
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.record import Record, Row


class OidcIdentity(Record, table=True):
    """An account of elsewhere that signs a person in: known by issuer and subject, never by an address."""

    __tablename__ = "oidc_identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        CheckConstraint("issuer <> '' AND subject <> ''", name="named"),
    )

    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    issuer: str = Field(max_length=300)
    subject: str = Field(max_length=255)
    label: str = Field(default="", max_length=254)  # how its owner recognises it; decides nothing
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class OidcFlow(Row, table=True):
    """A sign-in begun at a provider, in one browser; its answer is taken once. Of its secrets only hashes are kept.

    With ``subject`` the answer has come, of an account nobody has linked: its owner may do so, in this browser.
    """

    __tablename__ = "oidc_flow"
    __table_args__ = (CheckConstraint("subject IS NULL OR taken_at IS NOT NULL", name="found_once_taken"),)

    provider: str = Field(max_length=31)
    state_hash: str = Field(max_length=64, unique=True)
    nonce_hash: str = Field(max_length=64)
    browser_hash: str = Field(max_length=64, index=True)
    begun_at: datetime = Field(sa_type=UtcDateTime)
    next_path: str = Field(default="", max_length=300)
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")  # signed in when it began
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    subject: str | None = Field(default=None, max_length=255)
    label: str = Field(default="", max_length=254)
    strong_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    shown_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


refuses(
    "uq_oidc_identity_issuer_subject",
    Problem("identity_taken", _("This account is linked already. Look at the list of your linked accounts.")),
    columns="oidc_identity.issuer, oidc_identity.subject",
)
