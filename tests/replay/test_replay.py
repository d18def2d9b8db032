"""A round computed once more: the same byte for byte, and whatever was changed behind the service is named."""

import contextlib

import pytest
import typer
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select
from typer.testing import CliRunner

from challenge import cli, replay
from challenge.jobs import calibrating
from challenge.jury import queries as jury
from challenge.jury.consensus import actions as panel
from challenge.jury.consensus.models import Consensus
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.models import Calibration, Review
from challenge.jury.states import ReviewState
from challenge.kernel.journal import digest
from challenge.kernel.revision import Revision
from challenge.people.models import Person
from challenge.privacy import erasure
from challenge.proposals.models import Proposal
from challenge.replay import command
from challenge.rounds.models import Round
from challenge.selection.models import KeptRanking
from challenge.selection.states import OutcomeState
from tests.cast import PEOPLE
from tests.factories.consensus import consensus_in
from tests.factories.jury import jury_of, make_juror, make_submitted, put_marks, review_of
from tests.factories.selection import make_outcome
from tests.selection.scenarios import MILLION, TIGHT, adopt, made, scored
from tests.selection.steps import announce


@pytest.fixture
def judged(world):
    """A round with three reviews a proposal: its code and id."""
    round_id, *ids = scored(world, TIGHT, budget_cents=3 * MILLION)
    with world.acting() as w:
        round_ = w.session.get_one(Round, round_id)
        for name, more in (("oskar", 5), ("ilse", 0)):
            juror = make_juror(w, round_, name)
            for at, key in enumerate(ids):
                make_submitted(w, w.session.get_one(Proposal, key), juror, 35 + more + 5 * (at % 2))
        return round_.code, round_id


@pytest.fixture
def decided(world, judged):
    """With a calibration and an adopted scenario; its code."""
    calibrating.run(world.database, world.clock)
    adopt(world, judged[1], made(world, judged[1], planned={"large": 1}))
    return judged[0]


def again(world, code):
    with world.acting(writing=False) as w:
        round_ = w.session.exec(select(Round).where(Round.code == code)).one()
        computed = [*replay.calibrations(w, round_), *replay.scenarios(w, round_), *replay.rankings(w, round_)]
        return list(replay.faults(w, round_.id)), {one.what.split()[0]: one.differs for one in computed}


def replayed(world, code):
    """What the command says of the world's database."""
    app = typer.Typer()
    command.add_to(app, lambda: contextlib.nullcontext((world.settings, world.database)))
    return CliRunner().invoke(app, [code])


def behind_the_service(world, statement, **names):
    """As an administrator of the database may: triggers go first."""
    with world.database.engine.begin() as connection:
        tables = ("revision", "selection", "consensus", "consensus_mark", "kept_ranking")
        if world.database.is_sqlite:
            rows = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
            for name in rows:
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            for table in tables:
                connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        connection.execute(text(statement), names)


def test_everything_gives_the_same_again_with_another_solver_too_and_after_an_erasure(world, decided):
    said = replayed(world, decided.lower())
    assert said.exit_code == 0, said.output
    assert "every mark is as it was handed in, 2 computations give the same again" in said.output
    behind_the_service(world, "UPDATE selection SET solver_version = '0.1'")
    with world.acting("anna") as w:
        lena = w.session.get_one(Person, PEOPLE["lena"].id)
        erasure.erase(w, lena, lena.name)
    said = replayed(world, decided)
    assert said.exit_code == 0, said.output
    assert "computed then with {'solver': '0.1'}" in said.output


def test_what_was_changed_afterwards_is_named(world, decided):
    for statement in (
        "UPDATE scenario SET changes = '{}'",
        "UPDATE selection SET objective = objective + 1, bound = bound + 1, reserve = '[]', inputs_hash = 'x'",
        "UPDATE calibration SET result = '{}', inputs_hash = 'x'",
    ):
        behind_the_service(world, statement)
    assert again(world, decided)[1] == {
        "scenario": (
            "constraints",
            "reserve",
            "objective",
            "bound",
            "inputs",
            "what the journal says of it",
        ),
        "calibration": ("inputs", "result"),
    }


def test_the_command_is_there_and_knows_no_other_round(world):
    assert replayed(world, "ZZZZZZZZ").exit_code == 1
    assert "replay" in CliRunner().invoke(cli.app, ["--help"]).output


def test_a_score_that_was_changed_is_named_by_verify_and_by_replay(world, judged, monkeypatch):
    code, _round_id = judged
    behind_the_service(world, "UPDATE score SET tenths = 5 WHERE id = (SELECT min(id) FROM score)")
    faults, _computed = again(world, code)
    assert len(faults) == 1
    assert "is 0.5, handed in was" in faults[0]
    monkeypatch.setattr(cli, "opened", lambda: contextlib.nullcontext((world.settings, world.database)))
    for said in (replayed(world, code), CliRunner().invoke(cli.app, ["verify"])):
        assert said.exit_code == 1
        assert faults[0] in said.output


def test_nor_can_what_was_kept_be_changed_with_it(world, judged):
    """Score, kept content and its hash together: only the journal still knows."""
    code, _round_id = judged
    with world.acting(writing=False) as w:
        review = w.session.exec(select(Review).order_by(Review.id)).first()
        revision = w.session.exec(select(Revision).where(Revision.subject_code == review.code)).one()
        content = {**revision.content, "marks": {
            key: {**one, "mark": "0.5"} for key, one in revision.content["marks"].items()
        }}  # fmt: skip
        key, review_id = revision.id, review.id
    behind_the_service(world, "UPDATE score SET tenths = 5 WHERE review_id = :id", id=review_id)
    with world.database.session(writing=True) as session:
        row = session.get_one(Revision, key)
        row.content = content
        session.commit()
    assert any("the content that was kept was changed" in fault for fault in again(world, code)[0])
    behind_the_service(world, "UPDATE revision SET hash = :hash WHERE id = :id", hash=digest(content), id=key)
    assert again(world, code)[0] == [
        f"review {review.code}, version 1: the journal knows no such content"
    ]  # fmt: skip


def test_what_really_was_handed_in_and_agreed_is_kept_in_the_journal(world):
    from challenge.jury import actions  # noqa: PLC0415 -- beside the panel's own

    codes = jury_of(world, "lena", state=ReviewState.DRAFT)
    with world.acting() as w:
        put_marks(w, review_of(w, codes["lena1"]), 40)
    with world.acting("lena") as w:
        assert actions.fire(w, review_of(w, codes["lena1"]), "submit").done
    with world.acting(writing=False) as w:
        assert list(replay.faults(w)) == []
        assert w.session.exec(select(Calibration)).all() == []


def test_a_mark_of_a_consensus_that_was_changed_is_named(world):
    codes = consensus_in(world, ConsensusState.PROPOSED)
    with world.acting("lena") as w:
        consensus = w.session.exec(select(Consensus).where(Consensus.code == codes["consensus"])).one()
        panel.fire(w, consensus, "take_back")
        panel.fire(w, consensus, "propose")
    behind_the_service(world, "UPDATE consensus SET state = 'agreed', agreed_at = created_at")
    with world.acting(writing=False) as w:
        assert [fault for fault in replay.faults(w) if "consensus" in fault] == []
    behind_the_service(world, "UPDATE consensus_mark SET tenths = 20")
    with world.acting(writing=False) as w:
        assert all("handed in was" in fault for fault in replay.faults(w) if "consensus" in fault)
        assert [fault for fault in replay.faults(w) if "consensus" in fault] != []


@pytest.fixture
def told(world, judged):
    """With the first proposal awarded and announced; the round's code."""
    with world.acting() as w:
        proposal = w.session.exec(select(Proposal).order_by(Proposal.id)).first()
        proposal.below_threshold = proposal.consensus_missing = False
        make_outcome(w, proposal, state=OutcomeState.APPROVED)
    announce(world, judged[1])
    return judged[0]


def test_the_ranking_is_kept_when_results_are_announced_and_computed_once_more(world, told):
    _faults, computed = again(world, told)
    assert computed["ranking"] == ()
    with world.acting(writing=False) as w:
        kept = w.session.exec(select(KeptRanking)).one()
        live = jury.ranking(w, w.session.exec(select(Round).where(Round.code == told)).one(), kept.gate)
    assert [(one["id"], one["place"]) for one in kept.places] == [(row.id, row.standing.place) for row in live.rows]
    assert [one["score"] for one in kept.places] == [str(row.standing.score) for row in live.rows]


def test_a_kept_ranking_that_was_changed_is_named(world, told):
    with world.acting(writing=False) as w:
        kept = w.session.exec(select(KeptRanking)).one()
    turned = [{**one, "place": 9} for one in kept.places]
    with pytest.raises(DBAPIError), world.acting() as w:
        w.session.get_one(KeptRanking, kept.id).places = turned
    behind_the_service(world, "UPDATE kept_ranking SET inputs_hash = 'x'")
    assert again(world, told)[1]["ranking"] == ("inputs", "what the journal says of it")
    with world.acting() as w:
        w.session.get_one(KeptRanking, kept.id).places = turned
    assert again(world, told)[1]["ranking"] == ("inputs", "places", "what the journal says of it")
