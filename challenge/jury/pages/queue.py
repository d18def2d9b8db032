"""A juror's own pages: the queue over all rounds, the invitation, what she knows."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.jury import actions, queries, rules
from challenge.jury.common import queries as common
from challenge.jury.consensus import queries as of_panels
from challenge.jury.pages.acts import due
from challenge.jury.schemas import Acceptance, Expertise, JurorPlace, NoReason
from challenge.jury.states import LABELS, PLACES, Place
from challenge.kernel.i18n import LANGUAGES, Text, _, _n, locale
from challenge.people.queries import person
from challenge.people.rules import is_coordinator
from challenge.rounds.queries import rules_of
from challenge.rounds.states import GATES, Blind

router = APIRouter(include_in_schema=False)


@router.get("/reviews")
def index(request: Request) -> Response:
    """What to do next, and by when."""
    with work(request) as w:
        queue = queries.queue(w)
        upcoming = queue.upcoming
        return page(
            w, "jury/queue.html", queue=queue, gates=GATES, labels=LABELS, deadline=due(w, upcoming) if upcoming else
            None, dues={item.code: due(w, item) for item in (*queue.items, *queue.earlier)},
            panels=of_panels.panels(w), commons=common.to_mark(w),
            rounds={juror.code: rules.round_of(w, juror) for juror in queue.invitations},
        )  # fmt: skip


@router.get("/jurors/{code}")
def show(request: Request, code: str) -> Response:
    """A place on a panel: the invitation, or what the juror knows and takes."""
    with work(request) as w:
        return _show(w, code)


@router.post("/jurors/{code}")
def update(request: Request, code: str, sent: Sent) -> Response:
    """What the juror says of herself; coordinators set the load as well."""
    with work(request) as w:
        juror = queries.juror(w, code)
        runs = juror.person_id != w.actor.id and is_coordinator(w, juror) is None
        form: Form[Expertise] = Form.sent(JurorPlace if runs else Expertise, sent, choices=_choices(w, code))
        if not form.valid:
            return _show(w, code, form, status=422)
        if isinstance(form.value, JurorPlace):
            actions.set_place(w, juror, form.value)
        else:
            actions.set_expertise(w, juror, form.value)
        return see_other(w, f"/jurors/{code}", say=_("Saved"))


@router.post("/jurors/{code}/acceptance")
def accept(request: Request, code: str, sent: Sent) -> Response:
    """Join the panel."""
    with work(request) as w:
        juror = queries.juror(w, code)
        form = Form.sent(Acceptance, sent)
        if not form.valid:
            return _show(w, code, acceptance=form, status=422)
        actions.accept_invitation(w, juror, form.value)
        return see_other(
            w, f"/jurors/{code}", say=_("Welcome to the panel. Say what you know well, then see your reviews.")
        )


@router.post("/jurors/{code}/refusal")
def decline(request: Request, code: str, sent: Sent) -> Response:
    """Not this time."""
    with work(request) as w:
        juror = queries.juror(w, code)
        form = Form.sent(NoReason, sent)
        if not form.valid:
            return _show(w, code, refusal=form, status=422)
        actions.decline_invitation(w, juror, form.value)
        return see_other(w, f"/jurors/{code}", say=_("You have declined. The coordinators can ask you again."))


@router.post("/jurors/{code}/departure")
def leave(request: Request, code: str, sent: Sent) -> Response:
    """Off the panel: by a coordinator, or by the juror."""
    with work(request) as w:
        juror = queries.juror(w, code)
        form = Form.sent(NoReason, sent)
        if not form.valid:
            return _show(w, code, departure=form, status=422)
        released = actions.take_off(w, juror, form.value)
        say: Text = _("Off the panel.")
        if released:
            say = _n("Off the panel. One review needs another juror.",
                     "Off the panel. %(n)s reviews need another juror.", released)  # fmt: skip
        own = juror.person_id == w.actor.id
        return see_other(w, "/reviews" if own else f"/rounds/{juror.round_code}/jurors", say=say)


def _choices(w: WebWork, code: str) -> dict[str, list[tuple[str, object]]]:
    themes = rules_of(rules.round_of(w, queries.juror(w, code))).themes
    return {
        "themes": [
            (theme.key, theme.title_et if locale() == "et" and theme.title_et else theme.title) for theme in themes
        ],
        "languages": list(LANGUAGES.items()),
    }


def _show(
    w: WebWork,
    code: str,
    form: Form[Expertise] | None = None,
    *,
    acceptance: Form[Acceptance] | None = None,
    refusal: Form[NoReason] | None = None,
    departure: Form[NoReason] | None = None,
    status: int = 200,
) -> Response:
    juror = queries.juror(w, code)
    is_own = juror.person_id == w.actor.id
    runs = not is_own and is_coordinator(w, juror) is None
    kept = {name: getattr(juror, name) for name in JurorPlace.model_fields}
    model = JurorPlace if runs else Expertise
    round_ = rules.round_of(w, juror)
    return page(
        w, "jury/juror.html", status=status, juror=juror, round=round_, name=person(w, juror.person_id).name,
        label=PLACES[juror.place], is_own=is_own, may_edit=is_own or runs,
        has_certificate=is_own and queries.has_certificate(w, juror),
        is_open=any(gate.on and gate.blind is Blind.OPEN for gate in rules_of(round_).gates.values()),
        is_invited=juror.place is Place.INVITED, is_here=juror.place in (Place.INVITED, Place.ACCEPTED),
        form=form or Form(model, kept, choices=_choices(w, code)), acceptance=acceptance or Form(Acceptance),
        refusal=refusal or Form(NoReason), departure=departure or Form(NoReason),
        wrong=form or acceptance or refusal or departure,
    )  # fmt: skip
