"""People for who runs the programme: who there is, what they may do, and whether they may come in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Choices, Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel import proof
from challenge.kernel.errors import Forbidden, Invalid, Problem
from challenge.kernel.i18n import _, locale
from challenge.people import actions, directory, factors, queries, rules, yearly
from challenge.people.browser import public_url
from challenge.people.schemas import EmailChange, PersonInvite, RoleGrant
from challenge.people.states import ROLES, RoleName
from challenge.people.yearly import EVERY_ROUND

if TYPE_CHECKING:
    from challenge.people.models import Person

router = APIRouter(include_in_schema=False)


@router.get("/people")
def index(request: Request) -> Response:
    """Everybody, by name."""
    with work(request) as w:
        text, after = request.query_params.get("q", ""), request.query_params.get("after")
        found = directory.people(w, text, after)
        return page(
            w, "people/people.html", found=found, q=text, is_first=not after, role_words=_role_words(w), roles=ROLES
        )  # fmt: skip


@router.get("/people/new")
def new(request: Request) -> Response:
    """Open an account for somebody."""
    with work(request) as w:
        _only_programme(w)
        return page(w, "people/person_new.html", form=Form(PersonInvite))


@router.post("/people/new")
def create(request: Request, sent: Sent) -> Response:
    """Open it; whoever has this address already is shown instead."""
    with work(request) as w:
        _only_programme(w)
        form = Form.sent(PersonInvite, sent)
        if not form.valid:
            return page(w, "people/person_new.html", status=422, form=form)
        known = queries.find_by_email(w, form.value.email)
        person = actions.invite_person(
            w, form.value.name, form.value.email, locale(), public_url=public_url(request)
        )  # fmt: skip
        said = _("This address belongs to %(name)s already.", name=person.name) if known else _(
            "%(name)s can sign in now, and was written to.", name=person.name)  # fmt: skip
        return see_other(w, f"/people/{person.code}", say=said, tone="info" if known else "success")


@router.get("/people/{code}")
def show(request: Request, code: str) -> Response:
    """One person."""
    with work(request) as w:
        return _show(w, directory.person_by_code(w, code))


@router.post("/people/{code}/roles")
def give_role(request: Request, code: str, sent: Sent) -> Response:
    """Give a role."""
    with work(request) as w:
        person = directory.person_by_code(w, code)
        form = Form.sent(RoleGrant, sent, choices=_role_choices(w, person))
        if not form.valid:
            return _show(w, person, form)
        try:
            actions.give_role(w, person, form.value.role, _round_id(w, form.value.round), form.value.last)
        except Invalid as error:
            form.say_problem(error.problem)
            return _show(w, person, form)
        return see_other(w, f"/people/{code}", say=_("The role is given."))


@router.post("/people/{code}/roles/take")
def take_role(request: Request, code: str, sent: Sent) -> Response:
    """Take a role away."""
    with work(request) as w:
        person = directory.person_by_code(w, code)
        form = Form.sent(RoleGrant, sent)
        if not form.valid:
            return _show(w, person)
        actions.take_role(w, person, form.value.role, _round_id(w, form.value.round))
        return see_other(w, f"/people/{code}", say=_("The role is taken away."))


@router.post("/people/{code}/email")
def change_email(request: Request, code: str, sent: Sent) -> Response:
    """Another address to sign in with."""
    with work(request) as w:
        person = directory.person_by_code(w, code)
        form = Form.sent(EmailChange, sent)
        if not form.valid:
            return _show(w, person, email=form)
        actions.change_email(w, person, form.value.email, public_url=public_url(request))
        said = _("The address is changed. The old one was told, and %(name)s must sign in anew.", name=person.name)
        return see_other(w, f"/people/{code}", say=said)


@router.post("/people/{code}/disable")
def disable(request: Request, code: str) -> Response:
    """Lock somebody out."""
    with work(request) as w:
        person = directory.person_by_code(w, code)
        actions.disable(w, person)
        return see_other(
            w, f"/people/{code}", say=_("%(name)s is locked out, everywhere and at once.", name=person.name)
        )


@router.post("/people/{code}/second-factor/end")
def reset_second_factor(request: Request, code: str) -> Response:
    """Somebody has lost phone and recovery codes: one factor signs them in again, until they set up a new one."""
    with work(request) as w:
        person = directory.person_by_code(w, code)
        actions.reset_second_factor(w, person)
        said = _("The second step of %(name)s is taken away. They were told.", name=person.name)
        return see_other(w, f"/people/{code}", say=said)


@router.post("/people/{code}/enable")
def enable(request: Request, code: str) -> Response:
    """Let somebody in again."""
    with work(request) as w:
        person = directory.person_by_code(w, code)
        actions.enable(w, person)
        return see_other(w, f"/people/{code}", say=_("%(name)s can sign in again.", name=person.name))


def _show(
    w: WebWork, person: Person, form: Form[RoleGrant] | None = None, email: Form[EmailChange] | None = None
) -> Response:
    choices = _role_choices(w, person)
    every = yearly.of_person(w, person.id)
    held = [
        (
            one, one.is_due(w.now), rules.may_give_role(w, person, one.name, one.round_id) is None,
            rules.may_confirm_role(w, person, one.name, one.round_id) is None,
        )
        for one in every
        if one.name is not None
    ]  # fmt: skip
    is_me = person.id == w.actor.id
    return page(
        w, "people/person.html", status=422 if form or email else 200, wrong=form or email, person=person,
        held=held, now=w.now, factors=factors.of(w, person.id), unproven=proof.missing(w),
        seats=[one for one in every if one.seat is not None], form=form or Form(RoleGrant, choices=choices),
        email=email or Form(EmailChange),
        may_give=bool(choices["role"]) and person.disabled_at is None, is_me=is_me,
        may_manage=not is_me and rules.is_administrator(w, None) is None,
    )  # fmt: skip


def _role_choices(w: WebWork, person: Person) -> dict[str, Choices]:
    """The roles and rounds the actor may choose from."""
    rounds = [(found.id, found.code, found.title) for found in queries.rounds(w)]
    scopes: list[int | None] = [None, *(id_ for id_, _code, _title in rounds)]
    may = {name: {s for s in scopes if rules.may_give_role(w, person, name, s) is None} for name in RoleName}
    open_scopes = set().union(*may.values())
    shown: list[tuple[str, object]] = [("", _("All rounds"))] if None in open_scopes else []
    shown += [(code, title) for id_, code, title in rounds if id_ in open_scopes]
    return {"role": [(str(name), ROLES[name]) for name in RoleName if may[name]], "round": shown}


def _role_words(w: WebWork) -> dict[int | None, object]:
    """Round id → how the scope of a role reads."""
    return {None: EVERY_ROUND, **{found.id: found.title for found in queries.rounds(w)}}


def _round_id(w: WebWork, code: str) -> int | None:
    if not code:
        return None
    found = next((found.id for found in queries.rounds(w) if found.code == code), None)
    if found is None:
        text = _("Choose a round from the list")
        raise Invalid(Problem("no_such_round", text, {"round": text}))
    return found


def _only_programme(w: WebWork) -> None:
    if problem := rules.runs_the_programme(w, None):
        raise Forbidden(problem)
