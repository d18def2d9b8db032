"""What people are mailed about signing in and about seats, in their own language; always to the address we keep."""

from __future__ import annotations

from challenge.kernel import letter
from challenge.kernel.i18n import Text, _, speaking
from challenge.kernel.work import Work
from challenge.people.models import Person, SignInLink


def sign_in(w: Work, person: Person, link: SignInLink, url: str, browser: Text) -> None:
    """The one-time link, and where it was asked for: a link somebody else asked for is seen to be one."""
    _post(
        w,
        person,
        _("Sign in to City Challenge"),
        _("Open this page within 10 minutes and choose “Sign in”:"),
        url,
        _("The link works once. If you did not ask for it, leave this letter alone: nothing happens."),
        also=_("It was asked for in this browser: %(browser)s", browser=browser),
        link=link,
    )


def welcome(w: Work, person: Person, public_url: str) -> None:
    """Somebody made an account for this person."""
    _post(
        w,
        person,
        _("You can sign in to City Challenge"),
        _("The coordinators of the city challenge have opened an account for you. Sign in with this e-mail address:"),
        f"{public_url}/sign-in",
        _("There is no password to remember: each time you are sent a link."),
    )


def seat_offered(w: Work, person: Person, organisation: str, seat: Text, public_url: str) -> None:
    """Somebody offered this person a seat."""
    _post(
        w,
        person,
        _("You are invited to %(organisation)s", organisation=organisation),
        _(
            "You are invited to a seat in %(organisation)s (%(seat)s). Sign in with this e-mail address to accept or "
            "to decline:",
            organisation=organisation,
            seat=seat,
        ),
        f"{public_url}/account",
        _("Nothing changes until you accept."),
    )


def address_changed(w: Work, person: Person, old: str, public_url: str) -> None:
    """To the old address and to the new one: nobody's account moves without them hearing of it."""
    subject = _("Your e-mail address was changed")
    before = _(
        "An administrator changed the address you sign in with, from %(old)s to %(new)s:", old=old, new=person.email
    )
    after = _("If you did not ask for this, write to the coordinators at once.")
    for address in (old, person.email):
        _post(w, person, subject, before, f"{public_url}/contact", after, address=address)


def second_factor_changed(w: Work, person: Person, what: Text) -> None:
    """How one signs in was changed: whoever did not do it must hear of it."""
    _post(
        w,
        person,
        _("How you sign in was changed"),
        what,
        "",
        _("If this was not you, write to the coordinators at once."),
    )


def _post(
    w: Work, person: Person, subject: Text, before: Text, url: str, after: Text, *,
    also: Text | None = None, link: SignInLink | None = None, address: str = "",
) -> None:  # fmt: skip
    with speaking(person.locale):
        greeting = _("Hello %(name)s,", name=person.name)
        text = (
            "\n\n".join(str(part) for part in (greeting, before, url, after, also, _("City Challenge")) if part) + "\n"
        )
        letter.post(
            w, address=address or person.email, locale=person.locale, subject=str(subject), text=text,
            person_id=person.id, not_after=link.expires_at if link else None,
        )  # fmt: skip
