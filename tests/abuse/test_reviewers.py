"""Who judges, and what they say, cannot be told from outside (cases 1–4, 9, 10).

Each test looks at everything as somebody, changes what is hidden from them behind the service's back, and looks again:
not a byte may differ. A coordinator, who sees these things, sees another page, so it could fail.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from challenge.jury import actions
from challenge.jury.models import Juror, Review, Score
from challenge.jury.states import ReviewState
from challenge.proposals.models import Proposal
from challenge.selection.states import OutcomeState
from tests.cast import PEOPLE
from tests.factories.jury import make_review, proposal_of, put_marks, review_of
from tests.factories.people import make_person
from tests.factories.selection import make_outcome
from tests.policy.crawl import every_route

OWN_DATA = "/account/data"  # the copy of one's own data names one's own alerts, and these tests ask for very much


def everything(played):
    """Every list, and every page of the records that reviews have to do with."""
    scene = played.scene
    with played.world.acting(writing=False) as w:
        winner = w.session.get_one(Proposal, told(w)[0].proposal_id).code
    codes = {
        "proposals": [scene.codes["proposals"][1], winner], "reviews": scene.codes["reviews"][:3],
        "jurors": scene.codes["jurors"][:2], "rounds": scene.codes["rounds"][:1], "outcomes": scene.codes["outcomes"],
    }  # fmt: skip
    for path in sorted({path for method, path in every_route() if method == "GET"} - {OWN_DATA}):
        noun = path.removeprefix("/api/v1").split("/")[1]
        if "{" not in path:
            yield path
        elif noun in codes and path.count("{") == 1:
            more = "?gate=full_proposal" if path.endswith("/ranking") else ""
            yield from (path.replace("{code}", code) + more for code in codes[noun])


def seen(played, personas):
    addresses = list(everything(played))
    return {who: dict(zip(addresses, played.get(who, addresses), strict=True)) for who in personas}


def differing(before, after, who):
    return [address for address, answer in before[who].items() if answer != after[who][address]]


def told(w):
    """The reviews that were released."""
    return w.session.exec(select(Review).where(col(Review.published_at).is_not(None)).order_by(Review.id)).all()


def place_of(w, name):
    return w.session.exec(select(Juror).where(Juror.person_id == PEOPLE[name].id)).one()


# What is changed behind everybody's back


def other_marks(w, played):
    """What the juror who has handed in gave and said, and when."""
    review = review_of(w, played.scene.codes["reviews"][0])
    for score in w.session.exec(select(Score).where(Score.review_id == review.id)):
        score.tenths, score.comment = 15, f"Not at all: {score.comment}"
    review.comment += " And more."
    review.submitted_at = review.saved_at = w.now - timedelta(days=2)
    review.confidence = 1


def the_other_way_round(w, played):
    """Of the two reports that were released each was written by the other, and in the other order."""
    one, other = told(w)
    first, second = one.juror_id, other.juror_id
    one.juror_id = place_of(w, "ilse").id
    w.session.flush()
    other.juror_id = first
    w.session.flush()
    one.juror_id = second
    one.submitted_at = w.now - timedelta(days=3)


def another_juror(w, played):
    """Who reviewed it: somebody else sits at her place on the panel."""
    place_of(w, "lena").person_id = make_person(w, "Lea Luik", "lea@example.org").id


def one_more(w, played):
    """A review that was at work is handed in: the last that was missing."""
    review = review_of(w, played.scene.codes["reviews"][1])
    review.state, review.submitted_at = ReviewState.SUBMITTED, w.now


def its_text(w, played):
    """What the proposal says, what it is called, that it has a new version."""
    proposal = proposal_of(w, played.scene.codes["proposals"][1])
    proposal.title, proposal.summary = "Another title", "Another summary"
    proposal.answers = {**proposal.answers, "title": "Another title", "method": "Another method"}


def what_was_decided(w, played):
    """Two coordinators have agreed to fund it; nothing is announced."""
    make_outcome(w, proposal_of(w, played.scene.codes["proposals"][1]), state=OutcomeState.APPROVED, amount_cents=100)


CHANGES = {
    "who reviewed, what, when": (
        (other_marks, the_other_way_round, another_juror),
        ("juror at work", "conflicted juror", "researcher", "visitor"),
    ),
    "what was decided": ((what_was_decided,), ("researcher", "partner city", "visitor")),
    "how many have": ((one_more,), ("researcher", "partner city", "other juror")),
    "what one stepped aside from": ((its_text,), ("conflicted juror", "conflicted coordinator")),
}


@pytest.fixture
def released(played):
    """Two reports of one proposal are released; the scene has one."""
    with played.world.acting() as w:
        if len(found := told(w)) == 1:
            proposal = w.session.get_one(Proposal, found[0].proposal_id)
            more = make_review(
                w, proposal, place_of(w, "oskar"), state=ReviewState.SUBMITTED, comment="Said by the second.",
                published_at=w.now,
            )  # fmt: skip
            put_marks(w, more, 45)


@pytest.mark.abuse(1, 3, 4, 10)
@pytest.mark.parametrize("what", CHANGES)
def test_not_a_byte_tells_what_is_hidden(played, released, what):
    changes, viewers = CHANGES[what]
    whole = played.world.database.is_sqlite  # what is the same on both is looked at by everybody on the first
    who_sees = ("coordinator",) if whole else ()
    viewers = viewers if whole else viewers[:1]
    for who in (*who_sees, *viewers):  # administrators are told of whoever asks for much, once: not in between
        played.get(who, [f"/proposals/{number:08}" for number in range(60)])
    before = seen(played, (*who_sees, *viewers))
    with played.world.acting() as w:
        for change in changes:
            change(w, played)
            w.session.flush()
        actions.push(w, proposal_of(w, played.scene.codes["proposals"][1]))
    after = seen(played, (*who_sees, *viewers))

    assert {who: found for who in viewers if (found := differing(before, after, who))} == {}
    assert [who for who in who_sees if len(differing(before, after, who)) < 2] == []
