"""Person, organisation, membership, role, session, sign-in link."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint, event, text
from sqlmodel import Field

from challenge.kernel.columns import UtcDateTime, one_of
from challenge.kernel.constraints import refuses
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.kernel.record import Record, Row
from challenge.people.spelling import fold, plain
from challenge.people.states import Ceremony, OrganisationKind, RoleName, Seat


class Person(Record, table=True):
    """Somebody. ``email_key``, the address's skeleton, makes look-alikes one person; ``name_plain`` is searched.

    Browsers that signed in before ``known_since`` are strangers again (``people.known``).
    """

    __table_args__ = (
        CheckConstraint("erased_at IS NOT NULL OR (name <> '' AND email <> '')", name="known_until_erased"),
    )

    name: str = Field(max_length=120)
    name_plain: str = Field(default="", max_length=120, index=True)
    email: str = Field(max_length=254)
    email_key: str = Field(max_length=254, unique=True)
    locale: str = Field(default="en", max_length=5)
    password_hash: str | None = Field(default=None, max_length=200)
    known_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    erased_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    digest_off_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # no daily mail about new comments


class Organisation(Record, table=True):
    """A city, university, company …; members of pilots refer to (id, country): it cannot change under them.

    ``name_key`` (the skeleton) keeps look-alikes out, ``name_plain`` is searched; both follow the name by themselves.
    """

    __table_args__ = (
        UniqueConstraint("id", "country"),
        UniqueConstraint("name_key", "country"),
        CheckConstraint("length(country) = 2", name="country_alpha2"),
    )

    kind: OrganisationKind = Field(sa_type=one_of(OrganisationKind))
    name: str = Field(max_length=120)
    name_key: str = Field(default="", max_length=240)
    name_plain: str = Field(default="", max_length=120, index=True)
    country: str = Field(max_length=2)
    website: str | None = Field(default=None, max_length=200)


class Yearly(Row):
    """What is held until it must be confirmed again (``people.yearly``); who confirmed it stands in the journal."""

    stamp: ClassVar[str | None] = "confirmed_at"

    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime, nullable=False)
    reminded_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Membership(Yearly, table=True):
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


class SeatInvitation(Record, table=True):
    """A seat offered to somebody. It becomes a membership when they accept: nobody is put into an organisation.

    ``name`` and ``email`` are as typed by who invites, so that the list of the invited tells nothing about accounts.
    """

    __tablename__ = "seat_invitation"
    __table_args__ = (
        CheckConstraint("accepted_at IS NULL OR ended_at IS NULL", name="accepted_or_ended"),
        Index(
            "uq_seat_invitation_open", "organisation_id", "person_id", unique=True,
            sqlite_where=text("accepted_at IS NULL AND ended_at IS NULL"),
            postgresql_where=text("accepted_at IS NULL AND ended_at IS NULL"),
        ),
    )  # fmt: skip

    organisation_id: int = Field(foreign_key="organisation.id", ondelete="RESTRICT")
    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    seat: Seat = Field(sa_type=one_of(Seat))
    name: str = Field(max_length=120)
    email: str = Field(max_length=254)
    invited_by: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    accepted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # declined, or taken back


class Role(Yearly, table=True):
    """A programme role; ``round_id`` None means every round, ``until`` that it ends by itself."""

    __table_args__ = (
        CheckConstraint("until IS NULL OR name <> 'administrator'", name="administrator_without_end"),
        UniqueConstraint("person_id", "name", "round_id"),
        Index(
            "uq_role_everywhere", "person_id", "name", unique=True,
            sqlite_where=text("round_id IS NULL"), postgresql_where=text("round_id IS NULL"),
        ),
    )  # fmt: skip

    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    name: RoleName = Field(sa_type=one_of(RoleName))
    round_id: int | None = Field(default=None, foreign_key="round.id", ondelete="RESTRICT")
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Suspension(Row, table=True):
    """A role or seat nobody confirmed in time. Its own row is gone, so it counts nowhere until it is confirmed."""

    __table_args__ = (
        CheckConstraint("(name IS NULL) <> (organisation_id IS NULL)", name="role_or_seat"),
        CheckConstraint("(seat IS NULL) = (organisation_id IS NULL)", name="seat_of_organisation"),
        CheckConstraint("round_id IS NULL OR name IS NOT NULL", name="round_of_role"),
        UniqueConstraint("person_id", "organisation_id"),
        UniqueConstraint("person_id", "name", "round_id"),
        Index(
            "uq_suspension_everywhere", "person_id", "name", unique=True,
            sqlite_where=text("round_id IS NULL"), postgresql_where=text("round_id IS NULL"),
        ),
    )  # fmt: skip

    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    name: RoleName | None = Field(default=None, sa_type=one_of(RoleName))
    round_id: int | None = Field(default=None, foreign_key="round.id", ondelete="RESTRICT")
    organisation_id: int | None = Field(default=None, foreign_key="organisation.id", ondelete="RESTRICT")
    seat: Seat | None = Field(default=None, sa_type=one_of(Seat))
    suspended_at: datetime = Field(sa_type=UtcDateTime)


class SignInSession(Row, table=True):
    """A signed-in browser. Only the hash of its token is kept; a sign-out ends it everywhere at once.

    With ``half_until`` it is none yet: it waits for the second factor, until then.
    """

    __tablename__ = "sign_in_session"

    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    started_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    proven_at: datetime = Field(sa_type=UtcDateTime)  # when a credential was last shown (step-up)
    half_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    strong_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when a provider vouched for two factors
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


class Authenticator(Row, table=True):
    """The app whose codes are a person's second factor; counts once confirmed. The secret is sealed.

    ``last_step`` is the newest time step a code was taken of: it only grows, so that each code counts once.
    """

    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", unique=True)
    sealed_secret: str = Field(max_length=200)
    started_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_step: int = 0


class RecoveryCode(Row, table=True):
    """Stands in for a lost second factor, once; shown when made, kept as a hash."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("person_id", "code_hash"),)

    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT")
    code_hash: str = Field(max_length=64)
    made_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Passkey(Record, table=True):
    """A key in somebody's device that signs in by itself. Only its public half is known here.

    ``sign_count`` is what the device last said: a copy of the device would fall behind.
    """

    person_id: int = Field(foreign_key="person.id", ondelete="RESTRICT", index=True)
    name: str = Field(max_length=80)
    credential_id: str = Field(max_length=1400, unique=True)  # base64url, as the public key
    public_key: str = Field(max_length=2800)
    sign_count: int = Field(sa_type=BigInteger)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PasskeyChallenge(Row, table=True):
    """What a passkey must sign: for one browser, one purpose and minutes, claimed once. Nobody's at a sign-in."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (CheckConstraint("(person_id IS NULL) = (ceremony = 'sign_in')", name="whose"),)

    browser_hash: str = Field(max_length=64, unique=True)  # of a cookie of its own
    challenge: str = Field(max_length=100)  # base64url
    ceremony: Ceremony = Field(sa_type=one_of(Ceremony))
    person_id: int | None = Field(default=None, foreign_key="person.id", ondelete="RESTRICT")
    expires_at: datetime = Field(sa_type=UtcDateTime)
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@event.listens_for(Person, "before_insert")
@event.listens_for(Person, "before_update")
def _keep_person_findable(_mapper: Any, _connection: Any, person: Person) -> None:
    person.name_plain = plain(person.name)[:120]


@event.listens_for(Organisation, "before_insert")
@event.listens_for(Organisation, "before_update")
def _keep_organisation_findable(_mapper: Any, _connection: Any, organisation: Organisation) -> None:
    organisation.name_key = fold(organisation.name)[:240]
    organisation.name_plain = plain(organisation.name)[:120]


refuses(
    "uq_person_email_key",
    Problem("email_taken", _("There is already somebody with this address, or one that looks like it.")),
    columns="person.email_key",
)
refuses(
    "uq_passkey_credential_id",
    Problem("passkey_known", _("This passkey is in use already. Add another one.")),
    columns="passkey.credential_id",
)
refuses(
    "uq_organisation_name_key_country",
    Problem("name_taken", _("There is already an organisation of this name in this country.")),
    columns="organisation.name_key, organisation.country",
)
refuses(
    "uq_membership_lead",
    Problem("lead_taken", _("An organisation has one lead. Hand over instead.")),
    columns="membership.organisation_id",
)
refuses(
    "uq_membership_person_id_organisation_id",
    Problem("already_member", _("This person already has a seat here.")),
    columns="membership.person_id, membership.organisation_id",
)
refuses(
    "uq_seat_invitation_open",
    Problem("already_invited", _("This person is already invited. The invitation can be taken back.")),
    columns="seat_invitation.organisation_id, seat_invitation.person_id",
)
for _name, _columns in (
    ("uq_role_person_id_name_round_id", "role.person_id, role.name, role.round_id"),
    ("uq_role_everywhere", "role.person_id, role.name"),
):
    refuses(_name, Problem("role_held", _("This person already has this role here.")), columns=_columns)
