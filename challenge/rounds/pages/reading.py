"""Rounds as everybody reads them."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.pages import page
from challenge.http.transitions import buttons
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Missing
from challenge.kernel.i18n import Text, _
from challenge.people.queries import names
from challenge.rounds import actions, plain, queries
from challenge.rounds.document import in_force, prepared
from challenge.rounds.facts import known
from challenge.rounds.pages import words
from challenge.rounds.pages.acts import ACTS
from challenge.rounds.schemas import RoundDocument
from challenge.rounds.states import LABELS, RoundState
from challenge.rounds.words import Told

router = APIRouter()
LATEST = 3


@router.get("/rounds", include_in_schema=False)
def index(request: Request) -> Response:
    """The rounds one may know of."""
    with work(request) as w:
        entries = queries.listed(w)
        return page(
            w, "rounds/index.html", may_start=actions.may_start(w) is None,
            running=[_card(w, entry) for entry in entries if entry.state is RoundState.PUBLISHED],
            drafts=[_card(w, entry) for entry in entries if entry.state is RoundState.DRAFT],
            past=[_card(w, entry) for entry in entries if entry.state not in {RoundState.PUBLISHED, RoundState.DRAFT}],
        )  # fmt: skip


def _card(w: WebWork, entry: queries.Entry) -> dict[str, Any]:
    return {
        "round": entry,
        "label": LABELS[entry.state],
        "clock": words.shown(entry.next_date, w.now) if entry.next_date else None,
    }


@router.get("/rounds/{code}", include_in_schema=False)
def show(request: Request, code: str) -> Response:
    """A round: its dates, its rules in plain words, its news; a past one with what is known of it."""
    with work(request) as w:
        round_ = queries.visible(w, code)
        is_inside = queries.sees_inside(w, round_)
        steps = queries.history(w, round_) if is_inside else []
        return _show(
            w, round_, in_force(w, round_), offers=buttons(ACTS, w, round_), is_inside=is_inside,
            may_edit=_may_edit(w, round_), desk=_desk(w, round_), may_clone=actions.may_start(w) is None,
            history=words.history_of(steps, names(w, [step.actor_id for step in steps]), round_.zone),
            news=queries.news(w, round_, LATEST + 1),
        )  # fmt: skip


def _show(w: WebWork, round_: Any, document: RoundDocument, **more: Any) -> Response:
    next_date = queries.next_date(w, round_)
    label = LABELS[round_.state]
    plainly: dict[str, Any] = {
        "offers": [], "is_inside": False, "may_edit": False, "may_clone": False, "history": [], "news": [],
        "desk": [], "is_preview": False,
    }  # fmt: skip
    return page(
        w, "rounds/show.html",
        **{
            **plainly,
            "round": round_, "document": document, "zone": document.zone, "latest": LATEST,
            "label": label.team if more.get("is_inside") else label.public, "tone": label.tone,
            "clock": words.shown(next_date, w.now) if next_date else None,
            "steps": words.steps_of(document, w.now), "missing": words.missing_windows(document),
            "sections": plain.sections(document), "pairing": plain.pairing_sentence(document.rules),
            "themes": words.theme_titles(document.rules.themes), "sizes": words.sizes(document.rules.size_classes),
            "facts": known(round_.facts) if round_.imported else None, "told": Told,
            **more,
        },
    )  # fmt: skip


def _may_edit(w: WebWork, round_: Any) -> bool:
    return w.actor.holds("coordinator", round_.id) and round_.state in {RoundState.DRAFT, RoundState.PUBLISHED}


DESK = (
    ("matching", _("Find partners for all proposals")), ("jurors", _("Jurors")),
    ("conflicts", _("Conflicts of interest")), ("assignment", _("Assignment")),
    ("ranking", _("Ranking")), ("gates", _("Gates")), ("outcomes", _("Outcomes")), ("closing", _("Closing")),
)  # fmt: skip


def _desk(w: WebWork, round_: Any) -> list[tuple[Text, str]]:
    """Where a coordinator works on the round, once it is published."""
    if round_.imported or round_.state is RoundState.DRAFT or not w.actor.holds("coordinator", round_.id):
        return []
    first = (_("Submitted challenges"), f"/submissions?round={round_.code}")
    return [first, *((text, f"/rounds/{round_.code}/{name}") for name, text in DESK)]


@router.get("/rounds/{code}/preview", include_in_schema=False)
def preview(request: Request, code: str) -> Response:
    """What cities and researchers will see, with the amendment that is prepared."""
    with work(request) as w:
        round_ = queries.visible(w, code)
        if not queries.sees_inside(w, round_):
            raise Missing
        return _show(w, round_, prepared(w, round_), is_preview=True)


@router.get("/rounds/{code}/news", include_in_schema=False)
def news(request: Request, code: str) -> Response:
    """All news of a round, with every change of its rules and dates."""
    with work(request) as w:
        round_ = queries.visible(w, code)
        return page(
            w, "rounds/news.html", round=round_, news=queries.news(w, round_),
            may_post=w.actor.holds("coordinator", round_.id) and round_.state is not RoundState.DRAFT,
        )  # fmt: skip


@router.get("/rounds/{code}/rules.yaml", include_in_schema=False)
def rules_yaml(request: Request, code: str) -> Response:
    """The round as a document another round can begin with."""
    with work(request) as w:
        round_ = queries.visible(w, code)
        if round_.imported:
            raise Missing
        text = actions.export_yaml(w, round_)
    headers = {"Content-Disposition": f'attachment; filename="round-{round_.code}.yaml"'}
    return Response(text, media_type="application/yaml; charset=utf-8", headers=headers)
