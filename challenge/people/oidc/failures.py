"""Why signing in with an account of elsewhere did not work, in words; what exactly was wrong goes to the log."""

from __future__ import annotations

from challenge.kernel.errors import Forbidden, Problem, Refusal, Refused, Remedy
from challenge.kernel.i18n import _

ANOTHER_WAY = Remedy(_("Sign in another way"), "/sign-in")
BEGIN_AGAIN = Remedy(_("Begin again"), "/sign-in")


class Unreachable(Refusal):
    """The other service does not answer, or not as agreed (502)."""

    status = 502


class NotBelieved(Exception):  # noqa: N818 -- turned into a refusal at the edge, which knows the provider's title
    """What a provider's answer breaks; the text is for the log and names no secret."""


def not_begun() -> Refusal:
    """No sign-in of this browser waits for this answer."""
    return Forbidden(
        Problem(
            "oidc_not_begun",
            _(
                "This sign-in was not begun in this browser, was finished already, or took longer than ten minutes. "
                "Nobody was signed in. Begin again."
            ),
            remedy=BEGIN_AGAIN,
        )
    )


def turned_down(provider: object) -> Refusal:
    """The person said no there, or the other service did."""
    return Forbidden(
        Problem(
            "oidc_turned_down",
            _("%(provider)s did not say who you are: it was cancelled or refused there.", provider=provider),
            remedy=BEGIN_AGAIN,
        )
    )


def not_believed(provider: object) -> Refusal:
    """The answer fails a check: forged, meant for somebody else, too old, used before."""
    return Forbidden(
        Problem(
            "oidc_not_believed",
            _(
                "The answer of %(provider)s did not pass our checks, so nobody was signed in. Begin again; if it "
                "happens twice, sign in another way and tell an administrator.",
                provider=provider,
            ),
            remedy=ANOTHER_WAY,
        )
    )


def unreachable(provider: object) -> Refusal:
    """It cannot be reached, or answers with what cannot be read."""
    return Unreachable(
        Problem(
            "oidc_unreachable",
            _(
                "%(provider)s cannot be reached at the moment. Try again in some minutes, or sign in another way.",
                provider=provider,
            ),
            remedy=ANOTHER_WAY,
        )
    )


def of_somebody_else(provider: object) -> Refusal:
    """Signed in as one person, come back with the account of another."""
    return Refused(
        Problem(
            "oidc_of_somebody_else",
            _(
                "This account of %(provider)s signs in somebody else here. If both are yours, write to an "
                "administrator; otherwise sign out there and choose your own account.",
                provider=provider,
            ),
            remedy=Remedy(_("Your account"), "/account/identities"),
        )
    )


def closed() -> Refusal:
    """The account here is disabled."""
    return Forbidden(
        Problem(
            "oidc_closed",
            _("Your account here is closed. Write to the coordinators if this is a mistake."),
            remedy=Remedy(_("Contact"), "/contact"),
        )
    )


def not_confirmed(provider: object) -> Refusal:
    """Signed in there all along: no credential was shown now, or one where two are asked for."""
    return Forbidden(
        Problem(
            "oidc_not_confirmed",
            _(
                "%(provider)s did not ask you for a proof that counts here, so nothing is confirmed. Confirm another "
                "way.",
                provider=provider,
            ),
            remedy=Remedy(_("Confirm another way"), "/confirm"),
        )
    )
