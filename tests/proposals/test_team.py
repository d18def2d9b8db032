"""Team, handing over, merging, ratings."""

from __future__ import annotations

import pytest
from sqlmodel import select

from challenge.kernel.errors import Forbidden, Invalid, Missing, Refused
from challenge.people.models import Person
from challenge.proposals import actions, queries
from challenge.proposals.actions.team import member_of
from challenge.proposals.asks import MergeInto
from challenge.proposals.models import TeamMember
from challenge.proposals.schemas import Invitation, Rating
from challenge.proposals.states import ProposalState as S
from challenge.proposals.states import TeamRole
from challenge.rounds.models import Round
from challenge.rounds.states import WindowName
from tests.cast import PEOPLE
from tests.factories.proposals import get, make_proposal, proposal_in
from tests.factories.rounds import WINDOWS


def person_code(w, name):
    return w.session.get_one(Person, PEOPLE[name].id).code


def invite(world, code, name, role=TeamRole.CO_LEAD, by="ravi"):
    who = PEOPLE[name]
    with world.acting(by) as w:
        actions.invite_member(w, get(w, code), Invitation(name=who.name, email=who.email.upper(), role=role))


def join(world, code, name, role=TeamRole.CO_LEAD):
    invite(world, code, name, role)
    with world.acting(name) as w:
        actions.accept_invitation(w, get(w, code))


def test_somebody_is_invited_once_joins_and_writes(world):
    code = proposal_in(world, S.DRAFT)
    invite(world, code, "eero", TeamRole.RESEARCHER)
    with pytest.raises(Invalid):
        invite(world, code, "eero")
    with world.acting("eero") as w:
        proposal = queries.visible(w, code)  # an invitation shows the proposal …
        with pytest.raises(Forbidden):  # … and does not let one write
            actions.revise(w, proposal, {"risks": "x"})
        actions.accept_invitation(w, proposal)
        actions.revise(w, proposal, {"risks": "x"})
        with pytest.raises(Forbidden):
            actions.accept_invitation(w, proposal)


def test_somebody_unknown_gets_an_account_by_being_invited(world):
    code = proposal_in(world, S.DRAFT)
    with world.acting("ravi") as w:
        draft = Invitation(name="Uus Inimene", email="uus@example.org", role=TeamRole.COMPANY)
        actions.invite_member(w, get(w, code), draft)

    with world.acting() as w:
        member = queries.team(w, get(w, code))[-1]
        assert (member.email, member.person_id) == ("uus@example.org", None)


def test_an_invitation_is_declined_or_taken_back(world):
    code = proposal_in(world, S.DRAFT)
    invite(world, code, "eero")
    with world.acting("eero") as w:
        actions.decline_invitation(w, get(w, code))
    with world.acting("eero") as w, pytest.raises(Missing):
        queries.visible(w, code)
    invite(world, code, "eero")
    with world.acting("ravi") as w:
        actions.remove(w, get(w, code), member_of(w, get(w, code), person_code(w, "eero")))
    with world.acting("eero") as w, pytest.raises(Missing):
        queries.visible(w, code)


def test_mentors_read_and_do_not_write(world):
    code = proposal_in(world, S.DRAFT)
    join(world, code, "eero", TeamRole.MENTOR)
    with world.acting("eero") as w, pytest.raises(Forbidden):
        actions.revise(w, queries.visible(w, code), {"risks": "x"})


def test_only_lead_and_co_leads_run_the_team(world):
    code = proposal_in(world, S.DRAFT)
    join(world, code, "eero", TeamRole.RESEARCHER)
    for name in ("eero", "mari", "jaan"):
        with pytest.raises(Forbidden):
            invite(world, code, "katrin", by=name)


def test_the_lead_is_handed_over_to_a_co_lead_only(world):
    code = proposal_in(world, S.DRAFT)
    join(world, code, "eero", TeamRole.RESEARCHER)
    with world.acting("ravi") as w:
        proposal = get(w, code)
        eero = member_of(w, proposal, person_code(w, "eero"))
        with pytest.raises(Refused):
            actions.hand_over(w, proposal, eero)
        with pytest.raises(Refused):
            actions.leave(w, proposal)
        with pytest.raises(Refused):
            actions.change_role(w, proposal, eero, TeamRole.LEAD)
        actions.change_role(w, proposal, eero, TeamRole.CO_LEAD)
        actions.hand_over(w, proposal, eero)
        assert proposal.lead_id == PEOPLE["eero"].id
        assert [member.role for member in queries.team(w, proposal)] == [TeamRole.CO_LEAD, TeamRole.LEAD]
        actions.leave(w, proposal)
    with world.acting("ravi") as w, pytest.raises(Missing):
        queries.visible(w, code)


def test_a_coordinator_hands_over_with_a_letter_and_strangers_do_not(world):
    code = proposal_in(world, S.DRAFT)
    join(world, code, "eero")
    for name, allowed in (("eero", False), ("olev", False), ("jaan", True)):
        with world.acting(name) as w:
            member = member_of(w, get(w, code), person_code(w, "eero"))
            if allowed:
                actions.hand_over(w, get(w, code), member)
                continue
            with pytest.raises(Forbidden):
                actions.hand_over(w, get(w, code), member)


# Merging


def two_in_review(world):
    code = proposal_in(world, S.IN_REVIEW)
    with world.acting() as w:
        round_ = w.session.get_one(Round, get(w, code).round_id)
        return code, make_proposal(w, round_, lead="eero", state=S.IN_REVIEW).code


def test_a_merger_needs_both_leads_and_a_coordinator(world):
    code, into = two_in_review(world)
    with world.acting("jaan") as w, pytest.raises(Refused) as refused:
        actions.fire(w, get(w, code), "merge")
    assert refused.value.problem.code == "merge_not_asked"
    with world.acting("eero") as w, pytest.raises(Missing):
        actions.agree_to_merge(w, get(w, into), code)
    with world.acting("ravi") as w:
        actions.ask_to_merge(w, get(w, code), MergeInto(into=into.lower()))
    with world.acting("jaan") as w, pytest.raises(Refused) as refused:
        actions.fire(w, get(w, code), "merge")
    assert refused.value.problem.code == "merge_not_agreed"
    with world.acting("ravi") as w, pytest.raises(Forbidden):
        actions.agree_to_merge(w, get(w, into), code)
    with world.acting("eero") as w:
        actions.agree_to_merge(w, get(w, into), code)
    with world.acting("jaan") as w:
        actions.fire(w, get(w, code), "merge")

    with world.acting() as w:
        one, other = get(w, code), get(w, into)
        assert (one.state, one.merged_into_id, other.state) == (S.MERGED, other.id, S.IN_REVIEW)
        assert (PEOPLE["ravi"].id, TeamRole.CO_LEAD) in [(row.person_id, row.role) for row in queries.team(w, other)]


def test_a_merger_is_called_off_and_is_void_when_the_other_has_moved_on(world):
    code, into = two_in_review(world)
    with world.acting("ravi") as w:
        actions.ask_to_merge(w, get(w, code), MergeInto(into=into))
    with world.acting("eero") as w:
        actions.agree_to_merge(w, get(w, into), code)
        actions.fire(w, get(w, into), "withdraw")
    with world.acting("jaan") as w, pytest.raises(Refused) as refused:
        actions.fire(w, get(w, code), "merge")
    assert refused.value.problem.code == "not_to_merge"
    with world.acting("ravi") as w:
        actions.call_merge_off(w, get(w, code))
        assert get(w, code).merge_into_id is None


def test_naming_a_proposal_one_cannot_know_of_says_nothing_about_it(world):
    code, _into = two_in_review(world)
    with world.acting() as w:
        round_ = w.session.get_one(Round, get(w, code).round_id)
        draft = make_proposal(w, round_, lead="eero").code
    texts = set()
    for named in (draft, "00000000", code):
        with world.acting("ravi") as w, pytest.raises(Invalid) as invalid:
            actions.ask_to_merge(w, get(w, code), MergeInto(into=named))
        texts.add(str(invalid.value.problem.text))
    assert len(texts) == 1


# Ratings


def rate(world, code, name, rating=4):
    with world.acting(name) as w:
        return actions.rate(w, get(w, code), Rating(rating=rating, comment="Useful for the harbour."))


def test_the_city_of_the_challenge_rates_in_the_window_and_its_last_word_counts(world):
    code = proposal_in(world, S.IN_REVIEW)
    with pytest.raises(Refused):
        rate(world, code, "mari")
    world.now = WINDOWS[WindowName.PREFERENCES][0]
    rate(world, code, "mari", 2)
    rate(world, code, "peeter", 5)
    for name in ("sofia", "ravi", "jaan", "nobody"):
        with pytest.raises(Forbidden):
            rate(world, code, name)

    with world.acting("jaan") as w:
        assert [(city, row.rating) for city, row in queries.preferences(w, get(w, code))] == [("Tartu", 5)]
    with world.acting("ravi") as w:
        assert queries.preferences(w, get(w, code)) == []
    with world.acting("mari") as w:
        assert len(queries.preferences(w, get(w, code))) == 1


def test_what_is_decided_is_not_rated(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    world.now = WINDOWS[WindowName.PREFERENCES][0]
    with pytest.raises(Refused) as refused:
        rate(world, code, "mari")
    assert refused.value.problem.code == "not_to_rate"


def test_members_of_the_table_are_never_deleted(world):
    code = proposal_in(world, S.DRAFT)
    join(world, code, "eero")
    with world.acting("eero") as w:
        actions.leave(w, get(w, code))
    with world.acting() as w:
        rows = w.session.exec(select(TeamMember).where(TeamMember.proposal_id == get(w, code).id)).all()
        assert [row.left_at is None for row in rows] == [True, False]
