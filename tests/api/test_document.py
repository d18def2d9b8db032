"""The API's document against the API: schemathesis makes requests of it, every role sends them, over real data.

No request may end in a server error or in an answer that the document does not declare. The seed is fixed;
``CHALLENGE_API_EXAMPLES=50`` makes a larger run.
"""

from __future__ import annotations

import os
import random
from collections import Counter

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from requests import Request
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.core.transport import Response
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from challenge.kernel.record import metadata
from challenge.people import actions as people
from tests.cast import PEOPLE
from tests.factories.home import autumn, open_challenges
from tests.factories.rounds import make_round

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = int(os.environ.get("CHALLENGE_API_EXAMPLES", "1"))  # of right and of wrong requests, for each operation
SEED = 20270110
URL = "http://127.0.0.1:8000"
ROLES = {
    "visitor": "nobody", "city": "mari", "researcher": "ravi", "juror": "lena", "coordinator": "jaan",
    "observer": "olev", "administrator": "anna",
}  # fmt: skip
CITIES = frozenset({"cities", "interests", "commitments", "members"})  # what is behind these in a path is a city
OURS = frozenset({"authorization", "cookie", "user-agent", "host", "content-length"})


class Everybody:
    """All roles, each with a token. Nine in ten of the codes they put into a path are of records that are there."""

    def __init__(self, world):
        autumn(world)
        with world.acting() as w:
            open_challenges(w, make_round(w, title="Open now"))
            tables = {name: table for name, table in metadata.tables.items() if "code" in table.c}
            self.codes = {
                name: list(w.session.connection().scalars(table.select().with_only_columns(table.c.code)))
                for name, table in tables.items()
            }
        self.client, self.drawn = world.client(), random.Random(SEED)  # noqa: S311 -- the same draws each time
        self.headers = {role: self.token(world, name) for role, name in ROLES.items()}
        self.answers, self.faults = Counter(), []

    def token(self, world, name):
        if name == "nobody":
            return {}
        with world.acting(name) as w:
            return {"authorization": f"Bearer {people.create_token(w, PEOPLE[name].id, 'test', 30)}"}

    def send(self, case):
        """As each role; what is wrong with an answer is noted."""
        for role, headers in self.headers.items():
            for name in case.path_parameters or {}:
                known = self.codes.get(self.table(case.path, name), [])
                if known and self.drawn.random() < 0.9:
                    case.path_parameters[name] = self.drawn.choice(known)
            sent = Request(**case.as_transport_kwargs(base_url=URL)).prepare()
            kept = {name: value for name, value in sent.headers.items() if name.lower() not in OURS}
            answer = self.client.request(sent.method, sent.url, headers={**kept, **headers}, content=sent.body)
            self.answers[role, answer.status_code] += 1
            received = {name: [value] for name, value in answer.headers.items()}
            response = Response(answer.status_code, received, answer.content, sent, 0.0, verify=False)
            try:
                case.validate_response(response, checks=CHECKS)
            except FailureGroup as group:
                reasons = [str(reason) for reason in group.exceptions]
                self.faults.append(f"{role}: {sent.method} {sent.path_url} {sent.body!r:.300}: {reasons}")

    def table(self, path, name):
        before = path.split("{" + name + "}")[0].rstrip("/").rsplit("/", 1)[-1]
        if before in CITIES:
            return "organisation"
        return "submission" if before == "challenges" else before.removesuffix("s")


def play(everybody, document):
    """Right and wrong requests of every operation; where nothing can be wrong, none are."""
    for found in schemathesis.openapi.from_dict(document).get_all_operations():
        operation = found.ok()
        wrong = [GenerationMode.NEGATIVE] if operation.body or operation.query else []
        for mode in [GenerationMode.POSITIVE, *wrong]:
            sending = hypothesis.given(operation.as_strategy(mode))(everybody.send)
            quick = hypothesis.settings(
                max_examples=EXAMPLES, database=None, deadline=None, phases=[Phase.generate],
                suppress_health_check=list(HealthCheck),
            )  # fmt: skip
            try:
                hypothesis.seed(SEED)(quick(sending))()
            except Unsatisfiable:
                assert mode is GenerationMode.NEGATIVE, operation.label


@pytest.mark.slow
def test_every_answer_stands_in_the_document(world):
    everybody = Everybody(world)

    play(everybody, world.app.app.openapi())

    assert everybody.faults == []
    succeeded = {role for role, status in everybody.answers if status == 200}
    assert succeeded == set(ROLES)  # nobody was only turned away


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_answer_that_is_not_declared_is_found(world):
    everybody, document = Everybody(world), world.app.app.openapi()
    paths = {path: {"get": dict(told["get"])} for path, told in document["paths"].items() if path == "/api/v1/pilots"}
    paths["/api/v1/pilots"]["get"]["responses"] = {"204": {"description": "Nothing"}}

    play(everybody, {**document, "paths": paths})

    assert len(everybody.faults) == sum(everybody.answers.values()) > 0
