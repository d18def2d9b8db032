"""An announcement before it is made: every mail it would send, by the code that sends them; nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from challenge.kernel.journal import Step
from challenge.kernel.work import Work
from challenge.notifications import mails
from challenge.notifications.mails import Mail
from challenge.proposals.workflow import PROPOSAL
from challenge.rounds.models import Round
from challenge.selection import queries
from challenge.selection.models import Outcome
from challenge.selection.queries import Batch, Check, Item
from challenge.selection.states import OutcomeState, Verdict
from challenge.selection.workflow import OUTCOME


@dataclass(frozen=True, slots=True)
class Told:
    """An outcome of the batch and its mails; ``item.is_hidden``: they may be counted, not read."""

    item: Item
    mails: tuple[Mail, ...]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What would happen now."""

    batch: Batch
    told: tuple[Told, ...]
    checks: tuple[Check, ...]

    @property
    def count(self) -> int:
        """How many mails would leave."""
        return sum(len(one.mails) for one in self.told)

    @property
    def languages(self) -> list[str]:
        """The languages they are written in."""
        return sorted({mail.person.locale for one in self.told for mail in one.mails})

    def kinds(self) -> list[tuple[Verdict, Counter[str]]]:
        """How many mails of each kind, by language, about proposals the actor may see."""
        found = {verdict: Counter[str]() for verdict in Verdict}
        for one in self.told:
            if one.item.is_hidden:
                continue
            found[one.item.outcome.verdict].update(mail.person.locale for mail in one.mails)
        return [(verdict, counted) for verdict, counted in found.items() if counted]


def rehearse(w: Work, round_: Round, public_url: str) -> Rehearsal:
    """The batch as it stands, its mails, and what it is checked for."""
    batch = queries.batch(w, round_)
    items = sorted(batch.items, key=lambda item: item.is_hidden)  # its place would tell the verdict
    told = tuple(Told(item, tuple(_of_item(w, item, public_url))) for item in items)
    return Rehearsal(batch, told, tuple(queries.checks(w, round_, batch)))


def _of_item(w: Work, item: Item, public_url: str) -> Iterator[Mail]:
    outcome, proposal = item.outcome, item.proposal
    row = next(row for row in PROPOSAL.rows_from(proposal) if row.name == queries.step_of(proposal, outcome))
    told = _step(w, OUTCOME.name, outcome.code, "announce", str(outcome.state), str(OutcomeState.ANNOUNCED))
    moved = _step(w, PROPOSAL.name, proposal.code, row.name, str(proposal.state), str(row.target))
    for step in (told, moved):
        yield from mails.set_off(w, public_url, step, {})


def of_outcome(w: Work, outcome: Outcome, public_url: str) -> list[Mail]:
    """Every mail about one outcome: as it would be sent now, or as it was sent."""
    step = _step(w, OUTCOME.name, outcome.code, "announce", None, str(OutcomeState.ANNOUNCED))
    return list(mails.set_off(w, public_url, step, {}))


def _step(w: Work, workflow: str, code: str, name: str, old: str | None, new: str) -> Step:
    """As it would be journalled; it belongs to no session."""
    return Step(
        workflow=workflow, subject_code=code, transition=name, old_state=old, new_state=new, actor_id=w.actor.id,
        at=w.now, digest="", previous_hash="", hash="",
    )  # fmt: skip
