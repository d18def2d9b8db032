"""Proposals: plain rows, and ``proposal_in(world, state)``, which walks real transitions of the table."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from sqlmodel import select

from challenge.kernel.work import Work
from challenge.people.models import Organisation
from challenge.people.queries import fold
from challenge.proposals import actions, content
from challenge.proposals.asks import (
    Decision,
    Declined,
    Ineligible,
    MergeInto,
    Point,
    Reason,
    Screening,
    Signature,
    Until,
)
from challenge.proposals.models import PartnerCity, Proposal, ProposalChallenge, TeamMember
from challenge.proposals.rules import uncommitted
from challenge.proposals.schemas import NewProposal
from challenge.proposals.states import BudgetCategory, CommitmentKind, ProposalState, TeamRole
from challenge.proposals.workflow import PROPOSAL
from challenge.rounds.models import Round
from challenge.rounds.schemas import Rules
from challenge.rounds.states import CityRole, Gate, WindowName
from challenge.submissions.models import Submission
from challenge.submissions.states import SubmissionState
from tests.cast import PEOPLE, PLACES
from tests.factories.rounds import WINDOWS, make_round
from tests.world import NOW

_numbers = itertools.count(1)
ALL = frozenset(Gate)
PAIR = {"tartu": CityRole.LEAD, "helsinki": CityRole.PILOT}
LEADS = {"tartu": "mari", "helsinki": "sofia", "fingal": "aoife", "dlr": "niamh", "tallinn": "tiina", "narva": "katrin"}
TEXT = "Sensors under the ice measure the water every hour, and residents see it."
ANSWERS: dict[str, Any] = {
    "summary": "We measure bathing water every hour and forecast tomorrow.",
    "publish": True,
    "size_class": "large",
    "months": "36",
    "indicators": ["Hours until a warning | 48 | 2 | city laboratory"],
    "mims": ["mim1", "mim7"],
    "people_checks": ["equity"],
    **dict.fromkeys(
        (
            "problem", "cities_helped", "answer", "novelty", "needs", "method", "milestones", "team_work", "impact",
            "risks", "data_protection", "interoperability", "people_centred", "detailed_plan", "validation", "market",
            "running_costs", "replication", "ip_terms",
        ),
        TEXT,
    ),
}  # fmt: skip
AT = {
    Gate.IDEA: WINDOWS[WindowName.IDEAS][0] + timedelta(days=2),
    Gate.PILOT_PROPOSAL: WINDOWS[WindowName.PILOT_PROPOSALS][0] + timedelta(days=2),
    Gate.FULL_PROPOSAL: WINDOWS[WindowName.FULL_PROPOSALS][0] + timedelta(days=2),
}


def rules_with(gates: Collection[Gate] = ALL, **fields: Any) -> Rules:
    """Default rules with exactly these gates on."""
    rules = Rules(**fields)
    return rules.model_copy(
        update={"gates": {gate: rule.model_copy(update={"on": gate in gates}) for gate, rule in rules.gates.items()}}
    )


def make_challenge(w: Work, round_: Round, *, city: str = "tartu", **fields: Any) -> Submission:
    """An accepted challenge of a city, open to proposals."""
    number = next(_numbers)
    title = fields.pop("title", f"Clean bathing water {number}")
    return w.add(
        Submission(
            round_id=round_.id, round_code=round_.code, city_id=PLACES[city].id, title=title, title_key=fold(title),
            **{
                "state": SubmissionState.ACCEPTED, "themes": ["environment"], "submitted_at": w.now,
                "published_at": w.now, "slot": 1_000 + number, "slot_cap": 10_000,  # beyond those of other factories
            }
            | fields,
        )
    )  # fmt: skip


def make_proposal(
    w: Work,
    round_: Round,
    *,
    lead: str = "ravi",
    cities: Mapping[str, CityRole] | None = None,
    challenges: Collection[Submission] = (),
    **fields: Any,
) -> Proposal:
    """A proposal as a row, with its lead, cities and challenges; whatever state is asked for."""
    title = fields.pop("title", f"Hourly water {next(_numbers)}")
    who = PEOPLE[lead]
    made = w.add(
        Proposal(
            round_id=round_.id, round_code=round_.code, title=title, title_key=fold(title), lead_id=who.id,
            organisation_id=PLACES[who.organisation or "taltech"].id,
            **{
                "gates": [str(gate) for gate in Gate], "answers": {**ANSWERS, "title": title},
                "summary": ANSWERS["summary"], "size_class": "large", "months": 36,
            }
            | fields,
        )
    )  # fmt: skip
    w.add(
        TeamMember(
            proposal_id=made.id, person_id=who.id, name=who.name, email=who.email, email_key=fold(who.email),
            role=TeamRole.LEAD, invited_at=w.now, accepted_at=w.now,
        )
    )  # fmt: skip
    for place, role in (PAIR if cities is None else cities).items():
        city = PLACES[place]
        w.add(PartnerCity(proposal_id=made.id, city_id=city.id, country=city.country, role=role, joined_at=w.now))
    for challenge in challenges:
        w.add(ProposalChallenge(proposal_id=made.id, submission_id=challenge.id))
    actions.settle(w, [challenge.id for challenge in challenges])
    return made


# Walking


def code_of(w: Work, place: str) -> str:
    """The code of a place of the cast."""
    return w.session.get_one(Organisation, PLACES[place].id).code


def get(w: Work, code: str) -> Proposal:
    """A proposal, whoever acts."""
    return w.session.exec(select(Proposal).where(Proposal.code == code)).one()


def started(world: Any, *, round_id: int, challenges: Collection[str], lead: str = "ravi", title: str = "") -> str:
    """A draft with complete answers, cities and a budget, made as its lead would; gives back its code."""
    with world.acting(lead) as w:
        round_ = w.session.get_one(Round, round_id)
        place = PEOPLE[lead].organisation or "taltech"
        draft = NewProposal(
            title=title or f"Hourly water {next(_numbers)}", organisation=PLACES[place].id, challenges=list(challenges)
        )
        proposal = actions.start(w, round_, draft)
        fill(w, proposal)
        return proposal.code


def fill(w: Work, proposal: Proposal, cities: Mapping[str, CityRole] = PAIR) -> None:
    """Every answer, the cities, a budget of 1.2 million."""
    actions.revise(w, proposal, {**ANSWERS, "title": proposal.title})
    for place, role in cities.items():
        actions.ask_city(w, proposal, code_of(w, place), role)
    partner = code_of(w, PEOPLE[w.actor.name.split()[0].lower()].organisation or "taltech")
    actions.set_budget(w, proposal, {(partner, BudgetCategory.STAFF, 1): 120_000_000})


def sign_all(world: Any, code: str) -> None:
    """Every lead and pilot city that has not signed the proposal as it is now does."""
    with world.acting() as w:
        places = {place.id: key for key, place in PLACES.items()}
        cities = [places[city.id] for city in uncommitted(w, get(w, code), CommitmentKind.SIGN_OFF)]
    for place in cities:
        sign(world, code, place)


def sign(world: Any, code: str, place: str) -> None:
    """This city's lead signs."""
    with world.acting(LEADS[place]) as w:
        proposal = get(w, code)
        now = content.current(w, proposal)
        given = Signature(revision_number=now.number, revision_hash=now.hash)
        actions.sign_off(w, proposal, code_of(w, place), given)


def decide(world: Any, code: str, place: str, body: str = "City Council") -> None:
    """This city's lead records a formal decision."""
    with world.acting(LEADS[place]) as w:
        actions.record_decision(
            w, get(w, code), code_of(w, place), Decision(body=body, decided_on=date(2027, 5, 3), bridge_cents=4_000_000)
        )


def path_to(state: ProposalState, gates: Collection[Gate]) -> list[str]:
    """Names of transitions on a shortest way from draft, in a round with these gates."""
    variant = frozenset(gates)
    ways: dict[ProposalState, list[str]] = {ProposalState.DRAFT: []}
    queue = [ProposalState.DRAFT]
    for here in queue:
        for row in PROPOSAL.rows:
            target = ProposalState(row.target)
            if here in row.source and row.when(variant) and target not in ways:
                ways[target] = [*ways[here], row.name]
                queue.append(target)
    return ways[state]


BY_ITSELF = {"award", "put_on_reserve", "turn_away", "promote", "start_pilot"}
BY_LEAD = {"submit", "begin", "submit_pilot_proposal", "submit_full", "recall", "turn_down", "withdraw"}
SCORED = {"name_finalist", "to_jury", "award", "put_on_reserve", "turn_away"}


def walk(world: Any, code: str, *names: str) -> None:
    """Fire these transitions, each by whom and when it is usual, after what it needs."""
    for name in names:
        _prepare(world, code, name)
        if name in BY_ITSELF:
            with world.acting("jaan") as w:
                actions.cause(w, get(w, code), name)
            continue
        with world.acting("ravi" if name in BY_LEAD else "jaan") as w:
            proposal = get(w, code)
            if name in BY_LEAD and proposal.lead_id != w.actor.id:
                raise AssertionError("walk() walks ravi's proposals")
            actions.fire(w, proposal, name, given_for(world, proposal, name))


def given_for(world: Any, proposal: Proposal, name: str) -> Any:
    """What the transition asks for."""
    row = PROPOSAL.find(proposal, name)
    texts = {
        Screening: lambda: Screening(points=list(Point)),
        Ineligible: lambda: Ineligible(points=[Point.TEAM], reason="The lead organisation may not take part."),
        Until: lambda: Until(reason="A city is missing.", until=world.now + timedelta(days=10)),
        Declined: lambda: Declined(reason="The plan is too thin."),
        Reason: lambda: Reason(reason="We have no time."),
    }
    return texts[row.asks]() if row.asks is not None else None


def _prepare(world: Any, code: str, name: str) -> None:
    with world.acting() as w:
        proposal = get(w, code)
        if name in SCORED | {"invite", "invite_to_full"}:
            proposal.reviews_eligible = 3  # as the jury pushes them down
            proposal.below_threshold = False
        if name in {"award", "promote"}:
            proposal.award_cents = 120_000_000
        if name == "expire":
            proposal.offer_until = world.now
        if name == "reinstate":
            proposal.appeal_upheld_at = world.now
        gate = content.gate_of(proposal)
    if name in {"submit", "begin", "submit_pilot_proposal", "submit_full"}:
        world.now = max(world.now, AT[gate])
    if name in {"submit_pilot_proposal", "submit_full"}:
        sign_all(world, code)
    if name == "lapse":
        world.now = max(world.now, AT[gate] + timedelta(days=200))
    if name == "merge":
        _agree(world, code)


def _agree(world: Any, code: str) -> None:
    """Another proposal in review, led by eero, takes this one in."""
    with world.acting() as w:
        proposal = get(w, code)
        round_ = w.session.get_one(Round, proposal.round_id)
        into = make_proposal(w, round_, lead="eero", state=ProposalState.IN_REVIEW).code
    with world.acting("ravi") as w:
        actions.ask_to_merge(w, get(w, code), MergeInto(into=into))
    with world.acting("eero") as w:
        actions.agree_to_merge(w, get(w, into), code)


def proposal_in(
    world: Any, state: ProposalState, *, gates: Collection[Gate] = ALL, rules: Rules | None = None, title: str = ""
) -> str:
    """Ravi's proposal on a challenge of Tartu with Tartu and Helsinki, walked to this state from NOW: its code."""
    world.now = NOW
    with world.acting() as w:
        round_ = make_round(w, title=f"Round {next(_numbers)}", rules=rules or rules_with(gates))
        challenge = make_challenge(w, round_)
    code = started(world, round_id=round_.id, challenges=[challenge.code], title=title)
    walk(world, code, *path_to(state, gates))
    return code
