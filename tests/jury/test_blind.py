"""The copy without names: who prepares it, what it opens, what closes it again."""

import pytest
from sqlmodel import select

from challenge.jury import actions as jury
from challenge.jury.blind import actions, copies
from challenge.jury.blind.models import RedactedCopy
from challenge.jury.blind.schemas import Names
from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.people.models import Role
from challenge.people.states import RoleName
from challenge.policy.redaction import BAR
from challenge.proposals import content
from challenge.rounds.states import Blind
from tests.cast import PEOPLE
from tests.factories.blind import LEAD, PROJECT, blind_round, confirmed, named_in
from tests.factories.jury import FULL, juror_of, make_juror, proposal_of, round_of


def assign(world, codes, name="lena", code="p1"):
    """As the coordinator does; gives back the review's code."""
    with world.acting() as w:
        key = f"juror_{name}"
        codes.setdefault(key, make_juror(w, round_of(w, codes["round"]), name).code if key not in codes else "")
    with world.acting("jaan") as w:
        return jury.assign(w, proposal_of(w, codes[code]), juror_of(w, codes[f"juror_{name}"]), FULL).code


def refused(world, codes, name="lena", code="p1"):
    with pytest.raises(Refused) as refusal:
        assign(world, codes, name, code)
    return refusal.value.problem.code


def test_nobody_is_assigned_before_the_copy_is_confirmed(world):
    codes = blind_round(world, proposals=2)
    assert refused(world, codes) == "no_copy"
    confirmed(world, codes["p1"])
    assert assign(world, codes)
    assert refused(world, codes, code="p2") == "no_copy"
    board = world.client("jaan").get(f"/rounds/{codes['round']}/assignment").text
    assert "One copy waits for you" in board
    assert board.count("copy to confirm") == 1


@pytest.mark.abuse(9)
def test_whoever_reads_the_names_anyway_is_not_assigned(world):
    codes = blind_round(world)
    confirmed(world, codes["p1"])
    assert refused(world, codes, "kadri") == "sees_names"
    assert assign(world, codes, "oskar")


def test_a_changed_copy_is_closed_until_it_is_confirmed_again(world):
    codes = blind_round(world)
    confirmed(world, codes["p1"], words="")
    review, lena = assign(world, codes), world.client("lena")
    with world.acting("jaan") as w:
        actions.set_names(w, proposal_of(w, codes["p1"]), Names(words=PROJECT))
    closed = lena.get(f"/reviews/{review}")
    assert closed.status_code == 409
    assert "not confirmed yet" in closed.text
    assert BAR in lena.get("/reviews").text
    assert lena.post(f"/reviews/{review}/declaration", data={"answer": "none"}).status_code == 409
    with world.acting("jaan") as w:
        actions.confirm(w, proposal_of(w, codes["p1"]), None)
    assert lena.post(f"/reviews/{review}/declaration", data={"answer": "none"}).status_code == 303
    assert named_in(lena.get(f"/reviews/{review}").text) == set()


def test_a_new_version_needs_a_copy_of_its_own_and_keeps_the_words(world):
    codes = blind_round(world)
    confirmed(world, codes["p1"])
    review = assign(world, codes)
    with world.acting() as w:
        proposal = proposal_of(w, codes["p1"])
        proposal.summary = f"Now {PROJECT} is better."
        content.keep(w, proposal)
    assert world.client("lena").get(f"/reviews/{review}").status_code == 409
    with world.acting("jaan") as w:
        copy = actions.confirm(w, proposal_of(w, codes["p1"]), None)
        assert (copy.revision_number, copy.words) == (3, [PROJECT])
        assert copy.content["summary"] == f"Now {BAR} is better."
        assert len(w.session.exec(select(RedactedCopy)).all()) == 2


def test_what_is_confirmed_is_what_was_read(world):
    codes = blind_round(world)
    path = f"/proposals/{codes['p1']}/copy"
    jaan, kadri = world.client("jaan"), world.client("kadri")
    jaan.get(path)
    kadri.post(path, data={"words": PROJECT, "spared": "Lindvere"})
    late = jaan.post(f"{path}/confirmation", data={"version": "0"})
    assert late.status_code == 409
    assert "Somebody changed this copy" in late.text
    with world.acting(writing=False) as w:
        version = copies.of_version(w, proposal_of(w, codes["p1"]).id, 2).version
    done = jaan.post(f"{path}/confirmation", data={"version": str(version)})
    assert done.headers["location"] == path
    page = jaan.get(path).text
    assert "Jurors read this copy" in page
    assert "names are hidden in version 2" in page
    with world.acting(writing=False) as w:
        assert copies.titles(w, [proposal_of(w, codes["p1"]).id]) == {
            proposal_of(w, codes["p1"]).id: f"1: {BAR} in Tartu"
        }
        kept = copies.of_version(w, proposal_of(w, codes["p1"]).id, 2)
        assert "Lindverega" in str(kept.content["answers"]["problem"])  # spared


def test_the_team_may_add_words_until_it_is_confirmed(world):
    codes = blind_round(world)
    path, ravi = f"/proposals/{codes['p1']}/copy", world.client("ravi")
    assert LEAD in ravi.get(path).text
    assert ravi.post(path, data={"words": PROJECT, "spared": ""}).status_code == 303
    assert ravi.post(f"{path}/confirmation", data={}).status_code == 403
    confirmed(world, codes["p1"])
    assert ravi.post(path, data={"words": "", "spared": ""}).status_code == 409


@pytest.mark.abuse(10)
@pytest.mark.parametrize("name", ["lena", "eero", "katrin", "sofia", "anna"])
def test_the_page_of_the_copy_is_not_there_for_others(world, name):
    codes = blind_round(world)
    confirmed(world, codes["p1"])
    assign(world, codes)
    assert world.client(name).get(f"/proposals/{codes['p1']}/copy").status_code == 404


def test_observers_read_it_and_change_nothing(world):
    codes = blind_round(world)
    path, olev = f"/proposals/{codes['p1']}/copy", world.client("olev")
    assert olev.get(path).status_code == 200
    assert olev.post(path, data={"words": "x", "spared": ""}).status_code == 403
    with world.acting("olev") as w, pytest.raises(Forbidden):
        actions.confirm(w, proposal_of(w, codes["p1"]), None)


def test_where_jurors_read_names_there_is_no_copy(world):
    codes = blind_round(world, Blind.JURORS_HIDDEN)
    answer = world.client("jaan").get(f"/proposals/{codes['p1']}/copy")
    assert answer.status_code == 409
    assert "jurors read the proposal itself" in answer.text


def test_too_many_words_are_said_where_they_stand(world):
    codes = blind_round(world)
    answer = world.client("jaan").post(f"/proposals/{codes['p1']}/copy", data={"words": "x" * 121, "spared": ""})
    assert answer.status_code == 422
    assert "At most 200 lines" in answer.text


def test_files_are_shown_and_hidden_by_hand(world):
    codes = blind_round(world, files=True)
    path, jaan = f"/proposals/{codes['p1']}/copy", world.client("jaan")
    with world.acting(writing=False) as w:
        first, second = (choice.file.code for choice in copies.prepared(w, proposal_of(w, codes["p1"])).files)
    assert jaan.post(f"{path}/files/{first}", data={"act": "free"}).status_code == 303
    empty = jaan.post(f"{path}/files/{second}", data={})
    assert (empty.status_code, "Choose a file first" in empty.text) == (422, True)
    assert jaan.get(path).text.count("shown to jurors") == 1
    assert jaan.post(f"{path}/files/{first}/removal").status_code == 303
    assert jaan.get(path).text.count("shown to jurors") == 0
    assert jaan.post(f"{path}/files/ZZZZZZZZ", data={"act": "free"}).status_code == 404


def test_a_juror_of_the_round_prepares_nothing_even_as_its_coordinator(world):
    codes = blind_round(world)
    with world.acting() as w:
        make_juror(w, round_of(w, codes["round"]), "kadri")
        w.add(Role(person_id=PEOPLE["kadri"].id, name=RoleName.JUROR))
    with world.acting("kadri") as w, pytest.raises(Missing):
        actions.of_proposal(w, codes["p1"])


def test_a_team_member_is_looked_for_by_name_address_and_house(world):
    codes = blind_round(world)
    with world.acting(writing=False) as w:
        found = copies.prepared(w, proposal_of(w, codes["p1"]))
        assert {LEAD, "Kanaar", "Lindvere", "Sinilinnu Instituut", "sinilind", "Uudo Peidus", "Vaike"} <= set(
            found.known
        )
        assert "Tartu" not in found.known
        assert PEOPLE["sofia"].name in found.known
