"""What speaks for a conflict of interest beyond seats and teams, and the check before somebody is invited."""

from datetime import timedelta

import pytest
from sqlmodel import select

from challenge.jury import actions, queries
from challenge.jury.identities import domain_of, domain_of_site, house_of, mailbox
from challenge.jury.models import Conflict
from challenge.jury.states import ConflictKind, Via
from challenge.people.models import Membership, Organisation, Person
from challenge.people.queries import address_key
from challenge.people.states import OrganisationKind, Seat
from challenge.proposals.models import TeamMember
from challenge.proposals.states import ProposalState, TeamRole
from challenge.rounds.schemas import Rules
from challenge.submissions.models import Submission
from tests.cast import PEOPLE, PLACES
from tests.factories.jury import (
    JURY,
    juror_of,
    jury_of,
    make_conflict,
    make_judged,
    make_juror,
    proposal_of,
    round_of,
)
from tests.factories.people import make_person
from tests.factories.proposals import make_proposal
from tests.factories.rounds import make_round


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("ravi@taltech.ee", "taltech.ee"),
        ("ravi.rao@CS.TalTech.ee", "taltech.ee"),
        ("a@maths.ox.ac.uk", "ox.ac.uk"),
        ("lena@gmail.com", ""),
        ("lena@mail.example.org", ""),
        ("nobody", ""),
    ],
)
def test_an_address_is_of_a_house_unless_anybody_could_have_it(email, domain):
    assert domain_of(email) == domain


@pytest.mark.parametrize(
    ("website", "domain"),
    [("https://www.taltech.ee/en", "taltech.ee"), ("taltech.ee", "taltech.ee"), (None, ""), ("", "")],
)
def test_a_website_says_the_domain(website, domain):
    assert domain_of_site(website) == domain


def test_tags_and_the_two_names_of_one_provider_are_one_mailbox():
    assert mailbox("Lena+Jury@Example.org") == mailbox("lena@example.org")
    assert mailbox("le.na@googlemail.com") == mailbox("lena@gmail.com")
    assert mailbox("le.na@example.org") != mailbox("lena@example.org")


def test_units_of_an_organisation_are_of_its_house_and_namesakes_are_not():
    assert house_of("TalTech, School of Engineering", "EE") == house_of("TALTECH", "EE")
    assert house_of("TalTech – FinEst", "EE") == house_of("TalTech (Tallinn)", "EE")
    assert house_of("Tartu", "EE") != house_of("Tartu University", "EE")
    assert house_of("Dún Laoghaire-Rathdown", "IE") != house_of("Dún Laoghaire", "IE")
    assert house_of("TalTech", "EE") != house_of("TalTech", "FI")


def with_address(w, name, email):
    person = w.session.get_one(Person, PEOPLE[name].id)
    person.email, person.email_key = email, address_key(email)


def found(w, codes, name="lena"):
    """What is inferred between the juror and the first proposal: kind, organisation, how; None if nothing."""
    made = queries.inferred(
        w, round_of(w, codes["round"]), [juror_of(w, codes[f"juror_{name}"])], [proposal_of(w, codes["p1"]).id]
    )
    one = made.get((PEOPLE[name].id, proposal_of(w, codes["p1"]).id))
    return one and (one.kind, one.organisation_id, one.via)


def test_the_domain_of_the_team_or_of_an_organisation_speaks_for_a_conflict(world):
    codes = jury_of(world, "lena")
    with world.acting() as w:
        with_address(w, "lena", "lena@cs.ttu.ee")
        assert found(w, codes) is None
        with_address(w, "ravi", "ravi@ttu.ee")
        assert found(w, codes) == (ConflictKind.ORGANISATION, None, Via.DOMAIN)
        with_address(w, "ravi", "ravi@example.org")
        w.session.get_one(Organisation, PLACES["taltech"].id).website = "https://ttu.ee"
        assert found(w, codes) == (ConflictKind.ORGANISATION, PLACES["taltech"].id, Via.DOMAIN)
        w.session.get_one(Organisation, PLACES["taltech"].id).website = None
        w.session.get_one(Organisation, PLACES["helsinki"].id).website = "https://ttu.ee"
        assert found(w, codes) == (ConflictKind.CITY, PLACES["helsinki"].id, Via.DOMAIN)


def test_a_domain_two_people_of_an_organisation_share_is_one_of_its_own(world):
    codes = jury_of(world, "lena")
    with world.acting() as w:
        with_address(w, "lena", "lena@hel.fi")
        with_address(w, "sofia", "sofia@hel.fi")
        assert found(w, codes) is None
        other = make_person(w, "Otso", email="otso@hel.fi")
        w.add(Membership(person_id=other.id, organisation_id=PLACES["helsinki"].id, seat=Seat.MEMBER))
        assert found(w, codes) == (ConflictKind.CITY, PLACES["helsinki"].id, Via.DOMAIN)


def test_the_domain_of_the_hosts_people_says_nothing(world):
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w, rules=Rules(host_organisations=[PLACES["host"].name]))
        proposal, juror = make_judged(w, round_), make_juror(w, round_, "lena")
        with_address(w, "lena", "lena@taltech.ee")
        w.session.get_one(Organisation, PLACES["taltech"].id).website = "taltech.ee"
        assert len(queries.inferred(w, round_, [juror], [proposal.id])) == 1
        w.add(Membership(person_id=PEOPLE["lena"].id, organisation_id=PLACES["host"].id, seat=Seat.MEMBER))
        assert queries.inferred(w, round_, [juror], [proposal.id]) == {}


def test_a_seat_in_a_unit_is_a_seat_in_the_organisation(world):
    codes = jury_of(world, "lena")
    with world.acting() as w:
        unit = w.add(Organisation(kind=OrganisationKind.UNIVERSITY, name="TalTech, School of IT", country="EE"))
        w.session.flush()
        w.add(Membership(person_id=PEOPLE["lena"].id, organisation_id=unit.id, seat=Seat.MEMBER))
        assert found(w, codes) == (ConflictKind.ORGANISATION, PLACES["taltech"].id, Via.SEAT)


def test_somebody_invited_to_the_team_under_another_spelling_of_the_address_is_of_the_team(world):
    codes = jury_of(world, "lena")
    with world.acting() as w:
        email = PEOPLE["lena"].email.replace("@", "+team@")
        w.add(
            TeamMember(
                proposal_id=proposal_of(w, codes["p1"]).id, name="L. Lind", email=email, email_key=address_key(email),
                role=TeamRole.MENTOR, invited_at=w.now,
            )
        )  # fmt: skip
        assert found(w, codes) == (ConflictKind.TEAM, None, Via.TEAM)


def test_the_city_whose_challenge_it_answers_is_a_city_of_the_proposal(world):
    codes = jury_of(world, "lena")
    with world.acting() as w:
        w.add(Membership(person_id=PEOPLE["lena"].id, organisation_id=PLACES["narva"].id, seat=Seat.MEMBER))
        assert found(w, codes) is None
        for challenge in w.session.exec(select(Submission)):
            challenge.city_id = PLACES["narva"].id
        w.session.flush()
        assert found(w, codes) == (ConflictKind.CITY, PLACES["narva"].id, Via.SEAT)


@pytest.mark.parametrize(
    ("years_ago", "state", "counts"),
    [
        (2, ProposalState.DECLINED, True),
        (4, ProposalState.DECLINED, False),
        (4, ProposalState.PILOTED, True),  # three years of pilot
        (7, ProposalState.PILOTED, False),
        (None, ProposalState.DRAFT, False),
    ],
)
def test_work_on_an_earlier_proposal_counts_for_the_years_of_the_round(world, years_ago, state, counts):
    codes = jury_of(world, "lena")
    with world.acting() as w:
        submitted = None if years_ago is None else w.now - timedelta(days=365 * years_ago)
        earlier = make_proposal(w, round_of(w, codes["round"]), state=state, submitted_at=submitted, months=36)
        lena = PEOPLE["lena"]
        w.add(
            TeamMember(
                proposal_id=earlier.id, person_id=lena.id, name=lena.name, email=lena.email, role=TeamRole.RESEARCHER,
                email_key=address_key(lena.email), invited_at=w.now, accepted_at=w.now,
            )
        )  # fmt: skip
        assert found(w, codes) == ((ConflictKind.CO_AUTHOR, None, Via.WORK) if counts else None)


def test_what_was_inferred_from_a_domain_is_recorded_with_it(world):
    codes = jury_of(world, "lena")
    with world.acting() as w:
        with_address(w, "lena", "lena@ttu.ee")
        with_address(w, "ravi", "ravi@ttu.ee")
    with world.acting("jaan") as w:
        (conflict,) = actions.infer(w, round_of(w, codes["round"]))
        assert (conflict.kind, conflict.reason) == (ConflictKind.ORGANISATION, "ttu.ee")


# The check before somebody is invited


def checked(world, codes, address, who="jaan"):
    return world.client(who).post(f"/rounds/{codes['round']}/jurors/check", data={"address": address})


def test_somebody_is_checked_before_being_invited_and_nothing_is_kept(world):
    codes = jury_of(world, proposals=2)
    with world.acting() as w:
        w.session.get_one(Organisation, PLACES["helsinki"].id).website = "https://www.hel.fi"

    page = checked(world, codes, "new.person@hel.fi")
    assert page.status_code == 200
    for text in ("does not know this address yet", "Proposal 1", "Proposal 2", "Own city: Helsinki", "hel.fi"):
        assert text in page.text
    page = checked(world, codes, "somebody@aalto.fi").text
    assert "Nothing speaks against it" in page
    with world.acting() as w:
        assert w.session.exec(select(Conflict)).all() == []
        assert w.session.exec(select(Person).where(Person.email_key == "new.person@hel.fi")).all() == []


def test_somebody_known_is_checked_by_team_seat_and_what_is_on_record(world):
    codes = jury_of(world, proposals=1)
    assert "In the team, or invited to it" in checked(world, codes, PEOPLE["ravi"].email).text
    assert "A seat there" in checked(world, codes, PEOPLE["mari"].email).text
    with world.acting() as w:
        make_conflict(w, proposal_of(w, codes["p1"]), "eero")
    assert "A conflict is on record" in checked(world, codes, PEOPLE["eero"].email).text


def test_a_proposal_the_coordinator_has_a_conflict_with_is_not_in_the_check(world):
    codes = jury_of(world, proposals=1)
    with world.acting() as w:
        make_conflict(w, proposal_of(w, codes["p1"]), "jaan")

    assert "Proposal 1" in checked(world, codes, PEOPLE["mari"].email, "kadri").text
    assert "Proposal 1" not in checked(world, codes, PEOPLE["mari"].email).text


def test_only_coordinators_check_people(world):
    codes = jury_of(world, "lena")
    for who, status in (("olev", 403), ("lena", 404), ("ravi", 404), ("mari", 404)):
        assert checked(world, codes, PEOPLE["mari"].email, who).status_code == status
    assert checked(world, codes, "nothing").status_code == 422
