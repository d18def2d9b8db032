"""One's own account: name, language, password, where one is signed in, tokens, seats offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http import language
from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel import proof
from challenge.kernel.errors import Missing
from challenge.kernel.i18n import LANGUAGES, _
from challenge.people import actions, directory, factors, leaked, noted, passwords, queries, rules, yearly
from challenge.people.browser import agent_of, ip_of, know_here, providers, readable, sign_in_here
from challenge.people.schemas import Account, NewPassword, NewToken
from challenge.people.standing import queries as standing
from challenge.people.states import SEATS

if TYPE_CHECKING:
    from challenge.people.models import Person

router = APIRouter(include_in_schema=False)
CHOICES = {"locale": list(LANGUAGES.items())}


@router.get("/account")
def show(request: Request) -> Response:
    """Everything about oneself."""
    with work(request) as w:
        return _account_page(w)


@router.post("/account")
def update(request: Request, sent: Sent) -> Response:
    """Name, language and the daily mail; the choice of the language counts in this browser too."""
    with work(request) as w:
        form = Form.sent(Account, sent, choices=CHOICES)
        if not form.valid:
            return _account_page(w, account=form)
        me, given = queries.person(w, w.actor.id), form.value
        actions.revise(w, me, given.name, given.locale, digest=given.digest)
        return language.choose(see_other(w, "/account", say=_("Saved.")), form.value.locale)


@router.get("/account/password")
def password(request: Request) -> Response:
    """Set or change the password."""
    with work(request) as w:
        return _password_page(w, Form(NewPassword))


@router.post("/account/password")
def set_password(request: Request, sent: Sent) -> Response:
    """Asks for the current one unless the sign-in is fresh; hashes outside of both units of work."""
    form = Form.sent(NewPassword, sent)
    settings = request.app.state.settings
    leak = leaked.problem(settings.leaked_passwords, form.value.password) if form.valid else None
    with work(request) as w:
        me, is_fresh = queries.person(w, w.actor.id), proof.is_fresh(w)
        if not is_fresh and not _may_type_it(w, me):
            proof.demand(w)
        if form.valid and (problem := passwords.weakness(form.value.password, [me.name, me.email]) or leak):
            form.say_problem(problem)
        if not is_fresh and not form.data.get("current"):
            form.say("current", _("Enter your current password, or sign in again by a link first."))
        if not form.valid:
            return _password_page(w, form)
        found = None if is_fresh else actions.own_candidate(w, ip_of(request))
    right = found is None or passwords.matches(found.kept, form.value.current)
    kept = passwords.hashed(form.value.password) if right else ""
    with work(request) as w:
        if not right:
            noted.turned_away("password", w.actor.code)
            form.say("current", _("This is not your current password."))
            return _password_page(w, form)
        token = actions.set_password(w, kept, agent_of(request))
        said = _("The password is set. You are signed out everywhere else.")
        return sign_in_here(w, see_other(w, "/account", say=said), token)


@router.post("/account/sessions/end")
def end_others(request: Request) -> Response:
    """Sign out everywhere else."""
    with work(request) as w:
        actions.end_sessions(w, w.actor.id, but=w.actor.session_id)
        return know_here(w, see_other(w, "/account", say=_("You are signed out everywhere else.")))


@router.post("/account/sessions/{handle}/end")
def end_session(request: Request, handle: str) -> Response:
    """Sign one other browser out."""
    with work(request) as w:
        actions.end_own_session(w, _handle(handle))
        return see_other(w, "/account", say=_("That browser is signed out."))


@router.post("/account/tokens")
def create_token(request: Request, sent: Sent) -> Response:
    """Make a token; its secret is on the page that answers, and nowhere else."""
    with work(request) as w:
        form = Form.sent(NewToken, sent)
        if not form.valid:
            return _account_page(w, token=form)
        me = queries.person(w, w.actor.id)
        secret = actions.create_token(w, me.id, form.value.name, form.value.days)
        return page(w, "people/token.html", name=form.value.name, days=form.value.days, secret=secret)


@router.post("/account/tokens/{handle}/end")
def end_token(request: Request, handle: str) -> Response:
    """A program loses its access."""
    with work(request) as w:
        actions.end_own_token(w, _handle(handle))
        return see_other(w, "/account", say=_("The token is ended."))


@router.post("/invitations/{code}/accept")
def accept(request: Request, code: str) -> Response:
    """Take the seat offered."""
    with work(request) as w:
        offered = directory.offer(w, code)
        actions.accept_seat(w, offered)
        organisation = queries.organisations(w, [offered.organisation_id])[offered.organisation_id]
        said = _("You have a seat in %(organisation)s.", organisation=organisation.name)
        return see_other(w, f"/organisations/{organisation.code}", say=said)


@router.post("/invitations/{code}/decline")
def decline(request: Request, code: str) -> Response:
    """Leave it."""
    with work(request) as w:
        actions.decline_seat(w, directory.offer(w, code))
        return see_other(w, "/account", say=_("You declined the invitation."))


def _handle(text: str) -> str:
    if len(text) != directory.HANDLE:
        raise Missing
    return text


def _account_page(w: WebWork, *, account: Form[Account] | None = None, token: Form[NewToken] | None = None) -> Response:
    me = queries.person(w, w.actor.id)
    wrong = account or token
    return page(
        w, "people/account.html", status=422 if wrong else 200, wrong=wrong, me=me,
        account=account or Form(Account, said_of(me), choices=CHOICES),
        token=token or Form(NewToken, {"days": 90}),
        offers=[(offered, organisation, SEATS[offered.seat]) for offered, organisation in directory.offers_to(w)],
        held=yearly.of_person(w, me.id), stand_ins=standing.of_person(w, me.id), now=w.now,
        sessions=directory.sessions(w), tokens=directory.tokens(w),
        readable=readable, unproven=proof.missing(w), factors=factors.of(w, me.id),
        is_advised=rules.has_guarded_role(w.actor), providers=list(providers(w.request).values()),
    )  # fmt: skip


def said_of(me: Person) -> dict[str, object]:
    """What one says about oneself, as it is kept."""
    return {"name": me.name, "locale": me.locale, "digest": me.digest_off_at is None}


def _may_type_it(w: WebWork, me: Person) -> bool:
    """Whether the current password is proof enough: not where a second factor is set up, nor where there is none."""
    return me.password_hash is not None and not factors.are_set_up(w.session, me.id)


def _password_page(w: WebWork, form: Form[NewPassword]) -> Response:
    me = queries.person(w, w.actor.id)
    return page(
        w, "people/password.html", status=422 if form.show_errors else 200, form=form, me=me,
        unproven=proof.missing(w), has_password=me.password_hash is not None,
        may_type_it=_may_type_it(w, me),
    )  # fmt: skip
