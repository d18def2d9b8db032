"""Starting a proposal, writing in it, choosing its challenges."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from sqlmodel import col, select

from challenge.kernel import editing
from challenge.kernel.errors import Invalid, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.patch import HERE, Origin
from challenge.kernel.work import Work
from challenge.people.queries import fold, person
from challenge.proposals import content, rules
from challenge.proposals.actions.changes import content_changed
from challenge.proposals.actions.firing import settle
from challenge.proposals.actions.permits import invalid, permit, require
from challenge.proposals.models import Proposal, ProposalChallenge, TeamMember
from challenge.proposals.schemas import FORMS, NewProposal
from challenge.proposals.states import TeamRole
from challenge.rounds.actions import count_open
from challenge.rounds.models import Round
from challenge.submissions.models import Submission

MAX_CHALLENGES = 5
_BLANK: dict[str, object] = {"summary": "", "publish": False}


def start(w: Work, round_: Round, draft: NewProposal) -> Proposal:
    """A new draft of this round, led by the actor for one of their organisations."""
    if problem := rules.may_start(w, round_):
        raise Refused(problem)
    lead = person(w, w.actor.id)
    if draft.organisation not in w.actor.organisations():
        raise invalid("not_yours", "organisation", _("Choose one of your organisations"))
    if not rules.title_is_free(w, round_.id, draft.title):
        raise Invalid(rules.TITLE_TAKEN)
    proposal = w.add(
        Proposal(
            round_id=round_.id, round_code=round_.code, gates=rules.gates_on(round_), title=draft.title,
            title_key=fold(draft.title), lead_id=lead.id, organisation_id=draft.organisation,
            answers={"title": draft.title}, saved_at=w.now,
        )
    )  # fmt: skip
    w.add(
        TeamMember(
            proposal_id=proposal.id, person_id=lead.id, name=lead.name, email=lead.email, email_key=lead.email_key,
            role=TeamRole.LEAD, invited_at=w.now, accepted_at=w.now,
        )
    )  # fmt: skip
    w.note(content.WORKFLOW, proposal, "start", {"title": draft.title, "challenges": draft.challenges})
    for code in draft.challenges:
        _answer(w, proposal, _answerable(w, round_, code))
    settle(w, [found.id for found in content.challenges(w, proposal)])
    count_open(w, round_, 1)
    return proposal


def revise(w: Work, proposal: Proposal, answers: Mapping[str, Any], origin: Origin = HERE) -> None:
    """Keep answers of the form, right or wrong, nothing lost. The journal gets one step per sitting.

    ``answers`` holds only the questions that were on the page.
    """
    permit(w, proposal, rules.may_write)
    require(w, proposal, rules.is_editable)
    asked = FORMS[content.last_gate(proposal)].model_fields
    changed = {name: value for name, value in answers.items() if name in asked and proposal.answers.get(name) != value}
    if not changed:
        return
    _mirror(w, proposal, changed)
    editing.write(w, content.WORKFLOW, proposal, changed, origin)
    content_changed(w, proposal)


def _mirror(w: Work, proposal: Proposal, changed: Mapping[str, Any]) -> None:
    """Answers that lists and rules need are columns too; a column keeps its value until the answer is right."""
    for name in set(changed) & {*content.COLUMNS, "publish"}:
        value = _checked(name, changed[name])
        if name == "title":
            if value is None or not rules.title_is_free(w, proposal.round_id, value, proposal.id):
                continue
            proposal.title_key = fold(value)
        if value is None and name in _BLANK:
            value = _BLANK[name]
        setattr(proposal, name, value)


def _checked(name: str, value: Any) -> Any:
    """The answer when it is right, else None."""
    form = next(form for form in FORMS.values() if name in form.model_fields)
    try:
        checked = form.__pydantic_validator__.validate_assignment(form.model_construct(), name, value)
    except ValidationError:
        return None
    return getattr(checked, name)


# Challenges


def answer_challenge(w: Work, proposal: Proposal, code: str) -> None:
    """Answer one more challenge. The lead decides."""
    permit(w, proposal, rules.is_lead)
    require(w, proposal, rules.may_change_challenges)
    submission = _answerable(w, rules.round_of(w, proposal), code)
    _answer(w, proposal, submission)
    w.note(content.WORKFLOW, proposal, "answer_challenge", {"challenge": submission.code})
    settle(w, [submission.id])
    content_changed(w, proposal)


def drop_challenge(w: Work, proposal: Proposal, code: str) -> None:
    """No longer answer a challenge; the last one stays."""
    permit(w, proposal, rules.is_lead)
    require(w, proposal, rules.may_change_challenges)
    answered = content.challenges(w, proposal)
    found = next((challenge for challenge in answered if challenge.code == code), None)
    if found is None:
        raise invalid("not_answered", "challenges", _("This proposal does not answer that challenge"))
    if len(answered) == 1:
        raise Refused(Problem("last_challenge", _("A proposal answers at least one challenge. Add another one first.")))
    link = select(ProposalChallenge).where(
        ProposalChallenge.proposal_id == proposal.id, ProposalChallenge.submission_id == found.id
    )
    w.session.delete(w.session.exec(link).one())
    w.note(content.WORKFLOW, proposal, "drop_challenge", {"challenge": code})
    settle(w, [found.id])
    content_changed(w, proposal)


def _answerable(w: Work, round_: Round, code: str) -> Submission:
    """A published challenge of this round or an earlier one that is not decided yet."""
    found = w.session.exec(
        select(Submission)
        .join(Round, col(Round.id) == Submission.round_id)
        .where(Submission.code == code, content.may_be_answered(round_))
    ).first()
    if found is None:
        raise invalid("no_challenge", "challenges", _("Choose a challenge that is open for ideas"))
    return found


def _answer(w: Work, proposal: Proposal, submission: Submission) -> None:
    answered = content.challenges(w, proposal)
    if any(found.id == submission.id for found in answered):
        return
    if len(answered) >= MAX_CHALLENGES:
        text = _("A proposal answers at most %(most)s challenges", most=MAX_CHALLENGES)
        raise invalid("too_many_challenges", "challenges", text)
    w.add(ProposalChallenge(proposal_id=proposal.id, submission_id=submission.id))
