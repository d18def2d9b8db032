"""Each row of a submission, with everything in order but one thing: it says which, or does not ask for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from challenge.people.models import Organisation
from challenge.people.states import OrganisationKind
from challenge.rounds.schemas import Rules
from challenge.rounds.states import RoundState, WindowName
from challenge.submissions import rules
from challenge.submissions.states import SubmissionState as S
from challenge.submissions.workflow import SUBMISSION
from tests.cast import PLACES
from tests.factories.rounds import WINDOWS, make_round
from tests.factories.submissions import extend, make_submission

OPENS, CLOSES = WINDOWS[WindowName.CHALLENGES]
ASKS = {
    "submit": ["round_not_open", "not_open_yet", "deadline_over", "kind", "cap_reached", "incomplete"],
    "recall": ["deadline_over"],
    "release": ["proposals_rest"],
    "lapse": ["not_due"],
    **{key: [] for key in ("review", "send_back", "reject", "reinstate", "develop", "enter_selection", "pilot")},
    "withdraw": [],
}
EVERY = [*ASKS["submit"], "proposals_rest", "not_due"]


def spoil(w, submission, name):
    """One thing that is not in order."""
    match name:
        case "round_not_open":
            rules.round_of(w, submission).state = RoundState.CLOSED
        case "not_open_yet":
            w.now = OPENS - timedelta(seconds=1)
        case "deadline_over":
            w.now = CLOSES + timedelta(seconds=120)
        case "kind":
            w.session.get_one(Organisation, PLACES["tartu"].id).kind = OrganisationKind.COMPANY
        case "cap_reached":
            make_submission(w, rules.round_of(w, submission), state=S.SUBMITTED, title="Another")
        case "incomplete":
            submission.answers = {**submission.answers, "problem": ""}
        case "proposals_rest":
            submission.live_proposals = 1
        case "not_due":
            w.now = CLOSES


@pytest.mark.parametrize("name", ASKS)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on which
def test_a_row_says_what_is_not_in_order(world, name):
    row = next(row for row in SUBMISSION.rows if row.name == name)
    with world.acting() as w:
        made = make_submission(w, make_round(w, rules=Rules(submissions_per_city=1)))
        w.session.flush()
        key = made.id
    found = []
    for code in [None, *EVERY]:
        world.now = CLOSES + timedelta(days=1) if name == "lapse" else OPENS + timedelta(days=1)
        with world.acting("jaan") as w, w.session.no_autoflush:
            submission = w.session.get_one(type(made), key)
            spoil(w, submission, code)
            problem = row.blocked(w, submission)
            w.session.rollback()
        assert problem is None or problem.code == code or name in {"lapse", "recall"}
        found += [code] if problem is not None else []
    assert [code for code in found if code in ASKS[name]] == ASKS[name]
    assert None not in found


def test_a_lead_city_is_of_the_kind_the_round_names_and_an_imported_one_is_not_asked(world):
    with world.acting() as w:
        round_ = make_round(w)
        assert rules.kind_may_submit(w, make_submission(w, round_)) is None
        assert rules.kind_may_submit(w, make_submission(w, round_, city=None, imported=True)) is None


def test_an_extension_lets_it_be_recalled_and_keeps_it_from_lapsing(world):
    with world.acting() as w:
        made = make_submission(w, make_round(w), state=S.SUBMITTED)
        w.now = CLOSES + timedelta(days=1)
        assert rules.can_be_recalled(w, made).code == "deadline_over"
        assert rules.is_overdue(w, made) is None
        extend(w, made, CLOSES + timedelta(days=2))
        assert rules.can_be_recalled(w, made) is None
        assert rules.is_overdue(w, made).code == "not_due"


@pytest.mark.parametrize("state", list(S))
def test_answers_change_in_a_draft_and_after_it_was_sent_back(state):
    problem = rules.is_editable(None, rules.Submission(state=state))
    assert (problem is None) == (state in (S.DRAFT, S.RETURNED))
    assert problem is None or ("recall" in str(problem.text)) == (state is S.SUBMITTED)
