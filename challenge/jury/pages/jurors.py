"""The panel of a round: who is on it, who is asked, how far each is."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.jury import actions, queries
from challenge.jury.pages.acts import jury_tabs
from challenge.jury.schemas import JurorInvite, PersonCheck
from challenge.jury.states import CONFLICT_KINDS, PLACES, VIAS, Place
from challenge.kernel import proof
from challenge.kernel.errors import Forbidden, Refused
from challenge.kernel.i18n import LANGUAGES, _, locale
from challenge.people.browser import public_url
from challenge.people.rules import is_coordinator
from challenge.rounds.queries import rules_of
from challenge.rounds.states import GATES
from challenge.rounds.words import Country

router = APIRouter(include_in_schema=False)


@router.get("/rounds/{code}/jurors")
def index(request: Request, code: str) -> Response:
    """The panel, and the form that asks somebody to join it."""
    with work(request) as w:
        return _index(w, code, Form(JurorInvite, {"locale": locale(), "load_max": 10}, choices=_languages()))


@router.post("/rounds/{code}/jurors")
def invite(request: Request, code: str, sent: Sent) -> Response:
    """Ask somebody to join."""
    with work(request) as w:
        round_ = queries.round_of_jury(w, code)
        if problem := is_coordinator(w, round_):
            raise Forbidden(problem)
        form = Form.sent(JurorInvite, sent, choices=_languages())
        if not form.valid:
            return _index(w, code, form, status=422)
        try:
            actions.invite_juror(w, round_, form.value, public_url=public_url(request))
        except Refused as refusal:
            form.say_problem(refusal.problem)
            return _index(w, code, form, status=422)
        return see_other(w, f"/rounds/{code}/jurors", say=_("%(name)s is invited.", name=form.value.name))


@router.post("/rounds/{code}/jurors/check")
def check(request: Request, code: str, sent: Sent) -> Response:
    """What would keep somebody from judging here: shown, not kept. The address stays out of the URL."""
    with work(request) as w:
        round_ = queries.round_of_jury(w, code)
        if problem := is_coordinator(w, round_):
            raise Forbidden(problem)
        form = Form.sent(PersonCheck, sent)
        if not form.valid:
            invitation = Form(JurorInvite, {"locale": locale(), "load_max": 10}, choices=_languages())
            return _index(w, code, invitation, checking=form, status=422)
        found = queries.check_person(w, round_, form.value.address)
        return page(
            w, "jury/person.html", round=round_, found=found, kinds=CONFLICT_KINDS, vias=VIAS, country=Country,
            tabs=jury_tabs(round_, "jurors"),
        )  # fmt: skip


def _languages() -> dict[str, list[tuple[str, object]]]:
    return {"locale": list(LANGUAGES.items())}


def _index(
    w: WebWork, code: str, form: Form[JurorInvite], *, checking: Form[PersonCheck] | None = None, status: int = 200
) -> Response:
    round_ = queries.round_of_jury(w, code)
    rules = rules_of(round_)
    themes = {
        theme.key: theme.title_et if locale() == "et" and theme.title_et else theme.title for theme in rules.themes
    }
    members = queries.panel(w, round_)
    gates = queries.jury_gates(round_)
    return page(
        w, "jury/jurors.html", status=status, round=round_, members=members, gates=gates, gate_words=GATES,
        themes=themes, places=PLACES, form=form, checking=checking or Form(PersonCheck), unproven=proof.missing(w),
        may_invite=is_coordinator(w, round_) is None,
        accepted=sum(member.place is Place.ACCEPTED for member in members),
        waiting=sum(member.place is Place.INVITED for member in members), tabs=jury_tabs(round_, "jurors"),
    )  # fmt: skip
