"""What cities sign, what makes it void, what carries forward."""

from __future__ import annotations

from datetime import date

import pytest

from challenge.kernel import attachment, revision
from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.people.models import Membership
from challenge.people.states import Seat
from challenge.proposals import actions, content
from challenge.proposals.actions.commitments import last_signed
from challenge.proposals.asks import Decision, Ended, Signature
from challenge.proposals.rules import commitments, commitments_live, uncommitted
from challenge.proposals.states import BudgetCategory, CommitmentKind, CommitmentState
from challenge.proposals.states import ProposalState as S
from challenge.proposals.workflow import PROPOSAL
from challenge.rounds.states import CityRole
from tests.cast import PEOPLE, PLACES
from tests.factories.proposals import code_of, decide, get, proposal_in, sign, sign_all, walk

SIGN, DECIDE = CommitmentKind.SIGN_OFF, CommitmentKind.FORMAL_DECISION


def states(w, code):
    names = {place.id: key for key, place in PLACES.items()}
    return [(names[row.city_id], str(row.kind), str(row.state)) for row in commitments(w, get(w, code))]


def test_signing_names_the_exact_revision(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    sign(world, code, "tartu")

    with world.acting() as w:
        proposal = get(w, code)
        (signed,) = commitments(w, proposal)
        kept = revision.at(w, "proposal", code, proposal.revision)
        assert (signed.revision_number, signed.revision_hash) == (kept.number, kept.hash)
        assert signed.signer_id == PEOPLE["mari"].id
        assert signed.signed_at == world.now
        assert [city.name for city in uncommitted(w, proposal, SIGN)] == ["Helsinki"]


def test_the_deputy_may_sign_and_others_may_not(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting() as w:
        w.add(Membership(person_id=PEOPLE["katrin"].id, organisation_id=PLACES["tartu"].id, seat=Seat.MEMBER))

    def signs(name):
        with world.acting(name) as w:
            now = content.current(w, get(w, code))
            given = Signature(revision_number=now.number, revision_hash=now.hash)
            actions.sign_off(w, get(w, code), code_of(w, "tartu"), given)

    for name in ("katrin", "sofia", "ravi", "jaan"):
        with pytest.raises(Forbidden):
            signs(name)
    signs("peeter")

    with world.acting() as w:
        assert states(w, code) == [("tartu", "sign_off", "signed")]


def test_a_city_that_is_no_partner_cannot_sign(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)

    with world.acting("tiina") as w:
        now = content.current(w, get(w, code))
        given = Signature(revision_number=now.number, revision_hash=now.hash)
        with pytest.raises(Missing):
            actions.sign_off(w, get(w, code), code_of(w, "tallinn"), given)


def test_what_changed_after_the_page_was_opened_is_not_signed(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting("mari") as w:
        seen = content.current(w, get(w, code))
    with world.acting("ravi") as w:
        actions.revise(w, get(w, code), {"risks": "A new risk."})

    given = Signature(revision_number=seen.number, revision_hash=seen.hash)
    with world.acting("mari") as w, pytest.raises(Refused) as refused:
        actions.sign_off(w, get(w, code), code_of(w, "tartu"), given)
    assert refused.value.problem.code == "content_changed"


def test_a_later_edit_voids_sign_offs_and_says_what_changed(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    sign_all(world, code)
    with world.acting("ravi") as w:
        actions.revise(w, get(w, code), {"risks": "A new risk."})

    with world.acting("ravi") as w:
        proposal = get(w, code)
        assert states(w, code) == [("tartu", "sign_off", "voided"), ("helsinki", "sign_off", "voided")]
        assert [row.changed for row in commitments(w, proposal)] == [["risks"], ["risks"]]
        assert set(commitments_live(w, proposal).fields) == {
            f"city-{code_of(w, 'tartu')}",
            f"city-{code_of(w, 'helsinki')}",
        }
        actions.ask_sign_off(w, proposal, code_of(w, "tartu"))
        with pytest.raises(Refused):
            actions.ask_sign_off(w, proposal, code_of(w, "tartu"))
    sign(world, code, "tartu")
    with world.acting() as w:
        assert states(w, code)[2:] == [("tartu", "sign_off", "signed")]


def test_an_edit_that_changes_nothing_voids_nothing(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    sign_all(world, code)

    with world.acting("ravi") as w:
        proposal = get(w, code)
        actions.revise(w, proposal, {"risks": proposal.answers["risks"]})
        assert commitments_live(w, proposal) is None


def test_a_file_is_part_of_what_was_signed(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    sign_all(world, code)
    stored = attachment.store(world.settings.files, b"%PDF-1.7 a letter", "letter.pdf")

    with world.acting("ravi") as w:
        attachment.attach(w, "proposal", get(w, code), stored)
        actions.content_changed(w, get(w, code))
        assert {row.state for row in commitments(w, get(w, code))} == {CommitmentState.VOIDED}
        assert commitments(w, get(w, code))[0].changed == ["files"]


def test_a_formal_decision_carries_forward_until_role_money_or_scope_change(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    decide(world, code, "tartu")
    decide(world, code, "helsinki")

    def live():
        with world.acting() as w:
            rows = commitments(w, get(w, code))
            names = {place.id: key for key, place in PLACES.items()}
            return sorted(names[row.city_id] for row in rows if row.state is CommitmentState.SIGNED)

    with world.acting("ravi") as w:
        actions.revise(w, get(w, code), {"risks": "A new risk.", "summary": "Shorter."})
        assert commitments_live(w, get(w, code)) is None  # it stands for the sign-off too
    assert live() == ["helsinki", "tartu"]

    with world.acting("ravi") as w:
        lines = {
            (code_of(w, "taltech"), BudgetCategory.STAFF, 1): 90_000_000,
            (code_of(w, "tartu"), BudgetCategory.STAFF, 1): 30_000_000,
        }
        actions.set_budget(w, get(w, code), lines)
    assert live() == ["helsinki"]

    with world.acting("ravi") as w:
        actions.change_city_role(w, get(w, code), code_of(w, "helsinki"), CityRole.FOLLOWER)
    assert live() == []

    decide(world, code, "tartu")
    with world.acting("ravi") as w:
        actions.revise(w, get(w, code), {"months": "30"})
    assert live() == []


def test_a_decision_names_its_body_and_bridge_financing(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    stored = attachment.store(world.settings.files, b"%PDF-1.7 decision 114", "decision 114.pdf")
    with world.acting("peeter") as w, pytest.raises(Forbidden):
        decide_as(w, code, stored)
    with world.acting("mari") as w:
        decide_as(w, code, stored)

    with world.acting() as w:
        (row,) = commitments(w, get(w, code))
        assert (row.body, row.bridge_cents, row.state) == ("City Council", 4_000_000, CommitmentState.SIGNED)
        (file,) = attachment.of(w, "commitment", row.code)
        assert (file.code, file.sha256) == (row.attachment_code, stored.sha256)


def decide_as(w, code, stored):
    given = Decision(body="City Council", decided_on=date(2027, 5, 3), bridge_cents=4_000_000)
    actions.record_decision(w, get(w, code), code_of(w, "tartu"), given, stored)


def test_a_city_that_leaves_after_signing_takes_its_commitment_along(world):
    code = proposal_in(world, S.IN_JURY)
    with world.acting("sofia") as w:
        actions.leave_as_city(w, get(w, code), code_of(w, "helsinki"), "The council changed.")

    with world.acting("ravi") as w:
        proposal = get(w, code)
        ended = [row for row in commitments(w, proposal) if row.city_id == PLACES["helsinki"].id]
        assert [(row.state, row.ended_why) for row in ended] == [(CommitmentState.WITHDRAWN, "The council changed.")]
        actions.ask_city(w, proposal, code_of(w, "fingal"), CityRole.PILOT)
        with pytest.raises(Refused):
            actions.revise(w, proposal, {"risks": "Cities only."})
    with world.acting() as w:
        assert states(w, code) == [
            ("tartu", "sign_off", "voided"),
            ("helsinki", "sign_off", "withdrawn"),
        ]

    sign_all(world, code)
    walk(world, code, "award")


def test_cities_can_be_replaced_only_until_the_date_given(world):
    code = proposal_in(world, S.IN_JURY)
    with world.acting("ravi") as w, pytest.raises(Refused):
        actions.ask_city(w, get(w, code), code_of(w, "fingal"), CityRole.PILOT)
    with world.acting("sofia") as w:
        actions.leave_as_city(w, get(w, code), code_of(w, "helsinki"), "The council changed.")
    world.move(days=31)

    with world.acting("ravi") as w, pytest.raises(Refused):
        actions.ask_city(w, get(w, code), code_of(w, "fingal"), CityRole.PILOT)


def test_withdrawing_a_commitment_blocks_the_award(world):
    code = proposal_in(world, S.IN_JURY)
    with world.acting("sofia") as w:
        proposal = get(w, code)
        row = next(row for row in commitments(w, proposal) if row.city_id == PLACES["helsinki"].id)
        actions.withdraw_commitment(w, proposal, row, Ended(why="No money."))

    with world.acting("jaan") as w:
        proposal = get(w, code)
        proposal.award_cents, proposal.reviews_eligible = 1, 3
        with pytest.raises(Refused) as refused:
            actions.cause(w, proposal, "award")
    assert refused.value.problem.code == "commitments"
    (said,) = refused.value.problem.fields.values()
    assert "Helsinki has not signed" in str(said)


def test_the_last_revision_a_city_signed_is_found_after_it_became_void(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    sign(world, code, "tartu")
    with world.acting("ravi") as w:
        actions.revise(w, get(w, code), {"risks": "A new risk."})
        city = content.cities(w, get(w, code))[0]
        found = last_signed(w, get(w, code), city)

        assert found.content["answers"]["risks"] != get(w, code).answers["risks"]
        assert PROPOSAL.variant(get(w, code)) == frozenset(content.gates_of(get(w, code)))


def test_followers_owe_nothing(world):
    code = proposal_in(world, S.CO_DEVELOPMENT)
    with world.acting("ravi") as w:
        actions.ask_city(w, get(w, code), code_of(w, "dlr"), CityRole.FOLLOWER)
    sign_all(world, code)

    with world.acting() as w:
        assert commitments_live(w, get(w, code)) is None
