"""Names that look like others (31), cities that only seem to be abroad (32), pairs broken after the award (33)."""

from __future__ import annotations

import threading

import pytest
from sqlmodel import func, select

from challenge.people.models import Organisation, Person
from challenge.pilots.models import MemberCity
from challenge.pilots.states import PilotState
from challenge.proposals.states import ProposalState
from challenge.rounds.states import CityRole
from tests.cast import PEOPLE, PLACES
from tests.factories.pilots import PAIR, make_pilot
from tests.factories.proposals import proposal_in
from tests.factories.rounds import make_round
from tests.world import Client, World

NAMES = [
    "T\u0430llinn", "Ταrtu", "Tallinn\u200b", "\u202eullinn", "Tal\u2066linn\u2069", "Tar\u00adtu", "\ufeffTartu",
    "Tartu\u061c",
]  # fmt: skip
FACTS = {"kind": "city", "name": "Elva", "country": "EE", "region": "Tartumaa", "population": "5600"}


def place(world, name):
    with world.acting(writing=False) as w:
        return w.session.get_one(Organisation, PLACES[name].id).code


def forms(world):
    """Every form that takes the name of a person or a place: (who, path, the other answers, whether it is JSON)."""
    with world.acting() as w:
        round_ = make_round(w).code
    proposal = proposal_in(world, ProposalState.DRAFT)
    person, juror = {"email": "uku@example.org"}, {"email": "uku@example.org", "locale": "en", "load_max": 5}
    return [
        ("jaan", "/cities/new", FACTS, False),
        ("jaan", f"/cities/{place(world, 'narva')}/facts", FACTS, False),
        ("jaan", "/organisations/new", {"kind": "ngo", "country": "EE"}, False),
        ("jaan", f"/organisations/{place(world, 'taltech')}/edit", {"kind": "university"}, False),
        ("jaan", "/people/new", person, False),
        ("mari", "/account", {"locale": "en"}, False),
        ("mari", f"/organisations/{place(world, 'tartu')}/invitations", {**person, "seat": "member"}, False),
        ("ravi", f"/proposals/{proposal}/team", {**person, "role": "researcher"}, False),
        ("ravi", f"/api/v1/proposals/{proposal}/team", {"email": "eve@example.org", "role": "researcher"}, True),
        ("jaan", f"/rounds/{round_}/jurors", juror, False),
        ("jaan", f"/api/v1/rounds/{round_}/jurors", {**juror, "email": "eve@example.org"}, True),
    ]


@pytest.mark.abuse(31)
def test_no_name_is_taken_that_is_not_what_it_looks_like(world):
    for number, (who, path, sent, is_json) in enumerate(forms(world)):
        client, honest = world.client(who), "Ülo" + " Õunapuu" * (number + 1)
        answers = {
            name: client.post(path, **{"json" if is_json else "data": {**sent, "name": name}}).status_code
            for name in (*NAMES, honest)
        }
        assert answers == {**dict.fromkeys(NAMES, 422), honest: 201 if is_json else 303}, path


@pytest.mark.abuse(31)
@pytest.mark.parametrize("name", ["TALLINN", "Ｔａｌｌｉｎｎ", " Tallinn ", "ТАLLINN", "Tallinn\u00a0"])
def test_two_cities_that_look_alike_cannot_both_exist(world, name):
    jaan, narva = world.client("jaan"), place(world, "narva")
    for path, sent in (("/cities/new", FACTS), (f"/cities/{narva}/facts", FACTS), ("/organisations/new", {
        "kind": "ngo", "country": "EE"})):  # fmt: skip
        assert jaan.post(path, data={**sent, "name": name}).status_code in {409, 422}
    with world.acting(writing=False) as w:
        assert w.session.exec(select(func.count()).select_from(Organisation)).one() == len(PLACES)


@pytest.mark.abuse(31)
@pytest.mark.parametrize("email", ["m\u0430ri@example.org", "MARI@example.org", "mari@ex\u0430mple.org",
                                   "mari@xn--exmple-4nf.org", "mari\u200b@example.org"])  # fmt: skip
def test_a_look_alike_address_makes_no_second_account(world, email):
    world.client("jaan").post("/people/new", data={"name": "Mari Teine", "email": email})
    with world.acting(writing=False) as w:
        assert w.session.exec(select(func.count()).select_from(Person)).one() == len(PEOPLE)


def country_of(world, name):
    with world.acting(writing=False) as w:
        return w.session.get_one(Organisation, PLACES[name].id).country


@pytest.mark.abuse(32)
@pytest.mark.parametrize("who", ["mari", "peeter"])
def test_a_city_does_not_change_its_own_country(world, who):
    tartu, client = place(world, "tartu"), world.client(who)
    profile = {"offers": "Streets.", "wants": "A harbour."}
    assert client.post(f"/cities/{tartu}/facts", data={**FACTS, "name": "Tartu", "country": "FI"}).status_code == 403
    assert client.post(f"/cities/{tartu}/edit", data={**profile, "country": "FI"}).status_code == 422
    assert client.patch(f"/api/v1/cities/{tartu}", json={**profile, "country": "FI"}).status_code == 422
    assert client.post(f"/organisations/{tartu}/edit", data={"name": "Tartu", "country": "FI"}).status_code == 403
    assert country_of(world, "tartu") == "EE"
    assert client.post(f"/cities/{tartu}/edit", data=profile).status_code == 303  # the rest is theirs to say


@pytest.mark.abuse(32)
def test_one_municipality_is_not_both_cities_of_a_pair(world):
    proposal, ravi, tartu = proposal_in(world, ProposalState.DRAFT), world.client("ravi"), place(world, "tartu")
    for path in (f"/proposals/{proposal}/cities", f"/api/v1/proposals/{proposal}/cities"):
        kind = "json" if "/api/" in path else "data"
        answers = [ravi.post(path, **{kind: {"city": tartu, "role": role}}).status_code for role in ("lead", "pilot")]
        assert answers[1] in {409, 422}


@pytest.mark.abuse(33)
@pytest.mark.parametrize("who", ["jaan", "anna"])
def test_the_country_of_a_city_in_a_live_pilot_stays(world, who):
    with world.acting() as w:
        make_pilot(w, state=PilotState.RUNNING, cities=PAIR)
    client, names = world.client(who), {"fingal": "IE", "tartu": "EE"}
    for name, country in names.items():
        facts = {**FACTS, "kind": str(PLACES[name].kind), "name": PLACES[name].name, "country": "SE"}
        refused = client.post(f"/cities/{place(world, name)}/facts", data=facts)
        assert (refused.status_code, country_of(world, name)) == (409, country)
        assert "pilot" in refused.text
    free = {**FACTS, "name": "Helsinki", "country": "SE"}
    assert client.post(f"/cities/{place(world, 'helsinki')}/facts", data=free).status_code == 303


CITIES = {"tartu": CityRole.LEAD, "tallinn": CityRole.PILOT, "fingal": CityRole.PILOT, "dlr": CityRole.PILOT}


@pytest.mark.abuse(33)
def test_two_coordinators_on_two_nodes_do_not_remove_both_cities_abroad(world):
    nodes = {"jaan": world, "kadri": World(world.database, world.settings)}
    clients = {name: Client(node.app, world.client(name).token) for name, node in nodes.items()}
    with world.acting() as w:
        pilots = [make_pilot(w, state=PilotState.RUNNING, cities=CITIES, imported=True).code for _turn in range(8)]
    goes = {"jaan": place(world, "fingal"), "kadri": place(world, "dlr")}
    assert [each.get(f"/pilots/{pilots[0]}/members").status_code for each in clients.values()] == [200, 200]  # awake
    barrier, answers = threading.Barrier(2, timeout=30), []

    def remove(name):
        for code in pilots:
            barrier.wait()
            answers.append(clients[name].post(f"/pilots/{code}/members/{goes[name]}/remove").status_code)

    threads = [threading.Thread(target=remove, args=(name,)) for name in nodes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == [303] * len(pilots) + [409] * len(pilots)
    with world.acting(writing=False) as w:
        left = select(func.count()).select_from(MemberCity).where(MemberCity.country == "IE")
        assert w.session.exec(left).one() == len(pilots)
