"""The right to react: a team reads comments without names and marks, and answers once, in time."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import select

from challenge.jury.consensus import reactions
from challenge.jury.consensus.models import Reaction
from challenge.jury.consensus.schemas import ReactionIn
from challenge.kernel.errors import Forbidden, Refused
from challenge.notifications.actions import tell
from challenge.notifications.models import Message
from challenge.proposals.models import TeamMember
from challenge.proposals.states import TeamRole
from challenge.rounds.schemas import Rules
from tests.cast import PEOPLE
from tests.factories.consensus import make_consensus, make_panel, make_reaction, panel_of
from tests.factories.jury import FULL, JURY, make_conflict, proposal_of, round_of
from tests.factories.rounds import make_round


def opened(world, **fields):
    """The comments are open to the team of ravi."""
    codes = panel_of(world, **fields)
    with world.acting("jaan") as w:
        reactions.open_reactions(w, round_of(w, codes["round"]), FULL)
    return codes


def reaction_of(w):
    return w.session.exec(select(Reaction)).one()


@pytest.mark.abuse(4)
def test_the_team_reads_comments_and_no_name_no_mark(world):
    codes = opened(world)
    page = world.client("ravi").get(f"/proposals/{codes['p1']}/reaction").text
    for name in ("lena", "oskar", "ilse"):
        assert f"Clear. by-{name}" in page
        assert f"As a whole by-{name}" in page
    for word in ("Lena Lind", "Oskar Olsen", "Ilse Ivask", "Reviewer", codes["juror_lena"], "far apart", "3.3", "2 of",
                 "threshold"):  # fmt: skip
        assert word not in page, word
    with world.acting() as w:
        kept = reaction_of(w).comments
        assert {tuple(sorted(one)) for one in kept} == {("criterion", "text")}
    workspace = world.client("ravi").get(f"/proposals/{codes['p1']}").text
    assert f"/proposals/{codes['p1']}/reaction" in workspace


def test_comments_stand_in_an_order_that_is_nobodys(world):
    """For each criterion another one, so that no two comments are seen to be of the same juror."""
    opened(world)
    with world.acting() as w:
        order = {}
        for one in reaction_of(w).comments:
            order.setdefault(one["criterion"], []).append(one["text"].split("by-")[1].split(" ")[0])
    assert len(order) == 6
    assert len({tuple(names) for names in order.values()}) > 1


@pytest.mark.abuse(4)
def test_nobody_else_reads_them(world):
    codes = opened(world)
    path = f"/proposals/{codes['p1']}/reaction"
    for who, status in (("lena", 404), ("eero", 404), ("mari", 404), ("sofia", 404), ("katrin", 404), ("anna", 404),
                        ("nobody", 303), ("ravi", 200), ("jaan", 200), ("olev", 200)):  # fmt: skip
        answer = world.client(who).get(path)
        assert answer.status_code == status, who
        assert ("Clear. by-lena" in answer.text) == (status == 200)


def test_before_they_are_opened_there_is_no_such_page(world):
    codes = panel_of(world)
    for who in ("ravi", "jaan"):
        assert world.client(who).get(f"/proposals/{codes['p1']}/reaction").status_code == 404


def test_it_is_told_with_its_deadline_and_answered_once(world):
    codes = opened(world)
    path = f"/proposals/{codes['p1']}/reaction"
    with world.acting() as w:
        while tell(w, "http://127.0.0.1:8000"):
            pass
        told = w.session.exec(select(Message).where(Message.template == "proposal.open_reaction.leads")).all()
        assert [message.person_id for message in told] == [PEOPLE["ravi"].id]
        assert "12 October 2027, 13:00" in told[0].text
    ravi = world.client("ravi")
    assert ravi.post(path, data={"text": " "}).status_code == 422
    assert ravi.post(path, data={"text": "Two numbers are wrong."}).status_code == 303
    again = ravi.post(path, data={"text": "And a third."})
    assert again.status_code == 409
    assert "Two numbers are wrong." in again.text
    assert "Two numbers are wrong." in world.client("oskar").get(f"/proposals/{codes['p1']}/discussion").text
    with world.acting() as w:
        assert reaction_of(w).text == "Two numbers are wrong."
        assert proposal_of(w, codes["p1"]).reaction_until == w.now


@pytest.mark.parametrize(("words", "status"), [(1000, 303), (1001, 422)])
def test_it_has_as_many_pages_as_the_rules_say(world, words, status):
    codes = opened(world)
    answer = world.client("ravi").post(f"/proposals/{codes['p1']}/reaction", data={"text": "word " * words})
    assert answer.status_code == status
    assert ("One word too many" in answer.text) == (status == 422)


@pytest.mark.parametrize(("seconds", "accepted"), [(119, True), (120, False)])
def test_it_comes_in_time_and_grace_or_not_at_all(world, seconds, accepted):
    codes = opened(world)
    with world.acting() as w:
        until = reaction_of(w).until
    assert until == JURY + timedelta(days=7, hours=1)
    world.now = until + timedelta(seconds=seconds)
    answer = world.client("ravi").post(f"/proposals/{codes['p1']}/reaction", data={"text": "Two numbers are wrong."})
    assert answer.status_code == (303 if accepted else 409)
    assert ("Two numbers are wrong." in answer.text) == (not accepted)  # what was typed is given back


def test_only_lead_and_co_lead_answer(world):
    codes = opened(world)
    with world.acting() as w:
        w.add(
            TeamMember(
                proposal_id=proposal_of(w, codes["p1"]).id, person_id=PEOPLE["eero"].id, name="Eero Eskola",
                email="eero@example.org", email_key="eero@example.org", role=TeamRole.RESEARCHER, invited_at=w.now,
                accepted_at=w.now,
            )
        )  # fmt: skip
    page = world.client("eero").get(f"/proposals/{codes['p1']}/reaction")
    assert "The lead or a co-lead answers for the team." in page.text
    assert world.client("eero").post(f"/proposals/{codes['p1']}/reaction", data={"text": "I."}).status_code == 403
    with world.acting("jaan") as w, pytest.raises(Forbidden):
        reactions.react(w, proposal_of(w, codes["p1"]), reaction_of(w), ReactionIn(text="I."))


def test_they_are_opened_to_all_that_are_ready_and_once(world):
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w)
        ready = {make_panel(w, round_).id for _number in range(2)}
        make_panel(w, round_, {"lena": 40, "oskar": 40})  # not enough reviews
        code = round_.code
    with world.acting("jaan") as w:
        assert {one.proposal_id for one in reactions.open_reactions(w, round_of(w, code), FULL)} == ready
    with world.acting("kadri") as w, pytest.raises(Refused, match="nothing_to_open"):
        reactions.open_reactions(w, round_of(w, code), FULL)
    for who in ("olev", "lena", "ravi"):
        with world.acting(who) as w, pytest.raises(Forbidden):
            reactions.open_reactions(w, round_of(w, code), FULL)


@pytest.mark.abuse(9)
def test_what_a_coordinator_has_a_conflict_with_waits_for_another(world):
    codes = panel_of(world)
    with world.acting() as w:
        make_conflict(w, proposal_of(w, codes["p1"]), "jaan")
    with world.acting("jaan") as w, pytest.raises(Refused, match="nothing_to_open"):
        reactions.open_reactions(w, round_of(w, codes["round"]), FULL)
    with world.acting("kadri") as w:
        assert len(reactions.open_reactions(w, round_of(w, codes["round"]), FULL)) == 1


@pytest.mark.abuse(9)
def test_comments_of_a_juror_with_a_conflict_are_not_among_them(world):
    codes = panel_of(world, {"lena": 20, "oskar": 40, "ilse": 40, "tiina": 40})
    with world.acting() as w:
        make_conflict(w, proposal_of(w, codes["p1"]), "ilse")
    with world.acting("jaan") as w:
        reactions.open_reactions(w, round_of(w, codes["round"]), FULL)
        said = " ".join(one["text"] for one in reaction_of(w).comments)
    assert "by-oskar" in said
    assert "by-ilse" not in said


def test_where_the_rules_give_no_days_nothing_is_opened(world):
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w, rules=Rules(reaction_days=0))
        make_panel(w, round_)
        code = round_.code
    with world.acting("jaan") as w, pytest.raises(Refused, match="no_reaction"):
        reactions.open_reactions(w, round_of(w, code), FULL)
    assert "no time to react" in world.client("jaan").get(f"/rounds/{code}/meeting").text


def test_the_deadline_is_a_full_hour_in_the_zone_of_the_round(world):
    codes = panel_of(world)
    world.now = JURY + timedelta(minutes=37, seconds=12)
    with world.acting() as w:
        make_consensus(w, proposal_of(w, codes["p1"]))
    with world.acting("jaan") as w:
        until: datetime = reactions.open_reactions(w, round_of(w, codes["round"]), FULL)[0].until
    assert (until.minute, until.second) == (0, 0)
    assert until - world.now > timedelta(days=7)


def test_an_answer_in_time_is_not_lost_when_two_of_the_team_send_one(world):
    codes = panel_of(world)
    with world.acting() as w:
        make_reaction(w, proposal_of(w, codes["p1"]), text="The first.")
    with world.acting("ravi") as w, pytest.raises(Refused, match="answered"):
        reactions.react(w, proposal_of(w, codes["p1"]), reaction_of(w), ReactionIn(text="The second."))
