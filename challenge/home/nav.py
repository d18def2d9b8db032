"""What the header offers: at most five nouns, by what the person is."""

from __future__ import annotations

from collections.abc import Iterator

from challenge.http.pages import NavItem
from challenge.kernel.actor import Actor
from challenge.kernel.i18n import Text, _
from challenge.people.states import RoleName

MOST = 5
HOME, CHALLENGES, PILOTS = ("/home", _("Home")), ("/challenges", _("Challenges")), ("/pilots", _("Pilots"))
PROPOSALS, ROUNDS, HELP = ("/proposals", _("Proposals")), ("/rounds", _("Rounds")), ("/help", _("Help"))
SUBMISSIONS, JOURNAL = ("/submissions", _("Challenges")), ("/journal", _("Journal"))
REVIEWS, PEOPLE = ("/reviews", _("Reviews")), ("/people", _("People"))
ORGANISATIONS = ("/organisations", _("Organisations"))


def nav(actor: Actor, path: str) -> list[NavItem]:
    """The first five of what this person needs, each once; the noun one is under is marked."""
    nouns = list(dict.fromkeys(wanted(actor)))[:MOST]
    return [NavItem(str(text), href, path == href or path.startswith(f"{href}/")) for href, text in nouns]


def wanted(actor: Actor) -> Iterator[tuple[str, Text]]:
    """Nouns in the order of their use; more than fit for people who are several things."""
    if not actor.signed_in:
        yield from (CHALLENGES, PILOTS, ROUNDS, HELP)
        return
    yield HOME
    if actor.holds_anywhere(RoleName.COORDINATOR) or actor.holds_anywhere(RoleName.OBSERVER):
        yield from (SUBMISSIONS, PROPOSALS, PILOTS, JOURNAL)
    if actor.holds_anywhere(RoleName.JUROR):
        yield REVIEWS
    if actor.holds_anywhere(RoleName.ADMINISTRATOR):
        yield from (PEOPLE, ORGANISATIONS, JOURNAL)
    if actor.seats or not actor.roles:
        yield from (CHALLENGES, PROPOSALS)
    yield from (CHALLENGES, PILOTS, HELP)
