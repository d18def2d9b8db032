"""The one next step on a proposal for whoever looks at it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from challenge.http.forms import ask_of
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.work import Work
from challenge.proposals import content, queries, rules
from challenge.proposals.facts import Promise
from challenge.proposals.pages.forms import zone_of
from challenge.proposals.schemas import FullProposalForm
from challenge.proposals.states import CommitmentKind, CommitmentState, ProposalState
from challenge.rounds.words import Moment

S = ProposalState
HANDING_IN = {
    S.DRAFT: _("Check your answers, then submit the idea."),
    S.RETURNED: _("Check your answers, then submit the idea again."),
    S.CO_DEVELOPMENT: _("Check your answers, then submit the pilot proposal."),
    S.FINALIST: _("Check your answers, then submit the full proposal."),
}
WAITING = {
    S.SUBMITTED: _("The coordinators check whether it is eligible. You need do nothing."),
    S.IN_REVIEW: _("Cities and coordinators read the idea. You hear from us when the gate is decided."),
    S.SHORTLISTING: _("The pilot proposal is being evaluated. You hear from us when the gate is decided."),
    S.IN_JURY: _("The jury is at work. All results are told at once."),
    S.RESERVE: _("It is on the reserve list. If a pilot falls through, you may be asked."),
    S.PILOTED: _("The pilot has been agreed."),
}
TO_COORDINATE = {
    S.SUBMITTED: _("Check whether it is eligible: screen it in, send it back, or find it ineligible."),
    S.IN_REVIEW: _("Decide on the idea: invite it or decline it."),
    S.SHORTLISTING: _("Decide on the pilot proposal when its evaluation is complete."),
}


@dataclass(frozen=True, slots=True)
class Next:
    """What is next, why, and where that is done. ``act`` is posted, not followed."""

    head: Text
    text: Text | str = ""
    label: Text | None = None
    href: str = ""
    is_act: bool = False
    fields: tuple[tuple[str, str], ...] = ()


def next_step(w: Work, proposal: Any, promises: list[Promise]) -> Next | None:
    """The first thing that is missing, in the order in which one would do it."""
    here = f"/proposals/{proposal.code}"
    if rules.may_write(w, proposal) is None:
        return _of_team(w, proposal, promises, here)
    if (signs := _of_city(w, proposal, promises, here)) is not None:
        return signs
    if rules.is_coordinator(w, proposal) is None and proposal.state in TO_COORDINATE:
        return Next(_("Next:"), TO_COORDINATE[proposal.state])
    return None


def _of_team(w: Work, proposal: Any, promises: list[Promise], here: str) -> Next | None:
    if proposal.state is S.SELECTED:
        return _offer(w, proposal, here)
    if proposal.state in WAITING:
        return _comments(w, proposal, here) or Next(_("Next:"), WAITING[proposal.state])
    if proposal.state not in HANDING_IN:
        return None
    if (problem := rules.due_date_not_over(w, proposal)) is not None:
        return Next(_("The deadline is over."), problem.text)
    if proposal.state is S.DRAFT and rules.answers_accepted_challenge(w, proposal) is not None:
        return Next(_("Next: choose a challenge."), _("A proposal answers at least one accepted challenge."),
                    _("Choose"), f"{here}/challenges")  # fmt: skip
    if begin := _begins(w, proposal):
        return begin
    if lacks := rules.lacking(w, proposal):
        count = _n("One answer is still missing.", "%(n)s answers are still missing.", len(lacks))
        return Next(_("Next: go on writing."), count, _("Write"), _edit_of(next(iter(lacks)), here))
    if proposal.state in (S.CO_DEVELOPMENT, S.FINALIST) and (missing := _with_cities(w, proposal, promises, here)):
        return missing
    if (problem := rules.gate_has_opened(w, proposal)) is not None:
        return Next(_("Next: wait for the window."), problem.text)
    return Next(_("Next: hand it in."), HANDING_IN[proposal.state], _("Check and submit"), f"{here}/check")


def _comments(w: Work, proposal: Any, here: str) -> Next | None:
    """The right to react, while it lasts."""
    until = proposal.reaction_until
    if until is None or w.now >= until:
        return None
    text = _("You may answer them once, until %(until)s.", until=Moment(until, zone_of(w, proposal)))
    return Next(_("Next: read the comments of the jury."), text, _("Read and answer"), f"{here}/reaction")


def _offer(w: Work, proposal: Any, here: str) -> Next:
    if proposal.offer_until is None:
        return Next(_("Next:"), _("The coordinators prepare the pilot with you and your cities."))
    text = _("It stands until %(until)s.", until=Moment(proposal.offer_until, zone_of(w, proposal)))
    return Next(_("Next: answer the offer."), text, _("Read the decision"), f"{here}/outcome")


def _begins(w: Work, proposal: Any) -> Next | None:
    """Where the idea gate is off, a draft first begins its form."""
    first = content.gate_of(proposal)
    if proposal.state is not S.DRAFT or first.value == "idea" or rules.is_lead(w, proposal) is not None:
        return None
    return Next(_("Next: begin."), _("This round starts with this form: begin it when the challenge is chosen."))


def _edit_of(question: str, here: str) -> str:
    return f"{here}/edit?part={ask_of(FullProposalForm.model_fields[question]).part}&checked=1#{question}"


def _with_cities(w: Work, proposal: Any, promises: list[Promise], here: str) -> Next | None:
    if problem := rules.pairing_holds(w, proposal):
        return Next(_("Next: find a partner city."), problem.text, _("Partner cities"), f"{here}/cities")
    if problem := rules.budget_fits(w, proposal):
        return Next(_("Next: the budget."), problem.text, _("Budget"), f"{here}/budget")
    kind = rules.OWED[rules.gate_rules(w, proposal).owed]
    lacks = {city.id for city in rules.uncommitted(w, proposal, kind)} if kind is not None else set()
    for promise in promises:
        if promise.city.id in lacks:
            return _ask(w, proposal, promise, kind, here)
    return None


def _ask(w: Work, proposal: Any, promise: Promise, kind: CommitmentKind | None, here: str) -> Next:
    city, row = promise.city, promise.sign_off
    if kind is CommitmentKind.FORMAL_DECISION:
        text = _("The lead of the city records the decision of its body on the page of its commitment.")
        return Next(_("Next: get %(city)s’s formal decision.", city=city.name), text)
    head = _("Next: get %(city)s’s sign-off.", city=city.name)
    if row is not None and row.state is CommitmentState.ASKED:
        return Next(head, _("It has been asked. Its lead or deputy can sign."))
    text = _("It has not been asked yet.")
    if row is not None and row.state is CommitmentState.VOIDED and row.revision_number is not None:
        text = _(
            "It signed version %(signed)s; the proposal changed in version %(now)s, so the signature no longer counts.",
            signed=row.revision_number, now=content.current(w, proposal).number,
        )  # fmt: skip
    if rules.runs_team(w, proposal) is not None:
        return Next(head, text)
    label = _("Ask %(city)s to sign", city=city.name)
    return Next(head, text, label, f"{here}/commitments", is_act=True, fields=(("city", city.code),))


def _of_city(w: Work, proposal: Any, promises: list[Promise], here: str) -> Next | None:
    for promise in promises:
        row = promise.sign_off
        if row is not None and row.state is CommitmentState.ASKED and rules.is_signer(w, row) is None:
            text = _("The team asks %(city)s to sign the proposal as it is now.", city=promise.city.name)
            return Next(
                _("Next: sign."), text, _("Read what changed and sign"), f"{here}/commitments/{promise.city.code}"
            )
    if rules.cities_to_rate(w, proposal) and rules.may_be_rated(w, proposal) is None:
        rated = queries.preferences(w, proposal)
        if not rated:
            return Next(_("Next: rate the idea."), _("Say how useful it would be to your city."), _("Rate"), "#rate")
    return None
