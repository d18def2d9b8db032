"""The rules of domain.md §6 that concern cities, each with its reason on the page and in the action."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from challenge.kernel.errors import Forbidden, Refused
from challenge.people.models import Organisation
from challenge.people.states import OrganisationKind
from challenge.rounds.models import Round
from challenge.rounds.schemas import Rules
from challenge.rounds.states import RoundState, WindowName
from challenge.submissions import actions, rules
from challenge.submissions.states import SubmissionState as S
from tests.cast import PLACES
from tests.factories.rounds import WINDOWS, make_round
from tests.factories.submissions import extend, find, make_submission, submission_in

CLOSES = WINDOWS[WindowName.CHALLENGES][1]
OCTOBER = {  # the round of 2023: interest until 18 October, end of the day in Tallinn
    WindowName.CHALLENGES: (datetime(2023, 8, 23, 6, tzinfo=UTC), datetime(2023, 9, 30, 20, 59, tzinfo=UTC)),
    WindowName.INTERESTS: (datetime(2023, 9, 30, 21, tzinfo=UTC), datetime(2023, 10, 18, 21, tzinfo=UTC)),
}


def full(world, count, **fields):
    """A round in which Tartu has submitted ``count`` challenges; one more stands as a complete draft."""
    with world.acting() as w:
        round_ = make_round(w, **fields)
        for number in range(count):
            make_submission(w, round_, state=S.SUBMITTED, title=f"Number {number}")
        return make_submission(w, round_, title="One more").code


def refused(world, name, code, act, *args):
    """The problem of an act that must be refused."""
    with world.acting(name) as w, pytest.raises(Refused) as error:
        actions.fire(w, find(w, code), act, *args)
    return error.value.problem


def test_a_fourth_challenge_is_refused(world):
    code = full(world, 3)
    problem = refused(world, "mari", code, "submit")
    reason = "A city may submit at most 3 challenges in this round, and yours has. Recall or withdraw one first."
    assert (problem.code, str(problem.text)) == ("cap_reached", reason)
    assert reason in world.client("mari").get(f"/submissions/{code}").text
    answer = world.client("mari").post(f"/submissions/{code}/transitions/submit", data={})
    assert (answer.status_code, reason in answer.text) == (409, True)


def test_a_third_challenge_is_accepted_and_a_withdrawn_one_frees_its_place(world):
    code = full(world, 2)
    with world.acting("peeter") as w:
        actions.fire(w, find(w, code), "submit")
        assert find(w, code).slot == 3
    other = full_again(world, code)
    assert refused(world, "mari", other, "submit").code == "cap_reached"
    with world.acting("mari") as w:
        actions.fire(w, find(w, code), "recall")
        actions.fire(w, find(w, other), "submit")
        assert find(w, other).slot == 3
        assert find(w, code).slot is None


def full_again(world, code):
    with world.acting() as w:
        return make_submission(w, rules.round_of(w, find(w, code)), title="Yet another").code


def test_what_is_missing_is_said_per_answer(world):
    with world.acting() as w:
        code = make_submission(
            w, make_round(w), given={"outcome": "", "problem": "word " * 282, "consent": False, "themes": ["flying"]}
        ).code
    problem = refused(world, "mari", code, "submit")
    assert str(problem.text) == "4 answers need you."
    assert {name: str(text) for name, text in problem.fields.items()} == {
        "themes": "Themes: Choose from the list",
        "problem": "The problem now: Shorten this by 32 words",
        "outcome": "Wished outcome and how it is measured: Say what should be different, and how that is measured",
        "consent": "This text and its files may be published when the challenge is accepted: "
        "Tick the box: a challenge can only be submitted when it may be published",
    }
    page = world.client("mari").get(f"/submissions/{code}/check").text
    assert "Shorten this by 32 words" in page
    assert "Needs you" in page


def test_the_deputy_is_somebody_else_of_the_city(world):
    with world.acting() as w:
        made = make_submission(w, make_round(w))
        made.answers = {**made.answers, "deputy": made.answers["contact"]}
        code = made.code
    fields = refused(world, "mari", code, "submit").fields
    assert str(fields["deputy"]) == "Deputy: Choose somebody other than the contact"
    with world.acting() as w:
        made = find(w, code)
        made.answers = {**made.answers, "deputy": "ABCDEFGH"}
    assert str(refused(world, "mari", code, "submit").fields["deputy"]) == "Deputy: Choose from the list"


def test_a_title_is_used_once_in_a_round_and_drafts_do_not_tell(world):
    with world.acting() as w:
        round_ = make_round(w)
        make_submission(w, round_, city=PLACES["helsinki"], title="Quiet Junctions at  Night")
        code = make_submission(w, round_).code
        other = make_submission(w, round_, city=PLACES["tallinn"], state=S.SUBMITTED, title="QUIET junctions at night")
        other_code = other.code
    problem = refused(world, "mari", code, "submit")
    assert list(problem.fields) == ["title"]
    with world.acting() as w:
        find(w, other_code).title_key = "something else"
    with world.acting("mari") as w:
        actions.fire(w, find(w, code), "submit")


@pytest.mark.parametrize(
    ("moment", "accepted", "flagged"),
    [
        (CLOSES - timedelta(milliseconds=1), True, False),
        (CLOSES, True, True),
        (CLOSES + timedelta(seconds=119, milliseconds=999), True, True),
        (CLOSES + timedelta(seconds=120), False, False),
    ],
)
@pytest.mark.abuse(15)
def test_the_deadline_has_its_published_grace(world, moment, accepted, flagged):
    code = full(world, 0)
    world.now = moment
    if not accepted:
        problem = refused(world, "mari", code, "submit")
        assert "The deadline was Sun 31 January 2027, 17:00 (Tallinn)" in str(problem.text)
        return
    assert world.client("mari").post(f"/submissions/{code}/transitions/submit", data={}).status_code == 303
    kept = world.client("mari").get(f"/submissions/{code}/receipt.json").json()["content"]
    assert kept["within_grace"] is flagged
    assert kept["deadline"] == "2027-01-31T15:00:00.000+00:00"
    assert kept["grace_seconds"] == 120


def test_no_grace_where_the_round_gives_none(world):
    code = full(world, 0, rules=Rules(grace_seconds=0))
    world.now = CLOSES
    assert refused(world, "mari", code, "submit").code == "deadline_over"


def test_an_extension_moves_the_deadline_of_one_submission(world):
    code = full(world, 1)
    world.now = CLOSES + timedelta(days=3)
    assert refused(world, "mari", code, "submit").code == "deadline_over"
    with world.acting() as w:
        extend(w, find(w, code), CLOSES + timedelta(days=4))
    with world.acting("mari") as w:
        actions.fire(w, find(w, code), "submit")


def test_challenges_are_received_from_the_opening_on(world):
    code = full(world, 0)
    world.now = WINDOWS[WindowName.CHALLENGES][0] - timedelta(seconds=1)
    assert refused(world, "mari", code, "submit").code == "not_open_yet"
    with world.acting("mari") as w:  # a draft may be begun before
        tartu = w.session.get_one(Organisation, PLACES["tartu"].id)
        actions.start(w, rules.round_of(w, find(w, code)), tartu, "Early")


def test_a_recall_is_possible_until_the_deadline_but_not_in_its_grace(world):
    code = submission_in(world, S.SUBMITTED)
    world.now = CLOSES
    assert refused(world, "mari", code, "recall").code == "deadline_over"
    world.now = CLOSES - timedelta(seconds=1)
    with world.acting("mari") as w:
        actions.fire(w, find(w, code), "recall")


def test_only_kinds_that_may_submit_begin_a_challenge(world):
    with world.acting() as w:
        round_id = make_round(w).id
        w.session.get_one(Organisation, PLACES["tartu"].id).kind = OrganisationKind.CAMPUS
    with world.acting("mari") as w, pytest.raises(Refused) as error:
        actions.start(
            w, w.session.get_one(Round, round_id), w.session.get_one(Organisation, PLACES["tartu"].id), "A title"
        )
    assert str(error.value.problem.text) == "In this round an organisation of the kind “Campus” cannot submit."


def test_nobody_begins_or_writes_for_another_city(world):
    code = full(world, 0)
    with world.acting("sofia") as w:
        submission = find(w, code)
        tartu = w.session.get_one(Organisation, PLACES["tartu"].id)
        with pytest.raises(Forbidden):
            actions.start(w, rules.round_of(w, submission), tartu, "A title")
        with pytest.raises(Forbidden):
            actions.revise(w, submission, {"title": "Taken over"})
        with pytest.raises(Forbidden):
            actions.fire(w, submission, "submit")


def test_a_round_that_is_not_under_way_receives_nothing(world):
    code = full(world, 0)
    with world.acting() as w:
        rules.round_of(w, find(w, code)).state = RoundState.CANCELLED
    assert refused(world, "mari", code, "submit").code == "round_not_open"


# Interests


def shown(world, name, city, code, reason="The same problem."):
    with world.acting(name) as w:
        return actions.show_interest(w, find(w, code), w.session.get_one(Organisation, PLACES[city].id), reason)


def not_shown(world, name, city, code):
    """The reason why a city cannot show interest: from the action, and the same on the page."""
    with world.acting(name) as w, pytest.raises(Refused) as error:
        actions.show_interest(w, find(w, code), w.session.get_one(Organisation, PLACES[city].id), "The same problem.")
    reason = str(error.value.problem.text)
    page = world.client(name).get(f"/challenges/{code}/interest")
    assert (page.status_code, reason in page.text) == (200, True)
    return reason


def many(world, count, state=S.ACCEPTED):
    """Tartu's and Tallinn's challenges while interest may be shown."""
    with world.acting() as w:
        round_ = make_round(w, rules=Rules(submissions_per_city=10))
        codes = [make_submission(w, round_, state=state, title=f"Number {n}").code for n in range(count)]
    world.now = WINDOWS[WindowName.INTERESTS][0] + timedelta(days=1)
    return codes


def test_a_sixth_interest_is_refused(world):
    *five, sixth = many(world, 6)
    for code in five:
        shown(world, "sofia", "helsinki", code)
    reason = "A city may show interest in at most 5 challenges, and yours has. Withdraw one first."
    assert not_shown(world, "sofia", "helsinki", sixth) == reason
    answer = world.client("sofia").post(
        f"/challenges/{sixth}/interest", data={"city": city_code(world, "helsinki"), "reason": "The same."}
    )
    assert (answer.status_code, reason in answer.text) == (409, True)
    with world.acting("sofia") as w:
        actions.withdraw_interest(w, find(w, five[2]), w.session.get_one(Organisation, PLACES["helsinki"].id))
    assert shown(world, "sofia", "helsinki", sixth).slot == 3


def city_code(world, city):
    with world.acting(writing=False) as w:
        return w.session.get_one(Organisation, PLACES[city].id).code


def test_interest_in_ones_own_challenge_is_refused(world):
    (code,) = many(world, 1)
    reason = "This is a challenge of Tartu. Interest is for challenges of other cities."
    assert not_shown(world, "mari", "tartu", code) == reason
    assert "own challenge" in world.client("mari").get(f"/challenges/{code}").text


def test_interest_on_19_october_2023_is_refused(world):
    world.now = datetime(2023, 9, 1, tzinfo=UTC)
    with world.acting() as w:
        code = make_submission(w, make_round(w, windows=OCTOBER), state=S.ACCEPTED).code
    world.now = datetime(2023, 10, 19, 7, tzinfo=UTC)
    reason = "“Cities show interest” closed Thu 19 October 2023, 00:00 (Tallinn)."
    assert not_shown(world, "sofia", "helsinki", code) == reason
    world.now = datetime(2023, 10, 18, 20, 59, tzinfo=UTC)
    shown(world, "sofia", "helsinki", code)


@pytest.mark.parametrize("state", [S.CO_DEVELOPMENT, S.PILOTED, S.NOT_PILOTED, S.RETURNED, S.REJECTED])
def test_interest_needs_a_challenge_that_is_open_to_it(world, state):
    (code,) = many(world, 1, state)
    with world.acting("sofia") as w, pytest.raises(Refused) as error:
        actions.show_interest(w, find(w, code), w.session.get_one(Organisation, PLACES["helsinki"].id), "Why")
    assert error.value.problem.code == "not_open_to_interest"
    assert world.client("sofia").get(f"/challenges/{code}/interest").status_code == 404


@pytest.mark.parametrize(("seconds", "code"), [(-1, "not_due"), (119, "not_due"), (120, None)])
def test_nothing_lapses_before_the_grace_is_over(world, seconds, code):
    draft = full(world, 0)
    world.now = CLOSES + timedelta(seconds=seconds)
    with world.acting() as w:
        problem = rules.is_overdue(w, find(w, draft))
        assert (problem.code if problem else None) == code
