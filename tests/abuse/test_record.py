"""Somebody with the database in hand changes what happened: the check names it (35)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from tests.factories.rounds import make_round

HEAD = re.compile(r'<code class="wrap">([0-9a-f]{64})</code>')
HOLDS = "The chain verifies"
COPY = "workflow, subject_code, transition, old_state, new_state, actor_id, scope, digest, at, previous_hash"


@pytest.fixture
def told(world):
    """Six steps of the journal; ``told(sql, …)`` does as an administrator of the database may: triggers go first."""
    with world.acting("jaan") as w:
        round_ = make_round(w)
        for number in range(6):
            w.note("round", round_, "revise", {"comment": f"Change {number}"})

    def tell(*statements):
        with world.database.engine.begin() as connection:
            if world.database.is_sqlite:
                for name in ("step_no_update", "step_no_delete", "step_no_replace"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {name}"))
            else:
                connection.execute(text("ALTER TABLE step DISABLE TRIGGER USER"))
            for statement in statements:
                connection.execute(text(statement))

    return tell


def check(world, head=""):
    """The page as an observer reads it: its text and the head it names."""
    page = world.client("olev").get("/journal/check", params={"head": head}).text
    return page, HEAD.search(page).group(1)


GONE = ["DELETE FROM step_text WHERE step_id {0}", "DELETE FROM step_delivery WHERE step_id {0}",
        "DELETE FROM step WHERE id {0}"]  # fmt: skip
CHANGES = {
    "a moment": ["UPDATE step SET at = '2026-01-01 00:00:00.000' WHERE id = 3"],
    "who did it": ["UPDATE step SET actor_id = 12 WHERE id = 3"],
    "nobody did it": ["UPDATE step SET actor_id = NULL WHERE id = 3"],
    "what was done": ["UPDATE step SET transition = 'publish' WHERE id = 3"],
    "to what": ["UPDATE step SET subject_code = 'AAAAAAAA' WHERE id = 3"],
    "where it led": ["UPDATE step SET new_state = 'closed' WHERE id = 3"],
    "the words": ["""UPDATE step_text SET given = '{"comment": "Nothing"}' WHERE step_id = 3"""],
    "the digest of the words": ["UPDATE step SET digest = 'x' WHERE id = 3"],
    "one removed": [one.format("= 3") for one in GONE],
    "the first removed": [one.format("= 1") for one in GONE],
    "one put in": [
        f"INSERT INTO step (id, {COPY}, hash) SELECT 700, {COPY}, '{'e' * 64}' FROM step WHERE id = 3",
    ],
    "one put in between": [
        f"INSERT INTO step (id, {COPY}, hash) SELECT 0, {COPY}, '{'e' * 64}' FROM step WHERE id = 1",
    ],
}  # fmt: skip


@pytest.mark.abuse(35)
@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_changed_by_hand_is_named(world, told, change):
    before, _head = check(world)
    assert HOLDS in before

    told(*CHANGES[change])

    after, _head = check(world)
    named = {
        "one removed": 4,
        "the first removed": 2,
        "one put in": 700,
        "one put in between": 0,
    }
    assert HOLDS not in after
    assert f"step {named.get(change, 3)}:" in after


@pytest.mark.abuse(35)
@pytest.mark.parametrize("last", [1, 2, 6])
def test_an_end_that_was_cut_off_is_named_by_a_head_kept_elsewhere(world, told, last):
    page, head = check(world)
    assert HOLDS in page

    told(*(one.format(f"> {6 - last}") for one in GONE))

    assert HOLDS in check(world)[0]  # nothing inside can tell
    page, _now = check(world, head)
    assert HOLDS not in page
    assert f"the journal ends before the step with the hash {head}" in page


@pytest.mark.abuse(35)
def test_an_end_that_was_written_anew_is_named_too(world, told):
    _page, head = check(world)
    told(*(one.format("= 6") for one in GONE))
    with world.acting("jaan") as w:
        w.note("round", make_round(w, title="Another"), "revise", {"comment": "As if nothing had been"})
    assert HOLDS in check(world)[0]
    assert HOLDS not in check(world, head)[0]


def test_a_head_of_before_is_found_as_long_as_it_is_there(world, told):
    _page, head = check(world)
    with world.acting("jaan") as w:
        w.note("round", make_round(w, title="Another"), "revise")
    for noted in ("", head, head.upper(), f" {head} ", "0" * 64):
        assert HOLDS in check(world, noted)[0]
