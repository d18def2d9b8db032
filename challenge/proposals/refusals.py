"""What the database refuses about proposals, in words: somebody else was faster."""

from __future__ import annotations

from challenge.kernel.constraints import refuses
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.proposals.rules import TITLE_TAKEN
from challenge.proposals.triggers import OWN

refuses("uq_proposal_round_id_title_key", TITLE_TAKEN, columns="proposal.round_id, proposal.title_key")
refuses(
    "uq_team_member_present",
    Problem("in_team", _("This person is in the team already, or invited")),
    columns="team_member.proposal_id, team_member.email_key",
)
refuses(
    "uq_partner_city_present",
    Problem("is_partner", _("This city is a partner already.")),
    columns="partner_city.proposal_id, partner_city.city_id",
)
refuses(
    "uq_partner_city_lead",
    Problem("lead_city", _("Another city is the lead city already. Give it another role first")),
    columns="partner_city.proposal_id",
)
refuses(
    "uq_commitment_live",
    Problem("asked_already", _("This city is asked already, or has signed.")),
    columns="commitment.proposal_id, commitment.city_id, commitment.kind",
)
refuses(
    "uq_proposal_challenge_proposal_id_submission_id",
    Problem("answered", _("This proposal answers that challenge already.")),
    columns="proposal_challenge.proposal_id, proposal_challenge.submission_id",
)
refuses(
    "uq_preference_proposal_id_city_id",
    Problem("rated", _("Somebody of your city rated it at the same moment. Look again.")),
    columns="preference.proposal_id, preference.city_id",
)
refuses(
    "uq_budget_line_proposal_id_organisation_id_category_year",
    Problem("budget_changed", _("Somebody else changed the budget in the meantime. Look again.")),
    columns="budget_line.proposal_id, budget_line.organisation_id, budget_line.category, budget_line.year",
)
refuses(
    "uq_team_task_proposal_id_key",
    Problem("task_taken", _("Somebody else gave this task at the same moment. Look again.")),
    columns="team_task.proposal_id, team_task.key",
)
refuses(
    "uq_own_share_proposal_id_organisation_id_year",
    Problem("budget_changed", _("Somebody else changed the budget in the meantime. Look again.")),
    columns="own_share.proposal_id, own_share.organisation_id, own_share.year",
)
refuses(OWN, Problem("own_share", _("A partner pays at most its own costs of a year. Lower its own share first.")))
