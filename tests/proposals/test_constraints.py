"""What the database refuses, whoever writes."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from challenge.proposals.models import (
    BudgetLine,
    Commitment,
    Exclusion,
    PartnerCity,
    Preference,
    ProposalChallenge,
    TeamMember,
)
from challenge.proposals.states import BudgetCategory, CommitmentKind, CommitmentState, ProposalState, TeamRole
from challenge.rounds.states import CityRole
from tests.cast import PEOPLE, PLACES
from tests.factories.proposals import make_challenge, make_proposal
from tests.factories.rounds import make_round

TARTU, RAVI, EERO = PLACES["tartu"].id, PEOPLE["ravi"].id, PEOPLE["eero"].id
SIGN, DECIDE = CommitmentKind.SIGN_OFF, CommitmentKind.FORMAL_DECISION
ASKED, SIGNED = CommitmentState.ASKED, CommitmentState.SIGNED


def member(w, p, **fields):
    return TeamMember(
        **{"proposal_id": p.id, "name": "E", "email": "e@x.ee", "email_key": "e@x.ee", "role": TeamRole.RESEARCHER,
           "invited_at": w.now, **fields}
    )  # fmt: skip


def city(w, p, place="fingal", role=CityRole.PILOT, country=None):
    where = PLACES[place]
    return PartnerCity(proposal_id=p.id, city_id=where.id, country=country or where.country, role=role, joined_at=w.now)


def commitment(_w, p, **fields):
    return Commitment(proposal_id=p.id, round_code=p.round_code, city_id=TARTU, **{"kind": SIGN, **fields})


def line(p, cents=1):
    return BudgetLine(proposal_id=p.id, organisation_id=TARTU, category=BudgetCategory.STAFF, cents=cents)


def signed(w):
    return {"state": SIGNED, "signer_id": RAVI, "signed_at": w.now}


BREAKERS = {
    "title twice in a round": lambda w, p, r: [make_proposal(w, r, title="Same"), make_proposal(w, r, title="SAME ")],
    "merged into nothing": lambda w, p, r: [make_proposal(w, r, state=ProposalState.MERGED)],
    "merged without agreement": lambda w, p, r: [
        make_proposal(w, r, state=ProposalState.MERGED, merged_into_id=p.id, merge_into_id=p.id)
    ],
    "agreement without a proposal": lambda w, p, r: [make_proposal(w, r, merge_agreed_at=w.now)],
    "selected without an award": lambda w, p, r: [make_proposal(w, r, state=ProposalState.SELECTED)],
    "award below nothing": lambda w, p, r: [make_proposal(w, r, award_cents=-1)],
    "a pilot of 121 months": lambda w, p, r: [make_proposal(w, r, months=121)],
    "reviews below nothing": lambda w, p, r: [make_proposal(w, r, reviews_eligible=-1)],
    "stood in a draft": lambda w, p, r: [make_proposal(w, r, stood_at="draft")],
    "one challenge twice": lambda w, p, r: [
        ProposalChallenge(proposal_id=p.id, submission_id=challenge.id) for challenge in [make_challenge(w, r)] * 2
    ],
    "one address twice in a team": lambda w, p, r: [member(w, p), member(w, p)],
    "accepted by nobody": lambda w, p, r: [member(w, p, accepted_at=w.now)],
    "joined without accepting": lambda w, p, r: [member(w, p, person_id=EERO)],
    "one city twice": lambda w, p, r: [city(w, p), city(w, p)],
    "two lead cities": lambda w, p, r: [city(w, p, role=CityRole.LEAD)],
    "a city in another country": lambda w, p, r: [city(w, p, country="EE")],
    "one line of the budget twice": lambda w, p, r: [line(p), line(p)],
    "less than nothing in the budget": lambda w, p, r: [line(p, -1)],
    "two live commitments of a kind": lambda w, p, r: [commitment(w, p), commitment(w, p)],
    "signed by nobody": lambda w, p, r: [commitment(w, p, state=SIGNED, revision_number=1, revision_hash="a")],
    "a signature of no revision": lambda w, p, r: [commitment(w, p, **signed(w))],
    "a decision of no body": lambda w, p, r: [commitment(w, p, kind=DECIDE, decided_on=date(2027, 1, 1), **signed(w))],
    "bridge financing below nothing": lambda w, p, r: [commitment(w, p, bridge_cents=-1)],
    "six stars": lambda w, p, r: [Preference(proposal_id=p.id, city_id=TARTU, rating=6, at=w.now)],
    "one city rates twice": lambda w, p, r: [
        Preference(proposal_id=p.id, city_id=TARTU, rating=3, at=w.now) for _ in range(2)
    ],
    "one exclusion twice": lambda w, p, r: [Exclusion(proposal_id=p.id, person_id=EERO) for _ in range(2)],
}


@pytest.mark.parametrize("what", BREAKERS)
def test_the_database_refuses(world, what):
    with pytest.raises(IntegrityError), world.acting() as w:
        round_ = make_round(w)
        proposal = make_proposal(w, round_)
        for row in BREAKERS[what](w, proposal, round_):
            w.add(row)


def test_what_has_ended_does_not_stand_in_the_way(world):
    with world.acting() as w:
        proposal = make_proposal(w, make_round(w))
        w.add(commitment(w, proposal, state=CommitmentState.VOIDED))
        w.add(commitment(w, proposal, state=CommitmentState.WITHDRAWN))
        w.add(commitment(w, proposal))
        w.add(commitment(w, proposal, kind=DECIDE))
        w.add(member(w, proposal, left_at=w.now))
        w.add(member(w, proposal))
