"""The front page: what is open and until when, where the round stands, what came of earlier ones."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.home.pages.words import amount, clock, listed, month, period
from challenge.home.queries import front as queries
from challenge.home.queries.front import Front, Past, PilotCard
from challenge.home.queries.scene import Stand
from challenge.http.figures import MapFigure, PairRow, Place, pair_map
from challenge.http.pages import page
from challenge.http.templates import day, moment
from challenge.http.work import work
from challenge.kernel.i18n import _, _n
from challenge.pilots.content import Member
from challenge.pilots.states import LABELS
from challenge.rounds.states import WINDOWS, Pairing, WindowName
from challenge.rounds.words import Country
from challenge.submissions.rules import theme_title

router = APIRouter()
Step = tuple[str, str, str, str]
Stat = tuple[str, str]
BEST = 2  # cards of pilots across a border beside the list of the others
OTHERS = 4
MOST_STATS = 4
LATER: frozenset[WindowName] = frozenset({WindowName.PILOT_PROPOSALS, WindowName.FULL_PROPOSALS})


@dataclass(frozen=True, slots=True)
class Act:
    """A button of the hero."""

    text: str
    href: str


@router.get("/", include_in_schema=False)
def show(request: Request) -> Response:
    """The public face of the programme."""
    with work(request) as w:
        found = queries.front(w)
        stand = found.round
        pairs = [pilot for pilot in found.pilots if pilot.is_pair]
        return page(
            w, "home/front.html", front=found, round=stand, acts=acts(found),
            next_date=clock(stand, *stand.next_date) if stand and stand.next_date else None,
            country=Country(stand.rules.home_country if stand else "EE"),
            pairing=stand.rules.pairing if stand else Pairing.MANDATORY,
            steps=list(steps(stand, found.published_count)) if stand else [],
            cards=[(challenge, eyebrow(stand, challenge.themes), place(challenge)) for challenge in found.challenges]
            if stand else [],
            stats=stats(found), map=atlas(found.pilots),
            pairs=[(pilot, *told(pilot)) for pilot in pairs[:BEST]],
            others=[(pilot, cities(pilot)) for pilot in [*pairs[BEST:], *found.pilots[len(pairs):]][:OTHERS]],
            labels=LABELS,
        )  # fmt: skip


def acts(found: Front) -> list[Act]:
    """What one can do now: the first is the reason to be here."""
    stand, made = found.round, []
    if stand is not None and stand.is_open(WindowName.CHALLENGES):
        made.append(Act(str(_("Submit a challenge")), "/submissions/new"))
    if stand is not None and stand.is_open(WindowName.INTERESTS):
        made.append(Act(str(_("Show interest in a challenge")), "/submissions"))
    if stand is not None and stand.is_open(stand.proposing) and found.open_count:
        made.append(Act(str(_("Propose a solution")), "/proposals/new"))
    if found.open_count:
        text = _n("Read the open challenge", "Read the %(n)s open challenges", found.open_count)
        made.append(Act(str(text), "/challenges"))
    if stand is not None and not made:
        made.append(Act(str(_("Read the rules and dates")), f"/rounds/{stand.code}"))
    return made or [Act(str(_("How it works")), "/help")]


def steps(stand: Stand, published: int) -> Iterator[Step]:
    """The steps of the round; the later gates stand as one, so that there are five at most."""
    concerned: list[WindowName] = [name for name in stand.concerned if name is not WindowName.PREFERENCES]
    later = [name for name in concerned if name in LATER]
    for name in concerned:
        if name in later[1:]:
            continue
        group: list[WindowName] = later if name in later else [name]
        title = str(WINDOWS[name] if len(group) == 1 else _("Pilot and full proposals"))
        state, when = reached(stand, group)
        yield title, when, "" if state == "now" else remark(stand, name, published), state


def reached(stand: Stand, group: list[WindowName]) -> tuple[str, str]:
    """Whether these windows are done, open now or later, and when."""
    opens_at, closes_at = stand.windows[group[0]].opens_at, stand.windows[group[-1]].closes_at
    running = next((name for name in group if stand.is_open(name)), None)
    if running is not None:
        return "now", str(_("Open until %(moment)s", moment=moment(stand.closes_at(running), stand.zone)))
    if stand.is_over(group[-1]):
        return "done", str(_("Closed %(day)s", day=day(closes_at, stand.zone)))
    return "later", period(opens_at, closes_at, stand.zone)


def remark(stand: Stand, name: WindowName, published: int) -> str:
    """What is worth knowing of a step."""
    if name is WindowName.CHALLENGES:
        if published:
            return str(_n("one challenge published", "%(n)s challenges published", published))
        return str(_("at most %(n)s per city", n=stand.rules.submissions_per_city))
    if name is WindowName.INTERESTS:
        return str(_("at most %(n)s per city", n=stand.rules.interests_per_city))
    if name in LATER and stand.rules.pairing is Pairing.MANDATORY:
        return str(_("needs a pair of cities"))
    return str(_("told to everybody at once")) if name is WindowName.JURY else ""


def eyebrow(stand: Stand, themes: tuple[str, ...]) -> str:
    """The themes of a challenge."""
    return listed(theme_title(stand.rules, key) for key in themes)


def place(challenge: queries.Challenge) -> str:
    """The city, its country, and how many others are interested."""
    parts = [challenge.city, str(Country(challenge.country)) if challenge.country else ""]
    where = ", ".join(part for part in parts if part)
    interested = _n("one city interested", "%(n)s cities interested", challenge.interests)
    return " · ".join(part for part in (where, str(interested) if challenge.interests else "") if part)


# Pilots


def atlas(pilots: tuple[PilotCard, ...]) -> MapFigure | None:
    """The map of all pilots whose home city is on it; None when there is nothing to draw."""
    rows = []
    for pilot in pilots:
        partners: list[Place | None] = [*spots(pilot.abroad)]
        for home in spots(pilot.home):
            rows += [PairRow(pilot.title, home, away, f"/pilots/{pilot.code}") for away in partners or [None]]
    return pair_map(rows) if rows else None


def spots(members: tuple[Member, ...]) -> list[Place]:
    """The cities whose place is known."""
    known = [(city.name, city.longitude, city.latitude) for city in members]
    return [Place(name, lon, lat) for name, lon, lat in known if lon is not None and lat is not None]


def told(pilot: PilotCard) -> tuple[str, str, str, str]:
    """For the card: the cities at home, those abroad, their countries, and money with time."""
    countries = listed(Country(code) for code in dict.fromkeys(city.country for city in (*pilot.home, *pilot.abroad)))
    home, abroad = (listed(city.name for city in side) for side in (pilot.home, pilot.abroad))
    return home, abroad, countries, " · ".join(measure(pilot))


def measure(pilot: PilotCard) -> Iterator[str]:
    """How much, how long, since when: as far as it is known."""
    if pilot.budget_cents:
        yield amount(pilot.budget_cents)
    if pilot.months and pilot.starts_on:
        yield str(_("%(months)s months from %(day)s", months=pilot.months, day=month(pilot.starts_on)))
    elif pilot.months:
        yield str(_n("one month", "%(n)s months", pilot.months))


def cities(pilot: PilotCard) -> str:
    """All cities of a pilot."""
    return listed(city.name for city in (*pilot.home, *pilot.abroad))


# Numbers: only what is known of past rounds, never an estimate


def stats(found: Front) -> list[Stat]:
    """At most four numbers, each with what it counts."""
    made = [stat for round_ in found.past for stat in counted(round_)]
    across = sum(pilot.is_pair for pilot in found.pilots)
    if found.pilots:
        text = _n("pilot described here", "pilots described here", len(found.pilots))
        more = _n("one of them across a border", "%(n)s of them across a border", across)
        made.append((str(len(found.pilots)), f"{text}, {more}" if across else str(text)))
    funded = max((pilot for pilot in found.pilots if pilot.budget_cents), key=budget, default=None)
    if funded is not None:
        made.append(
            (amount(budget(funded)), str(_("for %(pilot)s, the largest budget known so far", pilot=funded.title)))
        )
    return made[-MOST_STATS:]


def budget(pilot: PilotCard) -> int:
    """What a pilot costs, 0 where that is not known."""
    return pilot.budget_cents or 0


def counted(round_: Past) -> Iterator[Stat]:
    """What the facts of a past round say, where they say it in whole numbers."""
    number = {name: value for name, value in round_.facts.items() if isinstance(value, int) and value > 0}
    year, ideas, challenges = number.get("year"), number.get("ideas"), number.get("challenges")
    when = str(year) if year else round_.title
    if ideas and challenges:
        yield str(ideas), str(_("ideas for %(challenges)s challenges in %(round)s", challenges=challenges, round=when))
    elif challenges and number.get("cities") and number.get("countries"):
        text = _(
            "challenges from %(cities)s cities in %(countries)s countries in %(round)s",
            cities=number["cities"], countries=number["countries"], round=when,
        )  # fmt: skip
        yield str(challenges), str(text)
