"""How often signing in, inviting, looking people up and taking data away may be tried; counted by ``kernel.limits``."""

from __future__ import annotations

from datetime import timedelta

from challenge.kernel.limits import Limit
from challenge.kernel.limits import key as _key
from challenge.kernel.place import place_of
from challenge.people.spelling import address_key


def password_limits(email: str, ip: str) -> tuple[Limit, ...]:
    """Ten tries in five minutes for one account, and from one place."""
    within = timedelta(minutes=5)
    return (
        Limit(_key("password", "account", address_key(email)), 10, within),
        Limit(_key("password", "place", place_of(ip)), 10, within),
    )


def link_limits(email: str, ip: str) -> tuple[Limit, ...]:
    """Five links a day to one address, twenty an hour asked for from one place."""
    return (
        Limit(_key("link", "account", address_key(email)), 5, timedelta(days=1)),
        Limit(_key("link", "place", place_of(ip)), 20, timedelta(hours=1)),
    )


def known_link_limits(email: str) -> tuple[Limit, ...]:
    """Five more a day for the browsers that have signed in with this address: strangers cannot use these up."""
    return (Limit(_key("known link", "account", address_key(email)), 5, timedelta(days=1)),)


def second_factor_limits(person_id: int) -> tuple[Limit, ...]:
    """Five codes in five minutes, twenty an hour, fifty a day for one person, right or wrong, whatever the kind."""
    spans = ((5, timedelta(minutes=5)), (20, timedelta(hours=1)), (50, timedelta(days=1)))
    return tuple(Limit(_key("second factor", str(within), str(person_id)), most, within) for most, within in spans)


def passkey_limits(ip: str) -> tuple[Limit, ...]:
    """Sixty challenges in five minutes for one place: each is a row until it is swept away."""
    return (Limit(_key("passkey", "place", place_of(ip)), 60, timedelta(minutes=5)),)


def oidc_limits(ip: str) -> tuple[Limit, ...]:
    """Two hundred sign-ins an hour begun at providers from one place, which may be a whole city hall."""
    return (Limit(_key("oidc", "place", place_of(ip)), 200, timedelta(hours=1)),)


def invitation_limits(organisation_code: str) -> tuple[Limit, ...]:
    """Thirty letters an hour in the name of one organisation: nobody sends mail to the world through us."""
    return (Limit(_key("invitation", organisation_code), 30, timedelta(hours=1)),)


def export_limits(person_id: int) -> tuple[Limit, ...]:
    """Ten copies of one's data an hour."""
    return (Limit(_key("export", str(person_id)), 10, timedelta(hours=1)),)


def look_up_limits(person_id: int) -> tuple[Limit, ...]:
    """A hundred times an hour who somebody is, by page, name or address: nobody copies everybody."""
    return (Limit(_key("look up", str(person_id)), 100, timedelta(hours=1)),)


def keys_of(email: str, person_id: int) -> set[str]:
    """Under which keys the tries of one person are counted; places are not theirs alone."""
    account = {_key(kind, "account", address_key(email)) for kind in ("password", "link", "known link")}
    theirs = (*second_factor_limits(person_id), *export_limits(person_id), *look_up_limits(person_id))
    return account | {limit.key for limit in theirs}
