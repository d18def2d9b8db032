"""Whether it is whole: challenges, answers, pairing, commitments, budget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import col, select

from challenge.kernel.errors import Problem
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.messages import faults_of
from challenge.kernel.money import euros
from challenge.kernel.once import once
from challenge.kernel.work import Work
from challenge.people.queries import fold
from challenge.proposals import content, money
from challenge.proposals.content import City, gate_of
from challenge.proposals.lines import last_month, tasks_in
from challenge.proposals.models import Commitment, Proposal
from challenge.proposals.rules.clock import gate_rules, rules_of
from challenge.proposals.schemas import CHECKS, FORMS, MIMS
from challenge.proposals.states import CommitmentKind, CommitmentState
from challenge.rounds.pairing import pairing
from challenge.rounds.schemas import SizeClass
from challenge.rounds.states import Bound, Gate, Owed

OWED: dict[Owed, CommitmentKind | None] = {
    Owed.NOTHING: None,
    Owed.SIGN_OFF: CommitmentKind.SIGN_OFF,
    Owed.FORMAL_DECISION: CommitmentKind.FORMAL_DECISION,
}
CONSENT = "goes_on_without_challenge"  # in the checklist: why, recorded by a coordinator
_TAKEN = _("Another proposal of this round has this title. Choose another")
TITLE_TAKEN = Problem("title_taken", _TAKEN, {"title": _TAKEN})


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of money as the reader writes it."""

    cents: int

    def __str__(self) -> str:
        return euros(self.cents)


def title_is_free(w: Work, round_id: int, title: str, but: int | None = None) -> bool:
    """Whether no other proposal of the round has this title."""
    found = select(Proposal.id).where(Proposal.round_id == round_id, Proposal.title_key == fold(title))
    return w.session.exec(found.where(col(Proposal.id) != but) if but is not None else found).first() is None


def answers_accepted_challenge(w: Work, proposal: Proposal) -> Problem | None:
    """At least one challenge that is accepted and not yet decided, or a recorded consent to go on without."""
    if any(found.state in content.ANSWERABLE for found in content.challenges(w, proposal)):
        return None
    if proposal.checklist.get(CONSENT):
        return None
    text = _("Choose at least one accepted challenge that this proposal answers.")
    return Problem("no_challenge", text, {"challenges": text})


def is_complete(w: Work, proposal: Proposal) -> Problem | None:
    """Every question of the gate is answered within its limits; the problem names each that is not."""
    lacks = lacking(w, proposal)
    if not lacks:
        return None
    text = _n("One answer needs you before you submit.", "%(n)s answers need you before you submit.", len(lacks))
    return Problem("incomplete", text, lacks)


def lacking(w: Work, proposal: Proposal) -> dict[str, Text]:
    """Question of the gate's form → what to do about it."""
    lacks = faults_of(FORMS[gate_of(proposal)], proposal.answers, choices=choices(w, proposal))
    if "title" not in lacks and proposal.answers.get("title") != proposal.title:
        lacks = {"title": _TAKEN, **lacks}
    end = last_month(tasks_in(proposal.answers.get("work_plan")))
    if "work_plan" not in lacks and gate_of(proposal) is not Gate.IDEA and end > (proposal.months or end):
        lacks["work_plan"] = _n(
            "A task ends in month %(end)s, but the pilot takes one month.",
            "A task ends in month %(end)s, but the pilot takes %(n)s months.", proposal.months or 0, end=end,
        )  # fmt: skip
    return lacks


def choices(w: Work, proposal: Any) -> dict[str, list[tuple[str, object]]]:
    """What may be chosen in the form: the round's size classes, mechanisms and checks by name."""
    sizes = [
        (size.key, _("%(size)s: about %(budget)s, %(months)s months", size=_(size.title),
                     budget=Amount(size.budget_cents), months=size.months))
        for size in rules_of(w, proposal).size_classes
    ]  # fmt: skip
    return {
        "size_class": list(sizes),
        "mims": [(str(mim), text) for mim, text in MIMS.items()],
        "people_checks": [(str(check), text) for check, text in CHECKS.items()],
    }


def pairing_holds(w: Work, proposal: Proposal) -> Problem | None:
    """The pairing rule of the round over the partner cities."""
    cities = content.cities(w, proposal)
    return pairing(((city.country, city.role, city.id) for city in cities), rules_of(w, proposal))


def commitments_live(w: Work, proposal: Proposal, kind: CommitmentKind | None = None) -> Problem | None:
    """Every lead and pilot city has signed what is owed (by default, what the gate asks for)."""
    kind = OWED[gate_rules(w, proposal).owed] if kind is None else kind
    if kind is None:
        return None
    lacks = uncommitted(w, proposal, kind)
    if not lacks:
        return None
    fields = {f"city-{city.code}": _missing_commitment(city, kind) for city in lacks}
    text = _n(
        "One partner city has not committed itself yet.", "%(n)s partner cities have not committed themselves yet.",
        len(lacks),
    )  # fmt: skip
    return Problem("commitments", text, fields)


def _missing_commitment(city: City, kind: CommitmentKind) -> Text:
    if kind is CommitmentKind.SIGN_OFF:
        return _("%(city)s has not signed the current version. Its lead or deputy can sign it.", city=city.name)
    return _("The formal decision of %(city)s is missing. Its lead can record it.", city=city.name)


def uncommitted(w: Work, proposal: Proposal, kind: CommitmentKind) -> list[City]:
    """The lead and pilot cities whose commitment is missing. A live formal decision stands for a sign-off too."""
    now = content.current(w, proposal)
    return _uncommitted(content.cities(w, proposal), commitments(w, proposal), now.hash, kind)


def _uncommitted(cities: Iterable[City], rows: Iterable[Commitment], now: str, kind: CommitmentKind) -> list[City]:
    decided, signed = set(), set()
    for row in rows:
        if row.state is not CommitmentState.SIGNED:
            continue
        if row.kind is CommitmentKind.FORMAL_DECISION:
            decided.add(row.city_id)
        elif row.revision_hash == now:
            signed.add(row.city_id)
    enough = decided if kind is CommitmentKind.FORMAL_DECISION else decided | signed
    return [city for city in cities if city.counts and city.id not in enough]


def without_commitments(w: Work, proposals: Sequence[Proposal]) -> set[int]:
    """Those of these whose cities have not all signed what is owed at their gate; for lists: six queries."""
    ids = [one.id for one in proposals]
    now, cities = content.hashes(w, proposals), content.cities_of(w, ids)
    rows: dict[int, list[Commitment]] = {}
    for row in w.session.exec(select(Commitment).where(col(Commitment.proposal_id).in_(ids))):
        rows.setdefault(row.proposal_id, []).append(row)
    return {
        one.id for one in proposals
        if (kind := OWED[gate_rules(w, one).owed]) is not None
        and _uncommitted(cities.get(one.id, ()), rows.get(one.id, ()), now[one.id], kind)
    }  # fmt: skip


@once
def commitments(w: Work, proposal: Proposal) -> list[Commitment]:
    """All commitments of its cities, the newest last."""
    found = select(Commitment).where(Commitment.proposal_id == proposal.id).order_by(col(Commitment.id))
    return list(w.session.exec(found))


def budget_fits(w: Work, proposal: Proposal) -> Problem | None:
    """There is a budget, of partners only, within the pilot's time and the maximum of its size class, if it is one."""
    sheet = money.sheet_of(w, proposal)
    if sheet.all.total == 0:
        text = _("Enter what each partner spends.")
        return Problem("no_budget", text, {"budget": text})
    if problem := within_months(proposal.months, sheet):
        return problem
    size = rules_of(w, proposal).size_class(proposal.size_class)
    if size is None or size.bound is not Bound.MAXIMUM:
        return None
    over = list(over_bounds(proposal.months, sheet.all.asked, size))
    return Problem("over_maximum", over[0], dict(zip(("budget", "months"), over, strict=False))) if over else None


def within_months(months: int | None, sheet: money.Sheet) -> Problem | None:
    """No money lies in a year that the pilot does not reach."""
    if months is None or (last := money.years_of(months)) >= sheet.last_year:
        return None
    cents = sum(sheet.all.of_year(year) for year in sheet.years if year > last)
    text = _n(
        "The pilot takes one month, and %(amount)s of its budget lie after its end. Move them, or make it longer.",
        "The pilot takes %(n)s months, and %(amount)s of its budget lie after its end. Move them, or make it longer.",
        months, amount=Amount(cents),
    )  # fmt: skip
    return Problem("after_the_end", text, {"budget": text})


def over_bounds(months: int | None, asked: int, size: SizeClass) -> Iterable[Text]:
    """What goes over the figures of the size class: a warning where they are approximate, else a reason why not."""
    if asked > size.budget_cents:
        yield _("The budget is %(over)s over the size of this class.", over=Amount(asked - size.budget_cents))
    if months is not None and months > size.months:
        over = months - size.months
        yield _n("This is one month longer than this class.", "This is %(n)s months longer than this class.", over)
