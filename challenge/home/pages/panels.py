"""What a panel asks, in words."""

from __future__ import annotations

from collections.abc import Callable

from challenge.home.pages.need import Need, by
from challenge.home.queries.asking import Asked
from challenge.home.queries.home import Home
from challenge.kernel.i18n import _


def moderate(one: Asked, _home: Home) -> Need:
    """A consensus to write."""
    why = _("You moderate: write it and put it to the panel")
    return Need(one.title or "", _("Consensus"), "sun", why, f"/consensus/{one.code}")


def confirm(one: Asked, _home: Home) -> Need:
    """A consensus to answer."""
    return Need(one.title or "", _("Consensus"), "sun", _("Confirm or object"), f"/consensus/{one.code}")


def comments(one: Asked, home: Home) -> Need:
    """Comments of the jury to read."""
    why = _("Read the comments of the jury; you may answer once")
    due = by(one.at, home.stand(one.round_id), home=home)
    return Need(one.title or "", _("Comments"), "sun", why, f"/proposals/{one.code}/reaction", due)


WORDS: dict[str, Callable[[Asked, Home], Need]] = {
    "moderate": moderate, "confirm_consensus": confirm, "comments": comments,
}  # fmt: skip
