"""The front page: what is open now, for everybody; nothing that is not public."""

from datetime import timedelta

import pytest
from sqlmodel import select

from challenge.home.pages.front import stats, steps
from challenge.home.queries import front as queries
from challenge.pilots.states import PilotState
from challenge.rounds.models import Round
from challenge.rounds.states import Gate, Pairing, RoundState, WindowName
from challenge.submissions.states import PUBLIC, SubmissionState
from tests.cast import PEOPLE, PLACES
from tests.counting import counted
from tests.factories import home as scenes
from tests.factories.pilots import make_pilot
from tests.factories.proposals import make_proposal, rules_with
from tests.factories.rounds import WINDOWS, make_round
from tests.factories.submissions import make_submission
from tests.home.conftest import fresh, links_on

CANARY = "Kanaarilind"


def test_it_looks_right_without_anything(world):
    page = world.client().get("/").text
    assert "No round is open now" in page
    assert "How it works" in page
    assert "What came of it" not in page


def test_it_is_there_for_everybody_empty_and_full(world):
    names = ["nobody", *PEOPLE]
    assert {world.client(name).get("/").status_code for name in names} == {200}
    scenes.spring(world)
    answers = [fresh(world, name).get("/") for name in names]
    assert {answer.status_code for answer in answers} == {200}
    assert all("Quiet junctions at night" in answer.text for answer in answers)


def test_it_says_what_is_next_and_until_when(world):
    scenes.spring(world)
    page = world.client().get("/").text
    assert "Ideas close in 15 days" in page
    assert "Wed 31 March 2027, 17:00" in page
    assert "Tallinn, EEST (UTC+3) · 14:00 UTC" in page


OFFERED = {
    scenes.CHALLENGES: ["Submit a challenge", "Read the 3 open challenges"],
    scenes.INTERESTS: ["Show interest in a challenge", "Read the 3 open challenges"],
    scenes.SPRING: ["Propose a solution", "Read the 3 open challenges"],
    scenes.PREFERENCES: ["Read the 3 open challenges"],
}


def test_it_offers_what_can_be_done_now(world):
    scenes.spring(world)
    for now, offered in OFFERED.items():
        world.now = now
        buttons = world.client().get("/").text.split('<div class="acts')[1].split("</div>")[0]
        assert [part.split("</a>")[0] for part in buttons.split('">')[2:]] == offered


def test_its_links_lead_somewhere(world):
    scenes.spring(world)
    client = world.client("ravi")
    answers = {href: client.get(href).status_code for href in links_on(client.get("/").text)}
    assert {href: status for href, status in answers.items() if status not in {200, 303}} == {}


def test_nothing_that_is_not_public_is_on_it(world):
    """Drafts, returned and withdrawn ones, people, and how many there are of each stay away."""
    with world.acting() as w:
        round_ = make_round(w)
        hidden = [state for state in SubmissionState if state not in PUBLIC]
        for number, state in enumerate(hidden * 7):
            make_submission(w, round_, city=PLACES["narva"], title=f"{CANARY} {number}", state=state, slot_cap=10_000,
                            slot=number + 1 if state not in UNCOUNTED else None)  # fmt: skip
        make_proposal(w, round_, title=f"{CANARY} proposal", summary=CANARY)
        make_pilot(w, round_=round_, title=f"{CANARY} pilot", summary=CANARY)
    counted = {str(n) for n in (7, 7 * len(hidden), len(hidden))}
    page = world.client().get("/").text
    main = page.split("<body")[1]
    assert CANARY not in page
    assert not any(f">{number}<" in main or f" {number} challenge" in main for number in counted)
    assert [person.name for person in PEOPLE.values() if person.name in page] == []


UNCOUNTED = {SubmissionState.DRAFT, SubmissionState.WITHDRAWN, SubmissionState.LAPSED}


def test_numbers_come_from_facts_of_past_rounds_only(world):
    scenes.spring(world)
    with world.acting(writing=False) as w:
        found = queries.front(w)
    assert stats(found) == [
        ("71", "ideas for 10 challenges in 2020"),
        ("34", "challenges from 24 cities in 15 countries in 2024"),
        ("3", "pilots described here, 2 of them across a border"),
        ("€1.2 m", "for UrbanSplash, the largest budget known so far"),
    ]


def test_facts_that_are_unknown_say_nothing(world):
    with world.acting() as w:
        make_round(w, title="Old", state=RoundState.CLOSED, imported=True, facts={"year": 2025, "ideas": None})
        make_round(w, title="Older", state=RoundState.CLOSED, imported=True, facts={})
        found = queries.front(w)
    assert stats(found) == []


def test_pilots_across_a_border_come_first_with_their_pair(world):
    scenes.spring(world)
    page = world.client().get("/").text
    cards, others = page.split("More pilots")
    assert "Tartu + Dún Laoghaire-Rathdown and Fingal" in cards
    assert "Tallinn + Helsinki" in cards
    assert "Well-being Score" in others


def test_finished_pilots_come_before_running_ones_and_real_ones_before_examples(world):
    with world.acting() as w:
        example, real = make_round(w, title="Shown", example=True), make_round(w, title="Real")
        for title, round_, state in (
            ("Example done", example, PilotState.COMPLETED), ("Stopped", real, PilotState.TERMINATED),
            ("Done", real, PilotState.COMPLETED), ("Runs", real, PilotState.RUNNING),
        ):  # fmt: skip
            make_pilot(w, round_=round_, title=title, state=state)
        shown = queries.pilots(w)
    assert [card.title for card in shown] == ["Done", "Runs", "Stopped", "Example done"]


def test_a_pilot_of_an_example_round_says_so_wherever_it_is_told(world):
    with world.acting() as w:
        code = make_pilot(w, round_=make_round(w, example=True), title="Shown", state=PilotState.RUNNING).code
    for path in ("/", "/pilots", f"/pilots/{code}"):
        assert ">Example</strong>" in world.client().get(path).text, path
    with world.acting() as w:
        w.session.exec(select(Round)).one().example = False
    for path in ("/", "/pilots", f"/pilots/{code}"):
        assert ">Example</strong>" not in world.client().get(path).text, path


def test_a_pilot_in_preparation_is_not_told(world):
    scenes.spring(world)
    with world.acting() as w:
        make_pilot(w, title=CANARY)
    assert CANARY not in world.client().get("/").text


@pytest.mark.parametrize(
    ("gates", "titles"),
    [
        (frozenset(Gate), ["Cities submit challenges", "Cities show interest", "Ideas", "Pilot and full proposals"]),
        (
            {Gate.IDEA, Gate.PILOT_PROPOSAL},
            ["Cities submit challenges", "Cities show interest", "Ideas", "Pilot proposals"],
        ),
        ({Gate.FULL_PROPOSAL}, ["Cities submit challenges", "Cities show interest", "Full proposals"]),
    ],
)
def test_steps_follow_the_gates_of_the_round(world, gates, titles):
    with world.acting() as w:
        make_round(w, rules=rules_with(gates))
        stand = queries.now_running(w)
    shown = list(steps(stand, 0))
    assert [title for title, *_rest in shown] == [*titles, "Jury and results"]
    assert [state for *_rest, state in shown] == ["now", *["later"] * len(titles)]


def test_steps_say_which_gate_is_open_now(world):
    world.now = WINDOWS[WindowName.FULL_PROPOSALS][0] + timedelta(days=1)
    with world.acting() as w:
        make_round(w)
        stand = queries.now_running(w)
    assert [(when, state) for _title, when, _note, state in steps(stand, 12)] == [
        ("Closed 31 January 2027", "done"),
        ("Closed 18 February 2027", "done"),
        ("Closed 31 March 2027", "done"),
        ("Open until 30 September 2027, 17:00", "now"),
        ("1 October – 15 December 2027", "later"),
    ]


@pytest.mark.parametrize(
    ("pairing", "said"),
    [(Pairing.MANDATORY, "one city abroad"), (Pairing.OPTIONAL, "where that helps"), (Pairing.OFF, "in real streets")],
)
def test_it_promises_no_more_than_the_round_asks_for(world, pairing, said):
    with world.acting() as w:
        make_round(w, rules=rules_with(pairing=pairing))
    assert said in world.client().get("/").text


def test_it_speaks_the_readers_language(world):
    scenes.spring(world)
    page = world.client().get("/", headers={"accept-language": "et"})
    assert '<html class="govuk-template" lang="et">' in page.text


def test_its_queries_do_not_grow(world):
    scenes.spring(world)
    client = world.client()
    with counted(world) as few:
        client.get("/")
    with world.acting() as w:
        round_ = queries.now_running(w)
        for number in range(3):
            make_submission(
                w, w.session.get_one(Round, round_.id), city=PLACES["narva"], title=f"More {number}",
                state=SubmissionState.ACCEPTED,
            )  # fmt: skip
            make_pilot(w, imported=True, state=PilotState.RUNNING)
    with counted(world) as many:
        client.get("/")
    assert len(few) == len(many) <= 10


def test_a_visitor_gets_it_compressed_and_somebody_signed_in_does_not(world):
    scenes.spring(world)
    headers = {"accept-encoding": "gzip"}
    assert world.client().get("/", headers=headers).headers["content-encoding"] == "gzip"
    of_nobody = {**headers, "cookie": "__Host-language=et; __Host-known=1.x"}
    assert world.client().get("/", headers=of_nobody).headers["content-encoding"] == "gzip"
    told = {**headers, "cookie": "__Host-known=1.x; __Host-said=x.y"}
    assert "content-encoding" not in world.client().get("/", headers=told).headers
    assert "content-encoding" not in world.client("mari").get("/", headers=headers).headers
    assert "content-encoding" not in world.client().get("/?q=x", headers=headers).headers
    assert "content-encoding" not in world.client().get("/", headers={"accept-encoding": "identity"}).headers
