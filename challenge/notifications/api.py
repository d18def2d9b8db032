"""The rehearsal of an announcement in JSON, for those who decide and those who observe."""

from __future__ import annotations

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from challenge.http.api import PREFIX, PROBLEMS
from challenge.http.work import work
from challenge.notifications.rehearsal import Rehearsal, Told, rehearse
from challenge.selection import queries
from challenge.selection.queries import Held

router = APIRouter()


class MailOut(BaseModel):
    """A mail as it would leave now, in its reader's language."""

    person: str
    name: str
    language: str
    subject: str
    text: str


class ToldOut(BaseModel):
    """An outcome that would be told, and to whom. Of a proposal one has a conflict with only the number of mails."""

    outcome: str | None
    proposal: str | None
    verdict: str | None
    amount_cents: int | None
    reserve_rank: int | None
    mail_count: int
    mails: list[MailOut]


class HeldOut(BaseModel):
    """A proposal the announcement goes on without, and why."""

    proposal: str | None
    outcome: str | None
    why: str | None


class CheckOut(BaseModel):
    """One thing that is checked beforehand."""

    key: str
    holds: bool
    text: str
    lines: list[str]


class KindOut(BaseModel):
    """How many mails of a kind leave in a language."""

    verdict: str
    language: str
    count: int


class RehearsalOut(BaseModel):
    """What announcing would do now. ``batch`` names it: the announcement is asked for with it. Money in cents."""

    batch: str
    budget: int | None
    bound: int
    left: int | None
    mail_count: int
    kinds: list[KindOut]
    told: list[ToldOut]
    held: list[HeldOut]
    checks: list[CheckOut]


@router.get(
    f"{PREFIX}/rounds/{{code}}/announce/preview", tags=["outcomes"], response_model=RehearsalOut, responses=PROBLEMS
)
def preview(request: Request, code: str) -> Response:
    """Every mail, the money and the places after, what is held back; nothing is written."""
    with work(request) as w:
        found = rehearse(w, queries.inside(w, code), request.app.state.settings.public_url)
        return JSONResponse(shown(found).model_dump(mode="json"))


def shown(found: Rehearsal) -> RehearsalOut:
    """The rehearsal as JSON."""
    batch = found.batch
    return RehearsalOut(
        batch=batch.digest, budget=batch.budget, bound=batch.bound, left=batch.left, mail_count=found.count,
        kinds=[
            KindOut(verdict=str(verdict), language=language, count=number)
            for verdict, counted in found.kinds() for language, number in sorted(counted.items())
        ],
        told=[_told(one) for one in found.told],
        held=[_held(one) for one in batch.held],
        checks=[
            CheckOut(key=one.key, holds=one.holds, text=str(one.text), lines=[str(line) for line in one.lines])
            for one in found.checks
        ],
    )  # fmt: skip


def _held(one: Held) -> HeldOut:
    if one.is_hidden:
        return HeldOut(proposal=None, outcome=None, why=None)
    return HeldOut(
        proposal=one.proposal.code, outcome=one.outcome.code if one.outcome else None, why=str(one.why)
    )  # fmt: skip


def _told(one: Told) -> ToldOut:
    item = one.item
    if item.is_hidden:
        return ToldOut(
            outcome=None, proposal=None, verdict=None, amount_cents=None, reserve_rank=None,
            mail_count=len(one.mails), mails=[],
        )  # fmt: skip
    mails = [
        MailOut(person=mail.person.code, name=mail.person.name, language=mail.person.locale, subject=mail.subject,
                text=mail.text)
        for mail in one.mails
    ]  # fmt: skip
    return ToldOut(
        outcome=item.outcome.code, proposal=item.proposal.code, verdict=str(item.outcome.verdict),
        amount_cents=item.outcome.amount_cents, reserve_rank=item.outcome.reserve_rank, mail_count=len(mails),
        mails=mails,
    )  # fmt: skip
