"""The synthetic programme: real enough that pages open and the journal verifies, the same for the same number."""

import pytest
from sqlmodel import select

from challenge.jury.models import Review
from challenge.jury.states import ReviewState
from challenge.kernel import journal, migrate
from challenge.kernel.database import Database
from challenge.kernel.schema import create_schema
from challenge.kernel.work import open_work
from challenge.people.models import SignInSession
from challenge.people.queries import token_hash
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState as S
from challenge.seed import fill
from challenge.seed.programme import NotEmpty
from tests.world import NOW, Client

SCALE = 60


@pytest.fixture
def empty(world):
    """The same database with nobody in it."""
    migrate.downgrade(world.database, "base")
    migrate.upgrade(world.database)
    return world


def test_the_pages_of_a_synthetic_programme_open_and_its_journal_verifies(empty):
    seeded = fill(empty.database, NOW, scale=SCALE)
    with empty.acting(writing=False) as w:
        assert list(journal.faults(w.session)) == []
        assert len(w.session.exec(select(Proposal.id)).all()) == SCALE
        assert set(w.session.exec(select(Review.state))) >= {ReviewState.SUBMITTED, ReviewState.DRAFT}
    proposal, declined = seeded.proposals.some[S.IN_JURY][0], seeded.proposals.some[S.DECLINED][0]
    review, juror = seeded.jury.reviews[ReviewState.DRAFT][0]
    read, officer = seeded.jury.reviews[ReviewState.SUBMITTED][0][0], seeded.society.offices[0].id
    paths = {
        (officer, f"/proposals?round={seeded.round_code}"), (officer, f"/reviews/{read}"),
        (officer, f"/rounds/{seeded.round_code}/ranking"), (proposal.lead.id, f"/proposals/{proposal.code}"),
        (declined.lead.id, f"/proposals/{declined.code}/outcome"), (juror.id, f"/reviews/{review}"),
        (seeded.society.home[0].lead.id, "/home"), (officer, "/journal"), (None, "/challenges"), (None, "/"),
    }  # fmt: skip
    clients = {person: client_of(empty, person) for person in {person for person, _path in paths}}
    assert {path: clients[person].get(path).status_code for person, path in paths} == {path: 200 for _p, path in paths}
    with empty.acting() as w:  # ids go on after those that were given
        w.add(Proposal(**{**w.session.exec(select(Proposal)).first().model_dump(exclude={"id"}), **NEW}))


NEW = {"code": "NEWNEW00", "title": "new", "title_key": "new"}


def client_of(world, person):
    if person is None:
        return world.client()
    token = f"token-of-{person}"
    with open_work(world.database, world.now) as w:
        times = {"started_at": w.now, "seen_at": w.now, "proven_at": w.now}
        w.add(SignInSession(person_id=person, token_hash=token_hash(token), **times))
    return Client(world.app, token)


def test_the_same_number_gives_the_same_programme_and_another_another(tmp_path):
    codes = []
    for place, rng in enumerate((1, 1, 2)):
        database = Database(f"sqlite:///{tmp_path / str(place)}.db")
        create_schema(database)
        seeded = fill(database, NOW, scale=12, rng=rng)
        codes.append([one.code for few in seeded.proposals.some.values() for one in few])
        database.close()
    assert codes[0] == codes[1] != codes[2]


def test_it_goes_into_an_empty_database_only(world):
    with pytest.raises(NotEmpty):
        fill(world.database, NOW, scale=12)
