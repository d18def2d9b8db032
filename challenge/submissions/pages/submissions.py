"""A city's submissions, and the same for those who run the round."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from challenge.http.conflicts import said
from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.papers import may_edit
from challenge.http.sent import Sent
from challenge.http.timeline import history
from challenge.http.transitions import buttons
from challenge.http.work import WebWork, work
from challenge.kernel import attachment, receipt
from challenge.kernel.errors import Forbidden, Problem, Refused
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.work import Work
from challenge.people.queries import names
from challenge.people.rules import is_coordinator, is_observer, may_not
from challenge.rounds.queries import current, deadline, get, rules_of, visible
from challenge.rounds.states import RoundState
from challenge.submissions import actions, checklist, queries, rules
from challenge.submissions.actions.writing import may_start
from challenge.submissions.asks import Checklist, NewSubmission
from challenge.submissions.pages.forms import ACTS, DRAFTS, clock, due_clock, zone_of
from challenge.submissions.queries import Filters
from challenge.submissions.states import COUNTED, ENDS, LABELS, PUBLIC, SubmissionState
from challenge.submissions.workflow import SUBMISSION

router = APIRouter()
S = SubmissionState
TOLD = {
    "check": _("Checklist filled in"),
    "show_interest": _("A city showed interest"),
    "withdraw_interest": _("A city withdrew its interest"),
    "carried_from": _("Carried on from an earlier challenge"),
}
NO_CITY = may_not(_("Challenges are submitted by people of a city. Ask the coordinators to add you to yours."))


@dataclass(frozen=True, slots=True)
class Next:
    """What is next, and where that is done."""

    text: Text
    label: Text | None = None
    href: str = ""
    tone: str = ""


@router.get("/submissions", include_in_schema=False)
def index(
    request: Request,
    of_round: Annotated[str, Query(alias="round")] = "",
    state: str = "",
    theme: str = "",
    country: str = "",
    q: str = "",
    after: str = "",
) -> Response:
    """My cities' submissions; for those who run or watch a round, the round's."""
    with work(request) as w:
        found = visible(w, of_round) if of_round else current(w)
        if found is not None and (is_coordinator(w, found) is None or is_observer(w, found) is None):
            return _round_list(w, found, Filters(state, theme, country, q), after)
        return _city_list(w)


def _round_list(w: WebWork, round_: Any, filters: Filters, after: str) -> Response:
    rows = queries.in_round(w, round_, filters, after)
    given = {"state": filters.state, "theme": filters.theme, "country": filters.country, "q": filters.text}
    kept = {"round": round_.code, **{name: value for name, value in given.items() if value}}
    following = f"/submissions?{urlencode({**kept, 'after': rows.following})}" if rows.following else None
    rules_ = rules_of(round_)
    return page(
        w, "submissions/round.html", round=round_, rows=rows.rows, filters=filters, following=following,
        first=f"/submissions?{urlencode(kept)}" if after else None,
        counts=[(state, LABELS[state], n) for state, n in queries.states_in_round(w, round_).items()],
        themes=[(theme.key, rules.theme_title(rules_, theme.key)) for theme in rules_.themes],
        theme_titles={theme.key: rules.theme_title(rules_, theme.key) for theme in rules_.themes},
        countries=queries.countries_in_round(w, round_),
        deadline=clock(w, deadline(w, round_, rules.WINDOW), _("Challenges close"), _("Challenges closed")),
    )  # fmt: skip


def _city_list(w: WebWork) -> Response:
    round_ = current(w)
    cities = queries.my_cities(w, round_)
    rows = queries.of_cities(w, w.actor.organisations())
    problem: Problem | None = NO_CITY if not cities else None
    places: list[tuple[str, int, int]] = []
    if cities and round_ is None:
        problem = Problem("no_round", _("No round is under way. The next one will be announced on the front page."))
    elif cities and round_ is not None:
        problems = [may_start(w, round_, city) for city in cities]
        problem = problems[0] if all(problems) else None
        taken = {city.id: sum(r.slot is not None and r.round_code == round_.code and r.city == city.name for r in rows)
                 for city in cities}  # fmt: skip
        places = [(city.name, taken[city.id], rules_of(round_).submissions_per_city) for city in cities]
    due = deadline(w, round_, rules.WINDOW) if round_ is not None else None
    return page(
        w, "submissions/index.html", rows=rows, cities=cities, round=round_, problem=problem, places=places,
        counted=COUNTED, deadline=clock(w, due, _("Challenges close"), _("Challenges closed")),
    )  # fmt: skip


def _new_form(w: Work, sent: Any = None, carried_from: str = "") -> Form[NewSubmission]:
    cities = [(city.code, city.name) for city in queries.my_cities(w, current(w))]
    if sent is not None:
        return Form.sent(NewSubmission, sent, choices={"city": cities})
    given = {"city": cities[0][0] if len(cities) == 1 else "", "carried_from": carried_from}
    if carried_from:
        given["title"] = queries.title_to_carry(w, carried_from)
    return Form(NewSubmission, given, choices={"city": cities})


@router.get("/submissions/new", include_in_schema=False)
def new(request: Request, carried_from: str = "") -> Response:
    """Where a challenge begins, or one that found no pilot goes on."""
    with work(request) as w:
        return _new_page(w, _new_form(w, carried_from=carried_from))


def _new_page(w: WebWork, form: Form[NewSubmission], status: int = 200) -> Response:
    round_ = current(w)
    cities = queries.my_cities(w, round_)
    if not cities:
        raise Forbidden(NO_CITY)
    problem = NO_ROUND if round_ is None else None
    if round_ is not None:
        problems = [may_start(w, round_, city) for city in cities]
        problem = problems[0] if all(problems) else None
    due = deadline(w, round_, rules.WINDOW) if round_ is not None else None
    return page(
        w, "submissions/new.html", status=status, form=form, round=round_, problem=problem,
        cap=rules_of(round_).submissions_per_city if round_ is not None else 0,
        deadline=clock(w, due, _("Challenges close"), _("Challenges closed")),
    )  # fmt: skip


NO_ROUND = Problem("no_round", _("No round is under way. The next one will be announced on the front page."))


@router.post("/submissions", include_in_schema=False)
def create(request: Request, sent: Sent) -> Response:
    """Begin a draft and go on to its form."""
    with work(request) as w:
        form = _new_form(w, sent)
        if not form.valid:
            return _new_page(w, form, status=422)
        if (round_ := current(w)) is None:
            raise Refused(NO_ROUND)
        city = next(city for city in queries.my_cities(w, round_) if city.code == form.value.city)
        made = actions.begin(w, round_, city, form.value.title, form.value.carried_from)
        return see_other(w, f"/submissions/{made.code}/edit")


@router.get("/submissions/{code}", include_in_schema=False)
def show(request: Request, code: str) -> Response:
    """What is next, what was written, what happened."""
    with work(request) as w:
        submission = queries.visible(w, code)
        round_, city = get(w, submission.round_id), rules.city_of(w, submission)
        form = DRAFTS.form(w, submission)
        parts = [
            (str(title), [(f.label, said(f)) for f in form.fields if f.part == key and said(f)])
            for key, title in DRAFTS.parts.items()
        ]
        zone = round_.zone
        return page(
            w, "submissions/show.html", submission=submission, round=round_, city=city, zone=zone,
            label=LABELS[submission.state], next=_next(w, submission), parts=[part for part in parts if part[1]],
            buttons=[act for act in buttons(ACTS, w, submission) if act.name != "submit" or act.reason],
            can_edit=may_edit(DRAFTS, w, submission),
            files=attachment.of(w, rules.WORKFLOW, code), receipt=receipt.latest(w, rules.WORKFLOW, code),
            interests=queries.interested(w, submission.id), is_public=submission.state in PUBLIC,
            deadline=due_clock(w, submission) if submission.state in (*rules.EDITABLE, S.SUBMITTED) else None,
            returned=queries.said_with(w, submission, "send_back") if submission.state is S.RETURNED else {},
            points=checklist.checklist(w, submission) if submission.state is S.IN_REVIEW
            and is_coordinator(w, submission) is None else [],
            timeline=history(w, SUBMISSION, code, names_of=names, zone=zone, acts=TOLD),
            lives=queries.lives(w, submission), may_carry=_may_carry(w, submission, city),
        )  # fmt: skip


def _may_carry(w: Work, submission: Any, city: Any) -> str:
    """The round its city may carry it into now."""
    if city is None or submission.state not in ENDS or rules.belongs_to_the_city(w, submission) is not None:
        return ""
    round_ = current(w)
    if round_ is None or may_start(w, round_, city) is not None:
        return ""
    return round_.title if actions.may_take(w, round_, city, submission.code) else ""


def _next(w: Work, submission: Any) -> Next | None:
    """The next step for this actor, in one sentence."""
    here = f"/submissions/{submission.code}"
    runs = is_coordinator(w, submission) is None
    if submission.state in rules.EDITABLE and rules.belongs_to_the_city(w, submission) is None:
        if faults := rules.faults(w, submission):
            text = _n("One answer needs you.", "%(n)s answers need you.", len(faults))
            return Next(text, _("Go on writing"), f"{here}/edit", "sun")
        if submission.state is S.RETURNED:
            text = _("Change what was asked for, then check it and submit it again.")
            return Next(text, _("Go on writing"), f"{here}/edit", "sun")
        if rules.represents_the_city(w, submission) is not None:
            text = _("Everything is answered. The lead or a deputy of the city can submit it.")
            return Next(text, _("Check and preview"), f"{here}/check", "sun")
        return Next(_("Everything is answered."), _("Check and submit"), f"{here}/check", "sun")
    if runs and submission.state is S.SUBMITTED:
        return Next(_("Start the review. The eligibility checklist comes next."), tone="sun")
    if runs and submission.state is S.IN_REVIEW:
        if (problem := checklist.is_eligible(w, submission)) is None:
            return Next(_("The checklist is done. Accept it, send it back or reject it."), tone="sun")
        text = _n("One point of the checklist is open.", "%(n)s points of the checklist are open.", len(problem.fields))
        return Next(text, _("Go through the checklist"), f"{here}/checklist", "sun")
    told = {
        S.SUBMITTED: _("The coordinators read it. Until the deadline the city’s lead can recall it."),
        S.IN_REVIEW: _("The coordinators check it and tell you by e-mail."),
        S.ACCEPTED: _("Everybody can read it and propose solutions."),
        S.CO_DEVELOPMENT: _("Teams work on it with their cities."),
        S.PILOT_SELECTION: _("The jury reads the proposals that answer it."),
    }
    return Next(told[submission.state]) if submission.state in told else None


@router.get("/submissions/{code}/checklist", include_in_schema=False)
def ask_checklist(request: Request, code: str) -> Response:
    """Every point with its fact; two to tick."""
    with work(request) as w:
        submission = queries.visible(w, code)
        given = {name: submission.checklist.get(name) for name in Checklist.model_fields}
        return _checklist_page(w, submission, Form(Checklist, given))


@router.post("/submissions/{code}/checklist", include_in_schema=False)
def save_checklist(request: Request, code: str, sent: Sent) -> Response:
    """Keep what was ticked."""
    with work(request) as w:
        submission = queries.visible(w, code)
        form = Form.sent(Checklist, sent)
        if not form.valid:
            return _checklist_page(w, submission, form, status=422)
        actions.check(w, submission, form.value)
        return see_other(w, f"/submissions/{code}", say=_("The checklist is saved."))


def _checklist_page(w: WebWork, submission: Any, form: Form[Checklist], status: int = 200) -> Response:
    if problem := is_coordinator(w, submission):
        raise Forbidden(problem)
    if submission.state is not S.IN_REVIEW:
        raise Refused(Problem("not_in_review", _("The checklist is for challenges in review.")))
    return page(
        w, "submissions/checklist.html", status=status, submission=submission, form=form, zone=zone_of(w, submission),
        points=[point for point in checklist.checklist(w, submission) if not point.judged],
        is_under_way=get(w, submission.round_id).state is RoundState.PUBLISHED,
    )  # fmt: skip
