"""How proposals are found, fired, written and shown: what the pages written once for all workflows ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from challenge.http.conflicts import said
from challenge.http.drafts import Drafts
from challenge.http.templates import Deadline
from challenge.http.transitions import Acts, Button, buttons
from challenge.http.work import WebWork
from challenge.kernel import attachment
from challenge.kernel.i18n import Text, _
from challenge.kernel.work import Work
from challenge.people.queries import names
from challenge.proposals import actions, content, facts, queries, rules
from challenge.proposals.asks import POINTS
from challenge.proposals.pages.tables import KINDS, cells_of, lists_of, rows_of, time_plan
from challenge.proposals.schemas import FORMS, PARTS
from challenge.proposals.states import EDITABLE, LABELS
from challenge.proposals.workflow import PROPOSAL
from challenge.rounds.queries import deadline, get
from challenge.rounds.states import CLOSES

NOUN = "proposals"
# Steps that are shown only when they can be taken: their time comes rarely.
RARE = frozenset({"lapse", "expire", "merge", "reinstate"})
CONTENT: Mapping[str, Text] = {
    "title": _("Title"),
    "summary": _("Summary"),
    "size_class": _("Size of the pilot"),
    "months": _("Length in months"),
    "challenges": _("Challenges"),
    "cities": _("Partner cities"),
    "budget": _("Budget"),
    "own_shares": _("Own shares"),
    "files": _("Files"),
}
AMONG_THEMSELVES = ("add_task", "assign_task", "mention")  # of the team: cities and coordinators read the timeline too
TOLD: Mapping[str, Text] = {
    "invite_member": _("Somebody was invited to the team"),
    "accept_invitation": _("Joined the team"),
    "decline_invitation": _("Did not join the team"),
    "remove_member": _("Somebody was taken out of the team"),
    "leave_team": _("Left the team"),
    "change_role": _("A role in the team was changed"),
    "hand_over": _("The lead was handed over"),
    "carried_from": _("Carried on from an earlier round"),
    "join": _("Joined the team with a merged proposal"),
    "open_reaction": _("Comments of the jury opened to the team"),
    "react": _("Comments of the jury answered"),
    "ask_city": _("Partner city added"),
    "join_city": _("A city accepted the invitation and is a partner now"),
    "invite_city": _("A city was invited"),
    "change_city_role": _("Role of a partner city changed"),
    "remove_city": _("The team goes on without a city"),
    "leave": _("A partner city left"),
    "set_budget": _("Budget changed"),
    "answer_challenge": _("Challenge added"),
    "drop_challenge": _("Challenge dropped"),
    "rate": _("A city rated the idea"),
    "ask_to_merge": _("Asked to merge into another proposal"),
    "agree_to_merge": _("The other lead agreed to merge"),
    "call_merge_off": _("The merger was called off"),
    "follow_rules": _("Gates follow the amended rules"),
    "go_on_without_challenge": _("Goes on without a challenge"),
    "city_asked": _("A city was asked for its commitment"),
    "city_signed": _("A city signed"),
    "city_decided": _("A city recorded its formal decision"),
    "city_withdrew": _("A city withdrew its commitment"),
    "signatures_void": _("Changed: signatures no longer count"),
}


def zone_of(w: Work, proposal: Any) -> str:
    """The time zone of its round."""
    return get(w, proposal.round_id).zone


def due_clock(w: Work, proposal: Any) -> Deadline | None:
    """When the gate's form is due, this proposal's own extension included."""
    window = rules.window_of(proposal)
    due = deadline(w, get(w, proposal.round_id), window, proposal, content.WORKFLOW)
    if due is None:
        return None
    label = _("Yours is due") if due.extended else CLOSES[window]
    return Deadline(str(label), due.at, due.zone, w.now, due.grace_seconds)


def answers_by_part(w: Work, proposal: Any) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """(part, (name, question, answer) for each that is answered), as readers see it."""
    form = DRAFTS.form(w, proposal)
    parts = [
        (str(title), [(f.name, f.label, said(f)) for f in form.fields if f.part == key and f.name not in HIDDEN])
        for key, title in PARTS.items()
    ]
    answered = [(title, [answer for answer in found if answer[2]]) for title, found in parts]
    return [(title, found) for title, found in answered if found]


HIDDEN = frozenset({"title", "summary", "publish", *KINDS})


def _context(w: Work, proposal: Any) -> Mapping[str, Any]:
    """More names for the pages that edit and check."""
    return {
        "deadline": due_clock(w, proposal),
        "label": LABELS[proposal.state],
        "tables": {name: rows_of(proposal, name, least=3) for name in KINDS},
        "plan": time_plan(proposal.answers.get("work_plan")),
        "files": attachment.of(w, content.WORKFLOW, proposal.code),
        "challenges": content.challenges(w, proposal),
        "cities": content.cities(w, proposal),
        "answers": answers_by_part(w, proposal),
        "zone": zone_of(w, proposal),
        "returned": queries.said_with(w, proposal, "send_back") if proposal.state == "returned" else {},
        "outside": facts.outside_the_form(w, proposal),
    }


def choices_of(w: Work, proposal: Any) -> Mapping[str, Any]:
    """The checklist's points, each with what the service has found."""
    found = facts.checklist(w, proposal)
    return {
        "points": [(str(point), _("%(point)s. %(fact)s", point=POINTS[point], fact=found[point])) for point in POINTS]
    }


def shown_buttons(w: WebWork, proposal: Any) -> list[Button]:
    """The acts on the page: those whose time comes rarely only when it has come."""
    offered = [button for button in buttons(ACTS, w, proposal) if button.reason is None or button.name not in RARE]
    return [replace(button, fields=_more_than(button)) for button in offered]


def _more_than(button: Button) -> dict[str, str]:
    """What a reason says by answer, where that says more than the reason."""
    return {name: text for name, text in button.fields.items() if text != button.reason}


def is_editable(proposal: Any) -> bool:
    """Whether its team writes now."""
    return proposal.state in EDITABLE


def _filed(w: Work, proposal: Any) -> None:
    actions.content_changed(w, proposal)


ACTS = Acts(
    workflow=PROPOSAL,
    noun=NOUN,
    find=queries.visible,
    fire=actions.fire,
    show=lambda proposal: f"/{NOUN}/{proposal.code}",
    title=lambda proposal: str(proposal.title),
    choices=choices_of,
    zone=zone_of,
)
DRAFTS = Drafts(
    acts=ACTS,
    model=lambda _w, proposal: FORMS[content.gate_of(proposal)],
    editable=queries.editable,
    revise=actions.revise,
    names_of=names,
    parts={str(key): title for key, title in PARTS.items()},
    paged=True,
    choices=rules.choices,
    context=_context,
    submits=("submit", "begin", "submit_pilot_proposal", "submit_full"),
    content_labels=CONTENT,
    reads=lists_of,
    spread=cells_of,
    filed=_filed,
    discusses=rules.works_on_it,
    mentions=content.teammates,
    edit_template="proposals/edit.html",
    check_template="proposals/check.html",
)
