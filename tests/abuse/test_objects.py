"""Codes, fields and parameters that are not for the one who sends them (cases 5, 11, 12)."""

from __future__ import annotations

import json
import re
from collections import defaultdict

import pytest

from challenge.kernel import schema
from challenge.kernel.record import metadata
from challenge.policy.columns import COLUMNS, classes_of
from tests.abuse.bodies import writing
from tests.abuse.rows import changed, rows
from tests.policy.crawl import every_route

SAFE = {"GET", "HEAD"}
NOBODY = "ZZZZZZZZ"
STRANGERS = (
    "visitor", "other city", "other researcher", "other juror", "other coordinator", "observer",
    "administrator",
)  # fmt: skip
FORM = [(b"content-type", b"application/x-www-form-urlencoded")]
BODY = [(b"content-type", b"application/json")]


def noun_of(path):
    return path.removeprefix("/api/v1").split("/")[1]


def routes_of_records():
    """Noun → (method, path) of every route that names a record of it."""
    found = defaultdict(list)
    for method, path in every_route():
        if "{code}" in path and "{code}" in path.removeprefix("/api/v1").split("/")[2]:
            found[noun_of(path)].append((method, path))
    return found


def filled(played, path, code, **more):
    """The address of a route for this record; what else it names is really there."""
    scene = played.scene
    values = {
        "code": code, "name": "withdraw", "slug": "basics", "place": "1", "city": scene.codes["partners"][0],
        "file": next((files[0] for files in scene.files.values()), NOBODY), **more,
    }  # fmt: skip
    return re.sub(r"{(\w+)}", lambda found: values.get(found[1], NOBODY), path)


def asked(played, routes, code, **more):
    """Each of the routes for this record, with a body that is right."""
    for method, path in routes:
        address = filled(played, path, code, **more)
        if method in SAFE:
            yield method, address
        elif path.startswith("/api/"):
            yield method, address, BODY, played.bodies.get((method, path), b"{}")
        else:
            yield method, address, FORM, b""


def same(answer, code):
    """Everything an onlooker can compare, without the code that was asked for."""
    return answer.status, answer.head.replace(code, "CODE"), answer.body.replace(code, "CODE")


def hidden(played, persona, noun, routes):
    """The first record of the scene of which this person may know nothing: every look at it is refused."""
    looks = sorted((route for route in routes if route[0] == "GET"), key=lambda route: len(route[1]))
    for code in played.scene.codes.get(noun, []):
        if any(answer.status == 200 for answer in played.ask(persona, asked(played, looks[:3], code))):
            continue
        if {answer.status for answer in played.ask(persona, asked(played, looks, code))} <= {401, 403, 404, 422}:
            return code
    return None


@pytest.mark.abuse(11)
@pytest.mark.parametrize(
    ("played", "persona"),
    [*(("sqlite", who) for who in STRANGERS), *(("postgresql", who) for who in ("other researcher", "other juror"))],
    indirect=["played"],
)
def test_a_record_of_others_is_answered_as_one_that_is_not_there(played, persona):
    wrong, tried = [], 0
    for noun, routes in routes_of_records().items():
        code = hidden(played, persona, noun, routes)
        if code is None:
            continue
        theirs = played.ask(persona, asked(played, routes, code))
        nowhere = played.ask(persona, asked(played, routes, NOBODY))
        wrong += [
            (*route, one.status, other.status)
            for route, one, other in zip(routes, theirs, nowhere, strict=True)
            if same(one, code) != same(other, NOBODY)
        ]
        tried += len(routes)
    assert wrong == []
    assert tried > 0

    assert {answer.status for answer in nowhere} <= {401, 404}, persona


def of_their_own(scene):
    """Persona → noun → a record that is theirs; and what such a record might hold, but these are of others."""
    _draft, _item, _candidate, idea, *_rest = scene.codes["proposals"]
    return {
        "other researcher": {"proposals": idea},
        "city": {"organisations": scene.codes["organisations"][0], "submissions": scene.codes["submissions"][0]},
    }, {
        "file": scene.files[scene.codes["proposals"][1]][0], "other": scene.codes["proposals"][0],
        "person": scene.codes["people"][-1],
    }  # fmt: skip


@pytest.mark.abuse(11)
def test_in_ones_own_record_things_of_others_are_not_there(played):
    mine, theirs = of_their_own(played.scene)
    tried = 0
    for persona, records in mine.items():
        for noun, code in records.items():
            for name, value in theirs.items():
                routes = [route for route in routes_of_records()[noun] if f"{{{name}}}" in route[1]]
                there = played.ask(persona, asked(played, routes, code, **{name: value}))
                nowhere = played.ask(persona, asked(played, routes, code, **{name: NOBODY}))
                assert [same(one, value) for one in there] == [same(one, NOBODY) for one in nowhere], (persona, noun)
                tried += len(routes)
    assert tried >= 6


def columns():
    schema.load_models()
    return {column.name for table in metadata.sorted_tables for column in table.columns}


@pytest.mark.abuse(12)
@pytest.mark.parametrize("persona", ["coordinator", "researcher", "city", "juror"])
def test_no_column_can_be_sent_along_to_the_api(played, persona):
    """Who may not act here, or not now, is told that first: tests/abuse/test_states.py has those who may."""
    routes = list(writing(played.world.app.app.openapi()))
    assert len(routes) > 40
    before = rows(played.world.database)
    sent = [
        (method, filled(played, path, played.scene.codes.get(noun_of(path), [NOBODY])[0]), BODY,
         json.dumps({**body, **dict.fromkeys(columns() - names, 1)}).encode())
        for method, path, body, names in routes
    ]  # fmt: skip
    for (method, path, _body, names), answer in zip(routes, played.ask(persona, sent), strict=True):
        if "/transitions/" in path and answer.status in {403, 404, 409}:
            continue
        said = set(json.loads(answer.body).get("errors", {}))
        assert (answer.status, columns() - names - said) == (422, set()), (method, path)
    assert changed(before, rows(played.world.database)) == set()


def hidden_fields():
    """Names of columns that only some may see, wherever they stand."""
    kinds = defaultdict(set)
    for table in COLUMNS:
        for name, kind in classes_of(table).items():
            kinds[name].add(kind)
    return sorted(name for name, found in kinds.items() if not found & {"public", "internal", "published"})


def queries(fields):
    """All the fields at once, in every way a list could be told to use them; and each as the first to sort by."""
    whole = "&".join(f"{field}=x&filter[{field}]=x&sort={field}" for field in fields)
    return [whole, f"sort={','.join(fields)}", f"fields={','.join(fields)}&include={','.join(fields)}"]


@pytest.mark.abuse(5)
@pytest.mark.parametrize("persona", ["visitor", "other city", "other researcher"])
def test_a_list_is_the_same_whatever_hidden_fields_one_names(played, persona):
    """As with names of the same length that are no field of anything: page, length and all."""
    fields = hidden_fields()
    assert {"email", "tenths", "expertise", "answers"} <= set(fields)
    nonsense = {field: f"{number:02}{'zq' * len(field)}"[: len(field)] for number, field in enumerate(fields)}
    paths = sorted({path for method, path in every_route() if method == "GET" and "{" not in path})
    lists = [path for path, answer in zip(paths, played.get(persona, paths), strict=True) if answer.status == 200]
    assert len(lists) > 10
    assert len({answer.body for answer in played.get(persona, ["/cities?q=Tartu", "/cities?q=Narva"])}) == 2
    for path in lists:
        answers = played.get(persona, [f"{path}?{query}" for query in queries(fields)])
        others = played.get(persona, [f"{path}?{query}" for query in queries(nonsense.values())])
        for one, other in zip(answers, others, strict=True):
            told = other.body
            for field, word in nonsense.items():
                told = told.replace(word, field)
            assert (one.status, one.head, one.body) == (other.status, other.head, told), path
