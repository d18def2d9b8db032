"""Acts on rounds that are not transitions, and the one door to those that are."""

from __future__ import annotations

from calendar import isleap
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel
from sqlalchemy import update
from sqlmodel import col, select

from challenge.kernel.errors import Forbidden, Invalid, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.kernel.workflow import Fired
from challenge.people.rules import Rule, is_coordinator, is_system, may_not
from challenge.people.states import RoleName
from challenge.rounds import document as documents
from challenge.rounds import exchange
from challenge.rounds.asks import News
from challenge.rounds.document import WORKFLOW, content, in_force
from challenge.rounds.models import Announcement, Extension, Round
from challenge.rounds.rules import amendable
from challenge.rounds.schemas import RoundDocument
from challenge.rounds.states import RoundState
from challenge.rounds.workflow import ROUND

NOT_PUBLISHED = Problem("not_published", _("Nobody sees this round yet: publish it first."))
NO_RULES = Problem("no_rules", _("The rules of this past round are not known here: there is nothing to copy."))


def fire(w: Work, round_: Round, name: str, given: BaseModel | None = None) -> Fired:
    """Do what the button says. ``close`` and ``cancel`` are wrapped by the packages that know what rests on a round."""
    return ROUND.fire(w, round_, name, given)


def may_start(w: Work, _record: Any = None) -> Problem | None:
    """A coordinator of all rounds: who runs one round only does not begin others."""
    if w.actor.holds(RoleName.COORDINATOR, None) or w.actor.kind == "system":
        return None
    return may_not(_("Only a coordinator of all rounds can start a new one."))


def start(w: Work, document: RoundDocument, *, source: Round | None = None) -> Round:
    """A new draft from a document: typed, imported or shifted."""
    _demand(w, None, may_start)
    return _begin(w, document, transition="start", cloned_from_id=source.id if source else None)


def _begin(w: Work, document: RoundDocument, *, transition: str, **fields: Any) -> Round:
    _has_a_free_title(w, document.title)
    rules = document.rules.model_dump(mode="json")
    round_ = w.add(Round(title=document.title, zone=document.zone, rules=rules, **fields))
    documents.put(w, round_, document)
    w.step(WORKFLOW, round_.code, transition, old=None, new=str(round_.state), scope=round_.code)
    return round_


def clone(w: Work, source: Round, title: str, opens_on: date | None = None, *, years: int = 1) -> Round:
    """A new draft with the rules and windows of another round.

    Dates keep their hour on the clock of the zone; they move by whole days so that the first window opens on
    ``opens_on``, else by whole years.
    """
    if source.imported:
        raise Refused(NO_RULES)
    old = in_force(w, source)
    zone = ZoneInfo(old.zone)
    days = None
    if opens_on is not None and old.windows:
        first = min(window.opens_at for window in old.windows).astimezone(zone).date()
        days = date(opens_on.year, opens_on.month, opens_on.day) - first
    windows = [
        window.model_copy(
            update={name: _shifted(getattr(window, name), zone, years, days) for name in ("opens_at", "closes_at")}
        )
        for window in old.windows
    ]
    return start(w, old.model_copy(update={"title": title, "windows": windows}), source=source)


def _shifted(instant: datetime, zone: ZoneInfo, years: int, days: timedelta | None) -> datetime:
    """The same hour on another day; 29 February becomes 28 February, an hour the clock skips the one after it."""
    local = instant.astimezone(zone).replace(tzinfo=None)
    if days is not None:
        local += days
    else:
        day = 28 if (local.month, local.day) == (2, 29) and not isleap(local.year + years) else local.day
        local = local.replace(year=local.year + years, day=day)
    return local.replace(tzinfo=zone).astimezone(UTC)


def import_yaml(w: Work, text: str) -> Round:
    """A new draft from a YAML document. Raises Invalid with the lines that need somebody."""
    return start(w, exchange.read(text))


def export_yaml(w: Work, round_: Round) -> str:
    """The round as YAML, as it is in force."""
    return exchange.write(in_force(w, round_))


def import_past(
    w: Work, document: RoundDocument, facts: dict[str, Any], *, state: RoundState = RoundState.CLOSED
) -> Round:
    """A round of the past as it is known: ``facts`` may hold null for what is not known."""
    _demand(w, None, may_start)
    return _begin(w, document, transition="import", state=state, imported=True, facts=facts)


def revise(w: Work, round_: Round, document: RoundDocument) -> None:
    """Save a draft; of a published round, prepare an amendment, which is in force only when two people agree."""
    _demand(w, round_, is_coordinator)
    if document.title != round_.title:
        _has_a_free_title(w, document.title)
    if round_.state is RoundState.DRAFT:
        documents.put(w, round_, document)
        w.note(WORKFLOW, round_, "revise")
        return
    if round_.state is not RoundState.PUBLISHED:
        raise Refused(Problem("round_over", _("This round is over: its rules stay as they are.")))
    old = in_force(w, round_)
    if problem := amendable(old, document, w.now):
        raise Invalid(problem)
    round_.amendment = None if document == old else content(document)
    documents.touch(w, round_)
    w.session.flush()
    w.note(WORKFLOW, round_, "prepare_amendment" if round_.amendment else "drop_amendment")


def drop_amendment(w: Work, round_: Round) -> None:
    """Forget the amendment that is prepared."""
    revise(w, round_, in_force(w, round_))


def replace_by_yaml(w: Work, round_: Round, text: str) -> None:
    """Take over a YAML document: a draft's content, or a published round's amendment."""
    revise(w, round_, exchange.read(text))


def announce(w: Work, round_: Round, news: News) -> Announcement:
    """Tell everybody something about a round they know of."""
    _demand(w, round_, is_coordinator)
    if round_.state is RoundState.DRAFT:
        raise Refused(NOT_PUBLISHED)
    made = w.add(
        Announcement(
            round_id=round_.id, round_code=round_.code, title=news.title, text=news.text, published_at=w.now,
            by_id=w.actor.id,
        )
    )  # fmt: skip
    w.note(WORKFLOW, round_, "announce", {"title": news.title, "announcement": made.code})
    return made


def extend(w: Work, record: Any, workflow: str, until: datetime, reason: str) -> Extension:
    """Give one record more time; part of an act that has asked who may. ``record`` has ``code`` and ``round_id``."""
    if until <= w.now:
        text = _("Choose a date that lies ahead.")
        raise Invalid(Problem("date_over", text, {"until": text}))
    made = w.add(
        Extension(
            workflow=workflow, subject_code=record.code, until=until, reason=reason, by_id=w.actor.id, at=w.now
        )
    )  # fmt: skip
    w.note(workflow, record, "extend", {"until": until.isoformat(), "reason": reason})
    return made


def count_open(w: Work, round_: Round, change: int) -> None:
    """Push down: so many more (or fewer) matters are open. The round's version stays, and with it what two keys ask."""
    w.session.execute(
        update(Round)
        .where(col(Round.id) == round_.id)
        .values(open_matters=col(Round.open_matters) + change)
        .execution_options(synchronize_session=False)
    )
    w.session.refresh(round_, ["open_matters"])


def _demand(w: Work, round_: Round | None, rule: Rule) -> None:
    """The person may; the system may when it imports."""
    if is_system(w, round_) is not None and (problem := rule(w, round_)):
        raise Forbidden(problem)


def _has_a_free_title(w: Work, title: str) -> None:
    if w.session.exec(select(Round.id).where(Round.title == title)).first() is not None:
        text = _("Another round has this title. Choose another one.")
        raise Invalid(Problem("title_taken", text, {"title": text}))
