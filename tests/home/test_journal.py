"""The journal: one's rounds only, masked where names are not the reader's, paged, narrowed, and checked."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlmodel import select

from challenge.home.pages.journal import line
from challenge.home.queries import journal as queries
from challenge.home.queries.journal import Filters
from challenge.home.tables import TABLES
from challenge.people.models import Role
from challenge.people.states import RoleName
from challenge.pilots.states import PilotState
from challenge.proposals.models import Exclusion, Proposal
from challenge.rounds.models import Round
from challenge.wiring import workflows
from tests.cast import PEOPLE
from tests.counting import counted
from tests.factories.jury import make_judged, make_juror, make_review
from tests.factories.money import make_change, make_claim
from tests.factories.pilots import make_note, make_pilot
from tests.factories.rounds import make_round
from tests.home.conftest import fresh, links_on
from tests.world import NOW

CANARY = "Kanaarilind"


@pytest.fixture
def journalled(world):
    """A round with a judged proposal: steps of a coordinator, a team, jurors, and of no round."""
    with world.acting("jaan") as w:
        round_ = make_round(w)
        w.note("round", round_, "revise")
        person = w.session.get_one(queries.Person, PEOPLE["ravi"].id)
        w.note("person", person, "invite")
    with world.acting("ravi") as w:
        proposal = make_judged(w, w.session.get_one(Round, round_.id), title="Listening rails", challenges=())
        w.note("proposal", proposal, "revise", {"answers": {"summary": CANARY}})
        w.note("proposal", proposal, "withdraw", {"reason": "Our partner city left."})
    with world.acting() as w:
        juror = make_juror(w, w.session.get_one(Round, round_.id))
        review = make_review(w, w.session.get_one(Proposal, proposal.id), juror)
    world.move(days=1)
    with world.acting("lena") as w:
        w.note("review", w.session.get_one(queries.Review, review.id), "declare")
    return world


def acts(world, name, **filters):
    with world.acting(name, writing=False) as w:
        return [(row.workflow, row.act) for row in queries.steps(w, Filters(**filters)).rows]


ALL = [
    ("review", "declare"), ("proposal", "withdraw"), ("proposal", "revise"), ("person", "invite"), ("round", "revise"),
]  # fmt: skip


def test_who_has_all_rounds_sees_everything(journalled):
    assert acts(journalled, "jaan") == ALL
    assert acts(journalled, "olev") == ALL


def test_an_administrator_sees_what_belongs_to_no_round(journalled):
    assert acts(journalled, "anna") == [("person", "invite")]


@pytest.mark.parametrize("name", ["mari", "ravi", "lena"])
def test_others_may_not_read_it(journalled, name):
    for path in ("/journal", "/journal/check"):
        assert journalled.client(name).get(path).status_code == 403


def test_nobody_signs_in_first(journalled):
    assert journalled.client().get("/journal").headers["location"] == "/sign-in?next=%2Fjournal"


def test_a_coordinator_sees_their_own_rounds(journalled):
    with journalled.acting() as w:
        other = make_round(w, title="Another")
        w.session.exec(select(Role).where(Role.person_id == PEOPLE["kadri"].id)).one().round_id = other.id
        w.note("round", other, "announce")
    assert acts(journalled, "kadri") == [("round", "announce")]


def test_a_conflict_of_interest_keeps_everything_of_the_proposal_away(journalled):
    with journalled.acting() as w:
        proposal = w.session.exec(select(Proposal)).one()
        w.add(Exclusion(proposal_id=proposal.id, person_id=PEOPLE["jaan"].id))
    assert acts(journalled, "jaan") == [("person", "invite"), ("round", "revise")]
    assert acts(journalled, "kadri") == ALL


def test_a_conflict_of_interest_keeps_the_claims_changes_and_notes_of_the_pilot_away(world):
    with world.acting("ravi") as w:
        pilot = make_pilot(w, state=PilotState.RUNNING)
        claim, change, note = make_claim(w, pilot), make_change(w, pilot, by="ravi"), make_note(w, pilot)
        for workflow, record in (("claim", claim), ("change_request", change), ("mentor_note", note)):
            w.note(workflow, record, "ask", {"reason": CANARY})
        w.add(Exclusion(proposal_id=pilot.proposal_id, person_id=PEOPLE["kadri"].id))
    for name, seen in (("jaan", 3), ("kadri", 0)):
        with world.acting(name, writing=False) as w:
            assert sum(CANARY in str(row.given) for row in queries.steps(w, Filters()).rows) == seen, name


def test_who_sits_in_the_jury_sees_no_step_of_it(journalled):
    with journalled.acting() as w:
        make_juror(w, w.session.exec(select(Round)).one(), "kadri")
    assert acts(journalled, "kadri") == ALL[1:]


def test_jurors_are_named_to_coordinators_only(journalled):
    with journalled.acting() as w:
        w.step(
            "person", w.session.get_one(queries.Person, PEOPLE["lena"].id).code, "give_role", old=None, new=None,
            scope=w.session.exec(select(Round.code)).one(),
        )  # fmt: skip
    assert "Lena Lind" in journalled.client("jaan").get("/journal").text
    page = journalled.client("olev").get("/journal").text
    assert "Lena Lind" not in page
    assert "Jury" in page
    assert "Ravi Rao" in page


def test_a_reason_is_shown_and_an_answer_is_not(journalled):
    page = journalled.client("jaan").get("/journal").text
    assert "Our partner city left." in page
    assert CANARY not in page


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"workflow": "review"}, ALL[:1]),
        ({"person": "rao"}, ALL[1:3]),
        ({"person": "RÂVI"}, ALL[1:3]),
        ({"person": "%"}, []),
        ({"since": (NOW + timedelta(days=1)).date()}, ALL[:1]),
        ({"until": NOW.date()}, ALL[1:]),
        ({"since": NOW.date(), "until": NOW.date(), "workflow": "round"}, ALL[4:]),
    ],
)
def test_it_is_narrowed(journalled, filters, found):
    assert acts(journalled, "jaan", **filters) == found


def test_it_is_narrowed_to_a_record_as_people_type_its_code(journalled):
    with journalled.acting() as w:
        code = w.session.exec(select(Proposal.code)).one()
    assert acts(journalled, "jaan", subject=f" {code.lower()} ") == ALL[1:3]


def test_the_page_keeps_what_it_is_narrowed_by(journalled):
    page = journalled.client("jaan").get("/journal?kind=proposal&person=ravi&since=2027-01-01&until=nonsense").text
    assert 'value="ravi"' in page
    assert 'value="2027-01-01"' in page
    assert page.count("Listening rails") == 2
    assert "No step is like this" in journalled.client("jaan").get("/journal?person=nemo").text


def test_its_pages_hold_every_step_once(journalled):
    with journalled.acting("jaan") as w:
        round_ = w.session.exec(select(Round)).one()
        for number in range(queries.PAGE + 10):
            w.note("round", round_, "announce", {"reason": f"News {number}."})
    client, seen, path = journalled.client("jaan"), [], "/journal"
    for _page in range(2):
        page = client.get(path).text
        seen += [part.split("<")[0] for part in page.split('<time datetime="')[1:]]
        path = next((href for href in links_on(page) if "after=" in href), None)
    assert len(seen) == queries.PAGE + 10 + len(ALL)
    assert path is None
    assert client.get("/journal?after=nonsense").status_code == 422


def test_its_links_lead_somewhere(journalled):
    client = journalled.client("jaan")
    answers = {href: client.get(href).status_code for href in links_on(client.get("/journal").text)}
    assert {href: status for href, status in answers.items() if status != 200} == {}


def test_its_queries_do_not_grow(journalled):
    client = journalled.client("olev")
    with counted(journalled) as few:
        client.get("/journal")
    with journalled.acting("ravi") as w:
        for number in range(3):
            proposal = make_judged(w, w.session.exec(select(Round)).one(), title=f"P{number}", challenges=())
            w.note("proposal", proposal, "revise")
    with counted(journalled) as many:
        client.get("/journal")
    assert len(few) == len(many)


# The check


def test_the_chain_verifies(journalled):
    page = journalled.client("olev").get("/journal/check").text
    assert "The chain verifies: 5 steps" in page


@pytest.mark.abuse(35)
def test_a_change_from_outside_is_found(journalled):
    with journalled.database.engine.begin() as connection:
        for trigger in ("step_no_update", "step_append_only"):
            if journalled.database.is_sqlite:
                connection.execute(text(f"DROP TRIGGER IF EXISTS {trigger}"))
        if not journalled.database.is_sqlite:
            connection.execute(text("ALTER TABLE step DISABLE TRIGGER USER"))
        connection.execute(text("UPDATE step SET transition = 'announce' WHERE transition = 'revise'"))
    page = journalled.client("jaan").get("/journal/check").text
    assert "The chain does not verify" in page
    assert "a column was changed after it was written" in page


def test_a_long_journal_is_checked_on_the_server(journalled, monkeypatch):
    monkeypatch.setattr(queries, "MOST_CHECKED", 4)
    page = journalled.client("jaan").get("/journal/check").text
    assert "Too long to check here" in page
    assert "./run challenge verify" in page


# The words


def test_every_workflow_is_known():
    assert list(TABLES.values()) == workflows()


def test_a_move_shows_where_it_led(journalled):
    with journalled.acting("jaan", writing=False) as w:
        row = queries.steps(w, Filters(workflow="review")).rows[0]
    shown = line(row)
    assert (shown.act, shown.new, shown.kind) == ("No conflict of interest declared", None, "Review")
    moved = line(queries.StepRow(1, "proposal", "X", "invite", "in_review", "co_development", NOW, None, "Jaan", "T"))
    assert (str(moved.new.team), moved.act) == ("Co-development", "Invited to co-development")


def test_a_role_for_one_round_is_enough_to_read(world):
    with world.acting() as w:
        round_ = make_round(w)
        w.add(Role(person_id=PEOPLE["ravi"].id, name=RoleName.OBSERVER, round_id=round_.id))
        w.note("round", round_, "revise")
    assert fresh(world, "ravi").get("/journal").status_code == 200
    assert len(world.client("ravi").get("/journal").text.split("<tr")) == 3
