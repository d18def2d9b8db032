"""Who of the scene is what to a record: the policy says which parties see a kind, this says who they are."""

from __future__ import annotations

from challenge.policy.kinds import KINDS, Party
from tests.policy.canaries import Canary
from tests.policy.people import PERSONAS

P = Party
JURORS = {"juror", "juror at work", "other juror", "conflicted juror"}
COORDINATORS = {"coordinator", "conflicted coordinator", "other coordinator", "judging coordinator"}
BARRED = {"item", "panel item", "candidate"}  # with which the conflicted coordinator has a conflict
# What whoever judges in a round does not run there.
OF_THE_JURY = {
    "jury_identity", "review", "review_shared", "discussion", "comments_opened", "reaction", "statement_told",
    "review_told", "review_words", "conflict", "juror_place",
    "outcome", "outcome_note", "outcome_told",
}  # fmt: skip
# By record of the scene. Records of the round have its coordinators and observers besides.
PEOPLE: dict[str, dict[Party, set[str]]] = {
    "draft round": {P.COORDINATOR: {"other coordinator"}, P.OBSERVER: set()},
    "round": {P.COORDINATOR: {"conflicted coordinator", "judging coordinator"}},  # the other one has asked for it
    "event": {P.SEATED: {"city"}},
    "tartu": {P.HOUSE: {"city"}},
    "draft submission": {P.OWNERS: {"city"}},
    "submission": {P.OWNERS: {"city"}, P.CITIES: {"city", "partner city", "other city"}},
    "challenge": {P.OWNERS: {"city"}, P.SELF: {"partner city"}},
    "draft proposal": {P.TEAM: {"researcher"}, P.PARTNERS: {"city", "partner city"}, P.TALKING: {"other city"}},
    "draft of others": {P.TEAM: {"other researcher"}, P.INVITED: {"other city"}},
    "idea": {P.TEAM: {"other researcher"}, P.OWNERS: {"city"}, P.SELF: {"city"}},
    "item": {
        P.TEAM: {"researcher"}, P.PARTNERS: {"city", "partner city"}, P.OWNERS: {"city"},
        P.JURY: {"juror", "juror at work"},
    },
    "other item": {P.TEAM: {"other researcher"}, P.OWNERS: {"city"}, P.JURY: {"other juror"}},
    "panel item": {
        P.TEAM: {"other researcher"}, P.OWNERS: {"city"},
        P.JURY: {"juror", "juror at work", "other juror", "judging coordinator"},
        P.PANEL: {"juror", "other juror", "judging coordinator"},
    },
    "candidate": {P.TEAM: {"researcher"}, P.PARTNERS: {"city", "partner city"}, P.ASKED: {"other juror"}},
    "winner": {P.TEAM: {"researcher"}, P.PARTNERS: {"city", "partner city"}, P.JURY: {"juror"}},
    "loser": {P.TEAM: {"researcher"}, P.PARTNERS: {"city", "partner city"}, P.SELF: {"researcher"}},
    "pilot": {P.TEAM: {"researcher", "other researcher"}, P.PARTNERS: {"city", "partner city"}},
    "juror": {P.PANEL: {"other juror", "judging coordinator"}},  # by name, once all three have handed in
    "other juror": {P.PANEL: {"juror", "judging coordinator"}},
    "ravi": {P.SELF: {"researcher"}},
}  # fmt: skip
PEOPLE |= dict.fromkeys(("report", "report at work"), PEOPLE["pilot"])
WRITERS = {
    "ravi": "researcher",
    "katrin": "other city",
    "eero": "other researcher",
    "lena": "juror",
    "tiina": "juror at work",
    "oskar": "other juror",
    "aoife": "judging coordinator",
}
SEATLESS = {
    "conflicted coordinator",
    "observer",
    "administrator",
}  # an observer finds people by their organisation


def parties(canary: Canary) -> dict[Party, set[str]]:
    """Party → personas, for the record the canary belongs to."""
    record, _comma, writer = canary.about.partition(", ")
    found: dict[Party, set[str]] = {
        P.EVERYBODY: set(PERSONAS), P.PROGRAMME: COORDINATORS, P.ADMINISTRATOR: {"administrator"},
        P.COORDINATOR: {"coordinator"}
        | (set() if record in BARRED else {"conflicted coordinator"})
        | (set() if canary.kind in OF_THE_JURY else {"judging coordinator"}),
        P.OBSERVER: {"observer"},
    }  # fmt: skip
    if record in PERSONAS:
        found |= {P.SELF: {record}, P.OBSERVER: set() if record in SEATLESS else {"observer"}}
    found |= PEOPLE.get(record, {})
    if writer in WRITERS:
        found[P.SELF] = {WRITERS[writer]}
    return found


def expected(canary: Canary) -> set[str]:
    """The personas who may see it, by the policy."""
    who = parties(canary)
    return set().union(*(who.get(party, set()) for party in KINDS[canary.kind].who))
