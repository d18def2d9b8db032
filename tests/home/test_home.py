"""Each person's home page: sections by what they are, complete, and never more queries for more records."""

from sqlmodel import select

from challenge.jury.models import Juror
from challenge.pilots.states import PilotState
from challenge.proposals.states import ProposalState
from challenge.rounds.models import Round
from challenge.rounds.states import CityRole, RoundState
from challenge.submissions.states import SubmissionState
from tests.cast import PEOPLE, PLACES
from tests.counting import counted
from tests.factories import home as scenes
from tests.factories.jury import make_judged, make_juror, make_review
from tests.factories.pilots import make_pilot, make_report
from tests.factories.proposals import make_proposal
from tests.factories.rounds import make_round
from tests.factories.submissions import make_interest, make_submission
from tests.home.conftest import fresh, links_on


def test_it_is_there_for_everybody_empty_and_full(world):
    assert {world.client(name).get("/home").status_code for name in PEOPLE} == {200}
    scenes.spring(world)
    assert {fresh(world, name).get("/home").status_code for name in PEOPLE} == {200}


def test_nobody_signs_in_first(world):
    answer = world.client().get("/home")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Fhome")


def test_every_link_on_it_leads_somewhere(world):
    scenes.autumn(world)
    known = set(links_on(world.client("eero").get("/home").text))
    assert {world.client("eero").get(href).status_code for href in known} == {200}
    for name in ("mari", "ravi", "lena", "jaan", "olev", "anna"):
        client = world.client(name)
        found = [href for href in links_on(client.get("/home").text) if href not in known]
        answers = {href: client.get(href).status_code for href in found}
        assert {href: status for href, status in answers.items() if status != 200} == {}, name


SECTIONS = {
    "mari": {"Tartu", "Your pilots", "Proposals with your city"},
    "ravi": {"Your proposals"},
    "tiina": {"Tallinn", "Your pilots"},
    "eero": {"Your proposals"},
    "lena": {"Your reviews"},
    "jaan": {"Round 2027"},
    "olev": {"Round 2027", "What you can check"},
    "anna": {"The service"},
}


def sections_on(page: str) -> set[str]:
    headings = {part.split("</h2>")[0].split(">", 1)[1].split(" <")[0].strip() for part in page.split("<h2 ")[1:]}
    return headings & set().union(*SECTIONS.values())


def test_it_shows_what_a_person_is(world):
    scenes.spring(world)
    assert {name: sections_on(world.client(name).get("/home").text) for name in SECTIONS} == SECTIONS


def test_a_city_sees_its_places_and_interests(world):
    world.now = scenes.INTERESTS
    with world.acting() as w:
        round_ = make_round(w)
        make_submission(w, round_, state=SubmissionState.SUBMITTED)
        make_submission(w, round_, title="Another", state=SubmissionState.ACCEPTED)
        theirs = make_submission(w, round_, city=PLACES["helsinki"], title="Dark paths", state=SubmissionState.ACCEPTED)
        make_interest(w, theirs, PLACES["tartu"])
    page = world.client("mari").get("/home").text
    assert "2 of at most 3 submitted" in page
    assert "1 of at most 5" in page
    assert "Dark paths" in page
    assert "Show interest" in page


def test_a_city_sees_no_draft_of_another(world):
    with world.acting() as w:
        round_ = make_round(w)
        make_submission(w, round_, city=PLACES["helsinki"], title="Kanaarilind")
        make_proposal(w, round_, title="Kanaarilind II", cities={"helsinki": CityRole.LEAD})
        make_pilot(
            w, round_=round_, title="Kanaarilind III", cities={"tallinn": CityRole.LEAD, "helsinki": CityRole.PILOT}
        )
    assert "Kanaarilind" not in world.client("mari").get("/home").text
    assert "Kanaarilind" in world.client("sofia").get("/home").text


def test_the_glance_counts_where_everything_stands(world):
    world.now = scenes.AUTUMN
    with world.acting() as w:
        round_ = make_round(w)
        states = [ProposalState.SUBMITTED] * 2 + [ProposalState.CO_DEVELOPMENT] * 3
        for number, state in enumerate(states):
            make_proposal(w, round_, title=f"P{number}", state=state, submitted_at=w.now)
        for number in range(2):
            make_judged(w, round_, title=f"J{number}", challenges=())
    page = world.client("jaan").get("/home").text
    assert "From 7 proposals to 2 in jury" in page
    rows = page.split('data-key="n"')[1].split("</tbody>")[0]
    cells = [cell.split(">", 1)[1].split("<")[0] for cell in rows.split("<t")[1:] if cell[0] in "hd"]
    assert cells == [
        "Submitted", "In review", "5", "In review", "Co-development", "5", "Co-development", "Shortlisting", "2",
        "Shortlisting", "Finalist", "2", "Finalist", "In jury", "2",
    ]  # fmt: skip


def test_a_round_in_preparation_is_seen_by_who_prepares_it_only(world):
    with world.acting() as w:
        make_round(w, title="Round 2028", state=RoundState.DRAFT)
    assert "Round 2028" in world.client("jaan").get("/home").text
    for name in ("mari", "ravi", "lena", "anna"):
        assert "Round 2028" not in world.client(name).get("/home").text


def test_an_administrator_sees_counts_and_no_content(world):
    scenes.spring(world)
    page = world.client("anna").get("/home").text
    assert "Accounts" in page
    assert not any(title in page for title, *_rest in scenes.CARDS)
    assert "Listening rails" not in page


MOST = {"mari": 13, "ravi": 11, "oskar": 10, "jaan": 13, "olev": 8, "anna": 7}  # three of them say who is asking


def grow(world, first: int, count: int) -> None:
    """More of everything that a home page lists or counts."""
    with world.acting() as w:
        round_ = w.session.exec(select(Round).where(Round.title == "Round 2027")).one()
        for number in range(first, first + count):
            make_submission(w, round_, title=f"S {number}", state=SubmissionState.ACCEPTED, slot=number, slot_cap=99)
            make_submission(w, round_, title=f"Draft {number}")
            make_review(w, make_judged(w, round_, title=f"P {number}"), juror_of(w, round_))
            scenes.ask_to_team(w, make_proposal(w, round_, title=f"D {number}").id, "mari")
            make_report(w, make_pilot(w, round_=round_, title=f"Pilot {number}", state=PilotState.RUNNING))


def juror_of(w, round_):
    found = w.session.exec(select(Juror).where(Juror.person_id == PEOPLE["oskar"].id)).first()
    return found or make_juror(w, round_, "oskar")


def test_its_queries_do_not_grow_with_the_records(world):
    def asked() -> dict[str, int]:
        counts = {}
        for name in MOST:
            with counted(world) as statements:
                assert world.client(name).get("/home").status_code == 200
            counts[name] = len([one for one in statements if one.lstrip().startswith("SELECT")])
        return counts

    scenes.spring(world)
    grow(world, 10, 1)
    asked()  # what is kept between requests is read once
    few = asked()
    grow(world, 20, 3)
    assert asked() == few
    assert {name: count for name, count in few.items() if count > MOST[name]} == {}
