"""“Needs you”: what waits for a person, in words, with its date and the page where it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from challenge.home.pages import duties, panels, room
from challenge.home.pages.need import Need, by, by_day
from challenge.home.queries.asking import Asked
from challenge.home.queries.home import Home
from challenge.home.queries.mine import MyProposal, MySubmission
from challenge.home.queries.scene import Stand
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.work import Work
from challenge.people.states import SEATS, Seat
from challenge.pilots.states import REPORT_KINDS, ReportKind, ReportState
from challenge.proposals.states import EDITABLE, LABELS, TEAM_ROLES, CommitmentKind, ProposalState, TeamRole, gate_at
from challenge.proposals.tasks import KEYS
from challenge.rounds.states import GATE_WINDOWS, Gate, Judge, WindowName
from challenge.submissions.rules import EDITABLE as SUBMISSION_EDITABLE
from challenge.submissions.states import LABELS as SUBMISSION_LABELS
from challenge.submissions.states import SubmissionState

Words = Callable[[Asked, Home], Need | None]
WRITING: dict[Gate, Text] = {
    Gate.IDEA: _("Finish the idea; the lead submits it"),
    Gate.PILOT_PROPOSAL: _("Finish the pilot proposal; the lead submits it"),
    Gate.FULL_PROPOSAL: _("Finish the full proposal; the lead submits it"),
}
SUBMITTING: dict[Gate, Text] = {
    Gate.IDEA: _("Finish and submit the idea"),
    Gate.PILOT_PROPOSAL: _("Finish and submit the pilot proposal"),
    Gate.FULL_PROPOSAL: _("Finish and submit the full proposal"),
}


def needs_of(w: Work, home: Home) -> list[Need]:
    """Everything that waits: what is late, then what is due, then what has waited longest, then the rest."""
    found = [*drafts(w, home), *reminders(w, home), *writing(home), *reviews(home)]
    for one in home.asked:
        words = WORDS.get(one.kind) or panels.WORDS.get(one.kind) or room.WORDS.get(one.kind) or duties.WORDS[one.kind]
        if (need := words(one, home)) is not None:
            found.append(need)
    for glance in home.rounds or []:
        found += duties.decisions(glance)
    found += duties.repairs(home)
    return sorted(found, key=lambda need: need.order)


# Cities


def drafts(w: Work, home: Home) -> Iterator[Need]:
    """Challenges the city can still hand in."""
    for row in home.submissions:
        stand = home.stand(row.round_id)
        if row.state in SUBMISSION_EDITABLE and stand is not None and stand.is_public:
            yield from draft(w, row, stand)


def draft(w: Work, row: MySubmission, stand: Stand) -> Iterator[Need]:
    """A draft, or one that was sent back; nothing once its time is over."""
    due = stand.due_at(WindowName.CHALLENGES, row.until)
    if due is None or stand.now >= due + stand.grace:
        return
    label = SUBMISSION_LABELS[row.state]
    may_submit = w.actor.sits_in(row.city_id, Seat.LEAD, Seat.DEPUTY)
    why = _("Read the reason, change it and submit again") if row.state is SubmissionState.RETURNED else (
        _("Finish and submit it") if may_submit else _("Finish it; the lead or a deputy submits it")
    )  # fmt: skip
    yield Need(row.title, label.team, label.tone, why, f"/submissions/{row.code}", by(due, stand))


def reminders(w: Work, home: Home) -> Iterator[Need]:
    """Windows that are open and in which a city of the person's has done nothing yet."""
    speaks_for = w.actor.organisations(Seat.LEAD, Seat.DEPUTY)
    for stand in home.stands:
        for city in (city for city in home.cities if city.id in speaks_for):
            if stand.is_open(WindowName.CHALLENGES) and not any(
                row.round_id == stand.id and row.city_id == city.id for row in home.submissions
            ):
                yield Need(
                    city.name, _("Open now"), "clay", _("No challenge begun in %(round)s", round=stand.title),
                    "/submissions/new", by(stand.closes_at(WindowName.CHALLENGES), stand),
                )  # fmt: skip
            if stand.is_open(WindowName.INTERESTS) and not any(
                row.round_id == stand.id and row.city_id == city.id for row in home.interests
            ):
                why = _("No interest shown yet; at most %(n)s challenges", n=stand.rules.interests_per_city)
                due = by(stand.closes_at(WindowName.INTERESTS), stand)
                yield Need(city.name, _("Open now"), "clay", why, "/interests", due)


def rate(one: Asked, home: Home) -> Need | None:
    """Ideas to say something about, while that is possible."""
    stand = home.stand(one.round_id)
    if stand is None or not stand.is_open(WindowName.PREFERENCES) or not stand.is_judged_by(Gate.IDEA, Judge.CITIES):
        return None
    what = _n("One idea for your challenge", "%(n)s ideas for your challenges", one.n)
    why = _("Say how useful each would be to your city")
    return Need(what, _("To rate"), "sun", why, "/proposals", by(stand.closes_at(WindowName.PREFERENCES), stand))


def partner(one: Asked, home: Home) -> Need:
    """A team asks the city to take part."""
    why = _("%(city)s is invited to take part: accept or decline", city=one.city)
    due = by(one.at, home.stand(one.round_id))
    return Need(one.title or "", _("Invitation"), "sun", why, f"/partner-invitations/{one.code}", due)


def commitment(one: Asked, home: Home) -> Need:
    """The city's word is asked for."""
    is_decision = one.note == CommitmentKind.FORMAL_DECISION
    tag = _("Formal decision") if is_decision else _("Sign-off")
    why = _("Record the decision of your city’s body") if is_decision else _("Read the proposal and sign it off")
    stand = home.stand(one.round_id)
    due = None
    if stand is not None:
        window = GATE_WINDOWS[gate_at(ProposalState(one.extra or ""), stand.rules.open_gates)]
        due = None if is_decision else by(stand.due_at(window, one.at), stand)
    return Need(one.title or "", tag, "sun", why, f"/proposals/{one.code}/commitments/{one.city}", due)


# Teams


def writing(home: Home) -> Iterator[Need]:
    """Proposals of the person's teams that are being written."""
    for row in home.proposals or []:
        stand = home.stand(row.round_id)
        if row.is_own and row.state in EDITABLE and stand is not None and stand.is_public:
            yield from written(row, stand)


def written(row: MyProposal, stand: Stand) -> Iterator[Need]:
    """The gate it is written for; nothing once its time is over."""
    gate = gate_at(row.state, [Gate(name) for name in row.gates])
    due = stand.due_at(GATE_WINDOWS[gate], row.until)
    if due is None or stand.now >= due + stand.grace:
        return
    label = LABELS[row.state]
    why = SUBMITTING[gate] if row.is_lead else WRITING[gate]
    if row.state is ProposalState.RETURNED:
        why = _("Read the reason, change it and submit again")
    yield Need(row.title, label.team, label.tone, why, f"/proposals/{row.code}", by(due, stand))


def offer(one: Asked, home: Home) -> Need:
    """Selected: the answer is due."""
    why = _("It is selected: accept the offer or turn it down")
    return Need(
        one.title or "", _("Offer"), "sun", why, f"/proposals/{one.code}/outcome", by(one.at, home.stand(one.round_id))
    )


def merger(one: Asked, _home: Home) -> Need:
    """Another team wants to join."""
    return Need(
        one.title or "",
        _("Asks you"),
        "sun",
        _("Its lead asks to merge it into your proposal"),
        f"/proposals/{one.code}",
    )


# Pilots


def agreement(one: Asked, _home: Home) -> Need:
    """The agreement waits for a signature."""
    return Need(one.title or "", _("Agreement"), "sun", _("Read and sign it"), f"/pilots/{one.code}/agreement")


def report(one: Asked, home: Home) -> Need:
    """A report is due, or was sent back."""
    kind = REPORT_KINDS[ReportKind(one.note or "")]
    returned = one.extra == ReportState.RETURNED
    why = _("%(report)s: read what is missing and submit again", report=kind) if returned else (
        _("%(report)s: write and submit it", report=kind)
    )  # fmt: skip
    return Need(
        one.title or "", _("Returned") if returned else _("Report"), "sun", why, f"/reports/{one.code}",
        by_day(one.day, home.now),
    )  # fmt: skip


def milestones(one: Asked, home: Home) -> Need:
    """The plan says it should be done."""
    why = _n("One milestone is past its day", "%(n)s milestones are past their day", one.n)
    return Need(
        one.title or "", _("Late"), "rose", why, f"/pilots/{one.code}/plan",
        by_day(one.day, home.now),
    )  # fmt: skip


# Anybody


def reviews(home: Home) -> Iterator[Need]:
    """A juror's next review, and how many are left."""
    item = home.queue.upcoming if home.queue is not None else None
    if item is None or home.queue is None:
        return
    left = len(home.queue.items) - home.queue.done
    why = _n("Your last review", "Your next review of %(n)s", left)
    yield Need(
        item.title, _("To review"), "sun", why, f"/reviews/{item.code}",
        by(item.due_at, None, home=home, zone=item.zone),
    )  # fmt: skip


def roles(one: Asked, _home: Home) -> Need:
    """Roles of others, to be confirmed for another year."""
    what = _n("One role", "%(n)s roles", one.n)
    return Need(what, _("To confirm"), "sun", _("Once a year somebody else says that it is still right"), "/roles")


def seats(one: Asked, _home: Home) -> Need:
    """Seats of others, to be confirmed for another year."""
    what = _n("One seat", "%(n)s seats", one.n)
    return Need(what, _("To confirm"), "sun", _("Once a year somebody else says that it is still right"), "/roles")


def seat(one: Asked, _home: Home) -> Need:
    """A seat is offered."""
    why = _("A seat is offered to you: %(seat)s", seat=SEATS[Seat(one.note or "")])
    return Need(one.title or "", _("Invitation"), "sun", why, "/account")


def team(one: Asked, _home: Home) -> Need:
    """A place in a team is offered."""
    why = _("You are invited to the team: %(role)s", role=TEAM_ROLES[TeamRole(one.note or "")])
    return Need(one.title or "", _("Invitation"), "sun", why, f"/proposals/{one.code}")


def panel(one: Asked, _home: Home) -> Need:
    """A place on a jury is offered."""
    return Need(one.title or "", _("Invitation"), "sun", _("You are invited to the jury"), "/reviews")


def team_task(one: Asked, home: Home) -> Need:
    """A task taken on in a team."""
    if one.note is None:
        why = _("Your task: %(task)s", task=one.extra)
    else:
        why = _("Your task, still missing: %(task)s", task=KEYS.get(one.note, one.note))
    return Need(one.title or "", _("Task"), "sun", why, f"/proposals/{one.code}/tasks", by_day(one.day, home.now))


def messages(one: Asked, _home: Home) -> Need:
    """The inbox."""
    what = _n("One new message", "%(n)s new messages", one.n)
    return Need(what, _("New"), "sea", _("Receipts, requests, decisions"), "/inbox")


WORDS: dict[str, Words] = {
    "rate": rate, "commitment": commitment, "offer": offer, "merger": merger, "agreement": agreement,
    "report": report, "milestones": milestones, "seat": seat, "team": team, "panel": panel, "messages": messages,
    "roles": roles, "seats": seats, "partner": partner, "team_task": team_task,
}  # fmt: skip
