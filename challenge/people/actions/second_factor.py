"""The second factor: codes of an app, each once, and recovery codes for who has lost it. All of it with fresh proof."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

import pyotp
from sqlmodel import col, delete, select, update

from challenge.kernel import proof, sealing
from challenge.kernel.codes import new_code, read_code
from challenge.kernel.errors import Forbidden, Missing, Problem, Refused, TooMany
from challenge.kernel.i18n import Text, _, _n
from challenge.kernel.limits import wait_for
from challenge.kernel.work import Work
from challenge.people import factors, letters, queries, rules
from challenge.people.actions.limits import second_factor_limits
from challenge.people.actions.sign_in import create_session, end_sessions
from challenge.people.models import Authenticator, Passkey, Person, RecoveryCode
from challenge.people.queries import token_hash

PURPOSE = "authenticator"
STEP, DRIFT = 30, 1  # seconds of a code's time step; steps a clock may be off
DIGITS = 6
RECOVERY_CODES = 10


@dataclass(frozen=True, slots=True)
class NewApp:
    """What the app must be told, shown once: the secret, and the address a camera reads."""

    secret: str
    uri: str


def start_app(w: Work, issuer: str) -> NewApp:
    """Begin to set up an app; a beginning that was not confirmed is forgotten."""
    proof.demand(w)
    me = queries.person(w, w.actor.id)
    if factors.app(w, me.id) is not None:
        raise Refused(Problem("app_there", _("An app is set up already. Remove it first.")))
    w.session.exec(delete(Authenticator).where(col(Authenticator.person_id) == me.id))
    secret = pyotp.random_base32()
    sealed = sealing.seal(w.secret, PURPOSE, secret, owner=me.code)
    w.add(Authenticator(person_id=me.id, sealed_secret=sealed, started_at=w.now))
    return NewApp(secret, pyotp.TOTP(secret).provisioning_uri(name=me.email, issuer_name=issuer))


def confirm_app(w: Work, code: str) -> list[str] | None:
    """The first code shows that the app knows the secret: it counts now. None for a wrong code.

    Gives back new recovery codes, none when there are some. Other browsers are signed out.
    """
    proof.demand(w)
    me = queries.person(w, w.actor.id)
    count_try(w, me.id)
    begun = w.session.exec(select(Authenticator).where(Authenticator.person_id == me.id)).first()
    if begun is None or begun.confirmed_at is not None:
        raise Refused(Problem("app_not_begun", _("Begin again: there is no app to confirm.")))
    if not _take_code(w, me, begun, code):
        return None
    begun.confirmed_at = w.now
    w.session.flush()
    return added(w, me, "set_up_app", _("An app for codes was set up."))


def remove_app(w: Work, user_agent: str = "") -> str:
    """The app no longer counts. Every session ends; gives back the token of a new one here."""
    proof.demand(w)
    me = queries.person(w, w.actor.id)
    if factors.app(w, me.id) is None:
        raise Missing
    w.session.exec(delete(Authenticator).where(col(Authenticator.person_id) == me.id))
    return removed(w, me, "remove_app", _("The app for codes was removed."), user_agent)


def renew_recovery_codes(w: Work) -> list[str]:
    """Ten new codes; the old ones are worth nothing. They are shown once."""
    proof.demand(w)
    me = queries.person(w, w.actor.id)
    if not factors.are_set_up(w.session, me.id):
        raise Refused(Problem("no_second_factor", _("Set up an app or a passkey first.")))
    letters.second_factor_changed(w, me, _("New recovery codes were made."))
    w.note("person", me, "renew_recovery_codes")
    return _new_codes(w, me)


def reset_second_factor(w: Work, person: Person) -> None:
    """An administrator helps somebody who has lost everything: one factor signs in again, and every session ends."""
    if w.actor.kind != "system" and (problem := rules.is_administrator(w, person) or rules.is_oneself(w, person)):
        raise Forbidden(problem)
    proof.demand(w)
    w.session.exec(delete(Authenticator).where(col(Authenticator.person_id) == person.id))
    w.session.exec(delete(Passkey).where(col(Passkey.person_id) == person.id))
    w.session.exec(delete(RecoveryCode).where(col(RecoveryCode.person_id) == person.id))
    end_sessions(w, person.id)
    letters.second_factor_changed(w, person, _("An administrator has taken your second step away."))
    w.note("person", person, "reset_second_factor")


def count_try(w: Work, person_id: int) -> None:
    """Count a try of this person's second factor. Raises TooMany."""
    if seconds := wait_for(w, second_factor_limits(person_id)):
        minutes = -(-seconds // 60)
        text = _n("Too many tries. Wait one minute.", "Too many tries. Wait %(n)s minutes.", minutes)
        raise TooMany(Problem("too_many_tries", text), seconds)


def matches(w: Work, owner: Person, typed: str) -> bool:
    """Whether this is a code of the person's app, or a recovery code, that was not used before. It is used up now."""
    typed = "".join(typed.split())
    if len(typed) == DIGITS and typed.isdecimal():
        app = factors.app(w, owner.id)
        return app is not None and _take_code(w, owner, app, typed)
    return _take_recovery_code(w, owner, typed)


def added(w: Work, me: Person, act: str, what: Text) -> list[str]:
    """After a factor came: other sessions end, the person is told; recovery codes when there are none."""
    end_sessions(w, me.id, but=w.actor.session_id)
    letters.second_factor_changed(w, me, what)
    w.note("person", me, act)
    return [] if factors.of(w, me.id).codes_left else _new_codes(w, me)


def removed(w: Work, me: Person, act: str, what: Text, user_agent: str) -> str:
    """After a factor went: sessions end, the person is told; recovery codes go with the last one."""
    if not factors.are_set_up(w.session, me.id):
        w.session.exec(delete(RecoveryCode).where(col(RecoveryCode.person_id) == me.id))
    end_sessions(w, me.id)
    letters.second_factor_changed(w, me, what)
    w.note("person", me, act)
    return create_session(w, me.id, user_agent)


def _take_code(w: Work, owner: Person, app: Authenticator, code: str) -> bool:
    """Compare with the codes of now and one step around; a code counts once, also when many come at the same time."""
    secret = sealing.unseal(w.secrets, PURPOSE, app.sealed_secret, owner=owner.code)
    totp = pyotp.TOTP(secret)
    now = int(w.now.timestamp()) // STEP
    steps = [step for step in range(now - DRIFT, now + DRIFT + 1) if hmac.compare_digest(totp.generate_otp(step), code)]
    if not steps:
        return False
    taken = w.session.exec(
        update(Authenticator)
        .where(col(Authenticator.id) == app.id, col(Authenticator.last_step) < steps[-1])
        .values(last_step=steps[-1], sealed_secret=sealing.seal(w.secret, PURPOSE, secret, owner=owner.code))
        .execution_options(synchronize_session=False)
    )
    return taken.rowcount == 1


def _take_recovery_code(w: Work, owner: Person, typed: str) -> bool:
    taken = w.session.exec(
        update(RecoveryCode)
        .where(
            col(RecoveryCode.person_id) == owner.id, col(RecoveryCode.used_at).is_(None),
            col(RecoveryCode.code_hash) == token_hash(read_code(typed)),
        )
        .values(used_at=w.now)
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    if taken.rowcount != 1:
        return False
    letters.second_factor_changed(w, owner, _("A recovery code was used."))
    w.note("person", owner, "use_recovery_code")
    return True


def _new_codes(w: Work, owner: Person) -> list[str]:
    """Ten codes of 120 bits: of so many a plain hash is enough to keep (ASVS 6.5.2)."""
    w.session.exec(delete(RecoveryCode).where(col(RecoveryCode.person_id) == owner.id))
    codes = [new_code() + new_code() + new_code() for _number in range(RECOVERY_CODES)]
    w.session.add_all(RecoveryCode(person_id=owner.id, code_hash=token_hash(code), made_at=w.now) for code in codes)
    w.session.flush()
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]
