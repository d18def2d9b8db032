"""What was handed in, under which rules, who had a conflict: what decisions rest on before anybody judges."""

from __future__ import annotations

from sqlmodel import col, select

from challenge.dossier.scene import Scene
from challenge.dossier.shape import BOTH, Column, Hash, Money, Row, Said, Section
from challenge.jury.models import Conflict
from challenge.jury.queries import jury_gates
from challenge.jury.states import CONFLICT_KINDS, CONFLICT_LABELS, SOURCES
from challenge.kernel.i18n import _, _n
from challenge.kernel.receipt import Receipt
from challenge.kernel.revision import Revision
from challenge.kernel.work import Work
from challenge.people import queries as people
from challenge.proposals import content, money
from challenge.proposals.models import Commitment
from challenge.proposals.states import COMMITMENT_LABELS, LABELS
from challenge.rounds.document import rules_of
from challenge.rounds.states import GATES, OWED, PAIRINGS, Owed
from challenge.rounds.wording import RANKING_WORDS, ladder_word
from challenge.selection.rules import Euros


def rules(_w: Work, scene: Scene) -> Section:
    """The rules that bind deciding, in their version."""
    round_, found = scene.round, rules_of(scene.round)
    rows = [
        (_("Version of the rules"), round_.rules_version),
        (_("Budget"), None if round_.budget_cents is None else Money(round_.budget_cents)),
        (_("Pairing"), Said(str(found.pairing), PAIRINGS[found.pairing])),
        (_("Least number of cities"), found.min_cities),
        (_("Which score ranks"), Said(found.ranking, RANKING_WORDS[found.ranking])),
        (_("Between equals"), [Said(word, str(ladder_word(word, found))) for word in found.tie_ladder]),
        (_("Marks from 0 to"), str(found.scale.maximum)),
        *(
            (_(size.title), _("%(n)s planned, about %(amount)s", n=size.planned, amount=Euros(size.budget_cents)))
            for size in found.size_classes
        ),
        *(
            (
                GATES[gate],
                _n(
                    "One review; in all at least %(share)s of the maximum",
                    "%(n)s reviews; in all at least %(share)s of the maximum",
                    found.gates[gate].reviews,
                    share=str(found.gates[gate].total_threshold),
                ),
            )
            for gate in jury_gates(round_)
        ),
    ]
    columns = (Column("rule", _("Rule")), Column("value", _("Value")))
    return Section("rules", _("Rules"), columns, tuple(Row(cells) for cells in rows))


def proposals(w: Work, scene: Scene) -> Section:
    """Each proposal as it stands: its version, its money, its cities."""
    ids = scene.ids
    cities, asked, hashes = content.cities_of(w, ids), money.asked_of(w, ids), content.hashes(w, scene.proposals)
    columns = (
        Column("proposal", _("Proposal"), BOTH),
        Column("title", _("Title"), BOTH),
        Column("state", _("State"), BOTH),
        Column("version", _("Version"), BOTH),
        Column("sha256", _("Fingerprint of the text"), BOTH),
        Column("asked", _("Asked for"), BOTH),
        Column("size", _("Size"), BOTH),
        Column("cities", _("Cities"), BOTH),
    )
    rows = tuple(
        Row(
            (
                one.code,
                one.title,
                Said(str(one.state), LABELS[one.state].team),
                one.revision,
                Hash(hashes[one.id]),
                Money(asked.get(one.id, 0)),
                _size(scene, one.size_class),
                [f"{city.name} ({city.country})" for city in cities.get(one.id, ()) if city.counts],
            ),
            BOTH,
        )
        for one in scene.proposals
    )
    return Section("proposals", _("What was handed in"), columns, rows)


def _size(scene: Scene, key: str | None) -> Said | None:
    size = rules_of(scene.round).size_class(key)
    return None if size is None else Said(size.key, _(size.title))


def versions(w: Work, scene: Scene) -> Section:
    """Every version that was kept, with its fingerprint."""
    found = w.session.exec(
        select(Revision)
        .where(Revision.workflow == content.WORKFLOW, col(Revision.subject_code).in_(scene.codes))
        .order_by(col(Revision.number))
    ).all()
    names = people.names(w, [one.by_id for one in found])
    columns = (
        Column("version", _("Version"), BOTH),
        Column("sha256", _("Fingerprint"), BOTH),
        Column("at", _("Kept"), BOTH),
        Column("by", _("By"), BOTH),
    )
    rows = tuple(Row((one.number, Hash(one.hash), one.at, names.get(one.by_id or 0)), BOTH) for one in found)
    return Section("versions", _("Versions"), columns, rows)


def receipts(w: Work, scene: Scene) -> Section:
    """What was received when, against which deadline."""
    found = w.session.exec(
        select(Receipt)
        .where(Receipt.workflow == content.WORKFLOW, col(Receipt.subject_code).in_(scene.codes))
        .order_by(col(Receipt.id))
    ).all()
    columns = (
        Column("receipt", _("Receipt"), BOTH),
        Column("version", _("Version"), BOTH),
        Column("sha256", _("Fingerprint"), BOTH),
        Column("received_at", _("Received"), BOTH),
        Column("deadline", _("Deadline"), BOTH),
        Column("within_grace", _("Within the grace"), BOTH),
        Column("rules_version", _("Version of the rules"), BOTH),
    )
    rows = tuple(
        Row(
            (
                one.code,
                one.revision_number,
                Hash(one.revision_hash),
                one.received_at,
                one.deadline,
                one.within_grace,
                one.rules_version,
            ),
            BOTH,
        )
        for one in found
    )
    return Section("receipts", _("Receipts"), columns, rows)


def commitments(w: Work, scene: Scene) -> Section:
    """What each city promised, and to which version."""
    found = w.session.exec(
        select(Commitment).where(col(Commitment.proposal_id).in_(scene.ids)).order_by(col(Commitment.id))
    ).all()
    cities = {city.id: city.name for listed in content.cities_of(w, scene.ids).values() for city in listed}
    columns = (
        Column("city", _("City"), BOTH),
        Column("kind", _("Kind"), BOTH),
        Column("state", _("State"), BOTH),
        Column("version", _("Version"), BOTH),
        Column("sha256", _("Fingerprint"), BOTH),
        Column("at", _("Signed"), BOTH),
    )
    rows = tuple(
        Row(
            (
                cities.get(one.city_id),
                Said(str(one.kind), OWED[Owed(str(one.kind))]),
                Said(str(one.state), COMMITMENT_LABELS[one.state].team),
                one.revision_number,
                Hash(one.revision_hash) if one.revision_hash else None,
                one.signed_at,
            ),
            BOTH,
        )
        for one in found
    )
    return Section("commitments", _("Commitments of cities"), columns, rows)


def conflicts(w: Work, scene: Scene) -> Section:
    """Who was kept away from which proposal, and why."""
    found = w.session.exec(
        select(Conflict).where(col(Conflict.proposal_id).in_(scene.ids)).order_by(col(Conflict.id))
    ).all()
    w.saw("dossier", scene.round.code, (one.code for one in found))
    names = people.names(w, [key for one in found for key in (one.person_id, one.decided_by_id)])
    columns = (
        Column("proposal", _("Proposal")),
        Column("person", _("Who")),
        Column("kind", _("Kind")),
        Column("source", _("Source")),
        Column("state", _("State")),
        Column("at", _("Since")),
        Column("decided_by", _("Confirmed or lifted by")),
        Column("decided_at", _("When")),
    )
    rows = tuple(
        Row(
            (
                scene.title(one.proposal_id),
                names.get(one.person_id),
                Said(str(one.kind), CONFLICT_KINDS[one.kind]),
                Said(str(one.source), SOURCES[one.source]),
                Said(str(one.state), CONFLICT_LABELS[one.state].team),
                one.at,
                names.get(one.decided_by_id or 0),
                one.decided_at,
            )
        )
        for one in found
    )
    return Section("conflicts", _("Conflicts and recusals"), columns, rows)
