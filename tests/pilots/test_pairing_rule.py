"""The pairing rule by function, act, page and plain SQL; what the database refuses whoever asks."""

import itertools

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import col, select

from challenge.kernel import triggers
from challenge.kernel.constraints import problem_of
from challenge.kernel.errors import Refused
from challenge.people.models import Organisation
from challenge.pilots import actions, content
from challenge.pilots.models import MemberCity, Pilot
from challenge.pilots.schemas import ImportedCity, ImportedPilot
from challenge.pilots.states import PilotState
from challenge.pilots.triggers import PAIRING
from challenge.rounds.schemas import Rules
from challenge.rounds.states import CityRole, Pairing
from tests.cast import PLACES
from tests.factories.pilots import PAIR, SPLASH, make_member, make_pilot, make_selected, sign_all
from tests.factories.rounds import make_round

S = PilotState
LEAD, PILOT, FOLLOWER = CityRole.LEAD, CityRole.PILOT, CityRole.FOLLOWER
IRISH = {"fingal": LEAD, "dlr": PILOT}
ESTONIAN = {"tallinn": LEAD, "tartu": PILOT}
REAL = ((SPLASH, Pairing.MANDATORY, True), (IRISH, Pairing.MANDATORY, False), (ESTONIAN, Pairing.MANDATORY, False),
        (ESTONIAN, Pairing.OPTIONAL, True), (IRISH, Pairing.OPTIONAL, False), (IRISH, Pairing.OFF, True))  # fmt: skip


def organisation(w, place: str) -> Organisation:
    return w.session.get_one(Organisation, PLACES[place].id)


def live(w, cities, pairing=Pairing.MANDATORY, **fields) -> Pilot:
    """An imported running pilot: nothing but the rule stands in its way."""
    return make_pilot(w, cities=cities, pairing=pairing, state=S.RUNNING, imported=True, **fields)


# The real cases, four ways


@pytest.mark.parametrize(("cities", "pairing", "holds"), REAL)
def test_real_pairs_by_function(cities, pairing, holds):
    pilot = Pilot(pairing=pairing, home_country="EE", min_cities=2)
    places = [(PLACES[place].country, role, place) for place, role in cities.items()]

    assert (content.paired(pilot, places) is None) == holds


def test_real_pairs_by_act_and_by_sql(world):
    for number, (cities, pairing, holds) in enumerate(REAL):
        with world.acting("system") as w:
            round_ = make_round(w, title=f"Round {number}", rules=Rules(pairing=pairing))
            codes = [ImportedCity(city=organisation(w, place).code, role=role) for place, role in cities.items()]
            given = ImportedPilot(title="Imported", state=S.RUNNING, cities=codes)
            if holds:
                assert actions.import_pilot(w, round_, given).state is S.RUNNING
            else:
                with pytest.raises(Refused) as refused:
                    actions.import_pilot(w, round_, given)
                assert refused.value.problem.code == "pairing"
        with world.acting("system") as w:
            code = make_pilot(
                w, round_=make_round(w, title=f"Again {number}"), cities=cities, pairing=pairing, imported=True
            ).code
        if holds:
            run_sql(world, "UPDATE pilot SET state = 'running' WHERE code = :code", code=code)
        else:
            assert_refused(world, "UPDATE pilot SET state = 'running' WHERE code = :code", code=code)


@pytest.mark.abuse(32)
def test_real_pairs_by_page(world):
    with world.acting("system") as w:
        round_ = make_round(w, rules=Rules(decision_before_agreement=False))
        codes = {}
        for name, cities in (("splash", SPLASH), ("irish", IRISH), ("estonian", ESTONIAN)):
            proposal = make_selected(w, round_, cities=cities)
            pilot = make_pilot(w, round_=round_, proposal=proposal, cities=cities)
            pilot.agreement = "We try it."
            content.keep_agreement(w, pilot)
            sign_all(w, pilot)
            codes[name] = pilot.code

    answers = {name: world.client("jaan").post(f"/pilots/{code}/transitions/agree") for name, code in codes.items()}

    assert answers["splash"].status_code == 303
    assert (answers["irish"].status_code, answers["estonian"].status_code) == (409, 409)
    assert "Add a lead or pilot city of the home country (Estonia)." in answers["irish"].text
    assert "Add a lead or pilot city of a country other than the home country (Estonia)." in answers["estonian"].text


# The database, whoever asks


def run_sql(world, *statements: str, **values) -> None:
    with world.database.engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), values)


def assert_refused(world, *statements: str, phrase: str = "pairing", **values) -> None:
    with pytest.raises(IntegrityError) as refused:
        run_sql(world, *statements, **values)
    problem = problem_of(refused.value)
    assert problem is not None
    assert problem.code == phrase


def test_database_refuses_every_way_of_breaking_the_rule(world):
    with world.acting("system") as w:
        pilot = live(w, PAIR)
        other = make_pilot(w, cities={"tallinn": LEAD}, imported=True)
        names = {"pilot": pilot.id, "other": other.id, "tartu": PLACES["tartu"].id, "fingal": PLACES["fingal"].id}
        names |= {"tallinn": PLACES["tallinn"].id, "narva": PLACES["narva"].id}
    member = "WHERE pilot_id = :pilot AND city_id ="

    assert_refused(world, f"DELETE FROM member_city {member} :fingal", **names)
    assert_refused(world, f"DELETE FROM member_city {member} :tartu", **names)
    assert_refused(world, f"UPDATE member_city SET role = 'follower' {member} :fingal", **names)
    assert_refused(world, f"UPDATE member_city SET city_id = :narva, country = 'EE' {member} :fingal", **names)
    assert_refused(world, f"UPDATE member_city SET pilot_id = :other {member} :fingal", **names)
    assert_refused(world, "UPDATE pilot SET home_country = 'FI' WHERE id = :pilot", **names)
    assert_refused(world, "UPDATE pilot SET min_cities = 3 WHERE id = :pilot", **names)
    assert_refused(world, "UPDATE pilot SET state = 'agreed' WHERE id = :other", **names)
    assert_refused(world, "UPDATE pilot SET state = 'completed' WHERE id = :other", **names)
    assert_refused(world, "UPDATE pilot SET state = 'suspended' WHERE id = :other", **names)  # without a cure date
    run_sql(world, "UPDATE pilot SET pairing = 'optional' WHERE id = :pilot",
            f"DELETE FROM member_city {member} :fingal", **names)  # fmt: skip
    assert_refused(world, "UPDATE pilot SET pairing = 'mandatory' WHERE id = :pilot", **names)
    assert_refused(world, f"DELETE FROM member_city {member} :tartu", **names)
    run_sql(world, "UPDATE pilot SET pairing = 'off' WHERE id = :pilot", f"DELETE FROM member_city {member} :tartu",
            **names)  # fmt: skip


def test_database_lets_suspended_break_the_rule_only_with_a_cure_date(world):
    with world.acting("system") as w:
        pilot = live(w, PAIR)
        names = {"pilot": pilot.id, "fingal": PLACES["fingal"].id, "until": "2027-04-10 09:00:00.000000+00"}
    gone = "DELETE FROM member_city WHERE pilot_id = :pilot AND city_id = :fingal"

    run_sql(world, "UPDATE pilot SET state = 'suspended', cure_until = :until WHERE id = :pilot", gone, **names)
    assert_refused(world, "UPDATE pilot SET cure_until = NULL WHERE id = :pilot", **names)
    assert_refused(world, "UPDATE pilot SET state = 'running', cure_until = NULL WHERE id = :pilot", **names)
    run_sql(world, "UPDATE pilot SET state = 'terminated', cure_until = NULL WHERE id = :pilot", **names)


def test_a_replacement_in_one_transaction_inserts_before_it_deletes(world):
    with world.acting("system") as w:
        pilot = live(w, PAIR)
        names = {"pilot": pilot.id, "fingal": PLACES["fingal"].id, "helsinki": PLACES["helsinki"].id,
                 "at": "2027-01-10 09:00:00.000000+00"}  # fmt: skip
    joins = ("INSERT INTO member_city (pilot_id, city_id, country, role, joined_at, site) "
             "VALUES (:pilot, :helsinki, 'FI', 'pilot', :at, '')")  # fmt: skip

    run_sql(world, joins, "DELETE FROM member_city WHERE pilot_id = :pilot AND city_id = :fingal", **names)

    with world.acting("system") as w:
        cities = w.session.exec(select(MemberCity.city_id).where(MemberCity.pilot_id == names["pilot"])).all()
        assert set(cities) == {PLACES["tartu"].id, PLACES["helsinki"].id}


def test_the_database_agrees_with_the_function_on_every_mandatory_combination(world):
    """Zero to two cities a side in each role; the rule is copied to the pilot, so its round does not matter."""
    sides = [{}, {"x": PILOT}, {"x": LEAD, "y": FOLLOWER}, {"x": PILOT, "y": PILOT}]
    homes = [dict(zip(("tartu", "tallinn"), side.values(), strict=False)) for side in sides]
    aways = [dict(zip(("fingal", "helsinki"), side.values(), strict=False)) for side in sides]
    verdicts = []
    with world.acting("system") as w:
        round_ = make_round(w)
        for home, away, least in itertools.product(homes, aways, (1, 2, 3)):
            pilot = make_pilot(w, round_=round_, cities=home | away, imported=True, min_cities=least)
            verdicts.append((pilot.id, content.paired(pilot, content.counted(content.members(w, pilot))) is None))

    with world.database.engine.connect() as connection:
        for pilot_id, holds in verdicts:
            with connection.begin() as transaction:
                try:
                    connection.execute(text("UPDATE pilot SET state = 'running' WHERE id = :id"), {"id": pilot_id})
                    if not world.database.is_sqlite:
                        connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
                except IntegrityError:
                    assert not holds
                else:
                    assert holds
                transaction.rollback()


@pytest.mark.abuse(33)
def test_country_of_a_city_in_a_pilot_cannot_change(world):
    with world.acting("system") as w:
        live(w, PAIR)

    with pytest.raises(IntegrityError):
        run_sql(world, "UPDATE organisation SET country = 'GB' WHERE id = :id", id=PLACES["fingal"].id)
    with pytest.raises(IntegrityError):  # nor can a member claim another country than its city has
        run_sql(world, "UPDATE member_city SET country = 'GB' WHERE city_id = :id", id=PLACES["fingal"].id)
    run_sql(world, "UPDATE organisation SET country = 'SE' WHERE id = :id", id=PLACES["helsinki"].id)


def test_every_trigger_exists_and_is_needed(world):
    with world.database.engine.connect() as connection:
        found = triggers.existing(connection)

    assert {trigger.name for trigger in PAIRING if getattr(trigger, connection.dialect.name)} <= found


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgres_refuses_repeatable_read_and_truncate(world):
    with world.acting("system") as w:
        live(w, PAIR)
    engine = world.database.engine.execution_options(isolation_level="REPEATABLE READ")

    with pytest.raises(DBAPIError, match="READ COMMITTED"), engine.begin() as connection:
        connection.execute(text("UPDATE member_city SET site = 'x'"))
    with pytest.raises(IntegrityError, match="pairing"):
        run_sql(world, "TRUNCATE member_city CASCADE")


# The rows


def refused_row(world, make) -> None:
    with pytest.raises(IntegrityError), world.acting("system") as w:
        make(w)


def test_constraints_bite(world):
    with world.acting("system") as w:
        round_ = make_round(w)
        pilot = make_pilot(w, round_=round_)
        code, proposal_id = pilot.code, pilot.proposal_id

    def changed(**fields):
        def make(w):
            row = w.session.exec(select(Pilot).where(col(Pilot.code) == code)).one()
            for name, value in fields.items():
                setattr(row, name, value)

        return make

    for fields in (
        {"budget_cents": None}, {"budget_cents": -1}, {"title": ""}, {"min_cities": 0}, {"months": 0},
        {"home_country": "E"}, {"cure_until": world.now}, {"cure_expired_at": world.now}, {"state": S.AGREED},
        {"lead_signed_at": world.now}, {"organisation_id": None}, {"lead_id": None},
        {"agreed_at": world.now, "state": S.RUNNING},
        {"agreed_at": world.now, "started_at": world.now, "state": S.COMPLETED},
        {"starts_on": world.now.date(), "ends_on": world.now.date().replace(year=2026)},
    ):  # fmt: skip
        refused_row(world, changed(**fields))
    refused_row(world, lambda w: make_member(w, w.session.exec(select(Pilot)).one(), "tartu"))
    refused_row(world, lambda w: make_member(w, w.session.exec(select(Pilot)).one(), "narva", signed_at=w.now))
    with world.acting("system") as w:
        assert w.session.exec(select(Pilot)).one().proposal_id == proposal_id


def test_one_live_pilot_per_proposal(world):
    with world.acting("system") as w:
        first = make_pilot(w)
        round_id, proposal_id = first.round_id, first.proposal_id

    values = (
        "code, version, created_at, round_id, round_code, title, full_title, summary, themes, pairing, home_country"
    )
    twin = (f"INSERT INTO pilot ({values}, min_cities, organisation_id, lead_id, budget_cents, agreement, revision,"
            " public_summary, replication_plan, notes, imported, sources, facts, proposal_id, state)"
            f" SELECT :code, {values[6:]}, min_cities, organisation_id, lead_id, budget_cents, agreement, revision,"
            " public_summary, replication_plan, notes, imported, sources, facts, proposal_id, 'preparing' FROM pilot"
            " WHERE round_id = :round LIMIT 1")  # fmt: skip
    assert_refused(world, twin, phrase="already_paired", code="TW1NTW1N", round=round_id)
    run_sql(world, "UPDATE pilot SET state = 'terminated' WHERE proposal_id = :id", id=proposal_id)
    run_sql(world, twin, code="TW1NTW1N", round=round_id)
