"""Why not: a refusal is a value with a reason, the same on a button, a page and in JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from challenge.kernel.i18n import Text, _


@dataclass(frozen=True, slots=True)
class Remedy:
    """Where a problem can be put right: a link's words and the path of its page (told where to come back to)."""

    text: Text
    path: str

    def href(self, back: str) -> str:
        """The address, with where to go on afterwards."""
        return f"{self.path}?next={quote(back, safe='')}"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something may not be done. ``code`` is for programs, ``text`` says what to do, ``fields`` by answer."""

    code: str
    text: Text
    fields: Mapping[str, Text] = field(default_factory=dict, hash=False)
    remedy: Remedy | None = None


class Refusal(Exception):  # noqa: N818 -- refusing is not an error of ours
    """Base of all answers of the kind "no, because"; carries its problem."""

    status = 400

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


class Refused(Refusal):
    """The record, its state or the clock does not allow it (409)."""

    status = 409


class Stale(Refused):
    """Somebody else was faster; nothing was changed (409)."""

    def __init__(self) -> None:
        super().__init__(
            Problem("stale", _("Somebody else changed this in the meantime. Nothing was lost: look again."))
        )


class Invalid(Refusal):
    """What was sent cannot be read as asked for (422); ``problem.fields`` says which answer and why."""

    status = 422


class Forbidden(Refusal):
    """The actor may see the record but not do this (403)."""

    status = 403


class SignInNeeded(Refusal):
    """Nobody is signed in (401)."""

    status = 401

    def __init__(self) -> None:
        super().__init__(Problem("sign_in_needed", _("Sign in to go on.")))


class SecondFactorNeeded(Forbidden):
    """What the person holds needs a second factor at sign-in, which must be set up first (403)."""

    def __init__(self) -> None:
        remedy = Remedy(_("Set up the second step"), "/account/second-factor")
        text = _("Your role needs a second step at sign-in. Set it up first; it takes two minutes.")
        super().__init__(Problem("second_factor_needed", text, remedy=remedy))


class Missing(Refusal):
    """No such thing, or none this actor may know of: the answer is the same (404)."""

    status = 404

    def __init__(self) -> None:
        super().__init__(Problem("missing", _("There is no such page, or it is not yours to see.")))


class TooMany(Refusal):
    """This was tried too often (429); ``retry_after`` seconds from now it may be tried again."""

    status = 429

    def __init__(self, problem: Problem, retry_after: int) -> None:
        super().__init__(problem)
        self.retry_after = retry_after


class Frozen(Refusal):
    """This part of the service is closed for a while (503); it may be open again in ``retry_after`` seconds."""

    status = 503

    def __init__(self, problem: Problem, retry_after: int) -> None:
        super().__init__(problem)
        self.retry_after = retry_after


class Busy(Refusal):
    """Too many are writing at this moment (503); try again shortly."""

    status = 503

    def __init__(self) -> None:
        super().__init__(Problem("busy", _("Many people are saving at this moment. Try again in a few seconds.")))
