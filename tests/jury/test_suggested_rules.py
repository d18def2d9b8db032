"""What a suggestion keeps to: what has begun, what is there, panels, themes, countries, languages; and what helps."""

import pytest
from sqlmodel import select

from challenge.jobs import suggesting
from challenge.jury import actions, queries
from challenge.jury.models import Review, Suggestion
from challenge.jury.schemas import NoReason, Suggesting
from challenge.jury.states import ReviewState, SuggestionState
from challenge.kernel.errors import Refused
from challenge.people.models import Membership
from challenge.people.states import Seat
from challenge.rounds.schemas import Rules
from tests.cast import PEOPLE, PLACES
from tests.factories.jury import (
    FULL,
    JURY,
    juror_of,
    make_conflict,
    make_judged,
    make_juror,
    make_review,
    make_submitted,
    proposal_of,
    review_of,
)
from tests.factories.proposals import make_challenge
from tests.factories.rounds import make_round


def setting(world, *, proposals=3, reviews=1, jurors=("lena", "oskar", "ilse"), load_max=1, load_min=0, **rules):
    """A round with proposals of its first theme, a panel, nothing assigned."""
    world.now = JURY
    gates = Rules().gates
    given = Rules(gates={**gates, FULL: gates[FULL].model_copy(update={"reviews": reviews})}, **rules)
    with world.acting() as w:
        round_ = make_round(w, rules=given)
        codes = {"round": round_.code}
        for name in jurors:
            codes[name] = make_juror(w, round_, name, load_min=load_min, load_max=load_max).code
        for number in range(1, proposals + 1):
            challenge = make_challenge(w, round_, themes=[given.themes[0].key])
            codes[f"p{number}"] = make_judged(w, round_, title=f"P{number}", challenges=[challenge]).code
    return codes


def given(world, codes, proposal, juror, state=ReviewState.ASSIGNED):
    with world.acting() as w:
        return make_review(w, proposal_of(w, codes[proposal]), juror_of(w, codes[juror]), state=state).code


def suggested(world, codes, **asked):
    """Asked for, computed, and as its coordinator sees it."""
    with world.acting("jaan") as w:
        code = actions.ask_for_suggestion(w, queries.round_of_jury(w, codes["round"]), FULL, Suggesting(**asked)).code
    assert suggesting.run(world.database, world.clock) == 1
    return code, seen(world, codes, code)


def seen(world, codes, code):
    with world.acting("jaan") as w:
        return queries.shown(w, queries.round_of_jury(w, codes["round"]), queries.suggestion(w, codes["round"], code))


def names(shown, which):
    return {(row.row.title, one.member.name.split()[0].lower()) for row in shown.rows for one in getattr(row, which)}


def page_of(world, codes, code):
    page = world.client("jaan").get(f"/rounds/{codes['round']}/assignment/suggestions/{code}")
    assert page.status_code == 200
    return page.text


def stuck(shown):
    result = shown.suggestion.result
    return (result["cause"], {row.title for row in shown.stuck[0]}, {one.name.split()[0] for one in shown.stuck[1]})


def test_after_a_drop_out_only_what_must_moves_and_what_has_begun_never_does(world):
    codes = setting(world)
    moved = given(world, codes, "p1", "lena")
    begun = given(world, codes, "p2", "oskar", ReviewState.DRAFT)
    with world.acting() as w:
        make_conflict(w, proposal_of(w, codes["p3"]), "ilse")

    code, shown = suggested(world, codes)
    assert names(shown, "moved") == {("P1", "lena")}
    assert names(shown, "suggested") == {("P1", "ilse"), ("P3", "lena")}
    assert (shown.stays, {(load.before, load.after) for load in shown.loads}) == (1, {(1, 1), (0, 1)})
    assert "Take back from Lena Lind" in page_of(world, codes, code)

    client, pair = world.client("jaan"), "{}:{}".format
    data = {"release": pair(codes["p1"], codes["lena"]), "due_at": "",
            "assign": [pair(codes["p1"], codes["ilse"]), pair(codes["p3"], codes["lena"])]}  # fmt: skip
    sent = client.post(f"/rounds/{codes['round']}/assignment?gate={FULL}", data=data)
    assert sent.status_code == 303
    with world.acting() as w:
        assert review_of(w, moved).state is ReviewState.RELEASED
        assert review_of(w, begun).state is ReviewState.DRAFT
        assert len(w.session.exec(select(Review).where(Review.state == ReviewState.ASSIGNED)).all()) == 2


def test_nothing_moves_where_nothing_must(world):
    codes = setting(world)
    given(world, codes, "p1", "lena")
    given(world, codes, "p2", "oskar")

    _code, shown = suggested(world, codes)

    assert (names(shown, "suggested"), names(shown, "moved"), shown.stays) == ({("P3", "ilse")}, set(), 2)


def test_what_has_begun_meanwhile_is_not_taken_back(world):
    codes = setting(world, proposals=1)
    review = given(world, codes, "p1", "lena")
    with world.acting() as w:
        review_of(w, review).state = ReviewState.DECLARED

    pair = [(codes["p1"], codes["lena"])]
    with world.acting("jaan") as w:
        found = actions.assign_all(w, queries.round_of_jury(w, codes["round"]), FULL, [], None, pair)

    assert (found.released, [problem.code for _p, _j, problem in found.refused]) == (0, ["begun"])
    with world.acting() as w:
        assert review_of(w, review).state is ReviewState.DECLARED


def test_what_a_juror_who_left_has_handed_in_is_not_asked_for_again(world):
    codes = setting(world, proposals=1, reviews=2)
    with world.acting() as w:
        make_submitted(w, proposal_of(w, codes["p1"]), juror_of(w, codes["lena"]))
    with world.acting("jaan") as w:
        actions.take_off(w, juror_of(w, codes["lena"]), NoReason())
    with world.acting("jaan") as w:
        (row,) = queries.board(w, queries.round_of_jury(w, codes["round"]), FULL).rows
        assert row.needs == 1

    _code, shown = suggested(world, codes)
    assert len(names(shown, "suggested")) == 1


@pytest.mark.parametrize("elsewhere", [True, False])
def test_jurors_of_the_proposals_country_are_kept_away_where_the_round_says_so(world, elsewhere):
    codes = setting(world, proposals=1, jurors=("lena", "oskar"), jurors_from_elsewhere=elsewhere)
    with world.acting() as w:
        w.add(Membership(person_id=PEOPLE["lena"].id, organisation_id=PLACES["aalto"].id, seat=Seat.MEMBER))
        juror_of(w, codes["lena"]).themes = [Rules().themes[0].key]  # fits best

    _code, shown = suggested(world, codes)
    assert names(shown, "suggested") == {("P1", "oskar" if elsewhere else "lena")}
    board = world.client("jaan").get(f"/rounds/{codes['round']}/assignment?gate={FULL}").text
    assert ("Own country" in board, "Finland" in board) == (elsewhere, elsewhere)
    rules = world.client("jaan").get(f"/rounds/{codes['round']}").text
    assert ("an organisation of their own country either" in rules) == elsewhere
    with world.acting("jaan") as w:
        proposal, lena = proposal_of(w, codes["p1"]), juror_of(w, codes["lena"])
        if not elsewhere:
            assert actions.assign(w, proposal, lena, FULL).state is ReviewState.ASSIGNED
            return
        with pytest.raises(Refused, match="own_country"):
            actions.assign(w, proposal, lena, FULL)


def test_the_country_of_the_team_counts_as_well(world):
    codes = setting(world, proposals=1, jurors=("lena",), jurors_from_elsewhere=True)
    with world.acting() as w:
        w.add(Membership(person_id=PEOPLE["lena"].id, organisation_id=PLACES["fingal"].id, seat=Seat.MEMBER))
        round_, proposal = queries.round_of_jury(w, codes["round"]), proposal_of(w, codes["p1"])
        assert queries.shared_countries(w, round_, [PEOPLE["lena"].id], [proposal.id]) == {}
        w.add(Membership(person_id=PEOPLE["ravi"].id, organisation_id=PLACES["dlr"].id, seat=Seat.MEMBER))
        found = queries.shared_countries(w, round_, [PEOPLE["lena"].id], [proposal.id])
        assert found == {(PEOPLE["lena"].id, proposal.id): "IE"}


def test_no_more_proposals_than_asked_have_the_very_same_jurors(world):
    codes = setting(world, proposals=2, reviews=2, load_max=2)
    with world.acting() as w:
        for name in ("lena", "oskar"):
            juror_of(w, codes[name]).themes = [Rules().themes[0].key]

    _code, shown = suggested(world, codes)
    assert {frozenset(one.member.name for one in row.suggested) for row in shown.rows} == {
        frozenset(("Lena Lind", "Oskar Olsen"))
    }
    _code, shown = suggested(world, codes, same_panel=1)
    assert len({frozenset(one.member.name for one in row.suggested) for row in shown.rows}) == 2
    assert shown.suggestion.result["optimal"] is True


def test_a_juror_reads_no_more_of_a_theme_than_asked(world):
    codes = setting(world, proposals=3, load_max=3)
    with world.acting() as w:
        juror_of(w, codes["lena"]).themes = [Rules().themes[0].key]

    _code, shown = suggested(world, codes)
    assert {name for _title, name in names(shown, "suggested")} == {"lena"}
    _code, shown = suggested(world, codes, per_theme=1)
    assert {name for _title, name in names(shown, "suggested")} == {"lena", "oskar", "ilse"}


def test_numbers_that_cannot_be_are_refused_beside_the_field(world):
    codes = setting(world)
    url = f"/rounds/{codes['round']}/assignment/suggestions?gate={FULL}"

    page = world.client("jaan").post(url, data={"same_panel": "0", "per_theme": ""})

    assert page.status_code == 422
    assert "same_panel" in page.text
    with world.acting() as w:
        assert w.session.exec(select(Suggestion)).all() == []


def test_what_helps_when_jurors_have_no_load_left(world):
    codes = setting(world, proposals=4, reviews=1)
    code, shown = suggested(world, codes)

    assert stuck(shown) == ("demand", {"P1", "P2", "P3", "P4"}, {"Lena", "Oskar", "Ilse"})
    page = page_of(world, codes, code)
    for text in (
        "one review more is needed",
        "Oskar Olsen: at most 2 instead of 1",
        "Invite a juror who takes one of these reviews",
        "Who knows: ",
        "fewer reviews of each proposal",
    ):
        assert text in page
    with world.acting() as w:
        juror_of(w, codes["oskar"]).load_max = 2
    assert suggested(world, codes)[1].suggestion.state is SuggestionState.READY


def test_what_helps_when_nobody_may_read_it(world):
    codes = setting(world, proposals=1, reviews=2, load_max=9, jurors_from_elsewhere=True)
    with world.acting() as w:
        for name in ("lena", "oskar", "ilse"):
            make_conflict(w, proposal_of(w, codes["p1"]), name)
    code, shown = suggested(world, codes)

    assert stuck(shown) == ("demand", {"P1"}, set())
    page = page_of(world, codes, code)
    assert "Invite at least 2 jurors without a conflict of interest here, who take 2 of these reviews" in page
    assert "From a country that no partner city" in page
    assert "Let one of these jurors read more" not in page


def test_what_helps_when_more_is_set_than_there_is_to_read(world):
    codes = setting(world, proposals=2, load_min=1, load_max=2)
    code, shown = suggested(world, codes)

    assert stuck(shown) == ("load_min", {"P1", "P2"}, {"Lena", "Oskar", "Ilse"})
    page = page_of(world, codes, code)
    assert "Ilse Ivask: at least 0 instead of 1" in page
    with world.acting() as w:
        juror_of(w, codes["ilse"]).load_min = 0
    assert suggested(world, codes)[1].suggestion.state is SuggestionState.READY


def test_what_helps_when_what_was_asked_for_is_in_the_way(world):
    codes = setting(world, proposals=2, reviews=2, jurors=("lena", "oskar"), load_max=2)
    code, shown = suggested(world, codes, same_panel=1)
    assert shown.suggestion.result["cause"] == "rules"
    page = page_of(world, codes, code)
    assert "The very same jurors for at most one proposal" in page
    assert "Ask again with higher numbers" in page

    code, shown = suggested(world, codes, per_theme=1)
    assert {theme for _member, theme in shown.quotas} == {Rules().themes[0].key}
    assert "at most 1 reviews of" in page_of(world, codes, code)


@pytest.mark.parametrize(
    ("cause", "says"), [("time", "Nothing was found in a minute"), ("fixed", "more reviews have begun here")]
)
def test_every_other_cause_has_words_too(world, cause, says):
    codes = setting(world, proposals=4)
    code, _shown = suggested(world, codes)
    with world.acting() as w:
        found = w.session.exec(select(Suggestion).where(Suggestion.code == code)).one()
        found.result = {**found.result, "cause": cause, "proposals": [], "jurors": [], "short": 0}

    page = page_of(world, codes, code)

    assert says in page
    assert "What helps" in page
