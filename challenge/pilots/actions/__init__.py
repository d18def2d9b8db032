"""What one does with pilots. Every act that changes a pilot or its members locks and bumps the pilot's row first."""

from challenge.pilots.actions.agreement import NOT_READ, sign_agreement, sign_as_lead, write_agreement
from challenge.pilots.actions.guard import bump, changing, lock, permit, require, writing
from challenge.pilots.actions.life import cure_expired, fire, fire_report, revise, tell_results
from challenge.pilots.actions.members import (
    add_member,
    change_role,
    describe_site,
    leave,
    remove_member,
    replace_member,
)
from challenge.pilots.actions.outline import begin_report
from challenge.pilots.actions.pairs import import_pilot, pair
from challenge.pilots.actions.plan import (
    add_indicator,
    add_milestone,
    add_report,
    add_tranche,
    change_indicator,
    change_milestone,
    change_report,
    change_tranche,
    drop,
    measure,
    reopen_indicator,
    write_report,
)

__all__ = [
    "NOT_READ",
    "add_indicator",
    "add_member",
    "add_milestone",
    "add_report",
    "add_tranche",
    "begin_report",
    "bump",
    "change_indicator",
    "change_milestone",
    "change_report",
    "change_role",
    "change_tranche",
    "changing",
    "cure_expired",
    "describe_site",
    "drop",
    "fire",
    "fire_report",
    "import_pilot",
    "leave",
    "lock",
    "measure",
    "pair",
    "permit",
    "remove_member",
    "reopen_indicator",
    "replace_member",
    "require",
    "revise",
    "sign_agreement",
    "sign_as_lead",
    "tell_results",
    "write_agreement",
    "write_report",
    "writing",
]
