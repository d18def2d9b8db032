"""Whether an address has an account (24), sessions that were ended (25), and guessing by the thousand (27)."""

from __future__ import annotations

import re

import pytest

from challenge.people import passwords
from challenge.people.models import Organisation, Person
from challenge.proposals.states import ProposalState
from tests.cast import PEOPLE, PLACES
from tests.factories.people import PASSWORD, cookie_of, letters_to, mailed_token, signed_in
from tests.factories.proposals import proposal_in
from tests.world import Client, World

MARI = "mari@example.org"
CODES = re.compile(
    r"(?:\b|(?<=%2F))[0-9A-HJKMNP-TV-Z]{8}\b|\w+ water \d+|\b[0-9a-f]{64}\b|(?<=\"title\":\")[0-9a-f]{8,40}(?=\")"
)


@pytest.fixture
def with_password(world):
    kept = passwords.hashed(PASSWORD)
    with world.acting() as w:
        w.session.get_one(Person, PEOPLE["mari"].id).password_hash = kept
    return world


def plain(answer, email):
    """An answer without what differs in any case: the address that was typed, the codes and numbers of records."""
    location = answer.headers.get("location", "")
    return answer.status_code, CODES.sub("CODE", location), CODES.sub("CODE", answer.text.replace(email, "ADDRESS"))


def inviting_to_a_seat(world, email):
    with world.acting(writing=False) as w:
        seats = f"/organisations/{w.session.get_one(Organisation, PLACES['tartu'].id).code}"
    client = world.client("mari")
    sent = client.post(f"{seats}/invitations", data={"name": "Some Body", "email": email, "seat": "member"})
    shown = client.get(seats)
    taken_back = client.post(shown.text.split('take-back"')[0].split('action="')[-1] + "take-back")
    return [sent, shown, taken_back]


def inviting_a_co_author(world, email):
    code, client = proposal_in(world, ProposalState.DRAFT), world.client("ravi")
    sent = client.post(f"/proposals/{code}/team", data={"name": "Some Body", "email": email, "role": "researcher"})
    again = client.post(f"/proposals/{code}/team", data={"name": "Some Body", "email": email, "role": "researcher"})
    pages = [
        client.get(path) for path in (f"/proposals/{code}", f"/proposals/{code}/team", f"/api/v1/proposals/{code}")
    ]
    return [sent, again, *pages]


def inviting_a_co_author_in_json(world, email):
    code, client = proposal_in(world, ProposalState.DRAFT), world.client("ravi")
    body = {"name": "Some Body", "email": email, "role": "researcher"}
    return [client.post(f"/api/v1/proposals/{code}/team", json=body) for _turn in range(2)]


def asking_for_a_link(world, email):
    client = world.client()
    return [client.post("/sign-in", data={"email": email}), client.get("/sign-in/sent")]


def asking_for_too_many_links(world, email):
    return [world.client().post("/sign-in", data={"email": email}) for _turn in range(7)]


def a_wrong_password(world, email):
    return [world.client().post("/sign-in/password", data={"email": email, "password": "wrong and wrong again"})]


WAYS = [
    inviting_to_a_seat, inviting_a_co_author, inviting_a_co_author_in_json, asking_for_a_link,
    asking_for_too_many_links, a_wrong_password,
]  # fmt: skip


@pytest.mark.abuse(24)
@pytest.mark.parametrize("way", WAYS, ids=[way.__name__ for way in WAYS])
def test_known_and_unknown_addresses_are_answered_the_same(world, way):
    found = {email: [plain(answer, email) for answer in way(world, email)] for email in
             ("eero@example.org", "xaver@example.org")}  # fmt: skip
    for known, unknown in zip(*found.values(), strict=True):
        assert known == unknown
    assert all("Eskola" not in text for answers in found.values() for _status, _location, text in answers)


def by_signing_out(world, mari):
    mari.post("/sign-out")


def by_a_new_password(world, mari):
    mari.post("/account/password", data={"password": PASSWORD})


def by_ending_all_others(world, mari):
    world.client("mari").post("/account/sessions/end")


def by_the_administrator(world, mari):
    with world.acting(writing=False) as w:
        code = w.session.get_one(Person, PEOPLE["mari"].id).code
    assert world.client("anna").post(f"/people/{code}/disable").status_code == 303


def by_a_new_address(world, mari):
    with world.acting(writing=False) as w:
        code = w.session.get_one(Person, PEOPLE["mari"].id).code
    changed = world.client("anna").post(f"/people/{code}/email", data={"email": "mari@tartu.example.org"})
    assert changed.status_code == 303


def by_signing_in_again(world, mari):
    mari.post("/sign-in", data={"email": MARI})
    mari.post(f"/sign-in/{mailed_token(world, MARI)}")


def by_confirming_anew(world, mari):
    world.move(minutes=20)
    answer = mari.post("/confirm/password", data={"password": PASSWORD, "next": "/home"})
    assert signed_in(world, answer).get("/api/v1/submissions").status_code == 200


ENDINGS = [
    by_signing_out, by_a_new_password, by_ending_all_others, by_the_administrator, by_a_new_address,
    by_signing_in_again, by_confirming_anew,
]  # fmt: skip


@pytest.mark.abuse(25)
@pytest.mark.parametrize("ending", ENDINGS, ids=[ending.__name__ for ending in ENDINGS])
def test_a_stolen_cookie_is_worth_nothing_with_the_next_request(with_password, ending):
    world = with_password
    answer = world.client().post("/sign-in/password", data={"email": MARI, "password": PASSWORD})
    mari, nodes = signed_in(world, answer), (world, World(world.database, world.settings))
    stolen = [Client(node.app, cookie_of(answer)) for node in nodes]
    assert [thief.get("/api/v1/submissions").status_code for thief in stolen] == [200, 200]

    ending(world, mari)

    nodes[1].now = world.now
    assert [thief.get("/api/v1/submissions").status_code for thief in stolen] == [401, 401]
    assert [thief.get("/account").status_code for thief in stolen] == [303, 303]


@pytest.mark.abuse(25)
def test_a_role_that_is_taken_away_is_gone_on_every_node_and_for_every_token(world):
    jaan = world.client("jaan")
    beside = Client(World(world.database, world.settings).app, jaan.token)
    page = jaan.post("/account/tokens", data={"name": "Export", "days": "30"}, follow_redirects=True).text
    bearer = {"authorization": f"Bearer {re.search(r'cc_[A-Za-z0-9_-]{20,}', page).group()}"}
    ways = [(jaan, {}), (beside, {}), (world.client(), bearer)]
    assert [client.get("/people", headers=headers).status_code for client, headers in ways] == [200] * 3
    with world.acting(writing=False) as w:
        code = w.session.get_one(Person, PEOPLE["jaan"].id).code

    assert world.client("anna").post(f"/people/{code}/roles/take", data={"role": "coordinator"}).status_code == 303

    assert [client.get("/people", headers=headers).status_code for client, headers in ways] == [403] * 3


@pytest.mark.abuse(25)
@pytest.mark.parametrize("planted", ["a", "x" * 43, "token-of-nobody"])
def test_a_planted_cookie_is_not_taken_over(world, planted):
    victim = Client(world.app, planted)
    victim.post("/sign-in", data={"email": MARI})
    entered = victim.post(f"/sign-in/{mailed_token(world, MARI)}")
    assert cookie_of(entered) != planted
    assert Client(world.app, planted).get("/api/v1/submissions").status_code == 401
    assert signed_in(world, entered).get("/api/v1/submissions").status_code == 200


@pytest.mark.abuse(27)
def test_the_eleventh_password_waits_on_every_node_whatever_address_it_claims(with_password):
    nodes = [with_password, World(with_password.database, with_password.settings)]

    def guess(number, word="wrong and wrong again"):
        headers = {"x-forwarded-for": f"192.0.2.{number}", "forwarded": f"for=192.0.2.{number}"}
        client = nodes[number % 2].client()
        return client.post("/sign-in/password", data={"email": MARI, "password": word}, headers=headers)

    assert [guess(number).status_code for number in range(10)] == [422] * 10
    for number in (10, 11):
        refused = guess(number, PASSWORD)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "300")
        assert "Too many tries. Wait 5 minutes, or ask for a link by e-mail." in refused.text


@pytest.mark.abuse(27)
def test_who_is_guessed_at_is_not_locked_out(with_password):
    world = with_password
    for _guess in range(11):
        refused = world.client().post("/sign-in/password", data={"email": MARI, "password": "wrong and wrong again"})
    assert refused.status_code == 429
    assert world.client("mari").get("/account").status_code == 200  # where one is signed in one stays so
    mari = Client(world.app, None)
    mari.post("/sign-in", data={"email": MARI})  # and the way by mail is open
    entered = mari.post(f"/sign-in/{mailed_token(world, MARI)}")
    assert signed_in(world, entered).get("/account").status_code == 200


@pytest.mark.abuse(27)
def test_no_mailbox_is_flooded_from_any_number_of_nodes(world):
    nodes = [world, World(world.database, world.settings)]
    for number in range(12):
        nodes[number % 2].client().post("/sign-in", data={"email": MARI.upper() if number % 3 else MARI})
    with world.acting(writing=False) as w:
        assert len(letters_to(w, MARI)) == 5
