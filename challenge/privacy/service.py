"""Activities that go with every use of the service: messages, the journal, people's own rights."""

from __future__ import annotations

from challenge.kernel.i18n import _
from challenge.privacy.finding import about, by, by_address, by_code, through
from challenge.privacy.holding import Activity, Basis, Fate, Holding, always

# fmt: off
MESSAGES = Activity(
    "messages",
    _("Messages and letters"),
    _("What the service wrote to you, when, and whether you read it"),
    _("To tell you what concerns you, and to prove that you were told"),
    Basis.PUBLIC_TASK,
    always(_("The words: 90 days. That something was sent: as long as what it is about.")),
    _("You; administrators see counts only"),
    _("Everything is removed, also what waits to be sent. Your name is taken out of messages to others."),
    (
        Holding("message", shown=("subject", "text", "at", "read_at"), fate=Fate.REMOVED),
        Holding(
            "letter",
            shown=("address", "subject", "created_at", "sent_at", "failed_at"),
            fate=Fate.REMOVED,
            find=by_address("address"),
        ),
    ),
)
JOURNAL = Activity(
    "journal",
    _("The journal"),
    _("Who did which step when, the reasons typed with it, and who was shown which juror judges what"),
    _("To prove that the procedure was followed, step by step"),
    Basis.PUBLIC_MONEY,
    always(_("As long as the service; steps are chained and not removed one by one.")),
    _("Coordinators and observers of the round, administrators"),
    _(
        "The words you gave are destroyed. The step stays with a number in place of your name, so that the chain"
        " verifies."
    ),
    (
        Holding(
            "step",
            ("actor_id",),
            ("workflow", "subject_code", "transition", "actor_id", "at"),
            find=about("person"),
        ),
        Holding(
            "step_text", (), ("given",), Fate.REMOVED, through("step_id", "step", by("actor_id"), about("person"))
        ),
        Holding("sight", ("reader_id",), ("place", "round_code", "at")),
    ),
)
RIGHTS = Activity(
    "rights",
    _("Your rights"),
    _("Legal holds on your data with their reason; that a number was erased"),
    _("To keep what a court or an audit still needs, and to erase again whoever was erased when a backup is"
      " restored"),
    Basis.PUBLIC_TASK,
    always(_("As long as the service.")),
    _("You; administrators"),
    _("The reasons of lifted holds are destroyed. The number stays, so that a restored backup does not bring you"
      " back."),
    (
        Holding(
            "legal_hold", ("person_id", "set_by", "lifted_by"),
            ("person_id", "reason", "set_at", "set_by", "lifted_at", "lift_reason", "lifted_by"), Fate.EMPTIED,
        ),
        Holding("erasure", (), ("at",), find=by_code("person_code")),
    ),
)
# fmt: on
