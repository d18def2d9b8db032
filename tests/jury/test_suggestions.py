"""Suggested assignments: asked for, computed by a job, looked at, and applied through the board's own act."""

import re

import numpy as np
import pytest
from sqlmodel import col, func, select

from challenge.jobs import suggesting, ticker
from challenge.jury import actions, queries
from challenge.jury.fit import LANGUAGE, Said
from challenge.jury.models import Review, Suggestion
from challenge.jury.states import ReviewState, SuggestionState
from challenge.jury.suggesting import parts
from challenge.kernel.errors import Forbidden, Missing, Refused
from challenge.optimise.embedding import PACKAGE
from challenge.rounds.schemas import Rules
from tests.factories.jury import FULL, JURY, juror_of, make_conflict, make_judged, make_juror, proposal_of
from tests.factories.proposals import make_challenge
from tests.factories.rounds import make_round
from tests.optimise.test_embedding import tensors_of, write_model


def rules_with(reviews):
    gates = Rules().gates
    return Rules(gates={**gates, FULL: gates[FULL].model_copy(update={"reviews": reviews})})


@pytest.fixture
def scene(world):
    """Two proposals, each of a theme one of two jurors knows; one review each."""
    world.now = JURY
    with world.acting() as w:
        round_ = make_round(w, rules=rules_with(1))
        themes = [theme.key for theme in Rules().themes[:2]]
        codes = {"round": round_.code}
        for name, theme in zip(("lena", "oskar"), themes, strict=True):
            challenge = make_challenge(w, round_, themes=[theme])
            codes[f"proposal of {name}"] = make_judged(w, round_, title=f"For {name}", challenges=[challenge]).code
            codes[name] = make_juror(w, round_, name, themes=[theme], load_max=2).code
    return codes


def asked(world, scene, who="jaan"):
    with world.acting(who) as w:
        round_ = queries.round_of_jury(w, scene["round"])
        return actions.ask_for_suggestion(w, round_, FULL).code


def found(world, scene, code, who="jaan"):
    with world.acting(who) as w:
        round_ = queries.round_of_jury(w, scene["round"])
        return queries.shown(w, round_, queries.suggestion(w, scene["round"], code))


def pairs_of(shown):
    return {(row.row.title, one.member.name.split()[0].lower()) for row in shown.rows for one in row.suggested}


def test_each_proposal_goes_to_who_knows_its_theme(world, scene):
    code = asked(world, scene)
    assert found(world, scene, code).suggestion.state is SuggestionState.WAITING
    assert suggesting.run(world.database, world.clock) == 1
    shown = found(world, scene, code)
    assert pairs_of(shown) == {("For lena", "lena"), ("For oskar", "oskar")}
    assert shown.suggestion.result["optimal"] is True
    assert shown.suggestion.result["value"] == shown.suggestion.result["bound"]
    assert {(load.before, load.after) for load in shown.loads} == {(0, 1)}


def test_nothing_is_assigned_before_somebody_does_it(world, scene):
    asked(world, scene)
    ticker.tick(world.database, world.settings, world.clock)
    with world.acting() as w:
        assert w.session.exec(select(func.count()).select_from(Review)).one() == 0


def test_a_conflict_is_never_suggested_and_what_is_there_stays(world, scene):
    with world.acting() as w:
        make_conflict(w, proposal_of(w, scene["proposal of lena"]))
    code = asked(world, scene)
    suggesting.run(world.database, world.clock)
    assert pairs_of(found(world, scene, code)) == {("For lena", "oskar"), ("For oskar", "oskar")}


def test_what_cannot_be_done_names_what_stands_in_the_way(world, scene):
    with world.acting() as w:
        juror_of(w, scene["lena"]).load_max = 1
        juror_of(w, scene["oskar"]).load_max = 0
    code = asked(world, scene)
    suggesting.run(world.database, world.clock)
    shown = found(world, scene, code)
    assert shown.suggestion.state is SuggestionState.IMPOSSIBLE
    assert shown.suggestion.result["short"] == 1
    assert {row.title for row in shown.stuck[0]} == {"For lena", "For oskar"}
    page = world.client("jaan").get(f"/rounds/{scene['round']}/assignment/suggestions/{code}")
    assert "one review more is needed" in page.text


def test_only_coordinators_ask_and_only_who_asked_sees_it(world, scene):
    for who in ("lena", "ravi", "mari", "olev", "anna"):
        with world.acting(who) as w, pytest.raises((Forbidden, Missing)):
            actions.ask_for_suggestion(w, queries.round_of_jury(w, scene["round"]), FULL)
    code = asked(world, scene)
    for who in ("kadri", "olev"):
        with world.acting(who) as w, pytest.raises(Missing):
            queries.suggestion(w, scene["round"], code)


def test_a_proposal_one_has_a_conflict_with_by_now_is_not_shown(world, scene):
    code = asked(world, scene)
    suggesting.run(world.database, world.clock)
    with world.acting() as w:
        make_conflict(w, proposal_of(w, scene["proposal of lena"]), "jaan")
    assert pairs_of(found(world, scene, code)) == {("For oskar", "oskar")}
    page = world.client("jaan").get(f"/rounds/{scene['round']}/assignment/suggestions/{code}")
    assert "For lena" not in page.text


def test_where_nothing_is_missing_there_is_nothing_to_suggest(world, scene):
    code = asked(world, scene)
    suggesting.run(world.database, world.clock)
    apply(world, scene, code)
    with pytest.raises(Refused, match="nothing_missing"):
        asked(world, scene)


def apply(world, scene, code):
    client = world.client("jaan")
    page = client.get(f"/rounds/{scene['round']}/assignment/suggestions/{code}")
    assert page.status_code == 200
    ticked = re.findall(r'name="assign" value="([^"]+)"', page.text)
    return client.post(f"/rounds/{scene['round']}/assignment?gate={FULL}", data={"assign": ticked, "due_at": ""})


def test_what_is_ticked_is_assigned(world, scene):
    code = asked(world, scene)
    suggesting.run(world.database, world.clock)
    assert apply(world, scene, code).status_code == 303
    with world.acting() as w:
        assert [row.state for row in w.session.exec(select(Review))] == [ReviewState.ASSIGNED] * 2
    page = world.client("jaan").get(f"/rounds/{scene['round']}/assignment/suggestions/{code}")
    assert "No longer possible" in page.text


def test_the_page_waits_and_says_so(world, scene):
    client = world.client("jaan")
    sent = client.post(f"/rounds/{scene['round']}/assignment/suggestions?gate={FULL}")
    waiting = client.get(sent.headers["location"])
    assert "being computed" in waiting.text
    assert waiting.headers["refresh"] == "3"
    suggesting.run(world.database, world.clock)
    ready = client.get(sent.headers["location"])
    assert "proven optimal" in ready.text
    assert "refresh" not in ready.headers
    assert sent.headers["location"] in client.get(f"/rounds/{scene['round']}/assignment?gate={FULL}").text


def test_two_nodes_compute_it_once(world, scene):
    asked(world, scene)
    with world.acting() as w:
        first = actions.claim_suggestion(w)
        assert first is not None
        assert actions.claim_suggestion(w) is None
    world.move(minutes=16)
    with world.acting() as w:
        assert actions.claim_suggestion(w).id == first.id
        actions.keep_suggestion(w, first.id, SuggestionState.FAILED, {})
        actions.keep_suggestion(w, first.id, SuggestionState.READY, {"pairs": []})
        state = w.session.exec(select(Suggestion.state).where(col(Suggestion.id) == first.id)).one()
    assert state is SuggestionState.FAILED


def test_language_is_a_part_of_the_fit():
    english = Said(frozenset(), "The quality of the water in the harbour is measured with sensors and shown to all.")
    estonian = Said(
        frozenset(), "Vee kvaliteet sadamas on see, mida me mõõdame ja mis on ka kõigile kohe näha, kui oma"
    )
    unclear = Said(frozenset(), "Tartu Fingal 2027")
    jurors = [Said(frozenset(), "", frozenset(known)) for known in (("en",), ("et",), ("en", "et"), ())]

    found = parts(jurors, [english, estonian, unclear])

    assert found.language.tolist() == [[1, 0, 1], [0, 1, 1], [1, 1, 1], [0.5, 0.5, 1]]
    assert found.fit[0, 0] - found.fit[1, 0] == pytest.approx(LANGUAGE)


@pytest.mark.parametrize(("expertise", "by"), [("The water of the city and the sea", "meaning"), ("", "meaning"),
                                               ("Vesi ja linn, mis ei ole kui meri, ning ka", "terms")])  # fmt: skip
def test_words_are_compared_by_meaning_where_the_model_is_there_and_reads_the_language(
    world, scene, tmp_path, monkeypatch, expertise, by
):
    draw = np.random.default_rng(1)
    write_model(tmp_path / PACKAGE / "model", tensors_of(lambda shape: draw.normal(size=shape)))
    monkeypatch.syspath_prepend(tmp_path)
    with world.acting() as w:
        juror_of(w, scene["lena"]).expertise = expertise
    code = asked(world, scene)
    suggesting.run(world.database, world.clock)
    page = world.client("jaan").get(f"/rounds/{scene['round']}/assignment/suggestions/{code}").text
    assert found(world, scene, code).suggestion.result["words_by"] == by
    assert ("MiniLM" in page, "TF-IDF" in page) == (by == "meaning", by == "terms")
