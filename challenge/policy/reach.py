"""How far a route reaches, and the look-up that lets a request in."""

from __future__ import annotations

from enum import StrEnum


class Reach(StrEnum):
    """Who is let in at all. Records are narrowed further by the queries; money and secrets by two keys and step-up."""

    EVERYBODY = "everybody"  # visitors too
    ENTERING = "entering"  # signed in, a second factor may still be missing
    SIGNED_IN = "signed in"  # anybody with an account; the record, if one is named, must be in their sight
    ROUND = "round"  # coordinators and observers
    COORDINATORS = "coordinators"
    PROGRAMME = "programme"  # coordinators and administrators
    AUDIT = "audit"  # observers and administrators
    JOURNAL = "journal"  # coordinators, observers and administrators
