"""What one does with outcomes, announcements, offers, appeals and the end of a round."""

from challenge.selection.actions.announcing import announce, why_not_announce
from challenge.selection.actions.appeals import file, fire_appeal, may_file, take, told_at, why_not_file, why_not_take
from challenge.selection.actions.closing import close, count_matters, fire_round
from challenge.selection.actions.gates import check_gate, decide_gate
from challenge.selection.actions.outcomes import (
    accept,
    approve_outcome,
    fire,
    meet,
    propose_outcome,
    why_not_accept,
)
from challenge.selection.actions.scenarios import (
    adopt,
    ask_for_scenario,
    claim_scenario,
    fail_scenario,
    keep_scenario,
    remark,
)

__all__ = [
    "accept",
    "adopt",
    "announce",
    "approve_outcome",
    "ask_for_scenario",
    "check_gate",
    "claim_scenario",
    "close",
    "count_matters",
    "decide_gate",
    "fail_scenario",
    "file",
    "fire",
    "fire_appeal",
    "fire_round",
    "keep_scenario",
    "may_file",
    "meet",
    "propose_outcome",
    "remark",
    "take",
    "told_at",
    "why_not_accept",
    "why_not_announce",
    "why_not_file",
    "why_not_take",
]
