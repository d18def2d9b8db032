"""The canary matrix: everybody asks for everything, and is shown exactly what the policy says."""

from __future__ import annotations

import sys

import pytest

from challenge.policy.kinds import KINDS
from challenge.policy.reach import Reach
from challenge.policy.routes import reach_of
from tests import running
from tests.policy.canaries import Aviary
from tests.policy.crawl import SEARCHED, every_route
from tests.policy.parties import COORDINATORS, expected
from tests.policy.people import PERSONAS

READERS = {
    Reach.ROUND: {*COORDINATORS, "observer"},
    Reach.COORDINATORS: COORDINATORS,
    Reach.PROGRAMME: {*COORDINATORS, "administrator"},
    Reach.JOURNAL: {*COORDINATORS, "observer", "administrator"},
}
ASKERS = ("visitor", "other city", "conflicted coordinator", "observer")
PARAMETERS = ("q", "person", "subject", "filter")


@pytest.mark.abuse(1, 10, 11)
def test_everybody_sees_exactly_what_the_policy_says(matrix):
    wrong = []
    for token, canary in matrix.scene.aviary.by_token.items():
        found, allowed = matrix.seen.by_token.get(token, {}), expected(canary)
        wrong += [f"LEAK {canary}: {who} at {found[who][:4]}" for who in found.keys() - allowed]
        wrong += [f"MISSING {canary}: {who}" for who in allowed - found.keys()]
    assert wrong == []
    canaries = matrix.scene.aviary.by_token
    routes = len({path for method, path in every_route() if method == "GET"})
    sys.stderr.write(
        f"\ncanary matrix: {len(canaries)} canaries × {len(PERSONAS)} people = {len(canaries) * len(PERSONAS)} cells,"
        f" {routes} routes, {matrix.seen.requests} requests, {len(matrix.mails)} mails\n"
    )


def test_every_canary_that_may_be_seen_is_seen_by_somebody(matrix):
    unseen = [
        str(canary)
        for token, canary in matrix.scene.aviary.by_token.items()
        if KINDS[canary.kind].who and not matrix.seen.by_token.get(token)
    ]
    assert unseen == []


def test_nothing_breaks(matrix):
    assert matrix.seen.faults == []


def test_routes_let_in_whom_the_policy_names(matrix):
    wrong = []
    for path, entered in matrix.seen.entered.items():
        reach = reach_of("GET", path)
        allowed = READERS.get(reach, set(PERSONAS) if reach is Reach.EVERYBODY else set(PERSONAS) - {"visitor"})
        wrong += [f"{path} ({reach}) let in {sorted(entered - allowed)}"] if entered - allowed else []
    assert wrong == []


@pytest.mark.abuse(7, 10)
def test_mails_tell_their_reader_no_more_than_the_pages(matrix):
    canaries = matrix.scene.aviary.by_token
    readers = {token: canary.about for token, canary in canaries.items() if canary.column == "person.email"}
    assert len(matrix.mails) > 0
    wrong = []
    for recipients, source in matrix.mails:
        assert len(recipients) == 1
        reader = next((readers[token] for token in matrix.scene.aviary.seen_in(recipients[0]) if token in readers), "")
        wrong += [
            f"{reader or recipients}: {canaries[token]}"
            for token in matrix.scene.aviary.seen_in(source)
            if reader not in expected(canaries[token])
        ]
    assert wrong == []


@pytest.mark.abuse(8)
def test_the_log_names_nobody_and_nothing(matrix):
    assert matrix.scene.aviary.seen_in(matrix.log) == set()


@pytest.mark.abuse(5)
def test_searching_for_what_is_hidden_finds_what_nonsense_finds(matrix):
    assert running.run(_differences(matrix)) == []


async def _differences(matrix):
    wrong = []
    nonsense = Aviary()("nonsense", "nowhere", "nobody")
    canaries = matrix.scene.aviary.by_token
    for persona in ASKERS:
        one_each = {canary.kind: token for token, canary in canaries.items() if persona not in expected(canary)}
        for path in SEARCHED:
            query = "&".join(f"{name}={{0}}" for name in PARAMETERS)
            get = matrix.askers[persona].get
            plain = await get(f"{path}?{query.format(nonsense)}", in_words=False)
            if plain.status != 200:
                continue
            for token in one_each.values():
                matrix.world.move(milliseconds=250)  # nobody may search faster for long
                answer = await get(f"{path}?{query.format(token)}", in_words=False)
                if answer.body.replace(token, nonsense) != plain.body:
                    wrong.append(f"{persona}: {path}: {canaries[token]}")
    return wrong
