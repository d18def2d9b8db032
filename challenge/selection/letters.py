"""The letters that tell a decision: plain sentences in the reader's language, the same in the preview and in the mail.

Notifications sends ``letter(w, outcome, person)`` for each person of ``recipients`` once the outcome's step *announce*
is in the journal, and ``gate_letter`` for a proposal's steps at a gate.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from challenge.http.templates import Deadline
from challenge.kernel.i18n import Text, _, _n, speaking
from challenge.kernel.money import euros
from challenge.kernel.work import Work
from challenge.people import queries as people
from challenge.people.models import Person
from challenge.proposals.models import Proposal
from challenge.rounds.models import Round
from challenge.selection import queries, rules
from challenge.selection.models import Outcome
from challenge.selection.schemas import GateVerdict
from challenge.selection.states import Verdict


@dataclass(frozen=True, slots=True)
class Letter:
    """A rendered letter. ``parts`` are (heading or "", paragraph); ``action`` is (what one does, path on the site).

    ``links`` are more of them, for the mail: (of what, path).
    """

    locale: str
    subject: str
    parts: tuple[tuple[str, str], ...]
    action: tuple[str, str]
    links: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """The letter as plain text."""
        return "\n\n".join(f"{heading}\n{words}" if heading else words for heading, words in self.parts)


Part = tuple[Text | str, Iterable[Text | str]]


def letter(w: Work, outcome: Outcome, person: Person) -> Letter:
    """What this person is told about this outcome; before announcing, as if it were announced now."""
    proposal = rules.proposal_of(w, outcome)
    round_ = rules.round_of(w, outcome)
    lead = people.person(w, proposal.lead_id)
    at = outcome.published_at or w.now
    with speaking(person.locale):
        conditions = [found.text for found in queries.conditions(w, outcome)]
        parts: list[Part] = [
            ("", [_("Dear %(name)s,", name=person.name)]),
            ("", [_said(outcome, proposal, round_)]),
            (_("Why"), [outcome.reasons]),
        ]
        if conditions:
            heading = _("Conditions of the award") if outcome.verdict is Verdict.FUND else _("Conditions of an award")
            parts.append((heading, ["\n".join(f"{place}. {text}" for place, text in enumerate(conditions, 1))]))
        parts += [
            (_("What happens next"), _next(outcome, proposal, round_, person, lead.name, w.now)),
            (_("Feedback"), [_feedback(proposal)]),
        ]
        if appeal := _appeal(outcome.verdict, round_, at, person, proposal, lead.name, w.now):
            parts.append((_("Appeal"), [appeal]))
        return _rendered(person, _subject(outcome.verdict, proposal.title), parts, proposal, round_)


def _subject(verdict: Verdict, title: str) -> Text:
    if verdict is Verdict.FUND:
        return _("“%(title)s” is selected for funding", title=title)
    if verdict is Verdict.RESERVE:
        return _("“%(title)s” is on the reserve list", title=title)
    if verdict is Verdict.DECLINE:
        return _("“%(title)s” is not selected", title=title)
    return _("“%(title)s” is not eligible", title=title)


def _said(outcome: Outcome, proposal: Proposal, round_: Round) -> Text:
    names = {"title": proposal.title, "round": round_.title}
    if outcome.verdict is Verdict.FUND:
        return _("%(round)s: “%(title)s” is selected for funding with %(amount)s.",
                 amount=euros(outcome.amount_cents or 0), **names)  # fmt: skip
    if outcome.verdict is Verdict.RESERVE:
        return _("%(round)s: “%(title)s” is not selected now. It has place %(place)s on the reserve list.",
                 place=outcome.reserve_rank, **names)  # fmt: skip
    if outcome.verdict is Verdict.DECLINE:
        return _("%(round)s: “%(title)s” is not selected for funding.", **names)
    return _("%(round)s: “%(title)s” is not eligible for funding.", **names)


def _next(
    outcome: Outcome, proposal: Proposal, round_: Round, person: Person, lead: str, now: datetime
) -> list[Text | str]:
    is_lead = person.id == proposal.lead_id
    until = _moment(outcome.accept_by, round_, now) if outcome.accept_by else ""
    if outcome.verdict is Verdict.FUND:
        who = (
            _("Accept the offer or turn it down on the page of the decision, until %(until)s.", until=until)
            if is_lead
            else _("%(lead)s accepts the offer or turns it down, until %(until)s.", lead=lead, until=until)
        )
        return [
            who,
            _("After that the offer expires and the next proposal on the reserve list may be asked."),
            _("Then the agreement of the pilot is prepared with the lead organisation and every city."),
        ]
    if outcome.verdict is Verdict.RESERVE:
        return [
            _("The reserve list stands until %(until)s. If an award becomes free, you receive a dated offer.",
              until=until),
            _("You need not do anything. Whoever no longer wants to wait can leave the list on the proposal’s page."),
        ]  # fmt: skip
    return [
        _("The cities are free to take part in other proposals."),
        _("The text stays yours: you can carry it into a later round."),
    ]


def _feedback(proposal: Proposal) -> Text:
    if not proposal.reviews_eligible:
        return _("The reasons above are the feedback; there are no reviews by jurors.")
    return _n(
        "One juror’s review stands on the page of the decision, with marks and comments.",
        "The reviews of %(n)s jurors stand on the page of the decision, with marks and comments.",
        proposal.reviews_eligible,
    )


def _appeal(
    verdict: Verdict, round_: Round, at: datetime, person: Person, proposal: Proposal, lead: str, now: datetime
) -> Text | None:
    until = rules.appeal_until(round_, at)
    if verdict not in {Verdict.DECLINE, Verdict.INELIGIBLE} or until is None:
        return None
    last = _moment(until, round_, now)
    if person.id == proposal.lead_id:
        return _(
            "If you think that the rules were not followed, you can appeal until %(until)s. "
            "Somebody who took no part in the decision hears the appeal.", until=last,
        )  # fmt: skip
    return _(
        "If the team thinks that the rules were not followed, %(lead)s can appeal until %(until)s. "
        "Somebody who took no part in the decision hears the appeal.", lead=lead, until=last,
    )  # fmt: skip


def gate_letter(
    w: Work, proposal: Proposal, verdict: GateVerdict, reasons: str, person: Person, *, advice: str = "",
    told: datetime | None = None, until: datetime | None = None,
) -> Letter:  # fmt: skip
    """What this person is told about how a gate went. ``until`` is when the next form is due, where there is one."""
    round_ = rules.round_of(w, proposal)
    lead = people.person(w, proposal.lead_id)
    names = {"title": proposal.title, "round": round_.title}
    with speaking(person.locale):
        parts: list[Part] = [("", [_("Dear %(name)s,", name=person.name)])]
        if verdict is GateVerdict.INVITE:
            subject = _("“%(title)s” goes on to the next step", title=proposal.title)
            parts.append(("", [_("%(round)s: “%(title)s” goes on to the next step.", **names)]))
            if until is not None:
                parts.append((_("What happens next"), [
                    _("Write the next part together with your cities and submit it until %(until)s.",
                      until=_moment(until, round_, w.now)),
                ]))  # fmt: skip
        else:
            subject = _("“%(title)s” does not go on to the next step", title=proposal.title)
            parts.append(("", [_("%(round)s: “%(title)s” does not go on to the next step.", **names)]))
        if reasons:
            parts.append((_("Why"), [reasons]))
        if advice:
            parts.append((_("Advice"), [advice]))
        parts.append((_("Feedback"), [_feedback(proposal)]))
        if verdict is GateVerdict.DECLINE and (
            appeal := _appeal(Verdict.DECLINE, round_, told or w.now, person, proposal, lead.name, w.now)
        ):
            parts.append((_("Appeal"), [appeal]))
        return _rendered(person, subject, parts, proposal, round_)


def _rendered(person: Person, subject: Text, parts: list[Part], proposal: Proposal, round_: Round) -> Letter:
    parts = [*parts, ("", [_("The coordinators of %(round)s", round=round_.title)])]
    return Letter(
        locale=person.locale,
        subject=str(subject),
        parts=tuple((str(heading), " ".join(str(line) for line in lines)) for heading, lines in parts),
        action=(str(_("Open the page of the decision")), f"/proposals/{proposal.code}/outcome"),
    )


def _moment(at: datetime, round_: Round, now: datetime) -> str:
    """``Wed 31 March 2027, 17:00 (Tallinn, EEST (UTC+3); 14:00 UTC)``."""
    found = Deadline("", at, round_.zone, now)
    return f"{found.local} ({found.zone}; {found.utc})"
