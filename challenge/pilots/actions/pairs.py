"""How a pilot begins: paired from a selected proposal, or imported from before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlmodel import col, select

from challenge.kernel.errors import Invalid, Problem, Refused
from challenge.kernel.i18n import _
from challenge.kernel.work import Work
from challenge.people import rules as people
from challenge.people.models import Organisation
from challenge.pilots import content, rules
from challenge.pilots.actions.guard import permit
from challenge.pilots.models import Indicator, MemberCity, Milestone, Pilot, PilotChallenge
from challenge.pilots.schemas import ImportedPilot
from challenge.pilots.states import PAIRED
from challenge.pilots.workflow import PILOT
from challenge.proposals import content as proposals
from challenge.proposals.models import Proposal
from challenge.proposals.rules import is_coordinator
from challenge.rounds.models import Round
from challenge.rounds.queries import rules_of
from challenge.submissions.models import Submission

MONTH = re.compile(r"^\W*(?:month|months|m|kuu)?\W{0,3}(\d{1,3})(?!\d)\W*(.+)$", re.IGNORECASE)
NUMBER = re.compile(r"^\D{0,3}?([-+−]?\d[\d \u00a0]*(?:[.,]\d+)?)\s*(.*)$")


def pair(w: Work, proposal: Proposal) -> Pilot:
    """Make the pilot of a selected proposal: its cities, its challenges, and a plan drafted from its answers.

    1. The cities are locked, so that two pairs cannot both take a city's last place.
    2. The rule, the commitments and the places are checked.
    3. The pilot is made as *preparing*, then its cities join. The offer is taken up: it no longer runs out.
    """
    permit(w, proposal, is_coordinator)
    cities = proposals.cities(w, proposal)
    ids = sorted(city.id for city in cities)
    w.session.exec(
        select(Organisation.id).where(col(Organisation.id).in_(ids)).order_by(col(Organisation.id))
        .with_for_update(key_share=True)
    ).all()  # fmt: skip
    if problem := rules.why_not_pair(w, proposal):
        raise Refused(problem)
    challenges = proposals.challenges(w, proposal)
    own = rules_of(w.session.get_one(Round, proposal.round_id))
    pilot = w.add(
        Pilot(
            proposal_id=proposal.id, round_id=proposal.round_id, round_code=proposal.round_code,
            title=proposal.title, summary=proposal.summary, themes=_themes(w, [row.id for row in challenges]),
            pairing=own.pairing, home_country=own.home_country, min_cities=own.min_cities,
            organisation_id=proposal.organisation_id, lead_id=proposal.lead_id, budget_cents=proposal.award_cents,
            months=proposal.months,
        )
    )  # fmt: skip
    for city in cities:
        w.add(MemberCity(pilot_id=pilot.id, city_id=city.id, country=city.country, role=city.role, joined_at=w.now))
    for challenge in challenges:
        w.add(PilotChallenge(pilot_id=pilot.id, submission_id=challenge.id))
    proposal.offer_until = None
    _draft_plan(w, pilot, proposal)
    w.step(
        content.WORKFLOW, pilot.code, "pair", old=None, new=str(pilot.state), scope=pilot.round_code,
        given={"proposal": proposal.code, "cities": [city.code for city in cities]},
    )  # fmt: skip
    return pilot


def _themes(w: Work, submission_ids: list[int]) -> list[str]:
    rows = w.session.exec(select(Submission.themes).where(col(Submission.id).in_(submission_ids)))
    return sorted({theme for themes in rows for theme in themes})


# The plan as far as the proposal says it in a way that can be read


def _draft_plan(w: Work, pilot: Pilot, proposal: Proposal) -> None:
    """Milestones with their months, indicators with their numbers. What cannot be read is left to people."""
    first = _first_of_next_month(w.now.date())
    for title, starts_on, due_on in milestones_in(str(proposal.answers.get("milestones") or ""), first):
        w.add(Milestone(pilot_id=pilot.id, title=title[:160], starts_on=starts_on, due_on=due_on))
    for answer in proposal.answers.get("indicators") or []:
        if isinstance(answer, dict) and str(answer.get("name") or "").strip():
            w.add(Indicator(pilot_id=pilot.id, **indicator_in(answer)))


def milestones_in(text: str, first: date) -> Iterator[tuple[str, date, date]]:
    """(title, from, to) of the lines that begin with a month: ``Month 6: sensors stand``; one starts where one ends."""
    found = [(int(match[1]), match[2].strip()) for line in text.splitlines() if (match := MONTH.match(line.strip()))]
    starts_on = first
    for month, title in sorted(entry for entry in found if 1 <= entry[0] <= 120):  # noqa: PLR2004 -- months of a pilot
        due_on = _months_later(first, month) - timedelta(days=1)
        yield title, min(starts_on, due_on), due_on
        starts_on = due_on + timedelta(days=1)


def indicator_in(answer: dict[str, Any]) -> dict[str, Any]:
    """The columns of an indicator from an answer; baseline and target are kept in words where they are no numbers."""
    baseline, unit = number_in(str(answer.get("baseline") or ""))
    target, target_unit = number_in(str(answer.get("target") or ""))
    words = [str(answer.get(name) or "") for name in ("baseline", "target")]
    unread = " → ".join(words) if baseline is None or target is None else ""
    source = ". ".join(part for part in (str(answer.get("source") or ""), unread) if part)
    return {
        "title": str(answer["name"]).strip()[:160], "baseline": baseline, "target": target,
        "unit": (target_unit or unit)[:40], "source": source[:400],
    }  # fmt: skip


def number_in(text: str) -> tuple[Decimal | None, str]:
    """The number a short text begins with, and its unit: ``48 h`` → 48, ``h``."""
    match = NUMBER.match(text.strip())
    if match is None:
        return None, ""
    digits = match[1].replace("\u00a0", "").replace(" ", "").replace("−", "-").replace(",", ".")
    try:
        value = Decimal(digits)
    except InvalidOperation:
        return None, ""
    return (value if abs(value) < 10**10 else None), match[2].strip()


def _first_of_next_month(day: date) -> date:
    return _months_later(day.replace(day=1), 1)


def _months_later(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


# Past pilots


def import_pilot(w: Work, round_: Round, given: ImportedPilot) -> Pilot:
    """Take in a real pilot from before. Its own copy of the rule must hold where the rule asks for it."""
    permit(w, round_, people.any_of(people.is_coordinator, people.is_system))
    own = rules_of(round_)
    codes = [city.city for city in given.cities]
    cities = {row.code: row for row in w.session.exec(select(Organisation).where(col(Organisation.code).in_(codes)))}
    if unknown := sorted(set(codes) - set(cities)):
        raise _unknown("cities", unknown)
    submissions = {
        row.code: row.id for row in w.session.exec(select(Submission).where(col(Submission.code).in_(given.challenges)))
    }
    if unknown := sorted(set(given.challenges) - set(submissions)):
        raise _unknown("challenges", unknown)
    columns = given.model_dump(exclude={"state", "cities", "challenges", "pairing", "min_cities"})
    pilot = w.add(
        Pilot(
            round_id=round_.id, round_code=round_.code, imported=True, home_country=own.home_country,
            pairing=given.pairing or own.pairing, min_cities=given.min_cities or own.min_cities, **columns,
        )
    )  # fmt: skip
    for city in given.cities:
        found = cities[city.city]
        w.add(
            MemberCity(
                pilot_id=pilot.id, city_id=found.id, country=found.country, role=city.role, site=city.site,
                joined_at=w.now,
            )
        )  # fmt: skip
    for code in given.challenges:
        w.add(PilotChallenge(pilot_id=pilot.id, submission_id=submissions[code]))
    if given.state in PAIRED and (problem := rules.pairing_holds(w, pilot)) is not None:
        raise Refused(problem)
    PILOT.enter(w, pilot, given.state, {"title": given.title, "cities": codes})
    return pilot


def _unknown(field: str, codes: list[str]) -> Invalid:
    text = _("Unknown: %(codes)s", codes=", ".join(codes))
    return Invalid(Problem(f"unknown_{field}", text, {field: text}))
