"""The steps of the journal that are about what a dossier holds, each with its fingerprint."""

from __future__ import annotations

from sqlalchemy import and_, or_
from sqlmodel import col, select

from challenge.dossier.scene import Scene
from challenge.dossier.shape import Column, Hash, Row, Said, Section
from challenge.jury.consensus.models import Consensus
from challenge.jury.consensus.workflow import CONSENSUS
from challenge.jury.models import Review
from challenge.jury.workflow import REVIEW
from challenge.kernel.i18n import _
from challenge.kernel.journal import Step
from challenge.kernel.work import Work
from challenge.people import queries as people
from challenge.proposals.models import Commitment
from challenge.proposals.workflow import COMMITMENT, PROPOSAL
from challenge.rounds.workflow import ROUND
from challenge.selection.models import Appeal
from challenge.selection.workflow import APPEAL, OUTCOME

TABLES = {table.name: table for table in (ROUND, PROPOSAL, COMMITMENT, REVIEW, CONSENSUS, OUTCOME, APPEAL)}
OF_ROUND = ("round", "scenario", "ranking")
MOST = 400  # of a page; the journal itself has all of them


def steps(w: Work, scene: Scene) -> Section:
    """The newest steps about these proposals and what belongs to them, or of the whole round's deciding."""
    about = [("proposal", scene.codes), ("outcome", [one.code for one in scene.outcomes])]
    for name, table in (
        ("review", Review),
        ("consensus", Consensus),
        ("commitment", Commitment),
        ("appeal", Appeal),
    ):
        rows = select(table.code).where(col(table.proposal_id).in_(scene.ids))
        about.append((name, list(w.session.exec(rows))))
    w.saw("dossier", scene.round.code, [code for name, codes in about if name == "review" for code in codes])
    these = [and_(col(Step.workflow) == name, col(Step.subject_code).in_(codes)) for name, codes in about]
    if scene.is_whole:
        these.append(and_(col(Step.scope) == scene.round.code, col(Step.workflow).in_(OF_ROUND)))
    found = w.session.exec(select(Step).where(or_(*these)).order_by(col(Step.id).desc()).limit(MOST)).all()
    who = people.names(w, [one.actor_id for one in found])
    columns = (
        Column("step", _("Step")),
        Column("at", _("At")),
        Column("about", _("About")),
        Column("act", _("Act")),
        Column("from", _("From")),
        Column("to", _("To")),
        Column("by", _("By")),
        Column("hash", _("Fingerprint")),
    )
    rows_ = tuple(
        Row(
            (
                one.id,
                one.at,
                f"{one.workflow} {one.subject_code}",
                _act(one),
                _state(one, one.old_state),
                _state(one, one.new_state),
                who.get(one.actor_id or 0, str(_("the system"))),
                Hash(one.hash),
            )
        )
        for one in found
    )
    note = _("The newest %(most)s; the journal has all of them.", most=MOST) if len(found) == MOST else None
    return Section("steps", _("Steps of the journal"), columns, rows_, note)


def _act(step: Step) -> Said:
    """In the words of its workflow's table, where it is a transition of it."""
    table = TABLES.get(step.workflow)
    row = next((row for row in table.rows if row.name == step.transition), None) if table else None
    return Said(step.transition, (row.told or row.label) if row else step.transition.replace("_", " "))


def _state(step: Step, state: str | None) -> Said | None:
    if state is None:
        return None
    table = TABLES.get(step.workflow)
    label = next((label.team for one, label in table.labels.items() if str(one) == state), None) if table else None
    return Said(state, label or state)
