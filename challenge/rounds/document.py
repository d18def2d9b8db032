"""A round as one document: read from its rows, written back, and what differs between two of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy.orm.attributes import flag_modified
from sqlmodel import col, select

from challenge.kernel.work import Work
from challenge.rounds.models import Round, Window
from challenge.rounds.schemas import RoundDocument, Rules, WindowIn
from challenge.rounds.states import WindowName

WORKFLOW = "round"
_KEPT = 256
_parsed: dict[str, tuple[dict[str, Any], Rules]] = {}


def rules_of(round_: Round) -> Rules:
    """The round's rules as a model; parsed once per content."""
    found = _parsed.get(round_.code)
    if found is not None and found[0] == round_.rules:
        return found[1]
    rules = Rules.model_validate(round_.rules)
    if len(_parsed) >= _KEPT:
        _parsed.clear()
    _parsed[round_.code] = (round_.rules, rules)
    return rules


def in_force(w: Work, round_: Round) -> RoundDocument:
    """The round as it is."""
    rows = w.session.exec(select(Window).where(Window.round_id == round_.id)).all()
    order = list(WindowName)
    windows = [WindowIn(name=row.name, opens_at=row.opens_at, closes_at=row.closes_at) for row in rows]
    return RoundDocument(
        title=round_.title,
        summary=round_.summary,
        zone=round_.zone,
        budget_cents=round_.budget_cents,
        windows=sorted(windows, key=lambda window: order.index(window.name)),
        rules=rules_of(round_),
    )


def prepared(w: Work, round_: Round) -> RoundDocument:
    """The round as it would be with the amendment that is prepared, if one is."""
    if round_.amendment is None:
        return in_force(w, round_)
    return RoundDocument.model_validate(round_.amendment)


def put(w: Work, round_: Round, document: RoundDocument) -> None:
    """Write the document into the round's rows. The round's version rises even where only windows changed."""
    round_.title = document.title
    round_.summary = document.summary
    round_.zone = document.zone
    round_.budget_cents = document.budget_cents
    rules = document.rules.model_dump(mode="json")
    if rules != round_.rules:
        round_.rules = rules
    touch(w, round_)
    _put_windows(w, round_, document)
    w.session.flush()


def touch(w: Work, round_: Round) -> None:
    """Somebody saved: the version rises, so that nothing asked for before holds for what is now."""
    round_.saved_at = w.now
    flag_modified(round_, "saved_at")


def _put_windows(w: Work, round_: Round, document: RoundDocument) -> None:
    wanted = {window.name: window for window in document.windows}
    for row in w.session.exec(select(Window).where(Window.round_id == round_.id).order_by(col(Window.id))):
        window = wanted.pop(row.name, None)
        if window is None:
            w.session.delete(row)
        else:
            row.opens_at, row.closes_at = window.dates
    for window in wanted.values():
        w.add(Window(round_id=round_.id, name=window.name, opens_at=window.opens_at, closes_at=window.closes_at))


def content(document: RoundDocument) -> dict[str, Any]:
    """The document as plain values, for revisions and for an amendment that is prepared."""
    return document.model_dump(mode="json")


def leaves(document: RoundDocument) -> dict[str, Any]:
    """Every single value by its path: ``rules.gates.idea.reviews``, ``windows.ideas.closes_at``, ``rules.themes``."""
    plain = document.model_dump()
    plain["windows"] = {str(window.pop("name")): window for window in plain["windows"]}
    return dict(_leaves(plain, ""))


def _leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _leaves(entry, f"{path}.{key}" if path else str(key))
    else:
        yield path, value


def differences(old: RoundDocument, new: RoundDocument) -> dict[str, tuple[Any, Any]]:
    """The values that differ, old and new, by path; None where there is none."""
    before, after = leaves(old), leaves(new)
    return {
        path: (before.get(path), after.get(path))
        for path in dict.fromkeys([*before, *after])
        if before.get(path) != after.get(path)
    }
