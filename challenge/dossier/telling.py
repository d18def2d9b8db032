"""How decisions were told and what was said against them: announcements, letters, appeals."""

from __future__ import annotations

from sqlmodel import col, select

from challenge.dossier.scene import Scene
from challenge.dossier.shape import BOTH, Column, Hash, Money, Row, Said, Section
from challenge.kernel.i18n import LANGUAGES, _
from challenge.kernel.journal import Step
from challenge.kernel.letter import Letter
from challenge.kernel.work import Work
from challenge.people import queries as people
from challenge.selection.models import Appeal, Release
from challenge.selection.states import APPEAL_LABELS
from challenge.selection.workflow import OUTCOME


def releases(w: Work, scene: Scene) -> Section:
    """Each announcement: who turned which key, and what was told."""
    found = w.session.exec(select(Release).where(Release.round_id == scene.round.id).order_by(col(Release.id))).all()
    who = people.names(w, [key for one in found for key in (one.asked_by, one.approved_by)])
    columns = (
        Column("at", _("Announced")),
        Column("asked_by", _("Asked for by")),
        Column("approved_by", _("Announced by")),
        Column("funded", _("Awards")),
        Column("reserved", _("Reserve")),
        Column("declined", _("Not selected")),
        Column("ineligible", _("Not eligible")),
        Column("held_back", _("Held back")),
        Column("money", _("Money")),
    )
    rows = tuple(
        Row(
            (
                one.at,
                who.get(one.asked_by),
                who.get(one.approved_by),
                one.funded,
                one.reserved,
                one.declined,
                one.ineligible,
                one.held_back,
                Money(one.funded_cents),
            )
        )
        for one in found
    )
    return Section("releases", _("Announcements"), columns, rows)


def letters(w: Work, scene: Scene) -> Section:
    """Each letter that told an outcome, by its fingerprint; one's own is shown to whoever got it."""
    about = {one.code: one.proposal_id for one in scene.outcomes}
    found = w.session.exec(
        select(Letter, Step.subject_code)
        .join(Step, col(Step.id) == Letter.step_id)
        .where(Step.workflow == OUTCOME.name, Step.transition == "announce", col(Step.subject_code).in_(about))
        .order_by(col(Letter.id))
    ).all()
    names = people.names(w, [one.person_id for one, _code in found])
    columns = (
        Column("proposal", _("Proposal"), BOTH),
        Column("outcome", _("Outcome")),
        Column("to", _("To"), BOTH),
        Column("language", _("Language"), BOTH),
        Column("sha256", _("Fingerprint of the letter"), BOTH),
        Column("made_at", _("Written"), BOTH),
        Column("sent_at", _("Taken by the mail server"), BOTH),
    )
    rows = tuple(
        Row(
            (
                scene.title(about[code]),
                code,
                names.get(one.person_id or 0),
                Said(one.locale, LANGUAGES.get(one.locale, one.locale)),
                Hash(one.fingerprint) if one.fingerprint else None,
                one.created_at,
                one.sent_at,
            ),
            of=frozenset({one.person_id} if one.person_id else ()),
        )
        for one, code in found
    )
    return Section("letters", _("Letters"), columns, rows)


def appeals(w: Work, scene: Scene) -> Section:
    """Appeals against decisions on these proposals."""
    found = w.session.exec(select(Appeal).where(col(Appeal.proposal_id).in_(scene.ids)).order_by(col(Appeal.id))).all()
    names = people.names(w, [key for one in found for key in (one.filed_by, one.handler_id)])
    columns = (
        Column("appeal", _("Appeal"), BOTH),
        Column("proposal", _("Proposal"), BOTH),
        Column("state", _("State"), BOTH),
        Column("filed_by", _("Filed by"), BOTH),
        Column("filed_at", _("Filed"), BOTH),
        Column("handler", _("Heard by"), BOTH),
        Column("ended_at", _("Ended"), BOTH),
    )
    rows = tuple(
        Row(
            (
                one.code,
                scene.title(one.proposal_id or 0),
                Said(str(one.state), APPEAL_LABELS[one.state].team),
                names.get(one.filed_by),
                one.filed_at,
                names.get(one.handler_id or 0),
                one.ended_at,
            ),
            of=frozenset({one.filed_by}),
        )
        for one in found
    )
    return Section("appeals", _("Appeals"), columns, rows)
