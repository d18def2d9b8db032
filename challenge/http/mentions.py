"""Naming somebody in a comment: picked from a list, or with an @ before the name. Whoever is named hears of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from challenge.http.forms import Choices, FieldView
from challenge.kernel.work import Work

if TYPE_CHECKING:
    from challenge.http.drafts import Drafts

ACT = "mention"


def choices(drafts: Drafts, w: Work, record: Any) -> dict[str, Choices]:
    """Whom a form can name."""
    return {"tell": list(drafts.mentions(w, record).items())}


def tell(drafts: Drafts, w: Work, record: Any, field: FieldView, text: str, picked: Iterable[str]) -> None:
    """Journal who was named, in the same transaction as the comment; the mails follow from that step."""
    people = drafts.mentions(w, record)
    named = {*picked, *named_in(text, people)} & set(people)
    if named:
        by = "".join(drafts.names_of(w, [w.actor.id]).values())
        given = {"people": sorted(named), "question": field.name, "label": field.label, "by": by}
        w.note(drafts.workflow, record, ACT, given)


def named_in(text: str, people: Mapping[str, str]) -> set[str]:
    """The codes of those whose name stands after an @: the whole name, or the first one where only one has it.

    >>> sorted(named_in("@Ravi Rao, look; @mari too", {"1": "Ravi Rao", "2": "Mari Maasikas", "3": "Ravi Raun"}))
    ['1', '2']
    """
    wholes = {code: " ".join(name.split()).casefold() for code, name in people.items() if name.strip()}
    firsts = Counter(name.split()[0] for name in wholes.values())
    said, found = " ".join(text.split()).casefold(), set()
    for code, whole in sorted(wholes.items(), key=lambda one: -len(one[1])):
        first = whole.split()[0]
        for name in (whole, first) if firsts[first] == 1 else (whole,):
            if re.search(rf"(?<!\w)@{re.escape(name)}(?!\w)", said):
                found.add(code)
    return found
