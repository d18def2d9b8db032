from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher

from challenge.kernel.errors import Busy, TooMany
from challenge.kernel.place import place_of
from challenge.kernel.work import open_work
from challenge.people import actions, passwords
from challenge.people.models import Person
from tests.cast import PEOPLE
from tests.factories.people import PASSWORD, another_browser, cookie_of, signed_in

MARI = "mari@example.org"
WRONG = "The address or the password is not right."


@pytest.fixture
def with_password(world):
    kept = passwords.hashed(PASSWORD)
    with world.acting() as w:
        w.session.get_one(Person, PEOPLE["mari"].id).password_hash = kept
    return world


def enter(world, email=MARI, password=PASSWORD, **headers):
    return world.client().post("/sign-in/password", data={"email": email, "password": password}, headers=headers)


def test_password_signs_in(with_password):
    answer = enter(with_password)

    assert (answer.status_code, answer.headers["location"]) == (303, "/home")
    assert signed_in(with_password, answer).get("/account").status_code == 200


@pytest.mark.abuse(24)
def test_wrong_unknown_unset_and_disabled_are_answered_the_same(with_password):
    wrong = enter(with_password, password="not the right one")
    unset = enter(with_password, "sofia@example.org")
    unknown = enter(with_password, "stranger@example.org")
    with with_password.acting("anna") as w:
        actions.disable(w, w.session.get_one(Person, PEOPLE["mari"].id))
    disabled = enter(with_password)

    answers = {
        (a.status_code, a.text.replace(e, "")) for a, e in (
            (wrong, MARI), (unset, "sofia@example.org"), (unknown, "stranger@example.org"), (disabled, MARI))
    }  # fmt: skip
    assert len(answers) == 1
    assert WRONG in wrong.text
    assert wrong.status_code == 422
    assert PASSWORD not in wrong.text


@pytest.mark.abuse(24)
def test_where_there_is_no_password_as_much_is_computed(monkeypatch):
    asked = []
    real = passwords._hasher
    monkeypatch.setattr(
        passwords, "_hasher", type("Counted", (), {"verify": lambda _self, *a: asked.append(1) or real.verify(*a)})()
    )

    assert not passwords.matches(None, "anything at all")
    assert not passwords.matches(None, "nobody has this password")
    assert len(asked) == 2


def test_composed_and_decomposed_letters_are_one_password():
    kept = passwords.hashed("jõgi voolab läbi linna")

    assert passwords.matches(kept, "jo\u0303gi voolab la\u0308bi linna")


def test_hash_is_argon2id_of_the_promised_cost():
    assert passwords.hashed(PASSWORD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    "weak",
    [
        "short but sweet", "passwordpassword", "P4ssw0rd!P4ssw0rd!", "qwertyuiop1234567890", "aaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc", "Mari Maasikas 2027", "mari@example.org 1", "correct horse battery staple", "x" * 129,
        "tallinn-tartu-suvi-2027", "1234567890123456",
    ],
)  # fmt: skip
def test_easy_passwords_are_refused(weak):
    weak = weak if weak != "short but sweet" else weak[:14]

    assert passwords.weakness(weak, ["Mari Maasikas", MARI]) is not None


@pytest.mark.parametrize(
    "good",
    [
        PASSWORD,
        "x9Kq2mW7vR4tB8zL",
        "vana vesi jookseb tammist",
        "%$#^&*!@+=<>?~|)(",
        "日本語のとても長い合言葉です本当に",
    ],
)
def test_good_passwords_are_taken(good):
    assert passwords.weakness(good, ["Mari Maasikas", MARI]) is None


@pytest.mark.abuse(27)
def test_eleventh_try_in_five_minutes_waits(with_password):
    for _ in range(10):
        assert enter(with_password, password="wrong and wrong again").status_code == 422

    refused = enter(with_password)

    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) == 300
    assert "Too many tries. Wait 5 minutes" in refused.text
    with_password.move(minutes=5, seconds=1)
    assert enter(with_password).status_code == 303


@pytest.mark.abuse(27)
def test_limit_of_an_account_holds_from_every_place(with_password):
    for number in range(10):
        with with_password.acting() as w:
            actions.candidate(w, MARI, f"192.0.2.{number}")

    with with_password.acting() as w, pytest.raises(TooMany):
        actions.candidate(w, MARI, "198.51.100.7")


@pytest.mark.abuse(27)
def test_limit_of_a_place_holds_for_every_account_but_not_for_other_places(with_password):
    for number in range(10):
        with with_password.acting() as w:
            actions.candidate(w, f"stranger{number}@example.org", "2001:db8:1:2::5")

    with with_password.acting() as w, pytest.raises(TooMany):
        actions.candidate(w, MARI, "2001:db8:1:2:ffff::9")
    with with_password.acting() as w:
        assert actions.candidate(w, MARI, "2001:db8:1:3::5").kept is not None


@pytest.mark.abuse(27)
def test_forwarded_for_is_not_believed(with_password):
    for number in range(10):
        enter(with_password, f"stranger{number}@example.org", **{"x-forwarded-for": f"192.0.2.{number}"})

    assert enter(with_password, "another@example.org", **{"x-forwarded-for": "198.51.100.7"}).status_code == 429


@pytest.mark.abuse(27)
def test_tries_at_once_do_not_slip_past_the_limit(with_password):
    def one_try(_number):
        try:
            with open_work(with_password.database, with_password.now) as w:
                actions.candidate(w, MARI, "192.0.2.1")
        except TooMany:
            return "refused"
        except Busy:
            return "busy"
        return "counted"

    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(one_try, range(40)))

    assert results.count("counted") <= 10
    if not with_password.database.is_sqlite:
        assert results.count("counted") == 10


@pytest.mark.parametrize(
    ("ip", "place"),
    [("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("2001:db8::1", "2001:db8::/64"), ("unix", "unix")],
)
def test_place_is_an_address_or_a_network(ip, place):
    assert place_of(ip) == place


@pytest.mark.abuse(25)
def test_fresh_sign_in_sets_a_password_and_ends_every_other_session(world):
    here, elsewhere = world.client("mari"), another_browser(world)

    answer = here.post("/account/password", data={"password": PASSWORD})

    assert answer.status_code == 303
    assert signed_in(world, answer).get("/account").status_code == 200
    assert here.get("/account").status_code == 303  # the old token of this browser is worth nothing either
    assert elsewhere.get("/account").status_code == 303
    assert enter(world).status_code == 303


def test_stale_sign_in_is_asked_for_the_current_password(with_password):
    client = with_password.client("mari")
    with_password.move(minutes=16)
    new = "vana vesi jookseb tammist"

    missing = client.post("/account/password", data={"password": new})
    wrong = client.post("/account/password", data={"password": new, "current": "no idea what it was"})
    right = client.post("/account/password", data={"password": new, "current": PASSWORD})

    assert (missing.status_code, wrong.status_code, right.status_code) == (422, 422, 303)
    assert "This is not your current password." in wrong.text
    assert enter(with_password, password=new).status_code == 303
    assert enter(with_password).status_code == 422


def test_stale_sign_in_without_a_password_must_sign_in_again(world):
    client = world.client("mari")
    world.move(minutes=16)

    page = client.get("/account/password")
    answer = client.post("/account/password", data={"password": PASSWORD, "current": "anything that is long"})

    assert "/confirm?next=%2Faccount%2Fpassword" in page.text
    assert answer.status_code == 403


def test_guesses_of_the_current_password_are_limited(with_password):
    client = with_password.client("mari")
    with_password.move(minutes=16)
    guess = {"password": "vana vesi jookseb tammist", "current": "not this one either"}

    answers = [client.post("/account/password", data=guess).status_code for _ in range(11)]

    assert answers == [422] * 10 + [429]


def test_weak_password_is_refused_with_the_reason_at_the_field(world):
    answer = world.client("mari").post("/account/password", data={"password": "Mari Maasikas Mari"})

    assert answer.status_code == 422
    assert "easy to guess" in answer.text


def test_a_hash_of_a_lower_cost_is_renewed_when_the_password_is_shown(with_password):
    def kept():
        with with_password.acting(writing=False) as w:
            return w.session.get_one(Person, PEOPLE["mari"].id).password_hash

    assert enter(with_password).status_code == 303
    before, cheap = kept(), PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    with with_password.acting() as w:
        w.session.get_one(Person, PEOPLE["mari"].id).password_hash = cheap
    assert enter(with_password, password="not the right one").status_code == 422
    assert kept() == cheap

    assert enter(with_password).status_code == 303

    assert kept().startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert kept() not in {before, cheap}
    renewed = kept()
    assert enter(with_password).status_code == 303
    assert kept() == renewed


def test_password_changed_meanwhile_does_not_sign_in(with_password):
    with with_password.acting("nobody") as w:
        found = actions.candidate(w, MARI)
    kept = passwords.hashed("vana vesi jookseb tammist")
    with with_password.acting() as w:
        w.session.get_one(Person, PEOPLE["mari"].id).password_hash = kept

    with with_password.acting("nobody") as w:
        assert actions.enter(w, found) is None


@pytest.mark.abuse(25)
def test_signing_in_gives_a_new_session_each_time(with_password):
    first, second = enter(with_password), enter(with_password)

    assert cookie_of(first) != cookie_of(second)
