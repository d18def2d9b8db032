"""Money of pilots in JSON, for those inside: the ledger, tranches, claims, change requests."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from challenge.http.api import PREFIX, PROBLEMS, add_api, check_if_match, once, one
from challenge.http.files_api import add_file_api
from challenge.http.work import work
from challenge.kernel.errors import Missing
from challenge.kernel.work import Work
from challenge.people.queries import organisations
from challenge.pilots import content
from challenge.pilots import queries as pilots
from challenge.pilots.money import actions, ledger, queries
from challenge.pilots.money.changes import columns_of
from challenge.pilots.money.schemas import ChangeIn, ClaimIn, DatesIn, MembersIn, MoneyIn, ScopeIn
from challenge.pilots.money.states import ChangeKind
from challenge.pilots.pages.changes import ACTS as CHANGES
from challenge.pilots.pages.claims import ACTS as CLAIMS
from challenge.pilots.pages.claims import DRAFTS, editable
from challenge.pilots.pages.tranches import ACTS as TRANCHES

if TYPE_CHECKING:
    from challenge.pilots.models import Pilot, Tranche
    from challenge.pilots.money.models import ChangeRequest, Claim

TAG = "pilots"
PATH = f"{PREFIX}/pilots/{{code}}"
router = APIRouter()


class LineOut(BaseModel):
    """What a partner may spend in a category, and has."""

    partner: str
    category: str | None
    planned_cents: int
    paid_cents: int | None
    waiting_cents: int
    accepted_cents: int


class PostingOut(BaseModel):
    """Cents on an account; those of one entry add up to nothing."""

    entry: str
    kind: str
    booked_on: date
    note: str
    account: str
    partner: str
    category: str | None
    cents: int


class LedgerOut(BaseModel):
    """The budget by partner and category, and every posting, the newest entry first."""

    award_cents: int | None
    lines: list[LineOut]
    postings: list[PostingOut]


class TrancheOut(BaseModel):
    """A payment, or what is to be paid back."""

    code: str
    version: int
    label: str
    state: str
    cents: int
    due_on: date
    paid_on: date | None
    payee: str | None
    recovers_from: str | None


class ClaimOut(BaseModel):
    """What a partner spent."""

    code: str
    version: int
    state: str
    partner: str
    answers: dict[str, Any]
    category: str | None
    cents: int | None
    currency: str
    rate: Decimal | None
    rate_on: date | None
    rate_source: str
    points: str


class AnswersIn(BaseModel):
    """Answers that change."""

    model_config = ConfigDict(extra="forbid")

    answers: dict[str, Any] = Field(max_length=60)


class ChangeOut(BaseModel):
    """What is to be otherwise."""

    code: str
    version: int
    kind: str
    state: str
    reason: str
    ends_on: date | None
    scope: str
    cents: int | None
    by_two: bool
    answer: str


class TranchesOut(BaseModel):
    """The tranches of a pilot, by date."""

    items: list[TrancheOut]


class ClaimsOut(BaseModel):
    """The claims of a pilot, the newest first."""

    items: list[ClaimOut]


class ChangesOut(BaseModel):
    """The change requests of a pilot, the newest first."""

    items: list[ChangeOut]


@router.get(f"{PATH}/ledger", tags=[TAG], response_model=LedgerOut, responses=PROBLEMS)
def show_ledger(request: Request, code: str) -> Response:
    """The ledger of a pilot."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        lines = [
            LineOut(
                partner=row.code, category=line.category, planned_cents=line.planned, paid_cents=line.paid,
                waiting_cents=line.waiting, accepted_cents=line.accepted,
            )
            for row in queries.burn(w, pilot) for line in (row.total, *row.lines)
        ]  # fmt: skip
        postings = [PostingOut.model_validate(row, from_attributes=True) for row in queries.entries(w, pilot)]
        return _json(LedgerOut(award_cents=ledger.awarded(w, pilot), lines=lines, postings=postings))


@router.get(f"{PATH}/tranches", tags=[TAG], response_model=TranchesOut, responses=PROBLEMS)
def tranches(request: Request, code: str) -> Response:
    """The tranches of a pilot."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        return _json(TranchesOut(items=[_tranche(w, row) for row in content.tranches(w, pilot)]))


@router.get(f"{PATH}/claims", tags=[TAG], response_model=ClaimsOut, responses=PROBLEMS)
def claims(request: Request, code: str) -> Response:
    """The claims of a pilot."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        return _json(ClaimsOut(items=[_claim(w, row) for row in queries.claims(w, pilot)]))


@router.post(f"{PATH}/claims", tags=[TAG], status_code=201, response_model=ClaimOut, responses=PROBLEMS)
def start_claim(request: Request, code: str, given: ClaimIn) -> Response:
    """Begin a claim of a partner."""
    with work(request) as w:

        def act() -> Response:
            pilot = pilots.whole(w, code)
            partner = next((row for row in queries.partners(w, pilot).values() if row.code == given.partner), None)
            if partner is None:
                raise Missing
            made = actions.start_claim(w, pilot, partner, given.answers)
            return one(request, made, _claim(w, made), status=201, location=f"{PREFIX}/claims/{made.code}")

        return once(w, given, act)


@router.get(f"{PREFIX}/claims/{{code}}", tags=[TAG], response_model=ClaimOut, responses=PROBLEMS)
def show_claim(request: Request, code: str) -> Response:
    """A claim."""
    with work(request) as w:
        found = queries.claim(w, code)
        return one(request, found, _claim(w, found))


@router.patch(f"{PREFIX}/claims/{{code}}", tags=[TAG], response_model=ClaimOut, responses=PROBLEMS)
def write_claim(request: Request, code: str, given: AnswersIn) -> Response:
    """Change answers of a claim that is not handed in."""
    with work(request) as w:
        found = editable(w, code)
        check_if_match(request, found)
        actions.write_claim(w, found, given.answers)
        w.session.flush()
        return one(request, found, _claim(w, found))


@router.get(f"{PATH}/changes", tags=[TAG], response_model=ChangesOut, responses=PROBLEMS)
def changes(request: Request, code: str) -> Response:
    """The change requests of a pilot."""
    with work(request) as w:
        pilot = pilots.whole(w, code)
        return _json(ChangesOut(items=[_change(row) for row in queries.changes(w, pilot)]))


@router.post(f"{PATH}/changes/dates", tags=[TAG], status_code=201, response_model=ChangeOut, responses=PROBLEMS)
def ask_dates(request: Request, code: str, given: DatesIn) -> Response:
    """Ask for other dates."""
    return _ask(request, code, ChangeKind.DATES, given)


@router.post(f"{PATH}/changes/money", tags=[TAG], status_code=201, response_model=ChangeOut, responses=PROBLEMS)
def ask_money(request: Request, code: str, given: MoneyIn) -> Response:
    """Ask to move money; a line is ``partner:category``."""
    return _ask(request, code, ChangeKind.MONEY, given)


@router.post(f"{PATH}/changes/scope", tags=[TAG], status_code=201, response_model=ChangeOut, responses=PROBLEMS)
def ask_scope(request: Request, code: str, given: ScopeIn) -> Response:
    """Ask for other work."""
    return _ask(request, code, ChangeKind.SCOPE, given)


@router.post(f"{PATH}/changes/members", tags=[TAG], status_code=201, response_model=ChangeOut, responses=PROBLEMS)
def ask_members(request: Request, code: str, given: MembersIn) -> Response:
    """Ask for other cities."""
    return _ask(request, code, ChangeKind.MEMBERS, given)


def _ask(request: Request, code: str, kind: ChangeKind, given: ChangeIn) -> Response:
    with work(request) as w:

        def act() -> Response:
            pilot: Pilot = pilots.whole(w, code)
            made = actions.ask_change(w, pilot, kind, columns_of(w, pilot, given))
            return one(request, made, _change(made), status=201)

        return once(w, given, act)


def _json(body: BaseModel) -> Response:
    return JSONResponse(body.model_dump(mode="json"))


def _tranche(w: Work, row: Tranche) -> TrancheOut:
    codes = {key: found.code for key, found in organisations(w, [row.payee_id, row.recovers_from_id]).items()}
    plain = {name: getattr(row, name) for name in ("code", "version", "label", "cents", "due_on", "paid_on")}
    return TrancheOut(
        **plain, state=str(row.state), payee=codes.get(row.payee_id or 0),
        recovers_from=codes.get(row.recovers_from_id or 0),
    )  # fmt: skip


def _claim(w: Work, row: Claim) -> ClaimOut:
    whose = organisations(w, [row.organisation_id])[row.organisation_id].code
    plain = {name: getattr(row, name) for name in ClaimOut.model_fields if name not in {"partner", "state"}}
    return ClaimOut(**plain, state=str(row.state), partner=whose)


def _change(row: ChangeRequest) -> ChangeOut:
    plain = {name: getattr(row, name) for name in ChangeOut.model_fields if name not in {"kind", "state"}}
    return ChangeOut(**plain, kind=str(row.kind), state=str(row.state))


add_api(router, TRANCHES, TAG)
add_api(router, CLAIMS, TAG)
add_api(router, CHANGES, TAG)
add_file_api(router, DRAFTS, TAG)
