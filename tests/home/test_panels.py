"""What a panel asks of its jurors and of the team stands on their home page, as long as it can be done."""

from challenge.jury import actions as jury
from challenge.jury.consensus import reactions
from challenge.jury.consensus.states import ConsensusState
from challenge.jury.schemas import Stepping
from challenge.jury.states import ConflictKind
from tests.factories.consensus import answer, consensus_of, make_consensus, panel_of
from tests.factories.jury import FULL, proposal_of, round_of

WRITE = "You moderate: write it and put it to the panel"
READ = "Read the comments of the jury; you may answer once"


def home_of(world, name):
    return world.client(name).get("/home").text


def test_the_moderator_writes_then_the_others_answer(world):
    codes = panel_of(world)
    with world.acting() as w:
        code = make_consensus(w, proposal_of(w, codes["p1"])).code
    assert WRITE in home_of(world, "lena")
    assert f"/consensus/{code}" not in home_of(world, "oskar")
    with world.acting() as w:
        consensus = consensus_of(w, code)
        answer(w, consensus, "ilse")
        consensus.state = ConsensusState.PROPOSED
    assert "Confirm or object" in home_of(world, "oskar")
    for name in ("lena", "ilse", "jaan", "ravi"):
        assert f"/consensus/{code}" not in home_of(world, name), name


def test_with_a_conflict_nothing_of_it_is_asked(world):
    codes = panel_of(world)
    with world.acting() as w:
        code = make_consensus(w, proposal_of(w, codes["p1"]), state=ConsensusState.PROPOSED).code
    assert f"/consensus/{code}" in home_of(world, "oskar")
    with world.acting("oskar") as w:
        said = Stepping(kind=ConflictKind.FAMILY, explanation="My sister leads the work.")
        jury.declare_conflict(w, proposal_of(w, codes["p1"]), said)
    assert f"/consensus/{code}" not in home_of(world, "oskar")


def test_the_lead_is_asked_to_read_the_comments_until_the_answer_is_given(world):
    codes = panel_of(world)
    assert READ not in home_of(world, "ravi")
    with world.acting("jaan") as w:
        reactions.open_reactions(w, round_of(w, codes["round"]), FULL)
    assert READ in home_of(world, "ravi")
    assert "Tue 12 October 2027, 13:00" in home_of(world, "ravi")
    world.client("ravi").post(f"/proposals/{codes['p1']}/reaction", data={"text": "Two numbers are wrong."})
    assert READ not in home_of(world, "ravi")
