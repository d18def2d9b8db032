"""Where people decided otherwise than the text asked, the ranking stood or the scenario said, with their reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlmodel import select

from challenge.dossier.deciding import outcomes_of
from challenge.dossier.scene import Scene
from challenge.dossier.shape import Column, Row, Section
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.proposals import money
from challenge.selection import queries
from challenge.selection.models import KeptRanking, Outcome, Selection
from challenge.selection.rules import Euros
from challenge.selection.states import OutcomeState, Verdict


def departures(w: Work, scene: Scene) -> Section:
    """Where people decided otherwise than the text asked, the ranking stood or the scenario said, and why."""
    asks = money.asked_of(w, scene.ids)
    adopted = queries.adopted(w, scene.round)
    chosen = queries.selection_of(w, adopted) if adopted else None
    ranked = {
        row.release_id: {one["id"]: one["place"] for one in row.places}
        for row in w.session.exec(select(KeptRanking).where(KeptRanking.round_id == scene.round.id))
    }
    told = [
        one
        for one in outcomes_of(w, scene.round.id)
        if one.published_at is not None and one.proposal_id in scene.titles
    ]
    columns = (
        Column("proposal", _("Proposal")),
        Column("outcome", _("Outcome")),
        Column("departs", _("How it departs")),
        Column("reason", _("The reason recorded")),
        Column("proposed_by", _("Proposed by")),
        Column("approved_by", _("Approved by")),
    )
    rows = []
    for one in scene.outcomes:
        if one.state is OutcomeState.SUPERSEDED and one.published_at is None:
            continue
        asked = asks.get(one.proposal_id, 0)
        how = [
            *_amount(one, asked),
            *_scenario(one, chosen),
            *_rank(one, told, {} if scene.is_hiding else ranked.get(one.release_id or 0, {})),
        ]
        if how or one.deviation:
            rows.append(
                Row(
                    (
                        scene.title(one.proposal_id),
                        one.code,
                        how or [_("From the rules: see the reason")],
                        one.deviation,
                        scene.person(one.proposed_by),
                        scene.person(one.approved_by),
                    )
                )
            )
    return Section("departures", _("Departures"), columns, tuple(rows))


def _amount(one: Outcome, asked: int) -> Iterator[Text]:
    if one.amount_cents is not None and asked and one.amount_cents != asked:
        yield _("%(awarded)s awarded, %(asked)s asked for", awarded=Euros(one.amount_cents), asked=Euros(asked))


def _scenario(one: Outcome, chosen: Selection | None) -> Iterator[Text]:
    known = set() if chosen is None else {*chosen.chosen, *chosen.reserve}
    if chosen is None or one.proposal_id not in known:
        return
    if (one.verdict is Verdict.FUND) != (one.proposal_id in chosen.chosen):
        yield (
            _("The adopted scenario funds it.")
            if one.proposal_id in chosen.chosen
            else _("The adopted scenario does not fund it.")
        )


def _rank(one: Outcome, told: Iterable[Outcome], places: dict[int, int | None]) -> Iterator[Text]:
    """An award that stands below others told in the same announcement that got none."""
    place = places.get(one.proposal_id)
    if one.verdict is not Verdict.FUND or one.published_at is None:
        return
    if place is None:
        if places:
            yield _("It has no place in the ranking.")
        return
    before = [
        other
        for other in told
        if other.release_id == one.release_id
        and other.verdict is not Verdict.FUND
        and (rank := places.get(other.proposal_id)) is not None
        and rank < place
    ]
    if before:
        yield _("Place %(place)s is funded; of those before it %(n)s are not.", place=place, n=len(before))
