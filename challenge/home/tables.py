"""Every workflow by its name: whose words the journal speaks, and where a record of it is shown."""

from __future__ import annotations

from challenge.events.workflow import EVENT
from challenge.jury.consensus.workflow import CONSENSUS
from challenge.jury.workflow import CONFLICT, REVIEW
from challenge.kernel.i18n import Text, _
from challenge.kernel.workflow import Workflow
from challenge.partners.workflow import INVITATION
from challenge.pilots.money.workflow import CHANGE, CLAIM, TRANCHE
from challenge.pilots.workflow import PILOT, REPORT
from challenge.proposals.workflow import COMMITMENT, PROPOSAL
from challenge.rounds.workflow import ROUND
from challenge.selection.workflow import APPEAL, OUTCOME
from challenge.submissions.workflow import SUBMISSION

TABLES: dict[str, Workflow] = {
    workflow.name: workflow
    for workflow in (
        ROUND, SUBMISSION, PROPOSAL, COMMITMENT, INVITATION, EVENT, REVIEW, CONFLICT, CONSENSUS, OUTCOME, APPEAL,
        PILOT, REPORT, TRANCHE, CLAIM, CHANGE,
    )
}  # fmt: skip
KINDS: dict[str, Text] = {
    "round": _("Round"),
    "submission": _("Challenge"),
    "question": _("Question"),
    "proposal": _("Proposal"),
    "commitment": _("Commitment"),
    "partner_invitation": _("Invitation of a city"),
    "event": _("Event"),
    "juror": _("Juror"),
    "review": _("Review"),
    "conflict": _("Conflict of interest"),
    "discussion": _("Discussion of the panel"),
    "consensus": _("Consensus"),
    "redacted_copy": _("Copy without names"),
    "common_item": _("Common item"),
    "outcome": _("Outcome"),
    "scenario": _("Scenario"),
    "ranking": _("Ranking"),
    "appeal": _("Appeal"),
    "pilot": _("Pilot"),
    "report": _("Report"),
    "tranche": _("Tranche"),
    "claim": _("Claim"),
    "change_request": _("Change request"),
    "person": _("Person"),
    "organisation": _("Organisation"),
    "city": _("City"),
    "freeze": _("Part of the service"),
}
PATHS = {
    "round": "/rounds", "submission": "/submissions", "question": "/questions", "proposal": "/proposals",
    "partner_invitation": "/partner-invitations", "event": "/events",
    "juror": "/jurors", "review": "/reviews", "consensus": "/consensus", "outcome": "/outcomes",
    "appeal": "/appeals", "pilot": "/pilots", "report": "/reports", "tranche": "/tranches",
    "claim": "/claims", "change_request": "/changes", "person": "/people",
    "organisation": "/organisations", "city": "/cities",
}  # fmt: skip


def path_of(workflow: str, code: str) -> str:
    """The page of a record; empty where there is none."""
    return f"{PATHS[workflow]}/{code}" if workflow in PATHS else ""


def kind_of(workflow: str) -> Text | str:
    """What a record of this workflow is called."""
    return KINDS.get(workflow) or workflow.replace("_", " ").capitalize()
