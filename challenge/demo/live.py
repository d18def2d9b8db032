"""One invented round in the middle of its life, played from its first day to today by its people."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from challenge.cities.models import CityProfile
from challenge.demo import choosing, decided
from challenge.demo.cast import PEOPLE, PLACES, Place
from challenge.demo.play import LEADS, Play, only_live, organisation, submission
from challenge.jury import actions as jury
from challenge.jury.schemas import JurorInvite
from challenge.kernel.database import Database
from challenge.kernel.work import Work
from challenge.people import actions as people
from challenge.people.models import Membership, Role
from challenge.people.states import Seat
from challenge.rounds import actions as rounds
from challenge.rounds.schemas import RoundDocument, Rules, SizeClass, WindowIn
from challenge.rounds.states import Gate, WindowName
from challenge.settings import Settings
from challenge.submissions import actions as submissions

# Days from today: the windows overlap, so that something is open for everybody who looks at the demo.
WINDOWS = {
    WindowName.CHALLENGES: (-320, -270),
    WindowName.INTERESTS: (-269, -240),
    WindowName.IDEAS: (-238, 15),
    WindowName.PREFERENCES: (-236, 20),
    WindowName.PILOT_PROPOSALS: (-220, 45),
    WindowName.FULL_PROPOSALS: (-180, 75),
    WindowName.JURY: (-150, 110),
}
JURORS = ("amara", "jonas", "elif")
GOOD, FAIR = ("4.5", "4", "4", "4.5", "3.5"), ("3.5", "3.5", "3", "4", "3.5")


def play(database: Database, chosen: Settings, today: datetime) -> None:
    """The whole of it; every act is one the pages offer, by somebody who may."""
    show = Play(database, chosen, today)
    with show.acting("system", -400) as w:
        settle(w)
    open_round(show, today)
    codes = challenges(show)
    show.write_idea("priit", "salt", codes["pavements"], -237.5)  # stays a draft
    decided.warm_streets(show, codes["pavements"])
    proposals(show, codes)
    choosing.play(show, codes)


def settle(w: Work) -> None:
    """The invented places and people. Seats and roles of the cast are given by the system."""
    for place in PLACES.values():
        _place(w, place)
    for member in PEOPLE.values():
        person = people.invite_person(w, member.name, member.email, member.locale)
        if member.place:
            made = organisation(w, next(key for key in PLACES if key == member.place))
            w.add(Membership(person_id=person.id, organisation_id=made.id, seat=member.seat))
        if member.role:
            w.add(Role(person_id=person.id, name=member.role))
    for key in LEADS:
        deputy = people.invite_person(w, f"Deputy of {PLACES[key].name.split()[0]}", f"deputy.{key}@example.org")
        seat = Seat.MEMBER if key == "kaldvere" else Seat.DEPUTY
        w.add(Membership(person_id=deputy.id, organisation_id=organisation(w, key).id, seat=seat))


def _place(w: Work, place: Place) -> None:
    made = people.create_organisation(w, kind=place.kind, name=place.name, country=place.country)
    if place.at is not None:
        latitude, longitude = place.at
        w.add(
            CityProfile(
                organisation_id=made.id, population=place.population, latitude=latitude, longitude=longitude,
                themes=list(place.themes), languages=list(place.languages), capacity=place.capacity,
                offers="Test sites in the open street network, a data platform, 200 staff hours a year.",
                wants="Partners with frost and a data platform.",
            )
        )  # fmt: skip


def open_round(show: Play, today: datetime) -> None:
    """A coordinator sets it up and publishes it; the panel is invited and accepts."""
    day = today.replace(hour=14, minute=0, second=0, microsecond=0)
    windows = [
        WindowIn(name=name, opens_at=day + timedelta(days=opens), closes_at=day + timedelta(days=closes))
        for name, (opens, closes) in WINDOWS.items()
    ]
    rules = Rules(
        size_classes=[
            SizeClass(key="large", title="Large", months=36, budget_cents=126_000_000, planned=2),
            SizeClass(key="mid", title="Mid-size", months=24, budget_cents=86_000_000, planned=2),
        ],
        spread_alert=Decimal("1.5"),
    )
    document = RoundDocument(
        title=f"Smart City Challenge {today.year + 1} (example)",
        summary="An invented round in the middle of its life. Its cities, people and texts exist nowhere.",
        budget_cents=424_000_000, windows=windows, rules=rules,
    )  # fmt: skip
    with show.acting("liis", -360) as w:
        made = rounds.start(w, document)
        made.example = True
        rounds.fire(w, made, "publish", None)
    with show.acting("liis", -330) as w:
        for name in JURORS:
            member = PEOPLE[name]
            given = JurorInvite(name=member.name, email=member.email, load_max=12)
            jury.invite_juror(w, only_live(w), given)
    show.panel(JURORS, -325)


def challenges(show: Play) -> dict[str, str]:
    """Seven challenges: six accepted, one still to be judged; cities show interest in each other's."""
    codes = {
        "junctions": show.submit_challenge("kaldvere", "junctions", -300),
        "water": show.submit_challenge("lindsund", "water", -295),
        "pavements": show.submit_challenge("merilinna", "pavements", -290),
        "roots": show.submit_challenge("ostmere", "roots", -285),
        "parking": show.submit_challenge("kaldvere", "parking", -275),
        "stops": show.submit_challenge("havnsted", "stops", -274),
        "cellars": show.submit_challenge("merilinna", "cellars", -273),
    }
    for place, key, reason in (
        ("lindsund", "junctions", "Our trams have the same wheels, and colder nights."),
        ("ostmere", "junctions", "We plan a tram line and would like to build it quiet."),
        ("havnsted", "pavements", "We clear 300 metres of harbour stairs by hand."),
        ("kaldvere", "water", "Our ice hall stands beside a swimming pool."),
        ("merilinna", "roots", "Every second dig of ours is in old streets with limes."),
    ):
        show.show_interest(place, codes[key], reason, -260)
    for key in ("junctions", "water", "pavements", "roots", "stops", "cellars"):
        show.accept_challenge(codes[key], -239)
    with show.acting("liis", -10) as w:
        submissions.fire(w, submission(w, codes["parking"]), "review", None)
    return codes


def proposals(show: Play, codes: dict[str, str]) -> None:
    """A proposal at every gate."""
    bays = show.write_idea("aino", "whistle", codes["junctions"], -8)
    show.fire("aino", bays, "submit", -7)
    show.screen(bays, -6)  # in review: cities can rate it

    rails = show.write_idea("aino", "rails", codes["junctions"], -120)
    show.fire("aino", rails, "submit", -118)
    show.screen(rails, -115)
    show.fire("liis", rails, "invite", -100)
    show.team_up("aino", rails, ("kaldvere", "lindsund"), "rails", -40)
    show.sign_all(rails, -20, but=("lindsund",))  # one sign-off is missing

    school = show.write_idea("priit", "school", codes["water"], -200)
    show.fire("priit", school, "submit", -198)
    show.screen(school, -196)
    show.fire("liis", school, "invite", -190)
    show.team_up("priit", school, ("kaldvere", "lindsund"), "school", -160)
    show.sign_all(school, -150)
    show.fire("priit", school, "submit_pilot_proposal", -148)
    show.assign(school, Gate.PILOT_PROPOSAL, -146)
    for name in JURORS:
        show.review(name, school, Gate.PILOT_PROPOSAL, GOOD, -140)
    show.fire("liis", school, "name_finalist", -130)  # writes its full proposal now

    radar = show.write_idea("aino", "radar", codes["roots"], -205)
    show.fire("aino", radar, "submit", -203)
    show.screen(radar, -201)
    show.fire("liis", radar, "invite", -195)
    show.team_up("aino", radar, ("ostmere", "merilinna"), "radar", -170)
    show.sign_all(radar, -165)
    show.fire("aino", radar, "submit_pilot_proposal", -164)
    show.assign(radar, Gate.PILOT_PROPOSAL, -160)
    for name in JURORS:
        show.review(name, radar, Gate.PILOT_PROPOSAL, FAIR, -155)
    show.fire("liis", radar, "name_finalist", -140)
    show.sign_all(radar, -60)
    show.fire("aino", radar, "submit_full", -55)
    show.assign(radar, Gate.FULL_PROPOSAL, -50)
    show.review("jonas", radar, Gate.FULL_PROPOSAL, GOOD, -30)
    show.review("elif", radar, Gate.FULL_PROPOSAL, FAIR, -25)  # amara has not judged it yet
