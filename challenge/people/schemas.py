"""What people send: each model is a form's fields, their order and their words."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from challenge.kernel.ask import Ask
from challenge.kernel.i18n import N_
from challenge.people.passwords import LONGEST, SHORTEST
from challenge.people.spelling import mixes_alphabets
from challenge.people.states import OrganisationKind, RoleName, Seat


def valid_address(text: str) -> str:
    """An e-mail address as mail servers take it: letters without accents before the @, the domain in ASCII."""
    try:
        found = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise ValueError(N_("Enter an e-mail address, for example name@city.ee")) from error
    return found.ascii_email or found.normalized


def valid_country(code: str) -> str:
    """Two capital letters."""
    return code.upper()


def valid_website(text: str) -> str:
    """An address of the web, with a host that has a dot."""
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or "." not in parts.netloc or not text.isprintable() or " " in text:
        raise ValueError(N_("Enter a web address that starts with https://"))
    return text


def visible(text: str) -> str:
    """A name without marks that cannot be seen or that turn the writing around."""
    if any(not (mark.isprintable() or mark == "\n") for mark in text):
        raise ValueError(N_("Use letters, digits and spaces only"))
    if mixes_alphabets(text):
        raise ValueError(N_("Write each word in one alphabet"))
    return " ".join(text.split())


Email = Annotated[
    str,
    Field(max_length=254),
    AfterValidator(valid_address),
    Ask("email", missing=N_("Enter your e-mail address"), autocomplete="email"),
]
SomebodysEmail = Annotated[
    str,
    Field(max_length=254),
    AfterValidator(valid_address),
    Ask("email", missing=N_("Enter the e-mail address of the person"), autocomplete="off"),
]
Name = Annotated[str, Field(min_length=2, max_length=120), AfterValidator(visible)]
Website = Annotated[str, Field(max_length=200), AfterValidator(valid_website)]


class Strict(BaseModel):
    """Nothing but what is asked for."""

    model_config = ConfigDict(extra="forbid")


class LinkAsk(Strict):
    """Ask for a sign-in link."""

    email: Email = Field(title=N_("E-mail address"))
    next: Annotated[str, Ask("hidden")] = Field(default="", max_length=2000)


class PasswordSignIn(Strict):
    """Sign in with a password."""

    email: Email = Field(title=N_("E-mail address"))
    password: Annotated[str, Ask("password", missing=N_("Enter your password"), autocomplete="current-password")] = (
        Field(title=N_("Password"), max_length=LONGEST)
    )
    next: Annotated[str, Ask("hidden")] = Field(default="", max_length=2000)


class ConfirmByPassword(Strict):
    """Show the password once more."""

    password: Annotated[str, Ask("password", missing=N_("Enter your password"), autocomplete="current-password")] = (
        Field(title=N_("Password"), max_length=LONGEST)
    )
    next: Annotated[str, Ask("hidden")] = Field(default="", max_length=2000)


class PasskeyAnswer(Strict):
    """What the browser made of a passkey, as JSON."""

    credential: str = Field(default="", max_length=20_000)
    next: str = Field(default="", max_length=2000)


class NewPasskey(Strict):
    """Add a passkey; without a name it is called as the browser."""

    name: Annotated[str, AfterValidator(visible)] = Field(
        default="", title=N_("Name of the passkey"), description=N_("So that you know it again."), max_length=80
    )
    credential: Annotated[str, Ask("hidden")] = Field(default="", max_length=20_000)


class AppCode(Strict):
    """The first code of an app that is being set up."""

    code: Annotated[str, Ask("text", missing=N_("Enter the code the app shows"), autocomplete="one-time-code")] = Field(
        title=N_("Code"), description=N_("6 digits, new every 30 seconds."), max_length=40
    )


class SecondFactorCode(Strict):
    """A code of the app, or a recovery code."""

    code: Annotated[str, Ask("text", missing=N_("Enter a code"), autocomplete="one-time-code")] = Field(
        title=N_("Code"),
        description=N_("6 digits from your app, or one of your recovery codes."),
        max_length=40,
    )
    next: Annotated[str, Ask("hidden")] = Field(default="", max_length=2000)


class NewPassword(Strict):
    """Set or change one's password."""

    current: Annotated[str, Ask("password", autocomplete="current-password")] = Field(
        default="", title=N_("Current password"), max_length=LONGEST
    )
    password: Annotated[str, Ask("password", missing=N_("Enter a new password"), autocomplete="new-password")] = Field(
        title=N_("New password"),
        description=N_("At least 15 characters. Four words or more are easy to keep in mind."),
        min_length=SHORTEST,
        max_length=LONGEST,
    )


class Account(Strict):
    """What one says about oneself."""

    name: Annotated[Name, Ask("text", missing=N_("Enter your name"), autocomplete="name")] = Field(
        title=N_("Name"), description=N_("As others see it.")
    )
    locale: Annotated[str, Ask("radios", missing=N_("Choose a language"))] = Field(
        title=N_("Language"), description=N_("Of the pages and of the mail you are sent."), max_length=5
    )
    digest: Annotated[bool, Ask("checkbox")] = Field(
        default=False, title=N_("A mail in the morning when others have commented where you work"),
        description=N_("At most one a day, and only when something is new that you have not read."),
    )  # fmt: skip


class NewToken(Strict):
    """Make a token for the API."""

    name: Annotated[str, AfterValidator(visible), Ask("text", missing=N_("Say what the token is for"))] = Field(
        title=N_("What it is for"), min_length=1, max_length=80
    )
    days: Annotated[int, Ask("number", missing=N_("Say for how many days it works"))] = Field(
        default=90, title=N_("Days until it ends"), ge=1, le=365
    )


class PersonInvite(Strict):
    """Open an account for somebody."""

    name: Annotated[Name, Ask("text", missing=N_("Enter the name of the person"))] = Field(title=N_("Name"))
    email: SomebodysEmail = Field(title=N_("E-mail address"))


class EmailChange(Strict):
    """Another address for somebody."""

    email: SomebodysEmail = Field(title=N_("New e-mail address"))


class SeatOffer(PersonInvite):
    """Invite somebody to an organisation."""

    seat: Annotated[Seat, Ask("radios", missing=N_("Choose a seat"))] = Field(title=N_("Seat"))


class SeatChange(Strict):
    """Another seat for a member."""

    seat: Annotated[Seat, Ask("radios", missing=N_("Choose a seat"))] = Field(title=N_("Seat"))


class RoleGrant(Strict):
    """A programme role; ``round`` is the code of a round, or empty for all rounds."""

    role: Annotated[RoleName, Ask("radios", missing=N_("Choose a role"))] = Field(title=N_("Role"))
    round: Annotated[str, Ask("select")] = Field(default="", title=N_("Round"), max_length=8)
    last: Annotated[date | None, Ask("date")] = Field(
        default=None, title=N_("Last day"), description=N_("Only for somebody who fills in for a while; else empty.")
    )


class StandInName(Strict):
    """Who stands in for the lead (the code of a member), from which day to which."""

    person: Annotated[str, Ask("select", missing=N_("Choose a member"))] = Field(title=N_("Who"), max_length=8)
    first: Annotated[date, Ask("date", missing=N_("Say from which day"))] = Field(title=N_("First day"))
    last: Annotated[date, Ask("date", missing=N_("Say until which day"))] = Field(title=N_("Last day"))


class Confirmations(Strict):
    """Roles and seats to confirm, as the list names them (``yearly.Held.key``); ``back`` is the page to return to."""

    which: list[Annotated[str, Field(max_length=80)]] = Field(min_length=1, max_length=50)
    back: str = Field(default="/roles", max_length=300)


class OrganisationRevision(Strict):
    """Name, kind and website of an organisation."""

    kind: Annotated[OrganisationKind, Ask("select", missing=N_("Choose a kind"))] = Field(title=N_("Kind"))
    name: Annotated[Name, Ask("text", missing=N_("Enter the name"))] = Field(title=N_("Name"))
    website: Annotated[Website | None, Ask("text")] = Field(
        default=None, title=N_("Website"), description=N_("With https:// in front.")
    )


class NewOrganisation(OrganisationRevision):
    """A new organisation."""

    country: Annotated[str, Field(min_length=2, max_length=2), AfterValidator(valid_country), Ask(
        "select", missing=N_("Choose a country"))] = Field(title=N_("Country"))  # fmt: skip
