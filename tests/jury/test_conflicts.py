"""Conflicts of interest: declared, set, inferred, confirmed, lifted, and what counts after each."""

import pytest
from sqlmodel import select

from challenge.jury import actions, queries
from challenge.jury.models import Conflict
from challenge.jury.schemas import Declaration, Reason, Stepping
from challenge.jury.states import ConflictKind, ConflictSource, ConflictState, ReviewState
from challenge.kernel.errors import Forbidden, Refused
from challenge.people.models import Membership, Person
from challenge.people.queries import fold
from challenge.people.states import Seat
from challenge.proposals.models import Exclusion, TeamMember
from challenge.proposals.states import TeamRole
from challenge.rounds.schemas import Rules
from tests.cast import PEOPLE, PLACES
from tests.factories.jury import (
    JURY,
    PANEL,
    juror_of,
    jury_of,
    make_judged,
    make_juror,
    make_submitted,
    proposal_of,
    review_of,
    round_of,
)
from tests.factories.rounds import make_round

FAMILY = Stepping(kind=ConflictKind.FAMILY, explanation="My sister leads the work in Helsinki.")
LIFT = Reason(reason="They never met.")


def conflicts(w, code):
    return w.session.exec(select(Conflict).where(Conflict.proposal_id == proposal_of(w, code).id)).all()


def excluded(w, code):
    return set(w.session.exec(select(Exclusion.person_id).where(Exclusion.proposal_id == proposal_of(w, code).id)))


def scored(world, *marks):
    """A proposal all three jurors have scored."""
    codes = jury_of(world, *PANEL, state=None)
    with world.acting() as w:
        for name, mark in zip(PANEL, marks, strict=True):
            proposal = proposal_of(w, codes["p1"])
            codes[f"{name}1"] = make_submitted(w, proposal, juror_of(w, codes[f"juror_{name}"]), mark).code
    return codes


def test_a_declared_conflict_recuses_at_once(world):
    codes = jury_of(world, "lena")
    with world.acting("lena") as w:
        given = Declaration(answer="family", explanation="My sister leads the work in Helsinki.")
        assert actions.declare(w, review_of(w, codes["lena1"]), given).row.name == "recuse"

    with world.acting() as w:
        (conflict,) = conflicts(w, codes["p1"])
        assert (conflict.state, conflict.source) == (ConflictState.DECLARED, ConflictSource.DECLARED)
        assert review_of(w, codes["lena1"]).state is ReviewState.RECUSED
        assert excluded(w, codes["p1"]) == {PEOPLE["lena"].id}
        assert queries.is_conflicted(w, PEOPLE["lena"].id, proposal_of(w, codes["p1"]).id)


@pytest.mark.abuse(9)
def test_a_conflict_found_after_scoring_takes_the_scores_out_visibly(world):
    codes = scored(world, 50, 30, 40)
    with world.acting("jaan", writing=False) as w:
        before = queries.ranking(w, round_of(w, codes["round"]), "full_proposal").rows[0]
        assert (before.standing.total, len(before.excluded)) == (20, 0)
    with world.acting("lena") as w:
        actions.fire(w, review_of(w, codes["lena1"]), "recuse", FAMILY)

    with world.acting("jaan", writing=False) as w:
        row = queries.ranking(w, round_of(w, codes["round"]), "full_proposal").rows[0]
        assert row.standing.total == 35 / 2
        assert [(review.juror, review.state) for review in row.excluded] == [("Lena Lind", ReviewState.RECUSED)]
        proposal = proposal_of(w, codes["p1"])
        assert (proposal.reviews_eligible, proposal.below_threshold) == (2, None)


def test_what_a_coordinator_sets_counts_from_that_moment(world):
    codes = scored(world, 50, 30, 40)
    with world.acting("jaan") as w:
        oskar = w.session.get_one(Person, PEOPLE["oskar"].id)
        actions.set_conflict(w, proposal_of(w, codes["p1"]), oskar, ConflictKind.FINANCIAL, "He owns shares.")

    with world.acting() as w:
        assert conflicts(w, codes["p1"])[0].state is ConflictState.CONFIRMED
        assert review_of(w, codes["oskar1"]).state is ReviewState.RECUSED
        assert proposal_of(w, codes["p1"]).reviews_eligible == 2
    with world.acting("kadri") as w:
        oskar = w.session.get_one(Person, PEOPLE["oskar"].id)
        with pytest.raises(Refused, match="conflict_exists"):
            actions.set_conflict(w, proposal_of(w, codes["p1"]), oskar, ConflictKind.OTHER, "Again.")


def test_only_a_coordinator_sets_a_conflict_for_somebody_else(world):
    codes = jury_of(world, "lena", "oskar")
    with world.acting("lena") as w:
        oskar = w.session.get_one(Person, PEOPLE["oskar"].id)
        with pytest.raises(Forbidden):
            actions.set_conflict(w, proposal_of(w, codes["p1"]), oskar, ConflictKind.OTHER, "He is better than I.")


def test_a_lifted_conflict_brings_nothing_back_by_itself(world):
    """Recused stays recused: the coordinator assigns again, the juror is asked again, the scores wait as a draft."""
    codes = scored(world, 40, 40, 40)
    with world.acting("lena") as w:
        actions.fire(w, review_of(w, codes["lena1"]), "recuse", FAMILY)
    with world.acting("jaan") as w:
        actions.fire_conflict(w, conflicts(w, codes["p1"])[0], "lift", LIFT)
        assert excluded(w, codes["p1"]) == set()
        assert proposal_of(w, codes["p1"]).reviews_eligible == 2
    with world.acting("jaan") as w:
        again = actions.assign(w, proposal_of(w, codes["p1"]), juror_of(w, codes["juror_lena"]), "full_proposal")
        assert (again.code, again.state) == (codes["lena1"], ReviewState.ASSIGNED)
        assert proposal_of(w, codes["p1"]).reviews_eligible == 2


def test_an_inferred_conflict_excludes_until_it_is_lifted(world):
    codes = scored(world, 40, 40, 40)
    with world.acting() as w:
        w.add(Membership(person_id=PEOPLE["ilse"].id, organisation_id=PLACES["taltech"].id, seat=Seat.MEMBER))
    with world.acting("jaan") as w:
        (found,) = actions.infer(w, round_of(w, codes["round"]))
        assert (found.kind, found.state) == (ConflictKind.ORGANISATION, ConflictState.INFERRED)
        assert found.organisation_id == PLACES["taltech"].id
        assert proposal_of(w, codes["p1"]).reviews_eligible == 2
        assert review_of(w, codes["ilse1"]).state is ReviewState.SUBMITTED
    with world.acting("jaan") as w:
        actions.fire_conflict(w, conflicts(w, codes["p1"])[0], "lift", LIFT)
        assert proposal_of(w, codes["p1"]).reviews_eligible == 3
        assert actions.infer(w, round_of(w, codes["round"])) == []


def test_a_confirmed_inference_recuses(world):
    codes = jury_of(world, "lena")
    with world.acting() as w:
        w.add(Membership(person_id=PEOPLE["lena"].id, organisation_id=PLACES["helsinki"].id, seat=Seat.MEMBER))
        (found,) = actions.infer(w, round_of(w, codes["round"]))
        assert (found.kind, found.organisation_id) == (ConflictKind.CITY, PLACES["helsinki"].id)
    with world.acting("jaan") as w:
        actions.fire_conflict(w, conflicts(w, codes["p1"])[0], "confirm")
        (found,) = conflicts(w, codes["p1"])
        assert (found.decided_by_id, found.decided_at) == (PEOPLE["jaan"].id, world.now)
        assert review_of(w, codes["lena1"]).state is ReviewState.RECUSED


def test_a_juror_may_declare_what_was_inferred(world):
    codes = jury_of(world, "lena")
    with world.acting() as w:
        w.add(Membership(person_id=PEOPLE["lena"].id, organisation_id=PLACES["helsinki"].id, seat=Seat.MEMBER))
        actions.infer(w, round_of(w, codes["round"]))
    with world.acting("lena") as w:
        actions.declare_conflict(w, proposal_of(w, codes["p1"]), FAMILY)
    with world.acting() as w:
        (conflict,) = conflicts(w, codes["p1"])
        assert (conflict.state, conflict.source) == (ConflictState.DECLARED, ConflictSource.DECLARED)


def test_seats_speak_for_a_conflict(world):
    codes = jury_of(world, "lena")
    for place, kind in (("taltech", "organisation"), ("tartu", "city"), ("aalto", None), ("narva", None)):
        with world.acting() as w:
            w.add(Membership(person_id=PEOPLE["lena"].id, organisation_id=PLACES[place].id, seat=Seat.MEMBER))
            found = queries.inferred(
                w, round_of(w, codes["round"]), [juror_of(w, codes["juror_lena"])], [proposal_of(w, codes["p1"]).id]
            )
            assert [str(one.kind) for one in found.values()] == ([kind] if kind else [])
            w.session.rollback()


def test_the_hosts_people_are_in_conflict_by_team_only(world):
    world.now = JURY
    host = PLACES["host"]
    with world.acting() as w:
        round_ = make_round(w, rules=Rules(host_organisations=[host.name.upper()]))
        proposal = make_judged(w, round_)
        proposal.organisation_id = host.id
        jurors = [make_juror(w, round_, "lena"), make_juror(w, round_, "ravi")]
        w.add(Membership(person_id=PEOPLE["lena"].id, organisation_id=host.id, seat=Seat.MEMBER))
        found = queries.inferred(w, round_, jurors, [proposal.id])
    assert {person: one.kind for (person, _proposal), one in found.items()} == {PEOPLE["ravi"].id: ConflictKind.TEAM}


def test_somebody_invited_to_the_team_by_address_is_of_the_team(world):
    codes = jury_of(world, "lena")
    with world.acting() as w:
        lena, proposal = PEOPLE["lena"], proposal_of(w, codes["p1"])
        w.add(
            TeamMember(
                proposal_id=proposal.id, name="L. Lind", email=lena.email, email_key=fold(lena.email),
                role=TeamRole.MENTOR, invited_at=w.now,
            )
        )  # fmt: skip
        (found,) = actions.infer(w, round_of(w, codes["round"]))
        assert found.kind is ConflictKind.TEAM
