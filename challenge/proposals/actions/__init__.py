"""What one does with proposals."""

from challenge.proposals import refusals as _refusals  # noqa: F401 -- registers the database's reasons
from challenge.proposals.actions.budget import MAX_CENTS, set_budget
from challenge.proposals.actions.carrying import begin, lives, to_carry
from challenge.proposals.actions.changes import content_changed
from challenge.proposals.actions.cities import (
    ask_city,
    change_city_role,
    join_as_city,
    leave_as_city,
    may_take_in,
    remove_city,
)
from challenge.proposals.actions.commitments import (
    ask_commitment,
    ask_sign_off,
    last_signed,
    record_decision,
    sign_off,
    withdraw_commitment,
)
from challenge.proposals.actions.conflicts import exclude, readmit
from challenge.proposals.actions.firing import (
    carry,
    cause,
    expire_offers,
    fire,
    follow_rules,
    lapse_overdue,
    settle,
)
from challenge.proposals.actions.merging import agree_to_merge, ask_to_merge, asking_to_merge, call_merge_off
from challenge.proposals.actions.preferences import rate
from challenge.proposals.actions.rehoming import go_on_without, rehome
from challenge.proposals.actions.tasks import add_task, assign_task, follow_gate, settle_task
from challenge.proposals.actions.team import (
    accept_invitation,
    change_role,
    decline_invitation,
    hand_over,
    invitation,
    invite_member,
    leave,
    member_of,
    remove,
)
from challenge.proposals.actions.writing import answer_challenge, drop_challenge, revise, start

__all__ = [
    "MAX_CENTS",
    "accept_invitation",
    "add_task",
    "agree_to_merge",
    "answer_challenge",
    "ask_city",
    "ask_commitment",
    "ask_sign_off",
    "ask_to_merge",
    "asking_to_merge",
    "assign_task",
    "begin",
    "call_merge_off",
    "carry",
    "cause",
    "change_city_role",
    "change_role",
    "content_changed",
    "decline_invitation",
    "drop_challenge",
    "exclude",
    "expire_offers",
    "fire",
    "follow_gate",
    "follow_rules",
    "go_on_without",
    "hand_over",
    "invitation",
    "invite_member",
    "join_as_city",
    "lapse_overdue",
    "last_signed",
    "leave",
    "leave_as_city",
    "lives",
    "may_take_in",
    "member_of",
    "rate",
    "readmit",
    "record_decision",
    "rehome",
    "remove",
    "remove_city",
    "revise",
    "set_budget",
    "settle",
    "settle_task",
    "sign_off",
    "start",
    "to_carry",
    "withdraw_commitment",
]
