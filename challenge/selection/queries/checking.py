"""What an announcement is checked for before it is made: money, pairs, places in cities, the order of the reserve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlmodel import col, select

from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.work import Work
from challenge.proposals.models import Proposal
from challenge.proposals.states import ProposalState
from challenge.rounds.document import rules_of
from challenge.rounds.models import Round
from challenge.rounds.pairing import pairing_facts
from challenge.selection import rules
from challenge.selection.models import Outcome
from challenge.selection.queries.announcing import Batch, Item
from challenge.selection.queries.candidates import values
from challenge.selection.queries.outcomes import excluded
from challenge.selection.rules import Euros
from challenge.selection.states import OutcomeState, Verdict


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that is checked. ``lines`` say it in detail, of the proposals the actor may see."""

    key: str
    title: Text
    holds: bool
    text: Text
    lines: tuple[Text | str, ...] = ()


def checks(w: Work, round_: Round, batch: Batch) -> Iterator[Check]:
    """Every check of the batch."""
    seen = [item for item in batch.items if not item.is_hidden]
    awards = [item for item in seen if item.outcome.verdict is Verdict.FUND]
    yield _money(batch)
    yield _pairs(round_, awards)
    yield _cities(w, round_, awards)
    yield _reserve(w, round_, seen)


def _money(batch: Batch) -> Check:
    title = _("Budget")
    if batch.budget is None or batch.left is None:
        return Check(
            "budget", title, holds=True, text=_("The budget of this round is not known, so nothing limits it.")
        )
    text = _(
        "%(bound)s of %(budget)s are awarded once this is announced; %(left)s are left.",
        bound=Euros(batch.bound), budget=Euros(batch.budget), left=Euros(max(batch.left, 0)),
    )  # fmt: skip
    return Check("budget", title, batch.left >= 0, text)


def _pairs(round_: Round, awards: Sequence[Item]) -> Check:
    found = [(item, pairing_facts((city.partner for city in item.cities), rules_of(round_))) for item in awards]
    broken = [item for item, facts in found if not facts.holds]
    text = (
        _n("One award breaks the pairing rule.", "%(n)s awards break the pairing rule.", len(broken))
        if broken
        else _n("The one award keeps the pairing rule.", "All %(n)s awards keep the pairing rule.", len(found))
        if found
        else _("Nothing is awarded.")
    )
    lines = tuple(
        _("%(title)s: %(home)s at home, %(away)s abroad.", title=item.proposal.title,
          home=", ".join(facts.home) or "–", away=", ".join(facts.away) or "–")
        for item, facts in found
    )  # fmt: skip
    return Check("pairing", _("Pairing"), not broken, text, lines)


def _cities(w: Work, round_: Round, awards: Sequence[Item]) -> Check:
    """What each city carries once this is told: approved awards are counted already."""
    cities = {city.id: city.name for item in awards for city in item.cities if city.counts}
    rooms = rules.rooms(w, round_.id, list(cities))
    over = [room for room in rooms.values() if room.is_over]
    text = (
        _n("One city would carry more than it can.", "%(n)s cities would carry more than they can.", len(over))
        if over
        else _("No city carries more than it can.")
    )
    lines = []
    for key, name in sorted(cities.items(), key=lambda entry: entry[1]):
        room = rooms[key]
        own = _("%(has)s of the %(most)s it can carry", has=room.everywhere, most=room.own)
        cap = _("%(has)s of the %(most)s of this round", has=room.here, most=room.cap)
        told = [own] if room.own is not None else []
        told += [cap] if room.cap is not None else []
        told = told or [_n("one pilot, no limit", "%(n)s pilots, no limit", room.everywhere)]
        lines.append(_("%(city)s: %(load)s.", city=name, load=Listed(told)))
    return Check("cities", _("Places in cities"), not over, text, tuple(lines))


@dataclass(frozen=True, slots=True)
class Listed:
    """Texts one after the other, in the reader's language."""

    texts: Sequence[Text]

    def __str__(self) -> str:
        return ", ".join(map(str, self.texts))


def _reserve(w: Work, round_: Round, seen: Iterable[Item]) -> Check:
    """The whole list, with those who wait on it already."""
    order = {one.id: place for place, one in enumerate(values(w, round_))}
    barred = excluded(w, round_.id)
    told = w.session.exec(
        select(Proposal, Outcome.reserve_rank)
        .join(Outcome, col(Outcome.proposal_id) == Proposal.id)
        .where(
            Proposal.round_id == round_.id, Proposal.state == ProposalState.RESERVE,
            Outcome.state == OutcomeState.ANNOUNCED, Outcome.verdict == Verdict.RESERVE,
        )
    ).all()  # fmt: skip
    new = [item for item in seen if item.outcome.verdict is Verdict.RESERVE]
    listed = sorted(
        [(rank or 0, proposal.title) for proposal, rank in told if proposal.id not in barred]
        + [(item.outcome.reserve_rank or 0, item.proposal.title) for item in new]
    )
    places = [order[item.proposal.id] for item in sorted(new, key=lambda one: one.outcome.reserve_rank or 0)
              if item.proposal.id in order]  # fmt: skip
    as_ranked = places == sorted(places)
    if not listed:
        text = _("Nobody is put on the reserve list.")
    elif not as_ranked:
        text = _("The list does not follow the ranking. Whoever reads the record will ask why.")
    else:
        text = _("The list follows the ranking.")
    lines = tuple(_("Place %(place)s: %(title)s", place=rank, title=title) for rank, title in listed)
    return Check("reserve", _("Reserve list"), as_ranked, text, lines)
