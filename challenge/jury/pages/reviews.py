"""One review: the conflict question, the reading pane beside the scores, the check, and the report others read."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_time
from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from challenge.http import papers
from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.problems import wants_json
from challenge.http.sent import Sent
from challenge.http.timeline import history
from challenge.http.transitions import buttons
from challenge.http.work import WebWork, work
from challenge.jury import actions, queries, rules
from challenge.jury.pages import filled
from challenge.jury.pages.acts import MARK, REVIEWS, due_of, kinds
from challenge.jury.pages.filled import Filled
from challenge.jury.pages.reading import budget_of, pair_of, parts_of
from challenge.jury.queries import Opened
from challenge.jury.scale import scale_of
from challenge.jury.schemas import Declaration, Stepping
from challenge.jury.states import LABELS, WRITABLE, ReviewState
from challenge.jury.workflow import HELD, REVIEW
from challenge.kernel.errors import Forbidden, Invalid, Problem, Refused
from challenge.kernel.i18n import _, locale
from challenge.people.queries import names
from challenge.proposals.states import TEAM_ROLES
from challenge.rounds.schemas import Criterion
from challenge.rounds.states import CITY_ROLES, GATES, Blind
from challenge.rounds.words import Country

router = APIRouter(include_in_schema=False)


@router.get("/reviews/{code}")
def show(request: Request, code: str) -> Response:
    """For the juror: the question, the scores or what was handed in. For others: the report."""
    with work(request) as w:
        opened = _opened(w, code)
        if not opened.is_own:
            return _report(w, opened)
        if opened.review.state is ReviewState.ASSIGNED:
            return _question(w, opened, _declaration(w, opened))
        return _scores(w, opened, filled.stored(opened.scores, opened.review))


@router.post("/reviews/{code}/declaration")
def declare(request: Request, code: str, sent: Sent) -> Response:
    """The answer to the conflict question."""
    with work(request) as w:
        opened = _own(w, code)
        form = Form.sent(Declaration, sent, choices=_answers(w, opened))
        if not form.valid:
            return _question(w, opened, form, status=422)
        fired = actions.declare(w, opened.review, form.value)
        if fired.row.name == "recuse":
            say = _("You have stepped aside. The proposal is closed for you and the coordinators know why.")
            return see_other(w, "/reviews", say=say)
        return see_other(w, f"/reviews/{code}")


@router.post("/reviews/{code}")
def save(request: Request, code: str, sent: Sent) -> Response:
    """Keep the draft; on request go on to the check, or leave."""
    with work(request) as w:
        opened = _own(w, code)
        review, criteria = opened.review, rules.gate_rules(w, opened.review).criteria
        typed, given = filled.sent_form(criteria, sent)
        if review.state in WRITABLE and sent.version not in (None, review.version):
            return _two_tabs(w, opened, typed)
        if given is None:
            return _scores(w, opened, typed, status=422)
        try:
            actions.save_review(w, review, given)
        except Invalid as refusal:
            return _scores(w, opened, typed.with_problem(refusal.problem), status=422)
        except Refused as refusal:
            if wants_json(request) or review.state not in WRITABLE:
                raise
            return _scores(w, opened, typed, status=409, held=refusal.problem, may_write=True)  # nothing typed is lost
        if wants_json(request):
            return JSONResponse({"saved_at": w.now.isoformat(), "version": review.version, "text": _saved(opened)})
        after = {"check": f"/reviews/{code}/check", "leave": "/reviews"}
        return see_other(w, after.get(sent.get("step"), f"/reviews/{code}"))


@router.get("/reviews/{code}/check")
def check(request: Request, code: str) -> Response:
    """Everything once more before it is locked."""
    with work(request) as w:
        opened = _own(w, code)
        if opened.review.state not in WRITABLE:
            return see_other(w, f"/reviews/{code}")
        acts = [button for button in buttons(REVIEWS, w, opened.review) if button.name == "submit"]
        lacks = {filled.field_id(key): str(text) for key, text in rules.lacking(w, opened.review).items()}
        return page(
            w, "jury/check.html", opened=opened, acts=acts, **{**_form_names(w, opened, _kept(opened)), "lacks": lacks},
            begun=opened.review.state is not ReviewState.DECLARED,
            is_open=rules.gate_rules(w, opened.review).blind is Blind.OPEN,
        )  # fmt: skip


@router.get("/reviews/{code}/files/{file}")
def download(request: Request, code: str, file: str) -> Response:
    """A file of the version under review, once the conflict question is answered."""
    with work(request) as w:
        opened = _opened(w, code)
        found = queries.file_of(w, opened.review, opened.proposal, file)
    return papers.send_file(request, found)


def _opened(w: WebWork, code: str) -> Opened:
    opened = queries.review(w, code)
    if opened.is_own and (problem := rules.can_be_read(w, opened.review)):
        raise Refused(problem)
    return opened


def _own(w: WebWork, code: str) -> Opened:
    opened = _opened(w, code)
    if problem := rules.is_the_juror(w, opened.review):
        raise Forbidden(problem)
    return opened


def _kept(opened: Opened) -> Filled:
    return filled.stored(opened.scores, opened.review)


def _saved(opened: Opened) -> str:
    """``Saved 16:20:07``, on the clock of the round."""
    if opened.review.saved_at is None:
        return ""
    zone = ZoneInfo(opened.round.zone)
    return str(_("Saved %(time)s", time=format_time(opened.review.saved_at, "HH:mm:ss", tzinfo=zone, locale=locale())))


# The conflict question


def _answers(w: WebWork, opened: Opened) -> dict[str, list[tuple[str, object]]]:
    none = ("none", _("No, I have no conflict of interest with any of them"))
    return {"answer": [none, *kinds(rules.rules_of(w, opened.review))]}


def _declaration(w: WebWork, opened: Opened) -> Form[Declaration]:
    return Form(Declaration, choices=_answers(w, opened))


def _question(w: WebWork, opened: Opened, form: Form[Declaration], status: int = 200) -> Response:
    parties = queries.parties(w, opened.review, opened.proposal)
    problem = next((p for offer in REVIEW.offers(w, opened.review) if offer.row.name == "declare"
                    and (p := offer.problem)), None)  # fmt: skip
    return page(
        w, "jury/declare.html", status=status, opened=opened, form=form, parties=parties, problem=problem,
        team_roles=TEAM_ROLES, city_roles=CITY_ROLES, countries={city.country: Country(city.country) for city in
        parties.cities}, **_place(w, opened),
    )  # fmt: skip


# The scores


def _place(w: WebWork, opened: Opened) -> dict[str, Any]:
    """Where in the queue this is, and what comes next."""
    queue = queries.queue(w)
    return {
        "queue": queue, "place": queue.place(opened.review.code), "upcoming": queue.after(opened.review.code),
        "deadline": due_of(w, opened.review), "gate": GATES[opened.review.gate], "label": LABELS[opened.review.state],
    }  # fmt: skip


def _form_names(w: WebWork, opened: Opened, form: Filled) -> dict[str, Any]:
    """What every page with marks needs."""
    all_rules = rules.rules_of(w, opened.review)
    gate, scale = all_rules.gates[opened.review.gate], scale_of(all_rules)
    most = len(gate.criteria) * all_rules.scale.maximum
    return {
        "filled": form, "criteria": filled.views(gate.criteria, form), "marks": list(scale.marks),
        "words": {tenths / 10: str(text) for tenths, text in scale.words.items()}, "short": scale.short,
        "point": MARK.point, "total": MARK.plain(filled.total_of(form)), "most": most,
        "least": MARK.plain(gate.total_threshold * int(most)) if gate.total_threshold else "",
        "confidences": filled.confidences(), "lacks": {}, "label": LABELS[opened.review.state],
        "gate": GATES[opened.review.gate],
    }  # fmt: skip


def _scores(w: WebWork, opened: Opened, form: Filled, status: int = 200, **more: Any) -> Response:
    """The reading pane beside the scoring pane; what is submitted or over is shown and locked."""
    review = opened.review
    reading = queries.reading(w, review, opened.proposal)
    acts = [button for button in buttons(REVIEWS, w, review) if button.name == "submit"]
    held = _held(w, opened)
    rows, total = budget_of(reading)
    all_rules = rules.rules_of(w, review)
    size = all_rules.size_class(reading.content.get("size_class"))
    reopened = queries.reopened(w, review)
    before = filled.said(reopened.said.content) if reopened else None
    return page(
        w, "jury/review.html", status=status, opened=opened, reading=reading, acts=acts, held=held,
        may_write=review.state in WRITABLE and held is None, saved_text=_saved(opened),
        parts=parts_of(reading, review.gate), pair=pair_of(reading, all_rules), budget=rows, budget_total=total,
        size=size, team=queries.parties(w, opened.review, opened.proposal).team, team_roles=TEAM_ROLES,
        stepping=Form(Stepping, choices={"kind": kinds(all_rules)}), begun=review.state is not ReviewState.DECLARED,
        zone=opened.round.zone, files_url=f"/reviews/{review.code}/files", is_preview=False,
        reopened=reopened, before=_shown(all_rules.gates[review.gate].criteria, before),
        **{**_place(w, opened), **_form_names(w, opened, form), "differs": (), **more},
    )  # fmt: skip


def _shown(criteria: list[Criterion], form: Filled | None) -> dict[str, Any]:
    """What was given, as the list of marks and comments shows it."""
    if form is None:
        return {}
    return {"criteria": filled.views(criteria, form), "filled": form, "total": MARK.plain(filled.total_of(form))}


def _held(w: WebWork, opened: Opened) -> Problem | None:
    """What keeps the juror from writing on, where the state would let her."""
    if opened.review.state not in WRITABLE:
        return None
    return next((problem for guard in HELD if (problem := guard(w, opened.review)) is not None), None)


def _two_tabs(w: WebWork, opened: Opened, typed: Filled) -> Response:
    """The same juror saved in another tab: both texts, nothing overwritten (409)."""
    if wants_json(w.request):
        text = str(_("You saved this in another window. See both texts."))
        body = {"url": f"/reviews/{opened.review.code}", "text": text, "version": opened.review.version}
        return JSONResponse(body, 409)
    criteria = rules.gate_rules(w, opened.review).criteria
    return _scores(w, opened, typed, status=409, differs=filled.differing(criteria, typed, _kept(opened)))


# The report


def _report(w: WebWork, opened: Opened) -> Response:
    """What coordinators and observers read: who, what was handed in, whether it counts, what may be done."""
    review = opened.review
    form = filled.said(opened.said.content) if opened.said is not None else Filled({}, {})
    return page(
        w, "jury/report.html", opened=opened, name=names(w, [opened.juror.person_id]).get(opened.juror.person_id, ""),
        acts=buttons(REVIEWS, w, review), deadline=due_of(w, review),
        timeline=history(w, REVIEW, review.code, names_of=names, zone=opened.round.zone,
                         acts={"assign": _("Assigned")}),
        **_form_names(w, opened, form),
    )  # fmt: skip
