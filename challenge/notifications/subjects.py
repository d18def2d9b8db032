"""What a step is about: its record, the names its texts use, and where to go and look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlmodel import select

from challenge.events.models import Event
from challenge.http.templates import day, moment
from challenge.jury.blind import copies
from challenge.jury.consensus.models import Consensus
from challenge.jury.models import Juror, Review
from challenge.kernel.journal import Step
from challenge.kernel.work import Work
from challenge.partners.models import PartnerInvitation
from challenge.people.models import Organisation, Person
from challenge.pilots.models import Pilot, Tranche
from challenge.pilots.money.models import ChangeRequest, Claim
from challenge.proposals.content import gate_of
from challenge.proposals.models import Commitment, Proposal
from challenge.rounds.models import Round
from challenge.rounds.states import WINDOWS, WindowName
from challenge.selection.models import Outcome
from challenge.submissions.models import Question, Submission


@dataclass(frozen=True, slots=True)
class Subject:
    """The record a step is about. ``names`` fill the texts.

    ``mark`` hides who stands behind it from jurors, where neither side may know the other.
    """

    record: Any
    names: Mapping[str, object] = field(default_factory=dict)
    path: str = ""
    mark: Callable[[str], str] | None = None

    def for_jurors(self, names: Mapping[str, object]) -> Mapping[str, object]:
        """What fills a text that a juror reads: titles and reasons without names."""
        mark = self.mark
        return (
            names if mark is None else {key: mark(one) if isinstance(one, str) else one for key, one in names.items()}
        )


def names_in(subject: Subject, given: Mapping[str, object]) -> dict[str, object]:
    """What was given with the step, as the reader of the moment reads it: the name of a window, dates."""
    zone, found = getattr(subject.record, "zone", "Europe/Tallinn"), dict[str, object]()
    for name in ("since", "until"):
        if at := str(given.get(name, "")):
            found[name] = moment(datetime.fromisoformat(at), zone) if "T" in at else day(date.fromisoformat(at))
    if "window" in given:
        found["window_name"] = str(WINDOWS[WindowName(str(given["window"]))])
        found["closes"] = moment(datetime.fromisoformat(str(given["closes_at"])), zone)
    return found


def submission(w: Work, code: str) -> Subject | None:
    """A challenge of a city."""
    found = w.session.exec(select(Submission).where(Submission.code == code)).first()
    return None if found is None else Subject(found, {"title": found.title, "code": code}, f"/submissions/{code}")


def proposal(w: Work, code: str) -> Subject | None:
    """A proposal."""
    found = w.session.exec(select(Proposal).where(Proposal.code == code)).first()
    if found is None:
        return None
    return Subject(found, {"title": found.title, "code": code, "round": found.round_code}, f"/proposals/{code}")


def round_(w: Work, code: str) -> Subject | None:
    """A round."""
    found = w.session.exec(select(Round).where(Round.code == code)).first()
    return None if found is None else Subject(found, {"title": found.title, "code": code}, f"/rounds/{code}")


def pilot(w: Work, code: str) -> Subject | None:
    """A pilot."""
    found = w.session.exec(select(Pilot).where(Pilot.code == code)).first()
    return None if found is None else Subject(found, {"title": found.title, "code": code}, f"/pilots/{code}")


def _of_pilot(table: Any, noun: str) -> Callable[[Work, str], Subject | None]:
    """A tranche, a claim or a change request; who hears of it is asked about its pilot."""

    def found(w: Work, code: str) -> Subject | None:
        row = w.session.exec(select(Pilot).join(table, table.pilot_id == Pilot.id).where(table.code == code)).first()
        return None if row is None else Subject(row, {"title": row.title, "code": code}, f"/{noun}/{code}")

    return found


def review(w: Work, code: str) -> Subject | None:
    """A juror's review; its text names the proposal."""
    found = w.session.exec(
        select(Review, Proposal).where(Review.code == code, Proposal.id == Review.proposal_id)
    ).first()
    if found is None:
        return None
    judged, about = found
    mark = copies.marks_for_jurors(w, about, judged.gate)
    return Subject(judged, {"title": about.title, "code": code}, f"/reviews/{code}", mark)


def discussion(w: Work, code: str) -> Subject | None:
    """What the panel of a proposal says together; the code is the proposal's."""
    found = proposal(w, code)
    if found is None:
        return None
    mark = copies.marks_for_jurors(w, found.record, gate_of(found.record))
    return Subject(found.record, found.names, f"/proposals/{code}/discussion", mark)


def consensus(w: Work, code: str) -> Subject | None:
    """A consensus; its text names the proposal."""
    found = w.session.exec(
        select(Consensus, Proposal).where(Consensus.code == code, Proposal.id == Consensus.proposal_id)
    ).first()
    if found is None:
        return None
    agreed, about = found
    mark = copies.marks_for_jurors(w, about, agreed.gate)
    return Subject(agreed, {"title": about.title, "code": code}, f"/consensus/{code}", mark)


def juror(w: Work, code: str) -> Subject | None:
    """A juror's place on the panel of a round."""
    found = w.session.exec(select(Juror, Round).where(Juror.code == code, Round.id == Juror.round_id)).first()
    return None if found is None else Subject(found[0], {"title": found[1].title, "code": code}, "/reviews")


def outcome(w: Work, code: str) -> Subject | None:
    """An outcome; only coordinators hear of it before it is announced."""
    found = w.session.exec(
        select(Outcome, Proposal).where(Outcome.code == code, Proposal.id == Outcome.proposal_id)
    ).first()
    return None if found is None else Subject(found[0], {"title": found[1].title, "code": code}, f"/outcomes/{code}")


def commitment(w: Work, code: str) -> Subject | None:
    """A city's promise to a proposal."""
    found = w.session.exec(
        select(Commitment, Proposal, Organisation).where(
            Commitment.code == code, Proposal.id == Commitment.proposal_id, Organisation.id == Commitment.city_id
        )
    ).first()
    if found is None:
        return None
    _promise, about, city = found
    path = f"/proposals/{about.code}/commitments/{city.code}"
    return Subject(found[0], {"title": about.title, "city": city.name, "code": code}, path)


def partner_invitation(w: Work, code: str) -> Subject | None:
    """A city that is asked to take part in a proposal."""
    found = w.session.exec(
        select(PartnerInvitation, Proposal, Organisation, Round).where(
            PartnerInvitation.code == code, Proposal.id == PartnerInvitation.proposal_id,
            Organisation.id == PartnerInvitation.city_id, Round.id == PartnerInvitation.round_id,
        )
    ).first()  # fmt: skip
    if found is None:
        return None
    asked, about, city, round_ = found
    names = {"title": about.title, "city": city.name, "code": code, "answer_by": moment(asked.answer_by, round_.zone)}
    return Subject(asked, names, f"/partner-invitations/{code}")


def event(w: Work, code: str) -> Subject | None:
    """An event of a round."""
    found = w.session.exec(select(Event).where(Event.code == code)).first()
    return None if found is None else Subject(found, {"title": found.title, "code": code}, f"/events/{code}")


def question(w: Work, code: str) -> Subject | None:
    """A public question."""
    found = w.session.exec(select(Question).where(Question.code == code)).first()
    if found is None:
        return None
    about = w.session.get(Submission, found.submission_id) if found.submission_id else None
    path = f"/challenges/{about.code}" if about else f"/rounds/{found.round_code}"
    return Subject(found, {"title": about.title if about else "", "question": found.text, "code": code}, path)


def person(w: Work, code: str) -> Subject | None:
    """Somebody with an account; administrators hear of them."""
    found = w.session.exec(select(Person).where(Person.code == code)).first()
    return None if found is None else Subject(found, {"title": found.name, "code": code}, f"/people/{code}")


def organisation(w: Work, code: str) -> Subject | None:
    """An organisation; whoever sits in it hears of their seat."""
    found = w.session.exec(select(Organisation).where(Organisation.code == code)).first()
    return None if found is None else Subject(found, {"title": found.name, "code": code}, f"/organisations/{code}")


def service(_w: Work, code: str) -> Subject:
    """Something of the whole service."""
    return Subject(None, {"code": code})


FINDERS: dict[str, Callable[[Work, str], Subject | None]] = {
    "submission": submission, "proposal": proposal, "round": round_, "pilot": pilot, "review": review,
    "discussion": discussion, "consensus": consensus,
    "juror": juror, "outcome": outcome, "commitment": commitment, "question": question,
    "partner_invitation": partner_invitation, "event": event,
    "tranche": _of_pilot(Tranche, "tranches"), "claim": _of_pilot(Claim, "claims"),
    "change_request": _of_pilot(ChangeRequest, "changes"),
    "person": person, "organisation": organisation, "service": service,
}  # fmt: skip


def subject_of(w: Work, step: Step) -> Subject | None:
    """The record of a step, if it is still there and anybody is told of its kind."""
    finder = FINDERS.get(step.workflow)
    return finder(w, step.subject_code) if finder else None
