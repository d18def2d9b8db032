"""The pages by role: what the public sees and must not, who gets in, what the portfolio costs."""

from __future__ import annotations

from datetime import date

from sqlmodel import select

from challenge.cities.models import CityProfile
from challenge.pilots.models import MemberCity
from challenge.pilots.states import PilotState, ReportState
from challenge.rounds.schemas import Rules
from challenge.rounds.states import CityRole, Pairing
from tests.cast import PEOPLE, PLACES
from tests.counting import counted
from tests.factories.pilots import (
    make_indicator,
    make_member,
    make_milestone,
    make_pilot,
    make_report,
    make_selected,
    make_tranche,
)
from tests.factories.rounds import make_round
from tests.pilots.ready import city, get, make_ready

S = PilotState
SECRETS = ("€7,654", "CANARY-NOTES", "CANARY-FACT", "CANARY-AGREEMENT", "CANARY-REPORT", "CANARY-POINTS", "Ravi Rao",
           "Kadri Kask", "CANARY-TRANCHE")  # fmt: skip


def make_full(w, **fields) -> str:
    """A running pilot that holds everything the public must not see."""
    known = {
        "state": S.RUNNING, "title": "Clean Bays", "notes": "CANARY-NOTES", "agreement": "CANARY-AGREEMENT",
        "mentor_id": PEOPLE["kadri"].id, "facts": {"notes": "CANARY-FACT"}, "sources": ["https://example.org/bays"],
        "public_summary": "Bathers are warned **in time**.", "themes": ["environment"],
    }  # fmt: skip
    pilot = make_pilot(w, **(known | fields))
    make_tranche(w, pilot, cents=765_400, label="CANARY-TRANCHE")
    make_report(
        w, pilot, state=ReportState.RETURNED, submitted_at=w.now, revision=1, points="CANARY-POINTS",
        answers={"done": "CANARY-REPORT", "measured": "x", "follows": "y"},
    )  # fmt: skip
    make_indicator(w, pilot, city="fingal", actual=20, measured_on=date(2027, 1, 9))
    make_milestone(w, pilot)
    return pilot.code


def test_the_public_reads_the_pair_and_what_comes_of_it_and_nothing_else(world):
    with world.acting("system") as w:
        code = make_full(w)
        w.session.exec(select(MemberCity)).first().site = "Six sensors at the canal."

    for who in ("nobody", "katrin", "lena", "eero", "anna"):
        text = world.client(who).get(f"/pilots/{code}").text
        for shown in ("Clean Bays", "Tartu", "Fingal", "Estonia, lead city", "Ireland, pilot city", "€1,200,000",
                      "Hours until a warning", "Sensors stand", "Interim report", "Submitted", "61\u00a0%",
                      "warned <strong>in time", "https://example.org/bays", "Six sensors at the canal."):  # fmt: skip
            assert shown in text, (who, shown)
        assert [secret for secret in SECRETS if secret in text] == [], who
    for who in ("jaan", "olev", "mari", "ravi", "kadri"):
        text = world.client(who).get(f"/pilots/{code}").text
        inside = {"€7,654", "CANARY-NOTES", "Ravi Rao", "Kadri Kask", "CANARY-TRANCHE"}
        assert {secret for secret in inside if secret in text} == inside, who
        as_public = world.client(who).get(f"/pilots/{code}?as=public").text
        names = {PEOPLE[who].name}  # their own name stands in the header
        assert [secret for secret in SECRETS if secret in as_public and secret not in names] == [], who


PAGES = ("members", "agreement", "plan", "results", "edit", "milestones/new", "tranches/new", "reports/new",
         "indicators/new", "agreement/edit", "members/{city}", "members/{city}/site", "members/{city}/leave",
         "transitions/suspend")  # fmt: skip
ACCESS = {  # nobody is asked to sign in; strangers are told that it is not theirs; the rest by what they are
    "nobody": dict.fromkeys(PAGES, 303),
    "katrin": dict.fromkeys(PAGES, 403),
    "lena": dict.fromkeys(PAGES, 403),
    "olev": dict.fromkeys(PAGES, 403) | dict.fromkeys(("members", "agreement", "plan", "members/{city}"), 200),
    "jaan": dict.fromkeys(PAGES, 200) | {"members/{city}/leave": 403},
    "mari": dict.fromkeys(PAGES, 403)
    | dict.fromkeys(
        ("members", "agreement", "plan", "members/{city}", "members/{city}/site", "members/{city}/leave"), 200
    ),
    "ravi": dict.fromkeys(PAGES, 403)
    | dict.fromkeys(
        ("members", "agreement", "plan", "results", "milestones/new", "indicators/new", "members/{city}",
         "members/{city}/site"), 200,
    ),
}  # fmt: skip


def test_inner_pages_by_role(world):
    with world.acting("system") as w:
        code, hidden = make_full(w), make_pilot(w).code
        place = city(w, "tartu").code
        report = make_report(w, make_pilot(w, state=S.RUNNING)).code

    for who, expected in ACCESS.items():
        client = world.client(who)
        found = {page: client.get(f"/pilots/{code}/{page.format(city=place)}").status_code for page in PAGES}
        assert found == expected, who
        unknown = client.get("/pilots/00000000")
        status = 200 if who in {"jaan", "olev", "mari", "ravi"} else 404
        assert client.get(f"/pilots/{hidden}").status_code == status, who
        if who in {"katrin", "lena"}:  # what one may not know of looks like what does not exist
            assert client.get(f"/pilots/{hidden}").text.replace(hidden, "") == unknown.text.replace("00000000", "")
            assert client.get(f"/reports/{report}").status_code == 404
            assert client.get(f"/pilots/{code}/members/00000000").status_code == 403
    assert world.client("jaan").get(f"/pilots/{code}/members/00000000").status_code == 404


def test_a_past_pilot_says_what_is_known_guessed_and_unknown(world):
    with world.acting("system") as w:
        round_ = make_round(w, title="Challenge 2020", rules=Rules(pairing=Pairing.OPTIONAL), imported=True)
        code = make_pilot(
            w, round_=round_, imported=True, state=S.COMPLETED, pairing=Pairing.OPTIONAL, title="DigiAudit",
            cities={"tallinn": CityRole.PILOT, "tartu": CityRole.PILOT}, starts_on=None, ends_on=None, agreed_at=None,
            facts={"type": "large", "type_is_guess": True, "status_is_guess": True, "start": "2021-04",
                   "duration_note": "over two years", "research_partners": ["TalTech", "Aalto"]},
            sources=["https://example.org/audit"],
        ).code  # fmt: skip

    text = world.client().get(f"/pilots/{code}").text

    for shown in ("What is known", "not known", "No city abroad", "Rule of that round: optional.", "Apr 2021",
                  "TalTech, Aalto", "over two years", "not paired yet", "https://example.org/audit"):  # fmt: skip
        assert shown in text, shown
    assert text.count("(inference)") == 2  # the size and the state


def test_the_portfolio_is_narrowed_by_round_state_country_and_theme(world):
    with world.acting("system") as w:
        for place, where in (("tartu", (58.4, 26.7)), ("fingal", (53.5, -6.2)), ("helsinki", (60.2, 24.9))):
            profile = w.session.exec(select(CityProfile).where(CityProfile.organisation_id == PLACES[place].id)).one()
            profile.latitude, profile.longitude = where
        first, second = make_round(w, title="First"), make_round(w, title="Second")
        code = first.code
        make_pilot(w, round_=first, title="Bays", state=S.RUNNING, themes=["environment"])
        make_pilot(
            w, round_=second, title="Nights", state=S.COMPLETED, themes=["city_planning"],
            cities={"tallinn": CityRole.LEAD, "helsinki": CityRole.PILOT},
        )  # fmt: skip
        make_pilot(w, round_=second, title="Secret")

    def found(query: str, who: str = "nobody") -> set[str]:
        text = world.client(who).get(f"/pilots{query}").text
        return {title for title in ("Bays", "Nights", "Secret") if f">{title}</a>" in text}

    assert found("") == {"Bays", "Nights"}
    assert found("", "jaan") == {"Bays", "Nights", "Secret"}
    assert found(f"?round={code}") == {"Bays"}
    assert found("?state=completed") == {"Nights"}
    assert found("?state=nonsense") == {"Bays", "Nights"}
    assert found("?country=FI") == {"Nights"}
    assert found("?theme=city_planning") == {"Nights"}
    assert found("?theme=cityxplanning") == set()  # _ is no wildcard
    assert "No pilot like this" in world.client().get("/pilots?country=SE").text
    assert 'class="map__arc"' in world.client().get("/pilots").text
    assert world.client().get("/pilots?after=nonsense").status_code == 422


def test_the_portfolio_costs_the_same_for_one_and_for_three(world):
    costs: dict[str, list[int]] = {}
    for number in (1, 2):
        with world.acting("system") as w:
            round_ = make_round(w, title=f"Round of {number}")
            for _pilot in range(number):
                make_pilot(w, round_=round_, state=S.RUNNING)
        for who in ("nobody", "jaan", "mari"):
            world.client(who).get("/pilots")
            with counted(world) as seen:
                assert world.client(who).get("/pilots").status_code == 200
            costs.setdefault(who, []).append(len(seen))

    for who, (one, three) in costs.items():
        assert one == three, who
        assert one <= 12, who


def test_a_pilots_page_costs_the_same_whatever_it_holds(world):
    with world.acting("system") as w:
        small = make_full(w)
        large = make_full(w, title="Large")
        pilot = get(w, large)
        for number in range(3):
            make_indicator(w, pilot, title=f"Indicator {number}")
            make_milestone(w, pilot, title=f"Milestone {number}")
            make_report(w, pilot)
            make_tranche(w, pilot)
        make_member(w, pilot, "helsinki")
    costs = []
    for code in (small, large):
        world.client("jaan").get(f"/pilots/{code}")
        with counted(world) as seen:
            world.client("jaan").get(f"/pilots/{code}")
        costs.append(len(seen))

    assert costs[0] == costs[1]


def test_page_of_pairing_says_what_stands_in_the_way_and_pairs(world):
    with world.acting("system") as w:
        round_ = make_round(w)
        code = make_selected(w, round_, title="Clean Bays").code
        make_selected(w, round_, title="Two Irish", cities={"fingal": CityRole.LEAD, "dlr": CityRole.PILOT})
    jaan = world.client("jaan")

    text = jaan.get("/pilots/new").text
    made = jaan.post("/pilots", data={"proposal": code})

    assert text.count('aria-disabled="true"') == 1
    assert "Add a lead or pilot city of the home country (Estonia)." in text
    assert made.status_code == 303
    assert "Agree the pilot" in jaan.get(made.headers["location"]).text
    assert jaan.post("/pilots", data={"proposal": code}).status_code == 409
    assert jaan.post("/pilots", data={"proposal": "00000000"}).status_code == 404
    for who, status in (("nobody", 303), ("mari", 403), ("ravi", 403), ("olev", 403)):
        assert world.client(who).get("/pilots/new").status_code == status, who
    assert world.client("ravi").post("/pilots", data={"proposal": code}).status_code == 403


def test_two_keys_by_page(world):
    with world.acting("system") as w:
        code = make_ready(w, S.RUNNING).code
    url = f"/pilots/{code}/transitions/terminate"

    assert world.client("jaan").post(url, data={"reason": ""}).status_code == 422
    assert world.client("jaan").post(url, data={"reason": "It failed."}).status_code == 303
    assert world.client("jaan").post(url, data={"reason": "It failed."}).status_code == 409
    assert "Approve: Terminate" in world.client("kadri").get(f"/pilots/{code}").text
    assert world.client("mari").post(url).status_code == 403
    assert world.client("kadri").post(url).status_code == 303
    assert "Ended early" in world.client().get(f"/pilots/{code}").text
