"""The demo plays on both databases, and what its round was decided on gives the same once more."""

from sqlmodel import select

from challenge import demo, replay
from challenge.kernel import journal
from challenge.rounds.models import Round


def test_the_round_of_the_demo_replays_byte_for_byte_and_its_journal_verifies(world, tmp_path):
    demo.fill(world.database, world.settings.model_copy(update={"files": tmp_path / "files"}))
    with world.acting(writing=False) as w:
        (round_,) = w.session.exec(select(Round).where(Round.example)).all()
        computed = [*replay.calibrations(w, round_), *replay.scenarios(w, round_), *replay.rankings(w, round_)]
        assert list(replay.faults(w)) == []
        assert list(journal.faults(w.session)) == []
    assert [one.differs for one in computed] == [()] * len(computed)
    assert {one.what.split()[0] for one in computed} >= {"scenario", "ranking"}
