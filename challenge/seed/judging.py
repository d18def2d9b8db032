"""The panel, its reviews with marks, a few conflicts, and what was decided and announced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from challenge.jury.models import Conflict, Juror, Review, Score
from challenge.jury.states import TERMS, ConflictKind, ConflictSource, ConflictState, ReviewState
from challenge.kernel.journal import digest
from challenge.kernel.revision import Revision
from challenge.people.models import Role
from challenge.people.states import RoleName
from challenge.proposals.models import Exclusion
from challenge.proposals.states import ProposalState
from challenge.rounds.schemas import Rules
from challenge.rounds.states import Gate
from challenge.seed import texts
from challenge.seed.bulk import Bulk
from challenge.seed.people import Society, Somebody
from challenge.selection.models import Outcome, Release
from challenge.selection.states import OutcomeState, Verdict

GATE = Gate.FULL_PROPOSAL
CRITERIA = tuple(criterion.key for criterion in Rules().gates[GATE].criteria)
READERS = 3
DECIDED = {
    ProposalState.SELECTED: Verdict.FUND,
    ProposalState.RESERVE: Verdict.RESERVE,
    ProposalState.DECLINED: Verdict.DECLINE,
}
UNDER_WAY = (*[ReviewState.SUBMITTED] * 12, *[ReviewState.DRAFT] * 4, ReviewState.DECLARED, *[ReviewState.ASSIGNED] * 3)
MARKED = (ReviewState.DRAFT, ReviewState.SUBMITTED)
CONFLICT_EVERY = 40  # of so many judged proposals one has a juror in conflict


@dataclass(frozen=True, slots=True)
class Judged:
    """A proposal as the jury needs it."""

    code: str
    state: ProposalState
    hash: str
    award_cents: int


@dataclass(frozen=True, slots=True)
class Plan:
    """Who reads a proposal, and how far each has come."""

    readers: tuple[tuple[int, ReviewState], ...] = ()

    @property
    def submitted(self) -> int:
        """How many are handed in."""
        return sum(state is ReviewState.SUBMITTED for _place, state in self.readers)


class Jury:
    """The panel. ``reviews`` has the codes of a few reviews of each state, with the person who writes them."""

    def __init__(self, bulk: Bulk, round_id: int, round_code: str, society: Society) -> None:
        self.reviews: dict[ReviewState, list[tuple[str, Somebody]]] = {}
        self._bulk, self._round_id, self._round_code = bulk, round_id, round_code
        self._people, self._society = society.jurors, society
        self._waiting: dict[Verdict, list[tuple[int, Judged]]] = {}
        self._judged = 0
        self._places = [self._seat(person) for person in society.jurors]

    def _seat(self, person: Somebody) -> int:
        now = self._bulk.now
        self._bulk.put(Role, person_id=person.id, name=RoleName.JUROR, round_id=self._round_id)
        return self._bulk.put(
            Juror, round_id=self._round_id, round_code=self._round_code, person_id=person.id, invited_at=now,
            accepted_at=now, terms=TERMS, load_max=500,
        )  # fmt: skip

    def plan(self, judged: Judged) -> Plan:
        """Three jurors for what is or was before the jury."""
        if judged.state is not ProposalState.IN_JURY and judged.state not in DECIDED:
            return Plan()
        chance = self._bulk.chance
        readers = chance.sample(range(len(self._places)), READERS)
        is_over = judged.state in DECIDED
        return Plan(tuple((place, ReviewState.SUBMITTED if is_over else chance.choice(UNDER_WAY)) for place in readers))

    def judge(self, proposal: int, judged: Judged, plan: Plan) -> None:
        """The reviews as planned; now and then a conflict; what is to be announced waits."""
        for place, state in plan.readers:
            self._review(proposal, judged, place, state)
        if not plan.readers:
            return
        self._judged += 1
        if self._judged % CONFLICT_EVERY == 0:
            self._conflict(proposal, {place for place, _state in plan.readers})
        if judged.state in DECIDED:
            self._waiting.setdefault(DECIDED[judged.state], []).append((proposal, judged))

    def _review(self, proposal: int, judged: Judged, place: int, state: ReviewState) -> None:
        bulk, code = self._bulk, self._bulk.code()
        is_in = state is ReviewState.SUBMITTED
        comment = texts.text(bulk.chance) if state in MARKED else ""
        marks = {key: bulk.chance.randint(4, 10) * 5 for key in CRITERIA} if state in MARKED else {}
        made = bulk.put(
            Review, code=code, round_id=self._round_id, round_code=self._round_code, proposal_id=proposal,
            juror_id=self._places[place], gate=GATE, state=state, comment=comment, confidence=2 if is_in else None,
            revision_number=None if state is ReviewState.ASSIGNED else 1, revision=int(is_in),
            saved_at=bulk.now if marks else None, submitted_at=bulk.now if is_in else None,
            published_at=bulk.now if judged.state in DECIDED else None,
        )  # fmt: skip
        bulk.step("review", code, state, self._round_code)
        for key, tenths in marks.items():
            bulk.put(Score, review_id=made, criterion=key, tenths=tenths, max_tenths=50, step_tenths=5,
                     comment=texts.text(bulk.chance, 1))  # fmt: skip
        if is_in:
            self._keep(code, marks, comment, self._people[place].id)
        few = self.reviews.setdefault(state, [])
        if len(few) < 300 and judged.state is ProposalState.IN_JURY:  # noqa: PLR2004 -- as for proposals
            few.append((code, self._people[place]))

    def _keep(self, code: str, marks: dict[str, int], comment: str, person: int) -> None:
        content = {
            "proposal_revision": 1,
            "marks": {key: {"mark": f"{tenths / 10:g}", "comment": ""} for key, tenths in sorted(marks.items())},
            "comment": comment,
            "confidence": 2,
        }
        self._bulk.put(
            Revision, workflow="review", subject_code=code, number=1, content=content, hash=digest(content),
            at=self._bulk.now, by_id=person,
        )  # fmt: skip

    def _conflict(self, proposal: int, readers: set[int]) -> None:
        person = next(one for place, one in enumerate(self._people) if place not in readers)
        self._bulk.put(Exclusion, proposal_id=proposal, person_id=person.id)
        self._bulk.put(
            Conflict, round_id=self._round_id, round_code=self._round_code, person_id=person.id, proposal_id=proposal,
            kind=ConflictKind.OTHER, source=ConflictSource.DECLARED, state=ConflictState.DECLARED,
            reason="Invented.", at=self._bulk.now, by_id=person.id,
        )  # fmt: skip

    def announce(self) -> None:
        """One release with every outcome: awards first, while the database sums few of them."""
        counts = {verdict: len(self._waiting.get(verdict, [])) for verdict in Verdict}
        if not any(counts.values()):
            return
        bulk, (first, second, *_others) = self._bulk, self._society.offices
        by: dict[str, Any] = {"proposed_by": first.id, "approved_by": second.id, "approved_at": bulk.now}
        release = bulk.put(
            Release, round_id=self._round_id, round_code=self._round_code, at=bulk.now, asked_by=first.id,
            approved_by=second.id, funded=counts[Verdict.FUND], reserved=counts[Verdict.RESERVE],
            declined=counts[Verdict.DECLINE],
        )  # fmt: skip
        for verdict in Verdict:
            for rank, (proposal, judged) in enumerate(self._waiting.get(verdict, []), 1):
                is_fund, is_offer = verdict is Verdict.FUND, verdict in (Verdict.FUND, Verdict.RESERVE)
                code = bulk.code()
                bulk.put(
                    Outcome, code=code, round_id=self._round_id, round_code=self._round_code, proposal_id=proposal,
                    state=OutcomeState.ANNOUNCED, verdict=verdict, reasons=texts.text(bulk.chance), revision_number=1,
                    amount_cents=judged.award_cents if is_fund else None, revision_hash=judged.hash,
                    reserve_rank=rank if verdict is Verdict.RESERVE else None, release_id=release,
                    accept_by=bulk.now + timedelta(days=30) if is_offer else None, published_at=bulk.now, **by,
                )  # fmt: skip
                bulk.step("outcome", code, OutcomeState.ANNOUNCED, self._round_code)
