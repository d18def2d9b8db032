"""What waits in the room of a pilot, in words: the next step first."""

from __future__ import annotations

from collections.abc import Callable

from challenge.home.pages.need import Need, by, by_day, since
from challenge.home.queries.asking import Asked
from challenge.home.queries.home import Home
from challenge.kernel.i18n import _
from challenge.kernel.money import euros
from challenge.pilots.money.states import CHANGES, ChangeKind

SECOND_KEY = _("Second key")
SHORT = 120


def amount(cents: str | None) -> str:
    """A sum as it is written."""
    return euros(int(cents or 0))


def decision(one: Asked, home: Home) -> Need:
    """Something a meeting decided."""
    text = one.note or ""
    why = _("Do what was decided: %(text)s", text=text if len(text) <= SHORT else f"{text[: SHORT - 1]}…")
    when = by_day(one.day, home.now, one.city or "") or since(one.at, home.stand(one.round_id))
    return Need(one.title or "", _("To do"), "sun", why, f"/pilots/{one.code}/log#d-{one.extra}", when)


def claim_back(one: Asked, _home: Home) -> Need:
    """A claim that came back."""
    why = _("Put right what is missing in the claim of %(partner)s over %(sum)s, and submit it again",
            partner=one.city, sum=amount(one.note))  # fmt: skip
    return Need(one.title or "", _("Returned"), "sun", why, f"/claims/{one.code}")


def claim_in(one: Asked, home: Home) -> Need:
    """A claim to check."""
    why = _("Check the claim of %(partner)s over %(sum)s: accept it or send it back",
            partner=one.city, sum=amount(one.note))  # fmt: skip
    return Need(one.title or "", _("Claim"), "sun", why, f"/claims/{one.code}", since(one.at, home.stand(one.round_id)))


def tranche_key(one: Asked, home: Home) -> Need:
    """A payment a colleague wants approved."""
    why = _("Approve the payment of %(sum)s as the second person, or hold it back: %(tranche)s",
            sum=amount(one.extra), tranche=one.note)  # fmt: skip
    due = by(one.at, home.stand(one.round_id), home=home, zone=one.city or "")
    return Need(one.title or "", SECOND_KEY, "sun", why, f"/tranches/{one.code}", due)


def change_key(one: Asked, home: Home) -> Need:
    """A change a colleague wants granted."""
    why = _("Grant the change as the second person, or refuse it: %(kind)s", kind=CHANGES[ChangeKind(one.note or "")])
    due = by(one.at, home.stand(one.round_id), home=home, zone=one.city or "")
    return Need(one.title or "", SECOND_KEY, "sun", why, f"/changes/{one.code}", due)


def change_in(one: Asked, home: Home) -> Need:
    """A change somebody asks for."""
    why = _("Grant or refuse the change that is asked for: %(kind)s", kind=CHANGES[ChangeKind(one.note or "")])
    return Need(
        one.title or "", _("To decide"), "sun", why, f"/changes/{one.code}", since(one.at, home.stand(one.round_id))
    )


WORDS: dict[str, Callable[[Asked, Home], Need]] = {
    "decision": decision, "claim_back": claim_back, "claim_in": claim_in, "tranche_key": tranche_key,
    "change_key": change_key, "change_in": change_in,
}  # fmt: skip
