"""The rows of the ranking in words: means, what is missing, ties and why, scores that do not count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from challenge.jury.pages.acts import MARK
from challenge.jury.queries import Counted, Ranked, Ranking, Value
from challenge.jury.ranking import COUNTRIES, CRITERION, PANEL, THEME
from challenge.jury.rules import Titled
from challenge.jury.scale import TENTHS
from challenge.jury.states import ReviewState
from challenge.kernel.i18n import Text, _, _n
from challenge.proposals.states import LABELS


@dataclass(frozen=True, slots=True)
class RowView:
    """A row as the page shows it. ``lowest`` and ``highest`` are totals of single jurors."""

    row: Ranked
    means: tuple[tuple[str, bool], ...]  # text, whether below its threshold
    total: str
    lowest: str
    highest: str
    weighted: str
    calibrated: str  # empty where there is none
    interval: str
    chance: str
    done: str
    cities: str
    tags: tuple[tuple[Text, str], ...]
    notes: tuple[Text, ...]


def row_view(row: Ranked, ranking: Ranking) -> RowView:
    """A row with its numbers and sentences."""
    standing = row.standing
    totals = [Fraction(sum(review.marks.values()), TENTHS) for review in row.reviews if review.is_eligible]
    value = ranking.calibrated.values.get(row.id)
    low, high = min(totals, default=Fraction(0)), max(totals, default=Fraction(0))
    return RowView(
        row=row,
        means=tuple(
            (MARK.shown(standing.means.get(criterion.key)), criterion.key in standing.below)
            for criterion in ranking.criteria
        ),
        total=MARK.shown(standing.total),
        lowest=MARK.plain(low), highest=MARK.plain(high),
        weighted=MARK.shown(standing.weighted, 3),
        calibrated=MARK.shown(value.exact, 3) if value else "",
        interval=_between(*within(value, ranking)) if value else "",
        chance="" if value is None or value.chance is None else _percent(
            value.chance, is_certain=ranking.calibrated.best >= ranking.calibrated.among
        ),
        done=str(_("%(done)s of %(all)s", done=len(totals), all=max(ranking.quorum, _live(row)))),
        cities=" + ".join(city.name for city in row.cities if city.counts),
        tags=tuple(_tags(row)), notes=tuple(_notes(row, ranking)),
    )  # fmt: skip


def within(value: Value, ranking: Ranking) -> tuple[float, float]:
    """The interval as it is shown: no mark lies beyond the scale, whatever the arithmetic says."""
    most = float(ranking.maximum / len(ranking.criteria))
    return max(value.low, 0.0), min(value.high, most)


def _between(low: float, high: float) -> str:
    return f"{MARK.shown(Fraction(low))}–{MARK.shown(Fraction(high))}"


def _percent(share: float, *, is_certain: bool) -> str:
    """Whole percents; what was merely drawn every time, or never, is not said to be certain."""
    percent = round(share * 100)
    if is_certain or 0 < percent < 100:  # noqa: PLR2004
        return f"{percent} %"
    return "> 99 %" if percent else "< 1 %"


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
    elif standing.score is None:
        yield _("No calibrated score"), "sun"
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
    elif ranking.is_by_calibrated:
        yield _("Equal calibrated score with %(others)s; placed by: %(step)s.", others=others,
                step=step_words(standing.settled_by, ranking))  # fmt: skip
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
