"""The proposals, in every state a programme under way has, each with its team, cities, money and kept content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from challenge.kernel.journal import digest
from challenge.kernel.revision import Revision
from challenge.people.spelling import address_key, fold
from challenge.proposals.models import BudgetLine, PartnerCity, Proposal, ProposalChallenge, TeamMember
from challenge.proposals.states import BudgetCategory, ProposalState, TeamRole
from challenge.rounds.states import CityRole, Gate
from challenge.seed import texts
from challenge.seed.bulk import Bulk
from challenge.seed.judging import DECIDED, Judged, Jury
from challenge.seed.people import Place, Society, Somebody
from challenge.submissions.states import SubmissionState

AWARD_CENTS = 120_000_000
S = ProposalState
# Of a hundred proposals so many stand here.
MIX = ((S.DRAFT, 10), (S.SUBMITTED, 5), (S.IN_REVIEW, 15), (S.CO_DEVELOPMENT, 10), (S.FINALIST, 5), (S.IN_JURY, 40),
       (S.SELECTED, 1), (S.RESERVE, 2), (S.DECLINED, 10), (S.WITHDRAWN, 2))  # fmt: skip
STATES = [state for state, share in MIX for _one in range(share)]


@dataclass(frozen=True, slots=True)
class Answer:
    """A challenge or a proposal, and who leads it."""

    id: int
    code: str
    state: SubmissionState | ProposalState
    lead: Somebody


class Proposals:
    """Those that were made: ``some`` has a few of each state."""

    def __init__(
        self, bulk: Bulk, round_id: int, round_code: str, society: Society, challenges: Sequence[Answer], jury: Jury
    ) -> None:
        self.some: dict[ProposalState, list[Answer]] = {}
        self._bulk, self._round_id, self._round_code = bulk, round_id, round_code
        self._society, self._jury = society, jury
        self._open = [one for one in challenges if one.state is SubmissionState.ACCEPTED]

    def add(self, number: int) -> None:
        """One more, with everything that belongs to it."""
        bulk, chance = self._bulk, self._bulk.chance
        state = STATES[(number * 37) % len(STATES)]
        lead = self._society.researchers[number % len(self._society.researchers)]
        name, code = texts.title(chance, number), bulk.code()
        home, abroad = chance.choice(self._society.home), chance.choice(self._society.abroad)
        answered = chance.choice(self._open)
        answers = texts.proposal(chance, name)
        content = _content(answers, answered.code, (home, abroad))
        judged = Judged(code, state, digest(content), AWARD_CENTS)
        is_sent = state is not S.DRAFT
        reviews = self._jury.plan(judged)
        made = bulk.put(
            Proposal, code=code, round_id=self._round_id, round_code=self._round_code, gates=[str(one) for one in Gate],
            state=state, title=name, title_key=fold(name), summary=answers["summary"], lead_id=lead.id,
            organisation_id=lead.place, size_class="large", months=36, answers=answers, publish=True,
            revision=int(is_sent), submitted_at=bulk.now if is_sent else None, saved_at=bulk.now,
            reviews_eligible=reviews.submitted, below_threshold=state is S.DECLINED if state in DECIDED else None,
            award_cents=AWARD_CENTS if state is S.SELECTED else None,
            stood_at="in_jury" if state is S.DECLINED else None,
        )  # fmt: skip
        bulk.step("proposal", code, state, self._round_code)
        self._surround(made, lead, home, abroad, answered)
        if is_sent:
            bulk.put(
                Revision, workflow="proposal", subject_code=code, number=1, content=content, hash=judged.hash,
                at=bulk.now, by_id=lead.id,
            )  # fmt: skip
        self._jury.judge(made, judged, reviews)
        few = self.some.setdefault(state, [])
        if len(few) < 300:  # noqa: PLR2004 -- more than anybody looks at one by one
            few.append(Answer(made, code, state, lead))

    def _surround(self, made: int, lead: Somebody, home: Place, abroad: Place, answered: Answer) -> None:
        bulk = self._bulk
        colleague = bulk.chance.choice(self._society.researchers)
        team = {TeamRole.LEAD: lead, TeamRole.RESEARCHER: colleague, TeamRole.CITY_LEAD: home.lead}
        for role, one in team.items():
            if role is TeamRole.LEAD or one.id != lead.id:
                bulk.put(
                    TeamMember, proposal_id=made, person_id=one.id, name=one.name, email=one.email,
                    email_key=address_key(one.email), role=role, invited_at=bulk.now, accepted_at=bulk.now,
                )  # fmt: skip
        for city, as_what in ((home, CityRole.LEAD), (abroad, CityRole.PILOT)):
            bulk.put(PartnerCity, proposal_id=made, city_id=city.id, country=city.country, role=as_what,
                     joined_at=bulk.now)  # fmt: skip
            bulk.put(BudgetLine, proposal_id=made, organisation_id=city.id, category=BudgetCategory.STAFF,
                     cents=AWARD_CENTS // 2)  # fmt: skip
        bulk.put(ProposalChallenge, proposal_id=made, submission_id=answered.id)


def _content(answers: dict[str, Any], challenge: str, cities: tuple[Place, Place]) -> dict[str, Any]:
    """What ``proposals.content.snapshot`` would keep."""
    columns = {"title", "summary", "size_class", "months"}
    return {
        "title": answers["title"], "summary": answers["summary"], "size_class": "large", "months": 36,
        "answers": {name: value for name, value in answers.items() if name not in columns and value},
        "challenges": [challenge],
        "cities": [
            {"city": city.code, "name": city.name, "country": city.country, "role": str(role)}
            for city, role in zip(cities, (CityRole.LEAD, CityRole.PILOT), strict=True)
        ],
        "budget": [
            {"partner": city.code, "name": city.name, "category": "staff", "cents": AWARD_CENTS // 2}
            for city in sorted(cities, key=lambda one: one.name)
        ],
        "files": [],
    }  # fmt: skip
