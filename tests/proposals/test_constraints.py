"""What the database refuses, whoever writes."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.exc import IntegrityError

from challenge.kernel.actor import SYSTEM
from challenge.kernel.work import Work
from challenge.proposals.models import (
    BudgetLine,
    Commitment,
    Exclusion,
    OwnShare,
    PartnerCity,
    Preference,
    Proposal,
    ProposalChallenge,
    TeamMember,
)
from challenge.proposals.states import BudgetCategory, CommitmentKind, CommitmentState, ProposalState, TeamRole
from challenge.rounds.models import Round
from challenge.rounds.states import CityRole
from tests.cast import PEOPLE, PLACES
from tests.factories.proposals import make_challenge, make_proposal
from tests.factories.rounds import make_round

TARTU, RAVI, EERO = PLACES["tartu"].id, PEOPLE["ravi"].id, PEOPLE["eero"].id
SIGN, DECIDE = CommitmentKind.SIGN_OFF, CommitmentKind.FORMAL_DECISION
SIGNED = CommitmentState.SIGNED


def member(w, p, **fields):
    return TeamMember(
        **{"proposal_id": p.id, "name": "E", "email": "e@x.ee", "email_key": "e@x.ee", "role": TeamRole.RESEARCHER,
           "invited_at": w.now, **fields}
    )  # fmt: skip


def city(w, p, place="fingal", role=CityRole.PILOT, country=None):
    where = PLACES[place]
    return PartnerCity(proposal_id=p.id, city_id=where.id, country=country or where.country, role=role, joined_at=w.now)


def commitment(p, **fields):
    return Commitment(proposal_id=p.id, round_code=p.round_code, city_id=TARTU, **{"kind": SIGN, **fields})


def line(p, cents=1):
    return BudgetLine(proposal_id=p.id, organisation_id=TARTU, category=BudgetCategory.STAFF, cents=cents)


def signed(w):
    return {"state": SIGNED, "signer_id": RAVI, "signed_at": w.now}


def rows(w, p, r):
    """What must be refused → the rows that are one too many or wrong; the last one breaks the rule."""

    def other(**fields):
        return lambda: make_proposal(w, r, **fields)

    merged = {"state": ProposalState.MERGED, "merged_into_id": p.id, "merge_into_id": p.id}
    challenge = make_challenge(w, r)
    rated = {"proposal_id": p.id, "city_id": TARTU, "at": w.now}
    return {
        "title twice in a round": [other(title="Same"), other(title="SAME ")],
        "merged into nothing": [other(state=ProposalState.MERGED)],
        "merged without agreement": [other(**merged)],
        "agreement without a proposal": [other(merge_agreed_at=w.now)],
        "selected without an award": [other(state=ProposalState.SELECTED)],
        "award below nothing": [other(award_cents=-1)],
        "a pilot of 121 months": [other(months=121)],
        "reviews below nothing": [other(reviews_eligible=-1)],
        "stood in a draft": [other(stood_at="draft")],
        "one challenge twice": [ProposalChallenge(proposal_id=p.id, submission_id=challenge.id) for _ in range(2)],
        "one address twice in a team": [member(w, p), member(w, p)],
        "accepted by nobody": [member(w, p, accepted_at=w.now)],
        "joined without accepting": [member(w, p, person_id=EERO)],
        "one city twice": [city(w, p), city(w, p)],
        "two lead cities": [city(w, p, role=CityRole.LEAD)],
        "a city in another country": [city(w, p, country="EE")],
        "one line of the budget twice": [line(p), line(p)],
        "less than nothing in the budget": [line(p, -1)],
        "two live commitments of a kind": [commitment(p), commitment(p)],
        "signed by nobody": [commitment(p, state=SIGNED, revision_number=1, revision_hash="a")],
        "a signature of no revision": [commitment(p, **signed(w))],
        "a decision of no body": [commitment(p, kind=DECIDE, decided_on=date(2027, 1, 1), **signed(w))],
        "bridge financing below nothing": [commitment(p, bridge_cents=-1)],
        "six stars": [Preference(rating=6, **rated)],
        "one city rates twice": [Preference(rating=3, **rated), Preference(rating=3, **rated)],
        "one exclusion twice": [Exclusion(proposal_id=p.id, person_id=EERO) for _ in range(2)],
    }


def test_the_database_refuses(world):
    with world.acting() as w:
        round_ = make_round(w)
        proposal = make_proposal(w, round_)
        names = list(rows(w, proposal, round_))
    refused = []
    for name in names:
        try:
            with world.acting() as w:
                here = w.session.get_one(Proposal, proposal.id), w.session.get_one(Round, round_.id)
                *good, bad = rows(w, *here)[name]
                for row in good:
                    put(w, row)
                w.session.flush()
                refused.append(name)
                put(w, bad)
        except IntegrityError:
            continue
        pytest.fail(f"accepted: {name}")

    assert refused == names


def put(w, row):
    """Make it, or add it."""
    return row() if callable(row) else w.add(row)


def test_what_has_ended_does_not_stand_in_the_way(world):
    with world.acting() as w:
        proposal = make_proposal(w, make_round(w))
        w.add(commitment(proposal, state=CommitmentState.VOIDED))
        w.add(commitment(proposal, state=CommitmentState.WITHDRAWN))
        w.add(commitment(proposal))
        w.add(commitment(proposal, kind=DECIDE))
        w.add(member(w, proposal, left_at=w.now))
        w.add(member(w, proposal))


def budgeted(w):
    """A proposal of which TalTech spends 100 and 50 euros in the first year and pays 120 itself."""
    p = make_proposal(w, make_round(w))
    place = PLACES["taltech"].id
    lines = [
        w.add(BudgetLine(proposal_id=p.id, organisation_id=place, category=category, year=1, cents=cents))
        for category, cents in ((BudgetCategory.STAFF, 100_00), (BudgetCategory.EQUIPMENT, 50_00))
    ]
    return p, lines, w.add(OwnShare(proposal_id=p.id, organisation_id=place, year=1, cents=120_00))


def raised(_w, _p, _lines, own):
    own.cents = 150_01


def moved(_w, _p, _lines, own):
    own.year = 2


def lowered(_w, _p, lines, _own):
    lines[0].cents = 69_99


def taken_away(w, _p, lines, _own):
    w.session.delete(lines[1])


def lent(w, p, lines, _own):
    lines[1].organisation_id = TARTU


def added(w, p, _lines, own):
    w.session.add(OwnShare(proposal_id=p.id, organisation_id=own.organisation_id, year=2, cents=1))


@pytest.mark.parametrize("act", [raised, moved, lowered, taken_away, lent, added], ids=lambda act: act.__name__)
def test_nobody_pays_more_than_it_spends(world, act):
    with world.database.session(writing=True) as session:
        w = Work(session, SYSTEM, world.now)
        p, lines, own = budgeted(w)
        act(w, p, lines, own)
        with pytest.raises(IntegrityError, match="own_share_within_costs"):
            session.flush()


def test_everything_up_to_the_costs_may_be_paid(world):
    with world.acting() as w:
        _p, lines, own = budgeted(w)
        own.cents = 150_00
        w.session.flush()
        own.cents = 99_99
        w.session.flush()
        w.session.delete(lines[1])
        w.session.flush()
        w.session.delete(own)
        w.session.flush()
        w.session.delete(lines[0])
