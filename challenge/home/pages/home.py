"""Each person's home page: what needs them, then what is theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.home.flow import Edge, edges, handed_in
from challenge.home.pages.needs import needs_of
from challenge.home.pages.words import clock, listed
from challenge.home.queries import home as queries
from challenge.home.queries.home import Home
from challenge.home.queries.mine import MOST, MyCity, MyInterest, MyProposal, MySubmission
from challenge.home.queries.programme import Glance
from challenge.home.queries.scene import Stand
from challenge.http.figures import share
from challenge.http.pages import page
from challenge.http.templates import Deadline
from challenge.http.work import work
from challenge.jury.states import ReviewState
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.work import Work
from challenge.people.states import ROLES, RoleName
from challenge.pilots.content import Member
from challenge.pilots.states import LABELS as PILOT_LABELS
from challenge.proposals.states import LABELS as PROPOSAL_LABELS
from challenge.proposals.states import ProposalState
from challenge.rounds.states import LABELS as ROUND_LABELS
from challenge.rounds.states import WindowName
from challenge.submissions.states import LABELS as SUBMISSION_LABELS

router = APIRouter()
FEWEST = 3  # proposals and steps: a figure of less says nothing the counts do not
NOW = _("None yet: choose challenges of other cities that are yours too.")
LATER = _("None. Cities show interest once submissions have closed.")
OVER = _("None. The time to show interest is over.")


@router.get("/home", include_in_schema=False)
def show(request: Request) -> Response:
    """The person's page."""
    with work(request) as w:
        home = queries.home(w)
        current = home.current
        return page(
            w, "home/home.html", home=home, who=who(w, home), needs=needs_of(w, home),
            next_date=next_date(current), round=current,
            places=[place(city, home) for city in home.cities],
            pilots=[(pilot, names(pilot.home), names(pilot.away)) for pilot in home.pilots],
            proposals=[(row, pair_of(row, home)) for row in home.proposals or [] if row.is_own],
            with_city=[(row, pair_of(row, home)) for row in home.proposals or [] if not row.is_own],
            shows_proposals=shows_proposals(w, home), most=MOST,
            rounds=[view(glance) for glance in home.rounds or []], queue=home.queue,
            submission_labels=SUBMISSION_LABELS, proposal_labels=PROPOSAL_LABELS, pilot_labels=PILOT_LABELS,
            round_labels=ROUND_LABELS,
        )  # fmt: skip


def who(w: Work, home: Home) -> str:
    """What the person is here: their roles and cities."""
    roles = [str(ROLES[role]) for role in RoleName if w.actor.holds_anywhere(role)]
    return " · ".join([*roles, *(city.name for city in home.cities)])


def next_date(current: Stand | None) -> Deadline | None:
    """What comes next in the round under way."""
    found = current.next_date if current is not None else None
    return clock(current, *found) if current is not None and found is not None else None


def shows_proposals(w: Work, home: Home) -> bool:
    """Whether proposals are this person's business: they have some, or they are nothing else here."""
    return bool(home.proposals) or not (home.cities or any(w.actor.holds_anywhere(role) for role in RoleName))


# My city


@dataclass(frozen=True, slots=True)
class Place:
    """A city of the person's in the round under way."""

    city: MyCity
    submissions: list[MySubmission]
    interests: list[MyInterest]
    slots: Text | None
    wishes: Text | None
    may_begin: bool
    may_wish: bool
    no_wish: Text


def place(city: MyCity, home: Home) -> Place:
    """Its challenges and interests, and how many more there can be."""
    rows = [row for row in home.submissions if row.city_id == city.id]
    wishes = [row for row in home.interests if row.city_id == city.id]
    stand = home.current
    if stand is None:
        return Place(city, rows, wishes, None, None, may_begin=False, may_wish=False, no_wish=LATER)
    cap, most = stand.rules.submissions_per_city, stand.rules.interests_per_city
    taken = sum(row.round_id == stand.id and row.slot is not None for row in rows)
    shown = sum(row.round_id == stand.id for row in wishes)
    return Place(
        city, rows, wishes,
        _("%(taken)s of at most %(cap)s submitted", taken=taken, cap=cap),
        _("%(shown)s of at most %(most)s", shown=shown, most=most),
        may_begin=stand.is_open(WindowName.CHALLENGES) and taken < cap,
        may_wish=stand.is_open(WindowName.INTERESTS) and shown < most,
        no_wish=NOW if stand.is_open(WindowName.INTERESTS) else OVER if stand.is_over(WindowName.INTERESTS) else LATER,
    )  # fmt: skip


# Pilots and proposals


def names(cities: list[Member]) -> str:
    """The cities, as the language lists them."""
    return listed(city.name for city in cities)


def pair_of(row: MyProposal, home: Home) -> tuple[str, str]:
    """The cities that count, at home and abroad; of a round that is over, all of them as at home."""
    stand = home.stand(row.round_id)
    country = stand.rules.home_country if stand is not None else "EE"
    counts = [city for city in row.cities if city.counts]
    return (
        listed(city.name for city in counts if city.country == country),
        listed(city.name for city in counts if city.country != country),
    )


# Rounds


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round at a glance, ready to be shown."""

    glance: Glance
    flow: list[Edge]
    finding: str
    challenges: list[tuple[Any, int]]
    proposals: list[tuple[Any, int]]
    reviews: tuple[int, int, float]
    pages: list[tuple[Text, str]]


def view(glance: Glance) -> RoundView:
    """The figure, the counts, and the pages of this round."""
    stand = glance.stand
    piles = [(pile.state, pile.came_from, pile.count) for pile in glance.piles]
    gates = stand.rules.open_gates
    done, all_of_them = glance.reviews[ReviewState.SUBMITTED], glance.reviews.total()
    flow, entered = edges(piles, gates), handed_in(piles, gates)
    return RoundView(
        glance, flow if min(len(flow), entered) >= FEWEST else [], finding(glance, entered),
        [(state, glance.submissions[state]) for state in SUBMISSION_LABELS if glance.submissions[state]],
        [(state, glance.proposals[state]) for state in PROPOSAL_LABELS if glance.proposals[state]],
        (done, all_of_them, share(done, all_of_them)),
        list(pages_of(glance)),
    )  # fmt: skip


def finding(glance: Glance, entered: int) -> str:
    """The heading of the figure says what it shows."""
    proposals = glance.proposals
    ends = (
        (ProposalState.PILOTED, _n("one pilot", "%(n)s pilots", proposals[ProposalState.PILOTED])),
        (ProposalState.SELECTED, _n("one selected", "%(n)s selected", proposals[ProposalState.SELECTED])),
        (ProposalState.IN_JURY, _n("one in jury", "%(n)s in jury", proposals[ProposalState.IN_JURY])),
    )
    start = _n("From one proposal", "From %(n)s proposals", entered)
    end = next((text for state, text in ends if proposals[state]), None)
    if end is None:
        return str(_n("One proposal so far", "%(n)s proposals so far", entered))
    return str(_("%(start)s to %(end)s", start=start, end=end))


def pages_of(glance: Glance) -> Iterator[tuple[Text, str]]:
    """Where the work on a round is done."""
    code = glance.stand.code
    yield _("The round"), f"/rounds/{code}"
    yield _("Challenges"), f"/submissions?round={code}"
    yield _("Proposals"), f"/proposals?round={code}"
    yield _("Jurors"), f"/rounds/{code}/jurors"
    yield _("Ranking"), f"/rounds/{code}/ranking"
    yield _("Gates"), f"/rounds/{code}/gates"
    yield _("Outcomes"), f"/rounds/{code}/outcomes"
