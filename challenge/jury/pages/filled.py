"""The scoring form: as it stands, as it was sent, and what each criterion still needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any

from pydantic import ValidationError

from challenge.http.messages import message_of
from challenge.http.sent import SentBody
from challenge.jury.pages.acts import MARK
from challenge.jury.rules import Titled
from challenge.jury.scale import shown
from challenge.jury.schemas import ReviewIn
from challenge.jury.states import CONFIDENCES, Confidence
from challenge.kernel import diff
from challenge.kernel.errors import Problem
from challenge.kernel.i18n import _
from challenge.rounds.schemas import Criterion

SUFFIX, COMMENT, COMMENT_ID = "-mark", "_comment", "-comment"  # no criterion's key has a "-"


def field_id(key: str) -> str:
    """The id of a problem's field on the page: ``impact`` is the mark, ``impact.comment`` its comment."""
    criterion, dot, _rest = key.partition(".")
    return f"{criterion}{SUFFIX}{COMMENT_ID if dot else ''}"


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form: marks as text, comments, and messages by field id."""

    marks: Mapping[str, str]
    comments: Mapping[str, str]
    comment: str = ""
    confidence: int | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    def with_problem(self, problem: Problem) -> Filled:
        """The same with the messages of a problem at the fields it names."""
        return replace(self, errors={field_id(key): str(text) for key, text in problem.fields.items()})


def stored(scores: Mapping[str, Any], review: Any) -> Filled:
    """The form as it is kept."""
    return Filled(
        {key: shown(score.tenths) for key, score in scores.items() if score.tenths is not None},
        {key: score.comment for key, score in scores.items()},
        review.comment,
        review.confidence,
    )


def said(content: Mapping[str, Any]) -> Filled:
    """The form as it was handed in, from the revision that was kept."""
    marks = content["marks"]
    return Filled(
        {key: given["mark"] for key, given in marks.items() if given["mark"] is not None},
        {key: given["comment"] for key, given in marks.items()},
        content["comment"],
        content["confidence"],
    )


def sent_form(criteria: Iterable[Criterion], sent: SentBody) -> tuple[Filled, ReviewIn | None]:
    """What was sent: as typed, and as a draft of a review where it can be read as one."""
    keys = [criterion.key for criterion in criteria]
    typed = Filled(
        {key: sent.get(f"{key}{SUFFIX}").replace(",", ".") for key in keys},
        {key: sent.get(f"{key}{SUFFIX}{COMMENT}") for key in keys},
        sent.get("comment"),
        int(sent.get("confidence")) if sent.get("confidence") in {str(int(one)) for one in Confidence} else None,
    )
    raw = {
        "marks": {key: {"mark": typed.marks[key] or None, "comment": typed.comments[key]} for key in keys},
        "comment": typed.comment,
        "confidence": typed.confidence,
        "revision": sent.get("revision").lstrip("0") or None,  # imported ones have no version
    }
    try:
        return typed, ReviewIn.model_validate(raw)
    except ValidationError as error:
        return replace(typed, errors=dict(_messages(error))), None


def _messages(error: ValidationError) -> Iterator[tuple[str, str]]:
    for found in error.errors(include_url=False):
        place = found["loc"]
        if place[0] == "marks":
            key = f"{place[1]}.comment" if place[-1] == "comment" else str(place[1])
            yield field_id(key), str(message_of(found, None))
        else:
            yield str(place[0]), str(message_of(found, None))


@dataclass(frozen=True, slots=True)
class CriterionView:
    """A criterion with what is given for it, as the form and the reports show it."""

    name: str
    title: str
    about: str
    anchor: str
    value: str
    comment: str
    error: str


def views(criteria: Iterable[Criterion], filled: Filled) -> list[CriterionView]:
    """The criteria in the round's order."""
    criteria = list(criteria)
    total = sum((Fraction(criterion.weight) for criterion in criteria), Fraction(0))
    return [
        CriterionView(
            name=f"{criterion.key}{SUFFIX}",
            title=str(Titled(criterion.title)),
            about=_about(criterion, total),
            anchor=str(Titled(criterion.anchor)) if criterion.anchor else "",
            value=filled.marks.get(criterion.key, ""),
            comment=filled.comments.get(criterion.key, ""),
            error=". ".join(
                filled.errors[key]
                for key in (field_id(criterion.key), field_id(f"{criterion.key}.comment"))
                if key in filled.errors
            ),
        )
        for criterion in criteria
    ]


def _about(criterion: Criterion, total: Fraction) -> str:
    weight = MARK.plain(Fraction(criterion.weight) / total * 100)
    if not criterion.threshold:
        return str(_("weight %(weight)s %%", weight=weight))
    return str(
        _("weight %(weight)s %%, threshold %(least)s", weight=weight, least=MARK.plain(Fraction(criterion.threshold)))
    )


def total_of(filled: Filled) -> Fraction:
    """The sum of the marks given so far."""
    return sum((Fraction(mark) for mark in filled.marks.values() if _is_number(mark)), Fraction(0))


def _is_number(mark: str) -> bool:
    return mark.replace(".", "", 1).isdigit()


def confidences() -> list[tuple[str, str]]:
    """How sure one may be."""
    return [(str(int(key)), str(text)) for key, text in CONFIDENCES.items()]


@dataclass(frozen=True, slots=True)
class Differs:
    """What was typed here and what was saved elsewhere in the meantime."""

    label: str
    saved: str
    pieces: list[diff.Piece]


def differing(criteria: Iterable[Criterion], typed: Filled, kept: Filled) -> list[Differs]:
    """Where two browser tabs of one juror say different things."""
    pairs = []
    for criterion in criteria:
        key, title = criterion.key, str(Titled(criterion.title))
        pairs.append(
            (str(_("Mark for %(criterion)s", criterion=title)), typed.marks.get(key, ""), kept.marks.get(key, ""))
        )
        pairs.append((title, typed.comments.get(key, ""), kept.comments.get(key, "")))
    pairs.append((str(_("Overall comment")), typed.comment, kept.comment))
    return [Differs(label, there, diff.words(there, here)) for label, here, there in pairs if here != there]
