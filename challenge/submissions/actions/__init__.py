"""What is done with submissions, interests and public questions; transitions go through ``fire``."""

from challenge.submissions.actions.carrying import begin, may_take
from challenge.submissions.actions.interests import show_interest, withdraw_interest
from challenge.submissions.actions.questions import (
    answer_question,
    ask_question,
    correct_answer,
    publish_question,
    refuse_question,
)
from challenge.submissions.actions.writing import (
    attach,
    check,
    fire,
    import_past,
    lapse_overdue,
    release_all,
    remove,
    revise,
    start,
)

__all__ = [
    "answer_question", "ask_question", "attach", "begin", "check", "correct_answer", "fire", "import_past",
    "lapse_overdue", "may_take", "publish_question", "refuse_question", "release_all", "remove", "revise",
    "show_interest", "start", "withdraw_interest",
]  # fmt: skip
