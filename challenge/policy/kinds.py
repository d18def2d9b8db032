"""Kinds of confidential fields: what they are, who may see them, and from when."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Party(StrEnum):
    """What somebody is to the record that holds the field. A live conflict of interest ends every part but a team's."""

    EVERYBODY = "everybody"
    SELF = "the person it is about or who wrote it"
    HOUSE = "people of the organisation"
    CITIES = "people of cities that take part in the round"
    OWNERS = "people of the city whose challenge it is; of answers handed in, its lead and deputy"
    TEAM = "the team of the proposal or pilot"
    PARTNERS = "people of its partner and member cities"
    INVITED = "the lead and the deputy of a city that the team invites"
    ASKED = "jurors to whom the proposal is assigned, who are asked whether they have a conflict"
    JURY = "jurors to whom the proposal is assigned, once they have answered the conflict question"
    TALKING = "people who talk with the team at a matchmaking day, once the timetable is sent"
    SEATED = "people who have a seat at the event"
    PANEL = "jurors who have handed in on the proposal, once enough have"
    COORDINATOR = "coordinators of the round, without a conflict"
    OBSERVER = "observers of the round, without a conflict"
    PROGRAMME = "coordinators of any round, who invite people"
    ADMINISTRATOR = "administrators"


P = Party
ROUND = (P.COORDINATOR, P.OBSERVER)


@dataclass(frozen=True, slots=True)
class Kind:
    """``what`` says it in words, ``who`` sees it, ``since`` when. Where ``who`` is empty it is kept and never shown."""

    what: str
    who: tuple[Party, ...]
    since: str = "at once"


KINDS: dict[str, Kind] = {
    "published": Kind("what is published", (P.EVERYBODY,), "once the record is published"),
    # People
    "name": Kind("name of a juror", (P.SELF, P.PANEL, P.OBSERVER, P.PROGRAMME, P.ADMINISTRATOR)),
    "address": Kind("e-mail address", (P.SELF, P.OBSERVER, P.PROGRAMME, P.ADMINISTRATOR)),
    "seat_invitation": Kind("who is offered a seat", (P.HOUSE, P.PROGRAMME, P.ADMINISTRATOR)),
    "device": Kind("name of a token, passkey or browser", (P.SELF,)),
    "secret": Kind("what proves who somebody is", ()),
    "hold": Kind("why somebody's data must be kept", (P.SELF, P.ADMINISTRATOR)),
    "message": Kind("what the service wrote to somebody", (P.SELF,)),
    "letter": Kind("a mail on its way; only its recipient gets it", ()),
    "kept": Kind("kept for the machinery or the record, on no page", ()),
    # Rounds
    "round_title": Kind("title of a round", (*ROUND, P.ADMINISTRATOR), "everybody once it is published"),
    "round_draft": Kind("a round in preparation, a change that is prepared", ROUND, "everybody once it is published"),
    "event_draft": Kind("an event in preparation", ROUND, "everybody once it is announced"),
    "event_link": Kind("the link to take part in an event", (P.SEATED, *ROUND), "once it is announced"),
    "two_keys": Kind("what was given with the first of two keys, for the second", (P.COORDINATOR,)),
    "question": Kind("a question not yet published", (P.COORDINATOR,), "everybody once it is published"),
    # Challenges
    "submission": Kind("a submission and its files", (P.OWNERS, *ROUND), "everybody once it is accepted"),
    "submission_face": Kind("its title and summary", (P.OWNERS, P.CITIES, *ROUND), "once submitting is over"),
    "checklist": Kind("the eligibility check", (P.COORDINATOR,)),
    "interest": Kind("why a city is interested", (P.SELF, P.OWNERS, *ROUND)),
    # Proposals
    "proposal": Kind("a proposal and its files", (P.TEAM, P.PARTNERS, P.OWNERS, P.JURY, *ROUND), "see the party"),
    "proposal_face": Kind(
        "title of a proposal",
        (P.TEAM, P.PARTNERS, P.OWNERS, P.INVITED, P.TALKING, P.ASKED, P.JURY, *ROUND),
        "see the party",
    ),
    "copy": Kind("what jurors read without names", (P.TEAM, P.JURY, *ROUND)),
    "copy_words": Kind("which words stand for names there", (P.TEAM, *ROUND)),
    "invitation": Kind("what a team writes to a city it invites, and its answer", (P.TEAM, P.INVITED, *ROUND)),
    "typed": Kind("what somebody typed while another was faster", (P.SELF,)),
    "writing": Kind("earlier texts, comments and suggestions while a team writes", (P.TEAM, P.PARTNERS)),
    "writing_of_city": Kind("the same of a city that writes a challenge", (P.OWNERS,)),
    "team_task": Kind("what a team writes down to do", (P.TEAM,)),
    "team_address": Kind("address of somebody invited to the team", (P.TEAM, *ROUND)),
    "commitment": Kind("a city's promise", (P.TEAM, P.PARTNERS, P.OWNERS, *ROUND)),
    "preference": Kind("what a city says of an idea", (P.SELF, *ROUND)),
    # The jury
    "juror_place": Kind("expertise and load of a juror", (P.SELF, *ROUND)),
    "jury_identity": Kind("which juror reads which proposal", (P.SELF, *ROUND), "journalled at each read"),
    "common": Kind("the item everybody on a panel marks", (P.JURY, *ROUND), "the opening"),
    "common_marks": Kind("what a juror gave it", (P.SELF,), "the panel, without names, once marks are shown"),
    "review_draft": Kind("a review being written", (P.SELF,)),
    "review": Kind("marks and comments handed in", (P.SELF, *ROUND), "the team once reports are released"),
    "review_shared": Kind("marks and comments the panel discusses", (P.SELF, P.PANEL, *ROUND), "the discussion"),
    "discussion": Kind("discussion, consensus, minutes of a panel", (P.PANEL, *ROUND), "once enough have handed in"),
    "statement_told": Kind("a statement released", (P.PANEL, P.TEAM, P.PARTNERS, P.OWNERS, *ROUND), "the release"),
    "comments_opened": Kind("comments as they are opened to a team", (P.TEAM, *ROUND), "the opening"),
    "reaction": Kind("the team's answer to them", (P.TEAM, P.PANEL, *ROUND)),
    "review_told": Kind("marks and comments released", (P.SELF, P.TEAM, P.PARTNERS, P.OWNERS, *ROUND), "the release"),
    "review_words": Kind("why a review was reopened or left", (P.SELF, *ROUND)),
    "conflict": Kind("a conflict of interest and its reason", ROUND),
    # Decisions
    "outcome": Kind("an outcome in preparation", ROUND, "the team once it is announced"),
    "outcome_note": Kind("notes of those who decide", ROUND),
    "outcome_told": Kind("an outcome announced", (P.TEAM, P.PARTNERS, P.OWNERS, *ROUND), "the announcement"),
    "appeal": Kind("an appeal", (P.SELF, *ROUND)),
    # Pilots
    "pilot": Kind("log, notes, agreement, money, claims, changes, reports of a pilot", (P.TEAM, P.PARTNERS, *ROUND)),
    "mentor_note": Kind("a note of the mentor that is not shared", (P.SELF, P.COORDINATOR)),
    "mentor_note_shared": Kind("a note of the mentor that is shared", (P.SELF, P.TEAM, *ROUND), "the sharing"),
    "reuse_interest": Kind("why a city would like to do the same", (P.SELF, P.TEAM, P.PARTNERS, *ROUND)),
}
