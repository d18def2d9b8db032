"""What a calibration says, as the ranking page draws and words it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from challenge.http.figures import share
from challenge.http.ranges import Plot, Range, leaning, plot
from challenge.jury.pages.acts import MARK
from challenge.jury.pages.ranked import RowView, within
from challenge.jury.queries import Calibrated, Counted, Ranking, Severity
from challenge.jury.rules import Titled
from challenge.jury.scale import TENTHS
from challenge.kernel.i18n import Text, _, _n

NOTEWORTHY = 0.25  # points: half of the usual step; below it a juror marks like the others
STRONG, WEAK = 0.8, 0.667  # Krippendorff's own limits for conclusions that are firm, and tentative


@dataclass(frozen=True, slots=True)
class SeverityRow:
    """A juror: by how many points below the others, in words, and by criterion."""

    name: str
    whole: str
    words: Text
    tone: str
    x: float
    width: float
    criteria: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """How far jurors agree on a criterion."""

    title: Text | Titled
    alpha: str
    words: Text
    percent: float
    tone: str


@dataclass(frozen=True, slots=True)
class CalibrationView:
    """The drawings and their words; empty where there is nothing to draw."""

    plot: Plot
    cut: int
    says: Text
    severity: tuple[SeverityRow, ...]
    strictest: Text
    agreement: tuple[AgreementRow, ...]
    groups: tuple[tuple[str, str], ...]  # jurors, proposals


def view_of(ranking: Ranking, scored: Sequence[RowView]) -> CalibrationView:
    """How the page shows the calibration of what is ranked."""
    found = ranking.calibrated
    most = float(ranking.maximum / len(ranking.criteria)) if ranking.criteria else 1.0
    shown = [view for view in scored if view.row.standing.weighted is not None]
    placed = sum(view.row.standing.place is not None for view in shown)
    return CalibrationView(
        plot=plot((_range(view, ranking) for view in shown), 0, most),
        cut=found.best if 0 < found.best < placed else 0,
        says=_n("Scores of one proposal, drawn; the table below holds the same values.",
                "Scores of %(n)s proposals, drawn; the table below holds the same values.", len(shown)),
        severity=tuple(_severities(found.jurors, ranking)), strictest=_strictest(found.jurors),
        agreement=tuple(_agreement(found, ranking)), groups=tuple(_groups(found, ranking)),
    )  # fmt: skip


def _range(view: RowView, ranking: Ranking) -> Range:
    standing = view.row.standing
    raw, value = float(standing.weighted or 0), ranking.calibrated.values.get(view.row.id)
    if value is not None:
        low, high = within(value, ranking)
        return Range(view.row.title, raw, low, high, value.value, is_off=standing.place is None)
    single = [_weighted(review, ranking) for review in view.row.reviews if review.is_eligible and review.marks]
    return Range(view.row.title, raw, min(single, default=raw), max(single, default=raw), is_off=standing.place is None)


def _weighted(review: Counted, ranking: Ranking) -> float:
    """The weighted mean of one review."""
    weights = {criterion.key: Fraction(criterion.weight) for criterion in ranking.criteria}
    given = sum((weights[key] * mark for key, mark in review.marks.items() if key in weights), Fraction(0))
    return float(given / (sum(weights.values()) * TENTHS))


def _severities(jurors: Sequence[Severity], ranking: Ranking) -> Iterator[SeverityRow]:
    """The strictest first."""
    jurors = sorted(jurors, key=lambda one: (-one.whole, ranking.jurors.get(one.juror_id, "")))
    for one, (x, width) in zip(jurors, leaning([one.whole for one in jurors], 1.0), strict=True):
        words, tone = _mildness(one.whole)
        yield SeverityRow(
            name=ranking.jurors.get(one.juror_id, ""), whole=signed(one.whole), words=words, tone=tone, x=x,
            width=width, criteria=tuple(signed(one.criteria.get(criterion.key)) for criterion in ranking.criteria),
        )  # fmt: skip


def _mildness(severity: float) -> tuple[Text, str]:
    if severity >= NOTEWORTHY:
        return _("Strict"), "clay"
    return (_("Mild"), "sea") if severity <= -NOTEWORTHY else (_("Like the others"), "edge")


def _strictest(jurors: Sequence[Severity]) -> Text:
    """The finding, as the figure's heading."""
    if not jurors:
        return _("How jurors mark")
    first, last = max(jurors, key=lambda one: one.whole), min(jurors, key=lambda one: one.whole)
    if first.whole - last.whole < 2 * NOTEWORTHY:
        return _("Jurors mark alike")
    points = MARK.shown(Fraction(first.whole - last.whole), 1)
    return _("Strictest and mildest juror differ by %(points)s points", points=points)


def signed(number: float | None) -> str:
    """``+0.50`` for strict, ``−0.50`` for mild, ``–`` for what cannot be said."""
    if number is None:
        return "–"
    sign = "+" if round(number, 2) > 0 else "−" if round(number, 2) < 0 else ""
    return sign + MARK.shown(Fraction(abs(number)))


def _agreement(found: Calibrated, ranking: Ranking) -> Iterator[AgreementRow]:
    if not found.agreement:
        return
    for criterion in ranking.criteria:
        yield _agreed(Titled(criterion.title), found.agreement, criterion.key)
    yield _agreed(_("All, weighted"), found.agreement, "")


def _agreed(title: Text | Titled, agreement: Mapping[str, float | None], key: str) -> AgreementRow:
    alpha = agreement.get(key)
    if alpha is None:
        return AgreementRow(title, "–", _("Cannot be said: no two jurors differ, or none share a proposal"), 0, "edge")
    if alpha >= STRONG:
        words, tone = _("They agree"), "moss"
    elif alpha >= WEAK:
        words, tone = _("They agree by and large"), "sea"
    else:
        words, tone = _("They see it differently"), "sun"
    sign = "−" if round(alpha, 2) < 0 else ""
    return AgreementRow(title, sign + MARK.shown(Fraction(abs(alpha))), words, share(alpha, 1), tone)


def _groups(found: Calibrated, ranking: Ranking) -> Iterator[tuple[str, str]]:
    for group in found.groups if found.reason == "disconnected" else ():
        yield (
            ", ".join(sorted(ranking.jurors[key] for key in group.jurors if key in ranking.jurors)),
            ", ".join(ranking.titles[key] for key in group.proposals if key in ranking.titles),
        )
