"""The demo plays on both databases, and what its round was decided on gives the same once more."""

from sqlmodel import select

from challenge import demo, replay
from challenge.kernel import journal
from challenge.pilots.models import Indicator, Tranche
from challenge.pilots.money import queries as money
from challenge.pilots.money.models import ChangeRequest, Claim
from challenge.rounds.models import Round


def test_the_demo_has_a_pilot_with_money_and_its_round_replays_byte_for_byte_and_its_journal_verifies(world, tmp_path):
    demo.fill(world.database, world.settings.model_copy(update={"files": tmp_path / "files"}))
    with world.acting(writing=False) as w:
        (round_,) = w.session.exec(select(Round).where(Round.example)).all()
        computed = [*replay.calibrations(w, round_), *replay.scenarios(w, round_), *replay.rankings(w, round_)]
        assert list(replay.faults(w)) == []
        assert list(journal.faults(w.session)) == []
        assert list(money.faults(w)) == []
        states = [sorted(map(str, w.session.exec(select(table.state)))) for table in (Tranche, Claim, ChangeRequest)]
        kroner = w.session.exec(select(Claim.cents, Claim.minor).where(Claim.currency == "DKK")).all()
        measured = w.session.exec(select(Indicator.title).where(Indicator.measured_on.is_not(None))).all()
    assert [one.differs for one in computed] == [()] * len(computed)
    assert {one.what.split()[0] for one in computed} >= {"scenario", "ranking"}
    assert states == [
        ["approved", "due", "paid", "planned", "planned"], ["accepted", "accepted", "returned", "submitted"], ["asked"],
    ]  # fmt: skip
    assert kroner == [(1_249_933, 9_325_000)]
    assert len(measured) == 4
