"""What the pages of a pilot's own people have in common: finding it, and forms that come back with what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel
from starlette.responses import Response

from challenge.http.forms import Choices, Form
from challenge.http.pages import page, see_other
from challenge.http.sent import SentBody
from challenge.http.work import WebWork
from challenge.kernel.errors import Forbidden, Invalid, Problem, Refused, Stale
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.people.rules import Rule
from challenge.pilots.rules import has_not_ended

if TYPE_CHECKING:
    from challenge.pilots.models import Pilot

M = TypeVar("M", bound=BaseModel)


def permit(w: Work, record: Any, who: Rule) -> None:
    """Show a form only to who may send it. Raises Forbidden."""
    if problem := who(w, record):
        raise Forbidden(problem)


def same_version(record: Any, sent: SentBody) -> None:
    """The form was made from the record as it is. Raises Stale."""
    if sent.version is not None and sent.version != record.version:
        raise Stale


def form_page(
    w: WebWork, pilot: Pilot, form: Form[Any], heading: Text, url: str, back: str, *, status: int = 200, **more: Any
) -> Response:
    """A form about the pilot; ``version`` is that of the record it changes, None where it makes a new one.

    Of a pilot that has ended no form is shown but those of what goes on (``after_end``). Raises Refused.
    """
    if not more.pop("after_end", False) and (problem := has_not_ended(w, pilot)) is not None:
        raise Refused(problem)
    names = {"button": _("Save"), "note": "", "drop_url": "", "drop_label": "", "version": pilot.version, **more}
    return page(
        w, "pilots/form.html", status=status, pilot=pilot, form=form, heading=heading, url=url, back=back, **names
    )


def take(
    w: WebWork,
    pilot: Pilot,
    sent: SentBody,
    model: type[M],
    act: Callable[[M], object],
    *,
    heading: Text,
    url: str,
    back: str,
    say: Text,
    choices: Mapping[str, Choices] | None = None,
    of: Any = None,
    **more: Any,
) -> Response:
    """Do what the form asks for, or show it again with what is wrong, at the answers it is about.

    ``of`` is the record it changes, where that has a version of its own.
    """
    if of is not None:
        more["version"] = of.version
    same_version(of or pilot, sent)
    form = Form.sent(model, sent, choices=choices)
    if form.valid:
        try:
            act(form.value)
        except Invalid as error:
            form.say_problem(error.problem)
        else:
            return see_other(w, back, say=say)
    return form_page(w, pilot, form, heading, url, back, status=422, **more)


def reason(problem: Problem | None) -> str:
    """Why not, in words; empty when nothing stands in the way."""
    return str(problem.text) if problem is not None else ""
