"""What was computed, decided, departed from and told: scenarios, outcomes with both names, letters, appeals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from sqlmodel import col, select

from challenge.dossier.scene import Scene
from challenge.dossier.shape import BOTH, INSIDERS, Column, Hash, Money, Row, Section
from challenge.kernel.i18n import LANGUAGES, Text, _
from challenge.kernel.journal import Step
from challenge.kernel.letter import Letter
from challenge.kernel.work import Work
from challenge.people import queries as people
from challenge.proposals import content
from challenge.rounds.queries import rules_of
from challenge.selection import queries
from challenge.selection.models import Appeal, Condition, KeptRanking, Outcome, Release, Selection
from challenge.selection.pages.wording import Wording, points
from challenge.selection.rules import Euros
from challenge.selection.states import APPEAL_LABELS, OUTCOME_LABELS, VERDICTS, OutcomeState, Verdict
from challenge.selection.workflow import OUTCOME


def outcomes_of(w: Work, round_id: int) -> list[Outcome]:
    """Every outcome of a round, those that are superseded too, oldest first."""
    return list(w.session.exec(select(Outcome).where(Outcome.round_id == round_id).order_by(col(Outcome.id))))


def scenarios(w: Work, scene: Scene) -> Section:
    """What was chosen from, under which limits, by which solver; of those that may be named."""
    listed, found = queries.scenarios(w, scene.round), queries.selections(w, scene.round)
    names = queries.names(w, scene.round, found.values())
    wording = Wording(rules_of(scene.round), names)
    who = people.names(w, [key for one in listed for key in (one.by_id, one.adopted_by)])
    columns = (
        Column("scenario", _("Scenario")), Column("name", _("Name")), Column("changes", _("What it changes")),
        Column("by", _("Asked for by")), Column("state", _("State")), Column("inputs", _("Inputs")),
        Column("solver", _("Solver")), Column("seed", _("Seed")), Column("budget", _("Budget")),
        Column("value", _("Value")), Column("bound", _("Bound")), Column("chosen", _("Chosen")),
        Column("adopted_by", _("Adopted by")), Column("adopted_at", _("Adopted")),
    )  # fmt: skip
    rows = []
    for one in listed:
        kept = found.get(one.id)
        whole = kept is not None and names.tells(line["id"] for line in kept.inputs["candidates"])
        rows.append(Row((
            one.code, one.name, wording.differences(one.changes) or [_("The round’s own rules")], who.get(one.by_id),
            str(one.state), *_computed(kept, is_whole=whole), scene.listed(kept.chosen) if kept else None,
            who.get(one.adopted_by or 0), one.adopted_at,
        )))  # fmt: skip
    return Section("scenarios", _("Scenarios"), columns, tuple(rows))


def _computed(kept: Selection | None, *, is_whole: bool) -> tuple[Any, ...]:
    """Inputs, solver, seed, budget, value, bound; what would tell of a hidden proposal is left out."""
    if kept is None:
        return (None,) * 6
    budget = kept.constraints["budget"]
    return (
        Hash(kept.inputs_hash), f"{kept.solver} {kept.solver_version}", kept.reasons.get("seed"),
        None if budget is None else Money(budget), points(kept.objective) if is_whole else None,
        points(kept.bound) if is_whole else None,
    )  # fmt: skip


def outcomes(w: Work, scene: Scene) -> Section:
    """Every outcome with who proposed and who approved it; its team reads what it was told."""
    ids = [one.id for one in scene.outcomes]
    conditions: dict[int, list[str]] = {}
    for row in w.session.exec(
        select(Condition).where(col(Condition.outcome_id).in_(ids)).order_by(col(Condition.place))
    ):
        conditions.setdefault(row.outcome_id, []).append(row.text)
    columns = (
        Column("outcome", _("Outcome")), Column("proposal", _("Proposal"), BOTH),
        Column("verdict", _("What was decided"), BOTH), Column("amount", _("Amount"), BOTH),
        Column("reserve_place", _("Place on the reserve list"), BOTH), Column("state", _("State"), BOTH),
        Column("version", _("Version"), BOTH), Column("sha256", _("Fingerprint of the text"), BOTH),
        Column("reasons", _("Reasons"), BOTH), Column("conditions", _("Conditions"), BOTH),
        Column("deviation", _("Why it departs")), Column("note", _("Internal note")),
        Column("proposed_by", _("Proposed by")), Column("proposed_at", _("Proposed")),
        Column("approved_by", _("Approved by")), Column("approved_at", _("Approved")),
        Column("announced_at", _("Announced"), BOTH), Column("accept_by", _("Offer until"), BOTH),
        Column("accepted_by", _("Accepted by"), BOTH), Column("accepted_at", _("Accepted"), BOTH),
    )  # fmt: skip
    rows = tuple(
        Row(
            (one.code, scene.title(one.proposal_id), VERDICTS[one.verdict].public,
             None if one.amount_cents is None else Money(one.amount_cents), one.reserve_rank,
             OUTCOME_LABELS[one.state].team, one.revision_number, Hash(one.revision_hash), one.reasons,
             conditions.get(one.id, []), one.deviation, one.note, scene.person(one.proposed_by), one.created_at,
             scene.person(one.approved_by), one.approved_at, one.published_at, one.accept_by,
             scene.person(one.accepted_by), one.accepted_at),
            BOTH if one.published_at is not None else INSIDERS,
        )
        for one in scene.outcomes
    )  # fmt: skip
    return Section("outcomes", _("Outcomes and approvals"), columns, rows)


def departures(w: Work, scene: Scene) -> Section:
    """Where people decided otherwise than the text asked, the ranking stood or the scenario said, and why."""
    budgets = content.budgets_of(w, scene.ids)
    adopted = queries.adopted(w, scene.round)
    chosen = queries.selection_of(w, adopted) if adopted else None
    ranked = {
        row.release_id: {one["id"]: one["place"] for one in row.places}
        for row in w.session.exec(select(KeptRanking).where(KeptRanking.round_id == scene.round.id))
    }
    told = [one for one in outcomes_of(w, scene.round.id) if one.published_at is not None]
    columns = (
        Column("proposal", _("Proposal")), Column("outcome", _("Outcome")), Column("departs", _("How it departs")),
        Column("reason", _("The reason recorded")), Column("proposed_by", _("Proposed by")),
        Column("approved_by", _("Approved by")),
    )  # fmt: skip
    rows = []
    for one in scene.outcomes:
        if one.state is OutcomeState.SUPERSEDED and one.published_at is None:
            continue
        asked = sum(line.cents for line in budgets.get(one.proposal_id, ()))
        how = [*_amount(one, asked), *_scenario(one, chosen), *_rank(one, told, ranked.get(one.release_id or 0, {}))]
        if how or one.deviation:
            rows.append(Row((
                scene.title(one.proposal_id), one.code, how or [_("From the rules: see the reason")], one.deviation,
                scene.person(one.proposed_by), scene.person(one.approved_by),
            )))  # fmt: skip
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
            _("The adopted scenario funds it.") if one.proposal_id in chosen.chosen
            else _("The adopted scenario does not fund it.")
        )  # fmt: skip


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
        other for other in told
        if other.release_id == one.release_id and other.verdict is not Verdict.FUND
        and (rank := places.get(other.proposal_id)) is not None and rank < place
    ]  # fmt: skip
    if before:
        yield _("Place %(place)s is funded; of those before it %(n)s are not.", place=place, n=len(before))


def releases(w: Work, scene: Scene) -> Section:
    """Each announcement: who turned which key, and what was told."""
    found = w.session.exec(
        select(Release).where(Release.round_id == scene.round.id).order_by(col(Release.id))
    ).all()  # fmt: skip
    who = people.names(w, [key for one in found for key in (one.asked_by, one.approved_by)])
    columns = (
        Column("at", _("Announced")), Column("asked_by", _("Asked for by")), Column("approved_by", _("Announced by")),
        Column("funded", _("Awards")), Column("reserved", _("Reserve")), Column("declined", _("Not selected")),
        Column("ineligible", _("Not eligible")), Column("held_back", _("Held back")), Column("money", _("Money")),
    )  # fmt: skip
    rows = tuple(
        Row((one.at, who.get(one.asked_by), who.get(one.approved_by), one.funded, one.reserved, one.declined,
             one.ineligible, one.held_back, Money(one.funded_cents)))
        for one in found
    )  # fmt: skip
    return Section("releases", _("Announcements"), columns, rows)


def letters(w: Work, scene: Scene) -> Section:
    """Each letter that told an outcome, by its fingerprint; one's own is shown to whoever got it."""
    about = {one.code: one.proposal_id for one in scene.outcomes}
    found = w.session.exec(
        select(Letter, Step.subject_code)
        .join(Step, col(Step.id) == Letter.step_id)
        .where(Step.workflow == OUTCOME.name, Step.transition == "announce", col(Step.subject_code).in_(about))
        .order_by(col(Letter.id))
    ).all()  # fmt: skip
    names = people.names(w, [one.person_id for one, _code in found])
    columns = (
        Column("proposal", _("Proposal"), BOTH), Column("outcome", _("Outcome")), Column("to", _("To"), BOTH),
        Column("language", _("Language"), BOTH), Column("sha256", _("Fingerprint of the letter"), BOTH),
        Column("made_at", _("Written"), BOTH), Column("sent_at", _("Taken by the mail server"), BOTH),
    )  # fmt: skip
    rows = tuple(
        Row((scene.title(about[code]), code, names.get(one.person_id or 0), LANGUAGES.get(one.locale, one.locale),
             Hash(one.fingerprint) if one.fingerprint else None, one.created_at, one.sent_at),
            of=frozenset({one.person_id} if one.person_id else ()))
        for one, code in found
    )  # fmt: skip
    return Section("letters", _("Letters"), columns, rows)


def appeals(w: Work, scene: Scene) -> Section:
    """Appeals against decisions on these proposals."""
    found = w.session.exec(
        select(Appeal).where(col(Appeal.proposal_id).in_(scene.ids)).order_by(col(Appeal.id))
    ).all()  # fmt: skip
    names = people.names(w, [key for one in found for key in (one.filed_by, one.handler_id)])
    columns = (
        Column("appeal", _("Appeal"), BOTH), Column("proposal", _("Proposal"), BOTH),
        Column("state", _("State"), BOTH), Column("filed_by", _("Filed by"), BOTH),
        Column("filed_at", _("Filed"), BOTH), Column("handler", _("Heard by"), BOTH),
        Column("ended_at", _("Ended"), BOTH),
    )  # fmt: skip
    rows = tuple(
        Row((one.code, scene.title(one.proposal_id or 0), APPEAL_LABELS[one.state].team, names.get(one.filed_by),
             one.filed_at, names.get(one.handler_id or 0), one.ended_at),
            of=frozenset({one.filed_by}))
        for one in found
    )  # fmt: skip
    return Section("appeals", _("Appeals"), columns, rows)
