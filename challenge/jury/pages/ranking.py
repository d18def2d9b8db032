"""The ranking of a gate: means, totals, thresholds, ties and why; the panel's decision on equals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.pages import page, see_other
from challenge.http.sent import Sent, SentBody
from challenge.http.work import WebWork, work
from challenge.jury import actions, queries
from challenge.jury.pages.acts import MARK, gate_of, gate_to_run, jury_tabs
from challenge.jury.queries import Counted, Ranked, Ranking
from challenge.jury.ranking import COUNTRIES, CRITERION, PANEL, THEME
from challenge.jury.rules import Titled
from challenge.jury.scale import TENTHS
from challenge.jury.schemas import PanelOrder
from challenge.jury.states import ReviewState
from challenge.kernel.errors import Invalid, Problem
from challenge.kernel.i18n import Text, _, _n
from challenge.people.rules import is_coordinator
from challenge.proposals.states import LABELS, ProposalState
from challenge.rounds.queries import rules_of
from challenge.rounds.states import GATES

router = APIRouter(include_in_schema=False)


@router.get("/rounds/{code}/ranking")
def index(request: Request, code: str, gate: str = "") -> Response:
    """The ranking."""
    with work(request) as w:
        return _index(w, code, gate)


@router.post("/rounds/{code}/ranking/ties")
def settle(request: Request, code: str, sent: Sent, gate: str = "") -> Response:
    """Record how the panel orders equals."""
    with work(request) as w:
        round_, chosen = gate_to_run(w, code, gate)
        order, reason = _order(sent), sent.get("reason")
        if order is None or not reason:
            problem = Problem("not_equals", _("Give each of the equals one place of its own, and say why."))
            return _index(w, code, gate, problem, sent, status=422)
        try:
            actions.settle_tie(w, round_, chosen, PanelOrder(order=order, reason=reason))
        except Invalid as refusal:
            return _index(w, code, gate, refusal.problem, sent, status=422)
        return see_other(w, f"/rounds/{code}/ranking?gate={chosen}", say=_("The panel’s decision is recorded."))


def _order(sent: SentBody) -> list[str] | None:
    """Codes by the place given to each; None unless every place is given once."""
    places = {name.removeprefix("place-"): sent.get(name) for name in sent.fields if name.startswith("place-")}
    if sorted(places.values()) != [str(place) for place in range(1, len(places) + 1)] or len(places) < 2:  # noqa: PLR2004
        return None
    return sorted(places, key=lambda code: int(places[code]))


@dataclass(frozen=True, slots=True)
class RowView:
    """A row as the page shows it. ``lowest`` and ``highest`` are totals of single jurors."""

    row: Ranked
    means: tuple[tuple[str, bool], ...]  # text, whether below its threshold
    total: str
    value: float
    lowest: float
    highest: float
    lowest_text: str
    highest_text: str
    weighted: str
    done: str
    cities: str
    tags: tuple[tuple[Text, str], ...]
    notes: tuple[Text, ...]


def _view(row: Ranked, ranking: Ranking) -> RowView:
    standing = row.standing
    totals = [Fraction(sum(review.marks.values()), TENTHS) for review in row.reviews if review.is_eligible]
    low, high = min(totals, default=Fraction(0)), max(totals, default=Fraction(0))
    return RowView(
        row=row,
        means=tuple(
            (MARK.shown(standing.means.get(criterion.key)), criterion.key in standing.below)
            for criterion in ranking.criteria
        ),
        total=MARK.shown(standing.total), value=float(standing.total or 0),
        lowest=float(low), highest=float(high), lowest_text=MARK.plain(low), highest_text=MARK.plain(high),
        weighted=MARK.shown(standing.weighted, 3),
        done=str(_("%(done)s of %(all)s", done=len(totals), all=max(ranking.quorum, _live(row)))),
        cities=" + ".join(city.name for city in row.cities if city.counts),
        tags=tuple(_tags(row)), notes=tuple(_notes(row, ranking)),
    )  # fmt: skip


def _live(row: Ranked) -> int:
    """Reviews that count or still can."""
    return sum(review.state is not ReviewState.RECUSED and not review.in_conflict for review in row.reviews)


def _tags(row: Ranked) -> Iterator[tuple[Text, str]]:
    standing = row.standing
    if not standing.entry.is_running:
        yield LABELS[row.state].team, LABELS[row.state].tone
    elif not standing.has_quorum:
        yield _("Reviews missing"), "sun"
    elif standing.below_threshold:
        yield _("Below a threshold"), "rose"
    if standing.entry.agreed is not None:
        yield _("Consensus"), "moss"
    elif standing.spread:
        yield _("Far apart"), "sun"
    if standing.is_shared:
        yield _("Equal"), "sun"


def _notes(row: Ranked, ranking: Ranking) -> Iterator[Text]:
    titles = {criterion.key: Titled(criterion.title) for criterion in ranking.criteria}
    standing = row.standing
    if standing.below:
        yield _("Below the threshold: %(criteria)s.", criteria=_listed(titles[key] for key in standing.below))
    if standing.is_total_below:
        yield _("The total is below %(least)s.", least=MARK.plain(ranking.threshold))
    if standing.entry.agreed is not None:
        yield _("The marks of the consensus rank and are tested against the thresholds, not the means of the jurors.")
    elif standing.spread:
        yield _("Jurors are far apart on %(criteria)s: a consensus note is needed.",
                criteria=_listed(titles[key] for key in standing.spread))  # fmt: skip
    yield from _about_ties(row, ranking)
    for review in row.excluded:
        yield _excluded(review)
    reopened = sum(review.state is ReviewState.REOPENED for review in row.reviews)
    if reopened:
        yield _n("One review is open again.", "%(n)s reviews are open again.", reopened)
    earlier = sum(review.is_of_earlier_version for review in row.reviews)
    if earlier:
        yield _n("One review is of an earlier version.", "%(n)s reviews are of an earlier version.", earlier)


def _about_ties(row: Ranked, ranking: Ranking) -> Iterator[Text]:
    standing = row.standing
    if not standing.tied_with:
        return
    others = _listed(ranking.titles[key] for key in standing.tied_with)
    if standing.settled_by is None:
        yield _("Equal with %(others)s in everything the rules ask: the panel decides.", others=others)
    else:
        yield _("Equal weighted score with %(others)s; placed by: %(step)s.", others=others,
                step=step_words(standing.settled_by, ranking))  # fmt: skip


def _excluded(review: Counted) -> Text:
    if review.state is ReviewState.RECUSED:
        return _("The scores of %(juror)s do not count: stepped aside.", juror=review.juror)
    return _("The scores of %(juror)s do not count: conflict of interest.", juror=review.juror)


def step_words(step: str, ranking: Ranking) -> Text | Titled:
    """A step of the tie ladder in words."""
    if step.startswith(CRITERION):
        key = step.removeprefix(CRITERION)
        return next((Titled(one.title) for one in ranking.criteria if one.key == key), Titled(key))
    return {
        THEME: _("a theme not covered above"),
        COUNTRIES: _("the number of countries"),
        PANEL: _("the panel’s decision"),
    }[step]


def _listed(words: Iterable[object]) -> str:
    return ", ".join(str(word) for word in words)


def _index(
    w: WebWork, code: str, gate: str, problem: Problem | None = None, sent: SentBody | None = None, status: int = 200
) -> Response:
    round_ = queries.round_of_jury(w, code)
    chosen = gate_of(w, round_, gate)
    ranking = queries.ranking(w, round_, chosen) if chosen else None
    views = [_view(row, ranking) for row in ranking.rows] if ranking else []
    ties: dict[int, list[RowView]] = {}
    for view in views:
        if view.row.standing.is_shared:
            ties.setdefault(view.row.standing.place or 0, []).append(view)
    scored = [view for view in views if view.row.standing.total is not None]
    return page(
        w, "jury/ranking.html", status=status, round=round_, gate=chosen, gates=queries.jury_gates(round_),
        gate_words=GATES, ranking=ranking, scored=scored, unscored=[view for view in views if view not in scored],
        ties=ties, over=sum(view.row.standing.below_threshold is False for view in scored),
        criteria=[Titled(criterion.title) for criterion in ranking.criteria] if ranking else [],
        most=MARK.plain(ranking.maximum) if ranking else "", least=round(float(ranking.threshold), 2) if ranking else 0,
        least_text=MARK.plain(ranking.threshold) if ranking else "",
        ladder=[str(step_words(step, ranking)) for step in rules_of(round_).tie_ladder] if ranking else [],
        panel_decides=PANEL in rules_of(round_).tie_ladder, may_settle=is_coordinator(w, round_) is None and
        not (ranking and ranking.barred), problem=problem, sent=sent, tabs=jury_tabs(round_, "ranking"),
        is_full=chosen is not None, withdrawn=ProposalState.WITHDRAWN,
    )  # fmt: skip
