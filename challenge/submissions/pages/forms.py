"""How submissions are found, fired, written and shown: what the pages written once for all workflows ask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from challenge.http.drafts import Drafts
from challenge.http.templates import Deadline
from challenge.http.transitions import Acts
from challenge.kernel import attachment
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.people.queries import names
from challenge.rounds.queries import deadline, get
from challenge.submissions import actions, queries, rules
from challenge.submissions.schemas import PARTS, ChallengeForm
from challenge.submissions.workflow import SUBMISSION


def zone_of(w: Work, submission: Any) -> str:
    """The time zone of its round."""
    return get(w, submission.round_id).zone


def clock(w: Work, due: Any, ahead: Text, over: Text) -> Deadline | None:
    """A deadline as people need it; None where there is none."""
    if due is None:
        return None
    label = ahead if w.now < due.at else over
    return Deadline(str(label), due.at, due.zone, w.now, due.grace_seconds)


def due_clock(w: Work, submission: Any) -> Deadline | None:
    """When this submission is due, its own extension included."""
    due = deadline(w, get(w, submission.round_id), rules.WINDOW, submission, rules.WORKFLOW)
    if due is not None and due.extended:
        return clock(w, due, _("Yours is due"), _("Yours was due"))
    return clock(w, due, _("Challenges close"), _("Challenges closed"))


def _context(w: Work, submission: Any) -> Mapping[str, Any]:
    """More names for the pages that edit and check."""
    city = rules.city_of(w, submission)
    return {
        "deadline": due_clock(w, submission),
        "city": city.name if city else "",
        "files": attachment.of(w, rules.WORKFLOW, submission.code),
        "preview": queries.view(w, submission),
        "theme_titles": dict(rules.choices(w, submission)["themes"]),
        "returned": queries.said_with(w, submission, "send_back") if submission.state == "returned" else {},
        "zone": zone_of(w, submission),
    }


ACTS = Acts(
    workflow=SUBMISSION,
    noun="submissions",
    find=queries.visible,
    fire=actions.fire,
    show=lambda submission: f"/submissions/{submission.code}",
    title=lambda submission: str(submission.title),
    zone=zone_of,
)
DRAFTS = Drafts(
    acts=ACTS,
    model=lambda _w, _submission: ChallengeForm,
    editable=queries.editable,
    revise=actions.revise,
    names_of=names,
    parts=PARTS,
    choices=rules.choices,
    context=_context,
    discusses=rules.belongs_to_the_city,
    edit_template="submissions/edit.html",
    check_template="submissions/check.html",
)
