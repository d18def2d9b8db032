"""“Needs you” for those who run a round: second keys, checks, decisions, what is late, what is blocked and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from challenge.home.pages.need import Need, by, since
from challenge.home.queries.asking import Asked
from challenge.home.queries.health import LATE
from challenge.home.queries.home import Home
from challenge.home.queries.programme import Glance
from challenge.jury.workflow import REVIEW
from challenge.kernel.i18n import Text, _, _n
from challenge.pilots.states import REPORT_KINDS, ReportKind
from challenge.pilots.workflow import PILOT
from challenge.proposals.states import ProposalState
from challenge.rounds.workflow import ROUND

S = ProposalState
Words = Callable[[Asked, Home], Need | None]
KEYS = {workflow.name: (workflow, f"/{workflow.name}s") for workflow in (ROUND, PILOT, REVIEW)}
SECOND_KEY = _("Second key")


def waiting(one: Asked, home: Home, what: Text, tag: Text, why: Text, path: str, tone: str = "sun") -> Need | None:
    """A count of a round; ``path`` names its code."""
    stand = home.stand(one.round_id)
    if stand is None:
        return None
    return Need(what, tag, tone, why, path.format(code=stand.code), since(one.at, stand))


# Second keys


def approval(one: Asked, home: Home) -> Need | None:
    """A colleague asks for a second person."""
    workflow, path = KEYS[one.extra or ""]
    label = next((row.label for row in workflow.rows if row.name == one.note), None)
    if label is None:
        return None
    why = _("A colleague asks to do this: %(act)s", act=label)
    href = f"{path}/{one.code}/transitions/{one.note}"
    return Need(one.title or "", SECOND_KEY, "sun", why, href, by(one.at, home.stand(one.round_id), home=home))


def announce(one: Asked, home: Home) -> Need:
    """A colleague asks to tell everybody."""
    why = _("A colleague asks to announce the outcomes to everybody")
    href = f"/rounds/{one.code}/announce"
    return Need(one.title or "", SECOND_KEY, "sun", why, href, by(one.at, home.stand(one.round_id), home=home))


def approve_outcomes(one: Asked, home: Home) -> Need | None:
    """Outcomes a colleague proposed."""
    what = _n("One outcome", "%(n)s outcomes", one.n)
    return waiting(one, home, what, SECOND_KEY, _("Proposed by a colleague: approve or not"), "/rounds/{code}/outcomes")


def to_announce(one: Asked, home: Home) -> Need | None:
    """Outcomes two people approved, and nobody else knows of."""
    what = _n("One outcome", "%(n)s outcomes", one.n)
    why = _("Approved: nobody is told before two coordinators announce")
    return waiting(one, home, what, _("To announce"), why, "/rounds/{code}/announce")


# Checks


def submitted(one: Asked, home: Home) -> Need | None:
    """Challenges nobody has looked at."""
    what = _n("One challenge", "%(n)s challenges", one.n)
    path = "/submissions?round={code}&state=submitted"
    return waiting(one, home, what, _("To review"), _("Submitted: start the review"), path)


def in_review(one: Asked, home: Home) -> Need | None:
    """Challenges to accept, send back or reject."""
    what = _n("One challenge", "%(n)s challenges", one.n)
    path = "/submissions?round={code}&state=in_review"
    return waiting(one, home, what, _("To decide"), _("In review: accept, send back or reject"), path)


def screen(one: Asked, home: Home) -> Need | None:
    """Ideas to check."""
    what = _n("One idea", "%(n)s ideas", one.n)
    return waiting(
        one, home, what, _("To screen"), _("Submitted: check the conditions"), "/proposals?round={code}&state=submitted"
    )


def conflicts(one: Asked, home: Home) -> Need | None:
    """Conflicts of interest to confirm or lift."""
    what = _n("One conflict of interest", "%(n)s conflicts of interest", one.n)
    return waiting(
        one, home, what, _("To decide"), _("Confirm or lift; until then they exclude"), "/rounds/{code}/conflicts"
    )


def late_reviews(one: Asked, home: Home) -> Need | None:
    """Reviews whose day has passed."""
    stand = home.stand(one.round_id)
    if stand is None:
        return None
    what = _n("One review", "%(n)s reviews", one.n)
    why = _("Not handed in: remind the juror or assign another")
    return Need(what, _("Late"), "rose", why, f"/rounds/{stand.code}/assignment", by(one.at, stand))


def questions(one: Asked, home: Home) -> Need | None:
    """Public questions."""
    what = _n("One question", "%(n)s questions", one.n)
    return waiting(one, home, what, _("To answer"), _("Asked in public: answer and publish"), "/questions")


def appeals(one: Asked, home: Home) -> Need | None:
    """Appeals."""
    what = _n("One appeal", "%(n)s appeals", one.n)
    return waiting(one, home, what, _("To hear"), _("Heard by somebody who took no part in the decision"), "/appeals")


# Pilots


def report_in(one: Asked, home: Home) -> Need:
    """A report to read."""
    why = _("%(report)s: accept it or send it back", report=REPORT_KINDS[ReportKind(one.note or "")])
    return Need(
        one.title or "", _("Report"), "sun", why, f"/reports/{one.code}", since(one.at, home.stand(one.round_id))
    )


def cure(one: Asked, home: Home) -> Need:
    """The time to find another city is over."""
    why = _("The time to find another city is over: resume, or terminate with a second person")
    return Need(
        one.title or "", _("Late"), "rose", why, f"/pilots/{one.code}",
        by(one.at, home.stand(one.round_id), home=home),
    )  # fmt: skip


def pair(one: Asked, home: Home) -> Need | None:
    """Accepted offers without a pilot."""
    what = _n("One selected proposal", "%(n)s selected proposals", one.n)
    return waiting(one, home, what, _("To pair"), _("The offer is accepted: prepare the pilot"), "/pilots/new")


WORDS: dict[str, Words] = {
    "approval": approval, "announce": announce, "approve_outcomes": approve_outcomes,
    "to_announce": to_announce,
    "submissions_submitted": submitted, "submissions_in_review": in_review, "screen": screen,
    "conflicts": conflicts, "late_reviews": late_reviews, "questions": questions, "appeals": appeals,
    "report_in": report_in, "cure": cure, "pair": pair,
}  # fmt: skip


# What the counts of a round ask for


def decisions(glance: Glance) -> Iterator[Need]:
    """Proposals ready for a decision, and those that are held up: by their panel, or by missing reviews."""
    if not glance.runs:
        return
    code, at_gates = glance.stand.code, (S.IN_REVIEW, S.SHORTLISTING)
    if ready := glance.ready(*at_gates):
        what = _n("One proposal", "%(n)s proposals", ready)
        yield Need(what, _("To decide"), "sun", _("At a gate, with every review they need"), f"/rounds/{code}/gates")
    if glance.decides and (ready := glance.ready(S.IN_JURY)):
        what = _n("One proposal", "%(n)s proposals", ready)
        yield Need(
            what, _("No outcome"), "sun", _("The reviews are in: propose an outcome"), f"/rounds/{code}/outcomes"
        )
    if apart := glance.apart(*at_gates, S.IN_JURY):
        what = _n("One proposal", "%(n)s proposals", apart)
        why = _("Marks are far apart: the panel agrees on a consensus before anything is decided")
        yield Need(what, _("Consensus"), "sun", why, f"/rounds/{code}/meeting")
    if blocked := glance.short(*at_gates, S.IN_JURY):
        what = _n("One proposal", "%(n)s proposals", blocked)
        why = _("Fewer reviews than the round’s rules ask for")
        yield Need(what, _("Blocked"), "rose", why, f"/rounds/{code}/assignment")


# What an administrator repairs


def repairs(home: Home) -> Iterator[Need]:
    """Letters and jobs that were given up, steps that nobody was told of."""
    it = home.upkeep
    if it is None:
        return
    counts, page = _("See the counts below"), "/home#upkeep"
    if it.letters_failed:
        yield Need(_n("One letter", "%(n)s letters", it.letters_failed), _("Given up"), "rose", counts, page)
    if it.jobs_failed:
        yield Need(_n("One job", "%(n)s jobs", it.jobs_failed), _("Given up"), "rose", counts, page)
    if it.oldest_untold is not None and home.now - it.oldest_untold >= LATE:
        what = _n("One step", "%(n)s steps", it.untold)
        why = _("Nobody has been told yet: do the background jobs run?")
        yield Need(what, _("Late"), "rose", why, page, by(it.oldest_untold + LATE, None, home=home))
