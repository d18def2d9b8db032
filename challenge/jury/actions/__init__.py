"""What one does on a jury. Each act leaves ``proposal.reviews_eligible`` and ``below_threshold`` true."""

from challenge.jury.actions.assigning import Assigned, assign, assign_all, settle_tie
from challenge.jury.actions.calibrating import (
    ask_for_calibration,
    claim_calibration,
    drop_unchanged,
    fail_calibration,
    keep_calibration,
    plan_calibrations,
)
from challenge.jury.actions.conflicts import declare_conflict, fire_conflict, infer, set_conflict
from challenge.jury.actions.panel import (
    accept_invitation,
    decline_invitation,
    invite_juror,
    set_expertise,
    set_place,
    take_off,
)
from challenge.jury.actions.pushing import push
from challenge.jury.actions.reviews import declare, fire, save_review
from challenge.jury.actions.suggesting import ask_for_suggestion, claim_suggestion, keep_suggestion

__all__ = [
    "Assigned",
    "accept_invitation",
    "ask_for_calibration",
    "ask_for_suggestion",
    "assign",
    "assign_all",
    "claim_calibration",
    "claim_suggestion",
    "declare",
    "declare_conflict",
    "decline_invitation",
    "drop_unchanged",
    "fail_calibration",
    "fire",
    "fire_conflict",
    "infer",
    "invite_juror",
    "keep_calibration",
    "keep_suggestion",
    "plan_calibrations",
    "push",
    "save_review",
    "set_conflict",
    "set_expertise",
    "set_place",
    "settle_tie",
    "take_off",
]
