"""The public face: the catalogue of challenges, and a challenge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from challenge.http.pages import page
from challenge.http.papers import file_of, send_file
from challenge.http.templates import day, number
from challenge.http.work import work
from challenge.kernel import attachment
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.work import Work
from challenge.rounds import rules as round_rules
from challenge.rounds.queries import current, deadline, rules_of, visible
from challenge.rounds.states import GATE_WINDOWS, Gate, RoundState, WindowName
from challenge.rounds.words import Country
from challenge.submissions import actions, interest_rules, queries, rules
from challenge.submissions.actions.questions import may_ask
from challenge.submissions.actions.writing import may_start
from challenge.submissions.pages.forms import clock
from challenge.submissions.queries import ChallengeView, Wanted
from challenge.submissions.states import OPEN_TO_INTEREST, SubmissionState

router = APIRouter()
ANSWERABLE = (SubmissionState.ACCEPTED, SubmissionState.CO_DEVELOPMENT, SubmissionState.PILOT_SELECTION)
# When proposals begin, by the first gate of the round that is on.
BEGIN: Mapping[Gate, tuple[Text, Text]] = {
    Gate.IDEA: (_("Ideas close"), _("Ideas closed")),
    Gate.PILOT_PROPOSAL: (_("Pilot proposals close"), _("Pilot proposals closed")),
    Gate.FULL_PROPOSAL: (_("Full proposals close"), _("Full proposals closed")),
}


@router.get("/challenges", include_in_schema=False)
def index(
    request: Request,
    q: str = "",
    theme: str = "",
    country: str = "",
    of_round: Annotated[str, Query(alias="round")] = "",
    state: str = "",
    thesis: str = "",
    after: str = "",
) -> Response:
    """All published challenges, to be searched and filtered."""
    with work(request) as w:
        wanted = Wanted(q[:200], theme, country, of_round, state, thesis=bool(thesis))
        given = {"q": wanted.text, "theme": theme, "country": country, "round": of_round, "state": state}
        given["thesis"] = "1" if wanted.thesis else ""
        kept = {name: value for name, value in given.items() if value}
        cards = queries.challenges(w, wanted, after)
        facets = queries.facets(w, wanted)
        states = facets["state"]
        return page(
            w, "challenges/index.html", cards=cards.rows, wanted=wanted, facets=facets, is_narrowed=bool(kept),
            total=sum(facet.count for facet in states if wanted.state in ("", facet.value)),
            first=f"/challenges?{urlencode(kept)}" if after else None,
            following=f"/challenges?{urlencode({**kept, 'after': cards.following})}" if cards.following else None,
        )  # fmt: skip


@router.get("/challenges/{code}", include_in_schema=False)
def show(request: Request, code: str) -> Response:
    """A challenge as everybody reads it."""
    with work(request) as w:
        found = queries.challenge(w, code)
        round_ = visible(w, found.round_code)
        interests = queries.interested_in(w, code)
        window, (ahead, over) = _begin(round_)
        return page(
            w, "challenges/show.html", challenge=found, round=round_, zone=round_.zone,
            themes=[rules.theme_title(rules_of(round_), theme) for theme in found.themes],
            place=", ".join(f"{name}, {Country(country)}" for name, country in found.cities),
            facts=facts_of(found, interests), interests=interests, files=attachment.of(w, rules.WORKFLOW, code),
            deadline=clock(w, deadline(w, round_, window), ahead, over) if found.state in ANSWERABLE else None,
            propose_problem=_propose_problem(w, found, round_, window),
            interest_problem=_interest_problem(w, found, round_),
            questions=queries.published(w, submission_code=code), may_ask=may_ask(w, round_) is None,
            timeline=_timeline(w, found, round_, interests), takers=_takers(w, code),
        )  # fmt: skip


def _takers(w: Work, code: str) -> list[str]:
    """The reader's cities that could take it up as their own challenge now."""
    round_ = current(w)
    if round_ is None:
        return []
    cities = queries.my_cities(w, round_)
    return [
        city.name for city in cities if may_start(w, round_, city) is None and actions.may_take(w, round_, city, code)
    ]


@router.get("/challenges/{code}/files/{file}", include_in_schema=False)
def download(request: Request, code: str, file: str) -> Response:
    """A file of a published challenge."""
    with work(request) as w:
        queries.challenge(w, code)
        found = file_of(w, rules.WORKFLOW, _Coded(code), file)
    return send_file(request, found)


class _Coded:
    """A record of which only the code is needed."""

    def __init__(self, code: str) -> None:
        self.code = code


def facts_of(found: ChallengeView, interests: list[Any]) -> list[tuple[str, str, str]]:
    """The challenge in at most four numbers: (term, value, text)."""
    answers, facts = found.answers, []
    if affected := answers.get("affected"):
        shown = number(int(affected)) if str(affected).isdigit() else str(affected)
        facts.append((str(_("People affected")), shown, str(answers.get("affected_who", ""))))
    if answers.get("measure") and answers.get("measure_now"):
        wished = str(_("wished: %(value)s", value=answers.get("measure_wished", "–")))
        facts.append((str(answers["measure"]), str(answers["measure_now"]), wished))
    if since := answers.get("since"):
        facts.append((str(_("Since")), str(since), ""))
    if not found.imported:
        countries = ", ".join(dict.fromkeys(str(Country(row.country)) for row in interests))
        facts.append((str(_("Interested cities")), str(len(interests)), countries))
    return facts


def _begin(round_: Any) -> tuple[WindowName, tuple[Text, Text]]:
    first = next(gate for gate in Gate if gate in rules_of(round_).open_gates)
    return GATE_WINDOWS[first], BEGIN[first]


def _propose_problem(w: Work, found: ChallengeView, round_: Any, window: WindowName) -> Problem | None:
    """Why nobody can propose a solution now."""
    if found.state not in ANSWERABLE:
        return Problem("not_answerable", _("This challenge is not open for proposals any more."))
    if round_.state is not RoundState.PUBLISHED:
        return Problem("round_not_open", _("Its round is not under way."))
    return round_rules.is_open(w, round_, window)


def _interest_problem(w: Work, found: ChallengeView, round_: Any) -> Problem | None:
    """Why nobody of this actor's cities can show interest now; visitors are told about the window only."""
    if found.state not in OPEN_TO_INTEREST or round_.state is not RoundState.PUBLISHED:
        return Problem("not_open_to_interest", _("A city can still join a proposal: ask its lead."))
    if problem := round_rules.is_open(w, round_, interest_rules.WINDOW):
        return problem
    mine = queries.to_show_interest(w, round_)
    if mine and all(city.id in found.city_ids for city in mine):
        return Problem("own_challenge", _("It is your city’s own challenge."))
    return None


class Happened:
    """An entry of the public timeline."""

    def __init__(self, title: Text, when: Any, zone: str, text: Text | str = "") -> None:
        self.title, self.when, self.who, self.text = str(title), day(when, zone), "", str(text)
        self.at = when


def _timeline(w: Work, found: ChallengeView, round_: Any, interests: list[Any]) -> list[Happened]:
    """What everybody may know of what happened, newest first."""
    zone = round_.zone
    entries: list[Happened] = []
    if found.submitted_at:
        cities = ", ".join(name for name, _country in found.cities)
        entries.append(Happened(_("Submitted"), found.submitted_at, zone, _("By %(cities)s.", cities=cities)))
    if found.published_at:
        entries.append(Happened(_("Published"), found.published_at, zone, _("Accepted by the coordinators.")))
    if interests:
        title = _n("One city interested", "%(n)s cities interested", len(interests))
        entries.append(Happened(title, interests[-1].shown_at, zone, ", ".join(row.city for row in interests)))
    window, _labels = _begin(round_)
    period = round_rules.window(w, round_.id, window)
    if period is not None and found.published_at and found.published_at < period.opens_at <= w.now:
        entries.append(Happened(_("Proposals opened"), period.opens_at, zone, _("Anyone may propose a solution.")))
    entries.sort(key=lambda entry: entry.at)
    return entries[::-1]
