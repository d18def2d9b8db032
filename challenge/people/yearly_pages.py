"""Roles and seats that somebody else must confirm once a year."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from challenge.http.forms import Form
from challenge.http.pages import page, see_other
from challenge.http.sent import Sent
from challenge.http.work import WebWork, work
from challenge.kernel import proof
from challenge.kernel.errors import Invalid, Missing, Problem
from challenge.kernel.i18n import _, _n
from challenge.people import actions, directory, queries, rules, yearly
from challenge.people.paths import own_path
from challenge.people.schemas import Confirmations
from challenge.people.states import RoleName

router = APIRouter(include_in_schema=False)
NOTHING = Problem("nothing_chosen", _("Nothing was chosen. Go back and press the button beside a name."))


@router.get("/roles")
def index(request: Request) -> Response:
    """What the reader can confirm: what ends first, then what is suspended."""
    with work(request) as w:
        found, has_more = yearly.waiting(w)
        return page(
            w, "people/roles.html", due=[one for one in found if one.suspended_at is None],
            suspended=[one for one in found if one.suspended_at is not None], has_more=has_more,
            unproven=proof.missing(w), is_programme=rules.runs_the_programme(w, None) is None,
        )  # fmt: skip


@router.post("/roles")
def confirm(request: Request, sent: Sent) -> Response:
    """Confirm one, or all that were shown. What was taken away meanwhile is left out."""
    with work(request) as w:
        form = Form.sent(Confirmations, sent)
        if not form.valid:
            raise Invalid(NOTHING)
        count = sum(_confirm(w, key, alone=len(form.value.which) == 1) for key in form.value.which)
        said = _n("Confirmed for a year.", "%(n)s confirmed for a year.", count) if count else _(
            "Somebody else was faster: nothing was left to confirm.")  # fmt: skip
        return see_other(w, own_path(form.value.back, "/roles"), say=said, tone="success" if count else "info")


def _confirm(w: WebWork, key: str, *, alone: bool) -> bool:
    """Whether it was confirmed just now. Missing when it is not there and nothing else was asked for."""
    try:
        kind, *parts = key.split(".")
        if kind == "seat" and len(parts) == 2:  # noqa: PLR2004 -- a person and an organisation
            organisation = directory.organisation(w, parts[1])
            return actions.confirm_seat(w, organisation, directory.member(w, organisation, parts[0]))
        return _confirm_role(w, *parts)
    except Missing:
        if alone:
            raise
        return False


def _confirm_role(w: WebWork, person: str = "", name: str = "", round_code: str = "", *_more: str) -> bool:
    round_id = next((one.id for one in queries.rounds(w) if one.code == round_code), None)
    if name not in set(RoleName) or (round_code and round_id is None):
        raise Missing
    return actions.confirm_role(w, directory.person_by_code(w, person), RoleName(name), round_id)
