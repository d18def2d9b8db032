"""Whose account of elsewhere is whose, and which waits to be linked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, or_, select

from challenge.kernel.work import Work
from challenge.people.oidc.models import OidcFlow, OidcIdentity
from challenge.people.oidc.providers import Provider
from challenge.people.oidc.tokens import Found
from challenge.people.queries import token_hash

OFFERED = timedelta(minutes=30)  # how long an account waits to be linked


@dataclass(frozen=True, slots=True)
class Linked:
    """An account of elsewhere that signs the actor in; ``provider`` is None where it is no longer configured."""

    code: str
    provider: Provider | None
    label: str
    linked_at: datetime
    used_at: datetime | None


def known(w: Work, found: Found) -> OidcIdentity | None:
    """The identity of this issuer and subject."""
    wanted = select(OidcIdentity).where(OidcIdentity.issuer == found.issuer, OidcIdentity.subject == found.subject)
    return w.session.exec(wanted).first()


def offered(w: Work, browser: str) -> OidcFlow | None:
    """The account that came back to this browser last and is not linked yet, when the actor may link it."""
    wanted = (
        select(OidcFlow)
        .where(
            OidcFlow.browser_hash == token_hash(browser), col(OidcFlow.subject).is_not(None),
            col(OidcFlow.taken_at) > w.now - OFFERED,
            or_(col(OidcFlow.person_id).is_(None), col(OidcFlow.person_id) == w.actor.id),
        )
        .order_by(col(OidcFlow.taken_at).desc(), col(OidcFlow.id).desc())
    )  # fmt: skip
    return w.session.exec(wanted).first()


def linked(w: Work, providers: Mapping[str, Provider]) -> list[Linked]:
    """The actor's linked accounts, oldest first."""
    by_issuer = {provider.issuer: provider for provider in providers.values()}
    wanted = select(OidcIdentity).where(OidcIdentity.person_id == w.actor.id).order_by(col(OidcIdentity.id))
    return [
        Linked(row.code, by_issuer.get(row.issuer), row.label, row.created_at or w.now, row.used_at)
        for row in w.session.exec(wanted)
    ]
