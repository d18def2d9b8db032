"""Person, organisation, membership, role, session, sign-in link."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlmodel import Field

from challenge.kernel.columns import UtcDateTime, one_of
from challenge.kernel.record import Record, Row
from challenge.people.states import OrganisationKind, RoleName, Seat


class Person(Record, table=True):
    """Somebody. ``email_key`` is the folded address that makes look-alikes one person."""

    __table_args__ = (
        CheckConstraint("erased_at IS NOT NULL OR (name <> '' AND email <> '')", name="known_until_erased"),
    )

    name: str = Field(max_length=120)
    email: str = Field(max_length=254)
    email_key: str = Field(max_length=254, unique=True)
    locale: str = Field(default="en", max_length=5)
    password_hash: str | None = Field(default=None, max_length=200)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Organisation(Record, table=True):
    """A city, university, company …; members of pilots refer to (id, country): it cannot change under them."""

    __table_args__ = (
        UniqueConstraint("id", "country"),
        UniqueConstraint("name_key", "country"),
        CheckConstraint("length(country) = 2", name="country_alpha2"),
    )

    kind: OrganisationKind = Field(sa_type=one_of(OrganisationKind))
    name: str = Field(max_length=120)
    name_key: str = Field(max_length=120)
    country: str = Field(max_length=2)
    website: str | None = Field(default=None, max_length=200)


class Membership(Row, table=True):
    """A person's seat in an organisation. An organisation has at most one lead."""

    __table_args__ = (
        UniqueConstraint("person_id", "organisation_id"),
        Index(
            "uq_membership_lead", "organisation_id", unique=True,
            sqlite_where=text("seat = 'lead'"), postgresql_where=text("seat = 'lead'"),
        ),
    )  # fmt: skip

    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    organisation_id: int = Field(foreign_key="organisation.id", ondelete="RESTRICT", index=True)
    seat: Seat = Field(sa_type=one_of(Seat))


class Role(Row, table=True):
    """A programme role; ``round_id`` None means every round."""

    __table_args__ = (
        UniqueConstraint("person_id", "name", "round_id"),
        Index(
            "uq_role_everywhere", "person_id", "name", unique=True,
            sqlite_where=text("round_id IS NULL"), postgresql_where=text("round_id IS NULL"),
        ),
    )  # fmt: skip

    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    name: RoleName = Field(sa_type=one_of(RoleName))
    round_id: int | None = Field(default=None, foreign_key="round.id", ondelete="RESTRICT")


class SignInSession(Row, table=True):
    """A signed-in browser. Only the hash of its token is kept; a sign-out ends it everywhere at once."""

    __tablename__ = "sign_in_session"

    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    started_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    proven_at: datetime = Field(sa_type=UtcDateTime)  # when a credential was last shown (step-up)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    user_agent: str = Field(default="", max_length=200)


class SignInLink(Row, table=True):
    """An e-mailed one-time link: valid for minutes, claimed once, by POST."""

    __tablename__ = "sign_in_link"

    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    sent_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    void_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    next_path: str = Field(default="", max_length=300)


class ApiToken(Row, table=True):
    """A bearer token of a person for the JSON API; shown once, kept as a hash."""

    __tablename__ = "api_token"

    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    name: str = Field(max_length=80)
    token_hash: str = Field(max_length=64, unique=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SignInAttempt(Row, table=True):
    """A try to sign in, counted over all nodes: the limits read it (reliability.md §4)."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_key_at", "key", "at"),)

    key: str = Field(max_length=120)  # what is limited: "password:<email key>", "link:<ip>" …
    at: datetime = Field(sa_type=UtcDateTime)
