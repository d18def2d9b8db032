"""Single guards of confidentiality, and the tree without each: patches as data for ``tests.mutation.matrix``."""

from __future__ import annotations

from typing import NamedTuple


class Guard(NamedTuple):
    """``old`` stands once in ``file``; with ``new`` in its place the guard is gone."""

    name: str
    file: str
    old: str
    new: str


GUARDS = (
    Guard(
        "a conflict of interest hides a review", "challenge/jury/queries/reviews.py",
        "and_(or_(own, runs_round(w, col(Review.round_id))), ~barred)",
        "or_(own, runs_round(w, col(Review.round_id)))",
    ),
    Guard(
        "a juror reads her own reviews only", "challenge/jury/queries/reviews.py",
        "and_(col(Review.juror_id).in_(panel_places(w, Juror.id)), col(Review.state).not_in(GONE))",
        "and_(col(Review.juror_id).in_(sa_select(col(Juror.id))), col(Review.state).not_in(GONE))",
    ),
    Guard(
        "who judges in a round does not run its jury", "challenge/jury/queries/reviews.py",
        "return and_(held, round_id.not_in(panel_places(w, Juror.round_id)))", "return held",
    ),
    Guard(
        "a draft of a review is read by its juror only", "challenge/jury/queries/reviews.py",
        "scores=rules.scores_of(w, found) if is_own else {}", "scores=rules.scores_of(w, found)",
    ),
    Guard(
        "the ranking leaves out what one has a conflict with", "challenge/jury/queries/standings.py",
        "hidden = barred(w, round_.id)", "hidden: frozenset[int] = frozenset()",
    ),
    Guard(
        "no file before the conflict question", "challenge/jury/queries/reading.py",
        "if review.state is ReviewState.ASSIGNED:", "if False:",
    ),
    Guard(
        "a proposal is read by those it concerns", "challenge/proposals/queries.py",
        "or_(of_team(w), of_city(w), on_challenge(w), of_round(w))", "true()",
    ),
    Guard(
        "a conflict of interest hides a proposal", "challenge/proposals/queries.py",
        "return and_(inside, col(Proposal.id).not_in(conflicted))", "return inside",
    ),
    Guard(
        "a challenged city reads what was handed in, not drafts", "challenge/proposals/queries.py",
        "        col(Proposal.submitted_at).is_not(None),\n"
        "        col(Proposal.state).not_in([*UNSENT, ProposalState.LAPSED]),\n",
        "",
    ),
    Guard(
        "a submission is read by its city and the round", "challenge/submissions/queries/records.py",
        "select(Submission).where(Submission.code == code, in_sight(w))",
        "select(Submission).where(Submission.code == code)",
    ),
    Guard(
        "the journal leaves out what one has a conflict with", "challenge/home/queries/journal.py",
        ", col(Step.subject_code).not_in(conflicted(w)))", ")",
    ),
    Guard(
        "an outcome in preparation is for those who decide", "challenge/selection/queries/outcomes.py",
        "if found is None or not is_insider(w, found.round_id) or found.proposal_id in excluded(w, found.round_id):",
        "if found is None:",
    ),
    Guard(
        "the inbox holds one's own messages", "challenge/notifications/queries.py",
        "select(Message).where(Message.person_id == w.actor.id)", "select(Message)",
    ),
    Guard(
        "a person's page is for who runs the programme", "challenge/people/directory.py",
        "    if rules.runs_the_programme(w, None) is not None:\n        raise Missing\n", "",
    ),
)  # fmt: skip
