"""Cities look at each other's challenges and show interest."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent, SentBody
from challenge.http.work import WebWork, work
from challenge.kernel.errors import Forbidden, Invalid, Problem
from challenge.kernel.i18n import _
from challenge.people.rules import may_not
from challenge.rounds import rules as round_rules
from challenge.rounds.queries import current, deadline, get, rules_of
from challenge.submissions import actions, interest_rules, queries, rules
from challenge.submissions.asks import ShowInterest
from challenge.submissions.pages.forms import clock

router = APIRouter()
NO_CITY = may_not(_("Interest is shown by cities. Ask the coordinators to add you to yours."))
CHOOSE = Problem("city", _("Choose your city."), {"city": _("Choose your city")})


@router.get("/interests", include_in_schema=False)
def index(request: Request) -> Response:
    """Challenges of other cities, and where mine have shown interest."""
    with work(request) as w:
        round_ = current(w)
        if round_ is None:
            return page(w, "interests/index.html", round=None, cities=[], rows=[], deadline=None, problem=None)
        mine = queries.to_show_interest(w, round_)
        if not mine:
            raise Forbidden(NO_CITY)
        ids = {city.id for city in mine}
        cap = rules_of(round_).interests_per_city
        shown = {city.id: queries.shown_by(w, round_, city.id) for city in mine}
        codes = {row.challenge_code for rows in shown.values() for row in rows}
        themes = {theme.key: rules.theme_title(rules_of(round_), theme.key) for theme in rules_of(round_).themes}
        return page(
            w, "interests/index.html", round=round_, themes=themes, codes=codes,
            cities=[(city, shown[city.id], cap, interest_rules.speaks_for(w, city) is None) for city in mine],
            rows=[row for row in queries.open_to_interest(w, round_) if row.city_id not in ids],
            problem=round_rules.is_open(w, round_, interest_rules.WINDOW),
            deadline=clock(w, deadline(w, round_, interest_rules.WINDOW), _("Interest closes"), _("Interest closed")),
            submitting=deadline(w, round_, rules.WINDOW), zone=round_.zone,
        )  # fmt: skip


@router.get("/challenges/{code}/interest", include_in_schema=False)
def ask(request: Request, code: str) -> Response:
    """Title and summary, and the reason to be given."""
    with work(request) as w:
        submission = queries.for_interest(w, code)
        cities = _cities(w, submission)
        data = {"city": cities[0].code} if len(cities) == 1 else {}
        return _page(w, submission, Form(ShowInterest, data, choices=_choices(cities)))


@router.post("/challenges/{code}/interest", include_in_schema=False)
def create(request: Request, code: str, sent: Sent) -> Response:
    """Show it."""
    with work(request) as w:
        submission = queries.for_interest(w, code)
        cities = _cities(w, submission)
        form = Form.sent(ShowInterest, sent, choices=_choices(cities))
        if not form.valid:
            return _page(w, submission, form, status=422)
        actions.show_interest(w, submission, _chosen(cities, form.value.city), form.value.reason)
        return see_other(w, "/interests", say=_("Your interest is shown to the city and the coordinators."))


@router.post("/challenges/{code}/interest/withdrawal", include_in_schema=False)
def withdraw(request: Request, code: str, sent: Sent) -> Response:
    """Take it back."""
    with work(request) as w:
        submission = queries.for_interest(w, code)
        actions.withdraw_interest(w, submission, _chosen(_cities(w, submission), _named(sent)))
        return see_other(w, "/interests", say=_("Your interest is withdrawn; the place is free again."))


def _cities(w: WebWork, submission: Any) -> list[Any]:
    mine = queries.to_show_interest(w, get(w, submission.round_id))
    if not mine:
        raise Forbidden(NO_CITY)
    return mine


def _choices(cities: list[Any]) -> dict[str, list[tuple[str, object]]]:
    return {"city": [(city.code, city.name) for city in cities]}


def _named(sent: SentBody) -> str:
    return sent.get("city")


def _chosen(cities: list[Any], code: str) -> Any:
    found = next((city for city in cities if city.code == code), None)
    if found is None:
        raise Invalid(CHOOSE)
    return found


def _page(w: WebWork, submission: Any, form: Form[ShowInterest], status: int = 200) -> Response:
    round_, cities = get(w, submission.round_id), _cities(w, submission)
    problems = [interest_rules.speaks_for(w, city) or interest_rules.may_show(w, submission, city) for city in cities]
    open_row = next(iter(queries.open_to_interest(w, round_, submission.code)), None)
    city = rules.city_of(w, submission)
    return page(
        w, "interests/new.html", status=status, form=form, code=submission.code, title=submission.title,
        summary=str(submission.answers.get("summary") or ""), city=city.name if city else "", round=round_,
        place=open_row.place if open_row else "", is_public=submission.published_at is not None,
        problem=problems[0] if all(problems) else None,
        cap=rules_of(round_).interests_per_city,
        used=[(one.name, len(queries.shown_by(w, round_, one.id))) for one in cities],
        deadline=clock(w, deadline(w, round_, interest_rules.WINDOW), _("Interest closes"), _("Interest closed")),
    )  # fmt: skip
