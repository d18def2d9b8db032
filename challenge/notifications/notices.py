# ruff: noqa: E501 -- a table: one sentence a line
"""What is told to whom: one table. A step that has no row here is told to nobody.

Texts are English sentences with names: ``title`` of the record, ``person`` who reads, ``reason`` and ``until`` as given.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from challenge.kernel.i18n import N_
from challenge.kernel.journal import Step
from challenge.kernel.work import Work
from challenge.notifications import audiences as to
from challenge.notifications import decisions, digest, reminding
from challenge.notifications.audiences import Audience
from challenge.notifications.subjects import Subject
from challenge.people.models import Person
from challenge.selection.letters import Letter

Compose = Callable[[Work, Subject, Step, dict[str, Any], Person], Letter]


@dataclass(frozen=True, slots=True)
class Notice:
    """Subject and text for one audience; ``compose`` writes letters that are more than a sentence, with their address."""

    template: str
    to: Audience
    subject: str
    text: str
    not_actor: bool = True
    compose: Compose | None = None
    path: str = ""  # where to look, when it is not the page of the subject; with its names


N = Notice
_TABLE: tuple[tuple[str, str, Audience, str, str], ...] = (
    # Challenges of cities
    ("submission", "submit", to.city, N_("Received: %(title)s"),
     N_("Your challenge “%(title)s” was received. The receipt is on its page. You may recall it until the window closes.")),
    ("submission", "submit", to.coordinators, N_("New challenge: %(title)s"),
     N_("A city has submitted the challenge “%(title)s”. It waits for review.")),
    ("submission", "recall", to.coordinators, N_("Recalled: %(title)s"),
     N_("The city has taken the challenge “%(title)s” back to its draft.")),
    ("submission", "send_back", to.city, N_("Please read: “%(title)s” needs a change"),
     N_("The coordinators have sent “%(title)s” back. Their reason: %(reason)s\n\nYou have until %(until)s.")),
    ("submission", "accept", to.city, N_("Accepted: %(title)s"),
     N_("Your challenge “%(title)s” is accepted and published. Researchers can answer it now.")),
    ("submission", "reject", to.city, N_("Not accepted: %(title)s"),
     N_("Your challenge “%(title)s” was not accepted. The reason: %(reason)s\n\nYou may appeal on procedure.")),
    ("submission", "reinstate", to.city, N_("Back in review: %(title)s"),
     N_("An appeal was upheld: your challenge “%(title)s” is in review again.")),
    ("submission", "lapse", to.city, N_("Lapsed: %(title)s"),
     N_("The time for “%(title)s” is over and it was not submitted. The text stays on its page and can be carried over.")),
    ("submission", "withdraw", to.coordinators, N_("Withdrawn: %(title)s"),
     N_("The city has withdrawn the challenge “%(title)s”. Its reason: %(reason)s")),
    ("submission", "withdraw", to.interested_cities, N_("Withdrawn: %(title)s"),
     N_("The challenge “%(title)s”, in which your city showed interest, was withdrawn.")),
    ("submission", "show_interest", to.city, N_("A city is interested in “%(title)s”"),
     N_("Another city would like to take part in “%(title)s”. Its reason is on the page.")),
    ("submission", "pilot", to.city, N_("A pilot for “%(title)s”"),
     N_("A pilot has been agreed that works on your challenge “%(title)s”.")),
    ("question", "ask", to.coordinators, N_("A question: %(title)s"),
     N_("Somebody asked: %(question)s\n\nIt shows nowhere until it is answered and published.")),
    ("question", "answer", to.asker, N_("Your question was answered"),
     N_("Your question “%(question)s” has an answer.")),
    # Proposals
    ("proposal", "submit", to.team, N_("Received: %(title)s"),
     N_("The idea “%(title)s” was received. The receipt is on its page.")),
    ("proposal", "submit_pilot_proposal", to.team, N_("Received: %(title)s"),
     N_("The pilot proposal “%(title)s” was received. The receipt is on its page.")),
    ("proposal", "submit_full", to.team, N_("Received: %(title)s"),
     N_("The full proposal “%(title)s” was received. The receipt is on its page.")),
    ("proposal", "submit", to.coordinators, N_("New idea: %(title)s"),
     N_("The idea “%(title)s” was submitted and waits for screening.")),
    ("proposal", "screen_in", to.leads, N_("Under evaluation: %(title)s"),
     N_("“%(title)s” meets the conditions and is being evaluated.")),
    ("proposal", "screen_in", to.challenge_cities, N_("An idea for your challenge: %(title)s"),
     N_("“%(title)s” answers a challenge of your city. Say how useful it would be to you.")),
    ("proposal", "send_back", to.leads, N_("“%(title)s” needs a change"),
     N_("The coordinators have sent “%(title)s” back. Their reason: %(reason)s\n\nYou have until %(until)s.")),
    ("proposal", "find_ineligible", to.leads_found_ineligible, N_("Not eligible: %(title)s"),
     N_("“%(title)s” does not meet the conditions. The points are on its page. You may appeal on procedure.")),
    ("proposal", "reopen", to.team, N_("Open again: %(title)s"),
     N_("The coordinators have opened “%(title)s” again. Their reason: %(reason)s\n\nYou have until %(until)s.")),
    ("proposal", "withdraw", to.coordinators, N_("Withdrawn: %(title)s"),
     N_("The team has withdrawn “%(title)s”. %(reason)s")),
    ("proposal", "turn_down", to.coordinators, N_("Offer turned down: %(title)s"),
     N_("The team of “%(title)s” does not take the offer. Money and place are free. The reason: %(reason)s")),
    ("proposal", "lapse", to.team, N_("Lapsed: %(title)s"),
     N_("The time for “%(title)s” is over. The text stays on its page and can be carried over.")),
    ("proposal", "expire", to.team, N_("Offer expired: %(title)s"),
     N_("The offer for “%(title)s” was not taken in time and is over.")),
    ("proposal", "expire", to.coordinators_of_award, N_("Offer expired: %(title)s"),
     N_("The offer for “%(title)s” has ended. Money and places are free: look who moves up from the reserve list.")),
    ("proposal", "reinstate", to.leads, N_("Back in the procedure: %(title)s"),
     N_("An appeal was upheld: “%(title)s” is in the procedure again.")),
    ("proposal", "add_task", to.teammates, N_("A task for you: %(title)s"),
     N_("In the team of “%(title)s” this is yours to do: %(task)s")),
    ("proposal", "assign_task", to.teammates, N_("A task for you: %(title)s"),
     N_("In the team of “%(title)s” this is yours to do: %(task)s")),
    ("proposal", "mention", to.teammates, N_("You are named in a comment: %(title)s"),
     N_("%(by)s names you in a comment on “%(label)s”, in “%(title)s”.")),
    ("commitment", "ask", to.committing_city, N_("%(city)s is asked to commit to “%(title)s”"),
     N_("The team of “%(title)s” asks for %(city)s’s word. You see exactly what you sign.")),
    ("commitment", "sign", to.leads, N_("%(city)s has committed to “%(title)s”"),
     N_("%(city)s has given its word for “%(title)s”.")),
    ("commitment", "void", to.committing_city, N_("“%(title)s” changed: %(city)s must sign again"),
     N_("“%(title)s” was changed after %(city)s signed, so the signature does not count any more.")),
    ("commitment", "withdraw", to.leads, N_("%(city)s has taken back its word on “%(title)s”"),
     N_("%(city)s no longer commits to “%(title)s”. Look at the pairing on its page.")),
    ("proposal", "invite_city", to.leads, N_("A city was invited: %(title)s"),
     N_("%(comment)s was invited to take part in “%(title)s”. You hear when it has answered.")),
    ("partner_invitation", "invite", to.committing_city, N_("%(city)s is invited to take part in “%(title)s”"),
     N_("A team asks %(city)s to take part in “%(title)s”. Read what it is about, and accept or decline by %(answer_by)s.")),
    ("partner_invitation", "accept", to.leads, N_("%(city)s takes part in “%(title)s”"),
     N_("%(city)s has accepted your invitation and is a partner now. Its people read the proposal.")),
    ("partner_invitation", "decline", to.leads, N_("%(city)s declined: %(title)s"),
     N_("%(city)s does not take part in “%(title)s”. Its reason: %(reason)s")),
    ("partner_invitation", "lapse", to.leads, N_("%(city)s has not answered: %(title)s"),
     N_("%(city)s did not answer in time. You can invite it again, or another city.")),
    # Events
    ("event", "move", to.registered, N_("Changed: %(title)s"),
     N_("“%(title)s” was changed. It begins %(since)s. Place and link are on its page. If you cannot come then, give your seat back there.")),
    ("event", "cancel", to.registered, N_("Cancelled: %(title)s"),
     N_("“%(title)s” does not take place. It should have begun %(since)s. The reason: %(reason)s")),
    ("event", "take_seat", to.seated, N_("You have a seat: %(title)s"),
     N_("A seat became free, and it is yours. “%(title)s” begins %(since)s. If you cannot come, give it back on its page.")),
    ("event", "send_talks", to.named, N_("Your talks: %(title)s"),
     N_("Your timetable for “%(title)s” is ready: who you meet, when and at which table. The day begins %(since)s.")),
    ("event", "add_talk", to.named, N_("One more talk: %(title)s"),
     N_("You have one more talk at “%(title)s”. Your timetable is on its page.")),
    ("event", "move_talk", to.named, N_("A talk was moved: %(title)s"),
     N_("A talk of yours at “%(title)s” has another time or table. Your timetable is on its page.")),
    ("event", "drop_talk", to.named, N_("A talk does not take place: %(title)s"),
     N_("A talk of yours at “%(title)s” does not take place. Your timetable is on its page.")),
    ("event", "remind", to.with_a_seat, N_("Tomorrow: %(title)s"),
     N_("“%(title)s” begins %(since)s. Place and link are on its page. If you cannot come, give your seat back there.")),
    # Jury
    ("juror", "invite", to.juror, N_("Invitation to the jury: %(title)s"),
     N_("You are invited to the jury of %(title)s. Accept or decline on your page.")),
    ("review", "assign", to.juror, N_("A proposal to review"),
     N_("A proposal was assigned to you. Answer the question about conflicts of interest first.")),
    ("review", "reopen", to.juror, N_("Your review is open again: %(title)s"),
     N_("Your review of “%(title)s” was reopened by two coordinators. The reason: %(reason)s")),
    ("review", "release", to.coordinators, N_("A review was released: %(title)s"),
     N_("A juror no longer reviews “%(title)s”. Assign somebody else.")),
    ("review", "recuse", to.coordinators, N_("A juror is recused: %(title)s"),
     N_("A juror declared a conflict with “%(title)s”. Assign somebody else.")),
    ("discussion", "open_discussion", to.panel, N_("The discussion is open: %(title)s"),
     N_("Enough reviews of “%(title)s” are in. You can read those of the others now, and write to the panel.")),
    ("consensus", "name_moderator", to.moderator, N_("You moderate: %(title)s"),
     N_("A coordinator named you to write the consensus on “%(title)s”. When it is written, put it to the panel.")),
    ("consensus", "propose", to.panel, N_("Confirm or object: %(title)s"),
     N_("The moderator has put the consensus on “%(title)s” to the panel. Confirm it, or say why you object.")),
    ("consensus", "object", to.moderator, N_("A juror objects: %(title)s"),
     N_("A juror objects to the consensus on “%(title)s”. The reason: %(reason)s")),
    ("consensus", "agree", to.coordinators, N_("Consensus agreed: %(title)s"),
     N_("The panel has agreed on “%(title)s”. The ranking uses the agreed marks now.")),
    ("consensus", "reopen", to.panel, N_("The consensus is open again: %(title)s"),
     N_("Two coordinators opened the consensus on “%(title)s” again. The reason: %(reason)s")),
    ("consensus", "fall", to.coordinators, N_("The consensus no longer counts: %(title)s"),
     N_("Somebody who took part in the consensus on “%(title)s” has a conflict of interest. Name a moderator: the panel begins anew.")),
    ("proposal", "open_reaction", to.leads, N_("Read the comments of the jury: %(title)s"),
     N_("You can read what jurors wrote about “%(title)s”, and answer once, until %(until)s. It is not the decision.")),
    # Pilots
    ("pilot", "pair", to.pilot_people, N_("A pilot is being prepared: %(title)s"),
     N_("The pilot “%(title)s” is being prepared. Read and sign the agreement on its page.")),
    ("pilot", "agree", to.pilot_people, N_("Agreed: %(title)s"), N_("The pilot “%(title)s” is agreed.")),
    ("pilot", "start", to.pilot_people, N_("Started: %(title)s"), N_("The pilot “%(title)s” is running.")),
    ("pilot", "suspend", to.pilot_people, N_("Suspended: %(title)s"),
     N_("The pilot “%(title)s” is suspended. The reason: %(reason)s")),
    ("pilot", "suspend", to.coordinators, N_("Suspended: %(title)s"),
     N_("The pilot “%(title)s” is suspended. The reason: %(reason)s")),
    ("pilot", "resume", to.pilot_people, N_("Running again: %(title)s"), N_("The pilot “%(title)s” goes on.")),
    ("pilot", "write_agreement", to.pilot_people, N_("Sign: %(title)s"),
     N_("The agreement of “%(title)s” is ready. Each lead and pilot city and the lead organisation sign it on its page.")),
    *(("pilot", act, to.of_the_log, N_("Something is yours to do: %(title)s"),
       N_("The log of the pilot “%(title)s” names you as the one who does what was decided. It stands on your home page until it is done."))
      for act in ("add_decision", "change_decision")),
    ("pilot", "cure_expired", to.coordinators, N_("Decide: %(title)s"),
     N_("The cure date of “%(title)s” has passed. If it cannot go on, one coordinator asks to terminate it and a second approves.")),
    ("pilot", "ask_terminate", to.coordinators, N_("Asked to terminate: %(title)s"),
     N_("A coordinator asks to terminate “%(title)s”. The reason: %(reason)s It happens when a second coordinator approves.")),
    ("pilot", "show_reuse_interest", to.coordinators, N_("%(city_name)s would like to do the same: %(title)s"),
     N_("%(city_name)s would like to do in its city what “%(title)s” did. Its reason: %(reason)s")),
    ("pilot", "show_reuse_interest", to.pilot_lead, N_("%(city_name)s would like to do the same: %(title)s"),
     N_("%(city_name)s would like to do in its city what “%(title)s” did. Its reason: %(reason)s")),
    ("pilot", "complete", to.pilot_people, N_("Completed: %(title)s"), N_("The pilot “%(title)s” is completed.")),
    ("pilot", "terminate", to.pilot_people, N_("Terminated: %(title)s"),
     N_("The pilot “%(title)s” was terminated by two coordinators. The reason: %(reason)s")),
    ("tranche", "ask_approve", to.coordinators, N_("Approve a payment: %(title)s"),
     N_("A coordinator asks to approve a payment of the pilot “%(title)s”. A second one approves it on its page.")),
    ("tranche", "pay", to.pilot_people, N_("Paid: %(title)s"), N_("A tranche of the pilot “%(title)s” was paid.")),
    ("claim", "submit", to.coordinators, N_("Check a claim: %(title)s"),
     N_("A partner of the pilot “%(title)s” has claimed what it spent. Accept the claim or send it back.")),
    ("claim", "send_back", to.pilot_people, N_("Put a claim right: %(title)s"),
     N_("A claim of the pilot “%(title)s” came back. To put right: %(points)s")),
    ("claim", "accept", to.pilot_people, N_("Claim accepted: %(title)s"),
     N_("A claim of the pilot “%(title)s” was accepted.")),
    ("change_request", "ask", to.coordinators, N_("Decide about a change: %(title)s"),
     N_("A change of the pilot “%(title)s” is asked for. The reason: %(reason)s")),
    ("change_request", "ask_grant", to.coordinators, N_("Grant a change: %(title)s"),
     N_("A coordinator asks to grant a change of the pilot “%(title)s”. It happens when a second coordinator approves.")),
    ("change_request", "grant", to.pilot_people, N_("Granted: %(title)s"),
     N_("A change of the pilot “%(title)s” was granted.")),
    ("change_request", "refuse", to.pilot_people, N_("Refused: %(title)s"),
     N_("A change of the pilot “%(title)s” was refused. The reason: %(reason)s")),
    # What administrators must look at
    ("person", "denials_alert", to.administrators, N_("Look at this: %(title)s asks for what is not theirs"),
     N_("Within ten minutes %(title)s asked for more than %(count)s records they may not see. Look at the journal. If you cannot explain it, disable the account.")),
    ("person", "reviews_alert", to.administrators, N_("Look at this: %(title)s reads very many reviews"),
     N_("Within ten minutes %(title)s read more than %(count)s reviews. Look at the journal. If you cannot explain it, disable the account.")),
    # Roles and seats, confirmed once a year
    ("person", "role_due", to.themselves, N_("A role of yours must be confirmed"),
     N_("A role of yours in the programme was last confirmed almost a year ago. Your account page says which one, and who confirms it. Nobody confirms their own. If it is not confirmed by %(until)s, it is suspended.")),
    ("person", "role_overdue", to.themselves, N_("Nobody has confirmed you as administrator"),
     N_("Your role should have been confirmed by %(until)s. It is not suspended, because you are the only administrator. Give the role to a second person: then each of you confirms the other.")),
    ("person", "suspend_role", to.themselves, N_("A role of yours is suspended"),
     N_("Nobody confirmed it in time, so you do not hold it any more. Your account page says which one. Whoever confirms it gives it back.")),
    ("organisation", "seat_due", to.seated, N_("Your seat must be confirmed: %(title)s"),
     N_("Your seat in %(title)s was last confirmed almost a year ago. The lead confirms it, or a coordinator. Nobody confirms their own. If it is not confirmed by %(until)s, it is suspended.")),
    ("organisation", "suspend_seat", to.seated, N_("Your seat is suspended: %(title)s"),
     N_("Nobody confirmed your seat in %(title)s in time, so you do not act for it any more. The lead can confirm it, or a coordinator: then you have it back.")),
    ("organisation", "name_stand_in", to.seated, N_("You stand in for the lead: %(title)s"),
     N_("You act as a deputy of %(title)s from %(since)s to %(until)s, while its lead is away. What you do for it then is shown as done for the lead. You can end it on the page of the organisation.")),
    ("organisation", "end_stand_in", to.seated, N_("You do not stand in any more: %(title)s"),
     N_("You do not stand in for the lead of %(title)s any more. Your own seat stays.")),
    ("service", "confirmations_due", to.confirmers, N_("Roles and seats wait for your confirmation"),
     N_("Once a year every role and seat must be confirmed by somebody else. Look who still needs theirs, and confirm or take away.")),
    # Rounds and their windows
    ("round", "amend", to.round_coordinators, N_("Rules changed: %(title)s"),
     N_("The rules of %(title)s were changed. The change is announced on its page.")),
    ("round", "window_opens", to.window_people, N_("Open now: %(window_name)s"),
     N_("In %(title)s, “%(window_name)s” is open until %(closes)s.")),
    ("round", "window_closes_in_7_days", to.window_people, N_("Seven days left: %(window_name)s"),
     N_("In %(title)s, “%(window_name)s” closes %(closes)s. Something of yours is not finished yet.")),
    ("round", "window_closes_in_1_day", to.window_people, N_("One day left: %(window_name)s"),
     N_("In %(title)s, “%(window_name)s” closes %(closes)s. Something of yours is not finished yet.")),
    ("round", "window_closed", to.window_people, N_("Closed: %(window_name)s"),
     N_("In %(title)s, “%(window_name)s” is closed since %(closes)s.")),
)  # fmt: skip

# Steps that must reach the one who did it too: a receipt is proof.
_OWN_ACTS = {"submit", "submit_pilot_proposal", "submit_full"}

_PATHS = {
    "proposal.turn_down.coordinators": "/rounds/%(round)s/reserve",
    "proposal.expire.coordinators_of_award": "/rounds/%(round)s/reserve",
}
_PATHS_OF_ACTS = {
    "add_decision": "/pilots/%(code)s/log", "change_decision": "/pilots/%(code)s/log",
    "mention": "/proposals/%(code)s/answers/%(question)s",
    "add_task": "/proposals/%(code)s/tasks", "assign_task": "/proposals/%(code)s/tasks",
    "role_due": "/account", "role_overdue": "/account", "suspend_role": "/account", "seat_due": "/account",
    "suspend_seat": "/account", "confirmations_due": "/roles",
}  # fmt: skip

NOTICES: dict[tuple[str, str], tuple[Notice, ...]] = {}
for _workflow, _transition, _audience, _subject, _text in _TABLE:
    _key = (_workflow, _transition)
    _made = Notice(
        f"{_workflow}.{_transition}.{_audience.__name__}", _audience, _subject, _text, _transition not in _OWN_ACTS,
        path=_PATHS.get(f"{_workflow}.{_transition}.{_audience.__name__}") or _PATHS_OF_ACTS.get(_transition, ""),
    )  # fmt: skip
    NOTICES[_key] = (*NOTICES.get(_key, ()), _made)

NOTICES[("pilot", reminding.ACT)] = (
    Notice("pilot.remind.letter", to.pilot_people, "", "", compose=reminding.of_pilot, not_actor=False),
)

NOTICES[(digest.WORKFLOW, digest.ACT)] = (
    Notice("service.digest_comments.letter", digest.concerned, "", "", compose=digest.of_person),
)

for _workflow, _transition, _compose in (
    ("outcome", "announce", decisions.of_outcome),
    ("proposal", "invite", decisions.of_invitation),
    ("proposal", "invite_to_full", decisions.of_invitation),
    ("proposal", "name_finalist", decisions.of_invitation),
    ("proposal", "decline", decisions.of_refusal),
):
    _key = (_workflow, _transition)
    _made = Notice(f"{_workflow}.{_transition}.letter", decisions.concerned, "", "", not_actor=False, compose=_compose)
    NOTICES[_key] = (*NOTICES.get(_key, ()), _made)
