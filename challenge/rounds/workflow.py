"""The life of a round: one table."""

from __future__ import annotations

from typing import Any

from challenge.kernel import revision
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.work import Work
from challenge.kernel.workflow import Transition, Workflow
from challenge.people.rules import is_coordinator
from challenge.rounds import document, wording
from challenge.rounds.asks import Amendment, Cancellation
from challenge.rounds.document import WORKFLOW
from challenge.rounds.models import Announcement, Round
from challenge.rounds.rules import has_amendment, is_complete, no_appeal_can_come, nothing_is_open
from challenge.rounds.states import LABELS
from challenge.rounds.states import RoundState as S

LONGEST_NEWS = 5000


def _publish(w: Work, round_: Round, _given: Any) -> None:
    """Everybody sees it from now on; what they see is kept."""
    round_.published_at = w.now
    revision.revise(w, WORKFLOW, round_, document.content(document.in_force(w, round_)))


def _amend(w: Work, round_: Round, given: Amendment) -> None:
    """What was prepared is in force, under a new version, kept and told."""
    old, new = document.in_force(w, round_), document.prepared(w, round_)
    told = wording.changes(document.differences(old, new), old, new)
    round_.amendment = None
    round_.rules_version += 1
    document.put(w, round_, new)
    revision.revise(w, WORKFLOW, round_, document.content(new))
    lines = [_("%(what)s: %(after)s (before: %(before)s)", what=a, before=b, after=c) for a, b, c in told]
    _tell(w, round_, _("Rules and dates changed"), given.reason, lines, rules_version=round_.rules_version)


def _cancel(w: Work, round_: Round, given: Cancellation) -> None:
    """Who knows of the round is told why it ends."""
    round_.amendment = None
    if round_.published_at is not None:
        _tell(w, round_, _("The round is cancelled"), given.reason, [])


def _drop_amendment(_w: Work, round_: Round, _given: Any) -> None:
    round_.amendment = None


def _tell(
    w: Work, round_: Round, title: Text, reason: str, lines: list[Text], rules_version: int | None = None
) -> None:
    w.add(
        Announcement(
            round_id=round_.id, round_code=round_.code, title=str(title), rules_version=rules_version,
            text=_written(reason, lines), published_at=w.now, by_id=w.actor.id,
        )
    )  # fmt: skip


def _written(reason: str, lines: list[Text]) -> str:
    """The reason and the changes as a list; what no longer fits is counted."""
    text = reason
    for number, line in enumerate(lines):
        bullet = f"{chr(10) * (2 if number == 0 else 1)}- {line}"
        if len(text) + len(bullet) > LONGEST_NEWS - 100:
            rest = len(lines) - number
            return f"{text}\n\n{_n('One more change is in the rules.', '%(n)s more changes are in the rules.', rest)}"
        text += bullet
    return text


# fmt: off
ROUND = Workflow(
    WORKFLOW, S.DRAFT, frozenset({S.ARCHIVED, S.CANCELLED}), LABELS,
    (
        Transition("publish", (S.DRAFT,), S.PUBLISHED, is_coordinator, _("Publish"),
                   guards=(is_complete,), effects=(_publish,), told=_("Published"), tone="primary"),
        Transition("amend", (S.PUBLISHED,), S.PUBLISHED, is_coordinator, _("Amend rules or dates"),
                   guards=(has_amendment,), asks=Amendment, effects=(_amend,), keys=2, fresh=True, told=_("Amended")),
        Transition("close", (S.PUBLISHED,), S.CLOSED, is_coordinator, _("Close"),
                   guards=(nothing_is_open, no_appeal_can_come), effects=(_drop_amendment,), told=_("Closed"),
                   tone="warning",
                   warns=_("The round ends. Its pilots go on; nothing else in it changes any more.")),
        Transition("archive", (S.CLOSED,), S.ARCHIVED, is_coordinator, _("Archive"), told=_("Archived")),
        Transition("cancel", (S.DRAFT, S.PUBLISHED), S.CANCELLED, is_coordinator, _("Cancel the round"),
                   asks=Cancellation, effects=(_cancel,), keys=2, fresh=True, told=_("Cancelled"), tone="warning",
                   warns=_("The round ends without a result, and everybody is told why. This cannot be taken back.")),
    ),
)
# fmt: on
