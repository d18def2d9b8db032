"""``with work(request) as w``: one thread, one transaction, one actor, committed before the response."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from fastapi import Request
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from challenge.http import watch
from challenge.http.lanes import is_submit
from challenge.http.language import language_of
from challenge.http.rates import LOOKING_UP
from challenge.kernel import late, sight
from challenge.kernel.actor import NOBODY, Actor
from challenge.kernel.constraints import problem_of
from challenge.kernel.errors import Forbidden, Missing, Refused, SecondFactorNeeded, SignInNeeded, Stale
from challenge.kernel.i18n import speaking
from challenge.kernel.late import TooLate
from challenge.kernel.place import place_of
from challenge.kernel.work import Work
from challenge.policy import routes

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class WebWork(Work):
    """Work of one request."""

    def __init__(self, session: Session, actor: Actor, now: datetime, request: Request) -> None:
        settings = request.app.state.settings
        super().__init__(session, actor, now, settings.secret, settings.previous_secrets)
        self.request = request


@contextmanager
def work(request: Request, *, writing: bool | None = None) -> Iterator[WebWork]:
    """Open the unit of work of this request, for whom the policy lets in (challenge/policy).

    Hash, read files and run solvers outside of it: others wait for the write lock (design.md §9).
    """
    state = request.app.state
    writing = request.method not in SAFE if writing is None else writing
    patient = is_submit(request.url.path)
    _count_look_up(request)
    with _in_words(), _watching(request), state.database.session(writing=writing, patient=patient) as session:
        actor = state.identify(session, request)
        request.state.actor = actor
        with speaking(language_of(request, actor)):
            route = (request.method, request.scope["route"].path)
            if not routes.lets_in(*route, signed_in=actor.signed_in):
                raise SignInNeeded
            if actor.must_set_up and not routes.is_for_entering(*route):
                raise SecondFactorNeeded
            _count_search(request, actor)
            state.freezes.check(session, request.method, request.url.path, request.state.received_at)
            w = WebWork(session, actor, request.state.received_at, request)
            w.known = None if writing else {}
            yield w
            w.finish()
            session.commit()
    if w.seen:  # in a unit of its own: a reading one cannot
        sight.keep(state.database, actor.id, request.state.received_at, w.seen)
    if (session_id := getattr(request.state, "session_to_mark", None)) is not None:  # in a unit of its own
        request.state.session_to_mark = None
        state.mark_seen(state.database, session_id, request.state.received_at)


def _count_look_up(request: Request) -> None:
    """In a unit of work before the request's own, so that what is refused or not there counts too."""
    if (request.method, request.scope["route"].path) not in LOOKING_UP:
        return
    state = request.app.state
    with state.database.session(writing=False) as session:
        request.state.actor = actor = state.identify(session, request)
    if actor.id is not None:
        state.look_up(state.database, actor.id, request.state.received_at)


def _count_search(request: Request, actor: Actor) -> None:
    if request.method in SAFE and request.query_params.get("q", "").strip():
        place = place_of(request.client.host) if request.client else ""
        asker = f"person {actor.id}" if actor.signed_in else place
        request.app.state.searches.note(asker, request.state.received_at)


@contextmanager
def _watching(request: Request) -> Iterator[None]:
    """Count what the person was refused or read: too much is told, what came too late kept, in units of their own."""
    denied = False
    try:
        yield
    except (Missing, Forbidden):
        denied = True
        raise
    except TooLate as refusal:
        state = request.app.state
        late.keep(state.database, request.state.actor, request.state.received_at, refusal.attempt)
        raise
    finally:
        state, actor = request.app.state, getattr(request.state, "actor", NOBODY)
        kind = watch.kind_of(request.scope["route"].path, denied=denied)
        if actor.id is not None and kind is not None:
            now = request.state.received_at
            if count := state.watch.note(actor.id, kind, request.url.path, now):
                state.alarm(state.database, actor.id, kind, count, now)


@contextmanager
def _in_words() -> Iterator[None]:
    """What the database refuses becomes a reason people can read."""
    try:
        yield
    except StaleDataError as error:
        raise Stale from error
    except (IntegrityError, OperationalError) as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise Refused(problem) from error
