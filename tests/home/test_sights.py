"""Who saw what: reads of who judges what are kept, each once, and shown to those who watch; nobody can change them."""

import contextlib

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlmodel import select
from typer.testing import CliRunner

from challenge import cli
from challenge.home.queries import sights as queries
from challenge.kernel.errors import Forbidden
from challenge.kernel.sight import Sight, SightOf
from challenge.people.models import Role
from challenge.people.states import RoleName
from challenge.proposals.models import Exclusion
from challenge.rounds.schemas import Rules
from challenge.rounds.states import Blind
from challenge.selection.queries import reports
from tests.cast import PEOPLE
from tests.factories.jury import (
    jury_of,
    make_conflict,
    make_judged,
    make_juror,
    make_submitted,
    proposal_of,
    review_of,
)
from tests.factories.rounds import make_round


@pytest.fixture
def judged(world):
    """Two proposals, each read by lena and oskar; codes by name."""
    world.codes = jury_of(world, "lena", "oskar", proposals=2)
    return world


def kept(world):
    """(reader, place, codes shown) in the order of time."""
    with world.acting(writing=False) as w:
        readers = {PEOPLE[name].id: name for name in PEOPLE}
        return [
            (
                readers[row.reader_id], row.place,
                set(w.session.exec(select(SightOf.subject_code).where(SightOf.sight_id == row.id))),
            )
            for row in w.session.exec(select(Sight).order_by(Sight.id))
        ]  # fmt: skip


def rows(world, name, code=""):
    with world.acting(name, writing=False) as w:
        return [(row.who.split()[0], row.place, row.count) for row in queries.sights(w, code).rows]


def test_each_page_that_says_who_judges_is_kept(judged):
    c = judged.codes
    everything = {c[f"{name}{number}"] for name in ("lena", "oskar") for number in (1, 2)}
    panel = {c["juror_lena"], c["juror_oskar"]}
    for path in (
        f"/reviews/{c['lena1']}", f"/jurors/{c['juror_lena']}", f"/rounds/{c['round']}/jurors",
        f"/rounds/{c['round']}/assignment", f"/rounds/{c['round']}/ranking",
    ):  # fmt: skip
        assert judged.client("jaan").get(path).status_code == 200
    assert kept(judged) == [
        ("jaan", "review", {c["lena1"]}), ("jaan", "juror", {c["juror_lena"]}), ("jaan", "panel", panel),
        ("jaan", "panel", panel), ("jaan", "assignment", everything), ("jaan", "ranking", everything),
    ]  # fmt: skip


def test_the_api_keeps_it_too(judged):
    assert judged.client("kadri").get(f"/api/v1/reviews/{judged.codes['lena1']}").status_code == 200
    assert kept(judged) == [("kadri", "review", {judged.codes["lena1"]})]


def test_conflicts_are_kept(judged):
    with judged.acting() as w:
        code = make_conflict(w, proposal_of(w, judged.codes["p1"])).code
    assert judged.client("jaan").get(f"/rounds/{judged.codes['round']}/conflicts").status_code == 200
    assert ("jaan", "conflicts", {code}) in kept(judged)


def test_what_one_wrote_oneself_is_not(judged):
    assert judged.client("lena").get(f"/reviews/{judged.codes['lena1']}").status_code == 200
    assert judged.client("lena").get(f"/jurors/{judged.codes['juror_lena']}").status_code == 200
    assert kept(judged) == []


@pytest.mark.parametrize("name", ["mari", "ravi", "oskar", "anna", "nobody"])
def test_a_read_that_is_refused_shows_nothing_and_keeps_nothing(judged, name):
    assert judged.client(name).get(f"/reviews/{judged.codes['lena1']}").status_code in {303, 404}
    assert kept(judged) == []


def test_the_journal_is_a_place_too(judged):
    with judged.acting("lena") as w:
        w.note("review", review_of(w, judged.codes["lena1"]), "declare")
    assert judged.client("jaan").get("/journal").status_code == 200
    assert kept(judged) == [("jaan", "journal", {judged.codes["lena1"]})]
    assert "Jury" in judged.client("olev").get("/journal").text  # masked: olev is not told
    assert len(kept(judged)) == 1


@pytest.mark.parametrize("blind", list(Blind))
def test_reports_are_kept_where_they_carry_names(world, blind):
    rules = Rules()
    gates = {gate: given.model_copy(update={"blind": blind}) for gate, given in rules.gates.items()}
    with world.acting() as w:
        round_ = make_round(w, rules=rules.model_copy(update={"gates": gates}))
        proposal = make_judged(w, round_)
        made = make_submitted(w, proposal, make_juror(w, round_))
        made.published_at = w.now
        code, about = made.code, proposal.code
    with world.acting("ravi", writing=False) as w:
        assert reports.feedback(w, proposal_of(w, about))
        assert [(one.place, one.codes) for one in w.seen] == ([("reports", {code})] if blind is Blind.OPEN else [])


def test_observers_and_administrators_read_it(judged):
    judged.client("jaan").get(f"/reviews/{judged.codes['lena1']}")
    for name in ("olev", "anna"):
        assert rows(judged, name) == [("Jaan", "review", 1)]
        shown = judged.client(name).get("/journal/reads").text
        assert "Jaan Jõgi" in shown
        assert "Lena" not in shown  # it says who read, never who judged
        assert "/journal/reads" in judged.client(name).get("/journal").text


@pytest.mark.parametrize("name", ["jaan", "mari", "ravi", "lena"])
def test_others_do_not(judged, name):
    assert judged.client(name).get("/journal/reads").status_code == 403
    with judged.acting(name, writing=False) as w, pytest.raises(Forbidden):
        queries.sights(w)


@pytest.mark.parametrize("what", ["lena1", "p1", "round", "juror_lena"])
def test_it_is_asked_by_any_code(judged, what):
    judged.client("jaan").get(f"/reviews/{judged.codes['lena1']}")
    assert rows(judged, "anna", judged.codes[what]) == [("Jaan", "review", 1)]
    assert rows(judged, "anna", judged.codes["p2"]) == []


def test_an_observer_of_another_round_reads_nothing(judged):
    judged.client("jaan").get(f"/reviews/{judged.codes['lena1']}")
    with judged.acting() as w:
        other = make_round(w, title="Another")
        w.session.exec(select(Role).where(Role.person_id == PEOPLE["olev"].id)).one().round_id = other.id
    assert rows(judged, "olev") == []


def test_an_observer_who_judges_in_the_round_reads_nothing(judged):
    judged.client("jaan").get(f"/reviews/{judged.codes['lena1']}")
    with judged.acting() as w:
        w.add(Role(person_id=PEOPLE["lena"].id, name=RoleName.OBSERVER))
    assert rows(judged, "lena") == []


def test_an_observer_in_conflict_does_not_learn_of_the_proposal(judged):
    judged.client("jaan").get(f"/reviews/{judged.codes['lena1']}")
    with judged.acting() as w:
        proposal_id = proposal_of(w, judged.codes["p1"]).id
        w.add(Exclusion(proposal_id=proposal_id, person_id=PEOPLE["olev"].id))
    assert rows(judged, "olev", judged.codes["p1"]) == rows(judged, "olev", judged.codes["lena1"]) == []


def test_pages_follow_each_other(judged):
    for _time in range(3):
        judged.client("jaan").get(f"/reviews/{judged.codes['lena1']}")
    with judged.acting("anna", writing=False) as w:
        first = queries.sights(w, size=2)
        rest = queries.sights(w, following=first.following, size=2)
    assert (len(first.rows), len(rest.rows), rest.following) == (2, 1, None)


@pytest.mark.parametrize("table", ["sight", "sight_of"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id + 1", "DELETE FROM {}"])
def test_nobody_changes_it_later(judged, table, act):
    judged.client("jaan").get(f"/reviews/{judged.codes['lena1']}")
    with pytest.raises(IntegrityError, match="append-only"), judged.acting() as w:
        w.session.connection().execute(text(act.format(table)))


def test_the_command_line_says_it(judged, monkeypatch):
    judged.client("jaan").get(f"/reviews/{judged.codes['lena1']}")
    monkeypatch.setattr(cli, "opened", lambda: contextlib.nullcontext((judged.settings, judged.database)))
    said = CliRunner().invoke(cli.app, ["who-saw", judged.codes["p1"].lower()])
    assert said.exit_code == 0, said.output
    assert "Jaan Jõgi  review  Round 2027  1" in said.output
    assert "1 reads of" in said.output
    assert "0 reads of" in CliRunner().invoke(cli.app, ["who-saw", judged.codes["p2"]]).output
