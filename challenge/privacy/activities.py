"""The activities of the register. What is shown of a row is what the person may know; secrets and others never are."""

from __future__ import annotations

from challenge.kernel.i18n import Text, _, _n
from challenge.privacy.accounts import ACCOUNT, EVENTS, SIGN_IN
from challenge.privacy.finding import by, by_address_key, through
from challenge.privacy.holding import Activity, Basis, Fate, Holding
from challenge.privacy.service import JOURNAL, MESSAGES, RIGHTS
from challenge.rounds.pieces import Retention

OWN_PLACES = OWN_REVIEWS = through("juror_id", "juror", by("person_id"))
OWN_PANELS = through("round_id", "juror", by("person_id"), key="round_id")
MODERATED = through("moderator_id", "juror", by("person_id"))


def _of_round(years: Retention) -> tuple[Text, ...]:
    return (
        _n(
            "Drafts never submitted: one year after the round is closed.",
            "Drafts never submitted: %(n)s years after the round is closed.",
            years.drafts,
        ),
        _n(
            "What was declined or withdrawn: one year after the round is closed.",
            "What was declined or withdrawn: %(n)s years after the round is closed.",
            years.declined,
        ),
        *_of_pilot(years),
    )


def _of_pilot(years: Retention) -> tuple[Text, ...]:
    return (
        _n(
            "What was funded: one year after the pilot ends.",
            "What was funded: %(n)s years after the pilot ends.",
            years.funded,
        ),
    )


# fmt: off
ACTIVITIES: tuple[Activity, ...] = (
    ACCOUNT,
    SIGN_IN,
    Activity(
        "challenges",
        _("Challenges of cities"),
        _(
            "Who is the contact and the deputy of a challenge, showed interest for a city, rated an idea, asked or"
            " answered a question"
        ),
        _("To know whom to ask, and who spoke for a city"),
        Basis.PUBLIC_TASK,
        _of_round,
        _("Coordinators and observers of the round; your city; questions are published without a name"),
        _("You are taken off as contact and asker. What you did for a city stays as done by “somebody who left”."),
        (
            Holding(
                "submission",
                ("contact_id", "deputy_id"),
                ("code", "title", "contact_id", "deputy_id", "created_at", "submitted_at"),
                Fate.EMPTIED,
            ),
            Holding("interest", ("by_id",), ("city_id", "reason", "shown_at", "withdrawn_at")),
            Holding("preference", ("by_id",), ("city_id", "rating", "comment", "at")),
            Holding(
                "question",
                ("asked_by_id", "answered_by_id"),
                ("code", "text", "asked_by_id", "asked_at", "answered_by_id", "answered_at", "published_at"),
                Fate.EMPTIED,
            ),
        ),
    ),
    Activity(
        "proposals",
        _("Proposals and teams"),
        _(
            "Name and address in a team, the proposals you lead, what you signed, files you added, receipts, text you"
            " are writing, earlier texts and comments, when you last read comments"
        ),
        _("To evaluate proposals fairly, to know who is responsible, to prove what was received when"),
        Basis.PUBLIC_TASK,
        _of_round,
        _(
            "Your team and its partner cities, coordinators and observers of the round, jurors without a conflict of"
            " interest"
        ),
        _(
            "Name and address leave the team’s list. The proposal, its files, signatures and receipts stay: they belong"
            " to the team and the organisation."
        ),
        (
            Holding("proposal", ("lead_id",), ("code", "title", "summary", "answers", "created_at", "submitted_at")),
            Holding(
                "team_member",
                shown=("proposal_id", "name", "email", "role", "invited_at", "accepted_at", "left_at"),
                fate=Fate.EMPTIED,
                find=by_address_key("email_key"),
            ),
            Holding("team_task", ("person_id", "done_by_id"), ("title", "due_on", "done_at")),
            Holding("commitment", ("signer_id",), ("code", "proposal_id", "city_id", "kind", "signed_at")),
            Holding(
                "partner_invitation", ("asked_by_id", "answered_by_id"),
                ("code", "proposal_id", "city_id", "message", "state", "created_at", "answered_at", "reason"),
            ),
            Holding("matching", ("by_id",), ("code", "state", "created_at", "finished_at")),
            Holding("attachment", ("by_id",), ("code", "name", "size", "sha256", "content_type", "at", "removed_at")),
            Holding("revision", ("by_id",), ("workflow", "subject_code", "number", "hash", "at")),
            Holding("receipt", shown=("code", "workflow", "subject_code", "revision_hash", "received_at")),
            Holding(
                "editing", shown=("workflow", "subject_code", "question", "seen_at", "saved_at"), fate=Fate.REMOVED
            ),
            Holding("looked", shown=("workflow", "subject_code", "question", "at"), fate=Fate.REMOVED),
            Holding("aside", shown=("workflow", "subject_code", "question", "text", "at"), fate=Fate.REMOVED),
            Holding("patch", ("by_id", "suggested_by_id"), ("workflow", "subject_code", "question", "number", "at")),
            Holding(
                "comment", ("by_id", "ended_by_id"),
                ("workflow", "subject_code", "question", "text", "proposed", "accepted", "created_at"),
            ),
        ),
    ),
    EVENTS,
    Activity(
        "jury",
        _("The jury"),
        _(
            "Themes, languages and expertise of jurors, conflicts of interest of anybody, reviews with marks and"
            " comments, what a panel discussed and agreed, what a team answered"
        ),
        _("To find jurors who know the matter, and to keep whoever has a tie away from a decision"),
        Basis.PUBLIC_TASK,
        _of_round,
        _(
            "Coordinators of the round, and observers where their mandate says so; applicants read reviews without a"
            " name"
        ),
        _(
            "Expertise and the words of conflicts are destroyed. Marks and comments stay without a name, because"
            " decisions rest on them."
        ),
        (
            Holding(
                "juror",
                shown=(
                    "round_id",
                    "themes",
                    "languages",
                    "expertise",
                    "load_min",
                    "load_max",
                    "invited_at",
                    "accepted_at",
                    "declined_at",
                    "left_at",
                ),
                fate=Fate.EMPTIED,
                emptied={"themes": [], "languages": [], "expertise": ""},
            ),
            Holding(
                "conflict",
                ("person_id", "by_id", "decided_by_id"),
                ("person_id", "kind", "source", "state", "reason", "at", "by_id", "decided_at", "decided_by_id"),
                Fate.EMPTIED,
            ),
            Holding("exclusion", shown=()),
            Holding("review", (), ("code", "gate", "state", "comment", "confidence", "submitted_at"), find=OWN_REVIEWS),
            Holding("score", (), ("criterion", "tenths", "comment"), find=through("review_id", "review", OWN_REVIEWS)),
            Holding("discussion_note", (), ("gate", "text", "at"), find=OWN_PLACES),
            Holding("consensus", (), ("code", "gate", "state", "note", "statement", "agreed_at"), find=MODERATED),
            Holding("consensus_reply", (), ("agrees", "reason", "at"), find=OWN_PLACES),
            Holding("common_item", ("by_id",), ("code", "gate", "opened_at", "shown_at")),
            Holding("common_review", (), ("marks", "comment", "submitted_at"), find=OWN_PLACES),
            Holding("redacted_copy", ("confirmed_by_id",), ("code", "revision_number", "confirmed_at")),
            Holding("panel_minutes", ("saved_by_id",), ("code", "gate", "text", "saved_at")),
            Holding("reaction", ("opened_by_id", "answered_by_id"), ("code", "gate", "text", "answered_at")),
            Holding("tie_decision", ("by_id",), ("round_id", "gate", "reason", "at")),
            Holding("suggestion", ("by_id",), ("code", "gate", "state", "created_at", "finished_at")),
            Holding("calibration", (), ("code", "gate", "state", "finished_at"), find=OWN_PANELS),
        ),
    ),
    Activity(
        "decisions",
        _("Decisions"),
        _("Who asked for, approved, announced, accepted or appealed against a decision, moved a date, wrote news"),
        _("To prove that two different people decided, and that none of them was biased"),
        Basis.PUBLIC_MONEY,
        _of_pilot,
        _("Coordinators and observers of the round; an applicant sees their own"),
        _("Stays, as done by “somebody who left”: two different people remain two different people."),
        (
            Holding(
                "approval",
                ("asked_by", "approved_by"),
                ("workflow", "subject_code", "transition", "asked_by", "asked_at", "approved_by", "approved_at"),
                Fate.EMPTIED,
            ),
            Holding(
                "outcome",
                ("proposed_by", "approved_by", "accepted_by"),
                ("proposed_by", "approved_by", "approved_at", "accepted_by", "accepted_at"),
            ),
            Holding("outcome_condition", ("met_by",), ("met_at",)),
            Holding(
                "scenario",
                ("by_id", "adopted_by"),
                ("code", "name", "by_id", "created_at", "adopted_by", "adopted_at"),
            ),
            Holding("scenario_remark", ("by_id",), ("scenario_id", "at", "text")),
            Holding("result_release", ("asked_by", "approved_by"), ("round_id", "at", "asked_by", "approved_by")),
            Holding(
                "appeal",
                ("decided_by", "decided_with", "filed_by", "handler_id"),
                ("code", "filed_by", "filed_at", "handler_id", "taken_at", "decided_by", "decided_with"),
            ),
            Holding("extension", ("by_id",), ("workflow", "subject_code", "until", "at")),
            Holding("announcement", ("by_id",), ("round_id", "title", "published_at")),
        ),
    ),
    Activity(
        "pilots",
        _("Pilots"),
        _("Who leads, mentors and signs a pilot, handed in its reports and claims, asked for changes, booked money,"
          " wrote its log, is to do what was decided"),
        _("To run pilots and to account for the money they were given"),
        Basis.PUBLIC_MONEY,
        _of_pilot,
        _("The pilot’s cities and team, coordinators and observers; results are published without names"),
        _("Stays, as done by “somebody who left”."),
        (
            Holding(
                "pilot",
                ("lead_id", "mentor_id", "lead_signed_by_id"),
                ("code", "title", "lead_id", "mentor_id", "lead_signed_by_id", "lead_signed_at"),
            ),
            Holding("member_city", ("signed_by_id",), ("pilot_id", "city_id", "signed_at")),
            Holding("report", ("submitted_by_id",), ("code", "pilot_id", "kind", "submitted_at")),
            Holding("claim", ("submitted_by_id",), ("code", "pilot_id", "state", "submitted_at")),
            Holding("change_request", ("asked_by_id",), ("code", "pilot_id", "kind", "reason", "created_at")),
            Holding("ledger_entry", ("by_id",), ("code", "pilot_id", "kind", "booked_on")),
            Holding("measurement", ("by_id",), ("value", "measured_on", "source", "at")),
            Holding("pilot_meeting", ("by_id",), ("code", "held_on", "created_at")),
            Holding("pilot_decision", ("who_id",), ("code", "due_on", "done_on")),
            Holding("mentor_note", ("by_id",), ("code", "text", "created_at", "shared_at")),
            Holding("pilot_news", ("by_id",), ("code", "title", "text", "published_on")),
            Holding("reuse", ("by_id",), ("code", "who", "how", "since")),
            Holding("reuse_interest", ("by_id",), ("code", "reason", "created_at", "withdrawn_at")),
            Holding("pilot_contact", shown=("pilot_id", "consented_at"), fate=Fate.REMOVED),
        ),
    ),
    MESSAGES,
    JOURNAL,
    RIGHTS,
)
# fmt: on
